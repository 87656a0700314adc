"""The notebook runs, and prints what is stored in it."""

from __future__ import annotations

from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"


def printed(notebook):
    """What each cell printed; tables and pictures depend on the packages that draw them."""
    return [
        "".join(out.text for out in cell.outputs if out.output_type == "stream")
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.ipynb")), ids=lambda path: path.stem)
@pytest.mark.filterwarnings("default")
def test_a_notebook_prints_what_is_stored_in_it(path, monkeypatch):
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    # Of a build for development, which says that it is slow.
    monkeypatch.setenv("PYTHONWARNINGS", "ignore::RuntimeWarning")
    notebook = nbformat.read(path, as_version=4)
    stored = printed(notebook)
    assert any(stored)
    nbclient.NotebookClient(notebook, timeout=100, kernel_name="python3").execute()
    assert printed(notebook) == stored
    assert path.stat().st_size < 500_000
