"""Does place matter on the whole map?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brandpunt import _brandpunt
from brandpunt._association import standardised_rates
from brandpunt._checked import checked
from brandpunt._inputs import floats, whole
from brandpunt._local import column_of
from brandpunt._notes import notes
from brandpunt._results import GlobalStatistic, IncrementalAutocorrelation
from brandpunt._seed import Seed, seed_of
from brandpunt._weights import WeightsLike, places, weights_of
from brandpunt.exceptions import ParameterError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from brandpunt._counting import Counts


@checked
def moran(
    values: ArrayLike | Counts,
    weights: WeightsLike,
    *,
    other: ArrayLike | Counts | None = None,
    population: ArrayLike | None = None,
    permutations: int = 9999,
    assumption: str = "randomisation",
    alternative: str = "two-sided",
    islands: str = "counted",
    seed: Seed = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
) -> GlobalStatistic:
    """Do like values lie together on the whole map? Moran's I.

    With ``z = x - mean(x)`` over n units, and weights w without the unit itself::

        I = n / sum(w) * sum_ij(w_ij z_i z_j) / sum_i(z_i^2)

    With `other`, x of a unit meets y of its neighbours, divided by ``sqrt(sum(u^2) sum(v^2))`` of
    both less their means; the expectation is then 0, and y is what is shuffled. Where x and y go
    together at one place and x lies with like x, that I is far from 0 too.

    NaN is a missing value: the unit leaves the map.

    Parameters
    ----------
    values : array-like of float, or Counts
        One per unit.
    weights : Weights, scipy.sparse matrix or libpysal weights
        Neighbours; a unit's weight on itself is not used.
    other : array-like of float, or Counts, optional
        A second column, for Moran's I between two.
    population : array-like of float, optional
        `values` are counts of incidents among so many people: their rates, standardised by what
        chance makes of rates of few people, are what is compared (EB Moran, Assuncao & Reis
        1999); see `standardised_rates`.
    permutations : int, default 9999
        Shuffles of all values over all units; with 0, `p` is NaN.
    assumption : {"randomisation", "normality"}
        What `variance`, `z` and `p_normal` take as given: the values themselves, or that they are
        normal. The result holds the z of both.
    alternative : {"two-sided", "greater", "less"}
        Which deviation of the statistic counts as extreme; two-sided is twice the smaller tail.
    islands : {"counted", "left_out"}
        Whether units without neighbours count in n, mean and spread.
    seed : int or numpy.random.Generator, optional
        Makes p-values by permutation reproducible.
    random_state : optional
        Another name for `seed`.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.

    Returns
    -------
    GlobalStatistic

    References
    ----------
    Moran 1950, Biometrika 37:17, doi:10.2307/2332142; Cliff & Ord 1981, Spatial Processes, p. 21.

    Examples
    --------
    >>> import brandpunt as bp
    >>> street = bp.Weights.lattice((1, 6))
    >>> bp.moran([1, 2, 2, 7, 9, 8], street, seed=0)
    <GlobalStatistic: 0.667905, expected -0.2, z 2.031, p 0.0464, 6 units>
    """
    numbers = column_of(values)[0]
    if population is not None:
        if other is not None:
            message = "population and other cannot be given together; standardise both first"
            raise ParameterError(message)
        numbers = standardised_rates(numbers, population)
    found = _brandpunt.moran(
        floats(numbers, "values"),
        None if other is None else _column(other, "other"),
        weights_of(weights)._core,
        whole(permutations, "permutations"),
        assumption,
        alternative,
        islands,
        seed_of(seed, random_state),
        n_jobs,
    )
    return _statistic(found)


@checked
def geary(
    values: ArrayLike | Counts,
    weights: WeightsLike,
    *,
    permutations: int = 9999,
    assumption: str = "randomisation",
    alternative: str = "two-sided",
    islands: str = "counted",
    seed: Seed = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
) -> GlobalStatistic:
    """Are neighbours more alike than others? Geary's C.

    With n units and weights w without the unit itself::

        C = (n - 1) / (2 sum(w)) * sum_ij(w_ij (x_i - x_j)^2) / sum_i((x_i - mean)^2)

    The expectation is 1. Like values together make it less, so z is then negative and
    ``alternative="less"`` asks for it.

    Parameters
    ----------
    values : array-like of float, or Counts
        One per unit; NaN is a missing value.
    weights, permutations, assumption, alternative, islands, seed, random_state, n_jobs
        As for `moran`.

    Returns
    -------
    GlobalStatistic

    References
    ----------
    Geary 1954, The Incorporated Statistician 5:115, doi:10.2307/2986645; Cliff & Ord 1981, Spatial
    Processes, p. 21.

    Examples
    --------
    >>> import brandpunt as bp
    >>> street = bp.Weights.lattice((1, 6))
    >>> bp.geary([1, 2, 2, 7, 9, 8], street, seed=0)
    <GlobalStatistic: 0.246684, expected 1, z -2.085, p 0.0348, 6 units>
    """
    found = _brandpunt.geary(
        _column(values, "values"),
        weights_of(weights)._core,
        whole(permutations, "permutations"),
        assumption,
        alternative,
        islands,
        seed_of(seed, random_state),
        n_jobs,
    )
    return _statistic(found)


@checked
def getis_ord_g(
    values: ArrayLike | Counts,
    weights: WeightsLike,
    *,
    permutations: int = 9999,
    alternative: str = "two-sided",
    islands: str = "counted",
    seed: Seed = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
) -> GlobalStatistic:
    """Do high values lie together, or low ones? Getis and Ord's general G.

    For values from 0 up and weights w of any size without the unit itself::

        G = sum_ij(w_ij x_i x_j) / sum_{i != j}(x_i x_j)

    The expectation is ``sum(w) / (n (n - 1))``. High values together make it greater, low ones
    less. The variance is that under randomisation; there is none under normality.

    Parameters
    ----------
    values : array-like of float, or Counts
        One per unit, none negative; NaN is a missing value.
    weights, permutations, alternative, islands, seed, random_state, n_jobs
        As for `moran`. ``islands="left_out"`` is the default of spdep's ``globalG.test``.

    Returns
    -------
    GlobalStatistic

    References
    ----------
    Getis & Ord 1992, Geographical Analysis 24:189, doi:10.1111/j.1538-4632.1992.tb00261.x.

    Examples
    --------
    >>> import brandpunt as bp
    >>> street = bp.Weights.lattice((1, 6))
    >>> bp.getis_ord_g([1, 2, 2, 7, 9, 8], street, seed=0)
    <GlobalStatistic: 0.485893, expected 0.333333, z 1.637, p 0.1674, 6 units>
    """
    found = _brandpunt.getis_ord_g(
        _column(values, "values"),
        weights_of(weights)._core,
        whole(permutations, "permutations"),
        alternative,
        islands,
        seed_of(seed, random_state),
        n_jobs,
    )
    return _statistic(found)


@checked
def incremental_autocorrelation(
    values: ArrayLike | Counts,
    points: Any,
    *,
    distances: ArrayLike | None = None,
    steps: int = 10,
    row_standardise: bool = True,
    level: float = 0.05,
    n_jobs: int | None = None,
) -> IncrementalAutocorrelation:
    """At what distance do like values lie together most clearly?

    Moran's I with points up to each distance apart as neighbours. A peak is a distance with a
    greater z than those before and after, above 0 and with p at most `level`; the ends of the list
    are none. Peaks help to choose the band of a local statistic; that many distances were tried
    is not corrected for.

    Parameters
    ----------
    values : array-like of float, or Counts
        One per point; NaN is a missing value.
    points : Incidents, Neighbourhoods, GeoDataFrame, or array-like of shape (n, 2)
        In metres; of areas, the centroids are taken.
    distances : array-like of float, optional
        In metres, ascending. When left out they begin where every point has a neighbour and go up
        by the mean distance to the nearest neighbour.
    steps : int, default 10
        How many distances there are when they are left out.
    row_standardise : bool, default True
        Whether weights are divided by the sum of their row.
    level : float, default 0.05
        The greatest p of a peak.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.

    Returns
    -------
    IncrementalAutocorrelation

    Examples
    --------
    >>> import brandpunt as bp
    >>> points = [[0, 0], [1, 0], [2, 0], [10, 0], [11, 0], [12, 0]]
    >>> found = bp.incremental_autocorrelation([1, 2, 1, 8, 9, 8], points, distances=[1, 2, 11])
    >>> found.z.round(2)
    array([2.31, 2.97, 0.8 ])
    >>> found.max_peak
    2.0
    """
    found = _brandpunt.incremental_autocorrelation(
        _column(values, "values"),
        *places(points),
        None if distances is None else floats(distances, "distances"),
        whole(steps, "steps"),
        row_standardise,
        float(level),
        n_jobs,
    )
    return IncrementalAutocorrelation(**{**found, "warnings": notes(found["warnings"])})


def _column(values: Any, name: str) -> Any:
    return floats(column_of(values)[0], name)


def _statistic(found: dict[str, Any]) -> GlobalStatistic:
    return GlobalStatistic(**{**found, "warnings": notes(found["warnings"])})
