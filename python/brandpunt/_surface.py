"""A raster of densities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt._checked import checked
from brandpunt._contours import Contours
from brandpunt._incidents import Incidents
from brandpunt._inputs import floats, need, points
from brandpunt._neighbourhoods import Neighbourhoods, NeighbourhoodsLike
from brandpunt._notes import Note, notes
from brandpunt._raster import located
from brandpunt._results import Columns
from brandpunt._surface_map import draw, page
from brandpunt._value import Value, Wrapped
from brandpunt.exceptions import InputError

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import ArrayLike, NDArray

    from brandpunt import _brandpunt


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class NeighbourhoodDensity(Columns):
    """A surface per neighbourhood, in input order.

    Mean and peak are NaN where less than half of a neighbourhood has a density, the integral where
    nothing has.

    Attributes
    ----------
    mean : numpy.ndarray
        Mean density over the neighbourhood, incidents per square kilometre.
    peak : numpy.ndarray
        Greatest density at a cell centre inside; of a neighbourhood that holds no centre, the
        density at a point inside.
    peak_x, peak_y : numpy.ndarray
        Where that is.
    integral : numpy.ndarray
        Integral of the density: the incidents that the surface places here.
    share : numpy.ndarray
        Part of all integrals together.
    covered : numpy.ndarray
        Share of the neighbourhood's surface that has a density.
    """

    mean: NDArray[np.float64]
    peak: NDArray[np.float64]
    peak_x: NDArray[np.float64]
    peak_y: NDArray[np.float64]
    integral: NDArray[np.float64]
    share: NDArray[np.float64]
    covered: NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class DensityClasses(Value):
    """A surface in classes with round ends.

    Attributes
    ----------
    method : str
        How they were made.
    breaks : numpy.ndarray of float
        Lower ends of class 2 and up, ascending; class 1 starts above zero, and class 0 is where no
        incident reaches.
    labels : tuple of str
        The classes in words, from class 0 up.
    unit : str
        The unit of breaks and labels.
    values : numpy.ndarray of int
        The class of each cell, rows by columns; -1 without a density.
    """

    method: str
    breaks: NDArray[np.float64]
    labels: tuple[str, ...]
    unit: str
    values: NDArray[np.int64]

    @checked
    def of(self, densities: ArrayLike) -> NDArray[np.int64]:
        """Give the classes of densities, such as those of another surface.

        Parameters
        ----------
        densities : array-like of float
            Incidents per square kilometre.

        Returns
        -------
        numpy.ndarray of int
            -1 for NaN; what is denser than the last class is in it.
        """
        values = floats(np.ravel(densities), "densities").reshape(np.shape(densities))
        found = np.searchsorted(self.breaks, values, side="right") + (values > 0)
        return np.where(np.isnan(values), -1, found).astype(np.int64)

    def __len__(self) -> int:
        return len(self.labels)

    def __repr__(self) -> str:
        return f"<DensityClasses: {', '.join(self.labels)} ({self.unit}), {self.method}>"


class Surface(Wrapped):
    """Incidents per square kilometre at the centres of square cells, row 0 in the north.

    Outside a study area the density is NaN. Cells lie on multiples of their size, as those of Statistics Netherlands. Surfaces of parts of
    the incidents on one grid add up with ``+`` or ``sum``, in whatever order to the same bytes.

    Examples
    --------
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(2_000, seed=7, n_neighbourhoods=60)
    >>> surface = bp.kernel_density(city.incidents, bandwidth=300, cell_size=50)
    >>> per_cell = surface.cell_size**2 / 1e6
    >>> round(surface.values.sum() * per_cell)
    2000
    """

    __slots__ = ()
    _core: _brandpunt.Surface
    _made_by = "kernel_density"

    @property
    def values(self) -> NDArray[np.float64]:
        """Incidents per square kilometre, rows by columns."""
        return self._core.values

    @property
    def x(self) -> NDArray[np.float64]:
        """Centres of the columns, from west to east."""
        return self._core.x

    @property
    def y(self) -> NDArray[np.float64]:
        """Centres of the rows, from north to south."""
        return self._core.y

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Outer edges: least x, least y, greatest x, greatest y."""
        return self._core.bounds

    @property
    def crs(self) -> str:
        """The system of the coordinates."""
        return self._core.crs

    @property
    def cell_size(self) -> float:
        """Side of a cell in metres."""
        return self._core.cell_size

    @property
    def bandwidth(self) -> float:
        """The bandwidth in metres."""
        return self._core.bandwidth

    @property
    def kernel(self) -> str:
        """The name of the kernel."""
        return self._core.kernel

    @property
    def edge(self) -> str:
        """The correction at the edge of the study area: ``"none"``, ``"uniform"`` or ``"diggle"``."""
        return self._core.edge

    @property
    def adaptive(self) -> str | int | None:
        """What the bandwidths follow: ``"abramson"``, a neighbour's number, or None for nothing."""
        rule = self._core.adaptive
        if rule is None:
            return None
        return "abramson" if rule[0] == "abramson" else int(rule[1])

    @property
    def warnings(self) -> tuple[Note, ...]:
        """What a reader must know."""
        return notes(self._core.warnings)

    @checked
    def at(self, where: Any) -> NDArray[np.float64]:
        """Give the values of the cells that hold some points.

        Parameters
        ----------
        where : Incidents, GeoDataFrame, GeoSeries, or array-like of shape (n, 2)
            The points, in the system of the surface.

        Returns
        -------
        numpy.ndarray
            Incidents per square kilometre; NaN outside.
        """
        return self._core.at(*xy_of(where))

    @checked
    def by_neighbourhood(
        self, neighbourhoods: NeighbourhoodsLike, *, n_jobs: int | None = None
    ) -> NeighbourhoodDensity:
        """Give mean, peak and integral of the density per neighbourhood.

        The density is taken as constant within a cell, and a cell cut by a border counts for each
        side with the part that lies there, exactly. So integrals of neighbourhoods that tile an
        area add up to that of the area. A cell whose centre lies outside the study area has no
        density; for the part of it that lies inside, the mean of its neighbours stands in.

        Parameters
        ----------
        neighbourhoods : Neighbourhoods
            In the system of the surface.
        n_jobs : int, optional
            Threads; one per core when left out.

        Returns
        -------
        NeighbourhoodDensity

        Examples
        --------
        >>> import brandpunt as bp
        >>> city = bp.synthetic_city(2_000, seed=7, n_neighbourhoods=60)
        >>> surface = bp.kernel_density(
        ...     city.incidents,
        ...     bandwidth=300,
        ...     cell_size=25,
        ...     edge="diggle",
        ...     within=city.neighbourhoods,
        ... )
        >>> density = surface.by_neighbourhood(city.neighbourhoods)
        >>> round(float(density.integral.sum()))
        2000
        """
        areas = Neighbourhoods.from_any(neighbourhoods)
        columns = self._core.by_neighbourhood(areas._core, n_jobs)
        return NeighbourhoodDensity(**columns, index=areas._index)

    @checked
    def classes(self, method: str = "geometric", *, n_classes: int = 5) -> DensityClasses:
        """Cut the density into classes with round ends.

        Parameters
        ----------
        method : {"geometric", "equal", "quantile"}
            ``"geometric"``: the numbers 1, 2, 5, 10, 20, ... below the peak, for cities, where few
            places are many times denser. ``"equal"``: multiples of such a number. ``"quantile"``:
            about as many cells in each class.
        n_classes : int, default 5
            At most so many, beside the one where no incident reaches.

        Returns
        -------
        DensityClasses

        Examples
        --------
        >>> import brandpunt as bp
        >>> incidents = bp.Incidents.from_xy([143_010, 143_060], [486_990, 486_990], crs=28992)
        >>> surface = bp.kernel_density(incidents, bandwidth=300, cell_size=25)
        >>> classes = surface.classes("equal")
        >>> classes.labels
        ('none in reach', 'below 5', '5 to 10', '10 to 15', '15 to 20', '20 or more')
        >>> classes.unit
        'incidents per km²'
        """
        columns = self._core.classes(method, n_classes)
        return DensityClasses(**{**columns, "labels": tuple(columns["labels"])})

    @checked
    def contours(self, levels: ArrayLike | None = None, *, n_jobs: int | None = None) -> Contours:
        """Draw lines where the density passes some levels, and the bands between them.

        Parameters
        ----------
        levels : array-like of float, optional
            Incidents per square kilometre, ascending; the ends of `classes` when left out.
        n_jobs : int, optional
            Threads; one per core when left out.

        Returns
        -------
        Contours

        Examples
        --------
        >>> import brandpunt as bp
        >>> incidents = bp.Incidents.from_xy([143_010, 143_060], [486_990, 486_990], crs=28992)
        >>> surface = bp.kernel_density(incidents, bandwidth=300, cell_size=25)
        >>> surface.contours([5, 10]).to_geopandas().area.round(-3)
        0    58000.0
        1    87000.0
        dtype: float64
        """
        wanted = self.classes().breaks if levels is None else floats(levels, "levels")
        return Contours._wrap(self._core.contours(wanted, n_jobs))

    def to_xarray(self) -> Any:
        """Give an ``xarray.DataArray`` with coordinates ``y``, ``x`` and ``spatial_ref``.

        The last carries the coordinate system where rioxarray looks for it; with plain metres it
        is left out.
        """
        xarray = need("xarray", "xarray")
        attributes = {
            "long_name": "density",
            "units": "incidents per square kilometre",
            "crs": self.crs,
            "kernel": self.kernel,
            "bandwidth": self.bandwidth,
            "edge": self.edge,
            "adaptive": "none" if self.adaptive is None else self.adaptive,
        }
        array = xarray.DataArray(
            self.values.copy(),
            coords={"y": self.y.copy(), "x": self.x.copy()},
            dims=("y", "x"),
            name="density",
            attrs=attributes,
        )
        return located(array, self.crs, self.bounds, self.cell_size)

    def plot(
        self,
        *,
        ax: Any = None,
        classes: str | DensityClasses | None = "geometric",
        cmap: str = "magma_r",
        colorbar: bool = True,
        outline: NeighbourhoodsLike | None = None,
        scale_bar: bool = True,
    ) -> Any:
        """Draw the surface with matplotlib.

        Where no incident reaches is white, where there is no density is hatched.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.
        classes : {"geometric", "equal", "quantile"}, DensityClasses or None
            The classes to draw, those of another surface to compare the two, or None for a
            continuous scale from zero.
        cmap : str, default "magma_r"
            Name of a colour map; the default runs evenly from light to dark, also in grey and for
            colour-blind eyes.
        colorbar : bool, default True
            Whether to draw the legend of classes, or the scale.
        outline : Neighbourhoods, optional
            Areas whose borders are drawn over it.
        scale_bar : bool, default True
            Whether to draw a scale bar.

        Returns
        -------
        matplotlib.axes.Axes
        """
        if isinstance(classes, str):
            classes = self.classes(classes)
        return draw(
            self,
            ax=ax,
            classes=classes,
            cmap=cmap,
            legend=colorbar,
            outline=None if outline is None else Neighbourhoods.from_any(outline),
            scale_bar=scale_bar,
        )

    @checked
    def write_geotiff(self, path: str | PathLike[str]) -> None:
        """Write the surface as a GeoTIFF of doubles that QGIS opens in the right place.

        Parameters
        ----------
        path : str or path
            The file; it is either whole or not there.
        """
        self._core.write_geotiff(path)

    def __add__(self, other: Surface) -> Surface:
        if not isinstance(other, Surface):
            return NotImplemented
        return self._wrap(self._core.plus(other._core))

    def __radd__(self, other: object) -> Surface:
        # The sum of a list starts with zero.
        if isinstance(other, int) and other == 0:
            return self
        return NotImplemented

    def __repr__(self) -> str:
        rows, cols = self.values.shape
        return (
            f"<Surface: {rows} x {cols} cells of {self.cell_size:g} m in {self.crs}, "
            f"{self.kernel}, bandwidth {self.bandwidth:g} m>"
        )

    def _repr_html_(self) -> str:
        return page(self)


def xy_of(where: Any, name: str = "where") -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coordinates of points in whatever form."""
    if isinstance(where, Incidents):
        return where.x, where.y
    if hasattr(where, "geometry"):
        return points(where.geometry.array)
    array = np.asarray(where)
    if array.ndim != 2 or array.shape[1] != 2:
        message = f"`{name}` has shape {array.shape}; points of shape (n, 2) are needed"
        raise InputError(message, "length_mismatch")
    return floats(array[:, 0], name), floats(array[:, 1], name)
