"""Files that do not fit in memory, batch by batch."""

from __future__ import annotations

import time as clock
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from brandpunt import _brandpunt
from brandpunt._arrow import Roles
from brandpunt._checked import checked
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import CrsLike, need
from brandpunt._io import decoding, names_of, reading, starts_with
from brandpunt._neighbourhoods import Neighbourhoods, NeighbourhoodsLike
from brandpunt._progress import Progress, followed
from brandpunt._tally import Tally, check_rejected, refuse_share
from brandpunt.exceptions import InputError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BYTES_PER_ROW = 64
"""A usual report in a text file; batches of text are cut by bytes."""


class IncidentBatches:
    """An iterator of `Incidents`, made by `read_batches`.

    Each batch is valid by itself. Its rejected rows are in `Incidents.rejected`, numbered through
    the whole input.

    Attributes
    ----------
    rows_in : int
        Rows read so far.
    rejected : dict
        How many of them were kept out, by reason.
    share_read : float
        The share of the input that was read, NaN where it has no known end.
    """

    def __init__(self, parts: Iterator[tuple[Any, float]], most: float, *, strict: bool) -> None:
        self._parts = parts
        self._most = most
        self._strict = strict
        self.rows_in = 0
        self.rejected: dict[str, int] = {}
        self.share_read = 0.0

    def __iter__(self) -> IncidentBatches:
        return self

    def __next__(self) -> Incidents:
        try:
            core, self.share_read = next(self._parts)
        except StopIteration:
            if self.rows_in == 0:
                message = "the input has no row of data; export it again"
                raise InputError(message, "no_rows") from None
            refuse_share(list(self.rejected.items()), self.rows_in, self._most)
            raise
        self.rows_in += core.rows_in
        for reason, rows in core.rejected_counts:
            self.rejected[reason] = self.rejected.get(reason, 0) + rows
        if self._strict and self.rejected:
            row, reason, detail = (column[0] for column in core.rejected)
            message = f"row {row}: {reason} (`{detail}`); mend the row, or let bad rows be reported"
            raise InputError(message, "rejected_row")
        return Incidents._wrap(core)

    def __repr__(self) -> str:
        return (
            f"<IncidentBatches: {self.rows_in} rows read, {sum(self.rejected.values())} rejected>"
        )


@checked
def read_batches(
    data: str | PathLike[str] | Any,
    *,
    x: str | None = None,
    y: str | None = None,
    time: str | None = None,
    category: str | None = None,
    source: str | None = None,
    weight: str | None = None,
    id: str | None = None,  # noqa: A002 - the column is called id everywhere
    crs: CrsLike = None,
    encoding: str | None = None,
    decimal: str | None = None,
    delimiter: str | None = None,
    batch_rows: int = 500_000,
    on_bad_rows: str = "report",
    max_rejected_share: float = 0.05,
    allow_columns: Iterable[str] = (),
    n_jobs: int | None = None,
) -> IncidentBatches:
    """Read incidents batch by batch, so that they need not fit in memory.

    Parameters
    ----------
    data : str, path or Arrow stream
        A CSV file (plain or gzip), GeoJSON with a feature per line, Parquet or GeoParquet; or what
        gives a stream of Arrow (``__arrow_c_stream__``), such as a scanner of a pyarrow dataset.
    x, y, time, category, source, weight, id : str, optional
        Names of columns. In text all are recognised by Dutch and English habits when left out, as
        `read_incidents` does; in Parquet and Arrow coordinates, time and category.
    crs : str, int or object with ``to_epsg()``, optional
        The system of the coordinates, where the data do not tell.
    encoding, decimal, delimiter : str, optional
        Of a text, as in `read_incidents`; what is not given is concluded from the first batch and
        then holds for all.
    batch_rows : int, default 500,000
        Rows to read at a time; of text so many as fit in 64 bytes each.
    on_bad_rows : {"report", "error"}
        Whether to reject rows that cannot be used, or to stop at the first one.
    max_rejected_share : float, default 0.05
        The share of rejected rows above which there is an error after the last batch.
    allow_columns : iterable of str, optional
        Columns used here that seem to hold data about persons and may stay.
    n_jobs : int, optional
        Threads; one per core when left out.

    Returns
    -------
    IncidentBatches
        An iterator of `Incidents`.

    Examples
    --------
    >>> import brandpunt as bp
    >>> import pyarrow as pa
    >>> table = pa.table({"x": [143_701.0, 143_720.5], "y": [486_937.0, 486_910.0]})
    >>> [len(batch) for batch in bp.read_batches(table, crs="EPSG:28992")]
    [2]
    """
    if batch_rows < 1:
        message = f"batch_rows is {batch_rows}; a number of rows is needed"
        raise ParameterError(message)
    if on_bad_rows not in ("report", "error"):
        message = f"on_bad_rows is {on_bad_rows!r}; report or error is needed"
        raise ParameterError(message)
    _brandpunt.check_n_jobs(n_jobs)
    columns = {"time": time, "category": category, "source": source, "weight": weight, "id": id}
    named = {"x": x, "y": y, "crs": crs}
    allowed = names_of(allow_columns)
    parts: Iterator[tuple[Any, float]]
    if not isinstance(data, (str, PathLike)):
        parts = _of_stream(_stream(data), named, columns, allowed, batch_rows)
    elif starts_with(data, b"PAR1"):
        parts = _of_parquet(data, named, columns, allowed, batch_rows)
    else:
        options = reading(
            **named,
            **columns,
            encoding=encoding,
            decimal=decimal,
            delimiter=delimiter,
            on_bad_rows=on_bad_rows,
            max_rejected_share=max_rejected_share,
            allow_columns=allowed,
        )
        text = _brandpunt.IncidentBatches(data, options, batch_rows * BYTES_PER_ROW)
        parts = iter(lambda: text.next_batch(n_jobs), None)
    return IncidentBatches(parts, max_rejected_share, strict=on_bad_rows == "error")


def _stream(data: Any) -> Any:
    pyarrow = need("pyarrow", "arrow")
    if hasattr(data, "to_reader"):  # a scanner or a table of pyarrow
        return data.to_reader()
    if not hasattr(data, "__arrow_c_stream__"):
        message = (
            f"a {type(data).__name__} is read at once; give a path, or what gives a stream of Arrow"
        )
        raise InputError(message, "unknown_format")
    return pyarrow.RecordBatchReader.from_stream(data)


def _of_stream(
    stream: Any, named: dict[str, Any], columns: dict[str, Any], allowed: list[str], most: int
) -> Iterator[tuple[Any, float]]:
    roles = Roles(stream.schema.names, stream.schema.metadata, **named, columns=columns)
    row = 0
    for batch in stream:
        for start in range(0, batch.num_rows, most):
            part = batch.slice(start, most)
            if row == 0:
                roles.refuse_persons(part, allowed)
            yield roles.incidents(part, _numbered(row)), float("nan")
            row += part.num_rows


def _of_parquet(
    path: str | PathLike[str],
    named: dict[str, Any],
    columns: dict[str, Any],
    allowed: list[str],
    most: int,
) -> Iterator[tuple[Any, float]]:
    parquet = need("pyarrow.parquet", "arrow")
    with decoding(path), parquet.ParquetFile(path, pre_buffer=False) as file:
        schema, rows = file.schema_arrow, file.metadata.num_rows
        roles = Roles(schema.names, schema.metadata, **named, columns=columns)
        row = 0
        for batch in file.iter_batches(batch_size=most, columns=roles.needed()):
            if row == 0:
                roles.refuse_persons(batch, allowed)
            core = roles.incidents(batch, _numbered(row))
            row += batch.num_rows
            yield core, row / rows


def _numbered(row: int) -> int:
    if row >= 2**32:
        message = "a single input of more than 2^32 rows; split it, and add up the tallies"
        raise InputError(message, "number_out_of_range")
    return row


@checked
def count_batches(
    batches: str | PathLike[str] | Iterable[IncidentsLike],
    neighbourhoods: NeighbourhoodsLike,
    *,
    step: str | None = None,
    by_category: bool = False,
    max_rejected_share: float = 0.05,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> Tally:
    """Count incidents that come in batches, per neighbourhood and calendar period.

    The counts are those of `count` on all of them at once; the memory is that of one batch and of
    8 bytes per area for each period and category.

    Parameters
    ----------
    batches : iterable of Incidents, or path
        Such as `read_batches` gives; of a path, what it gives for it. Each may be what
        `Incidents.from_any` takes. Batches in another system are brought to that of the
        neighbourhoods.
    neighbourhoods : Neighbourhoods, or what `Neighbourhoods.from_any` takes
        Where.
    step : {"week", "month", "quarter", "year"}, optional
        The length of the periods, on clocks in the Netherlands.
    by_category : bool, default False
        Whether to tell categories apart, for the counts of themes.
    max_rejected_share : float, default 0.05
        The share of rejected rows above which there is an error.
    n_jobs : int, optional
        Threads; one per core when left out. The counts do not depend on it.
    progress : bool or callable, optional
        True for a bar of tqdm. Or what is called with the stage, which tells rows per second, and
        the share done.

    Returns
    -------
    Tally

    Examples
    --------
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(2_000, seed=7, n_neighbourhoods=60)
    >>> tally = bp.count_batches([city.incidents], city.neighbourhoods, step="month")
    >>> tally.incidents, tally.step
    (2000, 'month')
    """
    areas = Neighbourhoods.from_any(neighbourhoods)
    if isinstance(batches, (str, PathLike)):
        batches = read_batches(
            fspath(batches), max_rejected_share=max_rejected_share, n_jobs=n_jobs
        )
    elif isinstance(batches, Incidents):
        batches = [batches]
    counter = _brandpunt.AreaCounter(areas._core, step, bool(by_category))
    begun, rows = clock.perf_counter(), 0
    with followed(progress) as told:
        for batch in batches:
            incidents = Incidents.from_any(batch)
            core = incidents._core
            counter.add(core if core.crs == areas.crs else core.to_crs(areas.crs), n_jobs)
            rows += incidents.rows_in
            if told is not None:
                per_second = rows / max(clock.perf_counter() - begun, 1e-9)
                share = getattr(batches, "share_read", float("nan"))
                told(f"counting, {per_second:,.0f} rows per second", share)
    tally = Tally._wrap(counter.tally(), areas._index)
    check_rejected(tally, max_rejected_share)
    return tally
