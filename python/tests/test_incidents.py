"""Incidents go in from whatever holds them, and come back the same."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import brandpunt as bp

XY = ([121_700.0, 121_800.0, 121_900.0], [487_500.0, 487_600.0, 487_700.0])


def of(**columns):
    return bp.Incidents.from_xy(*XY, crs="EPSG:28992", **columns)


@pytest.mark.parametrize(
    "cast",
    [
        list,
        tuple,
        np.asarray,
        pd.Series,
        lambda v: np.asarray(v, dtype=np.float32),
        lambda v: np.asarray(v, dtype=np.int64),
        lambda v: pd.Series(v, dtype="Float64"),
        lambda v: np.repeat(v, 2)[::2],
        lambda v: np.asarray(v, dtype=">f8"),
        lambda v: np.asarray(v, dtype=object),
    ],
)
def test_any_column_of_numbers_is_taken(cast):
    incidents = bp.Incidents.from_xy(cast(XY[0]), cast(XY[1]), crs=28992)
    np.testing.assert_array_equal(incidents.x, XY[0])
    np.testing.assert_array_equal(incidents.y, XY[1])


def test_inputs_are_neither_changed_nor_watched():
    x, y = (np.array(v) for v in XY)
    x.flags.writeable = False
    before = y.copy()
    incidents = bp.Incidents.from_xy(x, y, crs="EPSG:28992")
    np.testing.assert_array_equal(y, before)
    y[:] = 0
    np.testing.assert_array_equal(incidents.y, before)


def test_columns_come_back_read_only():
    incidents = of(
        time=["2024-05-17T22:30"] * 3, category=["a", "b", "a"], weight=[1, 2, 3], id=[7, 8, 9]
    )
    for name in ("x", "y", "time", "category", "weight", "id", "row"):
        values = getattr(incidents, name)
        assert len(values) == 3
        with pytest.raises(ValueError, match="read-only"):
            values[0] = values[1]
    assert incidents.category.tolist() == ["a", "b", "a"]
    assert incidents.id.tolist() == ["7", "8", "9"]


NOON = np.datetime64("2024-07-01T10:00:00")


@pytest.mark.parametrize(
    "time",
    [
        ["2024-07-01T12:00"] * 3,
        ["2024-07-01 12:00:00"] * 3,
        ["2024-07-01T10:00:00Z"] * 3,
        ["2024-07-01T12:00:00+02:00"] * 3,
        np.array(["2024-07-01T12:00"] * 3, dtype="M8[ns]"),
        np.array(["2024-07-01T12:00"] * 3, dtype="M8[m]"),
        pd.Series(pd.to_datetime(["2024-07-01 12:00"] * 3)),
        pd.Series(pd.to_datetime(["2024-07-01 12:00"] * 3)).dt.tz_localize("Europe/Amsterdam"),
        pd.DatetimeIndex(["2024-07-01 06:00"] * 3, tz="America/New_York"),
        [dt.datetime(2024, 7, 1, 12, 0)] * 3,
        [dt.datetime(2024, 7, 1, 10, 0, tzinfo=dt.UTC)] * 3,
        [pd.Timestamp("2024-07-01 10:00", tz="UTC")] * 3,
        [np.datetime64("2024-07-01T12:00")] * 3,
    ],
)
def test_local_times_are_those_of_the_netherlands(time):
    np.testing.assert_array_equal(of(time=time).time, [NOON] * 3)


def test_days_begin_at_local_midnight():
    for time in (np.array(["2024-07-01"] * 3, dtype="M8[D]"), [dt.date(2024, 7, 1)] * 3):
        incidents = of(time=time)
        np.testing.assert_array_equal(incidents.time, [np.datetime64("2024-06-30T22:00")] * 3)
        assert len(incidents.select(start="2024-07-01", end="2024-07-02")) == 3
        assert len(incidents.select(end="2024-07-01")) == 0


def test_missing_times_stay_in_but_in_no_period():
    incidents = of(time=["2024-07-01T12:00", None, "NaT" and pd.NaT])
    assert np.isnat(incidents.time).tolist() == [False, True, True]
    assert len(incidents.select(start="1900-01-01")) == 1


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (["2024-07-01T12:00", "1 July", None], "position 1 is '1 July'"),
        ([1, 2, 3], "datetime64"),
        (["2024-07-01T12:00", "2024-07-01T12:00Z", None], "zone at position 1"),
        ([object()] * 3, "position 0 is a object"),
    ],
)
def test_times_that_cannot_be_read_are_named(time, said):
    with pytest.raises(bp.InputError, match=said):
        of(time=time)


def test_geopandas_there_and_back():
    gdf = gpd.GeoDataFrame(
        {"when": pd.to_datetime(["2024-07-01 12:00"] * 3), "what": ["E35", None, "M22"]},
        geometry=gpd.points_from_xy(*XY),
        index=[30, 10, 20],
        crs="EPSG:28992",
    )
    before = gdf.copy()
    incidents = bp.Incidents.from_geopandas(gdf, time="when", category="what")
    back = incidents.to_geopandas()
    assert back.crs == gdf.crs
    assert back.index.tolist() == [30, 10, 20]
    assert back.geometry.geom_equals(gdf.geometry).all()
    assert back["category"].tolist() == ["E35", "", "M22"]
    pd.testing.assert_frame_equal(gdf, before)
    youth = incidents.select(theme="youth_nuisance").to_geopandas()
    assert youth.index.tolist() == [30]


def test_missing_points_are_rejected_by_row():
    gdf = gpd.GeoDataFrame(
        geometry=[shapely.Point(121_700, 487_500), None, shapely.Point()],
        index=["a", "b", "c"],
        crs=28992,
    )
    with pytest.raises(bp.InputError, match="max_rejected_share") as caught:
        bp.Incidents.from_geopandas(gdf)
    assert caught.value.fault == "too_many_rejected"
    incidents = bp.Incidents.from_geopandas(gdf, max_rejected_share=1)
    assert incidents.rejected["row"].tolist() == [1, 2]
    assert set(incidents.rejected["reason"]) == {"non_finite_coordinate"}
    assert len(incidents) + len(incidents.rejected) == incidents.rows_in == 3
    assert incidents.to_geopandas().index.tolist() == ["a"]
    assert [note.code for note in incidents.warnings] == ["rejected_rows"]


def test_from_any_takes_features_and_arrow():
    gdf = gpd.GeoDataFrame(
        {"what": ["a", "b"]}, geometry=gpd.points_from_xy([5.2, 5.3], [52.3, 52.4])
    )
    features = bp.Incidents.from_any(gdf.__geo_interface__, category="what")
    assert features.crs == "EPSG:4326"
    arrow = bp.Incidents.from_any(gdf.set_crs(4326).to_arrow(), category="what")
    np.testing.assert_array_equal(arrow.x, features.x)
    assert arrow.category.tolist() == features.category.tolist() == ["a", "b"]
    assert bp.Incidents.from_any(arrow) is arrow
    with pytest.raises(bp.InputError, match="damaged"):
        bp.Incidents.from_any({"type": "Point"}, crs=4326)


@pytest.mark.parametrize(
    ("build", "kind", "said"),
    [
        (lambda: bp.Incidents.from_xy([1.0], [2.0, 3.0], crs="planar"), bp.InputError, "y has 2"),
        (lambda: bp.Incidents.from_xy([], [], crs="planar"), bp.InputError, "no_rows"),
        (lambda: bp.Incidents.from_xy(["a"], [1.0], crs="planar"), bp.InputError, "`x`"),
        (
            lambda: bp.Incidents.from_xy([[1.0]], [1.0], crs="planar"),
            bp.InputError,
            "`x` has 2 dim",
        ),
        (
            lambda: bp.Incidents.from_xy([1j], [1.0], crs="planar"),
            bp.InputError,
            "`x` holds complex",
        ),
        (lambda: bp.Incidents.from_xy(XY[1], XY[0], crs=28992), bp.InputError, "axes_swapped"),
        (lambda: bp.Incidents.from_xy(*XY, crs=4326), bp.InputError, "EPSG:28992"),
        (lambda: bp.Incidents.from_xy(*XY, crs="nowhere"), bp.CrsError, "nowhere"),
        (lambda: bp.Incidents.from_xy(*XY, crs=None), bp.CrsError, "planar"),
        (lambda: of(weight=[1, -1, 1]), bp.InputError, "invalid_weight"),
        (lambda: of(max_rejected_share=2), bp.ParameterError, "max_rejected_share"),
        (lambda: of().select(theme="noise"), bp.ParameterError, "youth_nuisance"),
        (lambda: of().select(theme="youth_nuisance"), bp.InputError, "category"),
        (lambda: of().select(start="2017-01-01"), bp.InputError, "missing_time"),
        (bp.Incidents, TypeError, "from_xy"),
    ],
)
def test_what_cannot_be_used_is_said(build, kind, said):
    with pytest.raises(kind, match=said):
        build()


def test_polygons_are_no_incidents(tiles):
    with pytest.raises(bp.InputError, match="position 0 is a Polygon"):
        bp.Incidents.from_geopandas(tiles)
    with pytest.raises(bp.InputError, match="no column `nothing` for time; there are code"):
        bp.Incidents.from_geopandas(tiles.set_geometry(tiles.centroid), time="nothing")


def test_rd_new_and_degrees_are_one_place():
    incidents = of()
    degrees = incidents.to_crs("EPSG:4326")
    assert degrees.crs == "EPSG:4326"
    expected = incidents.to_geopandas().to_crs(4326).geometry
    np.testing.assert_allclose(degrees.x, expected.x, atol=1e-5)
    np.testing.assert_allclose(degrees.y, expected.y, atol=1e-5)
