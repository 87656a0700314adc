"""Every code block of the documentation and of both readmes is run."""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import SHARED
from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

import brandpunt as bp

PYTHON = Path(__file__).parents[1]
ROOT = PYTHON.parent
DUTCH = SHARED / "data/nl"
PAGES = [ROOT / "README.md", PYTHON / "PYTHON.md", *sorted((PYTHON / "docs").rglob("*.md"))]

# Rust blocks are doctests of the crate; the braces are directives of the site, and text is no code.
RUN_ELSEWHERE = re.compile(r"rust(,no_run)?|\{[a-z-]+\}|text")


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A folder with the files that the pages speak of."""
    folder = tmp_path_factory.mktemp("town")
    city = bp.synthetic_city(20_000, seed=34, n_neighbourhoods=120)
    reports = city.incidents.to_geopandas()
    table = reports.assign(x=reports.geometry.x, y=reports.geometry.y)
    table["source"] = ["police", "online"] * (len(table) // 2) + ["online"] * (len(table) % 2)
    table.iloc[:8][["id", "x", "y"]].to_csv(folder / "schools.csv", index=False)
    table.drop(columns="geometry").to_csv(folder / "reports.csv", index=False)
    reports.to_file(folder / "reports.gpkg")
    areas = city.neighbourhoods.to_geopandas()
    areas.to_file(folder / "areas.gpkg")
    areas.assign(aantal_inwoners=areas["inhabitants_2024"]).to_file(folder / "buurten.gpkg")
    if DUTCH.is_dir():
        for file in DUTCH.iterdir():
            shutil.copy(file, folder)
    return folder


LEFT_OUT: list[str] = []


def is_dutch(file):
    """Whether this is one of the real files beside the repository."""
    return file.startswith(("almere_", "breda_", "nl_"))


def run_shell(example):
    """Runs what this package installs; of the rest, looks whether it is there."""
    for line in example.parsed.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        match words:
            case []:
                continue
            case ["brandpunt", _, file, *_] if is_dutch(file) and not DUTCH.is_dir():
                LEFT_OUT.append(line)
            case ["brandpunt", *arguments]:
                command = [Path(sys.executable).with_name("brandpunt"), *arguments]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                assert done.returncode == 0, f"{line}\n{done.stderr}"
            case ["make", target]:
                makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
                assert re.search(rf"^{target}:", makefile, re.MULTILINE), line
            case ["pip", "install", wanted]:
                project = (PYTHON / "pyproject.toml").read_text(encoding="utf-8")
                name, _, extras = wanted.rstrip("]").partition("[")
                assert name == "brandpunt"
                assert all(f"\n{extra} = [" in project for extra in extras.split(",") if extra)
            case _:
                pytest.fail(f"nothing here can run {line!r}")


SYBIL = Sybil(
    parsers=[
        PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE),
        CodeBlockParser("sh", run_shell),
    ],
    path=str(ROOT),
)


def named(page):
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_block_of_a_page_does_what_it_says(page, town, tmp_path, monkeypatch):
    # What one page writes, another does not find.
    monkeypatch.chdir(shutil.copytree(town, tmp_path / "town"))
    LEFT_OUT.clear()
    for example in SYBIL.parse(page).examples():
        example.evaluate()
    if LEFT_OUT:
        pytest.skip(f"../shared is not here; not run: {'; '.join(LEFT_OUT)}")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_block_is_left_out(page):
    text = page.read_text(encoding="utf-8")
    marks = re.findall(r"^ *(?:```|:::+)([^\s`:]*)", text, re.MULTILINE)
    assert len(marks) % 2 == 0, "every block that begins ends"
    for language in filter(None, marks):
        assert language in ("python", "sh") or RUN_ELSEWHERE.fullmatch(language), language


def test_every_public_name_is_in_the_reference():
    text = "".join(p.read_text(encoding="utf-8") for p in (PYTHON / "docs/reference").glob("*.md"))
    there = re.findall(r"^\.\. auto\w+:: (\w+)$", text, re.MULTILINE)
    assert len(there) == len(set(there))
    assert set(there) == set(bp.__all__) - {"DEBUG_BUILD", "__version__"}
