"""Where is one kind of incident frequent among another?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._bandwidth import SelectedBandwidth
from brandpunt._checked import checked
from brandpunt._density import extent_of, rule_of
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import need, whole
from brandpunt._neighbourhoods import NeighbourhoodsLike, areas_of
from brandpunt._notes import Note, notes
from brandpunt._outputs import axes, frozen
from brandpunt._progress import Progress, followed
from brandpunt._raster import located
from brandpunt._seed import Seed, seed_of
from brandpunt._surface import xy_of
from brandpunt._value import Value

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RiskSurface(Value):
    """How much more frequent cases are among controls here than on the whole.

    Columns are of the centres of square cells, rows by columns, row 0 in the north; NaN where
    `reason` is not empty.

    Attributes
    ----------
    values : numpy.ndarray of float
        Natural logarithm of the ratio of the two densities, 0 where cases are as frequent as on
        the whole. Cases below the floor count as at it.
    ratio : numpy.ndarray of float
        The ratio of the two densities itself.
    z : numpy.ndarray of float
        The log ratio over its standard deviation where risk is equal.
    p, p_greater, p_less : numpy.ndarray of float
        Chance of a ratio at least as far from 1 (twice the lesser of the other two), at least as
        large, at most as large.
    q : numpy.ndarray of float
        `p` corrected for the number of cells.
    p_max : numpy.ndarray of float or None
        Chance that some cell of the map stands out as far as this one; only by simulation.
    reason : numpy.ndarray of str
        Why a cell has no value: ``"outside"`` the study area, too near its ``"edge"``, fewer
        controls than the ``"floor"``; empty where there is one.
    x, y : numpy.ndarray of float
        Centres of the columns from west to east and of the rows from north to south.
    bounds : tuple of float
        Outer edges: least x, least y, greatest x, greatest y.
    crs : str
        The system of the coordinates.
    cell_size, bandwidth : float
        In metres.
    kernel, edge : str
        As in :func:`kernel_density`.
    adaptive : str, int or None
        What the bandwidths follow.
    floor : float
        Least density of controls, as a share of them per square kilometre.
    tolerance : str
        How the p-values came about.
    tests : int
        Number of cells that have a p-value.
    warnings : tuple of Note
        What a reader must know.
    """

    values: NDArray[np.float64]
    ratio: NDArray[np.float64]
    z: NDArray[np.float64]
    p: NDArray[np.float64]
    q: NDArray[np.float64]
    p_greater: NDArray[np.float64]
    p_less: NDArray[np.float64]
    p_max: NDArray[np.float64] | None
    reason: NDArray[np.str_]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    bounds: tuple[float, float, float, float]
    crs: str
    cell_size: float
    bandwidth: float
    kernel: str
    edge: str
    adaptive: str | int | None
    floor: float
    tolerance: str
    tests: int
    warnings: tuple[Note, ...]

    @checked
    def at(self, where: Any) -> NDArray[np.float64]:
        """Give the log ratio in the cells that hold some points; NaN outside.

        Parameters
        ----------
        where : Incidents, GeoDataFrame, GeoSeries, or array-like of shape (n, 2)
            The points, in the system of the surface.

        Returns
        -------
        numpy.ndarray of float
        """
        x, y = xy_of(where)
        west, south, _, _ = self.bounds
        col = np.floor((x - west) / self.cell_size)
        up = np.floor((y - south) / self.cell_size)
        rows, cols = self.values.shape
        inside = (col >= 0) & (col < cols) & (up >= 0) & (up < rows)
        out = np.full(x.shape, np.nan)
        at = rows - 1 - up[inside].astype(int), col[inside].astype(int)
        out[inside] = self.values[at]
        return out

    def to_xarray(self) -> Any:
        """Give an ``xarray.Dataset`` with coordinates ``y``, ``x`` and ``spatial_ref``."""
        xarray = need("xarray", "xarray")
        names = ["ratio", "z", "p", "q", "p_greater", "p_less", "p_max", "reason"]
        columns = {"log_ratio": self.values} | {name: getattr(self, name) for name in names}
        attributes = {
            "crs": self.crs,
            "kernel": self.kernel,
            "bandwidth": self.bandwidth,
            "edge": self.edge,
            "adaptive": "none" if self.adaptive is None else self.adaptive,
            "floor": self.floor,
            "tolerance": self.tolerance,
        }
        data = xarray.Dataset(
            {name: (("y", "x"), v.copy()) for name, v in columns.items() if v is not None},
            coords={"y": self.y.copy(), "x": self.x.copy()},
            attrs=attributes,
        )
        return located(data, self.crs, self.bounds, self.cell_size)

    def plot(
        self, *, ax: Any = None, level: float = 0.05, cmap: str = "RdBu_r", colorbar: bool = True
    ) -> Any:
        """Draw the log ratio with matplotlib, and a line around what is more than chance.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.
        level : float, default 0.05
            The lines follow `q` at this level: unbroken around higher risk, dashed around lower.
        cmap : str, default "RdBu_r"
            Name of a colour map with two ends; this one is distinct to colour-blind eyes.
        colorbar : bool, default True
            Whether to draw the scale.

        Returns
        -------
        matplotlib.axes.Axes
        """
        ax = axes(ax)
        west, south, east, north = self.bounds
        known = np.abs(self.values[np.isfinite(self.values)])
        most = float(known.max()) if known.size and known.max() > 0 else 1.0
        image = ax.imshow(
            self.values, extent=(west, east, south, north), cmap=cmap, vmin=-most, vmax=most
        )
        for sign, style in ((1, "solid"), (-1, "dashed")):
            q = np.where(sign * self.values > 0, self.q, 1.0)
            # A line needs two rows and columns, and something on its inner side.
            if min(q.shape) > 1 and np.nanmin(q, initial=1.0) <= level:
                ax.contour(
                    self.x,
                    self.y,
                    np.nan_to_num(q, nan=1.0),
                    levels=[level],
                    colors="black",
                    linestyles=style,
                    linewidths=1.0,
                )
        ax.set_aspect("equal")
        if colorbar:
            ax.figure.colorbar(image, ax=ax, label="log of the relative risk")
        return ax

    def __repr__(self) -> str:
        rows, cols = self.values.shape
        return (
            f"<RiskSurface: {rows} x {cols} cells of {self.cell_size:g} m in {self.crs}, "
            f"{self.kernel}, bandwidth {self.bandwidth:g} m, {self.tolerance}>"
        )


@checked
def relative_risk(
    cases: IncidentsLike,
    controls: IncidentsLike,
    *,
    bandwidth: float | SelectedBandwidth,
    cell_size: float,
    kernel: str = "quartic",
    edge: str | None = None,
    within: NeighbourhoodsLike | None = None,
    extent: Any = None,
    adaptive: str | int | None = None,
    pilot: float | None = None,
    trim: float = 5.0,
    tolerance: str = "asymptotic",
    permutations: int = 999,
    correction: str = "fdr",
    floor: float | None = None,
    seed: Seed = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> RiskSurface:
    """Where is one kind of incident more frequent among another than elsewhere?

    ``log f - log g``, with f and g the kernel densities of cases and controls, each divided by its
    own number: 0 everywhere if both spread alike, however many there are.

    Parameters
    ----------
    cases, controls : Incidents, or what `Incidents.from_any` takes
        In the same metres. Controls without weights are a sample like the cases: by chance, any of
        all incidents could have been the cases. Controls with weights are people, and the weight
        says how many: by chance, each case happens to any of them.
    bandwidth : float or SelectedBandwidth
        Of both densities, in metres; as in :func:`kernel_density`.
    cell_size : float
        Side of a cell in metres.
    kernel : {"quartic", "epanechnikov", "triweight", "triangular", "uniform", "gaussian"}
        How one incident spreads.
    edge : {"none", "uniform", "diggle"}, optional
        The correction at the edge of `within`; when left out ``"uniform"``, and ``"diggle"`` with
        adaptive bandwidths.
    within : Neighbourhoods, optional
        The study area.
    extent : tuple of float, or Neighbourhoods, optional
        What to cover.
    adaptive : "abramson" or int, optional
        A bandwidth for each place, by both sets together; as in :func:`kernel_density`.
    pilot, trim : float, optional
        Of ``"abramson"``.
    tolerance : {"asymptotic", "monte_carlo"}
        How p-values come about: from `z`, which is nearly normal where both sets are many within a
        bandwidth, or by simulation of equal risk.
    permutations : int, default 999
        Simulated maps.
    correction : {"fdr", "fdr_by", "holm", "bonferroni", "none"}
        For the number of cells.
    floor : float, optional
        Least density of controls that is divided by, as a share of them per square kilometre; when
        left out that of a single incident at its own place, were the smaller set all there is.
    seed : int or numpy.random.Generator, optional
        Makes simulated p-values reproducible.
    random_state : optional
        Another name for `seed`.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.
    progress : bool or callable, optional
        True for a bar of tqdm. Or what is called with the stage (str) and the share done (float);
        an exception it raises stops the job.

    Returns
    -------
    RiskSurface

    Raises
    ------
    CrsError
        For coordinates in degrees.
    InputError
        For two systems, or no case or control inside the study area.
    ParameterError
        For a correction without a study area, or a simulation with weights of cases among controls
        without, among others.

    References
    ----------
    Kelsall & Diggle 1995, Statistics in Medicine 14:2335, doi:10.1002/sim.4780142106.
    Hazelton & Davies 2009, Biometrical Journal 51:98, doi:10.1002/bimj.200810495.
    Davies, Marshall & Hazelton 2018, Statistics in Medicine 37:1191, doi:10.1002/sim.7577.

    Examples
    --------
    >>> import brandpunt as bp
    >>> west = [143_000, 143_100, 143_200]
    >>> cases = bp.Incidents.from_xy(west, [487_000] * 3, crs=28992)
    >>> east = [145_000, 145_100, 145_200]
    >>> controls = bp.Incidents.from_xy(west + east, [487_000] * 6, crs=28992)
    >>> risk = bp.relative_risk(cases, controls, bandwidth=500, cell_size=50)
    >>> risk.at([[143_100, 487_000]]).round(3)
    array([0.693])
    """
    if isinstance(bandwidth, SelectedBandwidth):
        bandwidth = bandwidth.equivalent(kernel)
    chance = {
        "tolerance": tolerance,
        "permutations": whole(permutations, "permutations"),
        "correction": correction,
        "floor": None if floor is None else float(floor),
        "seed": seed_of(seed, random_state),
    }
    with followed(progress) as told:
        columns = _brandpunt.relative_risk(
            Incidents.from_any(cases)._core,
            Incidents.from_any(controls)._core,
            float(bandwidth),
            float(cell_size),
            kernel,
            edge,
            areas_of(within),
            extent_of(extent),
            rule_of(adaptive, float(bandwidth if pilot is None else pilot), float(trim)),
            chance,
            n_jobs,
            told,
        )
    reason = np.array(columns.pop("reason"), dtype="U7").reshape(columns["values"].shape)
    warnings = notes(columns.pop("warnings"))
    return RiskSurface(reason=frozen(reason), adaptive=adaptive, warnings=warnings, **columns)
