"""Will it stay there?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt, _drawing
from brandpunt._checked import checked
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import instant, need, whole
from brandpunt._neighbourhoods import Neighbourhoods, NeighbourhoodsLike
from brandpunt._notes import Note, notes
from brandpunt._outputs import axes, epsg, table
from brandpunt._progress import Progress, followed
from brandpunt._tabular import Placed, Tabular
from brandpunt._value import Value

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SelfExciting(Tabular, Value):
    """A background that is always there, and reports that draw others after them.

    Attributes
    ----------
    branching : float
        How many reports one draws after it, on average; from 1 on it never ends, which no record
        of reports does.
    delay : float
        Mean days from a report to one that follows it.
    distance : float
        Standard deviation of their distance along each axis, in metres.
    background_per_day : float
        Background reports per day in the last quarter of the record.
    following : float
        Share of the reports that follow another.
    log_likelihood : float
        The highest log-likelihood, in nats.
    gain : float
        By how much that is above what a background alone reaches; below 5 there is no evidence
        that reports follow each other, and delay and distance mean nothing.
    trace : numpy.ndarray of float
        Log-likelihood from step to step.
    converged : bool
        Whether the fit settled.
    used : int
        Reports that were fitted.
    warnings : tuple of Note
        What a reader must know.
    """

    branching: float
    delay: float
    distance: float
    background_per_day: float
    following: float
    log_likelihood: float
    gain: float
    trace: NDArray[np.float64]
    converged: bool
    used: int
    warnings: tuple[Note, ...]

    def to_pandas(self) -> Any:
        """Give one row with what was fitted."""
        names = (
            "branching",
            "delay",
            "distance",
            "background_per_day",
            "following",
            "log_likelihood",
            "gain",
            "converged",
            "used",
        )
        return table({name: [getattr(self, name)] for name in names})

    def plot(self, *, ax: Any = None) -> Any:
        """Draw the log-likelihood from step to step with matplotlib.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.

        Returns
        -------
        matplotlib.axes.Axes
        """
        ax = axes(ax)
        ax.plot(np.arange(len(self.trace)), self.trace, color="#b2182b")
        ax.axhline(self.log_likelihood - self.gain, color="0.5", linestyle="--")
        ax.set_xlabel("step")
        ax.set_ylabel("log-likelihood; dashed, a background alone")
        return ax

    def __repr__(self) -> str:
        return (
            f"<SelfExciting: {self.branching:.2f} followers each, after {self.delay:.1f} days at "
            f"{self.distance:.0f} m; gain {self.gain:.1f}, {self.used} reports>"
        )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Forecast(Placed, Value):
    """How many reports to expect in each place; in order of the areas, or of the cells by row.

    Attributes
    ----------
    expected : numpy.ndarray of float
        Reports to be expected.
    per_km2 : numpy.ndarray of float
        The same per square kilometre.
    rank : numpy.ndarray of int64
        Rank by that, 1 for the greatest; places that are alike share their best rank.
    km2 : numpy.ndarray of float
        Surface of each place; of a cell, the part within the areas.
    row, col : numpy.ndarray of int64
        Of cells, their row from the north and their column; empty for areas.
    x, y : numpy.ndarray of float
        Of cells, their middle; empty for areas.
    start, end : numpy.datetime64
        From when, and until when (not included), in UTC.
    since : numpy.datetime64
        From when on reports were known, in UTC.
    method : str
        The method.
    used, undated, outside, discovered : int
        Reports that were used, that have no time, that lie outside the areas, and that the police
        found themselves and that were left out.
    fit : SelfExciting or None
        The process that was fitted, for that method.
    neighbourhoods : Neighbourhoods
        The areas.
    cell_size : float or None
        Side of the cells in metres; ``None`` for areas.
    warnings : tuple of Note
        What a reader must know.
    """

    expected: NDArray[np.float64]
    per_km2: NDArray[np.float64]
    rank: NDArray[np.int64]
    km2: NDArray[np.float64]
    row: NDArray[np.int64]
    col: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    start: np.datetime64
    end: np.datetime64
    since: np.datetime64
    method: str
    used: int
    undated: int
    outside: int
    discovered: int
    fit: SelfExciting | None
    neighbourhoods: Neighbourhoods
    cell_size: float | None
    warnings: tuple[Note, ...]

    def to_pandas(self) -> Any:
        """Give one row per area, or per cell."""
        columns: dict[str, Any] = {"code": self.neighbourhoods.code}
        if self.cell_size is None:
            columns["name"] = self.neighbourhoods.name
        else:
            columns = {"row": self.row, "col": self.col, "x": self.x, "y": self.y}
        columns |= {
            "km2": self.km2,
            "expected": self.expected,
            "per_km2": self.per_km2,
            "rank": self.rank,
        }
        index = self.neighbourhoods._index if self.cell_size is None else None
        return table(columns, index)

    def to_geopandas(self) -> Any:
        """Give the rows with their shapes; cells are whole, also where the areas end in them."""
        geopandas = need("geopandas", "geo")
        if self.cell_size is None:
            shapes = self.neighbourhoods.to_geopandas().geometry.to_numpy()
        else:
            half = 0.5 * self.cell_size
            box = need("shapely", "geo").box
            shapes = box(self.x - half, self.y - half, self.x + half, self.y + half)
        system = epsg(self.neighbourhoods.crs)
        return geopandas.GeoDataFrame(self.to_pandas(), geometry=shapes, crs=system)

    @property
    def crs(self) -> str:
        """The system of the coordinates."""
        return self.neighbourhoods.crs

    def count(self, incidents: IncidentsLike, *, discovered: bool = False) -> NDArray[np.int64]:
        """Count what came: reports in each place from `start` up to `end`.

        Parameters
        ----------
        incidents : Incidents, or what `Incidents.from_any` takes
            With the reports of that time.
        discovered : bool, default False
            Whether what the police found themselves counts too.

        Returns
        -------
        numpy.ndarray of int64
            For `accuracy`, beside this forecast.
        """
        start, end = (
            int(moment.astype("M8[s]").astype(np.int64)) for moment in (self.start, self.end)
        )
        return _brandpunt.counts_between(
            Incidents.from_any(incidents)._core,
            self.neighbourhoods._core,
            self.cell_size,
            start,
            end,
            bool(discovered),
        )

    def plot(self, column: str = "per_km2", *, ax: Any = None, legend: bool = True) -> Any:
        """Draw the map with matplotlib.

        Parameters
        ----------
        column : str, default "per_km2"
            A column of `to_pandas`.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.
        legend : bool, default True
            Whether to explain the colours.

        Returns
        -------
        matplotlib.axes.Axes
        """
        first, last = self._span()
        frame = self.to_geopandas()
        _drawing.numbered(frame, column)
        title = f"reports expected from {first} to {last}"
        return _drawing.plot(frame, column, ax, legend=legend, title=title)

    def _span(self) -> tuple[str, str]:
        """When it begins and ends, to be read."""
        first, last = (
            f"{np.datetime_as_string(moment, unit='m')}Z" for moment in (self.start, self.end)
        )
        return first, last

    def __len__(self) -> int:
        return len(self.expected)

    def __repr__(self) -> str:
        what = "areas" if self.cell_size is None else f"cells of {self.cell_size:g} m"
        first, last = self._span()
        return (
            f"<Forecast: {self.expected.sum():.1f} reports from {first} to {last} in {len(self)} "
            f"{what}, by {self.method} from {self.used}>"
        )


@checked
def forecast(
    incidents: IncidentsLike,
    neighbourhoods: NeighbourhoodsLike,
    *,
    days: float = 28,
    method: str = "kernel",
    bandwidth: float | None = None,
    memory: float | None = None,
    cell_size: float | None = None,
    at: Any = None,
    since: Any = None,
    discovered: bool = False,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> Forecast:
    """How many reports are to be expected in each place over the coming days?

    Only reports *before* the moment of the forecast are looked at. It is a forecast of reports by
    place, as good as `rolling_accuracy` shows it to be: it says nothing about persons, and nothing
    about nuisance that nobody reports. What the police found themselves is left out, where a column
    of sources tells: they find where they look, and a forecast that sends them there and learns from
    it confirms itself.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        With times, in metres.
    neighbourhoods : Neighbourhoods, or what `Neighbourhoods.from_any` takes
        The places, or with `cell_size` the area that they lie in.
    days : float, default 28
        How far ahead, in days of 24 hours.
    method : {"kernel", "counts", "recent", "prospective_map", "self_exciting"}
        ``"counts"``: as many as in the last `memory` days, in each place; what any other method has
        to beat. ``"recent"``: the same, half as heavy after every `memory` days. ``"kernel"``:
        quartic kernels in space and, one-sided, in time, so that a report counts up to `bandwidth`
        and for `memory` days. ``"prospective_map"``: 1/(1 + d) by whole half-widths of a cell (of
        100 m, for areas) up to 400 m, times 1/(1 + w) by whole weeks up to eight (ProMap).
        ``"self_exciting"``: a background and followers, up to `bandwidth` and `memory` days after,
        see `self_exciting`.
    bandwidth : float, optional
        In metres; 400 for kernels and 300 for followers.
    memory : float, optional
        In days; 365 for counts and kernels, 30 for the half-life, 60 for followers.
    cell_size : float, optional
        Side in metres of the cells that are the places; the areas themselves when left out.
    at : str, datetime or numpy.datetime64, optional
        The moment of the forecast; at first just after the last report.
    since : str, datetime or numpy.datetime64, optional
        From when on all reports are known; at first the first report.
    discovered : bool, default False
        Whether to use what the police found themselves, too.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.
    progress : bool or callable, optional
        ``True`` for a bar, or what is called with the stage and the share done.

    Returns
    -------
    Forecast

    References
    ----------
    Bowers, Johnson & Pease 2004, British Journal of Criminology 44:641, doi:10.1093/bjc/azh036;
    Lum & Isaac 2016, Significance 13(5):14, doi:10.1111/j.1740-9713.2016.00960.x.

    Examples
    --------
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(2_000, seed=7, n_neighbourhoods=60)
    >>> found = bp.forecast(city.incidents, city.neighbourhoods, at="2024-01-01", method="counts")
    >>> len(found), found.method
    (60, 'counts')
    """
    areas = Neighbourhoods.from_any(neighbourhoods)
    with followed(progress) as told:
        found = _brandpunt.forecast(
            Incidents.from_any(incidents)._core,
            areas._core,
            None if cell_size is None else float(cell_size),
            named(method, bandwidth, memory),
            float(days),
            instant(at, "at"),
            instant(since, "since"),
            bool(discovered),
            n_jobs,
            told,
        )
    for name in ("start", "end", "since"):
        found[name] = np.datetime64(found[name], "s")
    fit = found.pop("fit")
    warned = notes(found.pop("warnings"))
    return Forecast(
        **found,
        fit=None if fit is None else _fitted(fit),
        neighbourhoods=areas,
        cell_size=None if cell_size is None else float(cell_size),
        warnings=warned,
    )


@checked
def self_exciting(
    incidents: IncidentsLike,
    neighbourhoods: NeighbourhoodsLike,
    *,
    reach: float = 300,
    reach_days: float = 60,
    precision: float = 10,
    max_steps: int = 1000,
    discovered: bool = False,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> SelfExciting:
    """Does a report draw others after it, beside what is always there?

    Reports come at the rate::

        lambda(t, u) = mu(t, u) + sum over earlier reports of theta g(delay) h(distance)

    with an exponential delay and a Gaussian distance, both up to a reach. The background `mu` at a
    report is a mixture of kernels over the reports that are *farther away in time than the reach*,
    with a level for each quarter of a year. So an address with a report every month is explained by
    its other months, and only what comes closer together than place and season explain counts as
    following. All is fitted by expectation and maximisation, which raises the likelihood at every
    step and is free of chance.

    Following is a pattern, no cause: several people who report one event follow each other too.
    Reports at the same second do not. Clusters of the whole city that are shorter than a quarter,
    such as a week of fireworks, look like following.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        With times, in metres.
    neighbourhoods : Neighbourhoods, or what `Neighbourhoods.from_any` takes
        The study area.
    reach, reach_days : float
        Up to how many metres, and how many days, a report may be followed. The record must be three
        times as long.
    precision : float, default 10
        How precise places are, in metres: the least distance that is fitted.
    max_steps : int, default 1000
        How many steps the fit may take.
    discovered : bool, default False
        Whether to use what the police found themselves, too.
    n_jobs, progress
        As for `forecast`.

    Returns
    -------
    SelfExciting

    References
    ----------
    Mohler, Short, Brantingham, Schoenberg & Tita 2011, Journal of the American Statistical
    Association 106:100, doi:10.1198/jasa.2011.ap09546; Veen & Schoenberg 2008, ibid. 103:614,
    doi:10.1198/016214508000000148.

    Examples
    --------
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(2_000, seed=7, n_neighbourhoods=60)
    >>> found = bp.self_exciting(city.incidents, city.neighbourhoods)
    >>> found.branching < 1
    True
    """
    with followed(progress) as told:
        found = _brandpunt.self_exciting(
            Incidents.from_any(incidents)._core,
            Neighbourhoods.from_any(neighbourhoods)._core,
            float(reach),
            float(reach_days),
            float(precision),
            whole(max_steps, "max_steps"),
            bool(discovered),
            n_jobs,
            told,
        )
    return _fitted(found)


def named(
    method: str, bandwidth: float | None, memory: float | None
) -> tuple[str, float | None, float | None]:
    """A method as the core takes it."""
    return (
        method,
        None if bandwidth is None else float(bandwidth),
        None if memory is None else float(memory),
    )


def _fitted(found: dict[str, Any]) -> SelfExciting:
    return SelfExciting(**{**found, "warnings": notes(found["warnings"])})
