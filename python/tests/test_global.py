"""Statistics of a whole map: the numbers of esda where they are right, and where they are not."""

from __future__ import annotations

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.stats

import brandpunt as bp

esda = pytest.importorskip("esda")

SHAPE = (9, 11)
QUEEN = bp.Weights.lattice(SHAPE)
KINDS = {
    "binary": QUEEN,
    "rows": QUEEN.row_standardise(),
    "one way": bp.Weights.nearest(np.indices(SHAPE).reshape(2, -1).T, 3),
}


@pytest.fixture
def values(rng):
    """A lattice of skewed values that rise to one side."""
    return rng.gamma(1.5, 2.0, SHAPE[0] * SHAPE[1]) + np.repeat(np.arange(SHAPE[0]) * 0.3, SHAPE[1])


def theirs(statistic, *columns, weights, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return statistic(*columns, weights.to_pysal(), permutations=0, **options)


@pytest.mark.parametrize("kind", KINDS)
def test_moran_is_that_of_esda(values, kind):
    other = theirs(esda.Moran, values, weights=KINDS[kind], transformation="O")
    found = bp.moran(values, KINDS[kind], permutations=0)
    np.testing.assert_allclose(found.statistic, other.I, rtol=1e-12)
    np.testing.assert_allclose(found.expected, other.EI, rtol=1e-14)
    np.testing.assert_allclose(found.variance, other.VI_rand, rtol=1e-11)
    np.testing.assert_allclose(found.z_randomisation, other.z_rand, rtol=1e-11)
    np.testing.assert_allclose(found.z_normality, other.z_norm, rtol=1e-11)
    np.testing.assert_allclose(found.p_normal, other.p_rand, rtol=1e-9)
    normal = bp.moran(values, KINDS[kind], permutations=0, assumption="normality")
    np.testing.assert_allclose(normal.variance, other.VI_norm, rtol=1e-11)
    np.testing.assert_allclose(normal.p_normal, other.p_norm, rtol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_geary_is_that_of_esda(values, kind):
    other = theirs(esda.Geary, values, weights=KINDS[kind], transformation="O")
    found = bp.geary(values, KINDS[kind], permutations=0)
    np.testing.assert_allclose(found.statistic, other.C, rtol=1e-12)
    np.testing.assert_allclose(found.z_randomisation, other.z_rand, rtol=1e-10)
    np.testing.assert_allclose(found.z_normality, other.z_norm, rtol=1e-10)
    np.testing.assert_allclose(found.variance, other.VC_rand, rtol=1e-10)


def test_general_g_is_that_of_esda(values):
    other = theirs(esda.G, values, weights=QUEEN)
    found = bp.getis_ord_g(values, QUEEN, permutations=0)
    np.testing.assert_allclose(found.statistic, other.G, rtol=1e-12)
    np.testing.assert_allclose(found.expected, other.EG, rtol=1e-14)
    np.testing.assert_allclose(found.variance, other.VG, rtol=1e-8)
    np.testing.assert_allclose(found.z, other.z_norm, rtol=1e-8)


def test_general_g_takes_weights_as_they_are(values):
    """esda.G makes all weights binary, whatever was given; ours are those of the definition."""
    band = bp.Weights.kernel(np.indices(SHAPE).reshape(2, -1).T, bandwidth=2.5)
    matrix = band.to_sparse().toarray()
    product = np.outer(values, values)
    expected = (matrix * product).sum() / (product.sum() - (values**2).sum())
    found = bp.getis_ord_g(values, band, permutations=0)
    np.testing.assert_allclose(found.statistic, expected, rtol=1e-12)
    assert abs(theirs(esda.G, values, weights=band).G / expected - 1) > 0.5
    rng = np.random.default_rng(5)
    shuffled = [rng.permutation(values) for _ in range(4000)]
    simulated = [(s @ matrix @ s) / (product.sum() - (values**2).sum()) for s in shuffled]
    np.testing.assert_allclose(np.var(simulated) / found.variance, 1, atol=0.1)


def test_moran_between_columns_is_that_of_esda(values, rng):
    y = values[::-1] + rng.normal(size=values.size)
    for weights in KINDS.values():
        other = theirs(esda.Moran_BV, values, y, weights=weights, transformation="r")
        found = bp.moran(values, weights.row_standardise(), other=y, permutations=0)
        np.testing.assert_allclose(found.statistic, other.I, rtol=1e-12)
        assert np.isnan(found.z_normality)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.random.seed(3)  # noqa: NPY002 (that is what esda draws from)
        other = esda.Moran_BV(values, y, QUEEN.to_pysal(), transformation="r", permutations=4999)
    found = bp.moran(values, QUEEN.row_standardise(), other=y, seed=1)
    assert abs(other.EI_sim) < 5 * np.sqrt(found.variance / 4999)
    np.testing.assert_allclose(other.VI_sim / found.variance, 1, atol=0.1)


@pytest.mark.parametrize("statistic", ["moran", "geary", "getis_ord_g"])
def test_permutations_agree_with_those_of_numpy(values, statistic, rng):
    """On a map without order, so that neither tail is near 0."""
    mixed = rng.permutation(values)
    call = getattr(bp, statistic)
    found = call(mixed, QUEEN, permutations=4999, seed=2)
    simulated = np.array(
        [call(rng.permutation(mixed), QUEEN, permutations=0).statistic for _ in range(2000)]
    )
    for p, share in (
        (found.p_greater, (simulated >= found.statistic).mean()),
        (found.p_less, (simulated <= found.statistic).mean()),
    ):
        assert abs(p - share) < 4.5 * np.sqrt(0.25 / 2000 + 0.25 / 4999)
    assert found.p == min(1, 2 * min(found.p_greater, found.p_less))


def test_two_sided_is_not_the_folded_p_of_esda(values, rng):
    """esda calls the smaller tail p_sim, which at 0.05 rejects one map in ten without order."""
    mixed = rng.permutation(values)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.random.seed(8)  # noqa: NPY002 (that is what esda draws from)
        other = esda.Moran(mixed, QUEEN.to_pysal(), permutations=9999)
    found = bp.moran(mixed, QUEEN.row_standardise(), seed=3)
    assert other.p_sim <= 0.5
    np.testing.assert_allclose(found.p, 2 * other.p_sim, atol=0.04)


def test_alternatives_ask_for_one_tail(values):
    found = bp.moran(values, QUEEN, seed=1)
    for alternative, tail in (("greater", found.p_greater), ("less", found.p_less)):
        one = bp.moran(values, QUEEN, alternative=alternative, seed=1)
        assert one.p == tail
        side = scipy.stats.norm.sf if alternative == "greater" else scipy.stats.norm.cdf
        np.testing.assert_allclose(one.p_normal, side(one.z), rtol=1e-11)


@pytest.mark.parametrize("statistic", ["moran", "geary", "getis_ord_g"])
def test_threads_change_nothing_and_seeds_do(values, statistic):
    call = getattr(bp, statistic)
    runs = {repr(vars(call(values, QUEEN, seed=4, n_jobs=n))) for n in (1, 2, 3, 7, None)}
    assert len(runs) == 1
    mixed = np.random.default_rng(1).permutation(values)
    seeds = {call(mixed, QUEEN, seed=seed).p for seed in (0, 1, None, None)}
    assert len(seeds) > 1


def test_islands_and_missing_values(values):
    values = values.copy()
    values[5] = np.nan
    kept = np.flatnonzero(~np.isnan(values))
    matrix = QUEEN.to_sparse().tocsr()[kept][:, kept]
    found = bp.moran(values, QUEEN, permutations=0)
    same = bp.moran(values[kept], matrix, permutations=0)
    assert (found.statistic, found.z, found.n) == (same.statistic, same.z, kept.size)
    alone = bp.Weights.distance_band([[0, 0], [1, 0], [2, 0], [3, 0], [9, 0]], 1)
    numbers = [1, 3, 2, 4, 9]
    counted = bp.geary(numbers, alone, permutations=0)
    left_out = bp.geary(numbers, alone, permutations=0, islands="left_out")
    assert (counted.n, counted.islands, left_out.n, left_out.islands) == (5, 1, 4, 1)
    assert [note.code for note in counted.warnings] == ["islands"]
    street = bp.geary(numbers[:4], bp.Weights.lattice((1, 4)), permutations=0)
    assert left_out.statistic == street.statistic


def test_what_cannot_be_said_is_nan_with_a_reason():
    found = bp.moran([2.0] * 9, bp.Weights.lattice((3, 3)))
    assert np.isnan([found.statistic, found.z, found.p, found.p_normal]).all()
    assert [note.code for note in found.warnings] == ["zero_variance"]


def test_results_stay_as_they_are(values):
    found = bp.moran(pd.Series(values), QUEEN, seed=1)
    back = pickle.loads(pickle.dumps(found))
    assert vars(back) == vars(found)
    assert "expected -0.0102" in repr(found)
    with pytest.raises(AttributeError):
        found.p = 0.0


@pytest.mark.parametrize(
    ("call", "kind", "said"),
    [
        (lambda x: bp.moran(x[:-1], QUEEN), bp.InputError, "length_mismatch"),
        (lambda x: bp.moran(x, QUEEN, other=x[:-1]), bp.InputError, "length_mismatch"),
        (lambda x: bp.moran(x / 0, QUEEN), bp.InputError, "non_finite"),
        (lambda x: bp.moran(x, QUEEN, assumption="normal"), bp.ParameterError, "assumption"),
        (lambda x: bp.moran(x, QUEEN, alternative="both"), bp.ParameterError, "alternative"),
        (lambda x: bp.moran(x, QUEEN, islands="gone"), bp.ParameterError, "islands"),
        (lambda x: bp.moran(x, QUEEN, permutations=-1), bp.ParameterError, "permutations"),
        (lambda x: bp.moran(x, QUEEN, permutations=1.5), bp.ParameterError, "permutations"),
        (
            lambda x: bp.moran(x, QUEEN, other=x, assumption="normality"),
            bp.ParameterError,
            "two columns",
        ),
        (
            lambda x: bp.moran(x, QUEEN, other=x, population=x),
            bp.ParameterError,
            "standardise both",
        ),
        (lambda x: bp.getis_ord_g(x - 5, QUEEN), bp.InputError, "negative_value"),
        (lambda x: bp.geary(x, QUEEN, seed=-1), bp.ParameterError, "seed"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_what_makes_no_sense_is_said(values, call, kind, said):
    with pytest.raises(kind, match=said):
        call(values)


def test_incremental_autocorrelation_is_moran_at_each_distance(values, tiles, hoods):
    points = np.indices(SHAPE).reshape(2, -1).T * 100.0
    found = bp.incremental_autocorrelation(values, points, steps=4)
    assert found.distance.tolist() == [100, 200, 300, 400]
    for k, distance in enumerate(found.distance):
        band = bp.Weights.distance_band(points, distance)
        one = bp.moran(values, band.row_standardise(), permutations=0)
        assert (found.z[k], found.p[k]) == (one.z, one.p_normal)
        assert found.neighbours[k] == band.cardinalities.mean()
    assert found.first_peak is None
    assert [note.code for note in found.warnings] == ["bandwidth"]
    frame = found.to_pandas()
    assert frame.columns.tolist()[:2] == ["distance", "statistic"]
    people = tiles["people"]
    areas = bp.incremental_autocorrelation(people, hoods, distances=[1500, 2500])
    assert np.isfinite(areas.z).all()
    with pytest.raises(bp.CrsError, match="metres"):
        bp.incremental_autocorrelation(people, tiles.to_crs(4326))
    with pytest.raises(bp.ParameterError, match="distances"):
        bp.incremental_autocorrelation(values, points, distances=[5, 4])
    with pytest.raises(bp.InputError, match="length_mismatch"):
        bp.incremental_autocorrelation(values[1:], points)


def test_a_peak_is_where_patches_end():
    """Patches of 5 by 5 cells: z is highest about where a circle fills a patch."""
    rng = np.random.default_rng(7)
    level = rng.permutation(np.arange(36)).reshape(6, 6)
    values = np.kron(level, np.ones((5, 5))).ravel() + rng.normal(size=900)
    points = np.indices((30, 30)).reshape(2, -1).T * 10.0
    distances = np.arange(10, 160, 10)
    found = bp.incremental_autocorrelation(values, points, distances=distances)
    assert found.max_peak == distances[np.argmax(found.z)]
    assert 20 <= found.max_peak <= 50
    assert found.first_peak <= found.max_peak
