"""Did the measure work?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._counting import Counts
from brandpunt._inputs import integers, texts, whole
from brandpunt._notes import Note, notes
from brandpunt._outputs import table
from brandpunt._seed import Seed, seed_of
from brandpunt._tabular import Tabular
from brandpunt._value import Value
from brandpunt.exceptions import InputError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray


class EffectEstimate(NamedTuple):
    """An estimate of so many incidents, negative for fewer.

    Attributes
    ----------
    value : float
        Incidents more than without the measure, per period after.
    se, low, high : float
        Its standard error and interval.
    z, p : float
        Value over standard error, and the two-sided p-value.
    p_less, p_greater : float
        Chance of a value at most, and at least, as high without effect.
    """

    value: float
    se: float
    low: float
    high: float
    z: float
    p: float
    p_less: float
    p_greater: float


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class InterventionEffect(Tabular, Value):
    """What a measure did, displacement included.

    Attributes
    ----------
    total : EffectEstimate
        The weighted displacement difference: local and displacement together.
    local : EffectEstimate
        In the treated areas.
    displacement : EffectEstimate or None
        In the areas around them, where these were given.
    ratio, ratio_low, ratio_high : float
        Change of the treated areas over that of the control; 0.8 is a fall by 20 %. NaN when one
        of the four counts is 0.
    percent : float
        The ratio less one, in per cent.
    counts : dict of str to tuple of int
        Incidents before and after in each group.
    level : float
        Level of the intervals.
    warnings : tuple of Note
        What a reader must know.
    """

    total: EffectEstimate
    local: EffectEstimate
    displacement: EffectEstimate | None
    ratio: float
    ratio_low: float
    ratio_high: float
    percent: float
    counts: dict[str, tuple[int, int]]
    level: float
    warnings: tuple[Note, ...]

    @property
    def value(self) -> float:
        """The weighted displacement difference; negative is fewer incidents."""
        return self.total.value

    @property
    def se(self) -> float:
        """Its standard error."""
        return self.total.se

    @property
    def low(self) -> float:
        """Lower end of its interval."""
        return self.total.low

    @property
    def high(self) -> float:
        """Upper end of its interval."""
        return self.total.high

    @property
    def z(self) -> float:
        """Value over standard error."""
        return self.total.z

    @property
    def p(self) -> float:
        """Two-sided p-value of no effect."""
        return self.total.p

    def to_pandas(self) -> Any:
        """Give one row each for total, local and, where given, displacement."""
        rows = {"total": self.total, "local": self.local}
        if self.displacement is not None:
            rows["displacement"] = self.displacement
        columns = {
            name: np.array([getattr(row, name) for row in rows.values()])
            for name in EffectEstimate._fields
        }
        return table(columns, list(rows))

    def __repr__(self) -> str:
        return (
            f"<InterventionEffect: {self.value:+.1f} incidents "
            f"({100 * self.level:g} % interval {self.low:.1f} to {self.high:.1f}), "
            f"p {self.p:.3g}; treated against control {self.percent:+.1f} %>"
        )


@checked
def intervention_effect(
    before: ArrayLike | Counts,
    after: ArrayLike | Counts,
    *,
    treated: Iterable[Any],
    control: Iterable[Any],
    displacement: Iterable[Any] | None = None,
    displacement_control: Iterable[Any] | None = None,
    areas: Iterable[Any] | None = None,
    lengths: tuple[float, float] = (1.0, 1.0),
    level: float = 0.95,
    dispersion: float = 1.0,
) -> InterventionEffect:
    """How many incidents fewer (or more) than without the measure, displacement included?

    With counts T of the treated areas, C of areas like them, D of areas to which incidents may have
    moved and E of areas like those, before (0) and after (1)::

        local         (T1 - T0) - (C1 - C0)
        displacement  (D1 - D0) - (E1 - E0)
        total         local + displacement, with the sum of all counts as variance
        ratio         (T1 / T0) / (C1 / C0)

    Counts are taken as Poisson; reports come in series, so give `dispersion`, the variance-to-mean
    ratio of, say, monthly counts before. Differences assume that treated and control areas would
    have changed by the same number, the ratio by the same factor: choose controls of about the same
    size and look at both. Areas are mostly treated at their worst; such areas fall by themselves.

    Parameters
    ----------
    before, after : array-like of int, or Counts
        Incidents per area in the two periods; of counts by period the sums are taken.
    treated, control : iterable
        Areas by label, where `areas` is given, else by position.
    displacement, displacement_control : iterable, optional
        Areas to which incidents may have moved, mostly those that border the treated ones, and
        areas like them.
    areas : iterable, optional
        The label of each area, such as ``hoods.code``.
    lengths : pair of float, default (1, 1)
        Lengths of the periods before and after, in any unit. Counts before are multiplied by after
        over before, and by its square in the variance.
    level : float, default 0.95
        Level of the intervals.
    dispersion : float, default 1
        How many times as large as the mean the variance of counts is.

    Returns
    -------
    InterventionEffect

    References
    ----------
    Wheeler & Ratcliffe 2018, Crime Science 7:11, doi:10.1186/s40163-018-0085-5.

    Examples
    --------
    >>> import brandpunt as bp
    >>> found = bp.intervention_effect(
    ...     [100, 50], [80, 60], treated=["park"], control=["square"], areas=["park", "square"],
    ...     level=0.9,
    ... )
    >>> found
    <InterventionEffect: -30.0 incidents (90 % interval -58.0 to -2.0), p 0.0781; treated against \
control -33.3 %>
    """
    if (displacement is None) != (displacement_control is None):
        message = "give both `displacement` and `displacement_control`, or neither"
        raise ParameterError(message)
    labels = None if areas is None else texts(areas, "areas")
    around = None
    if displacement is not None and displacement_control is not None:
        around = (
            _positions(displacement, labels, "displacement"),
            _positions(displacement_control, labels, "displacement_control"),
        )
    start, end = lengths
    found = _brandpunt.intervention_effect(
        _totals(before, "before"),
        _totals(after, "after"),
        _positions(treated, labels, "treated"),
        _positions(control, labels, "control"),
        around,
        (float(start), float(end)),
        float(level),
        float(dispersion),
    )
    groups = ["treated", "control", "displacement", "displacement_control"]
    counts = dict(zip(groups if around else groups[:2], found.pop("counts"), strict=False))
    moved = found.pop("displacement")
    return InterventionEffect(
        total=EffectEstimate(*found.pop("total")),
        local=EffectEstimate(*found.pop("local")),
        displacement=None if moved is None else EffectEstimate(*moved),
        counts=counts,
        level=float(level),
        warnings=notes(found.pop("warnings")),
        **found,
    )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class PatternSimilarity(Tabular, Value):
    """How alike two maps of incidents are, and where not.

    Attributes
    ----------
    base_share, test_share : numpy.ndarray of float
        Share of each data set in each area.
    low, high : numpy.ndarray of float
        Interval of the share in parts of the test data; NaN for the test of proportions.
    p, q : numpy.ndarray of float
        Two-sided p-value of equal shares, plain and corrected; NaN for an area without incidents
        and for resampled parts.
    direction : numpy.ndarray of int8
        1 where the test data have a larger share, -1 where a smaller one, 0 where they are alike.
    s : float
        Share of all areas that are alike.
    robust_s : float
        Share of the areas with an incident that are alike.
    areas_with_incidents : int
        Areas with an incident in either data set.
    method : str
        ``"proportions"`` or ``"resampled"``.
    level : float
        As given.
    """

    base_share: NDArray[np.float64]
    test_share: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    p: NDArray[np.float64]
    q: NDArray[np.float64]
    direction: NDArray[np.int8]
    s: float
    robust_s: float
    areas_with_incidents: int
    method: str
    level: float

    def to_pandas(self) -> Any:
        """Give one row per area."""
        names = ("base_share", "test_share", "low", "high", "p", "q", "direction")
        return table({name: getattr(self, name) for name in names})

    def __len__(self) -> int:
        return len(self.direction)

    def __repr__(self) -> str:
        return (
            f"<PatternSimilarity: S {self.s:.3f} of {len(self)} areas, robust S "
            f"{self.robust_s:.3f} of {self.areas_with_incidents} with incidents; "
            f"{int((self.direction > 0).sum())} larger, {int((self.direction < 0).sum())} smaller>"
        )


@checked
def sppt(
    base: ArrayLike | Counts,
    test: ArrayLike | Counts,
    *,
    method: str = "proportions",
    correction: str = "fdr",
    level: float = 0.05,
    part: float = 0.85,
    draws: int = 200,
    seed: Seed = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
) -> PatternSimilarity:
    """Are two maps of incidents alike, and where not? The spatial point pattern test.

    Shares are compared area by area, so a rise of all areas alike is no difference. S is the share
    of the areas that are alike, robust S that of the areas with an incident. A high S of few
    incidents says little: nothing can be told apart then.

    Parameters
    ----------
    base, test : array-like of int, or Counts
        Incidents per area, the same areas in both; of counts by period the sums are taken.
    method : {"proportions", "resampled"}, default "proportions"
        Fisher's exact test of each area against the rest, corrected; or, as first published, an
        interval of the shares in parts of the test data. The latter finds differences where there
        are none: it takes the base as free of chance, parts without replacement spread less than
        half as much as chance does, and it does not correct for the number of areas.
    correction : str, default "fdr"
        Of the test of proportions: ``fdr``, ``fdr_by``, ``holm``, ``bonferroni`` or ``none``.
    level : float, default 0.05
        Areas differ for q at most this, or outside the interval of what it leaves of one.
    part : float, default 0.85
        Share of the points in each part, without replacement.
    draws : int, default 200
        How many parts.
    seed : int or numpy.random.Generator, optional
        Makes the parts reproducible.
    random_state : optional
        Another name for `seed`.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.

    Returns
    -------
    PatternSimilarity

    References
    ----------
    Andresen 2009, Applied Geography 29:333, doi:10.1016/j.apgeog.2008.12.004; Wheeler, Steenbeek &
    Andresen 2018, Transactions in GIS 22:760, doi:10.1111/tgis.12341.

    Examples
    --------
    >>> import brandpunt as bp
    >>> bp.sppt([40, 20, 20, 20, 0], [10, 30, 32, 28, 0])
    <PatternSimilarity: S 0.800 of 5 areas, robust S 0.750 of 4 with incidents; 0 larger, 1 smaller>
    """
    if method not in ("proportions", "resampled"):
        message = f"method is {method!r}; proportions or resampled is needed"
        raise ParameterError(message)
    found = _brandpunt.sppt(
        _totals(base, "base"),
        _totals(test, "test"),
        (float(part), whole(draws, "draws")) if method == "resampled" else None,
        correction,
        float(level),
        seed_of(seed, random_state),
        n_jobs,
    )
    return PatternSimilarity(method=method, level=float(level), **found)


def _totals(counts: ArrayLike | Counts, name: str) -> NDArray[np.int64]:
    values = counts.values if isinstance(counts, Counts) else np.asarray(counts)
    if values.ndim == 2:
        values = values.sum(axis=1)
    return integers(values, name)


def _positions(chosen: Iterable[Any], labels: list[Any] | None, name: str) -> list[int]:
    wanted = texts(chosen, name)
    if labels is None:
        return [whole(at, f"a position in {name}") for at in wanted]
    places = {label: at for at, label in enumerate(labels)}
    unknown = [label for label in wanted if label not in places]
    if unknown:
        message = f"`{name}` has {str(unknown[0])[:80]!r}, which is none of the areas"
        raise InputError(message, "area_mismatch")
    return [places[label] for label in wanted]
