"""Everything that carries places comes in, with its system and its index, and is never guessed at."""

from __future__ import annotations

from pathlib import Path

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import shapely

import brandpunt as bp

X, Y = np.array([143_010.0, 143_500.0, 144_000.0]), np.array([486_990.0, 487_200.0, 487_010.0])
WHEN = np.array(["2024-05-17T22:30", "2024-05-18T01:10", "2024-06-02T23:45"], dtype="M8[s]")
KIND = ["E35", "M22", "E35"]
INDEX = ["a", "b", "c"]


@pytest.fixture
def points():
    return gpd.GeoDataFrame(
        {"Datum": WHEN, "Soort": KIND},
        geometry=gpd.points_from_xy(X, Y),
        index=INDEX,
        crs="EPSG:28992",
    )


@pytest.fixture
def columns():
    return {"x": X, "y": Y, "datum": WHEN.astype("M8[ms]"), "soort": KIND}


def geo_interface(gdf):
    class Layer:
        __geo_interface__ = gdf.to_crs(4326).__geo_interface__

    return Layer()


def wkb(frame, name="geometry"):
    return frame.drop(columns="geometry").assign(**{name: frame.geometry.to_wkb()})


def duck(frame):
    arrow = pa.Table.from_pandas(frame, preserve_index=False)
    return duckdb.from_arrow(arrow)


CARRIERS = {
    "GeoDataFrame": (lambda p: p, None),
    "GeoDataFrame whose points have another name": (lambda p: p.rename_geometry("plek"), None),
    "GeoSeries": (lambda p: p.geometry, None),
    "GeoArrow": (lambda p: p.to_arrow(), None),
    "GeoArrow points": (lambda p: p.to_arrow(geometry_encoding="geoarrow"), None),
    "pyarrow with WKB": (lambda p: pa.Table.from_pandas(wkb(p)), 28992),
    "polars with WKB": (lambda p: pl.DataFrame(wkb(p, "geom")), 28992),
    "polars with one binary column": (lambda p: pl.DataFrame(wkb(p, "plek")), 28992),
    "duckdb with WKB": (lambda p: duck(wkb(p)), 28992),
    "shapes": (lambda p: list(p.geometry), 28992),
    "array of shapes": (lambda p: p.geometry.to_numpy(), 28992),
    "multipoint": (lambda p: shapely.MultiPoint(list(p.geometry)), 28992),
    "array": (lambda p: p.get_coordinates().to_numpy(), 28992),
    "list of pairs": (lambda p: p.get_coordinates().to_numpy().tolist(), 28992),
}
TABLES = {
    "pandas": lambda c: pd.DataFrame(c, index=INDEX),
    "polars": pl.DataFrame,
    "pyarrow": pa.table,
    "duckdb": lambda c: duck(pd.DataFrame(c)),
}


@pytest.mark.parametrize("name", CARRIERS)
def test_points_come_in_from(name, points):
    carry, crs = CARRIERS[name]
    found = bp.Incidents.from_any(carry(points), crs=crs)
    np.testing.assert_array_equal(found.x, X)
    np.testing.assert_array_equal(found.y, Y)
    assert found.crs == "EPSG:28992"
    if crs is None:
        return
    with pytest.raises(bp.CrsError, match="no coordinate reference system"):
        bp.Incidents.from_any(carry(points))


@pytest.mark.parametrize("name", [n for n in CARRIERS if n not in ("GeoSeries",)][:7])
def test_columns_are_recognised_and_said(name, points):
    carry, crs = CARRIERS[name]
    found = bp.Incidents.from_any(carry(points), crs=crs)
    assert found.category.tolist() == KIND
    # Without a zone: what clocks in the Netherlands showed, two hours ahead of UTC in summer.
    assert found.time.tolist() == (WHEN - np.timedelta64(2, "h")).tolist()
    assert {str(d) for d in found.detected} == {
        "column time: Datum (by its name)",
        "column category: Soort (by its name)",
    }


@pytest.mark.parametrize("name", TABLES)
def test_tables_of_coordinates_come_in_from(name, columns):
    found = bp.Incidents.from_any(TABLES[name](columns), crs="EPSG:28992")
    np.testing.assert_array_equal(found.x, X)
    assert found.category.tolist() == KIND
    assert {d.what for d in found.detected} == {
        f"column {c}" for c in ("x", "y", "time", "category")
    }
    with pytest.raises(bp.CrsError, match="`x` and `y` say nothing of their coordinate"):
        bp.Incidents.from_any(TABLES[name](columns))


def test_degrees_are_told_by_their_names_only():
    frame = pd.DataFrame({"Latitude": [52.3, 52.4], "lng": [5.2, 5.3]})
    found = bp.Incidents.from_any(frame)
    assert (found.crs, found.x.tolist()) == ("EPSG:4326", [5.2, 5.3])
    assert str(found.detected[-1]).startswith("crs: EPSG:4326")
    with pytest.raises(bp.InputError, match="name them with x= and y="):
        bp.Incidents.from_any(frame.rename(columns={"lng": "b", "Latitude": "a"}))
    named = bp.Incidents.from_any(
        frame.rename(columns={"lng": "b", "Latitude": "a"}), x="b", y="a", crs=4326
    )
    assert named.y.tolist() == [52.3, 52.4]
    with pytest.raises(bp.InputError, match="x and y belong together"):
        bp.Incidents.from_any(frame, x="lng")


def test_features_are_in_degrees(points):
    for features in (geo_interface(points), geo_interface(points).__geo_interface__):
        found = bp.Incidents.from_any(features)
        assert found.crs == "EPSG:4326"
        assert found.category.tolist() == KIND
    one = geo_interface(points).__geo_interface__["features"]
    assert len(bp.Incidents.from_any(one[0])) == 1
    assert len(bp.Incidents.from_any(one[:2])) == 2


def test_options_that_would_change_nothing_are_refused(points, tiles):
    with pytest.raises(
        bp.CrsError, match="in EPSG:28992 by their own account and crs is EPSG:4326"
    ):
        bp.Incidents.from_any(points, crs=4326)
    made = bp.Incidents.from_any(points, crs=28992)
    assert bp.Incidents.from_any(made) is made
    with pytest.raises(bp.ParameterError, match="x and y are for data without"):
        bp.Incidents.from_any(points, x="Datum", y="Soort")
    with pytest.raises(bp.ParameterError, match="Incidents already"):
        bp.Incidents.from_any(made, category="Soort")
    areas = bp.Neighbourhoods.from_any(tiles)
    assert bp.Neighbourhoods.from_any(areas) is areas
    with pytest.raises(bp.ParameterError, match="Neighbourhoods already"):
        bp.Neighbourhoods.from_any(areas, population="people")


def test_the_index_comes_back(points):
    assert bp.Incidents.from_any(points).to_geopandas().index.tolist() == INDEX
    assert (
        bp.Incidents.from_any(pd.DataFrame({"x": X, "y": Y}, index=INDEX), crs=28992)
        .to_pandas()
        .index.tolist()
        == INDEX
    )
    back = bp.Incidents.from_any(points).select(categories=["M22"]).to_pandas()
    assert back.index.tolist() == ["b"]


def test_a_column_taken_by_its_name_that_does_not_fit_says_so(points):
    frame = points.assign(Datum=["spring", "summer", "autumn"])
    with pytest.raises(bp.InputError, match=r"`Datum` was taken for time by its name.*time="):
        bp.Incidents.from_any(frame)
    assert bp.Incidents.from_geopandas(frame, category="Soort").time is None


def test_recognised_columns_about_persons_are_refused():
    frame = pd.DataFrame(
        {"x": X[0] + np.arange(20), "y": Y[0], "nummer": [f"06-123456{i:02}" for i in range(20)]}
    )
    with pytest.raises(bp.InputError, match=r"person_data.*`nummer`"):
        bp.Incidents.from_any(frame, crs=28992)
    assert bp.Incidents.from_any(frame, crs=28992, allow_columns=["nummer"]).id[0] == "06-12345600"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (3, "a int carries no places"),
        ("points.csv", "read it with read_incidents"),
        (Path("points.csv"), "read it with read_incidents"),
        ([], r"list of shape \(0,\)"),
        (np.zeros((3, 3)), r"ndarray of shape \(3, 3\)"),
        ({"type": "Topology"}, "dict of type 'Topology'"),
        ({"type": "Feature", "geometry": 3}, "damaged"),
        (pa.table({"geom": [b"no shape"]}), "`geom` holds bytes that are no WKB"),
        (pa.table({"key": pa.array([b"0123"], pa.binary(4))}), "name them with x= and y="),
        ([shapely.LineString([(0, 0), (1, 1)])], "LineString, not a point"),
        (pd.DataFrame({"a": [1]}), "name them with x= and y="),
        (gpd.GeoDataFrame({"x": [1.0]}), "name them with x= and y="),
    ],
)
def test_what_carries_no_points_is_refused(data, said):
    with pytest.raises(bp.InputError, match=said):
        bp.Incidents.from_any(data, crs=28992)


AREAS = {
    "GeoDataFrame": (lambda t: t, None),
    "GeoArrow": (lambda t: t.to_arrow(), None),
    "polars with WKB": (lambda t: pl.DataFrame(wkb(t)), 28992),
    "duckdb with WKB": (lambda t: duck(wkb(t)), 28992),
}


@pytest.mark.parametrize("name", AREAS)
def test_areas_come_in_from(name, tiles):
    carry, crs = AREAS[name]
    frame = tiles.rename(columns={"people": "Aantal inwoners"})
    found = bp.Neighbourhoods.from_any(carry(frame), crs=crs)
    assert found.code.tolist() == tiles["code"].tolist()
    assert found.name.tolist() == tiles["name"].tolist()
    np.testing.assert_array_equal(found.population, tiles["people"])
    np.testing.assert_allclose(found.area_km2, tiles.area / 1e6)


def test_areas_without_codes_have_their_index_for_one(tiles):
    found = bp.Neighbourhoods.from_any(tiles.geometry)
    assert found.code.tolist() == tiles.index.tolist()
    assert "code: the index (no column is named for it)" in [str(d) for d in found.detected]
    shapes = bp.Neighbourhoods.from_any(list(tiles.geometry), crs=28992)
    assert shapes.code.tolist() == [str(i) for i in range(12)]
    with pytest.raises(bp.InputError, match="no column of shapes"):
        bp.Neighbourhoods.from_any(pd.DataFrame({"code": ["a"]}))


@pytest.fixture
def reports(rng):
    n = 3000
    return gpd.GeoDataFrame(
        {
            "categorie": rng.choice(["E35", "M22"], n),
            "datum": np.datetime64("2017-01-01T12:00")
            + rng.integers(0, 900, n) * np.timedelta64(1, "D"),
        },
        geometry=gpd.points_from_xy(
            rng.uniform(140_000, 144_000, n), rng.uniform(480_000, 483_000, n)
        ),
        crs="EPSG:28992",
    )


CALLS = {
    "hotspots": lambda p, t: bp.hotspots(p, t, theme="youth_nuisance", cell_size=300),
    "count": bp.count,
    "kernel_density": lambda p, t: bp.kernel_density(
        p, bandwidth=300, cell_size=100, within=t, edge="uniform"
    ),
    "extent": lambda p, t: bp.kernel_density(p, bandwidth=300, cell_size=100, extent=t),
    "select_bandwidth": lambda p, t: bp.select_bandwidth(p, method="scott", within=t),
    "relative_risk": lambda p, t: bp.relative_risk(
        p, p, bandwidth=400, cell_size=200, within=t, edge="uniform"
    ),
    "space_time_cube": lambda p, t: bp.space_time_cube(p, t, step="quarter"),
    "space_time_cube of cells": lambda p, t: bp.space_time_cube(p, 500, step="quarter", within=t),
    "profile": lambda p, t: bp.profile(p, within=t, by="category", permutations=0),
    "compare_profiles": lambda p, _: bp.compare_profiles(
        p, np.arange(3000) < 9, np.arange(3000) > 99, by="category", permutations=0
    ),
    "proximity": lambda p, t: bp.proximity(p, [[142_000, 481_500]], within=t, replicates=0),
    "repeat_addresses": lambda p, _: bp.repeat_addresses(p),
    "stability": lambda p, t: bp.stability(p, t, theme=None, cell_size=400, resamples=2),
    "without_source": lambda p, t: bp.without_source(
        p, "a", source=["a", "b"] * 1500, neighbourhoods=t
    ),
    "queen": lambda _, t: bp.Weights.queen(t),
    "rook": lambda _, t: bp.Weights.rook(t),
    "by_neighbourhood": lambda p, t: bp.kernel_density(
        p, bandwidth=300, cell_size=100
    ).by_neighbourhood(t),
}


@pytest.mark.parametrize("name", CALLS)
def test_frames_are_arguments_like_any_other(name, reports, tiles):
    incidents, areas = bp.Incidents.from_any(reports), bp.Neighbourhoods.from_any(tiles)
    assert CALLS[name](reports, tiles) == CALLS[name](incidents, areas)


def test_results_carry_the_index_of_the_areas(reports, tiles):
    result = bp.hotspots(reports, tiles, theme=None, cell_size=300)
    assert result.to_geopandas().index.tolist() == tiles.index.tolist()
    assert bp.count(reports, tiles).to_pandas().index.tolist() == tiles.index.tolist()
    assert result.to_geopandas().crs == tiles.crs


def test_systems_that_differ_are_an_error(reports, tiles):
    with pytest.raises(bp.InputError, match="crs_mismatch"):
        bp.hotspots(reports.to_crs(4326), tiles, theme=None)


def test_counts_of_a_register_are_still_counts(tiles):
    counts = pd.Series(np.arange(12) + 40, index=tiles.index)
    areas = bp.Neighbourhoods.from_any(tiles)
    for given in (counts, counts.to_numpy(), counts.tolist(), pl.Series(counts.to_numpy())):
        result = bp.hotspots(given, areas, theme=None)
        assert result.neighbourhoods["count"].tolist() == counts.tolist()


def test_nothing_that_came_in_is_changed(reports, tiles):
    before = reports.copy(), tiles.copy()
    bp.hotspots(reports, tiles, theme=None, cell_size=300)
    pd.testing.assert_frame_equal(reports, before[0])
    pd.testing.assert_frame_equal(tiles, before[1])
