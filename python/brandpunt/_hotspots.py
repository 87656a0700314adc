"""The main job: everything for one theme in one call."""

from __future__ import annotations

import datetime as dt
import html
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from brandpunt import _brandpunt, _drawing
from brandpunt._carried import looks_like_places
from brandpunt._checked import checked
from brandpunt._counting import Counts
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import integers, need, year_of
from brandpunt._near_repeat import NearRepeat, near_repeats
from brandpunt._neighbourhoods import Neighbourhoods, NeighbourhoodsLike
from brandpunt._notes import Note, notes
from brandpunt._outputs import frozen, labels, table
from brandpunt._progress import Progress, followed
from brandpunt._results import History, Years
from brandpunt._scan import ScanResult, scan_result
from brandpunt._seed import Seed, seed_of
from brandpunt._surface import Surface
from brandpunt._tabular import Placed
from brandpunt._theme import Theme, ThemeLike, theme_of
from brandpunt._value import Indexed
from brandpunt.exceptions import DisclosureError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from numpy.typing import ArrayLike

    from brandpunt._crosswalk import Crosswalk
    from brandpunt._publish import PublishedResult
    from brandpunt._registered import RegisteredCounts

PeriodLike: TypeAlias = Any
"""A calendar year, or a pair of dates: the first day and the day after the last."""

COLUMNS = (
    "code", "name", "count", "population", "rate", "rate_low", "rate_high", "rate_smoothed",
    "rate_ratio", "rate_p", "rate_q", "baseline_rate", "change", "change_low", "change_high",
    "change_q", "density_mean", "density_peak", "gi_z", "gi_p", "gi_q", "hotspot_class",
    "emerging_category", "rank", "reason",
)  # fmt: skip

LATER = (
    "count_state", "count_low", "count_high", "hot_lower", "hot_upper", "robust", "stability",
)  # fmt: skip
"""Columns that protected results have too, and results whose stability was asked for."""


class Period(NamedTuple):
    """A stretch of time.

    Attributes
    ----------
    label : str
        What people call it, such as ``"2017"``.
    start, end : numpy.datetime64
        First second inside, and first second after, in UTC.
    """

    label: str
    start: np.datetime64
    end: np.datetime64


class TargetProgress(NamedTuple):
    """How far the city is on the way to a target.

    Attributes
    ----------
    share : float
        The target, as a share of the rate of the baseline.
    year : int
        The year in which it is to be reached.
    years_left : int
        Years from the period to that year; 0 when it has come.
    rate : float
        The rate that the target is, per `Theme.per` people.
    path_rate : float
        The rate on the path to it in the year of the period, which falls by the same share each year.
    so_far : float
        By what the rate was multiplied each year since the baseline, evenly.
    needed : float
        By what it must be multiplied each year from now; NaN where no year is left.
    status : str
        ``"reached"`` or ``"on course"`` where the whole 95 % interval of the change is at or below the
        target or the path to it, ``"not reached"`` where it is above the path, else ``"cannot tell"``.
    """

    share: float
    year: int
    years_left: int
    rate: float
    path_rate: float
    so_far: float
    needed: float
    status: str


class HotspotResult(Placed, Indexed):
    """The hotspots of one theme; see `hotspots`.

    Two questions are kept apart: is an area's own rate high for its people (``rate``, its
    interval, and ``rate_ratio`` to the rest of the city), and do high values gather around it
    (``gi_z``, ``hotspot_class``).
    """

    __slots__ = ()
    _core: _brandpunt.HotspotResult
    _made_by = "hotspots"

    @property
    def theme(self) -> Theme:
        """The theme."""
        return Theme._wrap(self._core.theme)

    @property
    def period(self) -> Period | None:
        """The period counted; ``None`` when the incidents carry no time."""
        return _period(self._core.period)

    @property
    def baseline(self) -> Period | None:
        """The period compared with."""
        return _period(self._core.baseline)

    @property
    def neighbourhoods(self) -> Any:
        """A data frame with one row per neighbourhood, in input order.

        NaN stands for a number that is not defined. ``rate`` is per `Theme.per` people over the
        period, with its exact 95 % interval; ``rate_ratio`` compares with the rest of the city;
        ``change`` is the rate divided by that of the baseline; ``gi_z``, ``gi_p``, ``gi_q`` are
        Gi* of population-standardised rates; ``hotspot_class`` is the sign of ``gi_z`` times 3, 2,
        1 for ``gi_q`` at most 0.01, 0.05, 0.10, else 0; ``emerging_category`` is one of the names
        of `emerging_hotspots`, ``None`` without people or with fewer than ten steps; ``rank`` is 1 for the one to look at
        first; ``reason`` says why in one sentence. With ``stability=True`` there is also ``stability``,
        the share of resampled sets of reports in which the area is hot; a protected result has the
        columns that `PublishedResult` names.
        """
        columns = self._core.neighbourhoods
        for name in ("code", "name", "emerging_category", "count_state"):
            if name in columns:
                columns[name] = labels(columns[name])
        columns["reason"] = labels(self._core.reasons("en"))
        names = (*COLUMNS, *(name for name in LATER if name in columns))
        return table({name: columns[name] for name in names}, self._index)

    @property
    def cells(self) -> Any:
        """A data frame with one row per grid cell in a neighbourhood or with an incident.

        Of a protected result, the hot cells that may be shown, without figures.

        ``row`` 0 is in the north, ``x`` and ``y`` are centres. ``None`` when counts were given per
        neighbourhood.
        """
        columns = self._core.cells
        return None if columns is None else table(columns)

    @property
    def history(self) -> History | None:
        """What happened step by step up to the end of the period; ``None`` below ten steps."""
        found = self._core.history
        return None if found is None else History(**self._by_period(found))

    @property
    def years(self) -> Years | None:
        """How it went from year to year; ``None`` unless the period is a calendar year after two others."""
        found = self._core.years
        return None if found is None else Years(**self._by_period(found))

    def _by_period(self, found: dict[str, Any]) -> dict[str, Any]:
        """Columns per area and period, with the periods and the areas they are of."""
        return {
            **found,
            "periods": tuple(found["periods"]),
            "starts": frozen(found["starts"].view("M8[s]")),
            "ends": frozen(found["ends"].view("M8[s]")),
            "code": labels(self._core.areas.code),
            "index": self._index,
        }

    @property
    def nature(self) -> Any:
        """A data frame of what the reports are where they stand out, beside all others.

        A row per cell: ``by`` says by what (``category``, ``part_of_day``,
        ``part_of_week``, ``weekday``, ``season``), ``count`` and ``share`` are of the neighbourhoods in `standouts` together,
        ``rest_count`` and ``rest_share`` of the others (of the whole city where none stands out);
        ``quotient`` is the one share over the other, with its interval, and ``mark`` is 1 or -1
        where the difference is more than chance after correction, else 0. Counts that a protected
        result withholds are NaN, and so is what follows from them. ``None`` when neither kinds nor
        times are known, or where it may not be published.
        """
        columns = self._core.nature
        if columns is None:
            return None
        for name in ("by", "cell"):
            columns[name] = labels(columns[name])
        return table(columns)

    @property
    def nature_by_area(self) -> Any:
        """A data frame of what the reports of each neighbourhood that stands out are, beside all others.

        A row per neighbourhood (``code``, in order of rank) and cell, as in `nature`; ``by`` is
        ``category``, ``hour_of_week`` or ``season``, and ``mark`` is corrected over all of them. `profile`
        tells the same of any neighbourhood and of crossings such as ``"category x hour_of_week x season"``.
        In a protected result it is of at most five, those with at least thirty reports, ``by`` is ``category``
        or ``part_of_week``, and the others are the whole city less its own; ``None`` where there is none
        such, and without `nature`.
        """
        columns = self._core.nature_by_area
        if columns is None:
            return None
        for name in ("by", "cell"):
            columns[name] = labels(columns[name])
        code = labels(self._core.areas.code)[columns.pop("area")]
        return table({"code": code, **columns})

    @property
    def target(self) -> TargetProgress | None:
        """How far the city is on the way to a target; ``None`` unless asked for."""
        found = self._core.target
        return None if found is None else TargetProgress(**found)

    @property
    def standouts(self) -> Any:
        """Codes of the neighbourhoods that `nature` is about; ``None`` without it."""
        positions = self._core.standouts
        return None if positions is None else frozen(labels(self._core.areas.code)[positions])

    @property
    def clusters(self) -> ScanResult | None:
        """Groups of neighbourhoods with more reports than their people explain, as `spatial_scan` gives.

        ``None`` unless asked for with ``scan=True``, and where there are no people. Those of a
        protected result come from what is published of the counts.
        """
        found = self._core.clusters
        return None if found is None else scan_result(found)

    @property
    def near_repeat(self) -> NearRepeat | None:
        """Whether one report is followed by another, as `near_repeat` gives it.

        Labels and chains are of the reports counted, in input order. ``None`` unless asked for with
        ``near_repeat=True``, and in a protected result.
        """
        found = self._core.near_repeat
        return None if found is None else near_repeats(found)

    @property
    def surface(self) -> Surface | None:
        """The density of the incidents; ``None`` when counts were given per neighbourhood."""
        core = self._core.surface
        return None if core is None else Surface._wrap(core)

    @property
    def crs(self) -> str:
        """The system of the coordinates."""
        return self._core.areas.crs

    @property
    def city(self) -> dict[str, float]:
        """Figures of all neighbourhoods together: count, rate, change, Moran's I, dispersion."""
        return self._core.city

    @property
    def warnings(self) -> tuple[Note, ...]:
        """What a reader must know."""
        return notes(self._core.warnings)

    @property
    def provenance(self) -> dict[str, Any]:
        """Version, parameters as used, seed, and what became of the rows of the input.

        The numbers of rows are ``None`` in a protected result, because they are totals.
        """
        return self._core.provenance

    @checked
    def reasons(self, language: str = "nl") -> list[str]:
        """Say of each neighbourhood why it is or is not a hotspot.

        Parameters
        ----------
        language : {"nl", "en"}
            Dutch or English.
        """
        return self._core.reasons(language)

    @checked
    def summary(self, language: str = "nl") -> str:
        """Give the answer in a few lines of Markdown.

        Parameters
        ----------
        language : {"nl", "en"}
            Dutch or English.
        """
        return self._core.summary(language)

    def to_pandas(self) -> Any:
        """Give the columns of `neighbourhoods` as a data frame."""
        need("pandas", "geo")
        return self.neighbourhoods

    def to_geopandas(self) -> Any:
        """Give the columns of `neighbourhoods` with their shapes, and the input's index."""
        geopandas = need("geopandas", "geo")
        areas = Neighbourhoods._wrap(self._core.areas, self._index)
        frame = self.neighbourhoods
        return geopandas.GeoDataFrame(
            frame, geometry=areas.geometry, crs=None if areas.crs == "planar" else areas.crs
        )

    def plot(self, column: str = "hotspot_class", *, ax: Any = None, legend: bool = True) -> Any:
        """Draw the neighbourhoods with matplotlib.

        Parameters
        ----------
        column : str, default "hotspot_class"
            What to colour them by, such as ``"rate"`` or, where it was asked for, ``"stability"``.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.
        legend : bool, default True
            Whether to explain the colours.

        Returns
        -------
        matplotlib.axes.Axes
        """
        return _drawing.plot(self.to_geopandas(), column, ax, legend=legend, title=self.theme.name)

    def explore(
        self,
        column: str | None = "hotspot_class",
        *,
        engine: str | None = None,
        **options: Any,
    ) -> Any:
        """Make an interactive map, whose background comes from the network.

        Parameters
        ----------
        column : str, default "hotspot_class"
            What to colour the neighbourhoods by.
        engine : {"folium", "lonboard"}, optional
            When left out lonboard, where it is installed and there are more than 5,000
            neighbourhoods, and else folium.
        **options
            Further options of ``GeoDataFrame.explore``, such as ``tiles=None`` for no background;
            or of the layer of lonboard.

        Returns
        -------
        folium.Map or lonboard.Map
        """
        return super().explore(column, engine=engine, **options)

    @checked
    def publish(self, preset: str = "cbs5", **options: Any) -> PublishedResult:
        """Protect this result so that it may be written; see `publish`.

        Parameters
        ----------
        preset : {"cbs5", "ons10_5", "police8", "internal"}
            The rules.
        **options
            Further options of `publish`, such as ``ledger``.

        Returns
        -------
        PublishedResult
        """
        from brandpunt._publish import publish

        return publish(self, preset=preset, **options)

    @checked
    def to_html(self, language: str = "nl") -> str:
        """Give one self-contained page: map, ranked table, warnings and provenance.

        Unless the result is protected, the page carries a mark that it is not for publishing.

        Parameters
        ----------
        language : {"nl", "en"}
            Dutch or English.
        """
        return _brandpunt.to_html(self._for_writers(internal=True), language)

    @checked
    def write_html(
        self, path: str | PathLike[str], language: str = "nl", *, internal: bool = False
    ) -> None:
        """Write one self-contained page: map, ranked table, warnings and provenance.

        Parameters
        ----------
        path : str or path
            The file; it is either whole or not there.
        language : {"nl", "en"}
            Dutch or English.
        internal : bool, default False
            Write small counts unprotected, with a mark on the page that it is not for publishing.

        Raises
        ------
        DisclosureError
            For a result that is not protected, unless it is for internal use.
        """
        _brandpunt.write_html(self._for_writers(internal=internal), path, language)

    @checked
    def write(
        self, directory: str | PathLike[str], language: str = "nl", *, internal: bool = False
    ) -> None:
        """Write everything to a folder, as the command does.

        ``report.html``, ``neighbourhoods.geojson``, ``neighbourhoods.csv``, ``density.tif`` and
        ``run.json`` (version, parameters, seed, and what became of the rows of the input).

        Parameters
        ----------
        directory : str or path
            The folder; made when it is not there.
        language : {"nl", "en"}
            Dutch or English.
        internal : bool, default False
            Write small counts unprotected, with a mark on the page that it is not for publishing.

        Raises
        ------
        DisclosureError
            For a result that is not protected, unless it is for internal use.
        """
        _brandpunt.write_all(self._for_writers(internal=internal), directory, language)

    def _for_writers(self, *, internal: bool) -> list[_brandpunt.Published]:
        if not internal:
            message = (
                "this result holds small counts that can expose people; write "
                "result.publish('cbs5') instead, or add internal=True for a copy that stays inside"
            )
            raise DisclosureError(message)
        return _brandpunt.publish(
            [self._core], "internal", None, None, None, None, None, None, None
        )

    def __len__(self) -> int:
        return len(self._core.areas)

    def __repr__(self) -> str:
        columns = self._core.neighbourhoods
        hot = int((columns["hotspot_class"] >= 2).sum())
        when = "" if self.period is None else f", {self.period.label}"
        return (
            f"<{type(self).__name__}: {self.theme.name}{when}, {self.city['count']} incidents in "
            f"{len(self)} neighbourhoods, {hot} hot spots at q <= 0.05>"
        )

    def _repr_html_(self) -> str:
        page = html.escape(self.to_html("en"), quote=True)
        return (
            f'<iframe title="{html.escape(repr(self))}" sandbox="allow-scripts" width="100%" '
            f'height="720" style="border:0" srcdoc="{page}"></iframe>'
        )

    def _repr_markdown_(self) -> str:
        return self.summary("en")


@checked
def hotspots(
    incidents: IncidentsLike | Counts | ArrayLike,
    neighbourhoods: NeighbourhoodsLike,
    *,
    theme: ThemeLike,
    period: PeriodLike = None,
    baseline: int | None = None,
    baseline_counts: RegisteredCounts | None = None,
    crosswalk: Crosswalk | None = None,
    target: float | None = None,
    target_year: int | None = None,
    exposure: str | None = None,
    bandwidth: float | str = "auto",
    cell_size: float = 100,
    level: float = 0.05,
    seed: Seed = 0,
    random_state: Seed = None,
    stability: bool = False,
    scan: bool = False,
    near_repeat: bool = False,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> HotspotResult:
    """Where does a theme concentrate, is that more than chance, and is it more than before?

    Parameters
    ----------
    incidents : Incidents, what `Incidents.from_any` takes, Counts or array-like of int
        The reports; or how many of the theme each neighbourhood has, as a register gives them
        (then there are no cells, no density, and a baseline only by `baseline_counts`).
    neighbourhoods : Neighbourhoods, or what `Neighbourhoods.from_any` takes
        The areas, in the same coordinate reference system, in metres.
    theme : str, Theme or None
        ``"youth_nuisance"``, ``"housing_nuisance"``, ``"youth_crime"``, a theme of your own, or
        ``None`` for all incidents.
    period : int or pair of dates, optional
        A calendar year, or the first day and the day after the last. All incidents when left out;
        with a baseline, the latest calendar year that the data cover.
    baseline : int, optional
        The calendar year to compare with.
    baseline_counts : RegisteredCounts, optional
        The counts of that year from a register, such as a police table, instead of reports; the
        theme chooses the classes. Areas without a number have no change.
    crosswalk : Crosswalk, optional
        Carries `baseline_counts` over from another area division. Without it, counts of another
        ``vintage`` than the neighbourhoods are refused.
    target : float, optional
        At most this share of the rate of the baseline, such as 0.8 for a fifth less; see
        `HotspotResult.target`.
    target_year : int, optional
        The year in which the target is to be reached; that of the period when left out.
    exposure : str, optional
        The kind of population the rate is about; the theme's when left out, which is
        ``"inhabitants"`` for the built-in ones but youth crime (``"youths"``). Of every year it is that
        year's own, else on the line between the years around it, else the nearest; `provenance`
        says which (``"people_of_2017"``).
    bandwidth : float or "auto"
        Of the density, in metres.
    cell_size : float, default 100
        Side of the cells for Gi*, in metres.
    level : float, default 0.05
        The level at which a single area must be able to stand out after correction.
    seed : int or numpy.random.Generator, default 0
        Of all simulations.
    random_state : optional
        Another name for `seed`.
    stability : bool, default False
        Also ask, for the report, whether the hotspots survive other grids, bandwidths and resampled
        reports, as :func:`stability` does. Takes several times as long.
    scan : bool, default False
        Also look for groups of neighbourhoods that together have more reports than their people
        explain, as :func:`spatial_scan` does with windows of up to a quarter of the people.
    near_repeat : bool, default False
        Also ask whether one report is followed by another at the same address or within 400 m, up
        to eight weeks, as :func:`near_repeat` does.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.
    progress : bool or callable, optional
        True for a bar of tqdm. Or what is called with the stage (str) and the share done (float);
        an exception it raises stops the job.

    Returns
    -------
    HotspotResult

    Raises
    ------
    CrsError
        For coordinates in degrees.
    InputError
        When no incident belongs to the theme, or what is asked for needs times or populations
        that are not there.

    Examples
    --------
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(5_000, seed=1, n_neighbourhoods=60)
    >>> result = bp.hotspots(
    ...     city.incidents, city.neighbourhoods, theme="youth_nuisance", baseline=2017
    ... )
    >>> result.period.label, result.baseline.label
    ('2024', '2017')
    >>> result.neighbourhoods.sort_values("rank").head(3)["rank"].tolist()
    [1, 2, 3]
    """
    if target is None and target_year is not None:
        message = "target_year is given without a target; give the share of the baseline's rate too"
        raise ParameterError(message)
    if bandwidth == "auto":
        metres = None
    elif isinstance(bandwidth, str):
        message = f"bandwidth is {bandwidth!r}; a number of metres or 'auto' is needed"
        raise ParameterError(message)
    else:
        metres = float(bandwidth)
    points, counts = None, None
    areas = Neighbourhoods.from_any(neighbourhoods)
    if isinstance(incidents, Counts):
        counts = incidents.values.reshape(len(incidents), -1).sum(axis=1)
    elif isinstance(incidents, Incidents) or looks_like_places(incidents):
        points = Incidents.from_any(incidents)._core
    else:
        counts = integers(incidents, "counts")
    with followed(progress) as told:
        core = _brandpunt.hotspots(
            points,
            counts,
            areas._core,
            theme_of(theme)._core,
            when_of(period),
            year_of(baseline, "baseline"),
            None if baseline_counts is None else baseline_counts._core,
            None if crosswalk is None else crosswalk._core,
            None if target is None else float(target),
            year_of(target_year, "target_year"),
            exposure,
            metres,
            float(cell_size),
            float(level),
            seed_of(seed, random_state),
            bool(stability),
            bool(scan),
            bool(near_repeat),
            n_jobs,
            told,
        )
    return HotspotResult._wrap(core, areas._index)


@checked
def write_html(
    results: Iterable[HotspotResult],
    path: str | PathLike[str],
    *,
    language: str = "nl",
    internal: bool = False,
) -> None:
    """Write results of several themes as one page with a switch between them.

    Parameters
    ----------
    results : iterable of HotspotResult
        At least one, each protected by `publish`.
    path : str or path
        The file; it is either whole or not there.
    language : {"nl", "en"}
        Dutch or English.
    internal : bool, default False
        Take unprotected results too, with a mark on the page that it is not for publishing.

    Raises
    ------
    DisclosureError
        For a result that is not protected, unless it is for internal use.
    """
    published = [one for result in results for one in result._for_writers(internal=internal)]
    _brandpunt.write_html(published, path, language)


def _period(parts: tuple[str, int, int] | None) -> Period | None:
    if parts is None:
        return None
    label, start, end = parts
    return Period(label, np.datetime64(start, "s"), np.datetime64(end, "s"))


def when_of(period: PeriodLike) -> Any:
    """A year, or two ISO dates."""
    if period is None:
        return None
    if isinstance(period, (tuple, list)) and len(period) == 2:
        return tuple(_date(day) for day in period)
    if isinstance(period, (int, np.integer)) or (isinstance(period, str) and period.isdigit()):
        return year_of(period, "period")
    message = (
        f"period is {period!r}; a year such as 2017, or the first day and the day after the last, "
        "such as ('2024-01-01', '2024-07-01'), is needed"
    )
    raise ParameterError(message)


def _date(day: Any) -> str:
    if isinstance(day, np.datetime64):
        day = day.astype("M8[D]").item()
    if isinstance(day, dt.datetime):
        day = day.date()
    return day.isoformat() if isinstance(day, dt.date) else str(day)
