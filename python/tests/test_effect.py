"""Effects of measures: the published example, SciPy's Fisher test, and simulated nulls."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from scipy import stats

import brandpunt as bp


def test_the_published_example_holds():
    found = bp.intervention_effect([100, 50], [80, 60], treated=[0], control=[1], level=0.9)
    assert found.value == -30
    assert found.se == pytest.approx(17.029386365926403, abs=1e-12)
    assert found.low == pytest.approx(-58.01084792875199, abs=1e-9)
    assert found.high == pytest.approx(-1.9891520712480073, abs=1e-9)
    assert found.z == pytest.approx(-1.7616606585441104, abs=1e-12)
    assert found.p == pytest.approx(2 * stats.norm.cdf(found.z), rel=1e-12)
    assert found.total.p_less == pytest.approx(stats.norm.cdf(found.z), rel=1e-12)
    assert found.percent == pytest.approx(-100 / 3)
    odds = stats.contingency.odds_ratio([[80, 100], [60, 50]], kind="sample")
    interval = odds.confidence_interval(0.9)
    assert found.ratio == pytest.approx(odds.statistic)
    assert found.ratio_low == pytest.approx(interval.low)
    assert found.ratio_high == pytest.approx(interval.high)
    assert found.displacement is None


def test_areas_by_label_and_displacement(incidents, hoods):
    years = bp.count(incidents, hoods, step="year").values
    before, after = years[:, 0], years[:, 1]
    groups = {
        "treated": ["BU00", "BU01"],
        "control": ["BU10"],
        "displacement": ["BU04", "BU05"],
        "displacement_control": ["BU07"],
    }
    found = bp.intervention_effect(before, after, areas=hoods.code, lengths=(12, 6), **groups)
    change = after - 0.5 * before
    spread = after + 0.25 * before
    local = change[0] + change[1] - change[10]
    moved = change[4] + change[5] - change[7]
    assert found.local.value == pytest.approx(local)
    assert found.displacement.value == pytest.approx(moved)
    assert found.value == pytest.approx(local + moved)
    assert found.se == pytest.approx(np.sqrt(spread[[0, 1, 10, 4, 5, 7]].sum()))
    assert found.counts["treated"] == (before[:2].sum(), after[:2].sum())
    assert list(found.to_pandas().index) == ["total", "local", "displacement"]
    assert pickle.loads(pickle.dumps(found)).value == found.value
    for wrong in (
        {"treated": ["BU99"]},
        {"treated": ["BU10"]},
        {"displacement_control": None},
        {"lengths": (0, 1)},
        {"dispersion": 0.1},
    ):
        with pytest.raises((bp.InputError, bp.ParameterError)):
            bp.intervention_effect(before, after, areas=hoods.code, **{**groups, **wrong})
    with pytest.raises(bp.ParameterError):
        bp.intervention_effect(before, after, treated=[0], control=[-1])


def test_shares_are_tested_as_scipy_does(rng):
    base = rng.poisson(rng.gamma(2, 4, 60))
    test = rng.poisson(rng.gamma(2, 3, 60))
    base[7] = test[7] = 0
    found = bp.sppt(base, test)
    for b, t, p in zip(base, test, found.p, strict=True):
        if b + t == 0:
            assert np.isnan(p)
            continue
        counts = [[b, t], [base.sum() - b, test.sum() - t]]
        sides = [
            stats.fisher_exact(counts, alternative=side).pvalue for side in ("less", "greater")
        ]
        assert p == pytest.approx(min(1, 2 * min(sides)), rel=1e-9)
    np.testing.assert_allclose(found.q, bp.adjust_p(found.p), rtol=1e-12)
    differs = found.q <= 0.05
    assert found.s == 1 - differs.sum() / 60
    assert found.robust_s == pytest.approx(1 - differs.sum() / 59)
    np.testing.assert_array_equal(
        found.direction[differs], np.sign(found.test_share - found.base_share)[differs]
    )


def test_parts_are_those_of_numpy(rng):
    base, test = np.array([30, 40, 30]), np.array([300, 450, 250])
    found = bp.sppt(base, test, method="resampled", draws=2000, seed=1)
    parts = rng.multivariate_hypergeometric(test, 850, size=20_000) / 850
    np.testing.assert_allclose(found.low, np.quantile(parts, 0.025, axis=0), atol=0.002)
    np.testing.assert_allclose(found.high, np.quantile(parts, 0.975, axis=0), atol=0.002)
    np.testing.assert_array_equal(found.direction, [0, 1, -1])
    again = bp.sppt(base, test, method="resampled", draws=2000, seed=1, n_jobs=1)
    np.testing.assert_array_equal(again.low, found.low)
    assert bp.sppt(test, test, method="resampled", seed=0).s == 1


def test_results_travel_and_are_shown():
    found = pickle.loads(pickle.dumps(bp.sppt([40, 30, 30], [10, 60, 55])))
    assert not found.p.flags.writeable
    assert len(found.to_pandas()) == len(found) == 3
    assert "1 smaller" in repr(found)
    with pytest.raises(bp.ParameterError, match="method"):
        bp.sppt([1], [1], method="andresen")
    with pytest.raises(bp.InputError, match="no_rows"):
        bp.sppt([0], [1])
