"""What is in the wheel and the source distribution; after ``make package`` has made them."""

from __future__ import annotations

import email
import json
import os
import re
import tarfile
import zipfile
from pathlib import Path

import pytest

import brandpunt as bp

ROOT = Path(__file__).parents[2]
MADE = os.environ.get("BRANDPUNT_PACKAGES")

pytestmark = pytest.mark.skipif(
    MADE is None, reason="`make package` makes the distributions and looks into them"
)


@pytest.fixture(scope="module")
def wheel():
    (path,) = Path(MADE).glob("*.whl")
    with zipfile.ZipFile(path) as file:
        yield path, file


@pytest.fixture(scope="module")
def sdist():
    (path,) = Path(MADE).glob("*.tar.gz")
    with tarfile.open(path) as file:
        yield {name.partition("/")[2]: file.extractfile(name) for name in file.getnames()}


def test_one_wheel_serves_every_python_from_3_11_on(wheel):
    path, file = wheel
    assert path.name.startswith(f"brandpunt-{bp.__version__}-cp311-abi3-")
    native = [n for n in file.namelist() if n.endswith((".so", ".pyd"))]
    assert len(native) == 1
    assert "abi3" in native[0]


def test_the_wheel_tells_what_it_is_and_under_which_licences(wheel):
    _, file = wheel
    info = f"brandpunt-{bp.__version__}.dist-info"
    told = email.message_from_bytes(file.read(f"{info}/METADATA"))
    assert told["Version"] == bp.__version__
    assert told["License-Expression"] == "MIT OR Apache-2.0"
    assert told["Requires-Python"] == ">=3.11"
    readme = (ROOT / "python/PYTHON.md").read_text(encoding="utf-8")
    assert told.get_payload(decode=True).decode().strip() == readme.strip()
    needed = [need for need in told.get_all("Requires-Dist") if "extra ==" not in need]
    assert needed == ["numpy>=1.26"]
    for licence in ("LICENSE-MIT", "LICENSE-APACHE"):
        (there,) = (n for n in file.namelist() if n.endswith(licence))
        assert there.startswith(info)
        assert file.read(there) == (ROOT / licence).read_bytes()


def test_the_wheel_carries_the_licences_of_what_is_compiled_in(wheel, sdist):
    _, file = wheel
    (there,) = (n for n in file.namelist() if n.endswith("licenses/THIRD-PARTY.txt"))
    assert there.startswith(f"brandpunt-{bp.__version__}.dist-info")
    told = file.read(there).decode()
    (source,) = (n for n in sdist if n.endswith("licenses/THIRD-PARTY.txt"))
    assert sdist[source].read().decode() == told
    for text in ("Permission is hereby granted", "Apache License", "Redistribution and use"):
        assert text in told
    head = told.partition("-" * 80)[0]
    named = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    assert all(named.values())
    # Below, every text stands under the crates it belongs to.
    rule = re.compile(rf"^{'-' * 80}$", re.M)
    blocks = rule.split(told)[1:]
    owned: dict[str, list[str]] = {}
    for names, text in zip(blocks[::2], blocks[1::2], strict=True):
        for name in names.strip().split(", "):
            owned.setdefault(name, []).append(text)
    assert owned.keys() == named.keys()
    grants = ("Permission is", "Redistribution and use", "Apache", "public domain", "freely")
    for name, texts in owned.items():
        assert max(map(len, texts)) > 200, name
        assert any(grant in text for text in texts for grant in grants), name
    # The bill of materials that maturin puts into the wheel also names what only builds it.
    (bill,) = (n for n in file.namelist() if n.endswith(".cyclonedx.json"))
    parts = json.loads(file.read(bill))["components"]
    all_parts = {f"{part['name']} {part['version']}" for part in parts}
    everywhere = {name for name in named if name in all_parts}
    assert len(everywhere) > 60
    for crate in ("geo", "jiff", "pyo3", "rayon", "rusqlite", "serde_json"):
        assert any(name.startswith(f"{crate} ") for name in everywhere), crate


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    _, file = wheel
    source = ROOT / "python/brandpunt"
    expected = {
        f"brandpunt/{p.relative_to(source).as_posix()}"
        for p in source.rglob("*")
        if p.suffix in (".py", ".pyi") or p.name == "py.typed"
    }
    held = {n for n in file.namelist() if not n.startswith("brandpunt-")}
    native = {n for n in held if n.endswith((".so", ".pyd"))}
    assert held - native == expected


def test_the_source_distribution_can_be_built_and_read(sdist):
    for name in ("PKG-INFO", "pyproject.toml", "Cargo.lock", "python/Cargo.toml"):
        assert name in sdist, name
    for licence in ("LICENSE-MIT", "LICENSE-APACHE"):
        assert any(name.endswith(licence) for name in sdist)
    for part in ("/golden/", "/snapshots/", "python/tests/", "python/docs/", "__pycache__"):
        assert not [name for name in sdist if part in name], part
    assert not [name for name in sdist if name.endswith((".so", ".ipynb"))]
