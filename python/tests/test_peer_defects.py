"""Known defects of peers, each shown in the peer where it can be run, and absent here."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import scipy.stats

import brandpunt as bp

LATTICE = bp.Weights.lattice((20, 20))


@pytest.fixture
def esda():
    module = pytest.importorskip("esda")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield module


def queen(own):
    libpysal = pytest.importorskip("libpysal")
    w = libpysal.weights.lat2W(20, 20, rook=False)
    return libpysal.weights.fill_diagonal(w, 1.0) if own else w


def test_gi_star_does_not_change_with_the_scale_of_rows(esda, rng):
    counts = rng.poisson(3.0, 400)
    binary = bp.gi_star(counts, LATTICE.include_self(), inference="analytic")
    standardised = bp.gi_star(
        counts, LATTICE.include_self().row_standardise(), inference="analytic"
    )
    np.testing.assert_allclose(binary.z, standardised.z, rtol=1e-12)
    # esda takes the number of neighbours for the sum of squared weights, whatever the weights.
    peer = {
        transform: esda.G_Local(
            counts.astype(float), queen(own=True), transform=transform, star=True, permutations=0
        ).Zs
        for transform in "BR"
    }
    np.testing.assert_allclose(peer["B"], binary.z, rtol=1e-9)
    assert np.abs(peer["R"] / peer["B"] - 1).max() > 0.4


def test_two_sided_is_the_default_and_holds_its_level(esda):
    ours, theirs = [], []
    for seed in range(12):
        counts = np.random.default_rng(seed).poisson(0.2, 400)
        weights = LATTICE.include_self()
        ours.append(bp.gi_star(counts, weights).p <= 0.05)
        peer = esda.G_Local(
            counts.astype(float),
            queen(own=True),
            transform="B",
            star=True,
            permutations=199,
            seed=seed,
        )
        theirs.append(peer.p_sim <= 0.05)
    assert np.mean(ours) <= 0.05
    # The smaller tail under the name of the p-value: an area without incidents, which most areas
    # are, is called extreme.
    assert np.mean(theirs) > 0.15


def test_a_constant_map_has_no_p_value():
    constant = np.full(400, 3)
    found = bp.gi_star(constant, LATTICE.include_self())
    assert np.isnan(found.p).all()
    assert "zero_variance" in {note.code for note in found.warnings}
    moran = bp.local_moran(constant, LATTICE)
    assert np.isnan(moran.p).all()
    assert set(moran.quadrant) == {"undefined"}


def test_p_values_are_never_above_one_nor_zero(rng):
    counts = rng.poisson(0.05, 400)
    for inference in ("exact", "permutation", "sequential", "analytic"):
        found = bp.gi_star(counts, LATTICE.include_self(), inference=inference, seed=1)
        for p in (found.p, found.p_greater, found.p_less):
            assert np.nanmax(p) <= 1.0
            assert np.nanmin(p) > 0.0


def test_far_tails_are_not_noise(rng):
    """A polynomial of the normal tail is good to 1e-7; false-discovery control needs the rest."""
    counts = rng.poisson(2.0, 400)
    counts[[189, 190, 191, 209, 210, 211]] = 60
    found = bp.gi_star(counts, LATTICE.include_self(), inference="analytic")
    assert found.z.max() > 12
    np.testing.assert_allclose(found.p_greater, scipy.stats.norm.sf(found.z), rtol=1e-9)


def test_values_far_from_zero_cost_no_digits(rng):
    counts = rng.poisson(2.0, 400).astype(float)
    plain = bp.gi_star(counts, LATTICE.include_self(), inference="analytic")
    for offset in (1e6, 1e8, 1e9):
        moved = bp.gi_star(counts + offset, LATTICE.include_self(), inference="analytic")
        np.testing.assert_allclose(moved.z, plain.z, rtol=0, atol=1e-9)


def test_correction_is_over_the_map_not_over_neighbours(rng):
    counts = rng.poisson(2.0, 400)
    found = bp.gi_star(counts, LATTICE.include_self(), correction="holm")
    order = np.sort(found.p)
    assert found.tests == 400
    np.testing.assert_allclose(found.q.min(), min(1.0, 400 * order[0]), rtol=1e-12)


def test_an_unreachable_level_is_said():
    counts = np.random.default_rng(1).poisson(2.0, 400)
    found = bp.gi_star(
        counts, LATTICE.include_self(), inference="permutation", permutations=999, seed=1
    )
    assert "p_resolution_insufficient" in {note.code for note in found.warnings}
