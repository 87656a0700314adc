"""How few places hold how much?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._counting import Counts
from brandpunt._inputs import floats, missing, texts, whole
from brandpunt._notes import Note, notes
from brandpunt._outputs import axes, table
from brandpunt._seed import Seed, seed_of
from brandpunt._tabular import Tabular
from brandpunt._value import Value
from brandpunt.exceptions import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

MEASURES = ("gini", "generalised_gini", "theil", "top_share", "units_share")

# Told apart by colour-blind eyes (Okabe & Ito), and in grey.
SEEN, CHANCE = "#d55e00", "#0072b2"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Concentration(Tabular, Value):
    """How unevenly counts are spread over units, beside what chance alone makes of it.

    Every measure ``m`` comes with ``expected_m``, ``low_m``, ``high_m`` and ``p_m``: mean, interval
    and the chance of a concentration at least as strong, if every incident fell on any unit alike.
    They are NaN with ``simulations=0``, and everything is NaN without incidents.

    Attributes
    ----------
    gini : float
        0 when all units hold the same, ``1 - 1/n`` when one holds everything.
    generalised_gini : float
        0 when incidents are spread as evenly as their number allows.
    theil : float
        Theil's T, from 0 to ``ln(n)``.
    theil_between, theil_within : float or None
        Its parts between and within groups, which add up to it.
    top_share : float
        Share of the incidents on the top 5 % of the units, or of another `top`.
    units_share : float
        Smallest share of the units that holds 80 % of the incidents, or another `share`.
    p : float
        That of the Gini coefficient, plain and generalised.
    lorenz : numpy.ndarray of float, shape (units + 1, 2)
        Share of the units with the lowest counts, and share of the incidents they hold.
    band_units, band_expected, band_low, band_high : numpy.ndarray of float
        The curve under chance alone, each point by itself.
    units, missing, total : int
        Units with a count, units left out because it is NaN, and incidents.
    share, top, level : float
        As given.
    simulations : int
        As given.
    warnings : tuple of Note
        What a reader must know.
    """

    gini: float
    generalised_gini: float
    theil: float
    theil_between: float | None
    theil_within: float | None
    top_share: float
    units_share: float
    expected_gini: float
    expected_generalised_gini: float
    expected_theil: float
    expected_top_share: float
    expected_units_share: float
    low_gini: float
    low_generalised_gini: float
    low_theil: float
    low_top_share: float
    low_units_share: float
    high_gini: float
    high_generalised_gini: float
    high_theil: float
    high_top_share: float
    high_units_share: float
    p_gini: float
    p_generalised_gini: float
    p_theil: float
    p_top_share: float
    p_units_share: float
    lorenz: NDArray[np.float64]
    band_units: NDArray[np.float64]
    band_expected: NDArray[np.float64]
    band_low: NDArray[np.float64]
    band_high: NDArray[np.float64]
    units: int
    missing: int
    total: int
    share: float
    top: float
    simulations: int
    level: float
    warnings: tuple[Note, ...]

    @property
    def p(self) -> float:
        """Chance of a Gini coefficient at least as high."""
        return self.p_gini

    def to_pandas(self) -> Any:
        """Give one row per measure: value, expected, low, high and p."""
        columns = {
            name: np.array([getattr(self, prefix + measure) for measure in MEASURES])
            for name, prefix in [
                ("value", ""),
                ("expected", "expected_"),
                ("low", "low_"),
                ("high", "high_"),
                ("p", "p_"),
            ]
        }
        return table(columns, list(MEASURES))

    def plot(self, *, ax: Any = None) -> Any:
        """Draw the Lorenz curve with matplotlib, with the band of chance and the even line.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.

        Returns
        -------
        matplotlib.axes.Axes
        """
        ax = axes(ax)
        ax.plot([0, 1], [0, 1], color="0.6", linewidth=0.8, label="all units alike")
        if self.band_units.size:
            label = f"chance alone, {100 * self.level:g} %"
            band = {"color": CHANCE, "alpha": 0.25, "linewidth": 0, "label": label}
            ax.fill_between(self.band_units, self.band_low, self.band_high, **band)
            ax.plot(self.band_units, self.band_expected, color=CHANCE, linestyle="--")
        if self.lorenz.size:
            label = f"seen, Gini {self.gini:.2f}"
            ax.plot(self.lorenz[:, 0], self.lorenz[:, 1], color=SEEN, label=label)
        ax.set_xlabel("share of the units, those with least first")
        ax.set_ylabel("share of the incidents")
        ax.set_xlim(0, 1)
        ax.set_ylim(0, 1)
        ax.set_aspect("equal")
        ax.legend(loc="upper left", frameon=False)
        return ax

    def __repr__(self) -> str:
        return (
            f"<Concentration: {self.total} incidents on {self.units} units, "
            f"{100 * self.share:g} % on {100 * self.units_share:.3g} % of them "
            f"({100 * self.expected_units_share:.3g} % by chance); "
            f"generalised Gini {self.generalised_gini:.3g} "
            f"({self.expected_generalised_gini:.3g} by chance), p {self.p:.3g}>"
        )


@checked
def concentration(
    counts: ArrayLike | Counts,
    *,
    groups: Iterable[Any] | None = None,
    share: float = 0.8,
    top: float = 0.05,
    simulations: int = 999,
    level: float = 0.95,
    seed: Seed = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
) -> Concentration:
    """How few units hold how much: Lorenz curve, Gini, Theil, 80/20, all beside chance alone.

    With counts x in ascending order on n units, c incidents, shares ``y = x / c`` and ``m = c / n``::

        Gini              G  = (2 sum(i y_i) - n - 1) / n
        generalised Gini  G' = max(1/c, 1/n) (2 sum(i y_i) - n - 1) - max(n/c, 1) + 1
        Theil             T  = sum(x_i/m ln(x_i/m)) / n

    With fewer incidents than units some units must be empty, and G is high even when no unit has
    more than one; G' is 0 then. Few incidents also share units by chance: compare every measure
    with what is expected when each incident falls on any unit alike. Units of different size are
    not alike, so use equal cells, or addresses, where that matters.

    Parameters
    ----------
    counts : array-like of int, or Counts
        Incidents per unit (neighbourhood, cell, address), empty ones included; of counts by period
        the sums are taken. NaN is a missing value: the unit is left out.
    groups : iterable, optional
        The group of each unit, such as its *wijk*; splits Theil's T.
    share : float, default 0.8
        Share of the incidents whose units are counted, those with most first.
    top : float, default 0.05
        Share of the units whose incidents are counted; a part of a unit counts as such.
    simulations : int, default 999
        Maps of chance alone; 0 for none.
    level : float, default 0.95
        Level of the intervals.
    seed : int or numpy.random.Generator, optional
        Makes the simulation reproducible.
    random_state : optional
        Another name for `seed`.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.

    Returns
    -------
    Concentration

    References
    ----------
    Bernasco & Steenbeek 2017, Journal of Quantitative Criminology 33:451,
    doi:10.1007/s10940-016-9324-7; Shorrocks 1980, Econometrica 48:613, doi:10.2307/1913126.

    Examples
    --------
    >>> import brandpunt as bp
    >>> addresses = [0] * 40 + [1] * 6 + [2, 2, 5]
    >>> found = bp.concentration(addresses, seed=0)
    >>> round(found.gini, 3), round(found.generalised_gini, 3)
    (0.873, 0.587)
    >>> found.expected_gini < found.gini
    True
    """
    if isinstance(counts, Counts):
        counts = counts.values.sum(axis=1) if counts.periods else counts.values
    found = _brandpunt.concentration(
        floats(counts, "counts"),
        None if groups is None else numbered(groups, "groups"),
        float(share),
        float(top),
        whole(simulations, "simulations"),
        float(level),
        seed_of(seed, random_state),
        n_jobs,
    )
    parts = found.pop("theil_parts")
    figures: dict[str, float] = {}
    for measure in MEASURES:
        named = (prefix + measure for prefix in ("", "expected_", "low_", "high_", "p_"))
        figures |= dict(zip(named, found.pop(measure), strict=True))
    return Concentration(
        theil_between=None if parts is None else parts[0],
        theil_within=None if parts is None else parts[1],
        share=float(share),
        top=float(top),
        simulations=int(simulations),
        level=float(level),
        **{**figures, **found, "warnings": notes(found["warnings"])},
    )


def numbered(values: Iterable[Any], name: str) -> NDArray[np.uint32]:
    """Numbers for labels; equal labels get one number."""
    numbers: dict[Any, int] = {}
    out = []
    for at, label in enumerate(texts(values, name)):
        if missing(label):
            message = f"`{name}` is missing at position {at}; give every row a label"
            raise InputError(message, "missing_column")
        out.append(numbers.setdefault(label, len(numbers)))
    return np.array(out, dtype=np.uint32)
