"""Is there more of it near schools?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._concentration import CHANCE, SEEN, numbered
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import crs_text, floats, whole
from brandpunt._neighbourhoods import Neighbourhoods, NeighbourhoodsLike
from brandpunt._notes import Note, notes
from brandpunt._outputs import axes, table
from brandpunt._seed import Seed, seed_of
from brandpunt._surface import xy_of
from brandpunt._tabular import Tabular
from brandpunt._value import Value
from brandpunt.exceptions import CrsError, InputError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray


BANDS = (
    "from_distance",
    "to_distance",
    "count",
    "expected",
    "exposure",
    "lq",
    "low",
    "high",
    "lq_moved",
    "p_greater",
    "p_less",
    "p_band",
    "p_max",
)


@dataclass(frozen=True, kw_only=True)
class SchoolHours:
    """Hours of some weekdays outside holidays, on the clocks of the incidents.

    Incidents without a time of day, or at midnight sharp, are neither in nor outside them.

    Attributes
    ----------
    weekdays : tuple of int
        From 0 (Monday) to 6 (Sunday); Monday to Friday when left out.
    start, end : str
        From the first time up to but not at the second. 08:00 to 17:00 when left out, which takes
        in the way to and from a Dutch school.
    holidays : tuple of pairs of dates
        First and last day of each, as ISO 8601 text or dates. None when left out: give those of
        the region, as they differ by region and year.
    outside : bool
        Whether all other hours are meant instead.
    """

    weekdays: Sequence[int] = (0, 1, 2, 3, 4)
    start: str = "08:00"
    end: str = "17:00"
    holidays: Sequence[tuple[Any, Any]] = ()
    outside: bool = False

    def _told(self) -> tuple[list[int], str, str, list[tuple[str, str]], bool]:
        try:
            holidays = [(str(first), str(last)) for first, last in self.holidays]
        except (TypeError, ValueError) as error:
            message = "holidays are pairs of a first and a last day"
            raise ParameterError(message) from error
        weekdays = [min(whole(day, "a weekday"), 7) for day in self.weekdays]
        return weekdays, str(self.start), str(self.end), holidays, bool(self.outside)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Proximity(Tabular, Value):
    """How much there is near facilities, and how far that reaches.

    Attributes
    ----------
    from_distance, to_distance : numpy.ndarray of float
        Bands of distance to the nearest facility in metres; the first included, the second not.
    count : numpy.ndarray of int
        Incidents per band.
    exposure : numpy.ndarray of float
        Square kilometres of the study area per band, or weight of the exposed points.
    expected : numpy.ndarray of float
        Incidents per band if they were spread as the exposure is.
    lq, low, high : numpy.ndarray of float
        Location quotient, count over expected, with its exact interval; NaN without exposure.
    lq_moved : numpy.ndarray of float
        Mean quotient over the real and the moved facilities.
    p_greater, p_less : numpy.ndarray of float
        Chance that moved facilities have a quotient at least, and at most, as high.
    p_band : numpy.ndarray of float
        Two-sided, per band.
    p_max : numpy.ndarray of float
        The same corrected for the number of bands.
    p : float
        The least of `p_max`: is any band out of the ordinary?
    distance : numpy.ndarray of float
        Distances of the curve in metres.
    density, density_low, density_high : numpy.ndarray of float
        Incidents per square kilometre, or per unit of weight, at each distance, with the interval
        for incidents that fall independently.
    density_moved, density_moved_low, density_moved_high : numpy.ndarray of float
        The same of moved facilities: mean and pointwise interval; empty without replicates.
    bandwidth : float
        Standard deviation of the curve's Gaussian kernel in metres.
    incidents, outside, without_hour, other_hours : int
        Incidents that count; those that do not, because they lie outside the study area, have no
        time of day, or happened at other hours.
    total_exposure : float
        Square kilometres of the study area, or weight of all exposed points in it.
    facilities : int
        Different places of facilities.
    spacing : float
        Metres between the lines along which ground was measured; NaN for exposed points.
    level : float
        Level of the intervals.
    replicates : int
        How often facilities were moved.
    warnings : tuple of Note
        What a reader must know.
    """

    from_distance: NDArray[np.float64]
    to_distance: NDArray[np.float64]
    count: NDArray[np.uint64]
    exposure: NDArray[np.float64]
    expected: NDArray[np.float64]
    lq: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    lq_moved: NDArray[np.float64]
    p_greater: NDArray[np.float64]
    p_less: NDArray[np.float64]
    p_band: NDArray[np.float64]
    p_max: NDArray[np.float64]
    p: float
    distance: NDArray[np.float64]
    density: NDArray[np.float64]
    density_low: NDArray[np.float64]
    density_high: NDArray[np.float64]
    density_moved: NDArray[np.float64]
    density_moved_low: NDArray[np.float64]
    density_moved_high: NDArray[np.float64]
    bandwidth: float
    incidents: int
    outside: int
    without_hour: int
    other_hours: int
    total_exposure: float
    facilities: int
    spacing: float
    level: float
    replicates: int
    warnings: tuple[Note, ...]

    def to_pandas(self) -> Any:
        """Give one row per band."""
        return table({name: getattr(self, name) for name in BANDS})

    def plot(self, *, ax: Any = None) -> Any:
        """Draw the density as a curve of distance with matplotlib, with the band of moved facilities.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.

        Returns
        -------
        matplotlib.axes.Axes
        """
        ax = axes(ax)
        level = f"{100 * self.level:g} %"
        if self.density_moved.size:
            style = {"color": CHANCE, "alpha": 0.25, "linewidth": 0}
            label = f"facilities elsewhere, {level}"
            ends = (self.density_moved_low, self.density_moved_high)
            ax.fill_between(self.distance, *ends, label=label, **style)
            ax.plot(self.distance, self.density_moved, color=CHANCE, linestyle="--")
        style = {"color": SEEN, "alpha": 0.2, "linewidth": 0}
        ax.fill_between(self.distance, self.density_low, self.density_high, **style)
        ax.plot(self.distance, self.density, color=SEEN, label=f"seen, with {level} limits")
        everywhere = self.incidents / self.total_exposure
        ax.axhline(everywhere, color="0.6", linewidth=0.8, label="study area as a whole")
        ax.set_xlabel("metres to the nearest facility")
        ground = np.isfinite(self.spacing)
        ax.set_ylabel("incidents per km²" if ground else "incidents per exposed unit")
        ax.set_xlim(0, self.distance[-1])
        ax.set_ylim(bottom=0)
        ax.legend(loc="upper right", frameon=False)
        return ax

    def __len__(self) -> int:
        return len(self.lq)

    def __repr__(self) -> str:
        bands = ", ".join(
            f"{lq:.3g} at {start:g}-{end:g} m"
            for start, end, lq in zip(self.from_distance, self.to_distance, self.lq, strict=True)
        )
        return (
            f"<Proximity: {self.incidents} incidents, {self.facilities} facilities; "
            f"quotients {bands}; p {self.p:.3g}>"
        )


@checked
def proximity(
    incidents: IncidentsLike,
    facilities: Any,
    *,
    within: NeighbourhoodsLike,
    distances: ArrayLike = (0, 100, 200, 400, 800),
    hours: SchoolHours | None = None,
    exposure: Any = None,
    weight: ArrayLike | None = None,
    candidates: Any = None,
    labels: Iterable[Any] | None = None,
    candidate_labels: Iterable[Any] | None = None,
    strata: Iterable[Any] | None = None,
    bandwidth: float | None = None,
    spacing: float | None = None,
    level: float = 0.95,
    replicates: int = 999,
    seed: Seed = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
) -> Proximity:
    """Is there more of it near schools (or other facilities) than elsewhere, and how far out?

    With n of N incidents and a of A exposure in a band of distance to the nearest facility::

        location quotient  LQ = (n / N) / (a / A)
        decay              rho(d) = sum(k(d - d_i)) / integral(k(d - D(u)) du)

    The interval of LQ is the exact one of a share of N, that of the curve is normal; both take
    reports as independent and are too narrow where a few addresses report often. The p-values do
    not: they move the facilities and leave the reports where they are.

    With `candidates`, the places of facilities and candidates of one label are dealt anew, each
    draw as likely: exact if any of them could have been a facility. Without, each facility moves
    to a random place in its own neighbourhood, or in those of the same stratum. That is weaker:
    places include water and fields where nobody reports, which makes real facilities look special,
    and in neighbourhoods no larger than the bands a moved facility stays near.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        The reports, in metres.
    facilities : GeoDataFrame, GeoSeries, Incidents or array-like of shape (n, 2)
        Points, in the system of the incidents. Several at one place are one.
    within : Neighbourhoods
        The study area, all of them together; what lies outside does not count, but facilities
        there do.
    distances : array-like of float, default (0, 100, 200, 400, 800)
        Edges of the bands in metres.
    hours : SchoolHours, optional
        Counts only incidents in these hours; ``bp.SchoolHours()`` for Monday to Friday from 08:00
        to 17:00.
    exposure : points as above, optional
        Addresses or people to compare with, instead of ground.
    weight : array-like of float, optional
        Weight of each exposed point; 1 when left out.
    candidates : points as above, optional
        Where facilities could be.
    labels, candidate_labels : iterable, optional
        What kind of place each facility and each candidate is; like takes the place of like.
    strata : iterable, optional
        Without candidates, the kind of each neighbourhood.
    bandwidth : float, optional
        Standard deviation of the curve's Gaussian in metres; Silverman's rule when left out.
    spacing : float, optional
        Metres between the lines along which ground is measured; a 32nd of the narrowest band when
        left out. The relative error for a disc of radius r is below ``0.4 (spacing / r)**1.5``.
    level : float, default 0.95
        Level of all intervals.
    replicates : int, default 999
        How often facilities are moved; 0 for no test.
    seed : int or numpy.random.Generator, optional
        Makes the moves reproducible.
    random_state : optional
        Another name for `seed`.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.

    Returns
    -------
    Proximity

    References
    ----------
    Baddeley et al. 2012, Statistics and Its Interface 5:221, doi:10.4310/SII.2012.v5.n2.a7;
    Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404.

    Examples
    --------
    >>> import brandpunt as bp, numpy as np
    >>> city = bp.synthetic_city(2000, seed=1, n_neighbourhoods=30)
    >>> schools = np.c_[city.incidents.x[:5], city.incidents.y[:5]]
    >>> found = bp.proximity(
    ...     city.incidents, schools, within=city.neighbourhoods, replicates=99, seed=1
    ... )
    >>> len(found), bool(found.lq[0] > 1)
    (4, True)
    """
    incidents = Incidents.from_any(incidents)
    x, y = _places(facilities, incidents, "facilities")
    if candidates is None and (labels is not None or candidate_labels is not None):
        message = "labels say which candidates are like which facilities; give `candidates`"
        raise ParameterError(message)
    if candidates is not None and strata is not None:
        message = "strata are for facilities that move without candidates; give one of both"
        raise ParameterError(message)
    if (labels is None) != (candidate_labels is None):
        message = "give both `labels` and `candidate_labels`, or neither"
        raise InputError(message, "length_mismatch")
    own, others = None, None
    if labels is not None and candidate_labels is not None:
        first = list(labels)
        both = numbered([*first, *candidate_labels], "labels")
        own, others = both[: len(first)], both[len(first) :]
    exposed = None
    if exposure is not None:
        at = _places(exposure, incidents, "exposed points")
        ones = np.ones(len(at[0]))
        exposed = (*at, ones if weight is None else floats(weight, "weight"))
    found = _brandpunt.proximity(
        incidents._core,
        x,
        y,
        own,
        Neighbourhoods.from_any(within)._core,
        floats(distances, "distances").tolist(),
        None if hours is None else hours._told(),
        exposed,
        None if candidates is None else (*_places(candidates, incidents, "candidates"), others),
        None if strata is None else numbered(strata, "strata"),
        None if bandwidth is None else float(bandwidth),
        None if spacing is None else float(spacing),
        float(level),
        whole(replicates, "replicates"),
        seed_of(seed, random_state),
        n_jobs,
    )
    found["from_distance"], found["to_distance"] = found.pop("from"), found.pop("to")
    found["warnings"] = notes(found["warnings"])
    return Proximity(level=float(level), replicates=int(replicates), **found)


def _places(
    where: Any, incidents: Incidents, what: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    crs = getattr(where, "crs", None)
    if crs is not None and incidents.crs != "planar" and crs_text(crs, what) != incidents.crs:
        message = (
            f"{what} are in {crs_text(crs, what)} and the incidents in {incidents.crs}; "
            "bring one to the other with .to_crs"
        )
        raise CrsError(message)
    return xy_of(where, what.removeprefix("the "))
