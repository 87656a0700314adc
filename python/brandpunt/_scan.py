"""Which cluster, how big?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._inputs import floats, table_of, whole
from brandpunt._local import column_of
from brandpunt._notes import Note, notes
from brandpunt._outputs import table
from brandpunt._progress import Progress, followed
from brandpunt._seed import Seed, seed_of
from brandpunt._tabular import Tabular
from brandpunt._value import Value
from brandpunt._weights import WeightsLike, places, weights_of
from brandpunt.exceptions import ParameterError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from brandpunt._counting import Counts
    from brandpunt._space_time import SpaceTimeCube


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ScanCluster(Value):
    """Units that together have more cases than elsewhere, or fewer.

    Attributes
    ----------
    members : numpy.ndarray of int64
        Positions of its units in the input, those nearest to the middle first.
    center : tuple of float
        Its middle, which is the place of a unit.
    center_unit : int
        Position of that unit.
    radius : float
        Distance from the middle to the farthest member; of an ellipse, half its length.
    axis_ratio, axis_angle : float
        Length by width, 1 for a disc; direction of the long axis in degrees from east to north,
        NaN for a disc.
    first_step, last_step : int
        First and last step, both included and counted from 0; 0 where there is no time.
    start, end : str, int or None
        The same as labels of periods, where the input had some; ``None`` where there is no time.
    observed : int
        Its cases.
    expected : float
        Cases it would have at the rate of everything.
    population : float
        Its people; where no population is needed, all cases of its units.
    relative_risk : float
        Rate inside by rate outside; infinite where no case is outside.
    log_likelihood_ratio : float
        Logarithm of the likelihood ratio; of an ellipse, after its penalty.
    p : float
        Chance that a map without clusters has one that stands out as much; NaN without simulation.
    p_gumbel : float
        The same by a Gumbel distribution, which also gives numbers below ``1/(replicates + 1)``.
    recurrence_interval : float
        Prospectively: one cluster as strong by chance in so many days, on average; else NaN.
    """

    members: NDArray[np.int64]
    center: tuple[float, float]
    center_unit: int
    radius: float
    axis_ratio: float
    axis_angle: float
    first_step: int
    last_step: int
    start: Any
    end: Any
    observed: int
    expected: float
    population: float
    relative_risk: float
    log_likelihood_ratio: float
    p: float
    p_gumbel: float
    recurrence_interval: float

    def __len__(self) -> int:
        return len(self.members)

    def __repr__(self) -> str:
        when = "" if self.start is None else f", {self.start} to {self.end}"
        return (
            f"<ScanCluster: {len(self)} units{when}, {self.observed} cases where "
            f"{self.expected:.2f} are expected, relative risk {self.relative_risk:.2f}, "
            f"p {self.p:.3g}>"
        )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ScanResult(Tabular, Value):
    """The clusters of a map, strongest first; no two share a unit.

    Attributes
    ----------
    clusters : tuple of ScanCluster
        Those whose p is below one.
    labels : numpy.ndarray of int64
        Number of each unit's cluster in `clusters`, -1 outside.
    model : str
        The model that was used in the end.
    tail : str
        Where p comes from: ``"rank"``, ``"sequential"`` or ``"gumbel"``.
    simulated : numpy.ndarray of float
        The greatest log likelihood ratio of each simulated map. Where counts come in series, as
        large as they would be if the map varied as much as the one seen.
    dispersion, dispersion_p : float
        Variance of the counts by their mean, given the population, and the chance of one as large
        if cases were independent; NaN where that says nothing.
    cases, units, missing, windows : int
        Cases, units that were scanned and that were left out, and windows that were looked at.
    warnings : tuple of Note
        What a reader must know.
    """

    clusters: tuple[ScanCluster, ...]
    labels: NDArray[np.int64]
    model: str
    tail: str
    simulated: NDArray[np.float64]
    dispersion: float
    dispersion_p: float
    cases: int
    units: int
    missing: int
    windows: int
    warnings: tuple[Note, ...]

    def to_pandas(self) -> Any:
        """Give one row per cluster."""
        names = (
            "start",
            "end",
            "observed",
            "expected",
            "population",
            "relative_risk",
            "log_likelihood_ratio",
            "p",
            "p_gumbel",
            "recurrence_interval",
            "center_unit",
            "radius",
            "axis_ratio",
            "axis_angle",
        )
        columns: dict[str, Any] = {"units": [len(cluster) for cluster in self.clusters]}
        columns |= {name: [getattr(c, name) for c in self.clusters] for name in names}
        return table(columns)

    def __len__(self) -> int:
        return len(self.clusters)

    def __repr__(self) -> str:
        first = f"; first {self.clusters[0]!r}" if self.clusters else ""
        return (
            f"<ScanResult: {len(self)} clusters among {self.cases} cases in {self.units} units, "
            f"model {self.model}{first}>"
        )


@checked
def spatial_scan(
    cases: ArrayLike | Counts,
    population: ArrayLike,
    locations: Any,
    *,
    model: str = "auto",
    shape: str = "circle",
    penalty: float = 0.5,
    weights: WeightsLike | None = None,
    max_units: int = 12,
    restriction: float = 0.2,
    scan_for: str = "high",
    max_population_share: float = 0.5,
    max_radius: float | None = None,
    replicates: int = 999,
    tail: str = "rank",
    reached: int = 50,
    least_cases: int = 2,
    max_clusters: int = 20,
    seed: Seed = None,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> ScanResult:
    """Which neighbouring units have more cases than their people explain? Kulldorff's scan.

    Windows of every size are laid around every unit. For one with c of C cases, e expected::

        LLR = c ln(c/e) + (C - c) ln((C - c)/(C - e))

    p is how often the greatest LLR of a map of chance reaches that of the cluster: one test for
    the whole map. Further clusters are the strongest windows that share no unit with a stronger
    one, compared with the same greatest LLR, which makes their p cautious.

    Parameters
    ----------
    cases : array-like of int, or Counts
        Cases per unit; NaN leaves a unit out. Of counts by period the sums are taken.
    population : array-like of float
        People per unit, or expected counts such as those of `indirect_standardisation`: only their
        shares matter. NaN leaves a unit out.
    locations : Neighbourhoods, Incidents, GeoDataFrame, or array-like of shape (n, 2)
        Where the units lie, in metres; of areas, the centroids are taken.
    model : {"auto", "poisson", "negative_binomial", "bernoulli"}, default "auto"
        What chance is. ``"poisson"``: cases fall independently in proportion to people.
        ``"negative_binomial"``: they come in series. ``"auto"``: independently, unless a test says
        at 5 % that counts vary more; reports often do, and then maps of independent cases find
        clusters where none are. ``"bernoulli"``: some of the people are cases. `model` of the
        result says which was used.
    shape : {"circle", "ellipse", "flexible", "restricted"}
        Ellipses are 1.5 to 5 times as long as wide, in 4 to 15 directions, beside the discs.
        Flexible windows are all sets of up to `max_units` nearest units that hang together by
        `weights` (Tango & Takahashi 2005); with so many forms they overstate what they find.
        Restricted ones are made of units that each stand out (Tango & Takahashi 2012), so that
        what only links busy units does not enlarge a cluster.
    penalty : float, default 0.5
        The LLR of an ellipse s times as long as wide is multiplied by
        ``(4 s / (s + 1)**2) ** penalty``.
    weights : Weights, scipy.sparse matrix or libpysal weights, optional
        Who borders on whom, for flexible and restricted windows.
    max_units : int, default 12
        Most units of a flexible or restricted window, from 2 to 20; each more doubles the work.
    restriction : float, default 0.2
        Mid-p, ``P(X > c) + P(X = c)/2`` of its count c by chance, below which a unit may join a
        restricted window; at most 0.5.
    scan_for : {"high", "low", "both"}
        Whether more or fewer cases than expected are looked for.
    max_population_share : float, default 0.5
        Largest share of the population in a window; 0.1 to 0.25 for the detail of neighbourhoods.
    max_radius : float, optional
        How far a window may reach from its middle, in metres.
    replicates : int, default 999
        Maps of chance; with 0 there are no p-values.
    tail : {"rank", "sequential", "gumbel"}
        ``"rank"``: (M + 1)/(R + 1). ``"sequential"``: simulation ends once `reached` maps have
        reached the first cluster. ``"gumbel"``: a Gumbel distribution through the simulated maps,
        an approximation for small p.
    reached : int, default 50
        For ``"sequential"``.
    least_cases : int, default 2
        Least cases of a window with more than expected.
    max_clusters : int, default 20
        Most clusters to give.
    seed : int, optional
        Makes the simulation reproducible.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.
    progress : bool or callable, optional
        ``True`` for a bar, or what is called with the stage and the share done.

    Returns
    -------
    ScanResult

    References
    ----------
    Kulldorff 1997, Communications in Statistics 26:1481, doi:10.1080/03610929708831995; Kulldorff,
    Huang, Pickle & Duczmal 2006, Statistics in Medicine 25:3929, doi:10.1002/sim.2490; Tango &
    Takahashi 2005, International Journal of Health Geographics 4:11, doi:10.1186/1476-072X-4-11;
    Tango & Takahashi 2012, Statistics in Medicine 31:4207, doi:10.1002/sim.5478.

    Examples
    --------
    >>> import brandpunt as bp
    >>> streets = [(100 * i, 0) for i in range(6)]
    >>> found = bp.spatial_scan([4, 15, 12, 3, 5, 2], [80] * 6, streets, seed=1)
    >>> found.clusters[0].members
    array([2, 1])
    >>> found.labels
    array([-1,  0,  0, -1, -1, -1])
    """
    numbers, _ = column_of(cases)
    if np.ndim(numbers) == 2:
        numbers = np.asarray(numbers).sum(axis=1)
    with followed(progress) as told:
        found = _brandpunt.spatial_scan(
            floats(numbers, "cases"),
            floats(population, "population"),
            *places(locations),
            None if weights is None else weights_of(weights)._core,
            _options(
                model=model,
                shape=shape,
                penalty=penalty,
                max_units=max_units,
                restriction=restriction,
                scan_for=scan_for,
                max_population_share=max_population_share,
                max_radius=max_radius,
                replicates=replicates,
                tail=tail,
                reached=reached,
                least_cases=least_cases,
                max_clusters=max_clusters,
                seed=seed,
            ),
            n_jobs,
            told,
        )
    return scan_result(found)


@checked
def space_time_scan(
    cases: SpaceTimeCube | Counts | ArrayLike,
    population: ArrayLike | None = None,
    locations: Any = None,
    *,
    model: str = "space_time_permutation",
    prospective: bool = False,
    max_time_share: float = 0.5,
    days_between_looks: float | None = None,
    looking_since: int | None = None,
    shape: str = "circle",
    penalty: float = 0.5,
    weights: WeightsLike | None = None,
    max_units: int = 12,
    scan_for: str = "high",
    max_population_share: float = 0.5,
    max_radius: float | None = None,
    replicates: int = 999,
    tail: str = "rank",
    reached: int = 50,
    least_cases: int = 2,
    max_clusters: int = 20,
    seed: Seed = None,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> ScanResult:
    """Which neighbouring units had more cases for a while, and is it going on?

    Windows are cylinders: a disc or an ellipse on the map through a number of steps in a row.

    At first the space-time permutation: with ``c_z`` cases in unit z and ``c_d`` at step d of C,
    ``c_z c_d / C`` are expected, and maps of chance deal the times anew to the cases. It needs no
    population, and neither places that always have more nor times that have more everywhere count.
    Reports in series within days are clusters to it, since that is what they are.

    Parameters
    ----------
    cases : SpaceTimeCube, Counts by period, or array-like of shape (n, steps)
        Cases of units at consecutive steps of one length. A unit with a NaN is left out.
    population : array-like of float, optional
        For the other models: people per unit, or people or expected counts per unit and step.
    locations : Neighbourhoods, GeoDataFrame, or array-like of shape (n, 2)
        Where the units lie, in metres. May be left out for a cube of cells.
    model : {"space_time_permutation", "auto", "poisson", "negative_binomial", "bernoulli"}
        What chance is; see also `spatial_scan`.
    prospective : bool, default False
        Look only at windows that last until the last step: what is going on now?
    max_time_share : float, default 0.5
        Largest share of the steps that a window may last.
    days_between_looks : float, optional
        For `recurrence_interval`, which is these days by p. When left out, the mean length of the
        steps, where they have dates, else 1.
    looking_since : int, optional
        First step (from 0) after which somebody looked. p is then the chance that any look since
        would have found as much, and there is no recurrence interval.
    shape, penalty, weights, max_units, scan_for, max_population_share, max_radius, replicates, \
tail, reached, least_cases, max_clusters, seed, n_jobs, progress
        As for `spatial_scan`, without restricted windows; under the permutation the share is one
        of the cases.

    Returns
    -------
    ScanResult

    References
    ----------
    Kulldorff 2001, Journal of the Royal Statistical Society A 164:61, doi:10.1111/1467-985X.00186;
    Kulldorff, Heffernan, Hartman, Assuncao & Mostashari 2005, PLoS Medicine 2:e59,
    doi:10.1371/journal.pmed.0020059.

    Examples
    --------
    Twelve streets in ten weeks; two of them get busy at the end:

    >>> import brandpunt as bp
    >>> import numpy as np
    >>> counts = np.full((12, 10), 2)
    >>> counts[2:4, 8:] = 11
    >>> streets = [(100 * i, 0) for i in range(12)]
    >>> found = bp.space_time_scan(counts, None, streets, prospective=True, seed=1)
    >>> first = found.clusters[0]
    >>> sorted(first.members.tolist()), first.first_step, first.last_step
    ([2, 3], 8, 9)
    """
    periods: tuple[str, ...] = tuple(getattr(cases, "periods", ()))
    given: Any = cases
    values = table_of(getattr(given, "values", given), "cases")
    if days_between_looks is None:
        days_between_looks = _mean_days(cases) if periods else 1.0
    people = None
    if population is not None:
        people = floats(np.asarray(population).ravel(), "population")
    with followed(progress) as told:
        found = _brandpunt.space_time_scan(
            values,
            people,
            *places(_cells(cases) if locations is None else locations),
            prospective,
            float(max_time_share),
            float(days_between_looks),
            None if looking_since is None else whole(looking_since, "looking_since"),
            None if weights is None else weights_of(weights)._core,
            _options(
                model=model,
                shape=shape,
                penalty=penalty,
                max_units=max_units,
                restriction=0.2,
                scan_for=scan_for,
                max_population_share=max_population_share,
                max_radius=max_radius,
                replicates=replicates,
                tail=tail,
                reached=reached,
                least_cases=least_cases,
                max_clusters=max_clusters,
                seed=seed,
            ),
            n_jobs,
            told,
        )
    return scan_result(found, periods or range(values.shape[1]))


def _options(
    *,
    penalty: float,
    max_units: int,
    restriction: float,
    max_population_share: float,
    max_radius: float | None,
    replicates: int,
    reached: int,
    least_cases: int,
    max_clusters: int,
    seed: Seed,
    **names: str,
) -> dict[str, Any]:
    return {
        **names,
        "penalty": float(penalty),
        "max_units": whole(max_units, "max_units"),
        "restriction": float(restriction),
        "max_population_share": float(max_population_share),
        "max_radius": float("inf") if max_radius is None else float(max_radius),
        "replicates": whole(replicates, "replicates"),
        "reached": whole(reached, "reached"),
        "least_cases": whole(least_cases, "least_cases"),
        "max_clusters": whole(max_clusters, "max_clusters"),
        "seed": seed_of(seed),
    }


def scan_result(found: dict[str, Any], periods: Any = None) -> ScanResult:
    """Dress the clusters of a map; `periods` are the steps that they may span."""

    def cluster(fields: dict[str, Any]) -> ScanCluster:
        first, last = fields["first_step"], fields["last_step"]
        start, end = (None, None) if periods is None else (periods[first], periods[last])
        return ScanCluster(**fields, start=start, end=end)

    return ScanResult(
        **{
            **found,
            "clusters": tuple(cluster(fields) for fields in found["clusters"]),
            "warnings": notes(found["warnings"]),
        }
    )


def _mean_days(cases: Any) -> float:
    lengths = (cases.ends - cases.starts) / np.timedelta64(1, "D")
    return float(lengths.mean())


def _cells(cases: Any) -> Any:
    if getattr(cases, "shape", None) is None or getattr(cases, "x", None) is None:
        message = "locations are missing; give the Neighbourhoods, or x and y of every unit"
        raise ParameterError(message)
    x, y = np.meshgrid(cases.x, cases.y)
    return np.column_stack([x.ravel(), y.ravel()])
