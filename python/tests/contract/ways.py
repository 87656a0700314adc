"""Ways to spoil, wrap and repeat what is handed in."""

from __future__ import annotations

import inspect
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import brandpunt as bp
from contract import city
from contract.digest import digest
from contract.table import CASES, Case

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 700
"""No message needs more characters than these."""


def outcome(case: Case, arguments: dict[str, Any]) -> str:
    """What a call gives: the digest of its result, or its refusal.

    Anything but a result or an error of the package that is not internal fails the test that asks.
    """
    try:
        result = case(**arguments)
    except bp.InternalError:
        raise
    except bp.BrandpuntError as error:
        text = str(error)
        assert 0 < len(text) <= LONGEST, text
        assert text.isprintable(), text
        return f"{type(error).__name__}: {text}"
    return digest(result)


def refused(case: Case, arguments: dict[str, Any]) -> str:
    """The text of the refusal of a call that must be refused."""
    found = outcome(case, arguments)
    assert "Error: " in found, f"{case.name} took what makes no sense"
    return found


def options(case: Case) -> dict[str, inspect.Parameter]:
    """The parameters of a callable, without the object of a method."""
    found = dict(inspect.signature(case.function).parameters)
    if case.is_method:
        found.pop("self")
    return found


def with_threads(cases: tuple[Case, ...] = tuple(CASES)) -> list[Case]:
    """The cases that take a number of threads."""
    return [case for case in cases if "n_jobs" in options(case)]


def texts() -> Iterator[tuple[Case, str]]:
    """Every option that is one of some texts."""
    for case in CASES:
        for name, parameter in options(case).items():
            kind = str(parameter.annotation)
            if kind in ("str", "str | None") and name not in case.free:
                yield case, name


def numbers() -> Iterator[tuple[Case, str, str]]:
    """Every option that is one number, and its kind."""
    for case in CASES:
        for name, parameter in options(case).items():
            kind = str(parameter.annotation).removesuffix(" | None")
            if kind in ("int", "float") and name != "n_jobs":
                yield case, name, kind


def cut(value: Any, n: int) -> Any:
    """The first rows of whatever has rows."""
    if isinstance(value, bp.Incidents):
        return city.report(n) if n else value.select(start="2100-01-01")
    if isinstance(value, bp.Weights):
        with_self = bool(value.cardinalities.max() > len(value.neighbours(0)) - 1)
        if n == 0:
            return value
        few = bp.Weights.lattice((1, n))
        return few.include_self() if with_self else few
    return value[:n]


def twice(value: Any) -> Any:
    """Every row two times."""
    if isinstance(value, bp.Incidents):
        x, y = np.r_[value.x, value.x], np.r_[value.y, value.y]
        return bp.Incidents.from_xy(
            x,
            y,
            crs=value.crs,
            time=pd.DatetimeIndex(np.r_[value.time, value.time]).tz_localize("UTC"),
            category=[*value.category, *value.category],
            id=[*value.id, *value.id],
        )
    if isinstance(value, bp.Weights):
        return bp.Weights.lattice((6, value.n // 3)).include_self()
    if hasattr(value, "iloc"):
        return pd.concat([value, value])
    if isinstance(value, list):
        return value + value
    return np.concatenate([value, value])


def spoilt(value: Any, by: float) -> Any:
    """A copy with another number in the first place."""
    array = np.array(value, dtype=float)
    array.flat[0] = by
    return array


def level(value: Any, at: float) -> Any:
    """As many rows of one number, or reports on one spot."""
    if isinstance(value, bp.Incidents):
        return city.report(len(value), at=np.add(city.CORNER, 1234.5))
    return np.full(np.shape(value), at)


def views(array: np.ndarray) -> dict[str, np.ndarray]:
    """The same numbers, otherwise stored."""
    read_only = array.copy()
    read_only.flags.writeable = False
    out = {
        "read-only": read_only,
        "every second of twice as many": np.repeat(array, 2, axis=0)[::2],
        "backwards": array[::-1].copy()[::-1],
        "columns first": np.asfortranarray(array),
        "the other byte order": array.astype(array.dtype.newbyteorder("S")),
        "of a frame": pd.DataFrame(array).to_numpy() if array.ndim == 2 else pd.array(array),
    }
    if array.dtype.kind == "f" and np.array_equal(array, array.astype(np.float32)):
        out["half as long"] = array.astype(np.float32)
    if array.dtype.kind == "f" and np.array_equal(array, array.astype(np.int32)):
        out["whole"] = array.astype(np.int32)
    return out


def quietly(case: Case, arguments: dict[str, Any]) -> str:
    """As `outcome`, where warnings are no part of the question."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return outcome(case, arguments)
