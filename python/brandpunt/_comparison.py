"""Do two hotspot maps agree?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._inputs import integers
from brandpunt._outputs import frozen, table
from brandpunt._results import LocalStatistics
from brandpunt._seed import Seed, seed_of
from brandpunt._tabular import Tabular
from brandpunt._value import Value
from brandpunt.exceptions import ParameterError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False, kw_only=True)
class HotspotComparison(Tabular, Value):
    """How two hotspot maps of the same units agree.

    Attributes
    ----------
    transitions : numpy.ndarray of int, shape (3, 3)
        Units by what they are on the first map (rows: hot, none, cold) and the second (columns).
    similarity : float
        Share of units that are the same on both.
    expected : float
        The same, expected of maps that have nothing to do with each other.
    kappa : float
        Cohen's kappa; NaN where both maps are of one and the same class throughout.
    p : float
        Two-sided p-value.
    p_greater, p_less : float
        Probability of an agreement at least, and at most, as large.
    null : str
        What chance means: ``"all shifts"``, ``"random shifts"`` or ``"permutation"``.
    compared : int
        How many maps of chance were compared, the map itself included.
    """

    transitions: NDArray[np.int64]
    similarity: float
    expected: float
    kappa: float
    p: float
    p_greater: float
    p_less: float
    null: str
    compared: int

    def to_pandas(self) -> Any:
        """Give the transitions as a data frame, the first map in rows."""
        sides = ["hot", "none", "cold"]
        return table({side: self.transitions[:, i] for i, side in enumerate(sides)}, sides)


@checked
def compare_hotspots(
    first: ArrayLike | LocalStatistics,
    second: ArrayLike | LocalStatistics,
    *,
    shape: tuple[int, int] | None = None,
    least_class: int = 2,
    permutations: int = 9999,
    seed: Seed = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
) -> HotspotComparison:
    """Do two hotspot maps of the same units agree, more than chance?

    Hotspots are clustered, so two maps can agree by the luck of a few clusters. With `shape`, chance
    is the second map shifted by rows and columns and wrapped around, which keeps its clusters: all
    shifts, or `permutations` random ones where there are more. Without, its classes are put in
    random order, which does not keep them and finds agreement too easily; `null` says which.

    Parameters
    ----------
    first, second : array-like of int, or LocalStatistics
        Classes from -3 to 3, such as ``gi_star(...).hotspot_class``.
    shape : tuple of int, optional
        Rows and columns, where units are the cells of a lattice, row by row.
    least_class : {1, 2, 3}, default 2
        From which class on a unit is hot or cold; 2 is q at most 0.05.
    permutations : int, default 9999
        How many maps of chance are drawn at most.
    seed : int or numpy.random.Generator, optional
        Makes p reproducible.
    random_state : optional
        Another name for `seed`.
    n_jobs : int, optional
        Threads; one per core when left out.

    Returns
    -------
    HotspotComparison

    References
    ----------
    Cohen 1960, Educational and Psychological Measurement 20:37,
    doi:10.1177/001316446002000104.

    Examples
    --------
    >>> import brandpunt as bp
    >>> then = [3, 3, 0, 0, 0, -2, 0, 0, 0, 0, 0, 0]
    >>> now = [3, 0, 0, 0, 0, -3, 0, 0, 0, 0, 0, 0]
    >>> found = bp.compare_hotspots(then, now, shape=(3, 4), seed=1)
    >>> found.transitions
    array([[1, 1, 0],
           [0, 9, 0],
           [0, 0, 1]])
    >>> found.null, round(found.similarity, 3), round(found.kappa, 3)
    ('all shifts', 0.917, 0.765)
    """
    if shape is not None and (len(shape) != 2 or min(shape) < 1):
        message = f"shape is {shape!r}; rows and columns, 1 or more each, are needed"
        raise ParameterError(message)
    found = _brandpunt.compare_hotspots(
        _classes(first, "first"),
        _classes(second, "second"),
        None if shape is None else (int(shape[0]), int(shape[1])),
        int(least_class),
        permutations,
        seed_of(seed, random_state),
        n_jobs,
    )
    return HotspotComparison(
        **{**found, "transitions": frozen(found["transitions"].reshape(3, 3).copy())}
    )


def _classes(values: ArrayLike | LocalStatistics, name: str) -> NDArray[np.int8]:
    classes = values.hotspot_class if isinstance(values, LocalStatistics) else values
    return np.clip(integers(classes, name), -128, 127).astype(np.int8)
