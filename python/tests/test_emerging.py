"""Trends that are SciPy's, cubes that are pandas', and names that follow from their own columns."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import scipy.stats

import brandpunt as bp

LATTICE = bp.Weights.lattice((8, 8))


def series(rng, steps, *, ties):
    return rng.integers(0, 9, steps).astype(float) if ties else rng.normal(size=steps)


@pytest.mark.parametrize("ties", [True, False])
@pytest.mark.parametrize("steps", [5, 10, 11, 24, 60])
def test_trends_are_those_of_scipy(rng, steps, ties):
    x = series(rng, steps, ties=ties)
    found = bp.mann_kendall(x)
    tau = scipy.stats.kendalltau(np.arange(steps), x, method="asymptotic")
    slope = scipy.stats.theilslopes(x)[0]
    assert found.tau_b == pytest.approx(tau.statistic, abs=1e-12)
    assert found.slope == pytest.approx(slope, abs=1e-12)
    # SciPy does without continuity correction; its z is s over the same standard deviation.
    z = found.s / np.sqrt(found.variance)
    assert 2 * scipy.stats.norm.sf(abs(z)) == pytest.approx(tau.pvalue, rel=1e-9)


@pytest.mark.parametrize("steps", [3, 6, 10, 20, 34])
def test_exact_p_values_are_those_of_scipy(rng, steps):
    x = series(rng, steps, ties=False)
    found = bp.mann_kendall(x, null="exact")
    tau = scipy.stats.kendalltau(np.arange(steps), x, method="exact")
    assert found.exact
    assert found.p == pytest.approx(tau.pvalue, rel=1e-9)
    assert bp.mann_kendall(x).exact == (steps <= 10)


def test_a_table_is_its_rows(rng):
    rows = rng.poisson(4, (7, 15)).astype(float)
    rows[2, 3] = np.nan
    table = bp.mann_kendall(pd.DataFrame(rows, index=list("abcdefg")))
    for i, row in enumerate(rows):
        one = bp.mann_kendall(row)
        assert (table.s[i], table.p[i], table.slope[i], table.n[i]) == (
            one.s,
            one.p,
            one.slope,
            one.n,
        )
    frame = table.to_pandas()
    assert frame.index.tolist() == list("abcdefg")
    assert frame.loc["c", "n"] == 14


def test_missing_and_constant_series_are_told():
    assert np.isnan(bp.mann_kendall([1, np.nan, 2]).p)
    flat = bp.mann_kendall([3, 3, 3, 3])
    assert (flat.s, flat.p, flat.slope) == (0, 1, 0)
    assert np.isnan(flat.tau_b)
    with pytest.raises(bp.InputError, match="non_finite"):
        bp.mann_kendall([1, np.inf, 2])
    with pytest.raises(bp.ParameterError, match="null"):
        bp.mann_kendall([1, 2, 3], null="guess")
    with pytest.raises(bp.InputError, match="dimensions"):
        bp.mann_kendall(np.zeros((2, 2, 2)))


def test_a_cube_of_areas_counts_as_pandas_does(incidents, hoods, tiles):
    cube = bp.space_time_cube(incidents, hoods, step="quarter")
    counts = bp.count(incidents, hoods, step="quarter")
    np.testing.assert_array_equal(cube.values, counts.values)
    np.testing.assert_array_equal(cube.outside, counts.outside)
    assert cube.periods == counts.periods
    assert cube.units.tolist() == tiles["code"].tolist()
    frame = cube.to_pandas()
    assert frame.index.tolist() == tiles.index.tolist()
    assert frame.columns.tolist() == ["code", *cube.periods]
    assert not cube.values.flags.writeable
    assert cube.untimed == 0
    again = pickle.loads(pickle.dumps(cube))
    np.testing.assert_array_equal(again.values, cube.values)


def test_a_cube_of_cells_counts_as_numpy_does(incidents, hoods):
    cube = bp.space_time_cube(incidents, 500, step="year")
    rows, cols = cube.shape
    edges_x = np.append(cube.x - 250, cube.x[-1] + 250)
    edges_y = np.append(cube.y + 250, cube.y[-1] - 250)[::-1]
    year = incidents.time >= np.datetime64("2017-12-31T23:00")
    for step in range(2):
        chosen = year == bool(step)
        want, _, _ = np.histogram2d(
            incidents.y[chosen], incidents.x[chosen], bins=[edges_y, edges_x]
        )
        np.testing.assert_array_equal(cube.values[:, step].reshape(rows, cols), want[::-1])
    assert bp.Weights.lattice(cube.shape).n == len(cube)
    assert cube.to_pandas().columns.tolist() == ["row", "col", "2017", "2018"]
    within = bp.space_time_cube(incidents, 500, step="year", within=hoods)
    inside = bp.count(incidents, hoods).values.sum()
    assert np.nansum(within.values) == inside
    assert np.isnan(within.values).any()


def test_the_end_and_the_partial_steps(hoods):
    incidents = bp.Incidents.from_xy(
        [140_500.0] * 3,
        [480_500.0] * 3,
        crs="EPSG:28992",
        time=["2024-01-05T12:00", "2024-02-10T12:00", "2024-03-20T12:00"],
    )
    cube = bp.space_time_cube(incidents, hoods, step="month")
    assert cube.partial.tolist() == [True, False, True]
    assert cube.whole().periods == ("2024-02",)
    assert cube.whole().untimed == 2
    cube = bp.space_time_cube(
        incidents, hoods, step="month", since="2024-01-01", until="2024-04-01"
    )
    assert not cube.partial.any()
    cube = bp.space_time_cube(incidents, hoods, step="month", until="2024-03-15")
    assert cube.periods[-1] == "2024-02-15 to 2024-03-14"
    assert cube.ends[-1] == np.datetime64("2024-03-14T23:00")
    assert "partial" in repr(cube)


def test_uncertain_times_are_spread_over_the_steps(hoods):
    incidents = bp.Incidents.from_xy(
        [140_500.0, 140_500.0],
        [480_500.0, 480_500.0],
        crs="EPSG:28992",
        # The second spans the end of summer time: 31 October has 25 hours.
        time=["2021-09-30T00:00", "2021-10-31T00:00"],
    )
    latest = ["2021-10-02T00:00", "2021-11-01T12:00"]
    cube = bp.space_time_cube(incidents, hoods, step="month", latest=latest)
    np.testing.assert_allclose(cube.values[0], [0.5, 0.5 + 25 / 37, 12 / 37], rtol=1e-12)
    with pytest.raises(bp.InputError, match="length_mismatch"):
        bp.space_time_cube(incidents, hoods, step="month", latest=latest[:1])


def test_cubes_that_cannot_be_made(incidents, hoods):
    with pytest.raises(bp.ParameterError, match="units"):
        bp.space_time_cube(incidents, "buurten", step="month")
    with pytest.raises(bp.ParameterError, match="within"):
        bp.space_time_cube(incidents, hoods, step="month", within=hoods)
    with pytest.raises(bp.ParameterError, match="step"):
        bp.space_time_cube(incidents, hoods, step="day")
    with pytest.raises(bp.ParameterError, match="until"):
        bp.space_time_cube(incidents, hoods, step="month", until="2010-01-01")
    timeless = bp.Incidents.from_xy([140_500.0], [480_500.0], crs="EPSG:28992")
    with pytest.raises(bp.InputError, match="missing_time"):
        bp.space_time_cube(timeless, hoods, step="month")
    with pytest.raises(bp.InputError, match="partial"):
        bp.space_time_cube(
            incidents.select(start="2017-03-02", end="2017-03-20"), hoods, step="year"
        ).whole()


@pytest.fixture
def warm(rng):
    """A lattice of counts whose middle gets warm in the last three of twelve steps."""
    means = np.full((8, 8, 12), 2.0)
    means[3:6, 3:6, 9:] = 12.0
    return rng.poisson(means).reshape(64, 12)


def test_names_follow_from_the_columns(warm):
    found = bp.emerging_hotspots(warm, LATTICE)
    assert found.inference == "exact"
    assert found.tests == 64 * 12
    assert found.warnings == ()
    np.testing.assert_array_equal(found.sign, np.sign(found.z) * (found.q <= 0.05))
    np.testing.assert_array_equal(found.hot_steps, (found.sign == 1).sum(axis=1))
    np.testing.assert_array_equal(found.cold_steps, (found.sign == -1).sum(axis=1))
    np.testing.assert_array_equal(found.last_z, found.z[:, -1])
    np.testing.assert_allclose(
        found.q.ravel(), scipy.stats.false_discovery_control(found.p.ravel()), rtol=1e-12
    )
    assert found.category[36] == "consecutive hot spot"
    assert found.category[0] == "no pattern"
    assert "3 of 12" in found.reason[36]
    on_z, on_counts = bp.mann_kendall(found.z), bp.mann_kendall(warm)
    np.testing.assert_array_equal(found.trend_z, on_z.z)
    np.testing.assert_array_equal(found.trend_p, on_z.p)
    np.testing.assert_array_equal(found.trend_tau, on_z.tau_b)
    np.testing.assert_array_equal(found.count_trend_s, on_counts.s)
    np.testing.assert_array_equal(found.count_trend_p, on_counts.p)
    np.testing.assert_array_equal(found.slope, on_counts.slope)
    frame = found.to_pandas()
    assert len(frame) == 64
    assert {"category", "hot_steps", "trend_z", "trend_p", "reason"} <= set(frame.columns)
    assert "64 units over 12 steps" in repr(found)


def test_the_statistic_is_gi_star_of_units_times_steps(warm):
    """With weights made by hand as a Kronecker product of space and look-back."""
    sparse = pytest.importorskip("scipy.sparse")
    back = np.tril(np.ones((12, 12))) - np.tril(np.ones((12, 12)), -3)
    both = sparse.kron(LATTICE.include_self().to_sparse(), sparse.csr_array(back), format="csr")
    want = bp.gi_star(warm.ravel(), bp.Weights.from_sparse(sparse.csr_array(both)))
    found = bp.emerging_hotspots(warm, LATTICE, look_back=2)
    np.testing.assert_array_equal(found.z.ravel(), want.z)
    np.testing.assert_array_equal(found.p.ravel(), want.p)
    np.testing.assert_array_equal(found.q.ravel(), want.q)
    alone = bp.emerging_hotspots(warm, LATTICE, look_back=0, pool="window")
    one = bp.gi_star(warm[:, 5], LATTICE.include_self())
    np.testing.assert_array_equal(alone.z[:, 5], one.z)
    np.testing.assert_array_equal(alone.p[:, 5], one.p)


def test_missing_units_have_no_category(warm):
    values = warm.astype(float)
    values[0] = np.nan
    values[36, -1] = np.nan
    found = bp.emerging_hotspots(values, LATTICE)
    assert found.category[0] is None
    assert found.category[36] is None
    assert found.reason[0] == "The last step is not tested."
    assert found.tests == 64 * 12 - 13


def test_exposures_and_editions(warm):
    people = np.full(warm.shape, 100.0)
    found = bp.emerging_hotspots(warm, LATTICE, inference="exposure", exposure=people)
    assert found.inference == "exposure"
    assert found.category[36] == "consecutive hot spot"
    earlier = bp.emerging_hotspots(warm[:, ::-1], LATTICE, look_back=0)
    legacy = bp.emerging_hotspots(warm[:, ::-1], LATTICE, look_back=0, version="legacy")
    assert earlier.category[36] == "no pattern"
    assert legacy.category[36] == "sporadic hot spot"
    with pytest.raises(bp.ParameterError, match="exposure"):
        bp.emerging_hotspots(warm, LATTICE, exposure=people)


def test_a_cube_brings_its_partial_steps_along(incidents, hoods):
    part = incidents.select(end="2018-11-20")
    cube = bp.space_time_cube(part, hoods, step="month")
    found = bp.emerging_hotspots(cube, bp.Weights.queen(hoods))
    assert "partial_steps" in [w.code for w in found.warnings]
    assert bp.emerging_hotspots(cube.whole(), bp.Weights.queen(hoods)).warnings == ()
    few = bp.emerging_hotspots(cube.values[:, :4], bp.Weights.queen(hoods))
    assert [w.code for w in few.warnings] == ["few_steps"]
    assert found.to_pandas().index.tolist() == cube.index.tolist()


@pytest.mark.parametrize(
    ("option", "match"),
    [
        ({"look_back": -1}, "look_back"),
        ({"look_back": 1.5}, "look_back"),
        ({"pool": "world"}, "pool"),
        ({"trend": "up"}, "trend"),
        ({"version": "pro2"}, "version"),
        ({"level": 1.0}, "level"),
    ],
)
def test_absurd_options_are_refused(warm, option, match):
    with pytest.raises(bp.ParameterError, match=match):
        bp.emerging_hotspots(warm, LATTICE, **option)


def test_threads_change_nothing(warm):
    one = bp.emerging_hotspots(warm, LATTICE, n_jobs=1)
    two = bp.emerging_hotspots(warm, LATTICE, n_jobs=2)
    np.testing.assert_array_equal(one.z, two.z)
    np.testing.assert_array_equal(one.q, two.q)
    assert one.reason.tolist() == two.reason.tolist()


def test_comparison_of_maps(rng):
    first = np.zeros((10, 10), dtype=int)
    first[2:5, 2:5] = 3
    second = np.roll(first, 1, axis=1)
    found = bp.compare_hotspots(first.ravel(), second.ravel(), shape=(10, 10))
    want = np.array([[6, 3, 0], [3, 88, 0], [0, 0, 0]])
    np.testing.assert_array_equal(found.transitions, want)
    metrics = pytest.importorskip("sklearn.metrics")
    assert found.kappa == pytest.approx(
        metrics.cohen_kappa_score(first.ravel() > 0, second.ravel() > 0), rel=1e-12
    )
    assert (found.null, found.compared) == ("all shifts", 100)
    # Of all shifts, the place itself and its four nearest agree as well or better.
    assert found.p_greater == pytest.approx(5 / 100)
    assert found.to_pandas().loc["hot", "none"] == 3
    permuted = bp.compare_hotspots(first.ravel(), rng.permutation(second.ravel()), seed=1)
    assert permuted.null == "permutation"
    with pytest.raises(bp.InputError, match="lattice"):
        bp.compare_hotspots(first.ravel(), second.ravel(), shape=(9, 9))
    with pytest.raises(bp.ParameterError, match="hotspot_class"):
        bp.compare_hotspots([300, 0], [0, 0])


def test_local_statistics_can_be_compared(rng):
    values = rng.poisson(3, (6, 6))
    values[1:4, 1:4] += 9
    weights = bp.Weights.lattice((6, 6)).include_self()
    then, now = (bp.gi_star(v.ravel(), weights) for v in (values, values + 1))
    found = bp.compare_hotspots(then, now, shape=(6, 6))
    assert found.similarity == 1
