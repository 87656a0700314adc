"""The areas, with the people in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, Union

import numpy as np

from brandpunt import _brandpunt, _drawing
from brandpunt._carried import Carried, carried, made_already
from brandpunt._checked import checked
from brandpunt._inputs import (
    CrsLike,
    by_year,
    crs_text,
    floats,
    missing,
    need,
    polygons,
    texts,
    year_of,
)
from brandpunt._notes import Detected, Note, detected, notes
from brandpunt._outputs import epsg, labels, shapes, table
from brandpunt._tabular import Placed
from brandpunt._value import Indexed
from brandpunt.exceptions import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray


NeighbourhoodsLike: TypeAlias = Union["Neighbourhoods", Any]
"""Neighbourhoods, or anything that `Neighbourhoods.from_any` takes."""


class Neighbourhoods(Placed, Indexed):
    """Areas with a code, a name, a shape and populations, in input order.

    Make one with `from_geopandas` or `read_neighbourhoods`.

    Examples
    --------
    >>> import brandpunt as bp
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> gdf = (
    ...     gpd.GeoDataFrame(
    ...         {"code": ["BU01", "BU02"], "people": [1200, 800]},
    ...         geometry=[box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)],
    ...         crs="EPSG:28992",
    ...     )
    ...     .translate(140_000, 480_000)
    ...     .to_frame("geometry")
    ...     .assign(code=["BU01", "BU02"], people=[1200, 800])
    ... )
    >>> hoods = bp.Neighbourhoods.from_geopandas(gdf, code="code", population="people")
    >>> hoods
    <Neighbourhoods: 2 in EPSG:28992, with inhabitants>
    >>> hoods.area_km2
    array([1., 1.])
    """

    __slots__ = ()
    _core: _brandpunt.Neighbourhoods
    _made_by = "from_geopandas, from_any or read_neighbourhoods"

    @classmethod
    @checked
    def from_geopandas(
        cls,
        gdf: Any,
        *,
        code: Any,
        name: Any = None,
        population: Any = None,
        crs: CrsLike = None,
        vintage: int | None = None,
        repair: bool = False,
    ) -> Neighbourhoods:
        """Make neighbourhoods from a GeoDataFrame of polygons.

        Parameters
        ----------
        gdf : geopandas.GeoDataFrame
            The areas; its index comes back in the results.
        code : str or array-like
            The column of unique codes, such as ``"buurtcode"``.
        name : str or array-like, optional
            The column of names for people; the codes when left out.
        population : str, array-like or dict, optional
            The column of inhabitants, or ``{year: column}``. Negative or missing numbers mean
            that none is published.
        crs : str, int or object with ``to_epsg()``, optional
            Only when the frame has none.
        vintage : int, optional
            The year of the area division.
        repair : bool, default False
            Whether to make invalid polygons valid; `warnings` says which and by how much.

        Returns
        -------
        Neighbourhoods

        Raises
        ------
        InputError
            For repeated codes, and for missing or invalid polygons.
        """
        places = carried(gdf, crs)
        return cls._from(places, code, name, population, (), vintage, repair)

    @classmethod
    @checked
    def from_any(
        cls,
        data: Any,
        *,
        crs: CrsLike = None,
        code: Any = None,
        name: Any = None,
        population: Any = None,
        vintage: int | None = None,
        repair: bool = False,
    ) -> Neighbourhoods:
        """Make neighbourhoods from anything that carries polygons.

        Columns that are not named are recognised by Dutch and English habits, as
        `read_neighbourhoods` does, and listed in `detected`; without a column of codes the index
        is the code.

        Parameters
        ----------
        data : object
            A GeoDataFrame or GeoSeries, an Arrow stream (``__arrow_c_stream__``) with a geometry
            column in GeoArrow or WKB, or features or shapes (``__geo_interface__``, the same as a
            dict, or a list of them).
        crs : str, int or object with ``to_epsg()``, optional
            The system, where the data carry none; features of GeoJSON are in EPSG:4326.
        code, name : str or array-like, optional
            Columns of unique codes, and of names for people.
        population : str, array-like or dict, optional
            The column of inhabitants, or ``{year: column}``.
        vintage : int, optional
            The year of the area division.
        repair : bool, default False
            Whether to make invalid polygons valid.

        Returns
        -------
        Neighbourhoods

        Examples
        --------
        >>> import brandpunt as bp
        >>> import geopandas as gpd
        >>> from shapely import box
        >>> shapes = [box(x, 487_000, x + 500, 487_500) for x in (143_000, 143_500)]
        >>> frame = gpd.GeoDataFrame({"Inwoners": [90, 40]}, geometry=shapes, crs=28992)
        >>> areas = bp.Neighbourhoods.from_any(frame.set_index([["BU01", "BU02"]]))
        >>> areas.code, areas.population
        (array(['BU01', 'BU02'], dtype=object), array([90., 40.]))
        """
        if isinstance(data, Neighbourhoods):
            made_already(data, crs, code, name, population, vintage)
            return data
        places = carried(data, crs)
        chosen = {"code": code, "name": name, "population": population}
        guessed = {
            role: found
            for role in chosen
            if chosen[role] is None and (found := places.recognised(role)) is not None
        }
        concluded = [(f"column {role}", found, "by its name") for role, found in guessed.items()]
        chosen |= guessed
        if chosen["code"] is None and places.geometry is not None:
            count = len(places.geometry)
            chosen["code"] = np.arange(count) if places.index is None else places.index
            concluded.append(("code", "the index", "no column is named for it"))
        code, name, population = chosen.values()
        return cls._from(places, code, name, population, concluded, vintage, repair)

    @classmethod
    def _from(
        cls,
        places: Carried,
        code: Any,
        name: Any,
        population: Any,
        concluded: Iterable[tuple[str, str, str]],
        vintage: int | None,
        repair: bool,  # noqa: FBT001 - all of them are handed on
    ) -> Neighbourhoods:
        if places.geometry is None:
            message = "there is no column of shapes; areas are polygons"
            raise InputError(message, "wrong_geometry_type")
        codes = _filled(places.column(code, "code"), "code")
        names = codes if name is None else _filled(places.column(name, "name"), "name")
        core = _brandpunt.Neighbourhoods(
            codes,
            names,
            *polygons(places.geometry, codes),
            crs_text(places.crs, "the neighbourhoods"),
            year_of(vintage, "vintage"),
            bool(repair),
            list(concluded),
        )
        self = cls._wrap(core, places.index)
        for year, source in by_year(population):
            self = self.with_population(places.column(source, "population"), year=year)
        return self

    def __len__(self) -> int:
        return len(self._core)

    @property
    def code(self) -> NDArray[np.object_]:
        """Unique codes."""
        return labels(self._core.code)

    @property
    def name(self) -> NDArray[np.object_]:
        """Names for people."""
        return labels(self._core.name)

    @property
    def population(self) -> NDArray[np.float64] | None:
        """Inhabitants of the latest year, NaN where none is published; ``None`` without any."""
        return self._core.exposure("inhabitants", None)

    @checked
    def exposure(
        self, kind: str = "inhabitants", *, year: int | None = None
    ) -> NDArray[np.float64] | None:
        """Give the population of a kind, of the year nearest to the one asked for.

        Parameters
        ----------
        kind : str, default "inhabitants"
            Such as ``"youths"`` or ``"dwellings"``.
        year : int, optional
            The latest when left out.

        Returns
        -------
        numpy.ndarray or None
            One number per area, NaN where none is published; ``None`` when there is no such kind.
        """
        return self._core.exposure(kind, year_of(year, "year"))

    @property
    def exposures(self) -> list[tuple[str, int | None]]:
        """Kind and year of each population."""
        return self._core.exposures

    @property
    def column_names(self) -> list[str]:
        """Names of the columns of numbers that came with the file."""
        return self._core.column_names

    @checked
    def column(self, name: str) -> NDArray[np.float64]:
        """Give a column of numbers that came with the file, NaN where there is none.

        Parameters
        ----------
        name : str
            One of `column_names`.
        """
        values = self._core.column(name)
        if values is None:
            known = ", ".join(self.column_names) or "none"
            message = f"there is no column `{name}`; there are {known}"
            raise InputError(message, "missing_column")
        return values

    @property
    def area_km2(self) -> NDArray[np.float64]:
        """Surface of each area in square kilometres."""
        return self._core.area_km2

    @property
    def crs(self) -> str:
        """The system of the coordinates."""
        return self._core.crs

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Least x, least y, greatest x, greatest y."""
        return self._core.bounds

    @property
    def vintage(self) -> int | None:
        """The year of the area division, where it is known."""
        return self._core.vintage

    @property
    def geometry(self) -> NDArray[Any]:
        """The shapes, as shapely polygons and multipolygons."""
        return shapes(self._core.ragged())

    @property
    def warnings(self) -> tuple[Note, ...]:
        """What a user of these areas must know."""
        return notes(self._core.warnings)

    @property
    def detected(self) -> tuple[Detected, ...]:
        """What `read_neighbourhoods` concluded by itself."""
        return detected(self._core.detected)

    @checked
    def with_population(
        self, values: ArrayLike, *, year: int | None = None, kind: str = "inhabitants"
    ) -> Neighbourhoods:
        """Add a population.

        Parameters
        ----------
        values : array-like of float
            One number per area; missing or negative where none is published.
        year : int, optional
            The year the numbers are of.
        kind : str, default "inhabitants"
            Such as ``"youths"`` or ``"dwellings"``.

        Returns
        -------
        Neighbourhoods
            The same areas with one more population; a population of the same kind and year is
            replaced.
        """
        numbers = floats(values, kind)
        core = self._core.with_exposure(kind, year_of(year, "year"), numbers)
        return self._wrap(core, self._index)

    @checked
    def require_apart(self, *, n_jobs: int | None = None) -> Neighbourhoods:
        """Refuse areas that overlap, and otherwise give the same areas back.

        Where areas overlap by more than 1 m2 or a millionth of the smaller one, an incident counts
        for the one that comes first, and `hotspots` warns. Whoever wants an error asks for it here.

        Parameters
        ----------
        n_jobs : int, optional
            Threads; one per core when left out.

        Returns
        -------
        Neighbourhoods

        Raises
        ------
        InputError
            With the fault ``overlapping_areas`` and the largest overlaps.

        Examples
        --------
        >>> import brandpunt as bp
        >>> city = bp.synthetic_city(100, n_neighbourhoods=9)
        >>> len(city.neighbourhoods.require_apart())
        9
        """
        self._core.require_apart(n_jobs)
        return self

    @checked
    def to_crs(self, crs: CrsLike) -> Neighbourhoods:
        """Give the same areas in another coordinate reference system."""
        return self._wrap(self._core.to_crs(crs_text(crs)), self._index)

    def to_pandas(self) -> Any:
        """Give a data frame with code, name and populations, and the input's index."""
        columns: dict[str, Any] = {"code": self.code, "name": self.name}
        for kind, year in self.exposures:
            label = kind if year is None else f"{kind}_{year}"
            columns[label] = self._core.exposure(kind, year)
        return table(columns, self._index)

    def to_geopandas(self) -> Any:
        """Give a GeoDataFrame with code, name and populations, and the input's index."""
        geopandas = need("geopandas", "geo")
        return geopandas.GeoDataFrame(
            self.to_pandas(), geometry=self.geometry.copy(), crs=epsg(self.crs)
        )

    def plot(self, column: str | None = None, *, ax: Any = None, legend: bool = True) -> Any:
        """Draw the borders with matplotlib, or the areas by a population.

        Parameters
        ----------
        column : str, optional
            A column of `to_pandas`, such as ``"inhabitants"``.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.
        legend : bool, default True
            Whether to explain the colours.

        Returns
        -------
        matplotlib.axes.Axes
        """
        title = f"{len(self)} neighbourhoods"
        return _drawing.plot(self.to_geopandas(), column, ax, legend=legend, title=title)

    def __repr__(self) -> str:
        known = [k if y is None else f"{k} {y}" for k, y in self.exposures]
        tail = f", with {', '.join(known)}" if known else ""
        return f"<Neighbourhoods: {len(self)} in {self.crs}{tail}>"


def _filled(values: Any, name: str) -> list[str]:
    column = texts(values, name)
    for i, value in enumerate(column):
        if missing(value) or value == "":
            message = f"`{name}` is missing at position {i}; each area needs one"
            raise InputError(message, "missing_value")
    return [str(v) for v in column]


def areas_of(areas: NeighbourhoodsLike | None) -> _brandpunt.Neighbourhoods | None:
    """Areas as the core knows them, from whatever stands for them; ``None`` for none."""
    return None if areas is None else Neighbourhoods.from_any(areas)._core
