"""Where is it dense?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._bandwidth import SelectedBandwidth
from brandpunt._incidents import Incidents
from brandpunt._inputs import floats, need, points
from brandpunt._neighbourhoods import Neighbourhoods
from brandpunt._notes import Note, notes
from brandpunt.exceptions import InputError, ParameterError

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import NDArray


class Surface:
    """Incidents per square kilometre at the centres of square cells, row 0 in the north.

    Outside a study area the density is NaN. Cells lie on multiples of their size, as those of Statistics Netherlands. Surfaces of parts of
    the incidents on one grid add up with ``+``.

    Examples
    --------
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(2_000, seed=7, n_neighbourhoods=60)
    >>> surface = bp.kernel_density(city.incidents, bandwidth=300, cell_size=50)
    >>> per_cell = surface.cell_size**2 / 1e6
    >>> round(surface.values.sum() * per_cell)
    2000
    """

    __slots__ = ("_core",)
    _core: _brandpunt.Surface

    def __init__(self) -> None:
        message = "make surfaces with kernel_density"
        raise TypeError(message)

    @classmethod
    def _wrap(cls, core: _brandpunt.Surface) -> Surface:
        self = cls.__new__(cls)
        self._core = core
        return self

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

    def to_xarray(self) -> Any:
        """Give an ``xarray.DataArray`` with coordinates ``y`` and ``x``."""
        xarray = need("xarray", "xarray")
        attributes = {
            "crs": self.crs,
            "units": "incidents per square kilometre",
            "kernel": self.kernel,
            "bandwidth": self.bandwidth,
            "edge": self.edge,
            "adaptive": "none" if self.adaptive is None else self.adaptive,
        }
        return xarray.DataArray(
            self.values.copy(),
            coords={"y": self.y.copy(), "x": self.x.copy()},
            dims=("y", "x"),
            name="density",
            attrs=attributes,
        )

    def plot(self, *, ax: Any = None, cmap: str = "magma_r", colorbar: bool = True) -> Any:
        """Draw the surface with matplotlib; cells without any incident in reach stay empty.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.
        cmap : str, default "magma_r"
            Name of a colour map.
        colorbar : bool, default True
            Whether to draw the scale.

        Returns
        -------
        matplotlib.axes.Axes
        """
        if ax is None:
            _, ax = need("matplotlib.pyplot", "plot").subplots()
        west, south, east, north = self.bounds
        values = np.where(self.values > 0, self.values, np.nan)
        image = ax.imshow(values, extent=(west, east, south, north), cmap=cmap, vmin=0)
        ax.set_aspect("equal")
        if colorbar:
            ax.figure.colorbar(image, ax=ax, label="incidents per km²")
        return ax

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

    def __reduce__(self) -> tuple[Any, ...]:
        # The centre of the south-western cell and the size of the cells tell the grid.
        x, y = float(self.x[0]), float(self.y[-1])
        parts = (self.values, x, y, self.cell_size, self.crs, self.kernel, self.bandwidth)
        return _surface, (*parts, self.edge, self._core.adaptive)

    def __repr__(self) -> str:
        rows, cols = self.values.shape
        return (
            f"<Surface: {rows} x {cols} cells of {self.cell_size:g} m in {self.crs}, "
            f"{self.kernel}, bandwidth {self.bandwidth:g} m>"
        )


def _surface(*parts: Any) -> Surface:
    return Surface._wrap(_brandpunt.Surface(*parts))


def kernel_density(
    incidents: Incidents,
    *,
    bandwidth: float | SelectedBandwidth,
    cell_size: float,
    kernel: str = "quartic",
    edge: str | None = None,
    within: Neighbourhoods | None = None,
    extent: Any = None,
    adaptive: str | int | None = None,
    pilot: float | None = None,
    trim: float = 5.0,
    n_jobs: int | None = None,
) -> Surface:
    """Where is it dense? Incidents per square kilometre by an exact kernel estimate.

    Every incident is spread over its surroundings by a kernel that integrates to one, so the
    surface integrates to the number of incidents (the sum of their weights). Near the edge of a
    study area part of that mass lies where nobody watched; `edge` makes up for it.

    Parameters
    ----------
    incidents : Incidents
        In metres.
    bandwidth : float or SelectedBandwidth
        Radius of the kernel in metres; for the Gaussian its standard deviation. What
        :func:`select_bandwidth` gives is turned into that of `kernel` with the same variance.
    cell_size : float
        Side of a cell in metres.
    kernel : {"quartic", "epanechnikov", "triweight", "triangular", "uniform", "gaussian"}
        How one incident spreads.
    edge : {"uniform", "diggle"}, optional
        The correction at the edge of `within`. ``"uniform"`` divides the density of a place by the
        mass of its kernel inside the study area, so that a constant density comes out constant;
        ``"diggle"`` divides each incident by its own mass, so that the integral over the study area
        is the number of incidents. The mass is exact for the polygons. Incidents outside are left
        out, with a warning.
    within : Neighbourhoods, optional
        The study area: all areas together. Cells with their centre outside are NaN; without a
        correction, incidents outside count as well.
    extent : tuple of float, or Neighbourhoods, optional
        What to cover, as least x, least y, greatest x, greatest y; when left out the study area,
        and without one all incidents and as far as they reach.
    adaptive : "abramson" or int, optional
        A bandwidth for each incident. ``"abramson"``: `bandwidth` times the density at the incident
        to the power -1/2, over its geometric mean. A number k: the distance to the k-th nearest
        other incident, at least `bandwidth`. With ``edge="diggle"`` or no correction.
    pilot : float, optional
        Bandwidth of the density that ``"abramson"`` follows; that of the result when left out.
    trim : float, default 5
        Greatest bandwidth of ``"abramson"``, in units of `bandwidth`.
    n_jobs : int, optional
        Threads; one per core when left out. The surface does not depend on it.

    Returns
    -------
    Surface

    Raises
    ------
    CrsError
        For coordinates in degrees.
    ParameterError
        For a correction without a study area, among others.

    References
    ----------
    Abramson 1982, Annals of Statistics 10:1217, doi:10.1214/aos/1176345986.
    Diggle 1985, Journal of the Royal Statistical Society C 34:138, doi:10.2307/2347366.
    Jones 1993, Statistics and Computing 3:135, doi:10.1007/BF00147776.

    Examples
    --------
    >>> import brandpunt as bp
    >>> incidents = bp.Incidents.from_xy([143_010, 143_060], [486_990, 486_990], crs=28992)
    >>> bp.kernel_density(incidents, bandwidth=300, cell_size=25)
    <Surface: 25 x 27 cells of 25 m in EPSG:28992, quartic, bandwidth 300 m>
    >>> city = bp.synthetic_city(2_000, seed=7, n_neighbourhoods=60)
    >>> surface = bp.kernel_density(
    ...     city.incidents,
    ...     bandwidth=300,
    ...     cell_size=25,
    ...     edge="diggle",
    ...     within=city.neighbourhoods,
    ... )
    >>> surface.edge, round(float(np.nansum(surface.values)) * 0.025**2, -1)
    ('diggle', 2000.0)
    """
    if isinstance(bandwidth, SelectedBandwidth):
        bandwidth = bandwidth.equivalent(kernel)
    rule = rule_of(adaptive, float(bandwidth if pilot is None else pilot), float(trim))
    core = _brandpunt.kernel_density(
        incidents._core,
        float(bandwidth),
        float(cell_size),
        kernel,
        edge or "none",
        None if within is None else within._core,
        extent_of(extent),
        rule,
        n_jobs,
    )
    return Surface._wrap(core)


def extent_of(extent: Any) -> tuple[float, float, float, float] | None:
    """A rectangle as the core understands it."""
    if extent is None:
        return None
    if isinstance(extent, Neighbourhoods):
        return extent.bounds
    corners = tuple(float(v) for v in extent)
    if len(corners) != 4:
        message = f"extent has {len(corners)} numbers; least x, least y, greatest x, greatest y"
        raise ParameterError(message)
    return corners


def rule_of(
    adaptive: str | int | None, pilot: float, trim: float
) -> tuple[str, float, float] | None:
    """The rule of adaptive bandwidths as the core understands it."""
    if adaptive is None:
        return None
    if adaptive == "abramson":
        return ("abramson", pilot, trim)
    if isinstance(adaptive, int) and not isinstance(adaptive, bool) and adaptive > 0:
        return ("nearest", float(adaptive), 0.0)
    message = f"adaptive is {adaptive!r}; 'abramson', a number of neighbours, or None is needed"
    raise ParameterError(message)


def xy_of(where: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coordinates of points in whatever form."""
    if isinstance(where, Incidents):
        return where.x, where.y
    if hasattr(where, "geometry"):
        return points(where.geometry.array)
    array = np.asarray(where)
    if array.ndim != 2 or array.shape[1] != 2:
        message = f"points of shape {array.shape} are not understood; (n, 2) is needed"
        raise InputError(message, "length_mismatch")
    return floats(array[:, 0], "x"), floats(array[:, 1], "y")
