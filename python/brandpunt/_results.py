"""Results that are columns, one number per unit in input order."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt._outputs import ReadOnlyArrays, table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from brandpunt._notes import Note


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Columns(ReadOnlyArrays):
    """Read-only columns of equal length."""

    index: Any = field(default=None)

    def to_pandas(self) -> Any:
        """Give the columns as a data frame, with the index of the input where it had one."""
        columns = {
            f.name: values
            for f in fields(self)
            if isinstance(values := getattr(self, f.name), np.ndarray) and f.name != "index"
        }
        return table(columns, self.index)

    def __len__(self) -> int:
        return next(
            len(values)
            for f in fields(self)
            if isinstance(values := getattr(self, f.name), np.ndarray)
        )

    def __repr__(self) -> str:
        names = [f.name for f in fields(self) if isinstance(getattr(self, f.name), np.ndarray)]
        return f"<{type(self).__name__}: {len(self)} rows of {', '.join(names)}>"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class _Judged(Columns):
    z: NDArray[np.float64]
    p: NDArray[np.float64]
    q: NDArray[np.float64]
    p_greater: NDArray[np.float64]
    p_less: NDArray[np.float64]
    statistic: NDArray[np.float64]
    expected: NDArray[np.float64]
    variance: NDArray[np.float64]
    tests: int
    inference: str
    warnings: tuple[Note, ...]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LocalStatistics(_Judged):
    """A local statistic with its inference, in input order; NaN where it is not defined.

    Attributes
    ----------
    statistic : numpy.ndarray
        Weighted sum of the values around each unit.
    expected, variance : numpy.ndarray
        Its moments under the null.
    z : numpy.ndarray
        Standardised statistic.
    p : numpy.ndarray
        p-value for the alternative asked for.
    q : numpy.ndarray
        p-value after correction for the number of tests.
    hotspot_class : numpy.ndarray of int8
        Sign of `z` times 3, 2, 1 for `q` at most 0.01, 0.05, 0.10; else 0.
    p_greater, p_less : numpy.ndarray
        Probability of a sum at least, and at most, as large.
    tests : int
        Number of tests corrected for.
    inference : str
        The inference that was used in the end.
    warnings : tuple of Note
        What a reader must know.
    """

    hotspot_class: NDArray[np.int8]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LocalAssociation(_Judged):
    """A local statistic of association, in input order; NaN where it is not defined.

    Attributes
    ----------
    statistic : numpy.ndarray
        The statistic.
    expected, variance : numpy.ndarray
        Its moments under the null.
    z : numpy.ndarray
        Standardised statistic.
    p : numpy.ndarray
        p-value for the alternative asked for.
    q : numpy.ndarray
        p-value after correction for the number of tests.
    quadrant : numpy.ndarray of str
        ``"HH"``, ``"LL"``, ``"HL"``, ``"LH"``, ``"other positive"`` or ``"negative"`` where `q` is
        at most the level, else ``"not significant"``; ``"undefined"`` where nothing was tested.
    p_greater, p_less : numpy.ndarray
        Probability of a statistic at least, and at most, as large.
    tests : int
        Number of tests corrected for.
    inference : str
        The inference that was used in the end.
    warnings : tuple of Note
        What a reader must know.
    """

    quadrant: NDArray[np.object_]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class GlobalStatistic:
    """A statistic of a whole map with its inference; NaN where it is not defined.

    Attributes
    ----------
    statistic : float
        The statistic.
    expected : float
        Its expectation when place does not matter.
    variance : float
        Its variance then, under the assumption asked for.
    z : float
        ``(statistic - expected) / sqrt(variance)``.
    p_normal : float
        Normal p-value of `z`, for the alternative asked for.
    z_randomisation, z_normality : float
        z with the variance under either assumption.
    p : float
        p-value by permutation, for the alternative asked for.
    p_greater, p_less : float
        Share of permutations with a statistic at least, and at most, as large:
        ``(M + 1) / (R + 1)``.
    replicates : int
        How many permutations there were.
    n : int
        How many units the statistic is of.
    islands : int
        How many units with a value have no neighbour with one.
    warnings : tuple of Note
        What a reader must know.
    """

    statistic: float
    expected: float
    variance: float
    z: float
    p_normal: float
    z_randomisation: float
    z_normality: float
    p: float
    p_greater: float
    p_less: float
    replicates: int
    n: int
    islands: int
    warnings: tuple[Note, ...]

    def __repr__(self) -> str:
        numbers = f"{self.statistic:.6g}, expected {self.expected:.6g}, z {self.z:.4g}"
        return f"<{type(self).__name__}: {numbers}, p {self.p:.4g}, {self.n} units>"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class IncrementalAutocorrelation(Columns):
    """Moran's I at a list of distances, ascending; NaN where it is not defined.

    Attributes
    ----------
    distance : numpy.ndarray
        In metres.
    statistic, expected, variance : numpy.ndarray
        Moran's I with points up to that far apart as neighbours, its expectation, and its
        variance under randomisation.
    z, p : numpy.ndarray
        z, and its two-sided normal p-value.
    islands : numpy.ndarray of int64
        Points without a neighbour at that distance.
    neighbours : numpy.ndarray
        Mean number of neighbours.
    first_peak, max_peak : float or None
        Distance of the first, and of the highest, clear peak of z.
    warnings : tuple of Note
        What a reader must know.
    """

    distance: NDArray[np.float64]
    statistic: NDArray[np.float64]
    expected: NDArray[np.float64]
    variance: NDArray[np.float64]
    z: NDArray[np.float64]
    p: NDArray[np.float64]
    islands: NDArray[np.int64]
    neighbours: NDArray[np.float64]
    first_peak: float | None
    max_peak: float | None
    warnings: tuple[Note, ...]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class History(Columns):
    """The incidents of a theme per neighbourhood and step, in input order, the last step last.

    Attributes
    ----------
    step : str
        The length of a step: ``"quarter"`` where there are ten, else ``"month"`` or ``"week"``.
    periods : tuple of str
        Labels of the steps such as ``"2024-Q1"``.
    starts, ends : numpy.ndarray of datetime64
        First second inside and first second after each step, in UTC.
    count : numpy.ndarray of int64, shape (areas, steps)
        Incidents.
    sign : numpy.ndarray of int8, shape (areas, steps)
        1 where an area and its surroundings are hot, -1 where cold, else 0.
    hot_steps, cold_steps : numpy.ndarray of int
        How many steps were hot and cold.
    slope, trend_p : numpy.ndarray
        Sen's slope of the counts per step, and the p-value of its Mann-Kendall test.
    code : numpy.ndarray of str
        The codes of the areas.
    """

    step: str
    periods: tuple[str, ...]
    starts: NDArray[np.datetime64]
    ends: NDArray[np.datetime64]
    count: NDArray[np.int64]
    sign: NDArray[np.int8]
    hot_steps: NDArray[np.int64]
    cold_steps: NDArray[np.int64]
    slope: NDArray[np.float64]
    trend_p: NDArray[np.float64]
    code: NDArray[np.object_]

    def to_pandas(self) -> Any:
        """Give the counts as a data frame with one column per step."""
        columns: dict[str, Any] = {"code": self.code}
        columns |= {label: self.count[:, i] for i, label in enumerate(self.periods)}
        return table(columns, self.index)

    def __len__(self) -> int:
        return len(self.code)

    def __repr__(self) -> str:
        span = f"{self.periods[0]} to {self.periods[-1]}"
        return f"<History: {len(self)} areas x {len(self.periods)} {self.step}s, {span}>"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Years(Columns):
    """The incidents of a theme per neighbourhood and calendar year, in input order, and the city's rate.

    Attributes
    ----------
    periods : tuple of str
        The years, the period last.
    starts, ends : numpy.ndarray of datetime64
        First second inside and first second after each year, in UTC.
    count : numpy.ndarray of float64, shape (areas, years)
        Incidents; NaN where a protected result withholds them.
    city_count, city_population : numpy.ndarray
        Incidents and people of all neighbourhoods with people, per year.
    city_rate, city_rate_low, city_rate_high : numpy.ndarray
        The city's rate per `Theme.per` people, with its exact 95 % interval.
    trend, trend_low, trend_high, trend_p : float
        Rate of a year divided by that of the year before, log-linear over the years without those
        that touch March 2020 to February 2022, with its interval and p-value.
    trend_status : str
        ``"falling"``, ``"rising"``, ``"no clear trend"`` or ``"cannot tell"``.
    code : numpy.ndarray of str
        The codes of the areas.
    """

    periods: tuple[str, ...]
    starts: NDArray[np.datetime64]
    ends: NDArray[np.datetime64]
    count: NDArray[np.float64]
    city_count: NDArray[np.int64]
    city_population: NDArray[np.float64]
    city_rate: NDArray[np.float64]
    city_rate_low: NDArray[np.float64]
    city_rate_high: NDArray[np.float64]
    trend: float
    trend_low: float
    trend_high: float
    trend_p: float
    trend_status: str
    code: NDArray[np.object_]

    def to_pandas(self) -> Any:
        """Give the counts as a data frame with one column per year."""
        columns: dict[str, Any] = {"code": self.code}
        columns |= {label: self.count[:, i] for i, label in enumerate(self.periods)}
        return table(columns, self.index)

    def __len__(self) -> int:
        return len(self.code)

    def __repr__(self) -> str:
        span = f"{self.periods[0]} to {self.periods[-1]}"
        return f"<Years: {len(self)} areas, {span}, {self.trend_status}>"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Rates(Columns):
    """Incidents per so many people, in input order; NaN where people are not known.

    Attributes
    ----------
    rate : numpy.ndarray
        Incidents per `per` people.
    low, high : numpy.ndarray
        Ends of its interval.
    smoothed : numpy.ndarray or None
        Rate drawn towards a common rate, if asked for.
    per : float
        The size of the group the rate is given for.
    level : float
        The level of the interval.
    """

    rate: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    smoothed: NDArray[np.float64] | None
    per: float
    level: float


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class _Compared(Columns):
    rate: NDArray[np.float64]
    baseline_rate: NDArray[np.float64]
    ratio: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    p: NDArray[np.float64]
    q: NDArray[np.float64]
    p_e_test: NDArray[np.float64]
    difference: NDArray[np.float64]
    difference_low: NDArray[np.float64]
    difference_high: NDArray[np.float64]
    from_rate: NDArray[np.float64]
    from_population: NDArray[np.float64]
    status: NDArray[np.object_]
    overdispersion: NDArray[np.float64] | None = None
    quasi_low: NDArray[np.float64] | None = None
    quasi_high: NDArray[np.float64] | None = None
    quasi_p: NDArray[np.float64] | None = None
    quasi_q: NDArray[np.float64] | None = None
    quasi_status: NDArray[np.object_] | None = None
    target_status: NDArray[np.object_] | None = None
    per: float
    level: float


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ChangeGroups(_Compared):
    """Areas added up, with the change of the sums; other columns as in `Change`.

    Only areas whose people are known in both periods are in the sums.

    Attributes
    ----------
    group : numpy.ndarray of object
        Labels of the groups in order of appearance; ``"city"`` for the city.
    areas, left_out : numpy.ndarray of int
        Areas in the sums, and areas that are not because their people are not known.
    count, baseline_count : numpy.ndarray of int
        Incidents now and then.
    population, baseline_population : numpy.ndarray
        People now and then.
    """

    group: NDArray[np.object_]
    areas: NDArray[np.uint64]
    left_out: NDArray[np.uint64]
    count: NDArray[np.int64]
    population: NDArray[np.float64]
    baseline_count: NDArray[np.int64]
    baseline_population: NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Change(_Compared):
    """Rates compared with a baseline, in input order; NaN where there is nothing to compare.

    Attributes
    ----------
    rate, baseline_rate : numpy.ndarray
        Rates now and then, per `per` people.
    ratio : numpy.ndarray
        Rate now divided by rate then.
    low, high : numpy.ndarray
        Ends of its interval; `high` is infinite when nothing happened then.
    p : numpy.ndarray
        Two-sided p-value of no change.
    q : numpy.ndarray
        The same after correction for the number of areas.
    p_e_test : numpy.ndarray
        Two-sided p-value of the E-test (Krishnamoorthy & Thomson 2004).
    difference, difference_low, difference_high : numpy.ndarray
        Rate now minus rate then, per `per` people, and the ends of its interval.
    from_rate, from_population : numpy.ndarray
        Parts of the change of the count that come from the rate and from the people; they add up.
    status : numpy.ndarray of str
        ``"lower"``, ``"higher"``, ``"no clear change"`` or ``"cannot tell"``.
    overdispersion, quasi_low, quasi_high, quasi_p, quasi_q, quasi_status : numpy.ndarray or None
        Variance divided by mean that was used, and the same for such counts, if asked for.
    target_status : numpy.ndarray of str, or None
        ``"reached"``, ``"on course"``, ``"not reached"`` or ``"cannot tell"``, if asked for.
    groups : ChangeGroups or None
        The same per group of areas, if groups were given.
    city : ChangeGroups
        The same for all areas together: one row.
    per : float
        The size of the group the rates are given for.
    level : float
        The level of the intervals.
    """

    groups: ChangeGroups | None
    city: ChangeGroups


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class StandardisedRates(Columns):
    """Directly standardised rates, in input order; NaN where a stratum has no known people.

    Attributes
    ----------
    rate : numpy.ndarray
        Incidents per `per` people of the standard population.
    low, high : numpy.ndarray
        Ends of its interval.
    per, level : float
        As given.
    """

    rate: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    per: float
    level: float


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class StandardisedRatios(Columns):
    """Observed and expected incidents, in input order; NaN where people are not known.

    Attributes
    ----------
    observed, expected : numpy.ndarray
        Incidents, and how many such people would have at the standard's rates.
    ratio : numpy.ndarray
        Observed divided by expected.
    low, high : numpy.ndarray
        Ends of its exact interval.
    level : float
        As given.
    """

    observed: NDArray[np.int64]
    expected: NDArray[np.float64]
    ratio: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    level: float
