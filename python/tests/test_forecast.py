"""Forecasts and their accuracy, beside NumPy, SciPy and published indices."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from scipy import stats

import brandpunt as bp

DAY = np.timedelta64(1, "D")
START = np.datetime64("2020-01-01T00:00:00")


@pytest.fixture(scope="module")
def city():
    return bp.synthetic_city(6_000, seed=11, n_neighbourhoods=60)


def square(side=4000.0):
    frame = gpd.GeoDataFrame({"code": ["a"]}, geometry=[shapely.box(0, 0, side, side)], crs=None)
    return bp.Neighbourhoods.from_any(frame, code="code", crs="planar")


def test_published_indices(shared):
    """The example of R ptools; its order puts the busier of two tied places first."""
    golden = json.loads((shared / "reference/golden/definitions_golden.json").read_text())["pai"]
    shares = np.arange(1, 7) / 6
    counts = np.array([6, 7, 3, 2, 1, 0])
    found = bp.accuracy([8, 4, 4, 2, 1, 0], counts, shares=shares)
    best = np.cumsum(np.sort(counts)[::-1])
    np.testing.assert_allclose(found.hits_high / 19, golden["hit"], rtol=1e-9)
    np.testing.assert_allclose(found.hits_high / 19 / shares, golden["pai"], rtol=1e-9)
    np.testing.assert_allclose(found.hits_high / best, golden["pei"], rtol=1e-9)
    assert found.hits.tolist() == [6, 11, 16, 18, 19, 19]
    assert found.hits_low.tolist() == [6, 9, 16, 18, 19, 19]


def test_scores_are_those_of_scipy(rng):
    mean, km2 = rng.gamma(1.0, 2.0, 200), rng.uniform(0.1, 1.0, 200)
    counts = rng.poisson(mean)
    found = bp.accuracy(mean, counts, km2=km2, even_part=0.0, shares=[0.1])
    assert found.log_score == pytest.approx(-stats.poisson.logpmf(counts, mean).mean(), rel=1e-12)
    some = stats.poisson.sf(0, mean) - (counts > 0)
    assert found.brier == pytest.approx((some**2).mean(), rel=1e-12)
    k = np.arange(200)
    ranked = (stats.poisson.cdf(k, mean[:, None]) - (counts[:, None] <= k)) ** 2
    assert found.ranked_score == pytest.approx(ranked.sum(axis=1).mean(), rel=1e-9)
    gained = np.log(mean / mean.sum() / (km2 / km2.sum()))
    assert found.information == pytest.approx((counts * gained).sum() / counts.sum(), rel=1e-12)
    order = np.argsort(-mean / km2)
    reached = np.interp(0.1 * km2.sum(), np.cumsum(km2[order]), np.cumsum(counts[order]))
    assert found.hits[0] == pytest.approx(reached, rel=1e-12)
    assert found.tenth_expected.sum() == pytest.approx(mean.sum())
    assert found.tenth_observed.sum() == counts.sum()


def test_counts_are_those_of_count(city):
    at = np.datetime64("2023-07-01T00:00:00")
    found = bp.forecast(
        city.incidents, city.neighbourhoods, days=10, at="2023-07-01T00:00+00:00", method="counts"
    )
    time = city.incidents.time.astype("M8[s]")
    known = city.incidents.to_geopandas().loc[(time < at) & (time >= at - 365 * DAY)]
    values = bp.count(bp.Incidents.from_any(known), city.neighbourhoods).values
    np.testing.assert_allclose(found.expected, values * 10 / 365, rtol=1e-12)
    np.testing.assert_allclose(found.km2, city.neighbourhoods.area_km2, rtol=1e-6)
    assert found.rank.min() == 1
    assert found.end - found.start == np.timedelta64(864_000, "s")


def test_kernels_are_those_of_a_prospective_density():
    rng = np.random.default_rng(5)
    x, y = rng.uniform(1500, 2500, (2, 60))
    time = START + rng.integers(0, 300 * 86_400, 60)
    incidents = bp.Incidents.from_xy(x, y, crs="planar", time=time, id=None)
    place = {"bandwidth": 800, "cell_size": 50}
    at = "2020-10-27T00:00"
    found = bp.forecast(
        incidents,
        square(),
        at=at,
        days=7,
        memory=200,
        method="kernel",
        since=str(START),
        **place,
    )
    surface = bp.space_time_density(
        incidents, days=200, times=[at], prospective=True, within=square(), **place
    )
    density = surface.slice(0).at(np.c_[found.x, found.y])
    # Incidents per km2 and day, times the surface and the days.
    np.testing.assert_allclose(
        found.per_km2, 7 * density, rtol=0.01, atol=1e-3 * np.nanmax(7 * density)
    )


def test_cells_and_areas_have_shapes(city):
    for cell_size in (None, 300):
        found = bp.forecast(
            city.incidents, city.neighbourhoods, cell_size=cell_size, at="2024-01-01"
        )
        frame = found.to_geopandas()
        assert len(frame) == len(found) == len(found.to_pandas())
        assert frame.crs.to_epsg() == 28992
        came = found.count(city.incidents)
        inside = gpd.sjoin(city.incidents.to_geopandas(), frame, predicate="within")
        time = inside["time"].dt.tz_convert("UTC").dt.tz_localize(None)
        inside = inside[(time >= found.start) & (time < found.end)]
        assert came.sum() == len(inside)
        np.testing.assert_array_equal(
            came, inside.groupby("index_right").size().reindex(frame.index, fill_value=0)
        )
        judged = bp.accuracy(found, came)
        assert judged.incidents == came.sum()
        found.plot()
    with pytest.raises(bp.ParameterError, match="column"):
        found.plot("nothing")


def test_a_forecast_does_not_see_ahead(city):
    frame = city.incidents.to_geopandas()
    late = frame["time"] >= "2022-01-01T00:00+00:00"
    moved = frame.copy()
    moved.loc[late, "geometry"] = frame.geometry.iloc[0]
    for method in ("counts", "recent", "kernel", "prospective_map", "self_exciting"):
        one, other, cut = (
            bp.forecast(reports, city.neighbourhoods, at="2022-01-01T00:00+00:00", method=method)
            for reports in (frame, moved, frame[~late])
        )
        assert one.expected.tobytes() == other.expected.tobytes() == cut.expected.tobytes()
        assert one.used == (~late).sum()
    one, other = (
        bp.rolling_accuracy(reports, city.neighbourhoods, days=91, draws=99)
        for reports in (frame, moved)
    )
    known = one.end <= np.datetime64("2022-01-01")
    assert known.sum() > 10
    assert one.hits[known].tobytes() == other.hits[known].tobytes()
    assert not np.array_equal(one.hits, other.hits)


def test_rolling_figures_add_up(city):
    found = bp.rolling_accuracy(
        city.incidents, city.neighbourhoods, days=91, method="recent", draws=199, seed=3
    )
    rate = found.hits.sum(axis=0) / found.incidents.sum()
    np.testing.assert_allclose(found.hit_rate.value, rate, rtol=1e-12)
    np.testing.assert_allclose(found.pai.value, rate / found.shares, rtol=1e-12)
    plain = found.baseline_hits.sum(axis=0) / found.incidents.sum()
    np.testing.assert_allclose(found.hit_rate.baseline, plain, rtol=1e-12)
    np.testing.assert_allclose(found.hit_rate.difference, rate - plain, atol=1e-12)
    assert (found.hit_rate.low <= rate).all()
    assert (rate <= found.hit_rate.high).all()
    table = found.to_pandas()
    assert len(table) == 3 * 6 + 6
    assert len(found.to_forecasts()) == len(found)
    again = bp.rolling_accuracy(
        city.incidents, city.neighbourhoods, days=91, method="recent", draws=199, seed=3, n_jobs=1
    )
    assert again == found
    found.plot()


def test_followers_are_found_where_they_are():
    rng = np.random.default_rng(8)
    parents = rng.uniform(200, 3800, (600, 2))
    days = rng.uniform(0, 700, 600)
    followed = rng.random(600) < 0.4
    children = parents[followed] + rng.normal(0, 30, (followed.sum(), 2))
    later = days[followed] + rng.exponential(3.0, followed.sum())
    x, y = np.r_[parents, children].T
    time = START + (np.r_[days, later] * 86_400).astype(np.int64)
    incidents = bp.Incidents.from_xy(x, y, crs="planar", time=time)
    fit = bp.self_exciting(incidents, square(), reach=200, reach_days=30)
    # 240 of 840 follow; a standard error of about a tenth.
    assert fit.branching == pytest.approx(240 / 840, rel=0.25)
    assert fit.delay == pytest.approx(3.0, rel=0.3)
    assert fit.distance == pytest.approx(30, rel=0.2)
    assert fit.gain > 50
    assert (np.diff(fit.trace) > -1e-9).all()
    alone = bp.Incidents.from_xy(*parents.T, crs="planar", time=time[:600])
    none = bp.self_exciting(alone, square(), reach=200, reach_days=30)
    assert none.gain < 5
    assert "no evidence" in none.warnings[-1].message
    fit.plot()


def test_what_the_police_found_is_left_out(city):
    frame = city.incidents.to_geopandas()
    frame["bron"] = np.where(np.arange(len(frame)) % 4, "online", "surveillance")
    reports = bp.Incidents.from_geopandas(frame, time="time", source="bron")
    options = {"at": "2024-01-01", "method": "counts"}
    without = bp.forecast(reports, city.neighbourhoods, **options)
    with_all = bp.forecast(reports, city.neighbourhoods, discovered=True, **options)
    assert without.discovered == (frame["bron"] == "surveillance").sum()
    assert without.used < with_all.used
    for found in (without, with_all):
        assert "feedback" in [w.code for w in found.warnings]


def test_settings_that_a_method_does_not_have(city):
    for options in (
        {"method": "counts", "bandwidth": 100},
        {"method": "prospective_map", "memory": 10},
        {"method": "magic"},
        {"days": 0},
        {"method": "self_exciting", "memory": 5000},
    ):
        with pytest.raises(bp.ParameterError):
            bp.forecast(city.incidents, city.neighbourhoods, at="2024-01-01", **options)
    found = bp.forecast(city.incidents, city.neighbourhoods)
    with pytest.raises(bp.ParameterError, match="km2"):
        bp.accuracy(found, found.count(city.incidents), km2=found.km2)
