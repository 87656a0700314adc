"""Gi and Gi*: the z of esda, exact p-values that agree with simulation, the same bytes always."""

from __future__ import annotations

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.stats

import brandpunt as bp

COLUMNS = (
    "z",
    "p",
    "q",
    "p_greater",
    "p_less",
    "statistic",
    "expected",
    "variance",
    "hotspot_class",
)


@pytest.fixture
def counts(rng):
    """A lattice of counts with a warm corner."""
    means = np.full((12, 15), 2.0)
    means[:4, :5] = 5.0
    return rng.poisson(means).ravel()


LATTICE = bp.Weights.lattice((12, 15))


def g_local(values, star):
    """Binary Gi or Gi* of esda, whose row-standardised default is another statistic."""
    esda = pytest.importorskip("esda")
    libpysal = pytest.importorskip("libpysal")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        w = libpysal.weights.lat2W(12, 15, rook=False)
        if star:
            w = libpysal.weights.fill_diagonal(w, 1.0)
        return esda.G_Local(
            values.astype(float), w, transform="B", star=star or None, permutations=0
        )


def test_gi_star_is_that_of_esda(counts):
    found = bp.gi_star(counts, LATTICE.include_self(), inference="analytic")
    np.testing.assert_allclose(found.z, g_local(counts, star=True).Zs, rtol=1e-9)
    np.testing.assert_allclose(found.p, 2 * scipy.stats.norm.sf(np.abs(found.z)), rtol=1e-9)


def test_gi_is_that_of_esda(counts):
    found = bp.gi(counts, LATTICE, inference="analytic")
    np.testing.assert_allclose(found.z, g_local(counts, star=False).Zs, rtol=1e-9)


def test_exact_p_values_agree_with_simulation(counts):
    weights = LATTICE.include_self()
    exact = bp.gi_star(counts, weights)
    assert exact.inference == "exact"
    simulated = bp.gi_star(counts, weights, inference="permutation", permutations=9999, seed=1)
    for name in ("p_greater", "p_less"):
        p, m = getattr(exact, name), getattr(simulated, name)
        # Four standard deviations of a simulated share, on 180 units.
        assert np.abs(p - m).max() < 4.5 * np.sqrt(0.25 / 9999) + 2e-4


def test_one_window_by_hand():
    """Two neighbours of a unit: of the ten pairs of the five others, three sum to at least 6."""
    values = np.array([9, 1, 2, 3, 4, 0])
    matrix = np.zeros((6, 6))
    matrix[0, [3, 4]] = 1
    matrix[np.arange(1, 6), np.arange(5)] = 1
    sparse = pytest.importorskip("scipy.sparse")
    found = bp.gi(values, bp.Weights.from_sparse(sparse.csr_array(matrix)))
    pairs = np.array([a + b for i, a in enumerate(values[1:]) for b in values[i + 2 :]])
    assert len(pairs) == 10
    np.testing.assert_allclose(found.p_greater[0], (pairs >= 7).mean(), rtol=1e-12)
    np.testing.assert_allclose(found.p_less[0], (pairs <= 7).mean(), rtol=1e-12)


def test_exposure_is_binomial(counts):
    people = np.linspace(100, 900, counts.size)
    found = bp.gi_star(counts, LATTICE.include_self(), inference="exposure", exposure=people)
    window = LATTICE.include_self().to_sparse() @ counts
    share = (LATTICE.include_self().to_sparse() @ people) / people.sum()
    expected = scipy.stats.binom.sf(window - 1, counts.sum(), share)
    np.testing.assert_allclose(found.p_greater, expected, rtol=1e-8)
    np.testing.assert_allclose(found.expected, counts.sum() * share, rtol=1e-9)


def test_q_values_and_classes(counts):
    found = bp.gi_star(counts, LATTICE.include_self())
    np.testing.assert_allclose(found.q, scipy.stats.false_discovery_control(found.p), rtol=1e-12)
    by = bp.gi_star(counts, LATTICE.include_self(), correction="fdr_by")
    np.testing.assert_allclose(
        by.q, scipy.stats.false_discovery_control(found.p, method="by"), rtol=1e-12
    )
    level = np.select([found.q <= 0.01, found.q <= 0.05, found.q <= 0.1], [3, 2, 1], 0)
    np.testing.assert_array_equal(found.hotspot_class, np.sign(found.z) * level)
    assert found.hotspot_class.dtype == np.int8
    assert found.hotspot_class.max() == 3
    one_sided = bp.gi_star(counts, LATTICE.include_self(), alternative="greater")
    np.testing.assert_array_equal(one_sided.p, found.p_greater)


@pytest.mark.parametrize("inference", ["exact", "permutation", "sequential"])
def test_threads_change_nothing(counts, inference):
    weights = LATTICE.include_self()
    runs = [
        bp.gi_star(counts, weights, inference=inference, permutations=199, seed=5, n_jobs=n)
        for n in (1, 2, 3, 7, None)
    ]
    for name in COLUMNS:
        assert len({getattr(run, name).tobytes() for run in runs}) == 1


def test_a_seed_makes_a_simulation_and_none_does_not(counts):
    def p(seed):
        options = {"inference": "permutation", "permutations": 99}
        return bp.gi_star(counts, LATTICE.include_self(), seed=seed, **options).p.tobytes()

    assert p(1) == p(1)
    assert p(1) != p(2)
    assert p(None) != p(None)


def test_peers_weights_are_taken_as_they_are(counts):
    with_self = LATTICE.include_self()
    ours = bp.gi_star(counts, with_self)
    sparse = bp.gi_star(counts, with_self.to_sparse())
    np.testing.assert_array_equal(ours.p, sparse.p)


def test_results_know_their_index_and_cannot_be_changed(counts):
    series = pd.Series(counts, index=[f"cell {i}" for i in range(counts.size)])
    found = bp.gi_star(series, LATTICE.include_self())
    frame = found.to_pandas()
    assert frame.columns.tolist() == list(COLUMNS)
    assert frame.index.tolist() == series.index.tolist()
    assert len(found) == counts.size
    for result in (found, pickle.loads(pickle.dumps(found))):
        for name in COLUMNS:
            with pytest.raises(ValueError, match="read-only"):
                getattr(result, name)[0] = 0
        with pytest.raises(AttributeError):
            result.z = result.p
    frame.loc["cell 0", "z"] = 7.0
    assert found.z[0] != 7.0


def test_fractions_fall_back_and_say_so(counts):
    found = bp.gi_star(counts / 3, LATTICE.include_self(), seed=1)
    assert found.inference == "sequential"
    assert "exact_fell_back" in {note.code for note in found.warnings}


def test_missing_values_leave_the_map(counts):
    values = counts.astype(float)
    values[7] = np.nan
    found = bp.gi_star(values, LATTICE.include_self())
    assert np.isnan(found.z[7])
    assert found.hotspot_class[7] == 0
    assert found.tests == counts.size - 1


@pytest.mark.parametrize(
    ("options", "kind", "said"),
    [
        ({"inference": "guess"}, bp.ParameterError, "inference"),
        ({"alternative": "both"}, bp.ParameterError, "alternative"),
        ({"correction": "bonferoni"}, bp.ParameterError, "correction"),
        ({"exposure": [1.0] * 180}, bp.ParameterError, "exposure"),
        ({"inference": "exposure"}, bp.ParameterError, "exposure"),
        ({"seed": -1}, bp.ParameterError, "seed"),
        ({"seed": 0.5}, bp.ParameterError, "seed"),
        ({"n_jobs": -2}, bp.ParameterError, "n_jobs"),
    ],
)
def test_options_that_make_no_sense(counts, options, kind, said):
    with pytest.raises(kind, match=said):
        bp.gi_star(counts, LATTICE.include_self(), **options)


def test_gi_star_wants_the_unit_itself(counts):
    with pytest.raises(bp.ParameterError, match="include_self"):
        bp.gi_star(counts, LATTICE)
    with pytest.raises(bp.InputError, match="length_mismatch"):
        bp.gi_star(counts[:-1], LATTICE.include_self())
