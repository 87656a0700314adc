"""Proximity: rings that Shapely clips, densities that SciPy smooths, hours that pandas picks."""

from __future__ import annotations

import pickle

import geopandas as gpd
import numpy as np
import pytest
import shapely

import brandpunt as bp

EDGES = [0, 150, 300, 600]


@pytest.fixture
def schools(rng):
    return np.c_[rng.uniform(139_900, 144_000, 9), rng.uniform(480_000, 483_000, 9)]


def test_rings_are_those_of_shapely(incidents, hoods, tiles, schools):
    found = bp.proximity(incidents, schools, within=hoods, distances=EDGES, replicates=0)
    study = tiles.geometry.union_all()
    points = shapely.points(schools)
    discs = [shapely.union_all(points).buffer(d, quad_segs=256) for d in EDGES[1:]]
    within = [0.0, *(disc.intersection(study).area / 1e6 for disc in discs)]
    np.testing.assert_allclose(found.exposure, np.diff(within), rtol=3e-3)
    assert found.total_exposure == pytest.approx(study.area / 1e6, rel=1e-3)
    inside = shapely.contains_xy(study, incidents.x, incidents.y)
    at = np.c_[incidents.x, incidents.y][inside]
    nearest = np.hypot(*(at[:, None] - schools).transpose(2, 0, 1)).min(axis=1)
    np.testing.assert_array_equal(found.count, np.histogram(nearest, EDGES)[0])
    assert found.incidents == inside.sum()
    assert found.outside == (~inside).sum()
    share = found.count / found.incidents
    np.testing.assert_allclose(
        found.lq, share / (found.exposure / found.total_exposure), rtol=1e-12
    )
    assert np.isnan(found.p)


def test_intervals_are_those_of_scipy(incidents, hoods, schools):
    stats = pytest.importorskip("scipy.stats")
    found = bp.proximity(incidents, schools, within=hoods, level=0.9, replicates=0)
    for count, expected, low, high in zip(
        found.count, found.expected, found.low, found.high, strict=True
    ):
        interval = stats.binomtest(int(count), found.incidents).proportion_ci(0.9, method="exact")
        scale = found.incidents / expected
        assert low == pytest.approx(interval.low * scale, rel=1e-9)
        assert high == pytest.approx(interval.high * scale, rel=1e-9)


def test_hours_are_those_of_pandas(incidents, hoods, schools):
    pandas = pytest.importorskip("pandas")
    hours = bp.SchoolHours(holidays=[("2017-07-08", "2017-08-20")])
    found = bp.proximity(incidents, schools, within=hoods, hours=hours, replicates=0)
    local = pandas.DatetimeIndex(incidents.time).tz_localize("UTC").tz_convert("Europe/Amsterdam")
    day = local.tz_localize(None).normalize()
    holiday = (day >= "2017-07-08") & (day <= "2017-08-20")
    school = (local.day_of_week < 5) & (local.hour >= 8) & (local.hour < 17) & ~holiday
    assert found.incidents + found.outside == school.sum()
    assert found.other_hours == len(local) - school.sum() - found.without_hour
    rest = bp.proximity(
        incidents,
        schools,
        within=hoods,
        hours=bp.SchoolHours(holidays=hours.holidays, outside=True),
        replicates=0,
    )
    everything = bp.proximity(incidents, schools, within=hoods, replicates=0)
    np.testing.assert_array_equal(rest.count + found.count, everything.count)


def test_exposed_points_candidates_and_labels(incidents, hoods, schools, rng):
    people = np.c_[rng.uniform(140_000, 144_000, 500), rng.uniform(480_000, 483_000, 500)]
    weight = rng.integers(1, 9, 500)
    sites = gpd.GeoSeries(shapely.points(people[:60]), crs="EPSG:28992")
    found = bp.proximity(
        incidents,
        gpd.GeoSeries(shapely.points(schools), crs="EPSG:28992"),
        within=hoods,
        distances=EDGES,
        exposure=people,
        weight=weight,
        candidates=sites,
        labels=["town"] * 5 + ["field"] * 4,
        candidate_labels=["town", "field", "wood"] * 20,
        replicates=99,
        seed=1,
    )
    nearest = np.hypot(*(people[:, None] - schools).transpose(2, 0, 1)).min(axis=1)
    inside = shapely.contains_xy(
        shapely.union_all(hoods.to_geopandas().geometry.array), people[:, 0], people[:, 1]
    )
    want = np.histogram(nearest[inside], EDGES, weights=weight[inside])[0]
    np.testing.assert_allclose(found.exposure, want)
    assert 0.02 <= found.p <= 1
    assert (found.p_max >= found.p).all()
    for wrong in (
        {"labels": ["a"] * 9},
        {"candidates": sites, "labels": ["a"] * 9},
        {"candidates": sites, "strata": ["a"] * 12},
        {"exposure": people, "weight": [1.0]},
        {"hours": bp.SchoolHours(start="noon")},
        {"hours": bp.SchoolHours(weekdays=[9])},
        {"distances": [100]},
        {"facilities": gpd.GeoSeries(shapely.points([[4.9, 52.4]]), crs="EPSG:4326")},
    ):
        arguments = {"facilities": schools, **wrong}
        with pytest.raises((bp.ParameterError, bp.InputError, bp.CrsError)):
            bp.proximity(incidents, arguments.pop("facilities"), within=hoods, **arguments)


def test_the_seed_and_not_the_threads_make_the_result(incidents, hoods, schools):
    run = {"within": hoods, "distances": EDGES, "replicates": 59}
    one = bp.proximity(incidents, schools, seed=3, n_jobs=1, **run)
    two = bp.proximity(incidents, schools, seed=3, n_jobs=2, **run)
    np.testing.assert_array_equal(one.density_moved_high, two.density_moved_high)
    np.testing.assert_array_equal(one.p_max, two.p_max)
    other = bp.proximity(incidents, schools, seed=4, **run)
    assert (other.lq_moved != one.lq_moved).any()


def test_results_travel_and_are_shown(incidents, hoods, schools):
    found = bp.proximity(incidents, schools, within=hoods, strata=["a"] * 12, replicates=39, seed=0)
    found = pickle.loads(pickle.dumps(found))
    assert not found.lq.flags.writeable
    frame = found.to_pandas()
    assert list(frame.columns[:3]) == ["from_distance", "to_distance", "count"]
    assert len(frame) == len(found) == 4
    assert "9 facilities" in repr(found)
    pytest.importorskip("matplotlib").use("agg")
    ax = found.plot()
    assert ax.get_xlim() == (0, 800)
