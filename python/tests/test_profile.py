"""Profiles: what SciPy and NumPy make of the definitions."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import brandpunt as bp

PLAIN = {"crs": "planar"}


@pytest.fixture
def reports(rng):
    """Six hundred reports of four kinds over two years, and which of them are looked at."""
    n = 600
    inside = rng.random(n) < 0.3
    kind = np.where(
        inside, rng.choice(list("abcd"), n, p=[0.5, 0.2, 0.2, 0.1]), rng.choice(list("abcd"), n)
    )
    time = np.datetime64("2023-01-01T00:10") + rng.integers(0, 17_000, n) * np.timedelta64(1, "h")
    x = rng.integers(0, 150, n)
    incidents = bp.Incidents.from_xy(x, np.zeros(n), time=time, category=kind, **PLAIN)
    return incidents, inside, kind, time, x


def test_cells_are_those_of_scipy(reports):
    incidents, inside, kind, _, _ = reports
    found = bp.profile(incidents, within=inside, by="category", level=0.9)
    table = found["category"]
    here, there = int(inside.sum()), int((~inside).sum())
    p = []
    for i, name in enumerate(table.cell):
        a, b = int((kind[inside] == name).sum()), int((kind[~inside] == name).sum())
        counts = [[a, here - a], [b, there - b]]
        tails = [
            stats.fisher_exact(counts, alternative=side).pvalue for side in ("less", "greater")
        ]
        p.append(min(1.0, 2 * min(tails)))
        assert table.p[0, i] == pytest.approx(p[-1], rel=1e-9)
        assert table.quotient[0, i] == pytest.approx((a / here) / (b / there), rel=1e-12)
        limits = stats.binomtest(a, a + b).proportion_ci(0.9)
        assert table.low[0, i] == pytest.approx(limits.low / (1 - limits.low) * there / here)
        assert table.high[0, i] == pytest.approx(limits.high / (1 - limits.high) * there / here)
    np.testing.assert_allclose(table.q[0], stats.false_discovery_control(p), rtol=1e-9)


def test_whole_profiles_are_those_of_scipy(reports):
    incidents, inside, kind, _, _ = reports
    found = bp.profile(incidents, within=inside, by="category", permutations=9999, seed=1)
    table = found["category"]
    counts = [[(kind[s] == name).sum() for name in table.cell] for s in (inside, ~inside)]
    want = stats.chi2_contingency(counts, correction=False)
    assert table.statistic[0] == pytest.approx(want.statistic, rel=1e-10)
    shares = np.array(counts) / np.sum(counts, axis=1)[:, None]
    assert table.distance[0] == pytest.approx(np.abs(shares[0] - shares[1]).sum() / 2)
    assert table.profile_p[0] <= 0.001
    assert want.pvalue < 1e-4
    # Where nothing is, the drawn p is near that of the chi-square distribution.
    shuffled = bp.profile(incidents, within=np.arange(600) < 180, by="category", seed=1)
    counts = [
        [(kind[s] == name).sum() for name in table.cell] for s in (slice(180), slice(180, 600))
    ]
    want = stats.chi2_contingency(counts, correction=False)
    assert shuffled["category"].profile_p[0] == pytest.approx(want.pvalue, abs=0.07)


def test_a_small_profile_is_exact():
    kinds = ["a"] * 3 + ["b", "a"] + ["b"] * 5
    small = bp.Incidents.from_xy(range(10), [0] * 10, category=kinds, **PLAIN)
    found = bp.profile(small, within=np.arange(10) < 4, by="category")["category"]
    assert found.exact[0]
    assert found.profile_p[0] == pytest.approx(40 / 210, abs=1e-12)
    assert found.p[0, 0] == pytest.approx(50 / 210, abs=1e-12)


def test_clocks_are_those_of_pandas(reports):
    pandas = pytest.importorskip("pandas")
    incidents, inside, _, time, _ = reports
    by = ("hour", "weekday", "month", "season", "hour_of_week", "part_of_day", "part_of_week")
    found = bp.profile(incidents, within=inside, by=by, permutations=0)
    stamps = pandas.DatetimeIndex(time[inside])
    month = stamps.month
    for name, cell in {
        "hour": stamps.hour,
        "weekday": stamps.day_of_week,
        "month": month - 1,
        "season": month % 12 // 3,
        "hour_of_week": 24 * stamps.day_of_week + stamps.hour,
        "part_of_day": stamps.hour // 6,
        "part_of_week": 3 * (stamps.day_of_week > 4) + np.array([0, 1, 1, 2])[stamps.hour // 6],
    }.items():
        table = found[name]
        want = np.bincount(cell, minlength=len(table.cell))
        np.testing.assert_array_equal(table.count[0], want)
        assert table.left_out[0] == 0
    assert found["season"].cell.tolist() == ["winter", "spring", "summer", "autumn"]


def test_a_night_between_two_times_is_spread_over_its_hours():
    start = ["2021-10-31T00:30+02:00", "2021-10-31T12:30+01:00"]
    end = ["2021-10-31T04:00+01:00", "2021-10-31T12:30+01:00"]
    night = bp.Incidents.from_xy([0, 1], [0, 0], time=start, **PLAIN)
    found = bp.profile(night, within=[True, False], by="hour", end=end)["hour"]
    want = np.zeros(24)
    want[:4] = [1 / 9, 2 / 9, 4 / 9, 2 / 9]
    np.testing.assert_allclose(found.count[0], want, atol=1e-12)


def test_every_neighbourhood_and_crossed_tables(incidents, hoods):
    found = bp.profile(
        incidents, within=hoods, by=["category x part_of_day", "weekday"], permutations=99
    )
    counts = bp.count(incidents, hoods)
    np.testing.assert_array_equal(found.subset, hoods.code)
    np.testing.assert_array_equal(found.size, counts.values)
    assert found.outside == counts.outside
    crossed = found["category x part_of_day"]
    assert crossed.count.shape == (12, 12)
    used = crossed.used.astype(float)
    np.testing.assert_allclose(crossed.count.sum(axis=1), used)
    np.testing.assert_allclose(crossed.quotient, crossed.share / crossed.rest_share)
    one = bp.profile(incidents, within=hoods, by="weekday", seed=3, n_jobs=1)
    for n_jobs in (2, 3):
        other = bp.profile(incidents, within=hoods, by="weekday", seed=3, n_jobs=n_jobs)
        np.testing.assert_array_equal(other["weekday"].profile_p, one["weekday"].profile_p)


def test_places_and_reporters(reports):
    incidents, inside, _, _, x = reports
    reporter = [None if i % 7 == 0 else f"r{i % 40}" for i in range(600)]
    found = bp.profile(incidents, within=inside, by="category", reporter=reporter)
    counts = np.bincount(x[inside])
    counts = counts[counts > 0]
    n = counts.sum()
    assert found.places.places[0] == counts.size
    assert found.places.repeated[0] == (counts > 1).sum()
    assert found.places.repeat_share[0] == pytest.approx((counts - 1).sum() / n)
    assert found.places.busiest_share[0] == counts.max() / n
    known = [r for r, s in zip(reporter, inside, strict=True) if s and r]
    assert found.reporters.places[0] == len(set(known))
    assert found.reporters.unknown[0] == n - len(known)
    assert found.reporters.repeat_share[0] == pytest.approx(1 - len(set(known)) / len(known))
    named = bp.profile(incidents, within=inside, by="category", address=[str(v) for v in x])
    assert named.places.places[0] == counts.size


def test_two_hotspots_beside_each_other(reports):
    incidents, inside, kind, _, _ = reports
    first, second = inside, ~inside & (np.arange(600) < 400)
    found = bp.compare_profiles(incidents, first, second, by="category", seed=0)
    assert (found.size[0], found.rest[0]) == (first.sum(), second.sum())
    table = found["category"]
    a, b = np.mean(kind[first] == table.cell[0]), np.mean(kind[second] == table.cell[0])
    assert table.quotient[0, 0] == pytest.approx(a / b)
    with pytest.raises(bp.ParameterError, match="one of the two"):
        bp.compare_profiles(incidents, first, first, by="category")


def test_traits_are_the_largest_excesses(reports):
    incidents, inside, _, _, _ = reports
    found = bp.profile(incidents, within=inside)
    traits = found.traits()
    assert traits[0].by == "category"
    assert traits[0].cell == "a"
    assert traits[0].quotient > 1.5
    assert traits[0].q <= 0.05
    assert found.traits(level=0.0) == ()
    labelled = bp.profile(incidents, within=np.where(inside, "north", "south"), by="category")
    assert labelled.traits("north")[0].cell == "a"
    with pytest.raises(bp.ParameterError, match="west"):
        labelled.traits("west")


def test_what_cannot_be_answered_is_refused(reports):
    incidents, inside, _, _, _ = reports
    plain = bp.Incidents.from_xy([0, 1], [0, 0], **PLAIN)
    with pytest.raises(bp.InputError, match="missing_time"):
        bp.profile(plain, within=[True, False], by="hour")
    with pytest.raises(bp.InputError, match="missing_column"):
        bp.profile(plain, within=[True, False], by="category")
    with pytest.raises(bp.ParameterError, match="hour_of_week"):
        bp.profile(incidents, within=inside, by="year")
    with pytest.raises(bp.InputError, match="length_mismatch"):
        bp.profile(incidents, within=inside[1:])
    with pytest.raises(KeyError, match="hour"):
        bp.profile(incidents, within=inside, by="hour", permutations=0)["month"]


def test_profiles_travel_and_are_shown(reports):
    incidents, inside, _, _, _ = reports
    found = bp.profile(incidents, within=inside, by=("category", "hour_of_week"), permutations=99)
    found = pickle.loads(pickle.dumps(found))
    assert not found["category"].q.flags.writeable
    frame = found.to_pandas()
    assert len(frame) == 4 + 168
    assert frame["count"][:4].sum() == inside.sum()
    assert list(found.whole()["by"]) == ["category", "hour_of_week"]
    assert "by category, hour_of_week" in repr(found)
    pytest.importorskip("matplotlib").use("agg")
    ax = found.plot()
    assert [t.get_text() for t in ax.get_yticklabels()] == list(found["category"].cell)
    heat = found.plot(by="hour_of_week")
    assert heat.get_images()[0].get_array().shape == (7, 24)


def test_without_the_police(incidents, hoods, rng):
    x, y = np.asarray(incidents.x), np.asarray(incidents.y)
    patrol = (x < 141_000) & (y < 481_000) & (rng.random(x.size) < 0.7)
    source = np.where(patrol, "patrol", "citizen")
    found = bp.without_source(incidents, "patrol", source=source, neighbourhoods=hoods, top=3)
    np.testing.assert_array_equal(found.all, bp.count(incidents, hoods).values)
    assert found.all.sum() - found.without.sum() == pytest.approx(found.all[0] - found.without[0])
    rho = stats.spearmanr(found.all, found.without).statistic
    assert found.spearman == pytest.approx(rho)
    ranks = stats.rankdata(-found.without) - stats.rankdata(-found.all)
    np.testing.assert_allclose(found.rank_shift, ranks)
    assert len(found.to_pandas()) == 12
    assert "Jaccard" in repr(found)
    hot = bp.without_source([3, 2, 1], [0, 2, 1], hot=([True, True, False], [False, True, False]))
    assert hot.jaccard == 0.5
    assert hot.only_with.tolist() == [True, False, False]
    with pytest.raises(bp.InputError, match="citizen, patrol"):
        bp.without_source(incidents, "guard", source=source, neighbourhoods=hoods)
    with pytest.raises(bp.ParameterError, match="neighbourhoods"):
        bp.without_source(incidents, "patrol")
    with pytest.raises(bp.InputError, match="source="):
        bp.without_source(incidents, "patrol", neighbourhoods=hoods)


def test_sources_come_from_the_file(incidents, hoods, tmp_path):
    kinds = np.array(["online", "Politie", "Telefoon"])[np.arange(len(incidents)) % 3]
    frame = pd.DataFrame({"x": incidents.x, "y": incidents.y, "bron": kinds})
    frame.to_csv(tmp_path / "meldingen.csv", index=False)
    read = bp.read_incidents(tmp_path / "meldingen.csv", crs=incidents.crs)
    np.testing.assert_array_equal(read.source, kinds)
    np.testing.assert_array_equal(read.came_from("police"), kinds == "Politie")
    by_kind = bp.without_source(read, "police", neighbourhoods=hoods)
    given = bp.without_source(incidents, ["Politie"], source=kinds, neighbourhoods=hoods)
    np.testing.assert_array_equal(by_kind.without, given.without)


def test_reporting_is_worst_in_a_corner(rng):
    counts = rng.poisson(30, 40)
    found = bp.reporting_rate(counts, between=(0.6, 0.9), top=8)
    for i in range(40):
        truth = counts / 0.6
        truth[i] = counts[i] / 0.9
        assert found.stays[i] == (np.sum(truth > truth[i]) < 8)
    np.testing.assert_array_equal(found.stays, found.margin >= 1.5)
    assert (found.stays <= found.stands_out).all()
    assert (found.stands_out <= found.possible).all()
    assert "areas stay" in repr(found)
    with pytest.raises(bp.ParameterError, match="between"):
        bp.reporting_rate(counts, between=(0, 1))
