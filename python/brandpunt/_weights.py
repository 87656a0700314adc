"""Who is a neighbour of whom."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias, Union

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._inputs import crs_text, need
from brandpunt._neighbourhoods import Neighbourhoods, NeighbourhoodsLike
from brandpunt._surface import xy_of
from brandpunt._value import Wrapped
from brandpunt.exceptions import InputError, ParameterError

if TYPE_CHECKING:
    from numpy.typing import NDArray

WeightsLike: TypeAlias = Union["Weights", Any]
"""Weights, a sparse matrix of SciPy, or weights of libpysal."""


class Weights(Wrapped):
    """A sparse matrix of weights; nothing here changes its receiver.

    Examples
    --------
    >>> import brandpunt as bp
    >>> weights = bp.Weights.lattice((3, 4), adjacency="rook")
    >>> weights
    <Weights: 12 units, 34 pairs, binary>
    >>> weights.include_self().cardinalities
    array([3, 4, 4, 3, 4, 5, 5, 4, 3, 4, 4, 3])
    """

    __slots__ = ("_tied",)
    _core: _brandpunt.Weights
    _tied: NDArray[np.int64] | None
    _made_by = "queen, rook, distance_band, nearest, kernel, lattice, ..."

    @classmethod
    def _wrap(cls, core: _brandpunt.Weights, tied: NDArray[np.int64] | None = None) -> Weights:
        self = super()._wrap(core)
        self._tied = tied
        return self

    @classmethod
    @checked
    def queen(cls, neighbourhoods: NeighbourhoodsLike, *, snap: float = 0.01) -> Weights:
        """Link areas that share a point.

        Parameters
        ----------
        neighbourhoods : Neighbourhoods
            The areas.
        snap : float, default 0.01
            How far apart in metres two outlines may be and still touch.
        """
        areas = Neighbourhoods.from_any(neighbourhoods)
        return cls._wrap(_brandpunt.Weights.contiguity(areas._core, rook=False, snap=float(snap)))

    @classmethod
    @checked
    def rook(cls, neighbourhoods: NeighbourhoodsLike, *, snap: float = 0.01) -> Weights:
        """Link areas that share a stretch of boundary.

        Parameters
        ----------
        neighbourhoods : Neighbourhoods
            The areas.
        snap : float, default 0.01
            How far apart in metres two outlines may be and still touch.
        """
        areas = Neighbourhoods.from_any(neighbourhoods)
        return cls._wrap(_brandpunt.Weights.contiguity(areas._core, rook=True, snap=float(snap)))

    @classmethod
    @checked
    def distance_band(
        cls, points: Any, radius: float | None = None, *, n_jobs: int | None = None
    ) -> Weights:
        """Link points that are at most a radius apart.

        Parameters
        ----------
        points : Incidents, Neighbourhoods, GeoDataFrame, or array-like of shape (n, 2)
            In metres; of areas, the centroids are taken. Points on one spot are neighbours.
        radius : float, optional
            In metres. When left out, the least at which every point has a neighbour; see
            `connecting_radius`.
        n_jobs : int, optional
            Threads; one per core when left out. The result does not depend on it.
        """
        radius = None if radius is None else float(radius)
        return cls._wrap(_brandpunt.Weights.distance_band(*places(points), radius, n_jobs))

    @staticmethod
    @checked
    def connecting_radius(points: Any, *, n_jobs: int | None = None) -> float:
        """Give the least radius at which every point has a neighbour.

        It is the greatest of all distances to the nearest other point. Points on one spot have
        each other, so they ask for no radius.

        Parameters
        ----------
        points : Incidents, Neighbourhoods, GeoDataFrame, or array-like of shape (n, 2)
            In metres; of areas, the centroids are taken.
        n_jobs : int, optional
            Threads; one per core when left out.

        Examples
        --------
        >>> import brandpunt as bp
        >>> bp.Weights.connecting_radius([[0, 0], [3, 4], [9, 4]])
        6.0
        """
        return _brandpunt.Weights.connecting_radius(*places(points), n_jobs)

    @classmethod
    @checked
    def inverse_distance(
        cls, points: Any, radius: float, *, power: float = 1.0, n_jobs: int | None = None
    ) -> Weights:
        """Link points that are at most a radius apart, with weight ``distance ** -power``.

        Parameters
        ----------
        points : Incidents, Neighbourhoods, GeoDataFrame, or array-like of shape (n, 2)
            In metres; of areas, the centroids are taken. No two may lie on one spot.
        radius : float
            In metres.
        power : float, default 1
            How fast weight falls off: 1 as distance does, 2 as its square.
        n_jobs : int, optional
            Threads; one per core when left out. The result does not depend on it.

        Examples
        --------
        >>> import brandpunt as bp
        >>> weights = bp.Weights.inverse_distance([[0, 0], [2, 0], [6, 0]], 4)
        >>> weights.to_sparse().toarray()
        array([[0.  , 0.5 , 0.  ],
               [0.5 , 0.  , 0.25],
               [0.  , 0.25, 0.  ]])
        """
        return cls._wrap(
            _brandpunt.Weights.inverse_distance(
                *places(points), float(radius), float(power), n_jobs
            )
        )

    @classmethod
    @checked
    def nearest(
        cls, points: Any, k: int, *, ties: str = "first", n_jobs: int | None = None
    ) -> Weights:
        """Link every point to the `k` points nearest to it.

        The result's `tied` tells which points had a tie at place `k`: another point exactly as
        far away as the k-th, common on lattices and among rounded coordinates.

        Parameters
        ----------
        points : Incidents, Neighbourhoods, GeoDataFrame, or array-like of shape (n, 2)
            In metres; of areas, the centroids are taken.
        k : int
            How many neighbours each has.
        ties : {"first", "all"}
            Of equally near points take those first in the input, so that everybody has `k`, or
            all of them, so that the order of the input does not matter.
        n_jobs : int, optional
            Threads; one per core when left out. The result does not depend on it.

        Examples
        --------
        >>> import brandpunt as bp
        >>> points = [[0, 0], [1, 0], [2, 0], [9, 0]]
        >>> bp.Weights.nearest(points, 1).tied
        array([1])
        >>> bp.Weights.nearest(points, 1, ties="all").neighbours(1)
        array([0, 2])
        """
        core, tied = _brandpunt.Weights.nearest(*places(points), _positive(k, "k"), ties, n_jobs)
        return cls._wrap(core, tied)

    @classmethod
    @checked
    def kernel(
        cls,
        points: Any,
        *,
        bandwidth: float | None = None,
        k: int | None = None,
        kernel: str = "triangular",
        diagonal: str = "none",
        n_jobs: int | None = None,
    ) -> Weights:
        """Link points within a bandwidth, the nearer the heavier.

        With z the distance divided by the bandwidth, at most 1, the weight is 1/2 (uniform),
        1 - z (triangular), 3/4 (1 - z^2) (epanechnikov), 15/16 (1 - z^2)^2 (quartic), or
        exp(-z^2 / 2) / sqrt(2 pi) (gaussian), as in libpysal's ``Kernel``.

        Parameters
        ----------
        points : Incidents, Neighbourhoods, GeoDataFrame, or array-like of shape (n, 2)
            In metres; of areas, the centroids are taken.
        bandwidth : float, optional
            In metres, the same everywhere. Give this or `k`.
        k : int, optional
            Each point's bandwidth reaches to its k-th nearest neighbour, and a ten-millionth
            further so that that one still has a weight. Not symmetric.
        kernel : {"triangular", "uniform", "epanechnikov", "quartic", "gaussian"}
            How weight falls off with distance.
        diagonal : {"none", "kernel", "one"}
            The weight of a point on itself: none, that of the kernel at distance 0, or one.
        n_jobs : int, optional
            Threads; one per core when left out. The result does not depend on it.

        Examples
        --------
        >>> import brandpunt as bp
        >>> points = [[0, 0], [2, 0], [8, 0]]
        >>> bp.Weights.kernel(points, bandwidth=8, diagonal="kernel").to_sparse().toarray()
        array([[1.  , 0.75, 0.  ],
               [0.75, 1.  , 0.25],
               [0.  , 0.25, 1.  ]])
        """
        return cls._wrap(
            _brandpunt.Weights.kernel(
                *places(points),
                None if bandwidth is None else float(bandwidth),
                None if k is None else _positive(k, "k"),
                kernel,
                diagonal,
                n_jobs,
            )
        )

    @classmethod
    @checked
    def lattice(
        cls, shape: tuple[int, int], *, order: int = 1, adjacency: str = "queen"
    ) -> Weights:
        """Link the cells of a lattice, numbered row by row.

        Parameters
        ----------
        shape : tuple of int
            Rows and columns.
        order : int, default 1
            How many steps away a neighbour may be.
        adjacency : {"queen", "rook"}, default "queen"
            Whether a step goes to eight cells or to four.
        """
        if adjacency not in ("queen", "rook"):
            message = f"adjacency is {adjacency!r}; queen or rook is needed"
            raise ParameterError(message)
        rows, cols = (_positive(n, "shape") for n in shape)
        return cls._wrap(
            _brandpunt.Weights.lattice(rows, cols, _positive(order, "order"), adjacency == "rook")
        )

    @classmethod
    @checked
    def from_sparse(cls, matrix: Any) -> Weights:
        """Take the weights of a square sparse matrix; stored zeros are no neighbours.

        Parameters
        ----------
        matrix : scipy.sparse matrix or array
            Rows are units, columns their neighbours.
        """
        if not hasattr(matrix, "tocsr"):
            message = f"a {type(matrix).__name__} is no sparse matrix; give one of scipy.sparse"
            raise InputError(message, "not_a_matrix")
        rows, cols = matrix.shape
        if rows != cols:
            message = f"the matrix has {rows} rows and {cols} columns; weights are square"
            raise InputError(message, "length_mismatch")
        csr = matrix.tocsr(copy=True)
        csr.sum_duplicates()
        return cls._wrap(
            _brandpunt.Weights(
                np.asarray(csr.indptr, dtype=np.int64),
                np.asarray(csr.indices, dtype=np.int64),
                np.asarray(csr.data, dtype=np.float64),
            )
        )

    @classmethod
    @checked
    def from_pysal(cls, w: Any) -> Weights:
        """Take the weights of libpysal, as they are transformed at the moment.

        Parameters
        ----------
        w : libpysal.weights.W or libpysal.graph.Graph
            Units come in the order of `id_order` or `unique_ids`.
        """
        if not hasattr(w, "sparse"):
            message = f"a {type(w).__name__} is no weights object of libpysal"
            raise InputError(message, "not_a_matrix")
        return cls.from_sparse(w.sparse)

    @property
    def n(self) -> int:
        """Number of units."""
        return self._core.n

    def __len__(self) -> int:
        return self._core.n

    @property
    def is_binary(self) -> bool:
        """Whether all weights are one."""
        return self._core.is_binary

    @property
    def islands(self) -> NDArray[np.int64]:
        """Units without any neighbour but themselves."""
        return self._core.islands

    @property
    def cardinalities(self) -> NDArray[np.int64]:
        """Number of neighbours of each unit."""
        return self._core.cardinalities

    @checked
    def neighbours(self, unit: int) -> NDArray[np.int64]:
        """Give the neighbours of one unit, ascending."""
        return self._core.neighbours(unit)

    @property
    def symmetric(self) -> bool:
        """Whether every weight equals the one in the other direction."""
        return self._core.symmetric

    @property
    def tied(self) -> NDArray[np.int64] | None:
        """Points whose k-th neighbour had an equal; None unless made by `nearest`."""
        return self._tied

    @checked
    def higher_order(self, order: int, *, cumulative: bool = False) -> Weights:
        """Link units that are `order` steps away and no fewer, or up to that many.

        Parameters
        ----------
        order : int
            2 for the neighbours of neighbours.
        cumulative : bool, default False
            Whether those fewer steps away are neighbours too.

        Examples
        --------
        >>> import brandpunt as bp
        >>> street = bp.Weights.lattice((1, 5))
        >>> street.higher_order(2).neighbours(0)
        array([2])
        >>> street.higher_order(2, cumulative=True).neighbours(0)
        array([1, 2])
        """
        return self._wrap(self._core.order(_positive(order, "order"), cumulative))

    @checked
    def union(self, other: WeightsLike) -> Weights:
        """Give binary weights of the pairs that either has.

        Examples
        --------
        >>> import brandpunt as bp
        >>> street = bp.Weights.lattice((1, 5))
        >>> street.union(street.higher_order(2)).neighbours(0)
        array([1, 2])
        """
        return self._wrap(self._core.union(weights_of(other)._core))

    @checked
    def intersection(self, other: WeightsLike) -> Weights:
        """Give binary weights of the pairs that both have.

        Examples
        --------
        >>> import brandpunt as bp
        >>> queen, rook = (bp.Weights.lattice((2, 2), adjacency=a) for a in ("queen", "rook"))
        >>> queen.intersection(rook).neighbours(0)
        array([1, 2])
        """
        return self._wrap(self._core.intersection(weights_of(other)._core))

    @checked
    def difference(self, other: WeightsLike) -> Weights:
        """Give binary weights of the pairs that these have and the others have not.

        Examples
        --------
        >>> import brandpunt as bp
        >>> queen, rook = (bp.Weights.lattice((2, 2), adjacency=a) for a in ("queen", "rook"))
        >>> queen.difference(rook).neighbours(0)
        array([3])
        """
        return self._wrap(self._core.difference(weights_of(other)._core))

    def symmetrise(self) -> Weights:
        """Give each pair the greater of its two weights; nobody loses a neighbour.

        Examples
        --------
        >>> import brandpunt as bp
        >>> nearest = bp.Weights.nearest([[0, 0], [1, 0], [3, 0]], 1)
        >>> nearest.symmetric, nearest.symmetrise().symmetric
        (False, True)
        """
        return self._wrap(self._core.symmetrise())

    def transpose(self) -> Weights:
        """Give the same weights in the other direction."""
        return self._wrap(self._core.transpose())

    def include_self(self) -> Weights:
        """Give the same weights with each unit its own neighbour, as Gi* wants them.

        The weight is one if the weights are binary, else the greatest of the row.
        """
        return self._wrap(self._core.include_self())

    def row_standardise(self) -> Weights:
        """Give the same weights divided by the sum of their row."""
        return self._wrap(self._core.row_standardise())

    def to_sparse(self) -> Any:
        """Give a ``scipy.sparse.csr_array``."""
        sparse = need("scipy.sparse", "sparse")
        start, neighbour, value = self._core.to_csr()
        # SciPy sorts and sums in place, so it gets arrays of its own.
        arrays = (value.copy(), neighbour.copy(), start.copy())
        return sparse.csr_array(arrays, shape=(self.n, self.n))

    def to_pysal(self) -> Any:
        """Give a ``libpysal.weights.W`` with units numbered from 0.

        For a ``libpysal.graph.Graph``, pass it on to ``Graph.from_W``.

        Examples
        --------
        >>> import brandpunt as bp
        >>> bp.Weights.lattice((1, 3)).to_pysal().neighbors
        {0: [1], 1: [0, 2], 2: [1]}
        """
        weights = need("libpysal.weights", "pysal")
        start, neighbour, value = (column.tolist() for column in self._core.to_csr())
        rows = [slice(*ends) for ends in pairwise(start)]
        return weights.W(
            {i: neighbour[row] for i, row in enumerate(rows)},
            {i: value[row] for i, row in enumerate(rows)},
            id_order=list(range(self.n)),
            silence_warnings=True,
        )

    def __repr__(self) -> str:
        kind = ", binary" if self.is_binary else ""
        islands = f", {len(self.islands)} islands" if len(self.islands) else ""
        return f"<Weights: {self.n} units, {self._core.pairs} pairs{kind}{islands}>"


def places(points: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coordinates in metres of points or of the centroids of areas."""
    if isinstance(points, Neighbourhoods):
        points = points.to_geopandas()
    crs = getattr(points, "crs", None)
    if crs is not None:
        _brandpunt.require_metres(crs_text(crs))
    if hasattr(points, "geometry"):
        points = points.geometry.centroid
    return xy_of(points, "points")


def _positive(number: Any, name: str) -> int:
    if int(number) != number or number < 1:
        message = f"{name} is {number!r}; whole numbers from 1 are needed"
        raise ParameterError(message)
    return int(number)


def weights_of(weights: WeightsLike) -> Weights:
    """Weights from whatever stands for them."""
    if isinstance(weights, Weights):
        return weights
    if hasattr(weights, "sparse") and not hasattr(weights, "tocsr"):
        return Weights.from_pysal(weights)
    if not hasattr(weights, "tocsr"):
        message = (
            f"a {type(weights).__name__} carries no weights; make some of areas with Weights.queen "
            "or Weights.nearest, or give W of libpysal or a matrix of scipy.sparse"
        )
        raise InputError(message, "not_a_matrix")
    return Weights.from_sparse(weights)
