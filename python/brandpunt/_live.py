"""A window of time that slides along, followed incident by incident."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import floats, instant, integers
from brandpunt._neighbourhoods import Neighbourhoods, NeighbourhoodsLike
from brandpunt._notes import Note, notes
from brandpunt._outputs import frozen, labels, table
from brandpunt._surface import Surface
from brandpunt._tabular import Tabular
from brandpunt._value import Value, Wrapped
from brandpunt.exceptions import ParameterError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Arrivals(Value):
    """What became of incidents that arrived together.

    Attributes
    ----------
    tickets : numpy.ndarray of int64
        The ticket of each incident, by which it can be removed; -1 for one that was refused.
    row, reason, detail : numpy.ndarray
        The incidents that were refused: their rows, why, and the value.
    """

    tickets: NDArray[np.int64]
    row: NDArray[np.int64]
    reason: NDArray[np.object_]
    detail: NDArray[np.object_]

    @property
    def rejected(self) -> Any:
        """The incidents that were refused: a data frame of ``row``, ``reason`` and ``detail``."""
        return table({"row": self.row, "reason": self.reason, "detail": self.detail})

    def __len__(self) -> int:
        return len(self.tickets)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LiveView(Tabular, Value):
    """A window at one moment; columns are in the order of the areas.

    Attributes
    ----------
    start, now : numpy.datetime64
        The window holds what happened after `start`, up to `now` (UTC).
    incidents, outside : int
        How many it holds, and how many of them lie in no area.
    changes : int
        How many changes the window had seen.
    code : numpy.ndarray of str
        The codes of the areas.
    count : numpy.ndarray of int64
        Incidents in each area.
    expected : numpy.ndarray
        Incidents to expect there, NaN where nothing usual is known.
    p : numpy.ndarray
        The chance of at least as many when nothing is going on.
    threshold : numpy.ndarray
        The least count that is an alarm, NaN where nothing usual is known.
    alert : numpy.ndarray of bool
        Whether the area is in alarm.
    false_alarm_rate : float
        How often there is a false alarm anywhere at one moment, at most.
    columns : dict of numpy.ndarray
        The cells: ``row``, ``col``, ``x``, ``y``, ``count``, ``density``, ``gi_z``, ``gi_p``,
        ``gi_q`` and ``hotspot_class``; see `cells`.
    surface : Surface
        The density of all incidents in the window.
    warnings : tuple of Note
        What a reader must know.
    """

    start: np.datetime64
    now: np.datetime64
    incidents: int
    outside: int
    changes: int
    code: NDArray[np.object_]
    count: NDArray[np.int64]
    expected: NDArray[np.float64]
    p: NDArray[np.float64]
    threshold: NDArray[np.float64]
    alert: NDArray[np.bool_]
    false_alarm_rate: float
    columns: dict[str, NDArray[Any]]
    surface: Surface
    warnings: tuple[Note, ...]

    @property
    def cells(self) -> Any:
        """A data frame with a row per cell, as `HotspotResult.cells`."""
        return table(self.columns)

    def to_pandas(self) -> Any:
        """Give one row per area."""
        names = ("code", "count", "expected", "p", "threshold", "alert")
        return table({name: getattr(self, name) for name in names})

    def __len__(self) -> int:
        return len(self.code)

    def __repr__(self) -> str:
        hot = int((self.columns["hotspot_class"] > 0).sum())
        return (
            f"<LiveView: {self.incidents} incidents up to {self.now}Z, {hot} hot cells, "
            f"{int(self.alert.sum())} areas in alarm>"
        )


class LiveSnapshot(Wrapped):
    """A window at rest: its incidents and settings, without the areas. It travels as a pickle."""

    __slots__ = ()
    _core: _brandpunt.LiveSnapshot
    _made_by = "LiveWindow.snapshot"

    @property
    def areas(self) -> str:
        """What the areas are, in 64 hexadecimal digits."""
        return self._core.areas

    @property
    def now(self) -> np.datetime64:
        """The end of the window (UTC)."""
        return _moment(self._core.now)

    def __len__(self) -> int:
        return len(self._core)

    def __repr__(self) -> str:
        return f"<LiveSnapshot: {len(self)} incidents up to {self.now}Z>"


class LiveWindow:
    """The incidents of the last hours, days or weeks: counts, density, Gi* classes and alarms.

    Incidents enter and leave one by one or together, and leave by themselves when `advance` moves
    the clock on. A change takes microseconds, however many the window holds. After any sequence of
    changes the window is what it would be if it had been filled afresh: counts and classes are those
    of the batch, the density within 1e-12 of its peak.

    One thread at a time changes it; `latest` is read by any number of threads meanwhile.

    Parameters
    ----------
    neighbourhoods : Neighbourhoods, or what `Neighbourhoods.from_any` takes
        The areas, in metres.
    length : datetime.timedelta or numpy.timedelta64
        How long the window is.
    now : datetime or ISO 8601 text
        Its end; without a zone, on clocks in the Netherlands.
    bandwidth : float, default 300
        Of the density, in metres.
    cell_size : float, default 100
        Side of the cells for density and Gi*, in metres.
    kernel : str, default "quartic"
        How one incident spreads; the names of `kernel_density`.
    expected : array-like of float, optional
        How many incidents each area has in a window when nothing is going on, NaN where that is not
        known. An alarm is then the exact upper tail of a Poisson distribution.
    reference : tuple of array-like of int and timedelta, optional
        How many each area had in a reference period, and how long that was. The tail then also
        knows that these were counted: given the incidents of both, those in the window are binomial.
    false_alarm_rate : float, default 0.05
        How often there is a false alarm anywhere at one moment, at most. Over a longer time, count
        on as many false alarms per length of the window.
    n_jobs : int, optional
        Threads; one per core when left out.

    Examples
    --------
    >>> import brandpunt as bp
    >>> from datetime import timedelta
    >>> city = bp.synthetic_city(2_000, seed=7, n_neighbourhoods=60)
    >>> window = bp.LiveWindow(
    ...     city.neighbourhoods, length=timedelta(days=7), now="2024-05-17T22:30+02:00"
    ... )
    >>> x, y = city.incidents.x[0], city.incidents.y[0]
    >>> ticket = window.insert(x, y, time="2024-05-17T22:15+02:00")
    >>> window.publish().incidents
    1
    >>> window.remove(ticket)
    True
    """

    @checked
    def __init__(
        self,
        neighbourhoods: NeighbourhoodsLike,
        *,
        length: Any,
        now: Any,
        bandwidth: float = 300,
        cell_size: float = 100,
        kernel: str = "quartic",
        expected: ArrayLike | None = None,
        reference: tuple[ArrayLike, Any] | None = None,
        false_alarm_rate: float = 0.05,
        n_jobs: int | None = None,
    ) -> None:
        if expected is not None and reference is not None:
            message = "expected and reference are two ways to tell what is usual; give one"
            raise ParameterError(message)
        counted = None
        if reference is not None:
            counts, over = reference
            counted = (integers(counts, "reference"), _seconds(over, "the reference's length"))
        self._core = _brandpunt.LiveWindow(
            Neighbourhoods.from_any(neighbourhoods)._core,
            _seconds(length, "length"),
            _second(now, "now"),
            float(bandwidth),
            float(cell_size),
            kernel,
            None if expected is None else floats(expected, "expected"),
            counted,
            float(false_alarm_rate),
            n_jobs,
        )

    @classmethod
    @checked
    def restore(
        cls,
        snapshot: LiveSnapshot,
        neighbourhoods: NeighbourhoodsLike,
        *,
        n_jobs: int | None = None,
    ) -> LiveWindow:
        """Give a window as it was, tickets included.

        Parameters
        ----------
        snapshot : LiveSnapshot
            Of a window on the same areas.
        neighbourhoods : Neighbourhoods, or what `Neighbourhoods.from_any` takes
            The areas.
        n_jobs : int, optional
            Threads; one per core when left out.

        Raises
        ------
        InputError
            For other areas than the window was opened on.
        """
        if not isinstance(snapshot, LiveSnapshot):
            message = (
                f"snapshot is a {type(snapshot).__name__}; one of LiveWindow.snapshot is needed"
            )
            raise ParameterError(message)
        self = cls.__new__(cls)
        areas = Neighbourhoods.from_any(neighbourhoods)
        self._core = snapshot._core.restore(areas._core, n_jobs)
        return self

    def __len__(self) -> int:
        return len(self._core)

    @property
    def start(self) -> np.datetime64:
        """The last moment before the window (UTC)."""
        return _moment(self._core.start)

    @property
    def now(self) -> np.datetime64:
        """The end of the window (UTC)."""
        return _moment(self._core.now)

    @checked
    def insert(self, x: float, y: float, *, time: Any) -> int:
        """Take in one incident.

        Parameters
        ----------
        x, y : float
            Where, in the system of the areas.
        time : datetime or ISO 8601 text
            When; without a zone, on clocks in the Netherlands.

        Returns
        -------
        int
            The ticket by which it can be removed.

        Raises
        ------
        InputError
            With the reason, for a place or time that the window cannot hold.
        """
        return self._core.insert(float(x), float(y), _second(time, "time"))

    @checked
    def insert_all(self, incidents: IncidentsLike) -> Arrivals:
        """Take in incidents that arrive together; those that cannot be held are told.

        Parameters
        ----------
        incidents : Incidents, or what `Incidents.from_any` takes
            With times, in the system of the areas.

        Returns
        -------
        Arrivals
        """
        tickets, (row, reason, detail) = self._core.insert_all(Incidents.from_any(incidents)._core)
        return Arrivals(
            tickets=tickets,
            row=frozen(np.asarray(row, dtype=np.int64)),
            reason=labels(reason),
            detail=labels(detail),
        )

    @checked
    def remove(self, ticket: int) -> bool:
        """Take an incident out again; False when the window does not hold it any more.

        Parameters
        ----------
        ticket : int
            What `insert` gave.
        """
        return 0 <= ticket < 2**63 and self._core.remove(ticket)

    @checked
    def advance(self, now: Any) -> int:
        """Move the end of the window on, and give how many incidents left it.

        Parameters
        ----------
        now : datetime or ISO 8601 text
            The new end, not before the old one.
        """
        return self._core.advance(_second(now, "now"))

    @checked
    def publish(self, *, n_jobs: int | None = None) -> LiveView:
        """Make a picture of the window, which `latest` then gives.

        Parameters
        ----------
        n_jobs : int, optional
            Threads; one per core when left out.
        """
        return _view(self._core.publish(n_jobs))

    def latest(self) -> LiveView:
        """The picture that was published last; it never waits for a change that is under way."""
        return _view(self._core.latest())

    def snapshot(self) -> LiveSnapshot:
        """What is needed to have the window again, in this process or another."""
        return LiveSnapshot._wrap(self._core.snapshot())

    def __repr__(self) -> str:
        return f"<LiveWindow: {len(self)} incidents after {self.start}Z, up to {self.now}Z>"


def _view(found: dict[str, Any]) -> LiveView:
    found["columns"] = found.pop("cells")
    found["code"] = labels(found["code"])
    found["surface"] = Surface._wrap(found["surface"])
    found["warnings"] = notes(found["warnings"])
    for name in ("start", "now"):
        found[name] = _moment(found[name])
    return LiveView(**found)


def _moment(seconds: int) -> np.datetime64:
    return np.datetime64(seconds, "s")


def _second(time: Any, name: str) -> int:
    found = instant(time, name)
    if found is None:
        message = f"{name} is None; a moment is needed"
        raise ParameterError(message)
    return found


def _seconds(length: Any, name: str) -> int:
    if isinstance(length, np.timedelta64):
        length = length.astype("m8[s]").item()
    if isinstance(length, dt.timedelta):
        return int(length.total_seconds())
    message = f"{name} is {length!r}; a timedelta, such as datetime.timedelta(days=7), is needed"
    raise ParameterError(message)
