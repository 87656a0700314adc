"""How much for its people?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brandpunt import _brandpunt
from brandpunt._counting import Counts
from brandpunt._inputs import floats, integers
from brandpunt._outputs import labels
from brandpunt._results import Change, Rates
from brandpunt._weights import WeightsLike, weights_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


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
    smoothing : {"global", "local", "local_spdep"}, optional
        Draws rates of areas with few people towards that of the map, or of the area and its
        neighbours (empirical Bayes, Marshall 1991); ``"local_spdep"`` centres as spdep does.
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
    numbers, index = _counted(counts, "counts")
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


def change(
    counts: ArrayLike | Counts,
    population: ArrayLike,
    baseline_counts: ArrayLike | Counts,
    baseline_population: ArrayLike,
    *,
    per: float = 1000,
    level: float = 0.95,
    correction: str = "fdr",
) -> Change:
    """Is the rate higher or lower than before?

    Given the total of both periods, the incidents of this one are binomial if nothing changed; the
    interval of the ratio is Clopper-Pearson's carried over.

    Parameters
    ----------
    counts, population : array-like
        Incidents and people per area now.
    baseline_counts, baseline_population : array-like
        Incidents and people per area then.
    per : float, default 1000
        The size of the group the difference is given for.
    level : float, default 0.95
        The level of the interval; a change is clear when its q is at most one minus it.
    correction : {"fdr", "fdr_by", "holm", "bonferroni", "none"}
        How p-values are corrected for the number of areas.

    Returns
    -------
    Change

    Examples
    --------
    >>> import brandpunt as bp
    >>> found = bp.change([61], [42_000], [84], [40_000])
    >>> found.ratio.round(6), found.low.round(6), found.high.round(6)
    (array([0.69161]), array([0.489024]), array([0.97325]))
    >>> found.status
    array(['lower'], dtype=object)
    """
    numbers, index = _counted(counts, "counts")
    table = _brandpunt.change(
        numbers,
        floats(population, "population"),
        _counted(baseline_counts, "baseline_counts")[0],
        floats(baseline_population, "baseline_population"),
        float(per),
        float(level),
        correction,
    )
    table["status"] = labels(table["status"])
    return Change(**table, per=float(per), level=float(level), index=index)


def _counted(counts: Any, name: str) -> tuple[Any, Any]:
    """Whole numbers per area, and the index they came with."""
    if isinstance(counts, Counts):
        return integers(counts.values, name), counts.index
    index = counts.index if hasattr(counts, "iloc") else None
    return integers(counts, name), index
