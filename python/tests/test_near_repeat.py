"""Knox's test and the near-repeat table, beside published results and SciPy."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.stats import hypergeom, poisson

import brandpunt as bp


def dated(x, y, days, **options):
    time = np.datetime64("2020-01-01") + np.asarray(days).astype("timedelta64[D]")
    return bp.Incidents.from_xy(x, y, crs="planar", time=time, **options)


@pytest.fixture
def thrown(rng):
    n = 800
    return rng.uniform(0, 3000, n).round(), rng.uniform(0, 3000, n).round(), rng.integers(0, 200, n)


def test_six_incidents_by_hand():
    found = bp.knox(
        dated([0, 30, 0, 500, 520, 900], [0, 0, 40, 500, 500, 100], [0, 1, 3, 10, 11, 30]),
        distances=60,
        days=4,
        permutations=9_999,
        seed=3,
    )
    assert (found.observed, found.close_in_space, found.close_in_time) == (4, 4, 4)
    assert found.expected == pytest.approx(16 / 15, rel=1e-14)
    # 12 of all 720 orders of the times have as many.
    assert found.p == pytest.approx(1 / 60, abs=4 * (59 / 3600 / 10_000) ** 0.5)


def test_near_repeats_of_chicago(shared):
    """The output of the Near Repeat Calculator: a month of burglaries, counted exactly."""
    folder = shared / "reference" / "knox_near_repeat"
    with (folder / "chicago_be_month1.csv").open() as file:
        rows = list(csv.reader(file))
    expected = json.loads((folder / "expected.json").read_text())
    table = next(value for key, value in expected.items() if key.startswith("true_intervals"))
    incidents = bp.Incidents.from_xy(
        [float(row[0]) for row in rows],
        [float(row[1]) for row in rows],
        crs="planar",
        time=[row[2] for row in rows],
    )
    found = bp.near_repeat(
        incidents,
        distances=[0, 1, 101, 201, 301, np.inf],
        days=[0, 8, 15, 22, np.inf],
        metric="manhattan",
        permutations=99,
        seed=1,
    )
    np.testing.assert_array_equal(found.observed, table)
    n = len(incidents)
    assert found.observed.sum() == n * (n - 1) // 2


def test_burkitt(shared):
    """Knox and local Knox as printed by pointpats."""
    folder = shared / "reference" / "burkitt"
    x, y, t = np.loadtxt(folder / "burkitt.csv", delimiter=",", skiprows=1, unpack=True)
    expected = json.loads((folder / "expected.json").read_text())
    printed = expected["knox_delta20_tau5"]
    found = bp.knox(dated(x, y, t), distances=20, days=5, permutations=9_999, seed=1)
    assert found.observed == printed["statistic"]
    assert found.close_in_space == sum(printed["observed_2x2"][0])
    assert found.expected == pytest.approx(printed["expected_2x2"][0][0], rel=1e-8)
    # pointpats prints the chance of more, here it is that of as many or more.
    mean = printed["expected_2x2"][0][0]
    more = found.p_poisson - poisson.pmf(13, mean)
    assert more == pytest.approx(printed["p_poisson"], rel=1e-7)
    # 99 permutations gave 0.21.
    assert found.p == pytest.approx(printed["p_sim_99perm"], abs=4 * (0.21 * 0.79 / 100) ** 0.5)
    ids = expected["local_knox_nonzero_ids_0based"]
    np.testing.assert_array_equal(np.flatnonzero(found.local_observed > 0), ids)
    np.testing.assert_allclose(
        found.local_p_unconditional[ids], expected["local_knox_p_hypergeom"], rtol=0, atol=6e-9
    )


def test_tables_equal_pairs_of_scipy(thrown):
    x, y, days = thrown
    incidents = dated(x, y, days)
    found = bp.near_repeat(
        incidents, distances=[0, 0, 50, 100], days=[0, 7, 14], closed="right", permutations=9
    )
    pairs = cKDTree(np.c_[x, y]).query_pairs(100, output_type="ndarray")
    apart = np.hypot(*(np.c_[x, y][pairs[:, 0]] - np.c_[x, y][pairs[:, 1]]).T)
    delay = np.abs(days[pairs[:, 0]] - days[pairs[:, 1]])
    rows = [apart == 0, (apart > 0) & (apart <= 50), (apart > 50) & (apart <= 100)]
    columns = [delay <= 7, (delay > 7) & (delay <= 14)]
    assert found.observed.tolist() == [[int((r & c).sum()) for c in columns] for r in rows]
    knox = bp.knox(incidents, distances=100, days=7, permutations=9)
    close = delay <= 7
    assert knox.observed == close.sum()
    both = np.bincount(pairs[close].ravel(), minlength=len(x))
    near = np.bincount(pairs.ravel(), minlength=len(x))
    soon = (np.abs(days[:, None] - days) <= 7).sum(axis=1) - 1
    tail = hypergeom.sf(both - 1, len(x) - 1, soon, near)
    tested = (near > 0) & (soon > 0)
    np.testing.assert_allclose(knox.local_p[tested], tail[tested], rtol=1e-10)
    assert np.isnan(knox.local_p[~tested]).all()


def test_spans_of_no_length_change_nothing(thrown):
    x, y, days = thrown
    incidents = dated(x, y, days)
    time = incidents.time
    edges = {"distances": [0, 100, 250], "days": [0, 7, 21], "permutations": 99, "seed": 2}
    plain = bp.near_repeat(incidents, **edges)
    spans = bp.near_repeat(incidents, **edges, end=time)
    assert plain.observed.dtype == np.int64
    assert spans.observed.dtype == np.float64
    assert (plain.observed == spans.observed).all()
    assert (plain.p == spans.p).all()
    assert (plain.labels == spans.labels).all()
    knox = bp.knox(incidents, distances=100, days=7, permutations=99, seed=2)
    spans = bp.knox(incidents, distances=100, days=7, permutations=99, seed=2, end=time)
    assert (knox.observed, knox.close_in_time, knox.p) == (
        spans.observed,
        spans.close_in_time,
        spans.p,
    )
    assert np.isnan(spans.p_poisson)


@pytest.mark.parametrize(("clock", "rounded"), [("elapsed", False), ("calendar", True)])
def test_spans_count_with_the_chance_that_drawn_moments_give(rng, clock, rounded):
    """Moments drawn within the spans, a thousand times: the mean number of close pairs."""
    n, draws = 60, 2_000
    x, y = rng.uniform(0, 600, (2, n))
    first = rng.uniform(0, 40, n).round(2)
    length = rng.choice([0.0, 0.5, 3.0, 9.0], n)
    second = np.timedelta64(86_400, "s")
    start = np.datetime64("2020-01-01T00:00:00") + (first * 86_400).astype("timedelta64[s]")
    end = start + (length * 86_400).astype("timedelta64[s]")
    incidents = bp.Incidents.from_xy(x, y, crs="planar", time=start)
    found = bp.knox(incidents, distances=150, days=2, clock=clock, permutations=9, seed=1, end=end)
    near = np.hypot(x[:, None] - x, y[:, None] - y)[np.triu_indices(n, 1)] <= 150
    counts = []
    for _ in range(draws):
        moment = (start - start.min() + rng.uniform(0, 1, n) * (end - start)) / second
        moment += (start.min() - start.min().astype("M8[D]")) / second
        moment = np.floor(moment) if rounded else moment
        apart = np.abs(moment[:, None] - moment)[np.triu_indices(n, 1)]
        counts.append((near & (apart <= 2)).sum())
    assert found.close_in_space == near.sum()
    error = np.std(counts) / draws**0.5
    assert found.observed == pytest.approx(np.mean(counts), abs=5 * error + 0.01)


def test_same_result_for_any_threads_and_any_order(thrown, rng):
    x, y, days = thrown
    options = {"distances": [0, 100, 200], "days": [0, 7, np.inf], "permutations": 50, "seed": 5}
    one = bp.near_repeat(dated(x, y, days), n_jobs=1, **options)
    two = bp.near_repeat(dated(x, y, days), n_jobs=2, **options)
    for name in ("observed", "expected", "p", "median", "chains"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()
    order = rng.permutation(len(x))
    turned = bp.near_repeat(dated(x[order], y[order], days[order]), **options)
    np.testing.assert_array_equal(one.observed, turned.observed)
    assert (one.labels[order] == turned.labels).all()
    assert sorted(one.chain_sizes) == sorted(turned.chain_sizes)


def test_results_are_tables_and_read_only(thrown):
    found = bp.near_repeat(dated(*thrown), distances=[0, 100, 200], days=[0, 7], permutations=9)
    frame = found.to_pandas()
    assert frame[["distance_from", "distance_to"]].to_numpy().tolist() == [[0, 100], [100, 200]]
    assert frame["observed"].tolist() == found.observed.ravel().tolist()
    assert len(found.to_incidents()) == found.used == 800
    assert "2 bands of distance x 1 of time" in repr(found)
    with pytest.raises(ValueError, match="read-only"):
        found.observed[0, 0] = 1


def test_progress_is_told(thrown):
    told = []
    bp.knox(dated(*thrown), distances=100, days=7, progress=lambda _stage, done: told.append(done))
    assert told[-1] == 1.0
    assert told == sorted(told)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"distances": [0, 0], "days": [0, 1]}, "distances"),
        ({"distances": [0, 1], "days": [1]}, "days"),
        ({"distances": [0, 1], "days": [0, 1], "closed": "both"}, "closed"),
        ({"distances": [0, 1], "days": [0, 1], "metric": "cosine"}, "metric"),
        ({"distances": [0, 1], "days": [0, 1], "permutations": 0}, "permutations"),
        ({"distances": [0, 1], "days": [0, 1], "strata": [1, 2]}, "strata"),
    ],
)
def test_what_has_no_meaning_is_refused(thrown, options, message):
    with pytest.raises((bp.ParameterError, bp.InputError), match=message):
        bp.near_repeat(dated(*thrown), **options)


def test_degrees_are_refused():
    incidents = bp.Incidents.from_xy(
        [5.2, 5.3], [52.3, 52.4], crs="EPSG:4326", time=["2024-01-01", "2024-01-02"]
    )
    with pytest.raises(bp.CrsError, match="28992"):
        bp.knox(incidents, distances=100, days=7)
