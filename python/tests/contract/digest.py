"""A value as bytes that are equal when everything a user can see of it is."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

# The clock of the machine is no part of a result.
UNSEEN = frozenset({"seconds", "started", "finished"})


def digest(value: Any) -> str:
    """Fold everything visible of a value into one text."""
    hash_ = hashlib.sha256()
    for part in seen(value):
        hash_.update(part)
        hash_.update(b"\0")
    return hash_.hexdigest()


def seen(value: Any) -> Iterable[bytes]:
    """The parts of a value, in order."""
    kind = type(value)
    yield kind.__name__.encode()
    if isinstance(value, np.ndarray):
        yield f"{value.dtype} {value.shape}".encode()
        if value.dtype == object:
            for item in value.flat:
                yield from seen(item)
        else:
            yield np.ascontiguousarray(value).tobytes()
    elif value is None or isinstance(value, (str, bytes, int, float, np.generic)):
        yield repr(value).encode()
    elif isinstance(value, Mapping):
        for name, item in value.items():
            if name not in UNSEEN:
                yield from seen(name)
                yield from seen(item)
    elif isinstance(value, (list, tuple, range, frozenset)):
        for item in value:
            yield from seen(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield field.name.encode()
            yield from seen(getattr(value, field.name))
    elif hasattr(value, "iloc"):
        yield from of_frame(value)
    elif hasattr(value, "wkb"):
        yield value.wkb
    elif hasattr(value, "indptr"):
        for name in ("shape", "indptr", "indices", "data"):
            yield from seen(getattr(value, name))
    elif isinstance(value, Path):
        yield str(value).encode()
    elif kind.__module__.startswith("brandpunt"):
        for name in sorted(vars(kind)):
            if not name.startswith("_") and isinstance(vars(kind)[name], property):
                yield name.encode()
                yield from seen(getattr(value, name))
    else:
        yield repr(value).encode()


def of_frame(value: Any) -> Iterable[bytes]:
    """A series or a data frame, its index included."""
    yield from seen(value.index.to_numpy())
    columns = value.items() if hasattr(value, "columns") else [(value.name, value)]
    for name, column in columns:
        yield repr(name).encode()
        array = column.array
        yield from seen(array.to_numpy(dtype=object) if hasattr(array, "to_numpy") else list(array))
