"""Columns of Arrow to incidents, without a Python object per row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._carried import Carried, coordinates
from brandpunt._inputs import (
    UNKNOWN_TIME,
    CrsLike,
    crs_text,
    need,
    points,
    refuse_persons,
    times,
)
from brandpunt.exceptions import CrsError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
GUESSED = ("time", "category")
"""Columns that are recognised by their names; others, with more texts, must be named."""


class Roles:
    """Which column is what, and where the places are; the same for every part of a table.

    Parameters
    ----------
    names : iterable of str
        The columns.
    metadata : mapping, optional
        What a schema of Arrow says besides, such as that of GeoParquet.
    """

    def __init__(
        self,
        names: Iterable[str],
        metadata: Any = None,
        *,
        crs: CrsLike = None,
        x: str | None = None,
        y: str | None = None,
        columns: dict[str, str | None],
        guess: Iterable[str] = GUESSED,
    ) -> None:
        # Each column stands for itself by its name.
        places = Carried({name: name for name in names}, crs=crs)
        geo = (metadata or {}).get(b"geo")
        self.geometry: str | None = None
        if geo is not None and x is None and y is None:
            said = json.loads(geo)
            self.geometry = said["primary_column"]
            system = _system(said["columns"][self.geometry]) if crs is None else crs
        else:
            self.x, self.y, system, _ = coordinates(places, x, y)
            if system is None:
                message = (
                    f"columns `{self.x}` and `{self.y}` say nothing of their coordinate reference "
                    "system; give it, for RD New with crs='EPSG:28992'"
                )
                raise CrsError(message)
        self.crs = crs_text(system)
        self.columns: dict[str, str] = {}
        for role, name in columns.items():
            if name is not None:
                self.columns[role] = places.column(name, role)
            elif role in guess and (found := places.recognised(role)) is not None:
                self.columns[role] = found

    def needed(self) -> list[str]:
        """The names of all columns that are used, once each."""
        where = [self.x, self.y] if self.geometry is None else [self.geometry]
        return list(dict.fromkeys([*where, *self.columns.values()]))

    def refuse_persons(self, batch: Any, allowed: Iterable[str]) -> None:
        """Refuse columns that seem to hold data about persons, by the first rows of a batch."""
        first = batch.slice(0, 1000)
        named = {name: first.column(name).to_pylist() for name in self.columns.values()}
        refuse_persons(named, allowed)

    def incidents(self, batch: Any, first_row: int = 0) -> Any:
        """Incidents of the core from the rows of a record batch, as a part of a longer input."""
        if self.geometry is None:
            x, y = (_numbers(_whole(batch.column(name)), name) for name in (self.x, self.y))
        else:
            shapely = need("shapely", "geo")
            shapes = _whole(batch.column(self.geometry)).to_numpy(zero_copy_only=False)
            x, y = points(shapely.from_wkb(shapes))
        found = {role: _whole(batch.column(name)) for role, name in self.columns.items()}
        time, weight, names = found.get("time"), found.get("weight"), found.get("id")
        return _brandpunt.Incidents(
            x,
            y,
            self.crs,
            None if time is None else _instants(time),
            _labels(found.get("category")),
            _labels(found.get("source")),
            None if weight is None else _numbers(weight, "weight"),
            None if names is None else names.to_pylist(),
            1.0,
            [],
            first_row,
        )


def _system(column: dict[str, Any]) -> Any:
    """The system of a column of GeoParquet; that of the format when it says nothing."""
    if column.get("crs") is None:
        return 4326
    return need("pyproj", "geo").CRS.from_json_dict(column["crs"])


def _whole(column: Any) -> Any:
    """One array, of a record batch or of a table."""
    return column.combine_chunks() if hasattr(column, "combine_chunks") else column


def _numbers(column: Any, name: str) -> NDArray[np.float64]:
    kind = str(column.type)
    if not kind.startswith(("int", "uint", "float", "double", "halffloat", "decimal", "null")):
        message = f"`{name}` holds {kind}, not numbers"
        raise InputError(message, "not_a_number")
    if kind != "double":
        column = column.cast("double")
    return np.ascontiguousarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _instants(column: Any) -> tuple[NDArray[np.int64], str]:
    """Seconds since 1970 and what they mean, as `times` gives them."""
    kind = column.type
    if str(kind).startswith("date"):
        return times(column.cast("date32").to_numpy(zero_copy_only=False))
    if not hasattr(kind, "unit") or not str(kind).startswith("timestamp"):
        return times(column.to_pylist())
    ticks = column.cast("int64").fill_null(0).to_numpy(zero_copy_only=False)
    per_second = PER_SECOND[kind.unit]
    seconds = ticks if per_second == 1 else ticks // per_second
    if column.null_count:
        seconds = np.where(column.is_null().to_numpy(zero_copy_only=False), UNKNOWN_TIME, seconds)
    return np.ascontiguousarray(seconds), "local" if kind.tz is None else "utc"


def _labels(column: Any) -> tuple[list[str], NDArray[np.int32]] | None:
    """The labels that occur, and the number of each row's own."""
    if column is None:
        return None
    if not str(column.type).startswith("dictionary"):
        column = column.dictionary_encode()
    labels = ["" if label is None else str(label) for label in column.dictionary.to_pylist()]
    codes = column.indices.cast("int32").fill_null(-1).to_numpy(zero_copy_only=False)
    return labels, np.ascontiguousarray(codes)
