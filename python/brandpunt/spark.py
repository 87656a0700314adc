"""Counts, density and hotspots of a frame of Apache Spark (``pip install "brandpunt[spark]"``).

The compiled kernels run in the workers, on the partitions where they are; the areas travel to them
once. What comes back are partial results that add up exactly, a few at a time on the workers and
the last ones here, and all inference runs on the sum. A task that is tried again changes nothing,
and neither does how the rows are dealt out.

Works with Spark 4 and its Connect client; the workers need brandpunt and pyarrow.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from brandpunt._checked import checked
from brandpunt._inputs import need
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
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import ArrayLike

    from brandpunt._hotspots import HotspotResult
    from brandpunt._inputs import CrsLike
    from brandpunt._surface import Surface
    from brandpunt._tally import Tally
    from brandpunt._theme import ThemeLike

__all__ = ["count", "count_pairs", "density", "hotspots"]

MOST_AT_ONCE = 64
"""How many partial results one process adds up."""


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
    """Count the incidents of a Spark frame per neighbourhood and calendar period.

    Parameters
    ----------
    frame : pyspark.sql.DataFrame
        A row per incident, with columns of coordinates.
    neighbourhoods : Neighbourhoods, or what `Neighbourhoods.from_any` takes
        Where.
    x, y, time, category : str, optional
        Names of columns; recognised by Dutch and English habits when left out. A
        ``TimestampType`` is an instant; a ``TimestampNTZType`` is what clocks in the Netherlands
        showed.
    crs : str, int or object with ``to_epsg()``, optional
        The system of the coordinates; that of the neighbourhoods when left out.
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
    roles = options_of(
        frame.columns,
        areas,
        crs=crs,
        x=x,
        y=y,
        columns=used(time=(time, timed), category=(category, by_category)),
    )
    work = CountWork(areas, roles, step=step, by_category=by_category, between=ends)
    total = _total(frame.select(*_quoted(roles.needed())), work)
    return judged(total, work.nothing, areas, max_rejected_share)


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
    """How many pairs are close in space and time, in a Spark frame?

    The workers deal incidents to squares, each with what lies around it within the largest finite
    distance, and count square by square.

    Parameters
    ----------
    frame : pyspark.sql.DataFrame
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
    columns = used(time=(time, True))
    roles = options_of(frame.columns, None, crs=crs, x=x, y=y, columns=columns)
    work = PairWork(roles, bands_of(distances, days, closed, metric, clock), side)

    def count_square(table: Any) -> Any:
        return need("pyarrow", "spark").Table.from_batches([_row(packed(work(table)))])

    kinds = {"int64": "long", "float64": "double", "bool": "boolean"}
    schema = ", ".join(f"{name} {kinds.get(kind, kind)}" for name, kind in DEALT.items())
    squares = (
        frame.select(*_quoted(roles.needed()))
        .mapInArrow(work.deal, schema)
        .groupBy("square_column", "square_row")
        .applyInArrow(count_square, "part binary")
    )
    return judged_pairs(_sum(squares, _shuffled(frame)), work.nothing, max_rejected_share)


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
    """Where is it dense? The kernel density of the incidents of a Spark frame.

    Parameters
    ----------
    frame : pyspark.sql.DataFrame
        A row per incident, with columns of coordinates in metres.
    bandwidth, cell_size, kernel
        As in `brandpunt.kernel_density`.
    extent : tuple of float, or Neighbourhoods
        What to cover, the same for all partitions.
    x, y : str, optional
        Names of columns; recognised when left out.
    weight : str, optional
        A column of weights.
    crs : str, int or object with ``to_epsg()``, optional
        The system of the coordinates; that of `extent` when it is `Neighbourhoods`.

    Returns
    -------
    Surface
        Within 1e-12 of its peak of that of all incidents at once. Rows that are no place are left
        out; `count` tells how many there are.
    """
    options = density_options(bandwidth, cell_size, extent, kernel)
    areas = extent if isinstance(extent, Neighbourhoods) else None
    roles = options_of(
        frame.columns, areas, crs=crs, x=x, y=y, columns=used(weight=(weight, weight is not None))
    )
    work = DensityWork(roles, options)
    return surface_or_nothing(_total(frame.select(*_quoted(roles.needed())), work))


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
    """Where does a theme concentrate, and is that more than chance, in a Spark frame?

    The workers count; rates, Gi* and all else run here, on the counts, as `brandpunt.hotspots` does
    with counts per neighbourhood: without cells and density.

    Parameters
    ----------
    frame : pyspark.sql.DataFrame
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


def _quoted(names: list[str]) -> list[str]:
    """Names as Spark takes them, with whatever signs."""
    return ["`" + name.replace("`", "``") + "`" for name in names]


def _total(frame: Any, work: Callable[[Iterable[Any]], Any]) -> Any:
    """The sum of what the workers make of their partitions."""

    def each(batches: Iterator[Any]) -> Iterator[Any]:
        yield _row(packed(work(batches)))

    return _sum(frame.mapInArrow(each, "part binary"), _partitions(frame))


def _sum(parts: Any, partitions: int) -> Any:
    """The sum of a frame of packed parts, a few at a time on the workers."""

    def some(batches: Iterator[Any]) -> Iterator[Any]:
        parts = (part for batch in batches for part in batch.column(0).to_pylist())
        yield _row(packed(merged(parts)))

    while partitions > MOST_AT_ONCE:
        partitions = -(-partitions // MOST_AT_ONCE)
        parts = parts.repartition(partitions).mapInArrow(some, "part binary")
    return merged(bytes(row.part) for row in parts.collect())


def _partitions(frame: Any) -> int:
    """How many parts a frame has; a client of Spark Connect is not told, and takes its setting."""
    if type(frame).__module__.startswith("pyspark.sql.connect"):
        return _shuffled(frame)
    return int(frame.rdd.getNumPartitions())


def _shuffled(frame: Any) -> int:
    """How many parts a frame has once its rows were dealt out anew."""
    return int(frame.sparkSession.conf.get("spark.sql.shuffle.partitions", "200"))


def _row(part: bytes) -> Any:
    pyarrow = need("pyarrow", "spark")
    return pyarrow.RecordBatch.from_arrays([pyarrow.array([part], pyarrow.binary())], ["part"])
