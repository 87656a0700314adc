"""Counts, density and hotspots of a frame of Dask (``pip install "brandpunt[dask]"``).

The compiled kernels run in the workers, on the partitions where they are; the areas travel to them
once. What comes back are partial results that add up exactly, a few at a time on the workers, and
all inference runs on the sum. A task that is tried again changes nothing, and neither does how the
rows are dealt out.

Takes frames of dask and of dask-geopandas; the workers need brandpunt and pyarrow.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from brandpunt._checked import checked
from brandpunt._inputs import need, points
from brandpunt._neighbourhoods import Neighbourhoods, NeighbourhoodsLike
from brandpunt._pair_counts import PairCounts, bands_of
from brandpunt._parts import (
    DEALT,
    CountWork,
    DensityWork,
    PairWork,
    between,
    density_options,
    hotspots_of,
    judged,
    judged_pairs,
    merged,
    options_of,
    packed,
    surface_or_nothing,
    used,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import ArrayLike

    from brandpunt._arrow import Roles
    from brandpunt._hotspots import HotspotResult
    from brandpunt._inputs import CrsLike
    from brandpunt._surface import Surface
    from brandpunt._tally import Tally
    from brandpunt._theme import ThemeLike

__all__ = ["count", "count_pairs", "density", "hotspots"]

MOST_AT_ONCE = 16
"""How many partial results one task adds up."""

X, Y = "brandpunt x", "brandpunt y"
"""Columns made of a column of points."""


@checked
def count(
    frame: Any,
    neighbourhoods: NeighbourhoodsLike,
    *,
    x: str | None = None,
    y: str | None = None,
    time: str | None = None,
    category: str | None = None,
    crs: CrsLike = None,
    step: str | None = None,
    by_category: bool = False,
    start: Any = None,
    end: Any = None,
    max_rejected_share: float = 0.05,
) -> Tally:
    """Count the incidents of a Dask frame per neighbourhood and calendar period.

    Parameters
    ----------
    frame : dask.dataframe.DataFrame or dask_geopandas.GeoDataFrame
        A row per incident, with columns of coordinates or a geometry of points.
    neighbourhoods : Neighbourhoods, or what `Neighbourhoods.from_any` takes
        Where.
    x, y, time, category : str, optional
        Names of columns; recognised by Dutch and English habits when left out. Times without a
        zone are what clocks in the Netherlands showed.
    crs : str, int or object with ``to_epsg()``, optional
        The system of the coordinates; the frame's own, or that of the neighbourhoods, when left
        out.
    step : {"week", "month", "quarter", "year"}, optional
        The length of the periods, on clocks in the Netherlands.
    by_category : bool, default False
        Whether to tell categories apart, for the counts of themes.
    start, end : date, datetime or ISO 8601 text, optional
        Count only incidents from `start` until just before `end`; without a zone, on clocks in the
        Netherlands.
    max_rejected_share : float, default 0.05
        The share of rejected rows above which there is an error.

    Returns
    -------
    Tally
        With the account of rejected rows. Its `Tally.counts` are those of `brandpunt.count` on all
        incidents at once.

    Raises
    ------
    InputError
        For too many rejected rows, with their reasons.
    """
    areas = Neighbourhoods.from_any(neighbourhoods)
    ends = between(start, end)
    timed = step is not None or ends != (None, None)
    columns = used(time=(time, timed), category=(category, by_category))
    roles = _roles(frame, areas, crs, x, y, columns)
    work = CountWork(areas, roles, step=step, by_category=by_category, between=ends)
    return judged(_total(frame, roles, work), work.nothing, areas, max_rejected_share)


@checked
def count_pairs(
    frame: Any,
    *,
    distances: ArrayLike,
    days: ArrayLike,
    closed: Literal["left", "right"] = "left",
    metric: Literal["euclidean", "manhattan"] = "euclidean",
    clock: Literal["calendar", "elapsed"] = "calendar",
    side: float | None = None,
    x: str | None = None,
    y: str | None = None,
    time: str | None = None,
    crs: CrsLike = None,
    max_rejected_share: float = 0.05,
) -> PairCounts:
    """How many pairs are close in space and time, in a Dask frame?

    The workers deal incidents to squares, each with what lies around it within the largest finite
    distance, and count square by square.

    Parameters
    ----------
    frame : dask.dataframe.DataFrame or dask_geopandas.GeoDataFrame
        A row per incident, in metres, with a time.
    distances, days, closed, metric, clock
        As for `brandpunt.count_pairs`.
    side : float, optional
        Metres along a side of the squares, at least the largest finite distance; when left out 20
        times that, and 2,000 at least. The incidents of one square must fit in one worker.
    x, y, time, crs, max_rejected_share
        As in `count`.

    Returns
    -------
    PairCounts
        Equal to that of all incidents at once, with the account of the rows; `PairCounts.table` is
        the near-repeat table.

    Raises
    ------
    InputError
        Without a column of times, and for too many rejected rows, with their reasons.
    """
    roles = _roles(frame, None, crs, x, y, used(time=(time, True)))
    work = PairWork(roles, bands_of(distances, days, closed, metric, clock), side)
    delayed = need("dask", "dask").delayed
    kinds = {name: kind.replace("string", "str") for name, kind in DEALT.items()}
    meta = need("pandas", "dask").DataFrame({n: [] for n in kinds}).astype(kinds)
    names = roles.needed()
    deal = delayed(_deal)
    dealt = [deal(part, work, names) for part in _selected(frame, names).to_delayed()]
    rows = need("dask.dataframe", "dask").from_delayed(dealt, meta=meta)
    squares = rows.shuffle(on=["square_column", "square_row"]).to_delayed()
    each = delayed(_squares)
    return judged_pairs(
        _added([each(part, work) for part in squares]), work.nothing, max_rejected_share
    )


@checked
def density(
    frame: Any,
    *,
    bandwidth: float,
    cell_size: float,
    extent: Any,
    kernel: str = "quartic",
    x: str | None = None,
    y: str | None = None,
    weight: str | None = None,
    crs: CrsLike = None,
) -> Surface:
    """Where is it dense? The kernel density of the incidents of a Dask frame.

    Parameters
    ----------
    frame : dask.dataframe.DataFrame or dask_geopandas.GeoDataFrame
        A row per incident, in metres.
    bandwidth, cell_size, kernel
        As in `brandpunt.kernel_density`.
    extent : tuple of float, or Neighbourhoods
        What to cover, the same for all partitions.
    x, y : str, optional
        Names of columns; recognised when left out.
    weight : str, optional
        A column of weights.
    crs : str, int or object with ``to_epsg()``, optional
        The system of the coordinates; the frame's own, or that of `extent` when it is
        `Neighbourhoods`.

    Returns
    -------
    Surface
        Within 1e-12 of its peak of that of all incidents at once. Rows that are no place are left
        out; `count` tells how many there are.
    """
    options = density_options(bandwidth, cell_size, extent, kernel)
    areas = extent if isinstance(extent, Neighbourhoods) else None
    columns = used(weight=(weight, weight is not None))
    roles = _roles(frame, areas, crs, x, y, columns)
    return surface_or_nothing(_total(frame, roles, DensityWork(roles, options)))


@checked
def hotspots(
    frame: Any,
    neighbourhoods: NeighbourhoodsLike,
    *,
    theme: ThemeLike,
    period: Any = None,
    exposure: str | None = None,
    level: float = 0.05,
    seed: int = 0,
    x: str | None = None,
    y: str | None = None,
    time: str | None = None,
    category: str | None = None,
    crs: CrsLike = None,
    max_rejected_share: float = 0.05,
) -> tuple[HotspotResult, Tally]:
    """Where does a theme concentrate, and is that more than chance, in a Dask frame?

    The workers count; rates, Gi* and all else run here, on the counts, as `brandpunt.hotspots` does
    with counts per neighbourhood: without cells and density.

    Parameters
    ----------
    frame : dask.dataframe.DataFrame or dask_geopandas.GeoDataFrame
        A row per incident.
    neighbourhoods : Neighbourhoods, or what `Neighbourhoods.from_any` takes
        The areas, in metres.
    theme, period, exposure, level, seed
        As in `brandpunt.hotspots`.
    x, y, time, category, crs, max_rejected_share
        As in `count`.

    Returns
    -------
    tuple of HotspotResult and Tally
        The hotspots, and the counts they were made from with the account of the rows.
    """
    return hotspots_of(
        partial(
            count,
            frame,
            x=x,
            y=y,
            time=time,
            category=category,
            crs=crs,
            max_rejected_share=max_rejected_share,
        ),
        neighbourhoods,
        theme=theme,
        period=period,
        exposure=exposure,
        level=level,
        seed=seed,
    )


def _roles(
    frame: Any,
    areas: Neighbourhoods | None,
    crs: CrsLike,
    x: str | None,
    y: str | None,
    columns: dict[str, str | None],
) -> Roles:
    names = [str(name) for name in frame.columns]
    if _has_points(frame) and x is None and y is None:
        own = frame.crs if crs is None else crs
        return options_of([*names, X, Y], areas, crs=own, x=X, y=Y, columns=columns)
    return options_of(names, areas, crs=crs, x=x, y=y, columns=columns)


def _has_points(frame: Any) -> bool:
    return hasattr(frame, "geometry") and hasattr(frame, "crs")


def _total(frame: Any, roles: Roles, work: Callable[[Iterable[Any]], Any]) -> Any:
    """The sum of what the workers make of their partitions, a few at a time."""
    delayed = need("dask", "dask").delayed
    shared = delayed(work)
    each = delayed(_part)
    names = roles.needed()
    return _added([each(part, shared, names) for part in _selected(frame, names).to_delayed()])


def _added(parts: list[Any]) -> Any:
    """The sum of what tasks give, a few at a time on the workers."""
    some = need("dask", "dask").delayed(_sum)
    while len(parts) > 1:
        groups = range(0, len(parts), MOST_AT_ONCE)
        parts = [some(parts[start : start + MOST_AT_ONCE]) for start in groups]
    return merged([parts[0].compute()]) if parts else None


def _selected(frame: Any, names: list[str]) -> Any:
    """The columns that are used; all of them where points must become two."""
    return frame if X in names else frame[names]


def _part(partition: Any, work: Callable[[Iterable[Any]], Any], names: list[str]) -> bytes:
    """What a worker makes of its partition."""
    return packed(work([_batch(partition, names)]))


def _deal(partition: Any, work: PairWork, names: list[str]) -> Any:
    """The rows of a partition, dealt to squares."""
    import pyarrow

    dealt = work.deal([_batch(partition, names)])
    return pyarrow.Table.from_batches(dealt).to_pandas().astype({"account": "str"})


def _squares(partition: Any, work: PairWork) -> bytes:
    """The sum of the squares of a partition."""
    import pyarrow

    squares = partition.groupby(["square_column", "square_row"])
    tables = (pyarrow.Table.from_pandas(rows, preserve_index=False) for _, rows in squares)
    return packed(merged(packed(work(table)) for table in tables))


def _batch(partition: Any, names: list[str]) -> Any:
    """The columns of a partition that are used."""
    import pyarrow

    if X in names:
        x, y = points(partition.geometry.array)
        own = [name for name in names if name not in (X, Y)]
        partition = partition[own].assign(**{X: x, Y: y})
    return pyarrow.RecordBatch.from_pandas(partition[names], preserve_index=False)


def _sum(parts: list[bytes]) -> bytes:
    return packed(merged(parts))
