"""Where, when and what: the reports themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, Union

from brandpunt import _brandpunt
from brandpunt._carried import Carried, carried, coordinates, made_already
from brandpunt._checked import checked
from brandpunt._inputs import (
    CrsLike,
    crs_text,
    floats,
    index_of,
    instant,
    labelled,
    need,
    points,
    refuse_persons,
    texts,
    times,
)
from brandpunt._notes import Detected, Note, detected, notes
from brandpunt._outputs import axes, epsg, frozen, in_utc, labels, rejected_rows, table
from brandpunt._tabular import Placed
from brandpunt._theme import ThemeLike, theme_of
from brandpunt._value import Indexed
from brandpunt.exceptions import InputError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import ArrayLike, NDArray


IncidentsLike: TypeAlias = Union["Incidents", Any]
"""Incidents, or anything that `Incidents.from_any` takes."""

COLUMNS = ("time", "category", "source", "weight", "id")


class Incidents(Placed, Indexed):
    """Incident locations with, where known, time, category, source, weight and id.

    Valid by construction: every coordinate is finite and inside the range of its coordinate
    reference system. Rows that were not are in `rejected`, so that
    ``rows_in == len(incidents) + len(rejected)``. Make one with `from_xy`, `from_geopandas`,
    `from_any` or `read_incidents`.

    Examples
    --------
    >>> import brandpunt as bp
    >>> incidents = bp.Incidents.from_xy(
    ...     [143_701.0, 143_720.5, 143_655.0],
    ...     [486_937.0, 486_910.0, 487_010.0],
    ...     crs="EPSG:28992",
    ...     time=["2024-05-17T22:30", "2024-05-18T01:10", "2024-06-02T23:45"],
    ...     category=["E35", "E35", "M22"],
    ... )
    >>> incidents
    <Incidents: 3 in EPSG:28992, with time, category>
    >>> len(incidents.select(theme="youth_nuisance", start="2024-05-18"))
    1
    """

    __slots__ = ()
    _core: _brandpunt.Incidents
    _made_by = "from_xy, from_geopandas, from_any or read_incidents"

    @classmethod
    @checked
    def from_xy(
        cls,
        x: ArrayLike,
        y: ArrayLike,
        *,
        crs: CrsLike,
        time: Any = None,
        category: Iterable[Any] | None = None,
        source: Iterable[Any] | None = None,
        weight: ArrayLike | None = None,
        id: Iterable[Any] | None = None,  # noqa: A002 - the column is called id everywhere
        max_rejected_share: float = 0.05,
    ) -> Incidents:
        """Make incidents from columns.

        Parameters
        ----------
        x, y : array-like of float
            Eastings and northings, or longitudes and latitudes.
        crs : str, int or object with ``to_epsg()``
            The system of the coordinates, such as ``"EPSG:28992"``; ``"planar"`` for plain metres.
        time : array-like, optional
            ``datetime64``, datetimes, dates, or ISO 8601 texts. Times without a zone are what
            clocks in the Netherlands showed.
        category : iterable, optional
            What kind of report each is.
        source : iterable, optional
            By which way each was reported, such as ``"online"`` or ``"police"``.
        weight : array-like of float, optional
            How heavily each counts; zero or more.
        id : iterable, optional
            Names of the reports.
        max_rejected_share : float, default 0.05
            The share of rejected rows above which the input as a whole is refused.

        Returns
        -------
        Incidents

        Raises
        ------
        InputError
            For columns of different length, exchanged axes, coordinates outside the system, or
            too many rejected rows.
        """
        columns = dict(zip(COLUMNS, (time, category, source, weight, id), strict=True))
        return cls._of(x, y, crs, columns, index_of(x), max_rejected_share)

    @classmethod
    def _of(
        cls,
        x: Any,
        y: Any,
        crs: CrsLike,
        columns: dict[str, Any],
        index: Any,
        max_rejected_share: float,
        concluded: Iterable[tuple[str, str, str]] = (),
    ) -> Incidents:
        time, category, source, weight, names = (columns[c] for c in COLUMNS)
        core = _brandpunt.Incidents(
            floats(x, "x"),
            floats(y, "y"),
            crs_text(crs, "the incidents"),
            None if time is None else times(time),
            None if category is None else labelled(category, "category"),
            None if source is None else labelled(source, "source"),
            None if weight is None else floats(weight, "weight"),
            None if names is None else texts(names, "id"),
            float(max_rejected_share),
            list(concluded),
            None,
        )
        return cls._wrap(core, index)

    @classmethod
    @checked
    def from_geopandas(
        cls,
        gdf: Any,
        *,
        time: Any = None,
        category: Any = None,
        source: Any = None,
        weight: Any = None,
        id: Any = None,  # noqa: A002 - the column is called id everywhere
        crs: CrsLike = None,
        max_rejected_share: float = 0.05,
        allow_columns: Iterable[str] = (),
    ) -> Incidents:
        """Make incidents from a GeoDataFrame of points, with the columns that are named.

        Parameters
        ----------
        gdf : geopandas.GeoDataFrame or geopandas.GeoSeries
            The points; its index comes back in `to_geopandas`.
        time, category, source, weight, id : str or array-like, optional
            Names of columns, or the columns themselves.
        crs : str, int or object with ``to_epsg()``, optional
            Only when the frame has none.
        max_rejected_share : float, default 0.05
            The share of rejected rows above which the input as a whole is refused.
        allow_columns : iterable of str, optional
            Columns used here that seem to hold data about persons and may stay; any other such
            column is an error. Columns that are not used are not looked at.

        Returns
        -------
        Incidents
        """
        places = carried(gdf, crs)
        if places.geometry is None:
            message = f"a {type(gdf).__name__} has no column of shapes; see Incidents.from_any"
            raise InputError(message, "wrong_geometry_type")
        chosen = dict(zip(COLUMNS, (time, category, source, weight, id), strict=True))
        return cls._from(places, None, None, chosen, {}, max_rejected_share, allow_columns)

    @classmethod
    @checked
    def from_any(
        cls,
        data: Any,
        *,
        crs: CrsLike = None,
        x: Any = None,
        y: Any = None,
        time: Any = None,
        category: Any = None,
        source: Any = None,
        weight: Any = None,
        id: Any = None,  # noqa: A002 - the column is called id everywhere
        max_rejected_share: float = 0.05,
        allow_columns: Iterable[str] = (),
    ) -> Incidents:
        """Make incidents from anything that carries points.

        Columns that are not named are recognised by Dutch and English habits, as `read_incidents`
        does, and listed in `detected`. `from_geopandas` takes only those that are named.

        Parameters
        ----------
        data : object
            A GeoDataFrame or GeoSeries; a data frame with columns of coordinates; an Arrow stream
            (``__arrow_c_stream__``, as of polars, DuckDB and pyarrow) with a geometry column in
            GeoArrow or WKB, or with columns of coordinates; features or shapes
            (``__geo_interface__``, the same as a dict, or a list of them); an array of shape
            (n, 2).
        crs : str, int or object with ``to_epsg()``, optional
            The system, where the data carry none. Features of GeoJSON and columns that are named
            after longitude and latitude are in EPSG:4326; nothing else is assumed.
        x, y : str, optional
            Names of the columns of coordinates, where there are no shapes.
        time, category, source, weight, id : str or array-like, optional
            Names of columns, or the columns themselves.
        max_rejected_share : float, default 0.05
            The share of rejected rows above which the input as a whole is refused.
        allow_columns : iterable of str, optional
            Columns used here that seem to hold data about persons and may stay.

        Returns
        -------
        Incidents

        Raises
        ------
        CrsError
            When nothing tells the coordinate reference system.

        Examples
        --------
        >>> import brandpunt as bp
        >>> import pandas as pd
        >>> frame = pd.DataFrame(
        ...     {"X": [143_701.0], "Y": [486_937.0], "Soort": ["E35"]}, index=["a"]
        ... )
        >>> incidents = bp.Incidents.from_any(frame, crs="EPSG:28992")
        >>> incidents
        <Incidents: 1 in EPSG:28992, with category>
        >>> str(incidents.detected[0])
        'column x: X (by its name)'
        """
        if isinstance(data, Incidents):
            made_already(data, crs, x, y, time, category, source, weight, id)
            return data
        places = carried(data, crs)
        chosen = dict(zip(COLUMNS, (time, category, source, weight, id), strict=True))
        guessed = {
            role: name
            for role in chosen
            if chosen[role] is None and (name := places.recognised(role)) is not None
        }
        return cls._from(places, x, y, chosen, guessed, max_rejected_share, allow_columns)

    @classmethod
    def _from(
        cls,
        places: Carried,
        x: Any,
        y: Any,
        chosen: dict[str, Any],
        guessed: dict[str, str],
        max_rejected_share: float,
        allow_columns: Iterable[str],
    ) -> Incidents:
        crs, taken = places.crs, guessed
        if places.geometry is not None:
            if x is not None or y is not None:
                message = "the data have shapes; x and y are for data without"
                raise ParameterError(message)
            x, y = points(places.geometry)
        else:
            x, y, crs, axes = coordinates(places, x, y)
            taken = axes | guessed
        concluded = [(f"column {role}", name, "by its name") for role, name in taken.items()]
        if crs is not None and places.crs is None:
            concluded.append(("crs", crs_text(crs), "columns are named for degrees"))
        named = {role: name for role, name in chosen.items() if isinstance(name, str)} | guessed
        refuse_persons(
            {n: places.columns[n][:1000] for n in named.values() if n in places.columns},
            allow_columns,
        )
        columns = {role: places.column(guessed.get(role, chosen[role]), role) for role in chosen}
        try:
            return cls._of(x, y, crs, columns, places.index, max_rejected_share, concluded)
        except InputError as error:
            raise _of_a_guess(error, guessed) from error

    def __len__(self) -> int:
        return len(self._core)

    @property
    def x(self) -> NDArray[np.float64]:
        """Eastings, or longitudes."""
        return self._core.x

    @property
    def y(self) -> NDArray[np.float64]:
        """Northings, or latitudes."""
        return self._core.y

    @property
    def time(self) -> NDArray[np.datetime64] | None:
        """When, as ``datetime64[s]`` in UTC, ``NaT`` where unknown; ``None`` without the column."""
        seconds = self._core.time
        return None if seconds is None else frozen(seconds.view("M8[s]"))

    @property
    def category(self) -> NDArray[np.object_] | None:
        """What, as texts; ``None`` without the column."""
        found = self._core.category
        if found is None:
            return None
        names, codes = found
        return frozen(labels(names)[codes])

    @property
    def source(self) -> NDArray[np.object_] | None:
        """By which way each was reported, as texts; ``None`` without the column."""
        found = self._core.source
        if found is None:
            return None
        names, codes = found
        return frozen(labels(names)[codes])

    def came_from(self, source: str) -> NDArray[np.bool_]:
        """Tell whether each incident came from a source.

        Parameters
        ----------
        source : str
            A label of `source` as it stands; or ``"citizen"``, ``"police"`` or ``"other"`` for all
            labels of that kind, as their words tell.

        Examples
        --------
        >>> import brandpunt as bp
        >>> incidents = bp.Incidents.from_xy(
        ...     [1, 2, 3], [4, 5, 6], crs="planar", source=["online", "Politie", "Telefoon"]
        ... )
        >>> incidents.came_from("citizen")
        array([ True, False,  True])
        """
        return self._core.came_from(source)

    @property
    def weight(self) -> NDArray[np.float64] | None:
        """How heavily each counts; ``None`` without the column."""
        return self._core.weight

    @property
    def id(self) -> NDArray[np.object_] | None:
        """Names of the reports; ``None`` without the column."""
        found = self._core.id
        return None if found is None else labels(found)

    @property
    def row(self) -> NDArray[np.int64]:
        """The number of each incident's row in the input."""
        return self._core.row

    @property
    def crs(self) -> str:
        """The system of the coordinates, such as ``"EPSG:28992"`` or ``"planar"``."""
        return self._core.crs

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """Least x, least y, greatest x, greatest y; ``None`` when there is no incident."""
        return self._core.bounds

    @property
    def rows_in(self) -> int:
        """How many rows the input had."""
        return self._core.rows_in

    @property
    def rejected(self) -> Any:
        """The rows that were kept out: a data frame of ``row``, ``reason`` and ``detail``."""
        return rejected_rows(self._core.rejected)

    @property
    def warnings(self) -> tuple[Note, ...]:
        """What a user of these incidents must know."""
        return notes(self._core.warnings)

    @property
    def detected(self) -> tuple[Detected, ...]:
        """What `read_incidents` concluded by itself: delimiter, columns, system, order of dates."""
        return detected(self._core.detected)

    @checked
    def select(
        self,
        *,
        theme: ThemeLike = None,
        categories: Iterable[str] | None = None,
        start: Any = None,
        end: Any = None,
    ) -> Incidents:
        """Take the incidents of a theme, of some categories, or of a stretch of time.

        Parameters
        ----------
        theme : str or Theme, optional
            Whose categories to take.
        categories : iterable of str, optional
            Which categories to take.
        start, end : date, datetime or ISO 8601 text, optional
            From `start` until just before `end`; without a zone, on clocks in the Netherlands.

        Returns
        -------
        Incidents
        """
        chosen = None if theme is None else theme_of(theme)._core
        names = None if categories is None else [str(c) for c in categories]
        core = self._core.select(chosen, names, instant(start, "start"), instant(end, "end"))
        return self._wrap(core, self._index)

    @checked
    def to_crs(self, crs: CrsLike) -> Incidents:
        """Give the same incidents in another coordinate reference system."""
        return self._wrap(self._core.to_crs(crs_text(crs)), self._index)

    def to_pandas(self) -> Any:
        """Give a data frame of ``x``, ``y`` and what else is known, with the input's index.

        Times carry their zone, UTC, so that they mean the same when they come in again.
        """
        return in_utc(table({"x": self.x, "y": self.y, **self._known()}, self._rows()))

    def to_geopandas(self) -> Any:
        """Give a GeoDataFrame of points with the columns that are known, and the input's index.

        Times carry their zone, UTC, so that they mean the same when they come in again.
        """
        geopandas = need("geopandas", "geo")
        frame = in_utc(table(self._known(), self._rows()))
        shapes = geopandas.points_from_xy(self.x, self.y)
        return geopandas.GeoDataFrame(frame, geometry=shapes, crs=epsg(self.crs))

    def _known(self) -> dict[str, NDArray[Any]]:
        columns = {name: getattr(self, name) for name in COLUMNS}
        return {name: values for name, values in columns.items() if values is not None}

    def _rows(self) -> Any:
        return self.row if self._index is None else self._index[self.row]

    def plot(self, *, ax: Any = None, **options: Any) -> Any:
        """Draw the points with matplotlib.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.
        **options
            Further options of ``Axes.scatter``, such as ``color``.

        Returns
        -------
        matplotlib.axes.Axes
        """
        ax = axes(ax)
        ax.scatter(self.x, self.y, **{"s": 2, "linewidths": 0, "alpha": 0.5, **options})
        ax.set_aspect("equal")
        return ax

    def __repr__(self) -> str:
        known = [name for name in COLUMNS if getattr(self._core, name) is not None]
        tail = f", with {', '.join(known)}" if known else ""
        kept_out = self.rows_in - len(self)
        tail += f", {kept_out} of {self.rows_in} rows not here" if kept_out else ""
        return f"<Incidents: {len(self)} in {self.crs}{tail}>"


def _of_a_guess(error: InputError, guessed: dict[str, str]) -> InputError:
    """The same error, with the way out when a column was taken by its name."""
    detail = str(error.args[0])
    role = next((role for role in guessed if f"`{role}`" in detail), None)
    if role is None:
        return error
    message = (
        f"{detail} (column `{guessed[role]}` was taken for {role} by its name; name another with "
        f"{role}=, or use Incidents.from_geopandas, which takes only columns that are named)"
    )
    return InputError(message, error.fault)
