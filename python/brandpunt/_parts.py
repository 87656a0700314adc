"""What the workers of an engine do with their part of a frame, and how parts become one."""

from __future__ import annotations

import functools
import operator
import pickle
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._arrow import Roles
from brandpunt._density import kernel_density
from brandpunt._hotspots import HotspotResult, hotspots, when_of
from brandpunt._incidents import Incidents
from brandpunt._inputs import instant
from brandpunt._neighbourhoods import Neighbourhoods, NeighbourhoodsLike
from brandpunt._pair_counts import PairCounts
from brandpunt._tally import Tally, check_rejected, refuse_share
from brandpunt._theme import ThemeLike, theme_of
from brandpunt.exceptions import InputError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from brandpunt._surface import Surface

KEPT = 4
"""How many indexes of areas a worker keeps for its next task."""

TOGETHER = 1 << 20
"""How many incidents a worker gathers for one partial surface."""

LEAST_SIDE = 2_000.0
"""Metres along a side of the squares that pairs are counted in."""

DEALT = {
    "square_column": "int64",
    "square_row": "int64",
    "x": "float64",
    "y": "float64",
    "second": "int64",
    "own": "bool",
    "account": "string",
}
"""The columns of rows that were dealt out, and their types as Arrow names them."""

NO_SQUARE = np.iinfo(np.int64).min
"""The number of a square where a row belongs to none."""

_counters: OrderedDict[tuple[str, str | None, bool], Any] = OrderedDict()


def options_of(
    names: Iterable[str],
    areas: Neighbourhoods | None,
    *,
    crs: Any,
    columns: dict[str, str | None],
    x: str | None,
    y: str | None,
) -> Roles:
    """The columns of a frame that are used; without a system of its own it has that of the areas."""
    own = areas.crs if crs is None and areas is not None else crs
    return Roles(names, crs=own, x=x, y=y, columns=columns)


class CountWork:
    """Counts a part; what a worker needs for it, and nothing else."""

    def __init__(
        self,
        areas: Neighbourhoods,
        roles: Roles,
        *,
        step: str | None,
        by_category: bool,
        between: tuple[int | None, int | None] = (None, None),
    ) -> None:
        self.areas = areas._core
        self.roles = roles
        self.step = step
        self.by_category = by_category
        self.between = between
        # Refuses options before any worker is asked, and stands for a frame without parts.
        self.nothing = Tally._wrap(self._counter().tally())
        self.key = (self.nothing.areas, step, by_category)

    def _counter(self) -> Any:
        return _brandpunt.AreaCounter(self.areas, self.step, self.by_category)

    def __call__(self, batches: Iterable[Any]) -> Tally:
        """The tally of record batches."""
        empty = _counters.pop(self.key, None) or self._counter()
        _counters[self.key] = empty
        while len(_counters) > KEPT:
            _counters.popitem(last=False)
        counter = empty.emptied()
        for batch in batches:
            if batch.num_rows:
                incidents = self.roles.incidents(batch)
                if incidents.crs != self.areas.crs:
                    incidents = incidents.to_crs(self.areas.crs)
                if self.between != (None, None):
                    incidents = incidents.select(None, None, *self.between)
                # The engine has a worker for each core already.
                counter.add(incidents, 1)
        return Tally._wrap(counter.tally())


class DensityWork:
    """Makes the surface of a part."""

    def __init__(self, roles: Roles, options: dict[str, Any]) -> None:
        self.roles = roles
        self.options = options | {"n_jobs": 1}

    def __call__(self, batches: Iterable[Any]) -> Surface | None:
        """The surface of record batches, ``None`` for no incident."""
        total: Surface | None = None
        for incidents in self._together(batches):
            surface = kernel_density(incidents, **self.options)
            total = surface if total is None else total + surface
        return total

    def _together(self, batches: Iterable[Any]) -> Iterator[Incidents]:
        """Incidents of many small batches at once, so that each surface is worth its cells."""
        waiting: list[Any] = []
        for batch in batches:
            waiting.append(batch)
            if sum(w.num_rows for w in waiting) >= TOGETHER:
                yield from self._incidents(waiting)
                waiting = []
        yield from self._incidents(waiting)

    def _incidents(self, batches: list[Any]) -> Iterator[Incidents]:
        import pyarrow

        if sum(batch.num_rows for batch in batches):
            found = Incidents._wrap(self.roles.incidents(pyarrow.Table.from_batches(batches)))
            if len(found):
                yield found


class PairWork:
    """Deals a part to squares, and counts the pairs of a square.

    One row of each part has no square and carries the account of the part instead.
    """

    def __init__(self, roles: Roles, bands: Any, side: float | None) -> None:
        if "time" not in roles.columns:
            message = "no column is recognised as the time of the incidents; name it with time="
            raise InputError(message, "missing_column")
        self.roles = roles
        self.bands = bands
        finite = [edge for edge in bands[0] if edge < float("inf")]
        self.reach = max(finite, default=0.0)
        # Wide beside the halo, so that few incidents come to two squares.
        self.side = max(20 * self.reach, LEAST_SIDE) if side is None else float(side)
        # Refuses options before any worker is asked, and stands for a frame without parts; of a
        # place that is none, because incidents cannot be made of no row.
        self.nothing = PairCounts._wrap(self._count(np.full((2, 1), np.nan), [0], []))
        _brandpunt.deal(np.empty(0), np.empty(0), self.side, self.reach)

    def deal(self, batches: Iterable[Any]) -> Iterator[Any]:
        """The rows of record batches, dealt out, and the account of them all."""
        account = self.nothing
        for batch in batches:
            if not batch.num_rows:
                continue
            incidents = self.roles.incidents(batch)
            at, column, row, own = _brandpunt.deal(incidents.x, incidents.y, self.side, self.reach)
            nobody = np.zeros(len(incidents), dtype=bool)
            part = _brandpunt.count_pairs(
                incidents, nobody, self.bands, accounted=True, n_jobs=1, progress=None
            )
            account += PairCounts._wrap(part)
            places = (incidents.x[at], incidents.y[at], incidents.time[at])
            yield _dealt(column, row, *places, own, [None] * len(at))
        none = np.zeros(1)
        square = np.full(1, NO_SQUARE)
        yield _dealt(square, square, none, none, none, none, [packed(account).hex()])

    def __call__(self, table: Any) -> PairCounts:
        """The pairs of one square, or of the rows without one the sum of their accounts."""
        if table["square_column"][0].as_py() == NO_SQUARE:
            whole: PairCounts = merged(map(bytes.fromhex, table["account"].to_pylist()))
            return whole
        x, y, second, own = (table[name].to_numpy() for name in ("x", "y", "second", "own"))
        return PairCounts._wrap(self._count((x, y), second, own))

    def _count(self, places: Any, seconds: Any, own: Any) -> _brandpunt.PairCounts:
        x, y = map(np.ascontiguousarray, places)
        incidents = _brandpunt.Incidents(
            x,
            y,
            self.roles.crs,
            (np.array(seconds, dtype=np.int64), "utc"),
            None,
            None,
            None,
            None,
            1.0,
            [],
            0,
        )
        return _brandpunt.count_pairs(
            incidents,
            np.array(own, dtype=bool),
            self.bands,
            accounted=False,
            n_jobs=1,
            progress=None,
        )


def _dealt(*columns: Any) -> Any:
    import pyarrow

    kinds = [pyarrow.type_for_alias(kind) for kind in DEALT.values()]
    arrays = [pyarrow.array(c, kind) for c, kind in zip(columns, kinds, strict=True)]
    return pyarrow.RecordBatch.from_arrays(arrays, list(DEALT))


def packed(part: Any) -> bytes:
    """A part on its way between processes."""
    return pickle.dumps(part)


def merged(parts: Iterable[bytes]) -> Any:
    """The sum of packed parts, ``None`` for none."""
    whole = [part for part in map(pickle.loads, parts) if part is not None]
    return functools.reduce(operator.add, whole) if whole else None


def judged_pairs(total: Any, nothing: PairCounts, max_rejected_share: float) -> PairCounts:
    """The pairs of all parts, unless too much was rejected."""
    counts = nothing if total is None else nothing + total
    refuse_share(counts._core.rejected, counts.rows_in, max_rejected_share)
    return counts


def judged(total: Any, nothing: Tally, areas: Neighbourhoods, max_rejected_share: float) -> Tally:
    """The tally of all parts, with the index of the areas, unless too much was rejected."""
    tally = nothing if total is None else nothing + total
    check_rejected(tally, max_rejected_share)
    return Tally._wrap(tally._core, areas._index)


def surface_or_nothing(total: Surface | None) -> Surface:
    """The surface of all parts."""
    if total is None:
        message = "there is no incident to take a density of"
        raise InputError(message, "no_rows")
    return total


def density_options(bandwidth: Any, cell_size: float, extent: Any, kernel: str) -> dict[str, Any]:
    """The options of a density that all parts have in common."""
    if extent is None:
        message = (
            "extent is None; all parts need the same: least x, least y, greatest x, greatest y, or "
            "the neighbourhoods"
        )
        raise ParameterError(message)
    return {"bandwidth": bandwidth, "cell_size": cell_size, "extent": extent, "kernel": kernel}


def used(**columns: tuple[str | None, bool]) -> dict[str, str | None]:
    """The columns that the question needs."""
    return {role: name for role, (name, needed) in columns.items() if needed}


def hotspots_of(
    count: Callable[..., Tally],
    neighbourhoods: NeighbourhoodsLike,
    *,
    theme: ThemeLike,
    period: Any,
    **options: Any,
) -> tuple[HotspotResult, Tally]:
    """The hotspots of what an engine counts, and the counts."""
    areas = Neighbourhoods.from_any(neighbourhoods)
    chosen = theme_of(theme)
    by_category = chosen.categories is not None
    tally = count(areas, by_category=by_category, **_ends_of(period))
    found = hotspots(tally.counts(theme=chosen), areas, theme=chosen, period=period, **options)
    return found, tally


def _ends_of(period: Any) -> dict[str, str]:
    """A period of `hotspots` as the start and end of a selection."""
    when = when_of(period)
    if when is None:
        return {}
    first, after = (f"{when}-01-01", f"{when + 1}-01-01") if isinstance(when, int) else when
    return {"start": f"{first}T00:00", "end": f"{after}T00:00"}


def between(start: Any, end: Any) -> tuple[int | None, int | None]:
    """The ends of a selection in seconds since 1970 (UTC)."""
    return instant(start, "start"), instant(end, "end")
