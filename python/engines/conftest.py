"""Incidents and areas for engines, and what one process makes of them.

These tests run in an environment of their own (``make test-engines``); elsewhere they are skipped.
"""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

import brandpunt as bp

ROWS = int(os.environ.get("BRANDPUNT_ENGINE_ROWS", "5000000"))


class Reports:
    """A file of reports with its areas, and the truth about them.

    Attributes
    ----------
    path : Path
        A Parquet file with columns ``x``, ``y``, ``t`` and ``soort``.
    areas : Neighbourhoods
        Where.
    incidents : Incidents
        The reports that are not rejected.
    rejected : dict
        How many rows are, by reason.
    """

    def __init__(self, folder, incidents, areas):
        self.areas = areas
        self.incidents = incidents
        x, y = incidents.x, incidents.y
        none, far = np.full(70, np.nan), np.full(30, 9e8)
        self.rejected = {"non_finite_coordinate": 70, "outside_crs_bounds": 30}
        columns = {
            "x": np.r_[none, x, far],
            "y": np.r_[none, y, far],
            "t": np.r_[incidents.time[:70], incidents.time, incidents.time[:30]],
        }
        kinds = pa.array(["?"] * 70 + incidents.category.tolist() + ["?"] * 30)
        self.table = pa.table(columns | {"soort": kinds})
        # Spark knows no times of whole seconds.
        instants = self.table["t"].cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))
        self.table = self.table.set_column(2, "t", instants)
        self.path = folder / "reports.parquet"
        pq.write_table(self.table, self.path, row_group_size=200_000)

    def months(self):
        return bp.count(self.incidents, self.areas, step="month")

    def classes(self, theme):
        found = bp.hotspots(self.incidents, self.areas, theme=theme, cell_size=500)
        return found.neighbourhoods[["code", "count", "rate", "gi_z", "gi_q", "hotspot_class"]]


@pytest.fixture(scope="session")
def reports(tmp_path_factory):
    city = bp.synthetic_city(ROWS, seed=21, n_neighbourhoods=400)
    return Reports(tmp_path_factory.mktemp("reports"), city.incidents, city.neighbourhoods)


@pytest.fixture(scope="session")
def few(tmp_path_factory):
    city = bp.synthetic_city(40_000, seed=22, n_neighbourhoods=60)
    return Reports(tmp_path_factory.mktemp("few"), city.incidents, city.neighbourhoods)


class Chicago:
    """The aggravated assaults of Chicago, 2010 to 2019, in tiles of two kilometres."""

    def __init__(self, path):
        self.path = path
        table = pq.read_table(path, columns=["x", "y", "time"])
        x, y = table["x"].to_numpy(), table["y"].to_numpy()
        self.incidents = bp.Incidents.from_xy(
            x, y, crs="EPSG:32616", time=table["time"].to_numpy().astype("M8[s]")
        )
        west, south = (np.floor(np.nanmin(v) / 2_000) * 2_000 for v in (x, y))
        shape = [int((np.nanmax(v) - low) // 2_000 + 1) for v, low in ((x, west), (y, south))]
        tiles = [
            shapely.box(a, b, a + 2_000, b + 2_000)
            for a in west + 2_000 * np.arange(shape[0])
            for b in south + 2_000 * np.arange(shape[1])
        ]
        frame = gpd.GeoDataFrame(
            {"code": [f"T{i:04}" for i in range(len(tiles))], "people": 1_000.0},
            geometry=tiles,
            crs="EPSG:32616",
        )
        self.areas = bp.Neighbourhoods.from_geopandas(frame, code="code", population="people")


BANDS = {"distances": [0, 50, 150, np.inf], "days": [0, 8, 15, np.inf]}
"""Bands of distance and time for close pairs."""


@pytest.fixture(scope="session")
def chicago():
    folder = Path(__file__).parents[3] / "shared" / "data" / "points"
    path = folder / "chicago_aggravated_assaults_2010_2019.parquet"
    if not path.is_file():
        pytest.skip("the assaults of Chicago in ../shared are not here")
    return Chicago(path)
