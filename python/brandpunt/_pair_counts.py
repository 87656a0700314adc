"""Pairs of parts of the incidents, on their way to the near-repeat table of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import chosen, floats
from brandpunt._near_repeat import CLOCKS, CLOSED, METRICS, Banded
from brandpunt._notes import Note, notes
from brandpunt._progress import Progress, followed
from brandpunt._tabular import Tabular
from brandpunt._tally import by_reason
from brandpunt._value import Value, Wrapped
from brandpunt.exceptions import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class PairTable(Banded, Value):
    """A near-repeat table without orders drawn: a row per band of distance, a column per band of time.

    Attributes
    ----------
    distances, days : ndarray
        Edges of the bands.
    observed : ndarray of int64
        Pairs of incidents in both bands.
    expected, deviation : ndarray
        Mean and standard deviation of the pairs over all orders of the times, exactly.
    ratio : ndarray
        Observed to expected, NaN where none is expected.
    p : ndarray
        The share of the orders with at least as many pairs, from the distribution of counts of this
        mean and deviation (Katz 1965): negative binomial, Poisson or binomial.
    stands_out : ndarray of bool
        Ratio at least 1.2 and p at most 0.05.
    used, undated : int
        Incidents with and without a time.
    warnings : tuple of Note
        What a reader must know.
    """

    distances: NDArray[np.float64]
    days: NDArray[np.float64]
    observed: NDArray[np.int64]
    expected: NDArray[np.float64]
    deviation: NDArray[np.float64]
    ratio: NDArray[np.float64]
    p: NDArray[np.float64]
    stands_out: NDArray[np.bool_]
    used: int
    undated: int
    warnings: tuple[Note, ...]

    _columns = ("observed", "expected", "deviation", "ratio", "p", "stands_out")


class PairCounts(Tabular, Wrapped):
    """Pairs in bands of distance and time, seen from some of the incidents.

    Counts of parts add up with ``+`` or ``sum``, exactly and in any order to the same value, and
    travel between processes as pickles. Counts with other bands or options are refused.
    `count_pairs`, `brandpunt.spark.count_pairs` and `brandpunt.dask.count_pairs` make them.
    """

    __slots__ = ()
    _core: _brandpunt.PairCounts
    _made_by = "count_pairs, brandpunt.spark.count_pairs or brandpunt.dask.count_pairs"

    @property
    def used(self) -> int:
        """How many own incidents have a time."""
        return self._core.used

    @property
    def undated(self) -> int:
        """How many own incidents have none; they are in no pair."""
        return self._core.undated

    @property
    def rows_in(self) -> int:
        """How many rows the inputs had; parts that tell their own apart do not know it."""
        return self._core.rows_in

    @property
    def rejected(self) -> Any:
        """The rows that were kept out: a data frame of ``reason`` and ``rows``."""
        return by_reason(self._core.rejected)

    @checked
    def table(self) -> PairTable:
        """Give the near-repeat table of all pairs, once every part has been added.

        Returns
        -------
        PairTable

        Raises
        ------
        InputError
            For fewer than two incidents with a time, and when pairs were seen from one side only: a
            part is missing, or does not hold all that is near its own incidents.
        """
        found = PairTable._shaped(self._core.table())
        found["warnings"] = notes(found["warnings"])
        return PairTable(**found)

    def to_pandas(self) -> Any:
        """Give the rows of the table, as `PairTable.to_pandas`."""
        return self.table().to_pandas()

    def __add__(self, other: Any) -> PairCounts:
        if not isinstance(other, PairCounts):
            return NotImplemented
        return self._wrap(self._core.plus(other._core))

    def __radd__(self, other: Any) -> PairCounts:
        # `sum` begins with zero.
        return self if isinstance(other, int) and other == 0 else NotImplemented

    def __repr__(self) -> str:
        return f"<PairCounts: of {self.used} incidents>"


@checked
def count_pairs(
    incidents: IncidentsLike,
    *,
    distances: ArrayLike,
    days: ArrayLike,
    closed: Literal["left", "right"] = "left",
    metric: Literal["euclidean", "manhattan"] = "euclidean",
    clock: Literal["calendar", "elapsed"] = "calendar",
    own: ArrayLike | None = None,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> PairCounts:
    """How many pairs are close in space and time, part by part?

    For incidents that do not fit in one process: each is *own* to one part, and a part also holds
    the others within the largest finite distance of its own. The sum of the parts gives the table
    of `near_repeat`, with the exact mean and spread over all orders of the times where that draws
    some. Time grows with the close pairs of different places, memory with the incidents only.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        With times, in metres.
    distances, days, closed, metric, clock
        As for `near_repeat`.
    own : array-like of bool, optional
        Which incidents are the part's own; all when left out, and then the account of their rows
        goes along.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.
    progress : bool or callable, optional
        ``True`` for a bar, or what is called with the stage and the share done.

    Returns
    -------
    PairCounts

    References
    ----------
    Barton & David 1966, in David (ed.), Research Papers in Statistics, 217; see `near_repeat` too.

    Examples
    --------
    >>> import brandpunt as bp
    >>> incidents = bp.synthetic_city(2_000, seed=7).incidents
    >>> bands = {"distances": [0, 100, 200], "days": [0, 8, 15]}
    >>> west = incidents.x < 143_000
    >>> parts = [bp.count_pairs(incidents, own=own, **bands) for own in (west, ~west)]
    >>> sum(parts) == bp.count_pairs(incidents, own=west | ~west, **bands)
    True
    >>> table = sum(parts).table()
    >>> (table.observed == bp.near_repeat(incidents, permutations=1, **bands).observed).all()
    np.True_
    """
    taken = Incidents.from_any(incidents)
    with followed(progress) as told:
        core = _brandpunt.count_pairs(
            taken._core,
            None if own is None else _own(own, len(taken)),
            bands_of(distances, days, closed, metric, clock),
            accounted=own is None,
            n_jobs=n_jobs,
            progress=told,
        )
    return PairCounts._wrap(core)


def bands_of(
    distances: ArrayLike, days: ArrayLike, closed: str, metric: str, clock: str
) -> tuple[list[float], list[float], bool, bool, bool]:
    """The bands and how to measure, as the core takes them."""
    return (
        floats(distances, "distances").tolist(),
        floats(days, "days").tolist(),
        chosen(closed, CLOSED, "closed"),
        chosen(metric, METRICS, "metric"),
        chosen(clock, CLOCKS, "clock"),
    )


def _own(own: ArrayLike, n: int) -> NDArray[np.bool_]:
    told = np.asarray(own)
    if told.dtype != bool:
        message = f"own holds {told.dtype}, not bool; give True for the part's own incidents"
        raise InputError(message, "not_a_number")
    if told.shape != (n,):
        message = f"own has the shape {told.shape} for {n} incidents; give one value for each"
        raise InputError(message, "length_mismatch")
    return np.ascontiguousarray(told)
