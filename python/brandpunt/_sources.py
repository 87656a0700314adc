"""Do hotspots hold without one source of reports, and whatever share is reported?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._carried import looks_like_places
from brandpunt._checked import checked
from brandpunt._counting import count
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import floats, one_dimensional, texts, whole
from brandpunt._outputs import frozen, table
from brandpunt._tabular import Tabular
from brandpunt._value import Value
from brandpunt.exceptions import InputError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from brandpunt._neighbourhoods import NeighbourhoodsLike


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SourceComparison(Tabular, Value):
    """Areas with all incidents, and without one source of them; columns in input order.

    Attributes
    ----------
    all, without : numpy.ndarray of float
        The figures with all incidents, and without the source.
    stands_out, stands_out_without : numpy.ndarray of bool
        Whether an area stands out.
    only_with, only_without : numpy.ndarray of bool
        Whether it does so only with the source, or only without it.
    rank, rank_without, rank_shift : numpy.ndarray of float
        Ranks, 1 for the largest figure, and how many places an area drops without the source.
    jaccard : float
        Areas that stand out both ways, as a share of those that do either way; NaN where none does.
    spearman : float
        Rank correlation of the figures.
    """

    all: NDArray[np.float64]
    without: NDArray[np.float64]
    stands_out: NDArray[np.bool_]
    stands_out_without: NDArray[np.bool_]
    only_with: NDArray[np.bool_]
    only_without: NDArray[np.bool_]
    rank: NDArray[np.float64]
    rank_without: NDArray[np.float64]
    rank_shift: NDArray[np.float64]
    jaccard: float
    spearman: float

    def to_pandas(self) -> Any:
        """Give one row per area."""
        return table({n: v for n, v in self.__dict__.items() if isinstance(v, np.ndarray)}, None)

    def __repr__(self) -> str:
        return (
            f"<SourceComparison: {int(self.stands_out.sum())} areas stand out, "
            f"{int(self.only_with.sum())} only with the source; Jaccard {self.jaccard:.2f}, "
            f"rank correlation {self.spearman:.2f}>"
        )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ReportingRates(Tabular, Value):
    """What unequal reporting can change; columns in input order.

    Attributes
    ----------
    stands_out : numpy.ndarray of bool
        Whether an area is among the largest when all report alike.
    stays, possible : numpy.ndarray of bool
        Whether it is for every reporting rate in the range, and for some.
    margin : numpy.ndarray of float
        Ratio of the highest to the lowest reporting rate up to which it stays; below 1 where it does
        not stand out.
    """

    stands_out: NDArray[np.bool_]
    stays: NDArray[np.bool_]
    possible: NDArray[np.bool_]
    margin: NDArray[np.float64]

    def to_pandas(self) -> Any:
        """Give one row per area."""
        return table(dict(self.__dict__))

    def __repr__(self) -> str:
        return (
            f"<ReportingRates: {int(self.stays.sum())} of {int(self.stands_out.sum())} areas stay>"
        )


@checked
def without_source(
    all: IncidentsLike | ArrayLike,  # noqa: A002 - all incidents beside those without
    without: Iterable[Any] | ArrayLike | str,
    *,
    source: Iterable[Any] | None = None,
    neighbourhoods: NeighbourhoodsLike | None = None,
    hot: tuple[ArrayLike, ArrayLike] | None = None,
    top: int = 10,
) -> SourceComparison:
    """Which areas stand out only because of one source of reports, such as patrols?

    What the police find depends on where they look, and they look where they found something before.
    So counts (or rates, or a statistic) with all incidents are set beside those without that source.
    An area stands out when it is among the `top` largest figures, ties included, or as `hot` says.

    Parameters
    ----------
    all : Incidents, or array-like of float
        All incidents, to be counted per neighbourhood; or figures per area.
    without : str, iterable of str, or array-like of float
        The source, or sources, to be left out; or figures per area without them.
    source : iterable, optional
        The source of each incident; with incidents that have a ``source`` of their own, theirs when
        left out. `without` then also takes the kinds ``"citizen"``, ``"police"`` and ``"other"``.
    neighbourhoods : Neighbourhoods, optional
        Where to count; needed with incidents.
    hot : tuple of two array-like of bool, optional
        Which areas stand out with all incidents and without the source, such as
        ``(a.hotspot_class >= 2, b.hotspot_class >= 2)``.
    top : int, default 10
        How many areas stand out otherwise.

    Returns
    -------
    SourceComparison

    References
    ----------
    Lum & Isaac 2016, Significance 13(5):14, doi:10.1111/j.1740-9713.2016.00960.x.

    Examples
    --------
    >>> import brandpunt as bp
    >>> found = bp.without_source([90, 60, 50, 10], [30, 55, 50, 10], top=2)
    >>> found.only_with, found.rank_shift
    (array([ True, False, False, False]), array([ 2., -1., -1.,  0.]))
    """
    if isinstance(all, Incidents) or looks_like_places(all):
        figures, left = _counted(Incidents.from_any(all), without, source, neighbourhoods)
    else:
        figures = frozen(floats(all, "all").copy())
        left = frozen(floats(without, "without").copy())  # type: ignore[arg-type]
    marked = None
    if hot is not None:
        marked = (_marks(hot[0], "hot[0]"), _marks(hot[1], "hot[1]"))
    found = _brandpunt.without_source(figures, left, marked, whole(top, "top"))
    return SourceComparison(all=figures, without=left, **found)


def _counted(
    incidents: Incidents, sources: Any, source: Any, neighbourhoods: NeighbourhoodsLike | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if neighbourhoods is None:
        message = "incidents need `neighbourhoods`, where they are counted"
        raise ParameterError(message)
    if source is None:
        left_out = [sources] if isinstance(sources, str) else list(sources)
        keep = ~np.any([incidents.came_from(name) for name in left_out], axis=0)
        return _with_and_without(incidents, keep, neighbourhoods)
    given = texts(source, "source")
    if len(given) != len(incidents):
        message = f"`source` has {len(given)} values for {len(incidents)} incidents; give one each"
        raise InputError(message, "length_mismatch")
    names = {sources} if isinstance(sources, str) else set(sources)
    unknown = sorted(str(name) for name in names - set(given))
    if unknown:
        known = ", ".join(sorted({str(s) for s in given})[:12])
        message = f"no incident has source {', '.join(unknown)}; found are {known}"
        raise InputError(message, "no_matching_category")
    keep = np.array([label not in names for label in given], dtype=bool)
    return _with_and_without(incidents, keep, neighbourhoods)


def _with_and_without(
    incidents: Incidents, keep: NDArray[np.bool_], neighbourhoods: NeighbourhoodsLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    values = count(incidents, neighbourhoods).values.astype(np.float64)
    if not keep.any():
        return frozen(values), frozen(np.zeros_like(values))
    kept = Incidents.from_xy(incidents.x[keep], incidents.y[keep], crs=incidents.crs)
    left = count(kept, neighbourhoods).values.astype(np.float64)
    return frozen(values), frozen(left)


def _marks(values: ArrayLike, name: str) -> NDArray[np.bool_]:
    array = one_dimensional(np.asarray(values), name)
    if array.dtype != np.bool_:
        message = f"`{name}` holds {array.dtype}; true or false per area is needed"
        raise InputError(message, "not_a_number")
    return array


@checked
def reporting_rate(
    values: ArrayLike,
    *,
    between: tuple[float, float] = (0.5, 1.0),
    top: int = 10,
) -> ReportingRates:
    """Which areas stand out whatever share of the nuisance is reported there?

    Where a share r of what happens is reported, what happened is the count times 1/r. Nobody knows r
    by area, only a range. An area stays when it is among the `top` largest even if it reports all
    it can and all others as little as they can; no other rates within the range are worse for it.

    Parameters
    ----------
    values : array-like of float
        Counts, or rates, per area.
    between : tuple of float, default (0.5, 1.0)
        The range of the share that is reported; only its ratio matters.
    top : int, default 10
        How many areas stand out, ties at the last place included.

    Returns
    -------
    ReportingRates

    Examples
    --------
    >>> import brandpunt as bp
    >>> found = bp.reporting_rate([90, 60, 40, 10], top=2)
    >>> found.stays, found.margin[1]
    (array([ True, False, False, False]), np.float64(1.5))
    """
    found = _brandpunt.reporting_rate(
        floats(values, "values"), float(between[0]), float(between[1]), whole(top, "top")
    )
    return ReportingRates(**found)
