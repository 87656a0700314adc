"""Where is it dense?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import numpy as np

from brandpunt import _brandpunt
from brandpunt._bandwidth import SelectedBandwidth
from brandpunt._carried import looks_like_places
from brandpunt._checked import checked
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._neighbourhoods import Neighbourhoods, NeighbourhoodsLike, areas_of
from brandpunt._progress import Progress, followed
from brandpunt._surface import Surface
from brandpunt.exceptions import ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence


@overload
def kernel_density(
    incidents: IncidentsLike,
    *,
    bandwidth: float | SelectedBandwidth,
    cell_size: float,
    kernel: str = ...,
    edge: str | None = ...,
    within: NeighbourhoodsLike | None = ...,
    extent: Any = ...,
    adaptive: str | int | None = ...,
    pilot: float | None = ...,
    trim: float = ...,
    tolerance: float = ...,
    n_jobs: int | None = ...,
    progress: Progress = ...,
) -> Surface: ...
@overload
def kernel_density(
    incidents: IncidentsLike,
    *,
    bandwidth: Sequence[float],
    cell_size: float,
    kernel: str = ...,
    edge: str | None = ...,
    within: NeighbourhoodsLike | None = ...,
    extent: Any = ...,
    adaptive: None = ...,
    pilot: None = ...,
    trim: float = ...,
    tolerance: float = ...,
    n_jobs: int | None = ...,
    progress: Progress = ...,
) -> list[Surface]: ...
@checked
def kernel_density(
    incidents: IncidentsLike,
    *,
    bandwidth: float | SelectedBandwidth | Sequence[float],
    cell_size: float,
    kernel: str = "quartic",
    edge: str | None = None,
    within: NeighbourhoodsLike | None = None,
    extent: Any = None,
    adaptive: str | int | None = None,
    pilot: float | None = None,
    trim: float = 5.0,
    tolerance: float = 0.0,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> Surface | list[Surface]:
    """Where is it dense? Incidents per square kilometre by an exact kernel estimate.

    Every incident is spread over its surroundings by a kernel that integrates to one, so the
    surface integrates to the number of incidents (the sum of their weights). Near the edge of a
    study area part of that mass lies where nobody watched; `edge` makes up for it.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        In metres.
    bandwidth : float, SelectedBandwidth, or sequence of float
        Radius of the kernel in metres; for the Gaussian its standard deviation. What
        :func:`select_bandwidth` gives is turned into that of `kernel` with the same variance.
        Several give one surface each on the same cells, with the incidents sorted only once.
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
    tolerance : float, default 0
        Error that is allowed, as a share of the peak. All surfaces are exact, to 1e-12 of the
        peak, whatever is allowed: no approximation has been faster.
    n_jobs : int, optional
        Threads; one per core when left out. The surface does not depend on it.
    progress : bool or callable, optional
        True for a bar of tqdm. Or what is called with the stage (str) and the share done (float);
        an exception it raises stops the job.

    Returns
    -------
    Surface, or a list of them for several bandwidths

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
    >>> import numpy as np
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
    several = np.ndim(bandwidth) > 0
    bandwidths = np.atleast_1d(np.asarray(bandwidth, dtype=np.float64)).tolist()
    if several and adaptive is not None:
        message = "adaptive bandwidths start from one bandwidth; give one number"
        raise ParameterError(message)
    if not tolerance >= 0:
        message = f"tolerance is {tolerance}; a share of the peak, 0 or more, is needed"
        raise ParameterError(message)
    start = pilot if pilot is not None else bandwidths[0] if bandwidths else 0.0
    with followed(progress) as told:
        surfaces = _brandpunt.kernel_density(
            Incidents.from_any(incidents)._core,
            bandwidths,
            float(cell_size),
            kernel,
            edge or "none",
            areas_of(within),
            extent_of(extent),
            rule_of(adaptive, float(start), float(trim)),
            n_jobs,
            told,
        )
    wrapped = [Surface._wrap(surface) for surface in surfaces]
    return wrapped if several else wrapped[0]


def extent_of(extent: Any) -> tuple[float, float, float, float] | None:
    """A rectangle as the core understands it."""
    if extent is None:
        return None
    if isinstance(extent, Neighbourhoods) or looks_like_places(extent):
        return Neighbourhoods.from_any(extent).bounds
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
