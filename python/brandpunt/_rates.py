"""How much for its people?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._concentration import numbered
from brandpunt._counting import Counts
from brandpunt._inputs import floats, index_of, integers, table_of, texts
from brandpunt._outputs import labels
from brandpunt._results import (
    Change,
    ChangeGroups,
    Rates,
    StandardisedRates,
    StandardisedRatios,
)
from brandpunt._weights import WeightsLike, weights_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike


@checked
def rates(
    counts: ArrayLike | Counts,
    population: ArrayLike,
    *,
    per: float = 1000,
    level: float = 0.95,
    interval: str = "exact",
    smoothing: str | None = None,
    weights: WeightsLike | None = None,
) -> Rates:
    """How many incidents are there per so many people, and how sure is that?

    Parameters
    ----------
    counts : array-like of int, or Counts
        Incidents per area.
    population : array-like of float
        People per area; NaN where none is published.
    per : float, default 1000
        The size of the group the rate is given for.
    level : float, default 0.95
        The level of the interval.
    interval : {"exact", "byar"}
        The exact Poisson interval (Garwood 1936), or Byar's approximation.
    smoothing : {"global", "binomial", "local", "local_spdep"}, optional
        Draws rates of areas with few people towards that of the map, or of the area and its
        neighbours (empirical Bayes, Marshall 1991); ``"local_spdep"`` centres as spdep does, and
        ``"binomial"`` is for counts out of so many, such as dwellings with nuisance out of all
        (Martuzzi & Elliott 1996).
    weights : Weights, scipy.sparse matrix or libpysal weights, optional
        The neighbours, for local smoothing.

    Returns
    -------
    Rates
        NaN, never zero or infinite, where people are zero or not known.

    Examples
    --------
    >>> import brandpunt as bp
    >>> found = bp.rates([3, 0, 5], [1_500, 700, float("nan")])
    >>> found.rate
    array([ 2.,  0., nan])
    >>> found.high.round(3)
    array([5.845, 5.27 ,   nan])
    """
    numbers, index = counted(counts, "counts")
    table = _brandpunt.rates(
        numbers,
        floats(population, "population"),
        float(per),
        float(level),
        interval,
        smoothing,
        None if weights is None else weights_of(weights)._core,
    )
    return Rates(**table, per=float(per), level=float(level), index=index)


@checked
def change(
    counts: ArrayLike | Counts,
    population: ArrayLike,
    baseline_counts: ArrayLike | Counts,
    baseline_population: ArrayLike,
    *,
    groups: Iterable[Any] | None = None,
    overdispersion: float | ArrayLike | None = None,
    overdispersion_freedom: float | ArrayLike | None = None,
    target: float | None = None,
    elapsed: float = 1.0,
    per: float = 1000,
    level: float = 0.95,
    correction: str = "fdr",
) -> Change:
    """Is the rate higher or lower than before, per area, per group of areas and in the city?

    Given the total of both periods, the incidents of this one are binomial if nothing changed; the
    interval of the ratio is Clopper-Pearson's carried over. The E-test stands beside it, the
    difference has the interval of Zou & Donner (2008), and the change of the count is split into
    ``(r1 - r0) (N1 + N0) / 2`` from the rate and ``(N1 - N0) (r1 + r0) / 2`` from the people.

    With `overdispersion` the interval and p of both counts divided by it stand beside the plain
    ones: quasi-Poisson for many incidents, exact where it is 1.

    Parameters
    ----------
    counts, population : array-like
        Incidents and people per area now.
    baseline_counts, baseline_population : array-like
        Incidents and people per area then.
    groups : iterable, optional
        A label per area, such as its district; q is corrected within each level.
    overdispersion : float or array-like, optional
        Variance divided by mean, for all areas or per area; see `series_dispersion`.
    overdispersion_freedom : float or array-like, optional
        Degrees of freedom of an estimated `overdispersion`: steps less one, times the areas that
        were pooled. Intervals and p-values are widened as Student's t is; without, it counts as
        known. With fewer than 22, such as 12 months of one area, they cover less than they say.
    target : float, optional
        The share of the rate then that is aimed at: 1 for no more, 0.8 for 20 % less. Reached if
        the whole interval of the ratio is at or below it (the wider one where there are two).
    elapsed : float, default 1
        The share of the time to the target that has passed. On course if the interval is at or
        below ``target ** elapsed``, not reached if it is above that.
    per : float, default 1000
        The size of the group the rates are given for.
    level : float, default 0.95
        The level of the interval; a change is clear when its q is at most one minus it.
    correction : {"fdr", "fdr_by", "holm", "bonferroni", "none"}
        How p-values are corrected for the number of areas.

    Returns
    -------
    Change

    References
    ----------
    Krishnamoorthy & Thomson 2004, doi:10.1016/S0378-3758(02)00408-1; Zou & Donner 2008,
    doi:10.1002/sim.3095; Kitagawa 1955, doi:10.1080/01621459.1955.10501299.

    Examples
    --------
    >>> import brandpunt as bp
    >>> found = bp.change([61], [42_000], [84], [40_000])
    >>> found.ratio.round(6), found.low.round(6), found.high.round(6)
    (array([0.69161]), array([0.489024]), array([0.97325]))
    >>> found.status
    array(['lower'], dtype=object)
    """
    numbers, index = counted(counts, "counts")
    names = None if groups is None else texts(groups, "groups")

    def per_area(given: float | ArrayLike | None, name: str) -> Any:
        if given is None:
            return None
        return floats(np.broadcast_to(np.asarray(given, dtype=np.float64), numbers.shape), name)

    tables = _brandpunt.change(
        numbers,
        floats(population, "population"),
        counted(baseline_counts, "baseline_counts")[0],
        floats(baseline_population, "baseline_population"),
        None if names is None else numbered(names, "groups"),
        per_area(overdispersion, "overdispersion"),
        per_area(overdispersion_freedom, "overdispersion_freedom"),
        None if target is None else (float(target), float(elapsed)),
        float(per),
        float(level),
        correction,
    )
    for table in tables:
        table |= {"per": float(per), "level": float(level)}
        for name in ("status", "quasi_status", "target_status"):
            if name in table:
                table[name] = labels(table[name])
    areas, sums, city = tables
    sums["group"] = labels(list(dict.fromkeys(names or [])))
    city["group"] = labels(["city"])
    return Change(
        **areas,
        groups=None if names is None else ChangeGroups(**sums),
        city=ChangeGroups(**city),
        index=index,
    )


@checked
def series_dispersion(series: ArrayLike, *, groups: Iterable[Any] | None = None) -> Any:
    """How much more do counts vary over time than independent incidents?

    Per area ``X2 = sum((count - mean)**2) / mean`` on ``steps - 1`` degrees of freedom; summed over
    the areas of a group, their ratio is near 1 for independent incidents at a constant rate.
    Seasons, trends and series of reports raise it.

    Parameters
    ----------
    series : array-like of int, shape (areas, steps)
        Counts over steps of equal length, such as the months before a change.
    groups : iterable, optional
        A label per area; areas with one label share their number.

    Returns
    -------
    numpy.ndarray
        Per area; NaN without incidents.

    Examples
    --------
    >>> import brandpunt as bp
    >>> bp.series_dispersion([[4, 4, 4, 4], [1, 7, 0, 8]])
    array([0.        , 4.16666667])
    """
    counts = table_of(series, "series")
    return _brandpunt.series_dispersion(
        integers(counts.ravel(), "series"),
        counts.shape[1],
        None if groups is None else numbered(groups, "groups"),
    )


@checked
def direct_standardisation(
    counts: ArrayLike,
    population: ArrayLike,
    *,
    standard: ArrayLike | None = None,
    per: float = 1000,
    level: float = 0.95,
) -> StandardisedRates:
    """What would the rate be if every area had the same mix of people?

    ``rate = per * sum(w * O / N)`` over the strata, with the limits of Dobson and others (1991).

    Parameters
    ----------
    counts, population : array-like, shape (areas, strata)
        Incidents and people by stratum, such as an age group.
    standard : array-like, optional
        People of the standard population by stratum; at first those of all areas together.
    per : float, default 1000
        The size of the group the rate is given for.
    level : float, default 0.95
        The level of the interval.

    Returns
    -------
    StandardisedRates

    References
    ----------
    Dobson, Kuulasmaa, Eberle & Scherer 1991, doi:10.1002/sim.4780100317.

    Examples
    --------
    >>> import brandpunt as bp
    >>> bp.direct_standardisation([[8, 2]], [[200, 400]], standard=[1, 3]).rate
    array([13.75])
    """
    numbers, people = table_of(counts, "counts"), table_of(population, "population")
    weights = np.nansum(people, axis=0) if standard is None else floats(standard, "standard")
    found = _brandpunt.direct_standardisation(
        integers(numbers.ravel(), "counts"),
        people.ravel(),
        weights.tolist(),
        float(per),
        float(level),
    )
    return StandardisedRates(**found, per=float(per), level=float(level), index=index_of(counts))


@checked
def indirect_standardisation(
    counts: ArrayLike,
    population: ArrayLike,
    *,
    standard_rates: ArrayLike | None = None,
    level: float = 0.95,
) -> StandardisedRatios:
    """How many more incidents than such people have elsewhere?

    ``expected = sum(R * N)`` over the strata, ``ratio = O / expected`` with exact limits (SIR).

    Parameters
    ----------
    counts : array-like, shape (areas, strata) or (areas,)
        Incidents by stratum; per area only with `standard_rates`.
    population : array-like, shape (areas, strata)
        People by stratum.
    standard_rates : array-like, optional
        Incidents per person of the standard by stratum; at first those of all areas together.
    level : float, default 0.95
        The level of the interval.

    Returns
    -------
    StandardisedRatios

    References
    ----------
    Breslow & Day 1987, Statistical Methods in Cancer Research II, chapter 2.

    Examples
    --------
    >>> import brandpunt as bp
    >>> found = bp.indirect_standardisation([12], [[200, 400]], standard_rates=[0.04, 0.005])
    >>> found.expected, found.ratio
    (array([10.]), array([1.2]))
    """
    people = table_of(population, "population")
    totals = np.ndim(counts) == 1
    numbers = floats(counts, "counts") if totals else table_of(counts, "counts")
    found = _brandpunt.indirect_standardisation(
        integers(numbers.ravel(), "counts"),
        people.ravel(),
        people.shape[1],
        totals,
        None if standard_rates is None else floats(standard_rates, "standard_rates").tolist(),
        float(level),
    )
    return StandardisedRatios(**found, level=float(level), index=index_of(counts))


def counted(counts: Any, name: str) -> tuple[Any, Any]:
    """Whole numbers per area, and the index they came with."""
    if isinstance(counts, Counts):
        return integers(counts.values, name), counts.index
    index = index_of(counts)
    return integers(counts, name), index
