"""What the readme says is done as it stands, on files of the kinds it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from brandpunt import testing

README = (Path(__file__).parents[1] / "PYTHON.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)


@pytest.fixture
def files(tmp_path, monkeypatch):
    reports, areas = testing.frames(3000, n_neighbourhoods=60)
    areas = areas[["code", "name", "population", "geometry"]]
    reports.to_file(tmp_path / "reports.gpkg")
    areas.to_file(tmp_path / "areas.gpkg")
    areas.rename(columns={"population": "aantal_inwoners"}).to_file(tmp_path / "buurten.gpkg")
    testing.city(3000, n_neighbourhoods=60).incidents.to_pandas().to_csv(
        tmp_path / "reports.csv", index=False
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_two_files_become_a_report(files):
    exec(BLOCKS[0], {})
    assert "<svg" in (files / "report.html").read_text("utf-8")


def test_two_frames_become_a_map_in_five_lines(files):
    assert len(BLOCKS[1].split("\n\n")[1].splitlines()) + 2 == 5
    exec(BLOCKS[1], {})
    page = (files / "map.html").read_text("utf-8")
    assert '"hotspot_class"' in page
    assert len(re.findall('"type": "Feature"', page)) == 60
    assert len(BLOCKS) == 2
