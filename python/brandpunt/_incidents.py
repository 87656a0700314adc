"""Where, when and what: the reports themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._inputs import (
    CrsLike,
    column,
    crs_text,
    floats,
    instant,
    need,
    points,
    refuse_persons,
    texts,
    times,
)
from brandpunt._notes import Detected, Note, detected, notes
from brandpunt._outputs import epsg, frozen, labels, table
from brandpunt._theme import ThemeLike, theme_of
from brandpunt.exceptions import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray


class Incidents:
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

    __slots__ = ("_core", "_index")
    _core: _brandpunt.Incidents
    _index: Any

    def __init__(self) -> None:
        message = (
            "make incidents with Incidents.from_xy, from_geopandas, from_any or read_incidents"
        )
        raise TypeError(message)

    @classmethod
    def _wrap(cls, core: _brandpunt.Incidents, index: Any = None) -> Incidents:
        self = cls.__new__(cls)
        self._core = core
        self._index = index
        return self

    @classmethod
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
        core = _brandpunt.Incidents(
            floats(x, "x"),
            floats(y, "y"),
            crs_text(crs, "the incidents"),
            None if time is None else times(time),
            None if category is None else texts(category, "category"),
            None if source is None else texts(source, "source"),
            None if weight is None else floats(weight, "weight"),
            None if id is None else texts(id, "id"),
            max_rejected_share,
        )
        return cls._wrap(core, getattr(x, "index", None) if hasattr(x, "iloc") else None)

    @classmethod
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
        """Make incidents from a GeoDataFrame of points.

        Parameters
        ----------
        gdf : geopandas.GeoDataFrame
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
        x, y = points(gdf.geometry.array)
        given = (time, category, source, weight, id)
        named = [c for c in given if isinstance(c, str) and c in gdf.columns]
        refuse_persons({c: gdf[c].head(1000) for c in named}, allow_columns)
        incidents = cls.from_xy(
            x,
            y,
            crs=gdf.crs if gdf.crs is not None else crs,
            time=column(gdf, time, "time"),
            category=column(gdf, category, "category"),
            source=column(gdf, source, "source"),
            weight=column(gdf, weight, "weight"),
            id=column(gdf, id, "id"),
            max_rejected_share=max_rejected_share,
        )
        incidents._index = gdf.index
        return incidents

    @classmethod
    def from_any(cls, data: Any, *, crs: CrsLike = None, **columns: Any) -> Incidents:
        """Make incidents from anything that carries points.

        Parameters
        ----------
        data : object
            A GeoDataFrame, an Arrow stream with a geometry column (``__arrow_c_stream__``), or a
            collection of features (``__geo_interface__``, or the same as a dict).
        crs : str, int or object with ``to_epsg()``, optional
            The system, where the data carry none; features are in EPSG:4326 unless said otherwise.
        **columns
            As the options of `from_geopandas`.

        Returns
        -------
        Incidents
        """
        if isinstance(data, Incidents):
            return data
        return cls.from_geopandas(frame_of(data, crs), crs=crs, **columns)

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
        row, reason, detail = self._core.rejected
        return table(
            {
                "row": np.asarray(row, dtype=np.int64),
                "reason": labels(reason),
                "detail": labels(detail),
            }
        )

    @property
    def warnings(self) -> tuple[Note, ...]:
        """What a user of these incidents must know."""
        return notes(self._core.warnings)

    @property
    def detected(self) -> tuple[Detected, ...]:
        """What `read_incidents` concluded by itself: delimiter, columns, system, order of dates."""
        return detected(self._core.detected)

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

    def to_crs(self, crs: CrsLike) -> Incidents:
        """Give the same incidents in another coordinate reference system."""
        return self._wrap(self._core.to_crs(crs_text(crs)), self._index)

    def to_geopandas(self) -> Any:
        """Give a GeoDataFrame of points with the columns that are known, and the input's index."""
        geopandas = need("geopandas", "geo")
        columns = {
            name: values.copy()
            for name in ("time", "category", "source", "weight", "id")
            if (values := getattr(self, name)) is not None
        }
        geometry = geopandas.points_from_xy(self.x, self.y)
        index = self.row if self._index is None else self._index[self.row]
        return geopandas.GeoDataFrame(columns, geometry=geometry, index=index, crs=epsg(self.crs))

    def __repr__(self) -> str:
        known = [
            name
            for name in ("time", "category", "source", "weight", "id")
            if getattr(self._core, name) is not None
        ]
        tail = f", with {', '.join(known)}" if known else ""
        kept_out = self.rows_in - len(self)
        tail += f", {kept_out} of {self.rows_in} rows not here" if kept_out else ""
        return f"<Incidents: {len(self)} in {self.crs}{tail}>"


def frame_of(data: Any, crs: CrsLike = None) -> Any:
    """A GeoDataFrame from anything that carries geometries."""
    if hasattr(data, "geometry") and hasattr(data, "crs"):
        return data
    if hasattr(data, "__arrow_c_stream__"):
        geopandas = need("geopandas", "geo")
        need("pyarrow", "arrow")
        return geopandas.GeoDataFrame.from_arrow(data)
    features = getattr(data, "__geo_interface__", data)
    if isinstance(features, dict) and features.get("type") == "FeatureCollection":
        geopandas = need("geopandas", "geo")
        return geopandas.GeoDataFrame.from_features(features, crs=epsg(crs_text(crs or 4326)))
    message = (
        f"a {type(data).__name__} carries no geometries that are understood; give a GeoDataFrame, "
        "an Arrow stream with a geometry column, or a GeoJSON FeatureCollection"
    )
    raise InputError(message, "unknown_format")
