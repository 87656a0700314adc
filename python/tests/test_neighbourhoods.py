"""Areas go in from GeoDataFrames, and come back the same."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import brandpunt as bp


def test_geopandas_there_and_back(tiles, hoods):
    before = tiles.copy()
    assert len(hoods) == 12
    assert hoods.code.tolist() == tiles["code"].tolist()
    assert hoods.name.tolist() == tiles["name"].tolist()
    np.testing.assert_array_equal(hoods.population, tiles["people"])
    np.testing.assert_allclose(hoods.area_km2, tiles.area / 1e6, rtol=1e-12)
    back = hoods.to_geopandas()
    assert back.crs == tiles.crs
    assert back.index.tolist() == tiles.index.tolist()
    assert back.geometry.geom_equals(tiles.geometry).all()
    assert back.geometry.geom_type.tolist() == tiles.geometry.geom_type.tolist()
    np.testing.assert_array_equal(back["inhabitants"], tiles["people"])
    pd.testing.assert_frame_equal(tiles, before)


def test_populations_by_kind_and_year(tiles):
    tiles["people_2017"] = tiles["people"] + 1
    hoods = bp.Neighbourhoods.from_geopandas(
        tiles, code="code", population={2017: "people_2017", 2024: "people"}
    )
    youths = hoods.with_population([50, -99997, None, *range(9)], kind="youths")
    assert hoods.exposures == [("inhabitants", 2017), ("inhabitants", 2024)]
    assert hoods.exposure("inhabitants", year=2016)[0] == 101
    assert hoods.population[0] == 100
    assert hoods.exposure("youths") is None
    assert np.isnan(youths.exposure("youths")).tolist() == [False, True, True] + [False] * 9
    assert set(youths.to_geopandas()) >= {"inhabitants_2017", "inhabitants_2024", "youths"}


def test_names_are_codes_unless_given(tiles):
    hoods = bp.Neighbourhoods.from_geopandas(tiles, code="code")
    assert hoods.name.tolist() == hoods.code.tolist()
    assert hoods.population is None


BOWTIE = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


@pytest.mark.parametrize(
    ("change", "kind", "said"),
    [
        (lambda t: t.assign(code="BU00"), bp.InputError, "duplicate_area_code"),
        (lambda t: t.assign(code=[None] * 12), bp.InputError, "`code` is missing at position 0"),
        (lambda t: t.set_geometry([None, *t.geometry[1:]]), bp.InputError, "missing_geometry"),
        (
            lambda t: t.set_geometry([BOWTIE, *t.geometry[1:]]),
            bp.InputError,
            "invalid_polygon.*BU00",
        ),
        (lambda t: t.set_geometry(t.centroid), bp.InputError, "`BU00` is a Point"),
        (lambda t: t.set_crs(None, allow_override=True), bp.CrsError, "planar"),
        (lambda t: t.iloc[:0], bp.InputError, "no_rows"),
        (lambda t: t.drop(columns="code"), bp.InputError, "no column `code` for code"),
    ],
)
def test_what_cannot_be_used_is_said(tiles, change, kind, said):
    with pytest.raises(kind, match=said):
        bp.Neighbourhoods.from_geopandas(gpd.GeoDataFrame(change(tiles)), code="code")


def test_degrees_have_no_area(tiles):
    hoods = bp.Neighbourhoods.from_geopandas(tiles.to_crs(4326), code="code")
    with pytest.raises(bp.CrsError, match="project the data first"):
        _ = hoods.area_km2
    np.testing.assert_allclose(hoods.to_crs(28992).area_km2, tiles.area / 1e6, rtol=1e-4)
