"""What can go wrong, as exceptions.

Each is a `BrandpuntError` and, where one fits, also the builtin that says the same. Files that
cannot be read or written raise the builtin `OSError`, such as `FileNotFoundError`.
"""

__all__ = [
    "BrandpuntError",
    "CrsError",
    "DisclosureError",
    "InputError",
    "InternalError",
    "ParameterError",
]


class BrandpuntError(Exception):
    """The base of all exceptions of this package."""


class InputError(BrandpuntError, ValueError):
    """The data cannot be used as they are.

    Attributes
    ----------
    fault : str or None
        Which fault, as a stable code such as ``"axes_swapped"``, for programs that sort errors;
        the message begins with it.
    """

    def __init__(self, detail: str, fault: str | None = None) -> None:
        super().__init__(detail, fault)
        self.fault = fault

    def __str__(self) -> str:
        detail = str(self.args[0])
        return detail if self.fault is None else f"{self.fault}: {detail}"


class CrsError(BrandpuntError, ValueError):
    """A coordinate reference system is missing, unknown, or unfit for the question."""


class ParameterError(BrandpuntError, ValueError):
    """An option has a value that makes no sense."""


class DisclosureError(BrandpuntError, RuntimeError):
    """A result cannot be published without exposing somebody."""


class InternalError(BrandpuntError, RuntimeError):
    """A defect of this package; please report it."""
