"""Which areas lie outside what chance makes of the city's rate?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._concentration import CHANCE, SEEN
from brandpunt._inputs import floats
from brandpunt._outputs import axes, labels
from brandpunt._rates import counted
from brandpunt._results import Columns

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from brandpunt._counting import Counts


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Funnel(Columns):
    """Rates with limits around the common rate, in input order; NaN where not defined.

    Attributes
    ----------
    rate, expected : numpy.ndarray
        Incidents per `per` people, and incidents expected at the common rate.
    low, high, far_low, far_high : numpy.ndarray
        Limits at the inner and the outer level, per `per` people.
    status : numpy.ndarray of str
        ``"far below"``, ``"below"``, ``"within"``, ``"above"``, ``"far above"`` or
        ``"cannot tell"``.
    population : numpy.ndarray
        As given.
    common_rate : float
        The common rate, per `per` people.
    levels : tuple of float
        As given.
    per : float
        As given.
    """

    rate: NDArray[np.float64]
    expected: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    far_low: NDArray[np.float64]
    far_high: NDArray[np.float64]
    status: NDArray[np.object_]
    population: NDArray[np.float64]
    common_rate: float
    levels: tuple[float, float]
    per: float

    def plot(self, *, ax: Any = None) -> Any:
        """Draw the rates against the people, with both pairs of limits, with matplotlib.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.

        Returns
        -------
        matplotlib.axes.Axes
        """
        ax = axes(ax)
        known = np.isfinite(self.far_high)
        if known.any():
            people = np.geomspace(self.population[known].min(), self.population[known].max(), 300)
            rate, nobody = self.common_rate, np.zeros(people.size, dtype=np.int64)
            at = _brandpunt.funnel(nobody, people, rate, self.levels, self.per)
            for pair, level, line in (("", self.levels[0], "--"), ("far_", self.levels[1], "-")):
                style = {"color": CHANCE, "linestyle": line, "linewidth": 0.9}
                ax.plot(people, at[pair + "high"], label=f"{100 * level:g} % limits", **style)
                ax.plot(people, at[pair + "low"], **style)
            ax.axhline(rate, color="0.5", linewidth=0.8, label="common rate")
        inside = known & (self.status == "within")
        beyond = known & ~inside
        ax.plot(self.population[inside], self.rate[inside], ".", color="0.4", label="within")
        ax.plot(self.population[beyond], self.rate[beyond], "D", color=SEEN, label="beyond")
        ax.set_xscale("log")
        ax.set_xlabel("people")
        ax.set_ylabel(f"incidents per {self.per:,g} people")
        ax.set_ylim(bottom=0)
        ax.legend(loc="upper right", frameon=False)
        return ax


@checked
def funnel(
    counts: ArrayLike | Counts,
    population: ArrayLike,
    *,
    rate: float | None = None,
    levels: tuple[float, float] = (0.95, 0.998),
    per: float = 1000,
) -> Funnel:
    """Which areas lie outside what chance makes of the common rate?

    A count is beyond a limit if a Poisson count of the same expectation is as far out with a
    probability of at most half of one minus the level. Between whole counts the logarithm of that
    probability is taken as straight, so limits are smooth and say what the status says.

    Parameters
    ----------
    counts : array-like of int, or Counts
        Incidents per area.
    population : array-like of float
        People per area; NaN where none is published.
    rate : float, optional
        The common rate per `per` people; at first that of all areas together.
    levels : tuple of float, default (0.95, 0.998)
        Levels of the inner and the outer limits.
    per : float, default 1000
        The size of the group rates are given for.

    Returns
    -------
    Funnel

    References
    ----------
    Spiegelhalter 2005, doi:10.1002/sim.1970.

    Examples
    --------
    >>> import brandpunt as bp
    >>> bp.funnel([9, 30, 3], [1000, 1000, float("nan")], rate=10).status
    array(['within', 'far above', 'cannot tell'], dtype=object)
    """
    numbers, index = counted(counts, "counts")
    people = floats(population, "population").copy()
    inner, outer = (float(level) for level in levels)
    common = None if rate is None else float(rate)
    found = _brandpunt.funnel(numbers, people, common, (inner, outer), float(per))
    found["status"] = labels(found["status"])
    people.flags.writeable = False
    return Funnel(**found, population=people, levels=(inner, outer), per=float(per), index=index)
