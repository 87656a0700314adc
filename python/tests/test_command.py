"""The command of the wheel is the command of the binary."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest

import brandpunt as bp

COMMAND = Path(sys.executable).with_name("brandpunt")

pytestmark = pytest.mark.skipif(
    not COMMAND.exists(), reason="the package is not installed with its command"
)


def run(*arguments):
    return subprocess.run(
        [COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=100
    )


def test_from_a_synthetic_city_to_a_report(tmp_path):
    made = run("synthesise", 4000, "--out", tmp_path / "city")
    assert made.returncode == 0, made.stderr
    files = {path.suffix: path for path in (tmp_path / "city").iterdir()}
    incidents, areas = files[".csv"], files[".geojson"]
    done = run(
        "hotspots", incidents, areas, "--theme", "youth_nuisance", "--baseline", 2017,
        "--out", tmp_path / "out", "--disclosure", "internal",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "report.html").stat().st_size > 10_000
    table = gpd.read_file(tmp_path / "out" / "neighbourhoods.geojson")
    hoods = bp.read_neighbourhoods(areas).to_crs(28992)
    result = bp.hotspots(
        bp.read_incidents(incidents),
        hoods,
        theme="youth_nuisance",
        baseline=2017,
    )
    assert table["code"].tolist() == result.neighbourhoods["code"].tolist()
    assert table["count"].tolist() == result.neighbourhoods["count"].tolist()
    assert table["hotspot_class"].tolist() == result.neighbourhoods["hotspot_class"].tolist()


def test_exit_status(tmp_path):
    assert run("--version").stdout.strip() == f"brandpunt {bp.__version__}"
    assert run("hotspots").returncode == 2
    missing = run("check", tmp_path / "nothing.csv")
    assert missing.returncode != 0
    assert "nothing.csv" in missing.stderr + missing.stdout
