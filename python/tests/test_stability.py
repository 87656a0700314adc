"""Stability: shares by hand, rankings by SciPy, a planted hotspot."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from scipy import stats

import brandpunt as bp


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(5)
    x, y = rng.uniform(0, 2400, (2, 300))
    planted = rng.uniform(0, 1200, (2, 1500)) + np.array([[800], [400]])
    reports = bp.Incidents.from_xy(np.r_[x, planted[0]], np.r_[y, planted[1]], crs="planar")
    shapely = pytest.importorskip("shapely")
    geopandas = pytest.importorskip("geopandas")
    shapes = [
        shapely.box(400 * i, 400 * j, 400 * (i + 1), 400 * (j + 1))
        for j in range(6)
        for i in range(6)
    ]
    frame = geopandas.GeoDataFrame({"code": [f"{i:02}" for i in range(36)]}, geometry=shapes)
    hoods = bp.Neighbourhoods.from_geopandas(frame, code="code", crs="planar")
    return bp.stability(reports, hoods, theme=None, bandwidth=250, resamples=9, seed=1)


def test_a_planted_hotspot_is_stable(found):
    frame = found.to_pandas().set_index("code")
    for kind in ("grid", "bandwidth", "resampled"):
        assert frame.loc["15", f"{kind}_label"] == "stable"
        assert frame.loc["00", f"{kind}_label"] == "never"
    assert found.grids[0] == (100, 0, 0)
    assert found.grids[-1] == (200, 100, 100)
    np.testing.assert_allclose(found.bandwidths, 250 * 2 ** np.array([0, -1, -0.5, 0.5, 1]))
    assert len(found.resampled.hot) == 10


def test_shares_follow_from_jaccard_and_counts(found):
    for compared in (found.grid, found.bandwidth, found.resampled):
        settings = len(compared.hot)
        assert compared.share.sum() * settings == pytest.approx(compared.hot.sum())
        assert compared.jaccard_between.shape == (settings, settings)
        np.testing.assert_array_equal(compared.jaccard_between[0], compared.jaccard)
        np.testing.assert_array_equal(compared.jaccard_between, compared.jaccard_between.T)
        assert compared.spearman[0] == 1
        assert compared.overlap[0] == pytest.approx(1)
        assert (np.abs(compared.spearman) <= 1).all()


def test_rankings_are_those_of_scipy(incidents, hoods):
    run = {"theme": None, "resamples": 0, "cell_size": 250}
    found = bp.stability(incidents, hoods, bandwidth=300, **run)
    means = [
        bp.kernel_density(
            incidents,
            bandwidth=bandwidth,
            cell_size=min(62.5, bandwidth / 12),
            extent=hoods.bounds,
        )
        .by_neighbourhood(hoods)
        .mean
        for bandwidth in found.bandwidths
    ]
    for rho, mean in zip(found.bandwidth.spearman, means, strict=True):
        assert rho == pytest.approx(stats.spearmanr(means[0], mean).statistic, abs=1e-9)
    area = hoods.area_km2
    hot = [mean >= 2 * np.average(mean, weights=area) for mean in means]
    np.testing.assert_array_equal(found.bandwidth.share, np.mean(hot, axis=0))


def test_the_seed_and_not_the_threads_make_the_result(incidents, hoods):
    run = {"theme": None, "resamples": 5, "cell_size": 250}
    one = bp.stability(incidents, hoods, n_jobs=1, **run)
    two = bp.stability(incidents, hoods, n_jobs=2, **run)
    for kind in ("grid", "bandwidth", "resampled"):
        np.testing.assert_array_equal(getattr(one, kind).share, getattr(two, kind).share)
        np.testing.assert_array_equal(getattr(one, kind).spearman, getattr(two, kind).spearman)
    other = bp.stability(incidents, hoods, seed=9, **run)
    assert (other.resampled.spearman != one.resampled.spearman).any()
    for wrong in (
        {"bandwidth": "wide"},
        {"hot_share": 2},
        {"resamples": -1},
        {"level": 0.9},
    ):
        with pytest.raises(bp.ParameterError):
            bp.stability(incidents, hoods, **{**run, **wrong})


def test_results_travel_and_are_shown(found):
    found = pickle.loads(pickle.dumps(found))
    assert not found.grid.share.flags.writeable
    assert "36 neighbourhoods" in repr(found)
    assert "12 settings" in repr(found.grid)
    pytest.importorskip("matplotlib").use("agg")
    ax = found.plot()
    assert len(ax.patches) == (found.grid.share > 0).sum()
    with pytest.raises(bp.ParameterError):
        found.plot(kind="cells")
