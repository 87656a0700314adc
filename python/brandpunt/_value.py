"""What all values here have in common: they do not change, are equal by content, and travel."""

from __future__ import annotations

import copyreg
from typing import Any, ClassVar, Self

import numpy as np

from brandpunt import _brandpunt, _page
from brandpunt.exceptions import InputError

TRAVELLING = (
    _brandpunt.AreaNumbers,
    _brandpunt.Contours,
    _brandpunt.Crosswalk,
    _brandpunt.HotspotResult,
    _brandpunt.Incidents,
    _brandpunt.KeyFigures,
    _brandpunt.LiveSnapshot,
    _brandpunt.Neighbourhoods,
    _brandpunt.PairCounts,
    _brandpunt.Published,
    _brandpunt.RegisteredCounts,
    _brandpunt.Surface,
    _brandpunt.Tally,
    _brandpunt.Theme,
    _brandpunt.Weights,
)
"""Classes of the core whose values can be turned into bytes and back."""


class Value:
    """A value: equal by content, itself when copied, the same after a pickle."""

    __slots__ = ()

    def _parts(self) -> dict[str, Any]:
        """The attributes that make the value, by name."""
        slots = (slot for cls in type(self).__mro__ for slot in getattr(cls, "__slots__", ()))
        return {slot: getattr(self, slot) for slot in slots} | getattr(self, "__dict__", {})

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return same(self._parts(), other._parts())

    # Arrays have no hash, nor has what is made of them.
    __hash__ = None  # type: ignore[assignment]

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __getstate__(self) -> tuple[str, dict[str, Any]]:
        return _brandpunt.__version__, self._parts()

    def __setstate__(self, state: tuple[str, dict[str, Any]]) -> None:
        version, parts = state
        of_this_version(version)
        for name, value in parts.items():
            if isinstance(value, np.ndarray):
                # Arrays come out of a pickle writable.
                value.flags.writeable = False
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return _page.line(self)

    def _repr_html_(self) -> str:
        return _page.page(self)


class Wrapped(Value):
    """A value that the core holds."""

    __slots__ = ("_core",)
    _core: Any
    _made_by: ClassVar[str]

    def __init__(self) -> None:
        message = f"{type(self).__name__} cannot be made like this; use {self._made_by}"
        raise TypeError(message)

    @classmethod
    def _wrap(cls, core: Any) -> Self:
        self = cls.__new__(cls)
        self._core = core
        return self


class Indexed(Wrapped):
    """A value that the core holds, with the index that its rows had in pandas."""

    __slots__ = ("_index",)
    _index: Any

    @classmethod
    def _wrap(cls, core: Any, index: Any = None) -> Self:
        self = super()._wrap(core)
        self._index = index
        return self


def same(one: Any, other: Any) -> bool:
    """Whether two values have the same content; what is not defined equals itself."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return _same_arrays(one, other)
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(v, other[k]) for k, v in one.items())
    if isinstance(one, TRAVELLING):
        return _brandpunt.dump(one) == _brandpunt.dump(other)
    if hasattr(one, "equals"):  # an index of pandas
        return bool(one.equals(other))
    return bool(one == other or (one != one and other != other))


def _same_arrays(one: Any, other: Any) -> bool:
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    if one.dtype == object:
        return all(map(same, one.ravel().tolist(), other.ravel().tolist()))
    return bool(np.array_equal(one, other, equal_nan=one.dtype.kind in "fmM"))


def of_this_version(version: str) -> None:
    """Refuse what another version has pickled: its fields may be others."""
    if version != _brandpunt.__version__:
        message = (
            f"this was pickled by brandpunt {version} and is read by {_brandpunt.__version__}; a "
            "pickle carries values between processes of one version, so make it again, and keep "
            "results as files (write, to_arrow, write_geotiff)"
        )
        raise InputError(message, "other_version")


def _packed(core: Any) -> tuple[Any, tuple[str, str, bytes]]:
    return _unpacked, (_brandpunt.__version__, *_brandpunt.dump(core))


def _unpacked(version: str, name: str, state: bytes) -> Any:
    of_this_version(version)
    return _brandpunt.load(name, state)


for _class in TRAVELLING:
    copyreg.pickle(_class, _packed)
