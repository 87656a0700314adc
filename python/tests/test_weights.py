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
