"""Concentration and repeat addresses: what NumPy and SciPy make of the definitions."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from scipy import stats

import brandpunt as bp

GOLDEN = [0] * 40 + [1] * 6 + [2, 2, 5]


def test_the_golden_counts_hold():
    found = bp.concentration(GOLDEN, simulations=0)
    assert found.gini == pytest.approx(0.873469388, abs=1e-9)
    assert found.generalised_gini == pytest.approx(0.586666667, abs=1e-9)
    assert found.theil == pytest.approx(1.905088649, abs=1e-9)
    assert found.units_share == 6 / 49
    assert np.isnan(found.p)
    assert np.isnan(found.expected_gini)
    even = bp.concentration([0] * 15 + [1] * 5, simulations=0)
    assert (even.gini, even.generalised_gini) == (0.75, 0.0)


def test_measures_are_those_of_the_definitions(rng):
    counts = rng.negative_binomial(0.4, 0.1, 300)
    wijk = rng.integers(0, 9, 300)
    found = bp.concentration(counts, groups=wijk, simulations=0)
    x = counts / counts.mean()
    differences = np.abs(x[:, None] - x).mean() / 2
    assert found.gini == pytest.approx(differences, abs=1e-12)
    t = np.mean(x * np.log(np.where(x > 0, x, 1)))
    assert found.theil == pytest.approx(t, abs=1e-12)
    shares = np.array([counts[wijk == w].sum() for w in range(9)]) / counts.sum()
    sizes = np.bincount(wijk, minlength=9) / 300
    assert found.theil_between == pytest.approx(np.sum(shares * np.log(shares / sizes)), abs=1e-12)
    assert found.theil_between + found.theil_within == pytest.approx(t, abs=1e-12)
    descending = np.cumsum(np.sort(counts)[::-1])
    assert found.units_share == (np.argmax(descending >= 0.8 * counts.sum()) + 1) / 300
    assert found.top_share == pytest.approx(descending[14] / counts.sum(), abs=1e-12)
    curve = np.r_[0, np.cumsum(np.sort(counts))] / counts.sum()
    np.testing.assert_allclose(found.lorenz[:, 1], curve, atol=1e-12)


def test_chance_is_that_of_numpy(rng):
    counts = rng.multinomial(90, np.full(60, 1 / 60))
    found = bp.concentration(counts, simulations=1999, seed=1)
    maps = np.sort(rng.multinomial(90, np.full(60, 1 / 60), size=4000), axis=1)
    ginis = (2 * maps @ np.arange(1, 61) / 90 - 61) / 60
    error = 4 * ginis.std() / np.sqrt(1999)
    assert found.expected_gini == pytest.approx(ginis.mean(), abs=2 * error)
    assert found.low_gini == pytest.approx(np.quantile(ginis, 0.025), abs=4 * error)
    assert found.high_gini == pytest.approx(np.quantile(ginis, 0.975), abs=4 * error)
    share = np.mean(ginis >= found.gini)
    assert found.p == pytest.approx(share, abs=4 * np.sqrt(0.25 / 1999) * 2)


def test_the_seed_and_not_the_threads_make_the_result():
    one = bp.concentration(GOLDEN, seed=5, n_jobs=1)
    for n_jobs in (2, 3, 7):
        other = bp.concentration(GOLDEN, seed=5, n_jobs=n_jobs)
        np.testing.assert_array_equal(other.band_low, one.band_low)
        assert other.p == one.p
    assert bp.concentration(GOLDEN, seed=6).expected_gini != one.expected_gini


def test_counts_of_areas_and_periods(incidents, hoods):
    counts = bp.count(incidents, hoods)
    found = bp.concentration(counts, groups=["a"] * 6 + ["b"] * 6, seed=0)
    assert found.total == counts.values.sum()
    months = bp.concentration(bp.count(incidents, hoods, step="year"), seed=0)
    timed = bp.count(incidents, hoods, step="year").values.sum()
    assert months.total == timed


def test_what_is_no_count_is_refused():
    with pytest.raises(bp.InputError, match="not_an_integer"):
        bp.concentration([1.5, 2])
    with pytest.raises(bp.InputError, match="negative_value"):
        bp.concentration([1, -2])
    with pytest.raises(bp.InputError, match="position 1"):
        bp.concentration([1, 2], groups=["a", None])
    with pytest.raises(bp.ParameterError, match="share"):
        bp.concentration([1, 2], share=1.5)
    nothing = bp.concentration([0, 0, np.nan])
    assert np.isnan(nothing.gini)
    assert nothing.missing == 1
    assert nothing.warnings[0].code == "too_few_incidents"


def test_results_travel_and_are_shown():
    found = pickle.loads(pickle.dumps(bp.concentration(GOLDEN, seed=0)))
    assert not found.lorenz.flags.writeable
    frame = found.to_pandas()
    assert frame.loc["gini", "value"] == found.gini
    assert frame.loc["units_share", "p"] == found.p_units_share
    assert "15 incidents on 49 units" in repr(found)
    pytest.importorskip("matplotlib").use("agg")
    ax = found.plot()
    assert ax.get_xlim() == (0, 1)
    assert len(ax.get_lines()) == 3


@pytest.fixture
def reports(rng):
    """Four hundred reports of some two years at eighty addresses, a few without a time."""
    address = rng.integers(0, 80, 400) * rng.integers(0, 2, 400)
    time = np.datetime64("2022-01-01T00:00:00") + rng.integers(0, 6e7, 400).astype("m8[s]")
    time[:5] = np.datetime64("NaT")
    x = 143_000.0 + address
    return bp.Incidents.from_xy(x, np.full(400, 487_000.0), crs="EPSG:28992", time=time), address


def test_time_to_the_next_report_is_that_of_scipy(reports):
    incidents, _ = reports
    found = bp.repeat_addresses(incidents, within=[1, 5, 40.5, 200], end="2024-06-01")
    known = ~np.isnan(found.days_to_next)
    assert known.sum() == 395
    assert found.without_time == 5
    days, repeated = found.days_to_next[known], found.repeated[known]
    sample = stats.CensoredData.right_censored(days, ~repeated)
    survival = stats.ecdf(sample).sf
    limits = survival.confidence_interval(0.95, method="log-log")
    at = np.searchsorted(survival.quantiles, found.curve_days)
    np.testing.assert_array_equal(survival.quantiles[at], found.curve_days)
    np.testing.assert_allclose(1 - survival.probabilities[at], found.curve_share, atol=1e-12)
    np.testing.assert_allclose(1 - limits.high.probabilities[at], found.curve_low, atol=1e-9)
    np.testing.assert_allclose(1 - limits.low.probabilities[at], found.curve_high, atol=1e-9)
    np.testing.assert_allclose(found.within_share, 1 - survival.evaluate(found.within), atol=1e-12)


def test_gaps_and_scores_are_those_of_pandas_and_scipy(reports):
    pandas = pytest.importorskip("pandas")
    incidents, address = reports
    found = bp.repeat_addresses(incidents)
    frame = pandas.DataFrame({"address": address, "time": found.days_to_next})
    counts = frame.groupby("address").size().sort_values(ascending=False)
    np.testing.assert_array_equal(found.count, counts)
    assert found.repeat_share == (400 - len(counts)) / 400
    assert found.busiest_share == counts.iloc[0] / 400
    assert found.reports @ found.places == 400
    tested = np.flatnonzero(~np.isnan(found.p))
    assert tested.size > 5
    clock = np.asarray(incidents.time).astype("M8[s]")
    for number in tested:
        rows = np.flatnonzero(found.address == number)
        rows = rows[~np.isnan(found.days_to_next[rows])]
        rows = rows[np.argsort(clock[rows])]
        gaps = found.days_to_next[rows][:-1]
        pairs = np.sign(gaps - gaps[:, None])[np.triu_indices(len(gaps), 1)]
        assert found.score[number] == pairs.sum()
        if len(gaps) <= 30:
            tau = stats.kendalltau(np.arange(len(gaps)), gaps, alternative="less", method="exact")
            assert found.p[number] == pytest.approx(tau.pvalue, rel=1e-9)
    np.testing.assert_allclose(found.q, bp.adjust_p(found.p), rtol=1e-12)


def test_labels_end_and_threads(reports):
    incidents, address = reports
    one = bp.repeat_addresses(incidents, n_jobs=1)
    for other in (
        bp.repeat_addresses(incidents, n_jobs=3),
        bp.repeat_addresses(incidents, address=[f"street {a}" for a in address]),
    ):
        np.testing.assert_array_equal(other.days_to_next, one.days_to_next)
        np.testing.assert_array_equal(other.p, one.p)
        assert other.p_shorter == one.p_shorter
    later = bp.repeat_addresses(incidents, end="2030-01-01")
    assert later.end == np.datetime64("2029-12-31T23:00:00")
    open_ended = ~one.repeated & ~np.isnan(one.days_to_next)
    assert (later.days_to_next[open_ended] > one.days_to_next[open_ended] + 1000).all()
    with pytest.raises(bp.ParameterError, match="end"):
        bp.repeat_addresses(incidents, end="2022-06-01")
    with pytest.raises(bp.InputError, match="length_mismatch"):
        bp.repeat_addresses(incidents, address=address[1:])
    with pytest.raises(bp.ParameterError, match="within"):
        bp.repeat_addresses(incidents, within=[-1])


def test_repeats_travel_and_are_shown(reports):
    found = pickle.loads(pickle.dumps(bp.repeat_addresses(reports[0])))
    assert not found.p.flags.writeable
    assert len(found.to_pandas()) == len(found)
    assert "400 reports on" in repr(found)
    assert "within 7 days" in repr(found)
    pytest.importorskip("matplotlib").use("agg")
    assert found.plot().get_ylim() == (0, 1)


def test_without_times_only_shares_are_known():
    reports = bp.Incidents.from_xy([0, 0, 1], [0, 0, 1], crs="planar")
    found = bp.repeat_addresses(reports)
    assert found.repeat_share == 1 / 3
    assert found.end is None
    assert np.isnan(found.within_share).all()
    assert found.warnings[0].code == "times"
