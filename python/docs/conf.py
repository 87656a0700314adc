"""How the documentation site is built: ``make docs``."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

import brandpunt

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HERE = Path(__file__).parent

project = "brandpunt"
author = "The brandpunt developers"
copyright = author  # noqa: A001 - the name Sphinx reads
version = release = brandpunt.__version__
language = "en"

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "myst_nb",
]
exclude_patterns = ["_build"]
# Names of arguments stand between single backticks too, and attributes of several classes are so called.
suppress_warnings = ["ref.python"]

# Single backticks in docstrings name things of this package.
default_role = "py:obj"
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False

# Notebooks are run by the tests and shown as they are stored.
nb_execution_mode = "off"
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

html_theme = "furo"
html_title = f"brandpunt {release}"
html_show_sphinx = False
html_static_path = ["_static"]
html_css_files = ["site.css"]


def _bring_notebooks(app: Sphinx) -> None:
    """Sphinx reads below its own folder only; the notebooks live where people look for them."""
    stories = Path(app.srcdir) / "stories"
    for notebook in sorted((HERE.parent / "examples").glob("*.ipynb")):
        shutil.copyfile(notebook, stories / notebook.name)


def _end_blocks(_: Sphinx, page: nodes.document) -> None:
    """Blocks that the tests run end in an empty line, which a reader has no use for."""
    for block in page.findall(nodes.literal_block):
        text = block.astext().rstrip()
        # The two are compared to tell whether a block is highlighted.
        block.rawsource, block.children = text, [nodes.Text(text)]


def setup(app: Sphinx) -> None:
    """Connect what this file adds."""
    app.connect("builder-inited", _bring_notebooks)
    app.connect("doctree-read", _end_blocks)
