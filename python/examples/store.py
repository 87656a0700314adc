"""Runs the notebooks of this folder and stores what they print and draw: ``make stories``."""

from __future__ import annotations

from pathlib import Path

import nbclient
import nbformat

for path in sorted(Path(__file__).parent.glob("*.ipynb")):
    notebook = nbformat.read(path, as_version=4)
    # Without times of execution, which would make every run a change.
    nbclient.NotebookClient(notebook, timeout=600, record_timing=False).execute()
    nbformat.write(notebook, path)
