"""Where and when is it dense?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from brandpunt import _brandpunt
from brandpunt._bandwidth import SelectedBandwidth
from brandpunt._checked import checked
from brandpunt._density import extent_of
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import instant, need
from brandpunt._inputs import times as seconds_of
from brandpunt._neighbourhoods import NeighbourhoodsLike, areas_of
from brandpunt._notes import Note, notes
from brandpunt._progress import Progress, followed
from brandpunt._raster import located
from brandpunt._surface import Surface
from brandpunt._value import Value
from brandpunt.exceptions import ParameterError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SpaceTimeSurface(Value):
    """Incidents per square kilometre and day at the centres of square cells, at several times.

    Attributes
    ----------
    values : numpy.ndarray of float, shape (times, rows, cols)
        Incidents per square kilometre and day, row 0 in the north; NaN outside a study area, and
        at times around which too little was watched.
    times : numpy.ndarray of datetime64
        The times, in UTC.
    x, y : numpy.ndarray of float
        Centres of the columns from west to east and of the rows from north to south.
    bounds : tuple of float
        Outer edges: least x, least y, greatest x, greatest y.
    crs : str
        The system of the coordinates.
    cell_size, bandwidth : float
        In metres.
    days : float
        The bandwidth in time.
    kernel, time_kernel, edge : str
        As in :func:`space_time_density`.
    prospective : bool
        Whether an incident counts only from its own time on.
    untimed : int
        How many incidents have no time and are left out.
    warnings : tuple of Note
        What a reader must know.
    """

    values: NDArray[np.float64]
    times: NDArray[np.datetime64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    bounds: tuple[float, float, float, float]
    crs: str
    cell_size: float
    bandwidth: float
    days: float
    kernel: str
    time_kernel: str
    edge: str
    prospective: bool
    untimed: int
    warnings: tuple[Note, ...]

    @checked
    def slice(self, at: int) -> Surface:
        """Give the surface at one of the times; its values are per square kilometre and day.

        Parameters
        ----------
        at : int
            The number of the time, from 0; -1 is the last.

        Returns
        -------
        Surface
        """
        if not -len(self) <= at < len(self):
            message = f"there is no slice {at} among {len(self)}"
            raise ParameterError(message)
        x, y = float(self.x[0]), float(self.y[-1])
        made = (self.kernel, self.bandwidth, self.edge)
        core = _brandpunt.Surface(self.values[at], x, y, self.cell_size, self.crs, *made)
        return Surface._wrap(core)

    def to_xarray(self) -> Any:
        """Give an ``xarray.DataArray`` with coordinates ``time``, ``y``, ``x`` and ``spatial_ref``."""
        xarray = need("xarray", "xarray")
        attributes = {
            "crs": self.crs,
            "units": "incidents per square kilometre and day",
            "kernel": self.kernel,
            "bandwidth": self.bandwidth,
            "time_kernel": self.time_kernel,
            "days": self.days,
            "edge": self.edge,
            "prospective": int(self.prospective),
        }
        array = xarray.DataArray(
            self.values.copy(),
            coords={"time": self.times.astype("M8[ns]"), "y": self.y.copy(), "x": self.x.copy()},
            dims=("time", "y", "x"),
            name="density",
            attrs=attributes,
        )
        return located(array, self.crs, self.bounds, self.cell_size)

    def __len__(self) -> int:
        return len(self.times)

    def __repr__(self) -> str:
        steps, rows, cols = self.values.shape
        return (
            f"<SpaceTimeSurface: {steps} times, {rows} x {cols} cells of {self.cell_size:g} m in "
            f"{self.crs}, bandwidth {self.bandwidth:g} m and {self.days:g} days>"
        )


@checked
def space_time_density(
    incidents: IncidentsLike,
    *,
    bandwidth: float | SelectedBandwidth,
    days: float,
    cell_size: float,
    times: Any = None,
    step: float | None = None,
    prospective: bool = False,
    kernel: str = "quartic",
    time_kernel: str = "quartic",
    edge: str | None = None,
    within: NeighbourhoodsLike | None = None,
    since: Any = None,
    until: Any = None,
    extent: Any = None,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> SpaceTimeSurface:
    """Where and when is it dense? Incidents per square kilometre and day.

    Every incident is spread over its surroundings and over the days around its time, by two kernels
    that both integrate to one, so that the integral over space and time is the number of incidents.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        In metres, with times. Those without a time are left out, with a warning.
    bandwidth : float or SelectedBandwidth
        In space, in metres; as in :func:`kernel_density`.
    days : float
        Bandwidth in time, in days; for the Gaussian the standard deviation.
    cell_size : float
        Side of a cell in metres.
    times : array-like of times, optional
        When to look. Times without a zone are on clocks in the Netherlands.
    step : float, optional
        Looks every so many days instead, back from `until` or the last incident; when both are left
        out, once in `days`.
    prospective : bool, default False
        Lets every incident count only from its own time on, with twice the kernel: a slice then
        does not know what came after it.
    kernel, time_kernel : {"quartic", "epanechnikov", "triweight", "triangular", "uniform", \
"gaussian"}
        How one incident spreads in space and in time.
    edge : {"uniform", "diggle"}, optional
        The correction at the edge of `within`, and of the time from `since` to `until`: divides a
        density by the mass of the kernels around its place and time, or each incident by its own.
    within : Neighbourhoods, optional
        The study area.
    since, until : date, datetime or ISO 8601 text, optional
        Between which moments incidents were recorded; both or none. Near them the density is then
        corrected, and incidents outside are left out, with a warning.
    extent : tuple of float, or Neighbourhoods, optional
        What to cover.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.
    progress : bool or callable, optional
        True for a bar of tqdm. Or what is called with the stage (str) and the share done (float);
        an exception it raises stops the job.

    Returns
    -------
    SpaceTimeSurface

    Raises
    ------
    CrsError
        For coordinates in degrees.
    InputError
        For incidents without times.
    ParameterError
        For days or a step that are not positive, or slices that would take too much memory, among
        others.

    References
    ----------
    Brunsdon, Corcoran & Higgs 2007, Computers, Environment and Urban Systems 31:52,
    doi:10.1016/j.compenvurbsys.2005.10.009.
    Nakaya & Yano 2010, Transactions in GIS 14:223, doi:10.1111/j.1467-9671.2010.01194.x.

    Examples
    --------
    >>> import numpy as np
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(2_000, seed=7, n_neighbourhoods=60)
    >>> found = bp.space_time_density(
    ...     city.incidents, bandwidth=500, days=60, cell_size=100, step=30, prospective=True
    ... )
    >>> peak = np.nanmax(found.values, axis=(1, 2))
    >>> found.times[peak.argmax()].astype("M8[Y]") >= np.datetime64("2017")
    np.True_
    """
    if isinstance(bandwidth, SelectedBandwidth):
        bandwidth = bandwidth.equivalent(kernel)
    if times is not None and step is not None:
        message = "times and step both say when to look; leave one out"
        raise ParameterError(message)
    if (since is None) != (until is None):
        message = "since and until go together; give both or none"
        raise ParameterError(message)
    in_time = {
        "days": float(days),
        "kernel": time_kernel,
        "prospective": bool(prospective),
        "times": None if times is None else seconds_of(times),
        "step": None if step is None else float(step),
        "since": instant(since, "since"),
        "until": instant(until, "until"),
    }
    with followed(progress) as told:
        found = _brandpunt.space_time_density(
            Incidents.from_any(incidents)._core,
            float(bandwidth),
            float(cell_size),
            kernel,
            edge or "none",
            areas_of(within),
            extent_of(extent),
            in_time,
            n_jobs,
            told,
        )
    found["times"] = found["times"].view("M8[s]")
    found["times"].flags.writeable = False
    return SpaceTimeSurface(**found | {"warnings": notes(found["warnings"])})
