"""Who is a neighbour of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, Union

import numpy as np

from brandpunt import _brandpunt
from brandpunt._density import xy_of
from brandpunt._inputs import crs_text, need
from brandpunt._neighbourhoods import Neighbourhoods
from brandpunt.exceptions import InputError, ParameterError

if TYPE_CHECKING:
    from numpy.typing import NDArray

WeightsLike: TypeAlias = Union["Weights", Any]
"""Weights, a sparse matrix of SciPy, or weights of libpysal."""


class Weights:
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

    __slots__ = ("_core",)
    _core: _brandpunt.Weights

    def __init__(self) -> None:
        message = "make weights with Weights.queen, rook, distance_band, nearest, lattice, ..."
        raise TypeError(message)

    @classmethod
    def _wrap(cls, core: _brandpunt.Weights) -> Weights:
        self = cls.__new__(cls)
        self._core = core
        return self

    @classmethod
    def queen(cls, neighbourhoods: Neighbourhoods, *, snap: float = 0.01) -> Weights:
        """Link areas that share a point.

        Parameters
        ----------
        neighbourhoods : Neighbourhoods
            The areas.
        snap : float, default 0.01
            How far apart in metres two outlines may be and still touch.
        """
        return cls._wrap(_brandpunt.Weights.contiguity(neighbourhoods._core, rook=False, snap=snap))

    @classmethod
    def rook(cls, neighbourhoods: Neighbourhoods, *, snap: float = 0.01) -> Weights:
        """Link areas that share a stretch of boundary.

        Parameters
        ----------
        neighbourhoods : Neighbourhoods
            The areas.
        snap : float, default 0.01
            How far apart in metres two outlines may be and still touch.
        """
        return cls._wrap(_brandpunt.Weights.contiguity(neighbourhoods._core, rook=True, snap=snap))

    @classmethod
    def distance_band(cls, points: Any, radius: float) -> Weights:
        """Link points that are at most a radius apart.

        Parameters
        ----------
        points : Incidents, Neighbourhoods, GeoDataFrame, or array-like of shape (n, 2)
            In metres; of areas, the centroids are taken.
        radius : float
            In metres.
        """
        return cls._wrap(_brandpunt.Weights.distance_band(*_places(points), float(radius)))

    @classmethod
    def nearest(cls, points: Any, k: int) -> Weights:
        """Link every point to the `k` points nearest to it.

        Parameters
        ----------
        points : Incidents, Neighbourhoods, GeoDataFrame, or array-like of shape (n, 2)
            In metres; of areas, the centroids are taken.
        k : int
            How many neighbours each has; of equally near ones those first in the input.
        """
        return cls._wrap(_brandpunt.Weights.nearest(*_places(points), _positive(k, "k")))

    @classmethod
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

    def neighbours(self, unit: int) -> NDArray[np.int64]:
        """Give the neighbours of one unit, ascending."""
        return self._core.neighbours(unit)

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

    def __reduce__(self) -> tuple[Any, ...]:
        return _weights, self._core.to_csr()

    def __repr__(self) -> str:
        kind = ", binary" if self.is_binary else ""
        islands = f", {len(self.islands)} islands" if len(self.islands) else ""
        return f"<Weights: {self.n} units, {self._core.pairs} pairs{kind}{islands}>"


def _weights(start: Any, neighbour: Any, value: Any) -> Weights:
    return Weights._wrap(_brandpunt.Weights(start, neighbour, value))


def _places(points: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coordinates in metres of points or of the centroids of areas."""
    if isinstance(points, Neighbourhoods):
        points = points.to_geopandas()
    crs = getattr(points, "crs", None)
    if crs is not None:
        _brandpunt.require_metres(crs_text(crs))
    if hasattr(points, "geometry"):
        points = points.geometry.centroid
    return xy_of(points)


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
    return Weights.from_sparse(weights)
