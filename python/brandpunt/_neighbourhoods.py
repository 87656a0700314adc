"""The areas, with the people in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._incidents import frame_of
from brandpunt._inputs import (
    CrsLike,
    by_year,
    column,
    crs_text,
    floats,
    missing,
    need,
    polygons,
    texts,
    year_of,
)
from brandpunt._notes import Detected, Note, detected, notes
from brandpunt._outputs import epsg, labels, shapes
from brandpunt.exceptions import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


class Neighbourhoods:
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

    __slots__ = ("_core", "_index")
    _core: _brandpunt.Neighbourhoods
    _index: Any

    def __init__(self) -> None:
        message = "make neighbourhoods with Neighbourhoods.from_geopandas or read_neighbourhoods"
        raise TypeError(message)

    @classmethod
    def _wrap(cls, core: _brandpunt.Neighbourhoods, index: Any = None) -> Neighbourhoods:
        self = cls.__new__(cls)
        self._core = core
        self._index = index
        return self

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
        codes = _filled(column(gdf, code, "code"), "code")
        names = codes if name is None else _filled(column(gdf, name, "name"), "name")
        core = _brandpunt.Neighbourhoods(
            codes,
            names,
            *polygons(gdf.geometry.array, codes),
            crs_text(gdf.crs if gdf.crs is not None else crs, "the neighbourhoods"),
            year_of(vintage, "vintage"),
            repair,
        )
        self = cls._wrap(core, gdf.index)
        for year, source in by_year(population):
            self = self.with_population(column(gdf, source, "population"), year=year)
        return self

    @classmethod
    @checked
    def from_any(cls, data: Any, *, crs: CrsLike = None, **columns: Any) -> Neighbourhoods:
        """Make neighbourhoods from anything that carries polygons.

        Parameters
        ----------
        data : object
            A GeoDataFrame, an Arrow stream with a geometry column, or a collection of features.
        crs : str, int or object with ``to_epsg()``, optional
            The system, where the data carry none; features are in EPSG:4326 unless said otherwise.
        **columns
            As the options of `from_geopandas`.

        Returns
        -------
        Neighbourhoods
        """
        if isinstance(data, Neighbourhoods):
            return data
        return cls.from_geopandas(frame_of(data, crs), crs=crs, **columns)

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
    def to_crs(self, crs: CrsLike) -> Neighbourhoods:
        """Give the same areas in another coordinate reference system."""
        return self._wrap(self._core.to_crs(crs_text(crs)), self._index)

    def to_geopandas(self) -> Any:
        """Give a GeoDataFrame with code, name and populations, and the input's index."""
        geopandas = need("geopandas", "geo")
        columns: dict[str, Any] = {"code": self.code.copy(), "name": self.name.copy()}
        for kind, year in self.exposures:
            values = self._core.exposure(kind, year)
            if values is not None:
                columns[kind if year is None else f"{kind}_{year}"] = values.copy()
        return geopandas.GeoDataFrame(
            columns, geometry=self.geometry, index=self._index, crs=epsg(self.crs)
        )

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
