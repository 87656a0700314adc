"""Does a rate rise or fall from year to year?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._concentration import CHANCE, SEEN
from brandpunt._inputs import index_of, integers, table_of, whole
from brandpunt._outputs import axes, frozen, labels
from brandpunt._results import Columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Trend(Columns):
    """Trends of yearly rates, in input order; NaN where there is none.

    Attributes
    ----------
    ratio : numpy.ndarray
        Rate of a year divided by that of the year before.
    low, high : numpy.ndarray
        Ends of its interval.
    p, q : numpy.ndarray
        Two-sided p-value of no trend, plain and corrected for the number of areas.
    overdispersion : numpy.ndarray
        Variance divided by mean around the trend, at least 1.
    years_used : numpy.ndarray of int
        Years that the trend rests on.
    status : numpy.ndarray of str
        ``"falling"``, ``"rising"``, ``"no clear trend"`` or ``"cannot tell"``.
    rates, fitted : tuple of numpy.ndarray
        Per area, the rates seen and fitted by year, per `per` people.
    years : tuple of int
        As given.
    unusual : tuple of bool
        Per year, whether it touches March 2020 to February 2022.
    per, level : float
        As given.
    """

    ratio: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    p: NDArray[np.float64]
    q: NDArray[np.float64]
    overdispersion: NDArray[np.float64]
    years_used: NDArray[np.uint64]
    status: NDArray[np.object_]
    rates: tuple[NDArray[np.float64], ...]
    fitted: tuple[NDArray[np.float64], ...]
    years: tuple[int, ...]
    unusual: tuple[bool, ...]
    per: float
    level: float

    def plot(self, area: int = 0, *, ax: Any = None) -> Any:
        """Draw the rates of one area and its trend with matplotlib; unusual years are hollow.

        Parameters
        ----------
        area : int, default 0
            The position of the area.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.

        Returns
        -------
        matplotlib.axes.Axes
        """
        ax = axes(ax)
        years, unusual = np.array(self.years), np.array(self.unusual)
        rates = self.rates[area]
        ax.plot(years, self.fitted[area], color=CHANCE, linestyle="--", label="trend")
        ax.plot(years[~unusual], rates[~unusual], "o", color=SEEN, label="rate")
        if unusual.any():
            hollow = {"color": SEEN, "markerfacecolor": "none", "label": "rate, Mar 2020-Feb 2022"}
            ax.plot(years[unusual], rates[unusual], "o", **hollow)
        ax.set_xlabel("year")
        ax.set_ylabel(f"incidents per {self.per:,g} people")
        ax.set_xticks(years)
        ax.set_ylim(bottom=0)
        ax.legend(frameon=False)
        return ax


@checked
def trend(
    counts: ArrayLike,
    population: ArrayLike,
    *,
    years: Iterable[int],
    exclude_unusual: bool = False,
    per: float = 1000,
    level: float = 0.95,
    correction: str = "fdr",
) -> Trend:
    """Does the rate of each area rise or fall from year to year?

    Counts are quasi-Poisson with mean ``N exp(a + b t)``, a log-linear model with the people as
    offset; ``ratio = exp(b)``. The variance is ``max(1, X2 / (n - 2))`` times the mean, and interval
    and p are those of Student's t with n - 2 degrees of freedom for n years.

    Parameters
    ----------
    counts, population : array-like, shape (areas, years)
        Incidents and people per year; one row for one area. NaN where people are not known.
    years : iterable of int
        The years of the columns, rising.
    exclude_unusual : bool, default False
        Leave years out that touch March 2020 to February 2022, when reports rose with the measures
        against the epidemic.
    per : float, default 1000
        The size of the group rates are given for.
    level : float, default 0.95
        The level of the interval; a trend is clear when its q is at most one minus it.
    correction : {"fdr", "fdr_by", "holm", "bonferroni", "none"}
        How p-values are corrected for the number of areas.

    Returns
    -------
    Trend

    References
    ----------
    McCullagh & Nelder 1989, Generalized Linear Models, chapter 6.

    Examples
    --------
    >>> import brandpunt as bp
    >>> found = bp.trend([[200, 160, 128, 102]], [[10_000] * 4], years=range(2016, 2020))
    >>> found.ratio.round(3), found.status
    (array([0.799]), array(['falling'], dtype=object))
    """
    numbers = table_of(np.atleast_2d(np.asarray(counts)), "counts")
    people = table_of(np.atleast_2d(np.asarray(population)), "population")
    calendar = tuple(whole(year, "years") for year in years)
    found = _brandpunt.trend(
        list(calendar),
        integers(numbers.ravel(), "counts"),
        people.ravel(),
        bool(exclude_unusual),
        float(per),
        float(level),
        correction,
    )
    found["status"] = labels(found["status"])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        seen = np.where(people > 0, float(per) * numbers / people, np.nan)
    fitted = found.pop("fitted").reshape(numbers.shape)
    return Trend(
        **{**found, "unusual": tuple(bool(mark) for mark in found["unusual"])},
        rates=tuple(frozen(row.copy()) for row in seen),
        fitted=tuple(frozen(row.copy()) for row in fitted),
        years=calendar,
        per=float(per),
        level=float(level),
        index=index_of(counts),
    )
