"""Choice of a bandwidth: the scores of plain sums and of scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest

import brandpunt as bp

METHODS = ["scott", "diggle", "lscv", "likelihood", "cvl"]
CANDIDATES = np.array([60.0, 130.0, 300.0, 700.0])


@pytest.fixture
def places():
    rng = np.random.default_rng(8)
    middles = rng.uniform(0, 4000, (12, 2))
    points = np.repeat(middles, 10, axis=0) + rng.normal(0, 250, (120, 2))
    return np.abs(points)


def incidents_of(points):
    return bp.Incidents.from_xy(*points.T, crs="planar")


def gauss(points, h):
    d2 = ((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=-1)
    return np.exp(-d2 / (2 * h * h)) / (2 * np.pi * h * h) * 1e6


def elsewhere(points):
    return (points[:, None, :] != points[None, :, :]).any(axis=-1)


def test_the_likelihood_is_that_of_scikit_learn(places):
    neighbors = pytest.importorskip("sklearn.neighbors")
    found = bp.select_bandwidth(incidents_of(places), method="likelihood", candidates=CANDIDATES)
    n = len(places)
    for h, score in zip(CANDIDATES, found.scores, strict=True):
        log = 0.0
        for i in range(n):
            peer = neighbors.KernelDensity(bandwidth=h, rtol=1e-12)
            peer.fit(np.delete(places, i, axis=0))
            log += peer.score_samples(places[i : i + 1])[0] + np.log((n - 1) * 1e6)
        np.testing.assert_allclose(score, log - n, rtol=1e-9)


def test_scott_is_that_of_scipy_for_a_normal_cloud():
    stats = pytest.importorskip("scipy.stats")
    points = np.random.default_rng(1).uniform(0, 1000, (1000, 2))
    found = bp.select_bandwidth(incidents_of(points), method="scott")
    # Of a flat cloud the standard deviation is less than the range over 1.349.
    spread = np.sqrt(points.var(axis=0, ddof=1).mean())
    factor = stats.gaussian_kde(points.T).factor
    np.testing.assert_allclose(factor, 0.316227766, rtol=1e-9)
    np.testing.assert_allclose(found.bandwidth, spread * factor, rtol=1e-12)
    assert np.isnan(found.scores).all()
    assert not found.at_boundary


@pytest.mark.parametrize("tied", [False, True])
def test_scores_are_plain_sums(places, tied):
    points = np.concatenate([places, places[:15], places[:5]]) if tied else places
    n = len(points)
    others = elsewhere(points)
    (width, height), incidents = np.ptp(points, axis=0), incidents_of(points)
    surface = width * height
    r = np.sqrt(((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=-1))[others]
    shared = surface - 2 * r * (width + height) / np.pi + r**2 / np.pi
    step = surface**2 / (n * (n - 1) * shared)

    def diggle(h):
        near = r <= 2 * h
        s = r[near]
        common = 2 * h * h * np.arccos(s / (2 * h)) - s / 2 * np.sqrt(4 * h * h - s * s)
        disc = np.pi * h * h
        first = (surface / n - 2 * step[r <= h].sum()) / disc
        return first + (common * step[near]).sum() / disc**2

    def lscv(h):
        left_out = (gauss(points, h) * others).sum(axis=1) / others.sum(axis=1)
        return gauss(points, h * np.sqrt(2)).mean() - 2 * left_out.mean()

    plain = {
        "diggle": diggle,
        "lscv": lscv,
        "likelihood": lambda h: np.log((gauss(points, h) * others).sum(axis=1)).sum() - n,
        "cvl": lambda h: (surface / 1e6 - (1 / gauss(points, h).sum(axis=1)).sum()) ** 2,
    }
    for method, score in plain.items():
        found = bp.select_bandwidth(incidents, method=method, candidates=CANDIDATES)
        np.testing.assert_allclose(found.scores, [score(h) for h in CANDIDATES], rtol=1e-9)
        best = found.scores.argmax() if method == "likelihood" else found.scores.argmin()
        assert found.bandwidth == CANDIDATES[best]
        assert found.at_boundary == (best in (0, 3))
        shares = [w.value for w in found.warnings if "share a place" in w.message]
        assert shares == ([35 / 140] if tied else [])


@pytest.mark.parametrize("method", METHODS)
def test_a_choice_feeds_a_density(places, method):
    incidents = incidents_of(places)
    found = bp.select_bandwidth(incidents, method=method)
    surface = bp.kernel_density(incidents, bandwidth=found, cell_size=100, kernel="gaussian")
    factor = 0.5 if method == "diggle" else 1.0
    np.testing.assert_allclose(surface.bandwidth, found.bandwidth * factor, rtol=1e-12)
    assert found.equivalent("quartic") == pytest.approx(8**0.5 * surface.bandwidth)
    assert found.method == method
    assert "quartic" in repr(found)
    assert list(found.to_pandas()["candidate"]) == list(found.candidates)
    with pytest.raises(ValueError, match="read-only"):
        found.candidates[0] = 1


def test_the_curve_is_drawn(places):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    found = bp.select_bandwidth(incidents_of(places), method="cvl")
    ax = found.plot()
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), found.candidates)
    assert found.plot(ax=ax) is ax
    matplotlib.pyplot.close("all")


def test_options_that_make_no_sense(places):
    incidents = incidents_of(places)
    with pytest.raises(bp.ParameterError, match="likelihood"):
        bp.select_bandwidth(incidents, method="silverman")
    with pytest.raises(bp.ParameterError, match="candidates"):
        bp.select_bandwidth(incidents, method="lscv", candidates=[200, 100])
    with pytest.raises(bp.InputError, match="two places"):
        bp.select_bandwidth(incidents_of(places[:1]), method="scott")
    floored = bp.select_bandwidth(incidents, method="lscv", least=100)
    assert floored.candidates.min() >= 100


def test_a_study_area_leaves_out_what_lies_beyond(incidents, hoods):
    found = bp.select_bandwidth(incidents, method="likelihood", within=hoods)
    assert np.isfinite(found.scores[-1])
    with pytest.raises(bp.ParameterError, match="rectangles"):
        bp.select_bandwidth(incidents, method="diggle", within=hoods)
