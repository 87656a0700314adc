"""Local Moran, Geary, join counts and LOSH beside esda, and their exact p-values."""

from __future__ import annotations

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.stats

import brandpunt as bp

ROWS, COLS = 12, 15
LATTICE = bp.Weights.lattice((ROWS, COLS))


@pytest.fixture
def counts(rng):
    """A lattice of counts with a warm corner."""
    means = np.full((ROWS, COLS), 2.0)
    means[:4, :5] = 5.0
    return rng.poisson(means).ravel()


@pytest.fixture
def esda():
    """The peer, whose coming changes are not our warnings."""
    module = pytest.importorskip("esda")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield module


def peer_weights(transform="r", *, own=False):
    libpysal = pytest.importorskip("libpysal")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        w = libpysal.weights.lat2W(ROWS, COLS, rook=False)
        if own:
            w = libpysal.weights.fill_diagonal(w, 1.0)
        w.transform = transform
    return w


def test_local_moran_is_that_of_esda_with_divisor_n_minus_1(counts, esda):
    peer = esda.Moran_Local(counts.astype(float), peer_weights(), permutations=0)
    weights = LATTICE.row_standardise()
    sample = bp.local_moran(counts, weights, scaling="sample", inference="analytic")
    np.testing.assert_allclose(sample.statistic, peer.Is, rtol=1e-12)
    population = bp.local_moran(counts, weights, inference="analytic", randomisation="total")
    np.testing.assert_allclose(
        population.statistic, peer.Is * counts.size / (counts.size - 1), rtol=1e-12
    )
    # esda gives the expectation of the statistic with divisor n beside that with n - 1.
    np.testing.assert_allclose(population.expected, peer.EI, rtol=1e-12)
    np.testing.assert_allclose(population.variance, peer.VI, rtol=1e-9)


def test_quadrants_are_those_of_esda(counts, esda):
    peer = esda.Moran_Local(counts.astype(float), peer_weights(), permutations=0)
    found = bp.local_moran(counts, LATTICE, level=0.999999, correction="none")
    names = np.array(["", "HH", "LH", "LL", "HL"])[peer.q]
    placed = ~np.isin(found.quadrant, ["not significant", "undefined"])
    assert placed.sum() > 100
    np.testing.assert_array_equal(found.quadrant[placed], names[placed])


def test_exact_local_moran_agrees_with_its_simulation(counts):
    exact = bp.local_moran(counts, LATTICE.row_standardise())
    assert exact.inference == "exact"
    simulated = bp.local_moran(counts, LATTICE, inference="permutation", permutations=9999, seed=1)
    for name in ("p_greater", "p_less"):
        p, m = getattr(exact, name), getattr(simulated, name)
        band = 5 * np.sqrt(p * (1 - p) / 9999) + 2e-4
        assert (np.abs(p - m) < band).all()
    # Where counts are rare esda's folded p calls an area significant for being ordinary.
    assert exact.p.max() == 1.0


def test_exact_local_moran_by_enumeration():
    values = np.array([3, 0, 2, 2, 5, 1, 0])
    ring = bp.Weights.from_sparse(
        pytest.importorskip("scipy.sparse").csr_array(
            np.roll(np.eye(7), 1, axis=1) + np.roll(np.eye(7), -1, axis=1)
        )
    )
    found = bp.local_moran(values, ring)
    for i in range(7):
        others = np.delete(values, i)
        pairs = np.array([a + b for a, b in itertools.combinations(others, 2)])
        observed = values[i - 1] + values[(i + 1) % 7]
        sign = np.sign(values[i] - values.mean())
        np.testing.assert_allclose(
            found.p_greater[i], (sign * pairs >= sign * observed).mean(), rtol=1e-12
        )


def test_breda_is_as_computed_by_others(shared):
    csv = shared / "reference/computed_thirdparty/breda_youth_nuisance_per1000_local_moran.csv"
    theirs = pd.read_csv(csv)
    areas = bp.read_neighbourhoods(shared / "data/nl/breda_buurten_nuisance_2022_wgs84.geojson")
    assert areas.name.tolist() == theirs.buurt.tolist()
    weights = bp.Weights.queen(areas).row_standardise()
    np.testing.assert_array_equal(weights.cardinalities, theirs.n_neighbors)
    found = bp.local_moran(
        theirs.value,
        weights,
        scaling="sample",
        inference="permutation",
        permutations=9999,
        seed=1,
        level=0.999,
        correction="none",
    )
    np.testing.assert_allclose(found.statistic, theirs.local_I_esda, rtol=1e-12)
    total = bp.local_moran(theirs.value, weights, inference="analytic", randomisation="total")
    np.testing.assert_allclose(total.expected, theirs.EI, rtol=1e-12)
    np.testing.assert_allclose(total.variance, theirs.VI_total_randomisation, rtol=1e-12)
    names = np.array(["", "HH", "LH", "LL", "HL"])[theirs.quadrant]
    placed = found.quadrant != "not significant"
    np.testing.assert_array_equal(found.quadrant[placed], names[placed])
    # Theirs is the smaller tail, not doubled.
    tail = np.minimum(found.p_greater, found.p_less)
    band = 5 * np.sqrt(2 * tail * (1 - tail) / 9999) + 2e-4
    assert (np.abs(tail - theirs.p_sim_9999) < band).all()


def test_bivariate_moran_is_that_of_esda(counts, esda, rng):
    other = rng.poisson(3.0, counts.size)
    peer = esda.Moran_Local_BV(
        counts.astype(float), other.astype(float), peer_weights(), permutations=0
    )
    found = bp.local_moran(
        counts, LATTICE.row_standardise(), other=other, scaling="sample", inference="analytic"
    )
    np.testing.assert_allclose(found.statistic, peer.Is, rtol=1e-9, atol=1e-12)
    same = bp.local_moran(counts, LATTICE, other=counts)
    np.testing.assert_array_equal(same.p, bp.local_moran(counts, LATTICE).p)


def test_rates_are_standardised(counts):
    people = np.linspace(100, 3000, counts.size)
    people[3] = np.nan
    found = bp.local_moran(counts, LATTICE, population=people, inference="sequential", seed=1)
    standardised = bp.standardised_rates(counts, people)
    again = bp.local_moran(standardised, LATTICE, inference="sequential", seed=1)
    np.testing.assert_array_equal(found.p, again.p)
    assert found.quadrant[3] == "undefined"
    assert found.tests == counts.size - 1


def test_local_geary_is_that_of_esda(counts, esda):
    peer = esda.Geary_Local(connectivity=peer_weights(), labels=False, permutations=9).fit(
        counts.astype(float)
    )
    found = bp.local_geary(counts, LATTICE.row_standardise(), seed=1)
    np.testing.assert_allclose(found.statistic, peer.localG, rtol=1e-9)
    # The expectation given the unit's own value is the mean over permutations.
    again = bp.local_geary(counts, LATTICE.row_standardise(), inference="analytic")
    np.testing.assert_allclose(again.expected, found.expected)


def test_multivariate_geary_is_that_of_esda(counts, esda, rng):
    other = rng.normal(size=counts.size)
    peer = esda.Geary_Local_MV(connectivity=peer_weights(), permutations=9)
    peer.fit([counts.astype(float), other])
    table = pd.DataFrame({"a": counts, "b": other})
    found = bp.local_geary(table, LATTICE.row_standardise(), seed=1, permutations=99)
    np.testing.assert_allclose(found.statistic, peer.localG, rtol=1e-9)
    assert set(found.quadrant) <= {"other positive", "negative", "not significant"}


def test_join_counts_are_those_of_esda_and_hypergeometric(counts, esda):
    marked = (counts > 3).astype(int)
    peer = esda.Join_Counts_Local(connectivity=peer_weights("b"), permutations=9)
    found = bp.join_count(marked, LATTICE)
    np.testing.assert_allclose(found.statistic, peer.fit(marked).LJC, atol=1e-9)
    k, n, ones = LATTICE.cardinalities, marked.size, marked.sum()
    p = scipy.stats.hypergeom.sf(np.rint(found.statistic) - 1, n - 1, ones - 1, k)
    np.testing.assert_allclose(found.p[marked == 1], p[marked == 1], rtol=1e-10)
    assert np.isnan(found.p[marked == 0]).all()
    assert found.tests == ones


def test_losh_is_that_of_esda(counts, esda):
    peer = esda.LOSH(connectivity=peer_weights("r", own=True), inference="chi-square")
    peer.fit(counts.astype(float))
    weights = LATTICE.include_self().row_standardise()
    found = bp.losh(counts, weights, inference="analytic")
    np.testing.assert_allclose(found.statistic, peer.Hi, rtol=1e-9)
    np.testing.assert_allclose(found.variance, peer.VarHi, rtol=1e-9)
    np.testing.assert_allclose(found.p, peer.pval, rtol=1e-6)


def test_overdispersed_exposure_holds_where_the_binomial_does_not(rng):
    people = rng.uniform(500, 3000, ROWS * COLS)
    weights = LATTICE.include_self()
    alarms = {"exposure": 0, "exposure_overdispersed": 0}
    for _ in range(40):
        # Variance five times the mean, without any clustering.
        mean = 6 * people / people.mean()
        counts = rng.negative_binomial(mean / 4, 1 / 5)
        for inference in alarms:
            found = bp.gi_star(counts, weights, inference=inference, exposure=people)
            alarms[inference] += bool((found.hotspot_class >= 2).any())
            assert "overdispersion" in {note.code for note in found.warnings}
            assert found.inference == inference
    assert alarms["exposure"] >= 30
    assert alarms["exposure_overdispersed"] <= 6


def test_overdispersed_exposure_is_beta_binomial(rng):
    people = rng.uniform(500, 3000, ROWS * COLS)
    counts = rng.negative_binomial(people / people.mean(), 1 / 4)
    weights = LATTICE.include_self()
    found = bp.gi_star(counts, weights, inference="exposure_overdispersed", exposure=people)
    expected = counts.sum() * people / people.sum()
    spread = expected * (1 - people / people.sum())
    ratio = ((counts - expected) ** 2).sum() / spread.sum()
    precision = (counts.sum() - ratio) / (ratio - 1)
    share = (weights.to_sparse() @ people) / people.sum()
    window = weights.to_sparse() @ counts
    p = scipy.stats.betabinom.sf(
        window - 1, counts.sum(), precision * share, precision * (1 - share)
    )
    np.testing.assert_allclose(found.p_greater, p, rtol=1e-6)


@pytest.mark.parametrize("statistic", [bp.local_moran, bp.local_geary, bp.join_count, bp.losh])
def test_threads_change_nothing_and_missing_leaves(statistic, counts):
    values = (counts > 2).astype(float)
    values[5] = np.nan
    weights = LATTICE.include_self()
    options = {"inference": "permutation", "permutations": 199, "seed": 3}
    runs = [statistic(values, weights, n_jobs=n, **options) for n in (1, 2, 3, 7)]
    for name in ("statistic", "z", "p", "q", "p_greater", "p_less"):
        assert len({getattr(run, name).tobytes() for run in runs}) == 1
    assert np.isnan(runs[0].p[5])
    assert runs[0].quadrant[5] == "undefined"
    with pytest.raises(bp.ParameterError, match="inference"):
        statistic(values, weights, inference="exposure")
    with pytest.raises(bp.ParameterError, match="level"):
        statistic(values, weights, level=0)
    with pytest.raises(bp.ParameterError, match="permutations"):
        statistic(values, weights, inference="permutation", permutations=0)


def test_impossible_options_are_refused(counts):
    with pytest.raises(bp.ParameterError, match="exact"):
        bp.local_geary(counts, LATTICE, inference="exact")
    with pytest.raises(bp.InputError, match="0 and 1"):
        bp.join_count(counts, LATTICE)
    with pytest.raises(bp.ParameterError, match="include_self"):
        bp.losh(counts, LATTICE)
    with pytest.raises(bp.ParameterError, match="scaling"):
        bp.local_moran(counts, LATTICE, scaling="n")
    with pytest.raises(bp.ParameterError, match="population and other"):
        bp.local_moran(counts, LATTICE, other=counts, population=counts)
