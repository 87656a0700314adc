"""Does one incident follow another?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._concentration import numbered
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import chosen, floats, times, whole
from brandpunt._notes import Note, notes
from brandpunt._outputs import frozen, labels, table
from brandpunt._progress import Progress, followed
from brandpunt._seed import Seed, seed_of
from brandpunt._tabular import Tabular
from brandpunt._value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

METRICS = {"euclidean": False, "manhattan": True}
CLOCKS = {"calendar": False, "elapsed": True}
CLOSED = {"left": False, "right": True}


class Banded(Tabular):
    """A table with a row per band of distance and a column per band of time."""

    distances: NDArray[np.float64]
    days: NDArray[np.float64]
    observed: NDArray[Any]
    stands_out: NDArray[np.bool_]
    used: int

    _columns: ClassVar[tuple[str, ...]]
    """What is known of each band."""

    @classmethod
    def _shaped(cls, found: dict[str, Any]) -> dict[str, Any]:
        """The columns of the core in the shape of the bands."""
        shape = (len(found["distances"]) - 1, len(found["days"]) - 1)
        columns = {name: found[name].reshape(shape) for name in cls._columns}
        edges = {name: found[name] for name in ("distances", "days")}
        return found | {name: frozen(value) for name, value in (columns | edges).items()}

    def to_pandas(self) -> Any:
        """Give one row per band of distance and time."""
        rows, delays = self.observed.shape
        edges = {
            "distance_from": np.repeat(self.distances[:-1], delays),
            "distance_to": np.repeat(self.distances[1:], delays),
            "days_from": np.tile(self.days[:-1], rows),
            "days_to": np.tile(self.days[1:], rows),
        }
        return table(edges | {name: getattr(self, name).ravel() for name in self._columns})

    def __repr__(self) -> str:
        rows, delays = self.observed.shape
        return (
            f"<{type(self).__name__}: {self.used} incidents, {rows} bands of distance x {delays} of "
            f"time, {int(self.stands_out.sum())} stand out>"
        )


class _Roles(Value):
    """The part each incident has, and the chains they form."""

    labels: NDArray[np.object_]
    chains: NDArray[np.int64]
    chain_sizes: NDArray[np.int64]

    def to_incidents(self) -> Any:
        """Give one row per incident, in input order: its label and its chain, -1 for none."""
        return table({"label": self.labels, "chain": self.chains})


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class NearRepeat(Banded, _Roles):
    """The near-repeat table; tables have a row per band of distance, a column per band of time.

    Attributes
    ----------
    distances, days : ndarray
        Edges of the bands.
    observed : ndarray of int64
        Pairs of incidents in both bands; of float, their expected number, where ends of spans were
        given.
    expected, median : ndarray
        Pairs to be expected over all orders of the times, and their median over those drawn.
    ratio : ndarray
        Observed to expected, NaN where none is expected.
    p : ndarray
        Share of the orders of the times with at least as many pairs.
    stands_out : ndarray of bool
        Ratio at least 1.2 and p at most 0.05.
    labels : ndarray of str
        Each incident's part: ``originator``, ``repeat``, ``near_repeat``, ``simultaneous``,
        ``isolated`` or ``undated``.
    chains, chain_sizes : ndarray of int64
        The number of each incident's chain, -1 for none, and how many incidents each chain has.
    used, undated : int
        Incidents with and without a time.
    closed : str
        Which edge belongs to a band.
    permutations : int
        How often the times were exchanged.
    warnings : tuple of Note
        What a reader must know.
    """

    distances: NDArray[np.float64]
    days: NDArray[np.float64]
    observed: NDArray[np.int64 | np.float64]
    expected: NDArray[np.float64]
    median: NDArray[np.float64]
    ratio: NDArray[np.float64]
    p: NDArray[np.float64]
    stands_out: NDArray[np.bool_]
    labels: NDArray[np.object_]
    chains: NDArray[np.int64]
    chain_sizes: NDArray[np.int64]
    used: int
    undated: int
    closed: str
    permutations: int
    warnings: tuple[Note, ...]

    _columns = ("observed", "expected", "median", "ratio", "p", "stands_out")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Knox(Tabular, _Roles):
    """Knox's test of space-time interaction; local columns are in input order.

    Attributes
    ----------
    observed : int or float
        Pairs close in space and time; their expected number where ends of spans were given.
    expected, ratio : float
        Pairs to be expected, and observed over that.
    p : float
        Share of the orders of the times with at least as many pairs.
    p_poisson : float
        The upper tail of a Poisson distribution; it knows nothing of strata. NaN for spans.
    close_in_space, close_in_time : int
        Pairs close in one; in time a float for spans.
    local_observed, local_expected : ndarray
        The others close to each incident in both, and how many to expect; NaN without a time.
    local_p, local_q : ndarray
        Exact upper tail around each incident, and the same corrected for the number of incidents;
        NaN for spans.
    local_p_unconditional : ndarray
        The tail when the incident's own time is exchanged too, as pointpats gives it.
    labels : ndarray of str
        Each incident's part: ``originator``, ``repeat``, ``near_repeat``, ``simultaneous``,
        ``isolated`` or ``undated``.
    chains, chain_sizes : ndarray of int64
        The number of each incident's chain, -1 for none, and how many incidents each chain has.
    used, undated : int
        Incidents with and without a time.
    distance, days : float
        Up to where a pair is close.
    permutations : int
        How often the times were exchanged.
    warnings : tuple of Note
        What a reader must know.
    """

    observed: int | float
    expected: float
    ratio: float
    p: float
    p_poisson: float
    close_in_space: int
    close_in_time: int | float
    local_observed: NDArray[np.float64]
    local_expected: NDArray[np.float64]
    local_p: NDArray[np.float64]
    local_q: NDArray[np.float64]
    local_p_unconditional: NDArray[np.float64]
    labels: NDArray[np.object_]
    chains: NDArray[np.int64]
    chain_sizes: NDArray[np.int64]
    used: int
    undated: int
    distance: float
    days: float
    permutations: int
    warnings: tuple[Note, ...]

    def to_pandas(self) -> Any:
        """Give one row per incident, in input order."""
        return table(
            {
                "observed": self.local_observed,
                "expected": self.local_expected,
                "p": self.local_p,
                "q": self.local_q,
                "p_unconditional": self.local_p_unconditional,
                "label": self.labels,
                "chain": self.chains,
            }
        )

    def __repr__(self) -> str:
        return (
            f"<Knox: {self.observed:g} pairs within {self.distance:g} m and {self.days:g} days, "
            f"{self.expected:.1f} expected, p {self.p:.3g}>"
        )


@checked
def near_repeat(
    incidents: IncidentsLike,
    *,
    distances: ArrayLike,
    days: ArrayLike,
    closed: Literal["left", "right"] = "left",
    metric: Literal["euclidean", "manhattan"] = "euclidean",
    clock: Literal["calendar", "elapsed"] = "calendar",
    strata: Iterable[Any] | None = None,
    end: Any = None,
    same_place: float = 0.0,
    permutations: int = 999,
    seed: Seed = None,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> NearRepeat:
    """At what distance, and for how long, is an incident followed by another?

    In each band of distance s and of time t::

        observed  pairs of incidents in both bands
        expected  pairs in s * pairs in t / all pairs
        ratio     observed / expected
        p         (1 + orders of the times with at least `observed`) / (1 + orders)

    The expectation is exact; with `strata` it is the mean of the orders drawn. p-values are not
    corrected for the number of bands: read the table from the nearest band outward. A population
    that grew faster in one district than in another makes pairs close in both with no incident
    following another: keep the period short, or give strata. Time grows with permutations times
    close pairs, memory with close pairs.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        With times, in metres.
    distances, days : array-like of float
        Edges of the bands, rising; the last may be infinite.
    closed : {"left", "right"}, default "left"
        ``"left"`` for ``[a, b)``, ``"right"`` for ``(a, b]`` with a first band that holds both its
        edges, so that ``[0, 0, 100]`` begins with a band for one and the same place.
    metric : {"euclidean", "manhattan"}, default "euclidean"
        How distance is measured.
    clock : {"calendar", "elapsed"}, default "calendar"
        Days of the calendar where it happened, or time that went by.
    strata : iterable, optional
        A label per incident, such as its weekday or district; times are exchanged within.
    end : array-like, optional
        Per incident the last moment at which it may have happened, as `Incidents.time`, which is
        then the first. Each moment between is as likely and a pair counts with the chance that its
        delay lies in the band; `observed` is an expected number. A missing end leaves the first
        moment; a span of more than 366 days counts as no time. Partners are pairs that are more
        likely than not, in the order of the middles.
    same_place : float, default 0
        Up to how many metres an incident repeats another at the same place; for labels only.
    permutations : int, default 999
        How often the times are exchanged.
    seed : int, optional
        Makes the permutations reproducible.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.
    progress : bool or callable, optional
        ``True`` for a bar, or what is called with the stage and the share done.

    Returns
    -------
    NearRepeat

    References
    ----------
    Johnson et al. 2007, Journal of Quantitative Criminology 23:201,
    doi:10.1007/s10940-007-9025-3; Haberman & Ratcliffe 2012, Policing 6:151,
    doi:10.1093/police/pas007.

    Examples
    --------
    >>> import brandpunt as bp
    >>> incidents = bp.Incidents.from_xy(
    ...     [0, 30, 0, 500, 520, 900],
    ...     [0, 0, 40, 500, 500, 100],
    ...     crs="planar",
    ...     time=[
    ...         "2024-01-01",
    ...         "2024-01-02",
    ...         "2024-01-04",
    ...         "2024-01-11",
    ...         "2024-01-12",
    ...         "2024-01-31",
    ...     ],
    ... )
    >>> found = bp.near_repeat(incidents, distances=[0, 60], days=[0, 2, 5], seed=1)
    >>> found.observed
    array([[2, 2]])
    >>> found.labels.tolist()
    ['originator', 'near_repeat', 'near_repeat', 'originator', 'near_repeat', 'isolated']
    """
    metres, delays = floats(distances, "distances"), floats(days, "days")
    with followed(progress) as told:
        found = _brandpunt.near_repeat(
            Incidents.from_any(incidents)._core,
            metres.tolist(),
            delays.tolist(),
            chosen(closed, CLOSED, "closed"),
            _options(metric, clock, strata, end, same_place, permutations, seed, n_jobs, told),
        )
    found |= {"distances": metres.copy(), "days": delays.copy(), "permutations": int(permutations)}
    return near_repeats(found, closed, spans=end is not None)


def near_repeats(found: dict[str, Any], closed: str = "left", *, spans: bool = False) -> NearRepeat:
    """Give the columns of a near-repeat table the shape of its bands."""
    if not spans:
        found["observed"] = frozen(found["observed"].astype(np.int64))
    return NearRepeat(closed=closed, **_dressed(NearRepeat._shaped(found)))


@checked
def knox(
    incidents: IncidentsLike,
    *,
    distances: float,
    days: float,
    metric: Literal["euclidean", "manhattan"] = "euclidean",
    clock: Literal["calendar", "elapsed"] = "calendar",
    strata: Iterable[Any] | None = None,
    end: Any = None,
    same_place: float = 0.0,
    permutations: int = 999,
    seed: Seed = None,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> Knox:
    """Do incidents that are close in space come close in time?

    With N_s pairs at most `distances` metres apart, N_t pairs at most `days` apart and N in all::

        observed  pairs close in both
        expected  N_s * N_t / N
        p         (1 + orders of the times with at least `observed`) / (1 + orders)

    Around each incident the number of others close in both is tested by the hypergeometric
    distribution, exactly. See `near_repeat` for several bands and for what growth does.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        With times, in metres.
    distances, days : float
        Up to where a pair is close, both included.
    metric, clock, strata, end, same_place, permutations, seed, n_jobs, progress
        As for `near_repeat`.

    Returns
    -------
    Knox

    References
    ----------
    Knox 1964, Applied Statistics 13:25, doi:10.2307/2985220; Rogerson 2001, Journal of the Royal
    Statistical Society A 164:87, doi:10.1111/1467-985X.00188.

    Examples
    --------
    >>> import brandpunt as bp
    >>> incidents = bp.Incidents.from_xy(
    ...     [0, 30, 0, 500, 520, 900],
    ...     [0, 0, 40, 500, 500, 100],
    ...     crs="planar",
    ...     time=[
    ...         "2024-01-01",
    ...         "2024-01-02",
    ...         "2024-01-04",
    ...         "2024-01-11",
    ...         "2024-01-12",
    ...         "2024-01-31",
    ...     ],
    ... )
    >>> found = bp.knox(incidents, distances=60, days=4, permutations=1999, seed=1)
    >>> found.observed, found.close_in_space, found.close_in_time, found.ratio
    (4, 4, 4, 3.75)
    """
    with followed(progress) as told:
        found = _brandpunt.knox(
            Incidents.from_any(incidents)._core,
            float(distances),
            float(days),
            _options(metric, clock, strata, end, same_place, permutations, seed, n_jobs, told),
        )
    if end is None:
        found |= {name: int(found[name]) for name in ("observed", "close_in_time")}
    return Knox(
        distance=float(distances),
        days=float(days),
        permutations=int(permutations),
        **_dressed(found),
    )


def _dressed(found: dict[str, Any]) -> dict[str, Any]:
    found["labels"] = labels(found["labels"])
    found["warnings"] = notes(found["warnings"])
    return found


def _options(
    metric: str,
    clock: str,
    strata: Iterable[Any] | None,
    end: Any,
    same_place: float,
    permutations: int,
    seed: Seed,
    n_jobs: int | None,
    told: Any,
) -> Any:
    return (
        chosen(metric, METRICS, "metric"),
        chosen(clock, CLOCKS, "clock"),
        None if strata is None else numbered(strata, "strata"),
        None if end is None else times(end),
        float(same_place),
        whole(permutations, "permutations"),
        seed_of(seed),
        n_jobs,
        told,
    )
