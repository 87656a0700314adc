"""Write the licences of the crates that are compiled into the wheel.

``python third_party.py OUT`` asks cargo which crates the extension links, on any platform, and
gathers the licence texts that their packages carry. A crate whose package carries none gets the
standard text of the licence it names, with its authors. Equal texts are given once, with the crates
they belong to. Runs in `make package`, before the distributions are made.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
#: How the files begin that say under which licence a crate is.
BEGINNINGS = ("licen", "copying", "unlicen", "notice", "copyright", "authors")
#: Licences whose text we carry for ourselves, in order of preference.
STANDARD = {"MIT": "LICENSE-MIT", "Apache-2.0": "LICENSE-APACHE"}


def linked(metadata: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the packages that end up in the extension, without those that only build it."""
    package = {p["id"]: p for p in metadata["packages"]}
    node = {n["id"]: n for n in metadata["resolve"]["nodes"]}
    (start,) = (p for p in package if package[p]["name"] == "brandpunt-python")
    seen, left = {start}, [start]
    while left:
        for dependency in node[left.pop()]["deps"]:
            kinds = {kind["kind"] for kind in dependency["dep_kinds"]}
            crate = dependency["pkg"]
            macro = any("proc-macro" in t["kind"] for t in package[crate]["targets"])
            if None in kinds and not macro and crate not in seen:
                seen.add(crate)
                left.append(crate)
    # Packages from a path are ours.
    others = [package[crate] for crate in seen if package[crate]["source"] is not None]
    return sorted(others, key=lambda p: (p["name"], p["version"]))


def texts(package: dict[str, Any]) -> list[str]:
    """Give the licence texts in the folder of a package."""
    folder = Path(package["manifest_path"]).parent
    named = {folder / package["license_file"]} if package["license_file"] else set()
    told = {p for p in folder.iterdir() if p.is_file() and p.name.lower().startswith(BEGINNINGS)}
    files = sorted(p for p in named | told if p.exists())
    return [p.read_text(encoding="utf-8", errors="replace").strip() for p in files]


def standard(package: dict[str, Any]) -> str:
    """Give the text of the licence that a package names and does not carry."""
    # The choices; a crate under several licences at once is none of them.
    choices = re.split(r" OR |/", package["license"] or "")
    named = next((name for name in STANDARD if name in choices), None)
    if named is None:
        message = f"{package['name']} names {package['license']} and carries no text; carry it here"
        raise SystemExit(message)
    text = (FOLDER / "licenses" / STANDARD[named]).read_text(encoding="utf-8").strip()
    owners = ", ".join(package["authors"]) or f"The authors of {package['name']}"
    # The licence of Apache has no owner in its text, but for the example in its appendix.
    return re.sub(r"(?m)^Copyright \(c\) .*$", f"Copyright (c) {owners}", text)


def written(packages: list[dict[str, Any]]) -> str:
    """Give the list of the crates and each text with the crates it belongs to."""
    owners: dict[str, tuple[str, list[str]]] = {}
    lines = ["The extension of this package is compiled from these crates.", ""]
    for package in packages:
        name = f"{package['name']} {package['version']}"
        found = texts(package)
        licence = package["license"] or "see its text"
        address = f" ({package['repository']})" if package["repository"] else ""
        lines.append(f"{name}: {licence}{address}")
        for text in found or [standard(package)]:
            # Line ends and indents differ between copies of one text.
            owners.setdefault(" ".join(text.split()), (text, []))[1].append(name)
    for text, names in owners.values():
        lines += ["", "-" * 80, ", ".join(names), "-" * 80, "", text]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Ask cargo, and write the file."""
    asked = ["cargo", "metadata", "--format-version", "1", "--locked"]
    metadata = subprocess.run(asked, cwd=FOLDER, check=True, capture_output=True)
    Path(sys.argv[1]).write_text(written(linked(json.loads(metadata.stdout))), encoding="utf-8")


if __name__ == "__main__":
    main()
