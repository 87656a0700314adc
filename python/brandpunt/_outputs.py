"""Everything that goes out: columns to frames, shapes to shapely."""

from __future__ import annotations

import importlib.util
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt._inputs import need

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from brandpunt._inputs import Ragged


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """The same array, no longer writable."""
    array.flags.writeable = False
    return array


def axes(ax: Any, **options: Any) -> Any:
    """The axes to draw on: those given, or of a new matplotlib figure with these options."""
    if ax is not None:
        return ax
    _, ax = need("matplotlib.pyplot", "plot").subplots(**options)
    return ax


def labels(values: list[str]) -> NDArray[np.object_]:
    """A read-only column of texts."""
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return frozen(out)


def table(columns: Mapping[str, Any], index: Any = None) -> Any:
    """A pandas data frame; without pandas, a read-only mapping of name to column."""
    if importlib.util.find_spec("pandas") is None:
        return MappingProxyType({name: np.asarray(values) for name, values in columns.items()})
    pandas = need("pandas", "geo")
    copies = {
        name: values.copy() if isinstance(values, np.ndarray) else values
        for name, values in columns.items()
    }
    return pandas.DataFrame(copies, index=index)


def rejected_rows(columns: tuple[list[int], list[str], list[str]]) -> Any:
    """Give the rows that were kept out, with why and what stood there."""
    row, reason, detail = columns
    return table(
        {
            "row": np.asarray(row, dtype=np.int64),
            "reason": labels(reason),
            "detail": labels(detail),
        }
    )


def in_utc(columns: Any) -> Any:
    """A data frame whose column ``time`` says that it is in UTC; a mapping as it is."""
    if not hasattr(columns, "assign") or "time" not in columns:
        return columns
    return columns.assign(time=columns["time"].dt.tz_localize("UTC"))


def shapes(ragged: Ragged) -> NDArray[Any]:
    """Polygons, and multipolygons where an area has several parts."""
    shapely = need("shapely", "geo")
    points, rings, parts, areas = ragged
    polygons = shapely.from_ragged_array(shapely.GeometryType.POLYGON, points, (rings, parts))
    count = np.diff(areas)
    owner = np.repeat(np.arange(count.size), count)
    out = shapely.multipolygons(polygons, indices=owner)
    single = count == 1
    out[single] = polygons[areas[:-1][single]]
    return frozen(np.asarray(out))


def epsg(crs: str) -> str | None:
    """The system as geopandas wants it; ``None`` for plain metres."""
    return None if crs == "planar" else crs
