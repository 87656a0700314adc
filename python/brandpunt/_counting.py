"""What is inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._neighbourhoods import Neighbourhoods, NeighbourhoodsLike
from brandpunt._outputs import frozen, table
from brandpunt._results import Columns
from brandpunt.exceptions import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Counts(Columns):
    """How many incidents each neighbourhood has; counts of parts add up with ``+``.

    Attributes
    ----------
    values : numpy.ndarray of int64
        One per area; with a step one row per area and one column per period.
    outside : int or numpy.ndarray of int64
        How many incidents lie in no area; with a step, per period.
    periods : tuple of str
        Labels such as ``"2017-03"``; empty without a step.
    starts, ends : numpy.ndarray of datetime64
        First second inside and first second after each period, in UTC.
    code : numpy.ndarray of str
        The codes of the areas.
    in_no_period : int
        How many incidents no period holds, because their time is not known. With `values` and
        `outside` they add up to the incidents that were counted.
    areas : str
        What these areas are, in 64 hexadecimal digits; counts of others are not added.
    """

    values: NDArray[np.int64]
    outside: Any
    periods: tuple[str, ...]
    starts: NDArray[np.datetime64]
    ends: NDArray[np.datetime64]
    code: NDArray[np.object_]
    in_no_period: int
    areas: str | None = None

    def to_pandas(self) -> Any:
        """Give a data frame with a column ``count``, or with one column per period."""
        columns: dict[str, Any] = {"code": self.code}
        if self.periods:
            columns |= {label: self.values[:, i] for i, label in enumerate(self.periods)}
        else:
            columns["count"] = self.values
        return table(columns, self.index)

    def __len__(self) -> int:
        return len(self.values)

    def __add__(self, other: Counts) -> Counts:
        if not isinstance(other, Counts):
            return NotImplemented
        same = self.periods == other.periods and np.array_equal(self.code, other.code)
        same = same and (None in (self.areas, other.areas) or self.areas == other.areas)
        if not (same and np.array_equal(self.starts, other.starts)):
            message = "counts of different areas or periods cannot be added"
            raise InputError(message, "area_mismatch")
        outside = self.outside + other.outside
        return Counts(
            values=frozen(self.values + other.values),
            outside=frozen(outside) if isinstance(outside, np.ndarray) else outside,
            periods=self.periods,
            starts=self.starts,
            ends=self.ends,
            code=self.code,
            in_no_period=self.in_no_period + other.in_no_period,
            areas=self.areas or other.areas,
            index=self.index,
        )

    def __repr__(self) -> str:
        steps = f" x {len(self.periods)} periods" if self.periods else ""
        total, outside = int(self.values.sum()), int(np.sum(self.outside))
        return f"<Counts: {len(self)} areas{steps}, {total} inside, {outside} outside>"


@checked
def count(
    incidents: IncidentsLike,
    neighbourhoods: NeighbourhoodsLike,
    *,
    step: str | None = None,
    n_jobs: int | None = None,
) -> Counts:
    """Count incidents per neighbourhood and, with a step, per calendar period.

    A point on a border counts once. Weights of incidents play no part.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        What to count.
    neighbourhoods : Neighbourhoods, or what `Neighbourhoods.from_any` takes
        Where; in the same coordinate reference system.
    step : {"week", "month", "quarter", "year"}, optional
        The periods run from the first to the last known time, on clocks in the Netherlands.
        Incidents of unknown time are in none of them.
    n_jobs : int, optional
        Threads; one per core when left out. The counts do not depend on it.

    Returns
    -------
    Counts

    Examples
    --------
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(2_000, seed=7, n_neighbourhoods=60)
    >>> counts = bp.count(city.incidents, city.neighbourhoods)
    >>> int(counts.values.sum()) + counts.outside
    2000
    >>> bp.count(city.incidents, city.neighbourhoods, step="year").periods[0]
    '2017'
    """
    areas = Neighbourhoods.from_any(neighbourhoods)
    return counts_of(
        _brandpunt.count(Incidents.from_any(incidents)._core, areas._core, step, n_jobs),
        areas.code,
        areas._index,
    )


def counts_of(found: tuple[Any, ...], code: NDArray[np.object_], index: Any) -> Counts:
    """Dress the counts of the core."""
    values, outside, periods, starts, ends, in_no_period, fingerprint = found
    return Counts(
        values=values if periods else frozen(values[:, 0]),
        outside=outside if periods else int(outside[0]),
        periods=tuple(periods),
        starts=frozen(starts.view("M8[s]")),
        ends=frozen(ends.view("M8[s]")),
        code=code,
        in_no_period=in_no_period,
        areas=fingerprint,
        index=index,
    )
