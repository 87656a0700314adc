"""Weights: the same neighbours as libpysal, there and back again."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import scipy.sparse
import scipy.spatial

import brandpunt as bp

libpysal = pytest.importorskip("libpysal")


def lists(w):
    return [w.neighbours(i).tolist() for i in range(w.n)]


@pytest.mark.parametrize("kind", ["queen", "rook"])
def test_contiguity_is_that_of_libpysal(tiles, hoods, kind):
    ours = getattr(bp.Weights, kind)(hoods)
    graph = libpysal.graph.Graph.build_contiguity(tiles.reset_index(drop=True), rook=kind == "rook")
    theirs = bp.Weights.from_pysal(graph)
    assert lists(ours) == lists(theirs)
    assert ours.is_binary


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_weights_of_libpysal_come_as_transformed():
    w = libpysal.weights.lat2W(4, 5, rook=False)
    assert lists(bp.Weights.from_pysal(w)) == lists(bp.Weights.lattice((4, 5)))
    w.transform = "r"
    standardised = bp.Weights.from_pysal(w)
    assert not standardised.is_binary
    np.testing.assert_allclose(
        standardised.to_sparse().toarray(),
        bp.Weights.lattice((4, 5)).row_standardise().to_sparse().toarray(),
    )


def test_lattice_by_counting_steps():
    rook = bp.Weights.lattice((5, 6), order=2, adjacency="rook").to_sparse().toarray()
    queen = bp.Weights.lattice((5, 6), order=2).to_sparse().toarray()
    row, col = np.divmod(np.arange(30), 6)
    across = np.abs(row[:, None] - row)
    along = np.abs(col[:, None] - col)
    other = ~np.eye(30, dtype=bool)
    np.testing.assert_array_equal(rook, (across + along <= 2) & other)
    np.testing.assert_array_equal(queen, (np.maximum(across, along) <= 2) & other)


def test_sparse_there_and_back(rng):
    matrix = scipy.sparse.random_array((30, 30), density=0.1, rng=rng, format="coo")
    before = matrix.copy()
    weights = bp.Weights.from_sparse(matrix)
    np.testing.assert_array_equal(weights.to_sparse().toarray(), matrix.toarray())
    np.testing.assert_array_equal(matrix.data, before.data)
    np.testing.assert_array_equal(weights.cardinalities, (matrix.toarray() > 0).sum(axis=1))
    back = pickle.loads(pickle.dumps(weights))
    np.testing.assert_array_equal(back.to_sparse().toarray(), matrix.toarray())
    changed = weights.to_sparse()
    changed.data[:] = 7
    np.testing.assert_array_equal(weights.to_sparse().toarray(), matrix.toarray())


def test_self_is_included_once_and_islands_are_known():
    weights = bp.Weights.from_sparse(scipy.sparse.csr_array(([1.0], ([0], [1])), shape=(3, 3)))
    assert weights.islands.tolist() == [1, 2]
    with_self = weights.include_self()
    assert lists(with_self) == [[0, 1], [1], [2]]
    assert lists(with_self.include_self()) == lists(with_self)
    assert lists(weights) == [[1], [], []]


@pytest.mark.parametrize(
    ("build", "kind"),
    [
        (lambda: bp.Weights.from_sparse(np.eye(3)), bp.InputError),
        (lambda: bp.Weights.from_sparse(scipy.sparse.eye_array(3, 4)), bp.InputError),
        (lambda: bp.Weights.from_sparse(-scipy.sparse.eye_array(3)), bp.InputError),
        (lambda: bp.Weights.from_pysal(3), bp.InputError),
        (lambda: bp.Weights.lattice((0, 3)), bp.ParameterError),
        (lambda: bp.Weights.lattice((2, 3), order=0), bp.ParameterError),
        (lambda: bp.Weights.lattice((2, 3), adjacency="bishop"), bp.ParameterError),
        (lambda: bp.Weights.lattice((2, 3)).neighbours(6), bp.ParameterError),
        (bp.Weights, TypeError),
    ],
)
def test_what_is_no_neighbourhood_is_said(build, kind):
    with pytest.raises(kind):
        build()


def test_bands_and_nearest_are_those_of_scipy(rng):
    points = rng.uniform(0, 1000, (200, 2))
    tree = scipy.spatial.KDTree(points)
    band = bp.Weights.distance_band(points, 90)
    expected = [sorted(set(near) - {i}) for i, near in enumerate(tree.query_ball_point(points, 90))]
    assert lists(band) == expected
    nearest = bp.Weights.nearest(points, 5)
    expected = [sorted(near[1:].tolist()) for near in tree.query(points, 6)[1]]
    assert lists(nearest) == expected


def test_centroids_of_areas_are_points(tiles, hoods):
    band = bp.Weights.distance_band(hoods, 1000)
    assert lists(band) == lists(bp.Weights.distance_band(tiles, 1000))
    assert band.cardinalities.tolist()[:4] == [2, 3, 3, 2]
    with pytest.raises(bp.CrsError, match="metres"):
        bp.Weights.distance_band(tiles.to_crs(4326), 1000)
    with pytest.raises(bp.CrsError, match="metres"):
        bp.Weights.nearest(hoods.to_crs(4326), 3)
    with pytest.raises(bp.ParameterError, match="radius"):
        bp.Weights.distance_band(tiles, -1)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.filterwarnings("ignore:The weights matrix is not fully connected")
@pytest.mark.parametrize("order", [2, 3, 4])
def test_higher_orders_are_those_of_libpysal(order, hoods):
    maps = [bp.Weights.lattice((6, 7)), bp.Weights.lattice((6, 7), adjacency="rook")]
    for ours in [*maps, bp.Weights.queen(hoods)]:
        theirs = libpysal.weights.higher_order(ours.to_pysal(), order, silence_warnings=True)
        assert lists(ours.higher_order(order)) == lists(bp.Weights.from_pysal(theirs))
        theirs = libpysal.weights.higher_order(
            ours.to_pysal(), order, lower_order=True, silence_warnings=True
        )
        found = ours.higher_order(order, cumulative=True)
        assert lists(found) == lists(bp.Weights.from_pysal(theirs))


@pytest.fixture
def scattered(rng):
    return rng.uniform(0, 1000, (150, 2))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.filterwarnings("ignore:The weights matrix is not fully connected")
@pytest.mark.parametrize("kernel", ["triangular", "uniform", "epanechnikov", "quartic", "gaussian"])
@pytest.mark.parametrize("reach", [{"bandwidth": 120.0}, {"k": 6}])
def test_kernel_weights_are_those_of_libpysal(scattered, kernel, reach):
    theirs = libpysal.weights.Kernel(
        scattered,
        **(reach if "bandwidth" in reach else {"k": 6, "fixed": False}),
        function="quadratic" if kernel == "epanechnikov" else kernel,
    )
    ours = bp.Weights.kernel(scattered, kernel=kernel, diagonal="kernel", **reach)
    np.testing.assert_allclose(
        ours.to_sparse().toarray(), theirs.sparse.toarray(), rtol=1e-9, atol=1e-12
    )
    without = bp.Weights.kernel(scattered, kernel=kernel, **reach).to_sparse().toarray()
    assert (without.diagonal() == 0).all()
    own = ours.to_sparse().toarray()
    np.testing.assert_array_equal(own - np.diag(own.diagonal()), without)
    one = bp.Weights.kernel(scattered, kernel=kernel, diagonal="one", **reach)
    np.testing.assert_array_equal(one.to_sparse().diagonal(), 1.0)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.filterwarnings("ignore:The weights matrix is not fully connected")
def test_bands_nearest_and_sets_are_those_of_libpysal(scattered):
    weights = libpysal.weights
    band = bp.Weights.distance_band(scattered, 90)
    theirs_band = weights.DistanceBand(scattered, 90, silence_warnings=True)
    assert lists(band) == lists(bp.Weights.from_pysal(theirs_band))
    nearest = bp.Weights.nearest(scattered, 5)
    theirs_nearest = weights.KNN(scattered, 5, silence_warnings=True)
    assert lists(nearest) == lists(bp.Weights.from_pysal(theirs_nearest))
    assert nearest.tied.size == 0
    inverse = bp.Weights.inverse_distance(scattered, 90, power=2)
    # libpysal divides by the distance of every point to itself as well.
    with np.errstate(divide="ignore"):
        theirs = weights.DistanceBand(
            scattered, 90, alpha=-2.0, binary=False, silence_warnings=True
        ).sparse.toarray()
    np.fill_diagonal(theirs, 0)
    np.testing.assert_allclose(inverse.to_sparse().toarray(), theirs, rtol=1e-12)
    for name in ("union", "intersection", "difference"):
        ours = getattr(band, name)(nearest)
        # A constrained difference of libpysal drops units, which is no set operation on pairs.
        options = {"constrained": False} if name == "difference" else {}
        theirs = getattr(weights, f"w_{name}")(
            theirs_band, theirs_nearest, silence_warnings=True, **options
        )
        assert lists(ours) == lists(bp.Weights.from_pysal(theirs)), name
        assert ours.is_binary
    both = nearest.symmetrise()
    assert lists(both) == lists(bp.Weights.from_pysal(theirs_nearest.symmetrize()))
    assert both.symmetric
    assert not nearest.symmetric
    assert lists(both) == lists(nearest.union(nearest.transpose()))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_the_automatic_band_leaves_nobody_alone(scattered, tiles, hoods):
    radius = bp.Weights.connecting_radius(scattered)
    theirs = libpysal.weights.min_threshold_distance(scattered)
    np.testing.assert_allclose(radius, theirs, rtol=1e-14)
    band = bp.Weights.distance_band(scattered)
    assert band.islands.size == 0
    assert lists(band) == lists(bp.Weights.distance_band(scattered, radius))
    assert bp.Weights.distance_band(scattered, radius * (1 - 1e-12)).islands.size > 0
    assert lists(bp.Weights.distance_band(hoods)) == lists(bp.Weights.distance_band(tiles))
    assert bp.Weights.connecting_radius([[1, 1], [1, 1], [4, 1], [4, 1]]) == 0


def test_ties_are_told_and_taken_when_asked(hoods):
    points = np.indices((4, 5)).reshape(2, -1).T
    first = bp.Weights.nearest(points, 2)
    assert (first.cardinalities == 2).all()
    # In a corner two are nearest; everybody else has three or four at distance 1.
    corners = {0, 4, 15, 19}
    assert set(first.tied.tolist()) == set(range(20)) - corners
    every = bp.Weights.nearest(points, 2, ties="all")
    assert lists(every) == lists(bp.Weights.lattice((4, 5), adjacency="rook"))
    np.testing.assert_array_equal(every.tied, first.tied)
    back = pickle.loads(pickle.dumps(first))
    np.testing.assert_array_equal(back.tied, first.tied)
    with pytest.raises(ValueError, match="read-only"):
        back.tied[0] = 3
    assert first.include_self().tied is None
    assert bp.Weights.queen(hoods).tied is None


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_libpysal_there_and_back_again(rng):
    matrix = scipy.sparse.random_array((30, 30), density=0.1, rng=rng, format="csr")
    weights = bp.Weights.from_sparse(matrix)
    there = weights.to_pysal()
    assert isinstance(there, libpysal.weights.W)
    assert there.n == 30
    assert sorted(there.islands) == np.flatnonzero(weights.cardinalities == 0).tolist()
    back = bp.Weights.from_pysal(there)
    np.testing.assert_array_equal(back.to_sparse().toarray(), matrix.toarray())
    lattice = bp.Weights.lattice((3, 4))
    graph = libpysal.graph.Graph.from_W(lattice.to_pysal())
    assert lists(bp.Weights.from_pysal(graph)) == lists(lattice)


def test_threads_change_no_weights(scattered):
    for build in (
        lambda n: bp.Weights.distance_band(scattered, n_jobs=n),
        lambda n: bp.Weights.nearest(scattered, 4, n_jobs=n),
        lambda n: bp.Weights.kernel(scattered, k=4, kernel="gaussian", n_jobs=n),
        lambda n: bp.Weights.inverse_distance(scattered, 99, n_jobs=n),
    ):
        stored = {tuple(map(bytes, build(n)._core.to_csr())) for n in (1, 2, 3, None)}
        assert len(stored) == 1


@pytest.mark.parametrize(
    ("build", "kind", "said"),
    [
        (lambda p: bp.Weights.nearest(p, 3, ties="some"), bp.ParameterError, "ties"),
        (lambda p: bp.Weights.kernel(p), bp.ParameterError, "bandwidth"),
        (lambda p: bp.Weights.kernel(p, bandwidth=3, k=3), bp.ParameterError, "one of them"),
        (lambda p: bp.Weights.kernel(p, bandwidth=0), bp.ParameterError, "bandwidth"),
        (lambda p: bp.Weights.kernel(p, k=150), bp.ParameterError, "150 points"),
        (lambda p: bp.Weights.kernel(p, k=3, kernel="cosine"), bp.ParameterError, "quartic"),
        (lambda p: bp.Weights.kernel(p, k=3, diagonal="two"), bp.ParameterError, "diagonal"),
        (lambda p: bp.Weights.inverse_distance(p[[0, 0]], 3), bp.InputError, "one spot"),
        (lambda p: bp.Weights.inverse_distance(p, 3, power=0), bp.ParameterError, "power"),
        (lambda p: bp.Weights.distance_band(p[:1]), bp.ParameterError, "2 points"),
        (lambda p: bp.Weights.nearest(p, 2).higher_order(0), bp.ParameterError, "order"),
        (
            lambda p: bp.Weights.nearest(p, 2).union(bp.Weights.lattice((2, 2))),
            bp.InputError,
            "length_mismatch",
        ),
    ],
)
def test_what_makes_no_weights_is_said(scattered, build, kind, said):
    with pytest.raises(kind, match=said):
        build(scattered)


def test_what_carries_no_weights_is_told_how_to_make_some():
    for wrong in (np.eye(3), "queen", None):
        with pytest.raises(bp.InputError, match=r"carries no weights.*Weights\.queen"):
            bp.gi_star([1.0, 2.0, 3.0], wrong)
