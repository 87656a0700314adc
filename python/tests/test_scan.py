"""Scan statistics: SaTScan's printed clusters, plain scans of all windows, and pure chance."""

from __future__ import annotations

import csv
import pickle

import numpy as np
import pytest
from scipy import stats

import brandpunt as bp


@pytest.fixture
def new_york(shared):
    """Leukaemia in 281 tracts of upstate New York: places, people and whole cases."""
    with (shared / "reference" / "satscan_ny_leukemia" / "nydf.csv").open() as file:
        rows = list(csv.DictReader(file))
    column = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    places = np.column_stack([column["longitude"], column["latitude"]])
    return places, column["population"], np.floor(column["cases"])


# Log likelihood ratio, cases, expected, relative risk, p, first tracts; SaTScan 9.6.
PRINTED = [
    (11.577255, 85, 49.71, 1.84, 0.001, [49, 48, 50, 47]),
    (9.019716, 38, 17.79, 2.22, 0.013, [89, 88, 87, 84, 90, 86, 92, 85]),
    (6.114140, 64, 40.85, 1.64, 0.216, [112, 113, 115, 111]),
    (4.651839, 25, 12.82, 1.99, 0.609, [62, 64, 67, 65]),
    (4.169203, 28, 15.54, 1.84, 0.755, [46, 45, 41, 54, 44, 43, 53]),
    (3.363518, 12, 5.14, 2.37, 0.961, [266, 281, 267, 265]),
    (3.209485, 11, 4.61, 2.41, 0.976, [166, 159, 167]),
]


def test_clusters_are_those_of_satscan(new_york):
    places, people, cases = new_york
    found = bp.spatial_scan(
        cases, people, places, model="poisson", max_population_share=0.1, seed=1
    )
    for cluster, (ratio, observed, expected, risk, p, first) in zip(
        found.clusters, PRINTED, strict=False
    ):
        assert cluster.log_likelihood_ratio == pytest.approx(ratio, abs=5e-7)
        assert cluster.observed == observed
        assert cluster.expected == pytest.approx(expected, abs=0.005)
        assert cluster.relative_risk == pytest.approx(risk, abs=0.005)
        assert (cluster.members[: len(first)] + 1).tolist() == first
        # Two simulations of 999 maps.
        assert cluster.p == pytest.approx(p, abs=4 * np.sqrt(2 * p * (1 - p) / 1000) + 0.001)
    assert len(found) >= len(PRINTED)
    assert [len(c) for c in found.clusters[:7]] == [26, 8, 33, 4, 7, 4, 3]
    assert "overdispersion" in [note.code for note in found.warnings]
    # The guarded default says that these counts vary more, and is less sure.
    guarded = bp.spatial_scan(cases, people, places, max_population_share=0.1, seed=1)
    assert guarded.model == "negative_binomial"
    assert guarded.clusters[0].p > 5 * found.clusters[0].p
    assert guarded.dispersion == pytest.approx(1.6166177097800327)


def test_the_tail_is_that_of_scipy(new_york):
    places, people, cases = new_york
    found = bp.spatial_scan(cases, people, places, model="poisson", tail="gumbel", seed=3)
    scale = found.simulated.std(ddof=1) * np.sqrt(6) / np.pi
    loc = found.simulated.mean() - np.euler_gamma * scale
    first = found.clusters[0]
    assert first.p == first.p_gumbel
    assert first.p == pytest.approx(stats.gumbel_r.sf(first.log_likelihood_ratio, loc, scale))
    rank = bp.spatial_scan(cases, people, places, model="poisson", seed=3)
    reached = (rank.simulated >= rank.clusters[2].log_likelihood_ratio).sum()
    assert rank.clusters[2].p == (reached + 1) / 1000
    early = bp.spatial_scan(
        cases, people, places, model="poisson", tail="sequential", reached=5, seed=3
    )
    np.testing.assert_array_equal(early.simulated, rank.simulated[: len(early.simulated)])


@pytest.mark.parametrize("model", ["poisson", "bernoulli"])
def test_the_greatest_ratio_is_that_of_all_windows(rng, model):
    places = rng.uniform(0, 1000, (70, 2))
    people = rng.integers(50, 300, 70)
    cases = rng.binomial(people, 0.05 + 0.05 * (places[:, 0] < 300))
    far = np.hypot(*(places[:, None] - places).T).T
    total, everybody = cases.sum(), people.sum()

    def term(x, y):
        return np.where(x > 0, x * np.log(np.maximum(x, 1e-300) / y), 0.0)

    best = 0.0
    for i in range(70):
        order = np.argsort(far[i], kind="stable")
        c, n = cases[order].cumsum(), people[order].cumsum()
        small = n <= 0.5 * everybody
        c, n = c[small], n[small]
        if model == "poisson":
            e = total * n / everybody
            ratio = term(c, e) + term(total - c, total - e)
        else:
            rate = total / everybody
            ratio = (
                term(c, n * rate)
                + term(n - c, n * (1 - rate))
                + term(total - c, (everybody - n) * rate)
                + term(everybody - n - total + c, (everybody - n) * (1 - rate))
            )
        best = max(best, ratio[(c > total * n / everybody) & (c >= 2)].max(initial=0))
    found = bp.spatial_scan(cases, people, places, model=model, replicates=99, seed=1)
    assert found.clusters[0].log_likelihood_ratio == pytest.approx(best, abs=1e-9)
    assert found.clusters[0].p == 0.01


def test_neighbourhoods_counts_and_missing_populations(incidents, hoods):
    counts = bp.count(incidents, hoods)
    people = hoods.population.astype(float).copy()
    people[3] = np.nan
    found = bp.spatial_scan(counts, people, hoods, replicates=99, seed=2)
    assert found.units == 11
    assert found.missing == 1
    assert "missing_population" in [note.code for note in found.warnings]
    assert found.labels.shape == (12,)
    assert found.labels[3] == -1
    for number, cluster in enumerate(found.clusters):
        np.testing.assert_array_equal(
            np.flatnonzero(found.labels == number), np.sort(cluster.members)
        )
        assert cluster.observed == counts.values[cluster.members].sum()
        assert cluster.start is None
        assert np.isnan(cluster.recurrence_interval)
    years = bp.count(incidents, hoods, step="year")
    again = bp.spatial_scan(years, people, hoods, replicates=0, seed=2)
    assert again.cases == found.cases
    assert np.isnan(again.clusters[0].p)


def test_ellipses_follow_what_is_long(rng):
    x, y = (side.ravel() * 100.0 for side in np.meshgrid(np.arange(12), np.arange(12)))
    along = (np.abs(y - 500) <= 50) & (x >= 200) & (x <= 900)
    cases = rng.poisson(np.where(along, 12.0, 4.0))
    places = np.column_stack([x, y])
    options = {"model": "poisson", "replicates": 99, "seed": 1}
    discs = bp.spatial_scan(cases, np.ones(144), places, **options)
    ellipses = bp.spatial_scan(cases, np.ones(144), places, shape="ellipse", **options)
    first = ellipses.clusters[0]
    assert first.axis_ratio >= 3
    assert first.axis_angle in (0.0, 180.0)
    assert np.isin(np.flatnonzero(along), first.members).mean() > 0.8
    assert first.log_likelihood_ratio > discs.clusters[0].log_likelihood_ratio
    assert discs.clusters[0].axis_ratio == 1
    assert np.isnan(discs.clusters[0].axis_angle)


def test_flexible_windows_hang_together(rng):
    x, y = (side.ravel() * 100.0 for side in np.meshgrid(np.arange(9), np.arange(9)))
    bent = [20, 21, 22, 31, 40]
    cases = rng.poisson(4, 81)
    cases[bent] += 14
    places = np.column_stack([x, y])
    weights = bp.Weights.lattice((9, 9), adjacency="rook")
    options = {"model": "poisson", "replicates": 99, "seed": 1}
    found = bp.spatial_scan(
        cases, np.ones(81), places, shape="flexible", weights=weights, max_units=13, **options
    )
    assert set(bent) <= set(found.clusters[0].members.tolist())
    assert found.clusters[0].p == 0.01
    discs = bp.spatial_scan(cases, np.ones(81), places, **options)
    assert found.clusters[0].log_likelihood_ratio > discs.clusters[0].log_likelihood_ratio
    with pytest.raises(bp.ParameterError, match="weights"):
        bp.spatial_scan(cases, np.ones(81), places, shape="flexible", **options)
    restricted = bp.spatial_scan(
        cases, np.ones(81), places, shape="restricted", weights=weights, **options
    )
    expected = cases.mean()
    tails = stats.poisson.sf(cases, expected) + stats.poisson.pmf(cases, expected) / 2
    for cluster in restricted.clusters:
        assert (tails[cluster.members] < 0.2).all()
    assert set(bent) <= set(restricted.clusters[0].members.tolist())
    assert restricted.clusters[0].p == 0.01
    assert restricted.windows < found.windows
    with pytest.raises(bp.ParameterError, match="restriction"):
        bp.spatial_scan(
            cases,
            np.ones(81),
            places,
            shape="restricted",
            weights=weights,
            restriction=0.6,
            **options,
        )


def test_cubes_in_space_and_time(incidents, hoods):
    cube = bp.space_time_cube(incidents, hoods, step="month")
    found = bp.space_time_scan(cube, None, hoods, prospective=True, replicates=99, seed=5)
    assert found.model == "space_time_permutation"
    assert found.cases == cube.values.sum()
    for cluster in found.clusters:
        assert cluster.end == "2018-12"
        assert cluster.start in cube.periods
        inside = cube.values[cluster.members, cluster.first_step : cluster.last_step + 1]
        assert cluster.observed == inside.sum()
        assert cluster.recurrence_interval == pytest.approx(730 / 24 / cluster.p)
    people = np.repeat(hoods.population.astype(float), 24).reshape(12, 24)
    poisson = bp.space_time_scan(cube, people, hoods, model="poisson", replicates=9, seed=5)
    alike = bp.space_time_scan(cube, hoods.population, hoods, model="poisson", replicates=9, seed=5)
    first = poisson.clusters[0]
    assert first.log_likelihood_ratio == pytest.approx(alike.clusters[0].log_likelihood_ratio)
    cells = bp.space_time_cube(incidents, 1000.0, step="quarter")
    by_cell = bp.space_time_scan(cells, replicates=9, seed=5)
    assert by_cell.units == len(cells)


def test_threads_do_not_matter_and_results_travel(rng):
    places, cases = rng.uniform(0, 99, (60, 2)), rng.poisson(3, 60)
    cases[:6] += 9
    run = [
        bp.spatial_scan(cases, np.ones(60), places, seed=7, replicates=199, n_jobs=n)
        for n in (1, 2)
    ]
    np.testing.assert_array_equal(run[0].simulated, run[1].simulated)
    assert [c.p for c in run[0].clusters] == [c.p for c in run[1].clusters]
    found = pickle.loads(pickle.dumps(run[0]))
    assert not found.labels.flags.writeable
    assert not found.clusters[0].members.flags.writeable
    assert len(found.to_pandas()) == len(found)
    assert "clusters among" in repr(found)
    assert "relative risk" in repr(found.clusters[0])


def test_progress_is_told(rng):
    told = []
    places, cases = rng.uniform(0, 99, (80, 2)), rng.poisson(3, 80)
    bp.spatial_scan(cases, np.ones(80), places, seed=7, progress=lambda *at: told.append(at))
    shares = [done for _, done in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_what_cannot_be_scanned_is_refused():
    places = [[0, 0], [1, 0], [2, 0]]
    with pytest.raises(bp.InputError, match="unit 1"):
        bp.spatial_scan([1, 2, 3], [5, 0, 5], places)
    with pytest.raises(bp.InputError, match="not_an_integer"):
        bp.spatial_scan([1, 2.5, 3], [5, 5, 5], places)
    with pytest.raises(bp.InputError, match="dimensions"):
        bp.space_time_scan([1, 2, 3], None, places)
    with pytest.raises(bp.ParameterError, match="population"):
        bp.space_time_scan(np.ones((3, 4)), None, places, model="poisson")
    with pytest.raises(bp.ParameterError, match="locations"):
        bp.space_time_scan(np.ones((3, 4)))
    for wrong in (
        {"model": "normal"},
        {"shape": "star"},
        {"scan_for": "up"},
        {"tail": "exact"},
        {"max_population_share": 0},
        {"max_radius": -1},
        {"replicates": -1},
    ):
        with pytest.raises(bp.ParameterError):
            bp.spatial_scan([1, 2, 3], [5, 5, 5], places, **wrong)
    with pytest.raises(bp.CrsError):
        bp.spatial_scan(
            [1, 2],
            [5, 5],
            bp.Incidents.from_xy([5.1, 5.2], [52.1, 52.2], crs="EPSG:4326"),
        )
