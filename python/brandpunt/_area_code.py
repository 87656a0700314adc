"""The codes of Dutch areas, and what lies in what."""

from __future__ import annotations

from typing import Self

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt.exceptions import ParameterError

LEVELS = ("country", "municipality", "district", "neighbourhood")


class AreaCode(str):
    """A code of Statistics Netherlands for a country, municipality, district or neighbourhood.

    ``NL00``, ``GM`` and 4 digits, ``WK`` and 6 signs, or ``BU`` and 8 signs; the last four of a
    neighbourhood may hold letters. Padding is dropped. A code alone does not tell an area, because
    divisions change from year to year: keep the year (``vintage``) with it.

    Raises
    ------
    InputError
        For a text that is no code.

    Examples
    --------
    >>> import brandpunt as bp
    >>> code = bp.AreaCode("BU00346601  ")
    >>> code.level, code.parent, code.at("municipality")
    ('neighbourhood', AreaCode('WK003466'), AreaCode('GM0034'))
    >>> code == "BU00346601"
    True
    """

    __slots__ = ("_level", "_parent")
    _level: str
    _parent: str | None

    def __new__(cls, text: str) -> Self:
        code, level, parent = _brandpunt.area_code(str(text))
        self = super().__new__(cls, code)
        self._level = level
        self._parent = parent
        return self

    @property
    def level(self) -> str:
        """``"country"``, ``"municipality"``, ``"district"`` or ``"neighbourhood"``."""
        return self._level

    @property
    def parent(self) -> AreaCode | None:
        """The area one level up; ``None`` for the country."""
        return None if self._parent is None else AreaCode(self._parent)

    @checked
    def at(self, level: str) -> AreaCode | None:
        """Give the area of a level that this one lies in or is; ``None`` for a finer level.

        Parameters
        ----------
        level : {"country", "municipality", "district", "neighbourhood"}
            The level.
        """
        if level not in LEVELS:
            message = f"level is {level!r}; one of {', '.join(LEVELS)} is needed"
            raise ParameterError(message)
        code: AreaCode | None = self
        wanted = LEVELS.index(level)
        while code is not None and LEVELS.index(code.level) > wanted:
            code = code.parent
        return code if code is not None and code.level == level else None

    def __repr__(self) -> str:
        return f"AreaCode({str(self)!r})"

    def __reduce__(self) -> tuple[object, ...]:
        return AreaCode, (str(self),)
