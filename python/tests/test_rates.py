"""Rates and changes: the intervals and p-values of SciPy."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import scipy.stats

import brandpunt as bp

COUNTS = np.array([0, 1, 3, 7, 40, 1_000, 250_000])
PEOPLE = np.array([800.0, 95.0, 1_500.0, 2_000.0, 9_000.0, 80_000.0, 2e6])


@pytest.mark.parametrize("level", [0.8, 0.95, 0.999])
def test_exact_intervals_are_quantiles_of_chi_squared(level):
    found = bp.rates(COUNTS, PEOPLE, level=level, per=1000)
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(COUNTS == 0, 0, scipy.stats.chi2.ppf(tail, 2 * COUNTS) / 2)
    high = scipy.stats.chi2.isf(tail, 2 * (COUNTS + 1)) / 2
    np.testing.assert_allclose(found.rate, 1000 * COUNTS / PEOPLE, rtol=1e-14)
    np.testing.assert_allclose(found.low, 1000 * low / PEOPLE, rtol=1e-9)
    np.testing.assert_allclose(found.high, 1000 * high / PEOPLE, rtol=1e-9)
    # At its own ends the count is just as rare as the level says.
    ends = found.high * PEOPLE / 1000
    np.testing.assert_allclose(scipy.stats.poisson.cdf(COUNTS, ends), tail, rtol=1e-7)


def test_byar_is_near_exact():
    exact, byar = bp.rates(COUNTS, PEOPLE), bp.rates(COUNTS, PEOPLE, interval="byar")
    np.testing.assert_allclose(byar.high[3:], exact.high[3:], rtol=0.01)
    assert (byar.high != exact.high).any()


def test_smoothing_draws_small_areas_in():
    found = bp.rates(COUNTS, PEOPLE, smoothing="global")
    common = 1000 * COUNTS.sum() / PEOPLE.sum()
    assert (np.abs(found.smoothed - common) <= np.abs(found.rate - common) + 1e-9).all()
    ring = bp.Weights.lattice((1, 7))
    local = bp.rates(COUNTS, PEOPLE, smoothing="local", weights=ring)
    assert not np.allclose(local.smoothed, found.smoothed)
    assert found.to_pandas().columns.tolist() == ["rate", "low", "high", "smoothed"]
    assert bp.rates(COUNTS, PEOPLE).smoothed is None


def test_unknown_people_are_no_rate():
    found = bp.rates(pd.Series([5, 5], index=["a", "b"]), [float("nan"), 0.0])
    for name in ("rate", "low", "high"):
        assert np.isnan(getattr(found, name)).all()
    assert found.to_pandas().index.tolist() == ["a", "b"]


def test_changes_are_conditional_binomials():
    before, then = COUNTS[::-1].copy(), PEOPLE[::-1].copy()
    found = bp.change(COUNTS, PEOPLE, before, then)
    for i, (count, total) in enumerate(zip(COUNTS, COUNTS + before, strict=True)):
        share = PEOPLE[i] / (PEOPLE[i] + then[i])
        test = scipy.stats.binomtest(int(count), int(total), share)
        tails = (
            scipy.stats.binom.cdf(count, total, share),
            scipy.stats.binom.sf(count - 1, total, share),
        )
        np.testing.assert_allclose(found.p[i], min(1, 2 * min(tails)), rtol=1e-7, atol=1e-300)
        ends = test.proportion_ci(method="exact")
        for got, end in ((found.low[i], ends.low), (found.high[i], ends.high)):
            odds = np.inf if end == 1 else end / (1 - end) * then[i] / PEOPLE[i]
            np.testing.assert_allclose(got, odds, rtol=1e-7)
    known = before > 0
    ratio = (COUNTS / PEOPLE)[known] / (before / then)[known]
    np.testing.assert_allclose(found.ratio[known], ratio, rtol=1e-14)
    assert np.isnan(found.ratio[~known]).all()
    np.testing.assert_allclose(found.q, scipy.stats.false_discovery_control(found.p), rtol=1e-12)
    assert set(found.status) <= {"lower", "higher", "no clear change", "cannot tell"}
    back = pickle.loads(pickle.dumps(found))
    np.testing.assert_array_equal(back.status, found.status)


@pytest.mark.parametrize(
    ("call", "kind", "said"),
    [
        (lambda: bp.rates([1.5], [100]), bp.InputError, "not_an_integer"),
        (lambda: bp.rates([float("nan")], [100]), bp.InputError, "position 0"),
        (lambda: bp.rates([-1], [100]), bp.InputError, "negative"),
        (lambda: bp.rates([1], [-99997]), bp.InputError, "NaN where no number is published"),
        (lambda: bp.rates([1, 2], [100]), bp.InputError, "length_mismatch"),
        (lambda: bp.rates([1], [100], level=95), bp.ParameterError, "level"),
        (lambda: bp.rates([1], [100], per=0), bp.ParameterError, "per"),
        (lambda: bp.rates([1], [100], interval="wald"), bp.ParameterError, "interval"),
        (lambda: bp.rates([1], [100], smoothing="some"), bp.ParameterError, "smoothing"),
        (lambda: bp.rates([1], [100], smoothing="local"), bp.ParameterError, "weights"),
        (lambda: bp.change([1], [100], [1], [100], correction="?"), bp.ParameterError, "fdr"),
    ],
)
def test_what_is_no_rate_is_said(call, kind, said):
    with pytest.raises(kind, match=said):
        call()
