"""Everything that comes in is cast here, once, and never changed in place."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from brandpunt.exceptions import CrsError, InputError, ParameterError

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import ArrayLike, NDArray

    Ragged: TypeAlias = tuple[
        NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]
    ]

CrsLike: TypeAlias = Any
"""An EPSG code as a number or text, ``"planar"``, or anything with ``to_epsg()``."""

UNKNOWN_TIME = np.iinfo(np.int64).min


def need(module: str, extra: str) -> ModuleType:
    """Import an optional package, or say how to install it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        message = f'this needs {module}; install it with: pip install "brandpunt[{extra}]"'
        raise ImportError(message, name=module) from error


def floats(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """One column of floats, contiguous; text or complex numbers are refused by name."""
    try:
        if isinstance(values, np.ma.MaskedArray):
            values = np.ma.filled(values.astype(np.float64), np.nan)
        array = np.asarray(values)
        if array.dtype == object and array.ndim == 1:
            # Missing values of nullable columns come as None or NA.
            array = np.array([np.nan if missing(v) else v for v in array.tolist()])
        if array.dtype.kind not in "fiub":
            message = f"`{name}` holds {array.dtype}, not numbers"
            raise InputError(message, "not_a_number")
        array = np.ascontiguousarray(array, dtype=np.float64)
    except (TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        message = f"`{name}` cannot be read as numbers: {error}"
        raise InputError(message, "not_a_number") from error
    return one_dimensional(array, name)


def table_of(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """A table of floats, contiguous by rows."""
    array = np.asarray(values)
    if array.ndim != 2:
        message = f"`{name}` has {array.ndim} dimensions; a table of rows and columns is needed"
        raise InputError(message, "length_mismatch")
    return floats(array.ravel(), name).reshape(array.shape)


def integers(values: ArrayLike, name: str) -> NDArray[np.int64]:
    """One column of whole numbers."""
    numbers = floats(values, name)
    whole = np.isfinite(numbers) & (numbers == np.round(numbers))
    if not whole.all():
        at = int(np.flatnonzero(~whole)[0])
        message = f"`{name}` has {numbers[at]} at position {at}; whole numbers are needed"
        raise InputError(message, "not_an_integer")
    if numbers.size and np.abs(numbers).max() > 2**53:
        message = f"`{name}` has a number beyond 2^53"
        raise InputError(message, "number_out_of_range")
    return numbers.astype(np.int64)


def whole(number: Any, name: str) -> int:
    """One whole number from 0 up."""
    if int(number) != number or number < 0:
        message = f"{name} is {number!r}; a whole number from 0 up is needed"
        raise ParameterError(message)
    return int(number)


def chosen(value: str, choices: dict[str, bool], name: str) -> bool:
    """What a word stands for."""
    if value not in choices:
        message = f"{name} is {value!r}; choose one of {', '.join(choices)}"
        raise ParameterError(message)
    return choices[value]


def one_dimensional(array: NDArray[Any], name: str) -> NDArray[Any]:
    """Refuse tables where a column is meant."""
    if array.ndim != 1:
        message = f"`{name}` has {array.ndim} dimensions; one column is needed"
        raise InputError(message, "length_mismatch")
    return array


def missing(value: Any) -> bool:
    """Whether a single value stands for none: ``None``, NaN, NaT, NA."""
    if value is None:
        return True
    try:
        # NaN and NaT differ from themselves.
        return not bool(value == value)
    except TypeError:  # the truth of NA is undefined
        return True


def labelled(values: Iterable[Any], name: str) -> Any:
    """One column of few different labels: a list, or the labels and the number of each row's own."""
    categorical = getattr(values, "cat", None)
    if categorical is None:
        return texts(values, name)
    codes = np.asarray(categorical.codes, dtype=np.int32)
    return [str(label) for label in categorical.categories], one_dimensional(codes, name)


def texts(values: Iterable[Any], name: str) -> list[Any]:
    """One column of labels as a list; what is missing becomes empty text later."""
    return list(one_dimensional(np.asarray(values, dtype=object), name).tolist())


def index_of(values: Any) -> Any:
    """The index of a column or a table of pandas; of anything else none."""
    return values.index if hasattr(values, "iloc") else None


def refuse_persons(columns: Mapping[str, Iterable[Any]], allowed: Iterable[str]) -> None:
    """Refuse columns, by name with their first values, that seem to hold data about persons."""
    from brandpunt._brandpunt import check_person_data

    may_stay = set(allowed)
    for name, values in columns.items():
        if name not in may_stay:
            check_person_data(str(name), ["" if missing(v) else str(v) for v in values])


def times(values: Any) -> tuple[NDArray[np.int64], str]:
    """Seconds since 1970 and what they mean: ``utc``, ``local`` or ``date`` (in Amsterdam).

    Times with a zone or an offset are instants. Times without are what the clocks in the
    Netherlands showed. NumPy's ``datetime64[D]`` and Python's ``date`` are days.
    """
    zone = getattr(getattr(values, "dt", values), "tz", None)
    if zone is not None:  # a pandas series or index with a time zone
        accessor = getattr(values, "dt", values)
        values = accessor.tz_convert("UTC")
        values = getattr(values, "dt", values).tz_localize(None)
        return _seconds(np.asarray(values)), "utc"
    array = one_dimensional(np.asarray(values), "time")
    if array.dtype.kind == "M":
        return _seconds(array), "date" if array.dtype == np.dtype("M8[D]") else "local"
    if array.dtype.kind in "OUTS":
        return _moments(array.tolist())
    message = (
        f"`time` holds {array.dtype}; give datetime64, datetimes, dates or ISO 8601 texts "
        "(for seconds since 1970: numpy.asarray(t, 'datetime64[s]') and a time zone)"
    )
    raise InputError(message, "not_a_time")


def _seconds(array: NDArray[Any]) -> NDArray[np.int64]:
    return np.ascontiguousarray(array.astype("M8[s]")).view(np.int64)


def _moments(values: list[Any]) -> tuple[NDArray[np.int64], str]:
    seconds = np.full(len(values), UNKNOWN_TIME, dtype=np.int64)
    found: dict[str, int] = {}
    for i, value in enumerate(values):
        if missing(value) or value == "":
            continue
        moment, meaning = _moment(value, f"`time` at position {i}")
        seconds[i] = moment
        found.setdefault(meaning, i)
    if "utc" in found and len(found) > 1:
        message = (
            f"`time` has a zone at position {found.pop('utc')} but none at position "
            f"{min(found.values())}; give all of them one, or none"
        )
        raise InputError(message, "mixed_time_zones")
    meaning = next(iter(found)) if len(found) == 1 else "local"
    return seconds, meaning


def _moment(value: Any, where: str) -> tuple[int, str]:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        try:
            text = value.strip()
            value = dt.date.fromisoformat(text) if len(text) == 10 else _datetime(text)
        except ValueError as error:
            message = f"{where} is {value[:80]!r}; ISO 8601 such as 2024-05-17T22:30 is needed"
            raise InputError(message, "not_a_time") from error
    if isinstance(value, np.datetime64):
        value = value.astype("M8[s]").item()
    if isinstance(value, dt.datetime):
        if value.tzinfo is not None:
            return int(value.timestamp() // 1), "utc"
        return int(value.replace(tzinfo=dt.UTC).timestamp() // 1), "local"
    if isinstance(value, dt.date):
        midnight = dt.datetime.combine(value, dt.time(), tzinfo=dt.UTC)
        return int(midnight.timestamp()), "date"
    message = f"{where} is a {type(value).__name__}; dates, datetimes or ISO 8601 are needed"
    raise InputError(message, "not_a_time")


def _datetime(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def instant(value: Any, name: str) -> int | None:
    """Seconds since 1970 (UTC) of one moment; without a zone it is meant in Amsterdam."""
    from brandpunt._brandpunt import local_to_utc

    if value is None:
        return None
    seconds, meaning = _moment(value, f"`{name}`")
    return seconds if meaning == "utc" else local_to_utc(seconds)


def crs_text(crs: CrsLike, what: str = "the data") -> str:
    """Text the core understands for a coordinate reference system."""
    if crs is None:
        message = (
            f"{what} have no coordinate reference system; set it, for RD New with "
            "crs='EPSG:28992', or give crs='planar' for plain metres"
        )
        raise CrsError(message)
    if isinstance(crs, (int, np.integer)) and not isinstance(crs, bool):
        return f"EPSG:{int(crs)}"
    if isinstance(crs, str):
        return crs
    if hasattr(crs, "to_epsg"):
        code = crs.to_epsg() or crs.to_epsg(min_confidence=20)
        # The default of GeoParquet: the same longitudes and latitudes, in that order.
        if code is None and getattr(crs, "to_authority", tuple)() == ("OGC", "CRS84"):
            code = 4326
        if code is not None:
            return f"EPSG:{code}"
        message = (
            f"{what} are in `{getattr(crs, 'name', crs)}`, which has no EPSG code; project them "
            "first, for the Netherlands with .to_crs('EPSG:28992')"
        )
        raise CrsError(message)
    message = f"crs is a {type(crs).__name__}; give an EPSG code or 'planar'"
    raise CrsError(message)


def points(geometry: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coordinates of a column of points; missing and empty ones become NaN."""
    shapely = need("shapely", "geo")
    array = np.asarray(geometry, dtype=object)
    kinds = shapely.get_type_id(array)
    odd = np.flatnonzero((kinds != 0) & (kinds != -1))
    if odd.size:
        at = int(odd[0])
        message = (
            f"the geometry at position {at} is a {array[at].geom_type}, not a point; "
            "for areas, take .centroid or .representative_point() first"
        )
        raise InputError(message, "wrong_geometry_type")
    array = array.copy()
    array[shapely.is_empty(array)] = None
    x, y = shapely.get_x(array), shapely.get_y(array)
    return np.ascontiguousarray(x), np.ascontiguousarray(y)


def polygons(geometry: Any, codes: list[str]) -> Ragged:
    """A column of polygons as points and offsets of rings, polygons and areas."""
    shapely = need("shapely", "geo")
    array = np.asarray(geometry, dtype=object)
    if array.size == 0:
        message = "there is no area; give at least one"
        raise InputError(message, "no_rows")
    kinds = shapely.get_type_id(array)
    odd = np.flatnonzero(~np.isin(kinds, (-1, 3, 6)))
    if odd.size:
        at = int(odd[0])
        message = (
            f"area `{codes[at]}` is a {array[at].geom_type}; areas are polygons, and where both are "
            "given they come after the reports"
        )
        raise InputError(message, "wrong_geometry_type")
    # A missing shape crosses as an area without polygons, which the core refuses by its code.
    array = np.where(kinds == -1, shapely.MultiPolygon(), array)
    _, coordinates, offsets = shapely.to_ragged_array(array, include_z=False)
    rings, parts, *rest = (np.asarray(o, dtype=np.int64) for o in offsets)
    areas = rest[0] if rest else np.arange(parts.size, dtype=np.int64)
    return np.ascontiguousarray(coordinates, dtype=np.float64), rings, parts, areas


def year_of(value: Any, name: str) -> int | None:
    """A calendar year, or ``None``."""
    if value is None:
        return None
    try:
        year = int(value)
    except (TypeError, ValueError):
        year = -1
    if not 1 <= year <= 9998:
        message = f"{name} is {value!r}; a calendar year such as 2017 is needed"
        raise ParameterError(message)
    return year


def by_year(population: Any) -> list[tuple[int | None, Any]]:
    """A population as pairs of year and column."""
    if population is None:
        return []
    if isinstance(population, Mapping):
        return [(year_of(year, "the year of a population"), c) for year, c in population.items()]
    return [(None, population)]
