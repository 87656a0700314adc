"""What every public callable does before its own work, and what ends at its door."""

from __future__ import annotations

import functools
import inspect
import math
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from brandpunt.exceptions import InternalError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """Refuse options that are no number where one is meant; a panic becomes an ordinary exception.

    The options are those whose annotation is ``int`` or ``float``, or one of these or ``None``.
    Whole numbers of NumPy, and floats without a fraction, become Python's.
    """
    parameters = inspect.signature(function).parameters
    places = tuple(parameters)
    casts = {
        name: cast
        for name, parameter in parameters.items()
        if (cast := _CASTS.get(str(parameter.annotation).removesuffix(" | None")))
    }

    @functools.wraps(function)
    def door(*args: P.args, **kwargs: P.kwargs) -> R:
        given: list[Any] = list(args)
        for i, name in enumerate(places[: len(given)]):
            if name in casts and given[i] is not None:
                given[i] = casts[name](given[i], name)
        for name, value in kwargs.items():
            if name in casts and value is not None:
                kwargs[name] = casts[name](value, name)
        try:
            return function(*given, **kwargs)
        except Exception:
            raise
        except BaseException as error:
            # The class of the runtime cannot be imported, and `except Exception` would miss it.
            if type(error).__name__ != "PanicException":
                raise
            message = f"internal error (please report it): {error}"
            raise InternalError(message) from error

    return door


def _number(value: Any, name: str) -> Any:
    if not isinstance(value, Real) or math.isnan(value):
        message = f"{name} is {_shown(value)}; a number is needed"
        raise ParameterError(message)
    return value


def _whole(value: Any, name: str) -> int:
    fits = isinstance(value, Integral) or (isinstance(value, Real) and float(value).is_integer())
    least = -(2**63) if name in _SIGNED else 0
    # Seeds take 64 bits, everything else leaves one for the sign.
    if not fits or not least <= value < (2**64 if name == "seed" else 2**63):
        message = (
            f"{name} is {_shown(value)}; a whole number{'' if least else ' from 0 up'} is needed"
        )
        raise ParameterError(message)
    return int(value)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"


_CASTS = {"int": _whole, "float": _number}
_SIGNED = frozenset({"n_jobs", "at"})
