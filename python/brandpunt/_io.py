"""Files to model."""

from __future__ import annotations

from contextlib import contextmanager
from os import fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._incidents import Incidents
from brandpunt._inputs import CrsLike, by_year, crs_text, need, refuse_persons, year_of
from brandpunt._neighbourhoods import Neighbourhoods
from brandpunt.exceptions import BrandpuntError, InputError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from os import PathLike


@checked
def read_incidents(
    path: str | PathLike[str],
    *,
    x: str | None = None,
    y: str | None = None,
    time: str | None = None,
    category: str | None = None,
    source: str | None = None,
    weight: str | None = None,
    id: str | None = None,  # noqa: A002 - the column is called id everywhere
    crs: CrsLike = None,
    layer: str | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
    delimiter: str | None = None,
    on_bad_rows: str = "report",
    max_rejected_share: float = 0.05,
    allow_columns: Iterable[str] = (),
    n_jobs: int | None = None,
) -> Incidents:
    """Read incidents from CSV (plain or gzip), GeoJSON, GeoPackage or Parquet, by content.

    What is not given is concluded from whole columns and listed in `Incidents.detected`. What can
    be read in two ways is an error that names the option.

    Parameters
    ----------
    path : str or path
        The file.
    x, y, time, category, source, weight, id : str, optional
        Names of columns; recognised by Dutch and English habits when left out. The source is the
        way by which each was reported, such as a column ``bron`` or ``kanaal``.
    crs : str, int or object with ``to_epsg()``, optional
        The system of the coordinates.
    layer : str, optional
        The layer of a GeoPackage.
    encoding : str, optional
        The encoding of a CSV file, such as ``"cp1252"``.
    decimal : {".", ","}, optional
        The decimal mark of a CSV file.
    delimiter : str, optional
        The delimiter of a CSV file.
    on_bad_rows : {"report", "error"}
        Whether to list rows that cannot be used in `Incidents.rejected`, or to refuse the file at
        the first one.
    max_rejected_share : float, default 0.05
        The share of rejected rows above which the file is refused.
    allow_columns : iterable of str, optional
        Columns that seem to hold data about persons, by their name or values, and may stay. Any
        other such column is an error, whether it would be read or not.
    n_jobs : int, optional
        Threads; one per core when left out.

    Returns
    -------
    Incidents

    Raises
    ------
    InputError
        With the fault, the place and the remedy.
    OSError
        When the file cannot be opened.
    """
    if starts_with(path, b"PAR1"):
        with decoding(path):
            return _read_parquet(
                path,
                x=x,
                y=y,
                crs=crs,
                max_rejected_share=0.0 if on_bad_rows == "error" else max_rejected_share,
                time=time,
                category=category,
                source=source,
                weight=weight,
                id=id,
                allow_columns=names_of(allow_columns),
            )
    options = reading(
        x=x,
        y=y,
        time=time,
        category=category,
        source=source,
        weight=weight,
        id=id,
        crs=crs,
        layer=layer,
        encoding=encoding,
        decimal=decimal,
        delimiter=delimiter,
        on_bad_rows=on_bad_rows,
        max_rejected_share=max_rejected_share,
        allow_columns=allow_columns,
    )
    core = _brandpunt.read_incidents(path, options, n_jobs)
    return Incidents._wrap(core)


@checked
def read_neighbourhoods(
    path: str | PathLike[str],
    *,
    layer: str | None = None,
    code: str | None = None,
    name: str | None = None,
    population: str | Mapping[int, str] | None = None,
    crs: CrsLike = None,
    vintage: int | None = None,
    level: str | None = None,
    repair: bool = False,
) -> Neighbourhoods:
    """Read neighbourhoods from GeoJSON or GeoPackage, by content.

    Parameters
    ----------
    path : str or path
        The file.
    layer : str, optional
        The layer of a GeoPackage.
    code, name : str, optional
        Columns of codes and names; recognised by Dutch and English habits when left out.
    population : str or dict, optional
        The column of inhabitants, or ``{year: column}``; recognised when left out.
    crs : str, int or object with ``to_epsg()``, optional
        The system of the coordinates.
    vintage : int, optional
        The year of the area division; that of a column such as ``jrstatcode`` when left out.
    level : {"neighbourhood", "district", "municipality", "country"}, optional
        Which areas to keep where several levels stand in one file; the finest when left out.
    repair : bool, default False
        Whether to close rings and make invalid polygons valid; `Neighbourhoods.warnings` says
        which.

    Returns
    -------
    Neighbourhoods

    Raises
    ------
    InputError
        With the fault, the place and the remedy.
    OSError
        When the file cannot be opened.
    """
    core = _brandpunt.read_neighbourhoods(
        path,
        layer,
        code,
        name,
        by_year(population),
        None if crs is None else crs_text(crs),
        year_of(vintage, "vintage"),
        level,
        repair,
    )
    return Neighbourhoods._wrap(core)


def reading(
    *,
    crs: CrsLike,
    decimal: str | None,
    delimiter: str | None,
    allow_columns: Iterable[str],
    layer: str | None = None,
    **others: Any,
) -> dict[str, Any]:
    """The options of a reader as the core takes them."""
    return {
        "crs": None if crs is None else crs_text(crs),
        "layer": layer,
        "decimal": _mark(decimal, "decimal"),
        "delimiter": _mark(delimiter, "delimiter"),
        "allow_columns": names_of(allow_columns),
        **others,
    }


def starts_with(path: str | PathLike[str], magic: bytes) -> bool:
    with Path(path).open("rb") as file:
        return file.read(len(magic)) == magic


def names_of(columns: Iterable[str]) -> list[str]:
    return [columns] if isinstance(columns, str) else list(columns)


def _mark(mark: str | None, name: str) -> str | None:
    if mark is not None and len(mark) != 1:
        message = f"{name} is {mark!r}; a single character is needed"
        raise ParameterError(message)
    return mark


@contextmanager
def decoding(path: str | PathLike[str]) -> Iterator[None]:
    """Make an error of the input of whatever a decoder raises over bytes it cannot follow."""
    try:
        yield
    except (BrandpuntError, ImportError):
        raise
    except Exception as error:
        # An error of the system has a number: the file is not there, or may not be read.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        said = " ".join(str(error).split())
        message = f"{fspath(path)} cannot be decoded ({said[:200]}); write the file again"
        raise InputError(message, "damaged_file") from error


def _read_parquet(
    path: str | PathLike[str], *, x: str | None, y: str | None, crs: CrsLike, **columns: Any
) -> Incidents:
    """Read GeoParquet through geopandas, or columns x and y of any Parquet file."""
    parquet = need("pyarrow.parquet", "arrow")
    if b"geo" in (parquet.read_schema(path).metadata or {}):
        geopandas = need("geopandas", "geo")
        return Incidents.from_geopandas(geopandas.read_parquet(path), crs=crs, **columns)
    if x is None or y is None:
        message = "a Parquet file without geometry; name its columns with x= and y="
        raise InputError(message, "missing_column")
    table = parquet.read_table(path)
    share = columns.pop("max_rejected_share")
    allowed = columns.pop("allow_columns")
    named = {"x": x, "y": y, **{k: v for k, v in columns.items() if v is not None}}
    for column in named.values():
        if column not in table.column_names:
            message = f"there is no column `{column}`; there are {', '.join(table.column_names)}"
            raise InputError(message, "missing_column")
    refuse_persons({v: table.column(v).slice(0, 1000).to_pylist() for v in named.values()}, allowed)
    arrays = {k: table.column(v).to_pandas() for k, v in named.items()}
    return Incidents.from_xy(
        arrays.pop("x"), arrays.pop("y"), crs=crs, max_rejected_share=share, **arrays
    )
