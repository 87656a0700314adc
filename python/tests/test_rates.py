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


def test_changes_come_by_level_and_add_up():
    people = pd.Series([1_000.0, 400, 2_000, np.nan], index=["a", "b", "c", "d"])
    counts = pd.Series([12, 3, 40, 9], index=people.index)
    before, then = [20, 2, 60, 7], [900, 500, 1_800, 300]
    found = bp.change(counts, people, before, then, groups=["z", "y", "z", "y"], target=0.9)
    assert found.groups.group.tolist() == ["z", "y"]
    assert found.groups.left_out.tolist() == [0, 1]
    sums = bp.change([52, 3], [3_000, 400], [80, 2], [2_700, 500])
    np.testing.assert_array_equal(found.groups.ratio, sums.ratio)
    np.testing.assert_array_equal(found.groups.q, sums.q)
    assert found.city.count.tolist() == [55]
    assert found.city.left_out.tolist() == [1]
    parts = (found.from_rate + found.from_population)[:3]
    np.testing.assert_allclose(parts, (counts - before)[:3], rtol=1e-12)
    frame = found.to_pandas()
    assert frame.index.tolist() == ["a", "b", "c", "d"]
    assert frame["target_status"].tolist()[3] == "cannot tell"
    assert found.quasi_low is None
    assert "quasi_low" not in frame
    assert found.groups.to_pandas()["group"].tolist() == ["z", "y"]


def test_the_e_test_is_that_of_scipy():
    now, then = np.array([61, 3, 0, 9]), np.array([84, 11, 4, 9])
    found = bp.change(now, [42_000.0, 50, 70, 20], then, [40_000.0, 60, 90, 21])
    for i, (people, before) in enumerate([(42_000.0, 40_000), (50, 60), (70, 90), (20, 21)]):
        test = scipy.stats.poisson_means_test(now[i], people, then[i], before)
        np.testing.assert_allclose(found.p_e_test[i], test.pvalue, rtol=1e-7)


def test_series_make_wider_intervals():
    monthly = np.array([[4, 4, 4, 4], [0, 8, 0, 8], [0, 0, 0, 0]])
    ratio = bp.series_dispersion(monthly)
    np.testing.assert_allclose(ratio, [0, 16 / 3, np.nan])
    same = bp.series_dispersion(monthly, groups=["x", "x", "y"])
    np.testing.assert_allclose(same, [8 / 3, 8 / 3, np.nan])
    plain = bp.change([61], [42_000], [84], [40_000], overdispersion=1)
    wide = bp.change([61], [42_000], [84], [40_000], overdispersion=[2.5])
    np.testing.assert_allclose(plain.quasi_low, plain.low, rtol=1e-9)
    np.testing.assert_allclose(plain.quasi_p, plain.p, rtol=1e-9)
    assert wide.quasi_low < plain.low < plain.high < wide.quasi_high
    assert (wide.status[0], wide.quasi_status[0]) == ("lower", "no clear change")
    # Clopper-Pearson of counts divided by the ratio, by the quantiles of the beta distribution.
    k, n = 61 / 2.5, 145 / 2.5
    low = scipy.stats.beta.ppf(0.025, k, n - k + 1)
    np.testing.assert_allclose(wide.quasi_low, low / (1 - low) * 40 / 42, rtol=1e-8)


def test_an_estimated_overdispersion_widens_as_students_t():
    found = bp.change([61], [42_000], [84], [40_000], overdispersion=2.5, overdispersion_freedom=11)
    k, n = 61 / 2.5, 145 / 2.5
    tail = scipy.stats.norm.sf(scipy.stats.t.isf(0.025, 11))
    low = scipy.stats.beta.ppf(tail, k, n - k + 1)
    np.testing.assert_allclose(found.quasi_low, low / (1 - low) * 40 / 42, rtol=1e-8)
    plain = bp.change([61], [42_000], [84], [40_000], overdispersion=2.5)
    z = scipy.stats.norm.isf(plain.quasi_p / 2)
    np.testing.assert_allclose(found.quasi_p, 2 * scipy.stats.t.sf(z, 11), rtol=1e-8)


def test_standardised_rates_and_ratios():
    counts = np.array([[8, 2], [32, 1], [0, 0]])
    people = np.array([[200.0, 400], [800, 200], [100, np.nan]])
    direct = bp.direct_standardisation(counts, people, standard=[1, 3])
    np.testing.assert_allclose(direct.rate, [13.75, 13.75, np.nan])
    # Dobson and others, with the exact limits from the quantiles of chi-square.
    weights = np.array([0.25, 0.75])
    total = counts[:2].sum(axis=1)
    scale = np.sqrt((weights**2 * counts[:2] / people[:2] ** 2).sum(axis=1) / total)
    for got, limit in (
        (direct.low, scipy.stats.chi2.ppf(0.025, 2 * total) / 2),
        (direct.high, scipy.stats.chi2.isf(0.025, 2 * total + 2) / 2),
    ):
        np.testing.assert_allclose(got[:2], 13.75 + 1000 * scale * (limit - total), rtol=1e-9)
    indirect = bp.indirect_standardisation(counts, people)
    np.testing.assert_array_equal(indirect.observed, [10, 33, 0])
    rates = [40 / 1_100, 3 / 600]
    np.testing.assert_allclose(indirect.expected[:2], people[:2] @ rates)
    assert np.isnan(indirect.ratio[2])
    given = bp.indirect_standardisation([10, 33, 0], people, standard_rates=rates)
    np.testing.assert_allclose(given.ratio, indirect.ratio)


def test_a_funnel_says_what_its_limits_say():
    counts = np.array([9, 30, 3, 0, 20])
    people = np.array([1_000, 1_000, np.nan, 1_000, 1_000])
    found = bp.funnel(counts, people, rate=10)
    assert found.status.tolist() == ["within", "far above", "cannot tell", "far below", "above"]
    tails = scipy.stats.poisson(10)
    assert tails.sf(np.floor(found.high[0]) - 1) > 0.025 > tails.sf(np.ceil(found.high[0]) - 1)
    pytest.importorskip("matplotlib").use("agg")
    ax = found.plot()
    assert ax.get_xlabel() == "people"
    assert len(ax.get_lines()) == 7
    assert found.to_pandas()["status"].tolist() == found.status.tolist()


def test_a_trend_is_a_quasi_poisson_model():
    counts = [[120, 98, 131, 88, 70, 92, 61], [0] * 7]
    people = [[10_000, 10_100, 10_250, 10_400, 10_380, 10_500, 10_700], [1_000] * 7]
    found = bp.trend(counts, people, years=range(2013, 2020))
    # Iteratively reweighted least squares in NumPy.
    np.testing.assert_allclose(found.ratio, [0.8994970540281242, np.nan], rtol=1e-9)
    np.testing.assert_allclose(found.low[0], 0.819573275720575, rtol=1e-9)
    assert found.status.tolist() == ["falling", "cannot tell"]
    assert found.unusual == (False,) * 7
    pytest.importorskip("matplotlib").use("agg")
    assert found.plot(0).get_ylabel() == "incidents per 1,000 people"
    late = bp.trend(counts[0], people[0], years=range(2017, 2024), exclude_unusual=True)
    assert late.years_used.tolist() == [4]
    assert sum(late.unusual) == 3
