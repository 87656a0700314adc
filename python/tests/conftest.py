"""Data that several tests share."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

import brandpunt as bp

SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture
def shared():
    """The folder of real data beside the repository, where it is."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with real data is not here")
    return SHARED


@pytest.fixture
def rng():
    return np.random.default_rng(20170101)


@pytest.fixture
def tiles():
    """Twelve square kilometres of RD New, the last with a hole and an island, with an odd index."""
    shapes = [
        shapely.box(140_000 + 1000 * i, 480_000 + 1000 * j, 141_000 + 1000 * i, 481_000 + 1000 * j)
        for j in range(3)
        for i in range(4)
    ]
    hole = shapely.box(143_200, 482_200, 143_400, 482_400)
    island = shapely.box(146_000, 482_000, 146_500, 482_500)
    shapes[-1] = shapely.MultiPolygon([shapes[-1].difference(hole), island])
    return gpd.GeoDataFrame(
        {
            "code": [f"BU{i:02}" for i in range(12)],
            "name": [f"Buurt {i}" for i in range(12)],
            "people": [100.0 * (i + 1) for i in range(12)],
        },
        geometry=shapes,
        index=[f"row {i}" for i in range(12)],
        crs="EPSG:28992",
    )


@pytest.fixture
def hoods(tiles):
    return bp.Neighbourhoods.from_geopandas(tiles, code="code", name="name", population="people")


@pytest.fixture
def incidents(rng):
    """Five thousand points over and a little around the tiles, two years of them."""
    n = 5000
    return bp.Incidents.from_xy(
        rng.uniform(139_800, 144_200, n),
        rng.uniform(479_800, 483_200, n),
        crs="EPSG:28992",
        time=np.datetime64("2017-01-01T00:30")
        + rng.integers(0, 2 * 365 * 24, n) * np.timedelta64(1, "h"),
        category=rng.choice(["E35", "M22", "F13"], n),
    )
