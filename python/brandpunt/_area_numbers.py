"""One number per area code, of one area division."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._inputs import floats, texts, year_of
from brandpunt._notes import Note, notes
from brandpunt._outputs import labels, table
from brandpunt._tabular import Tabular
from brandpunt._value import Wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from brandpunt._crosswalk import Crosswalk
    from brandpunt._neighbourhoods import Neighbourhoods


class AreaNumbers(Tabular, Wrapped):
    """One number per area code, such as the reports of a year, with the year of the division.

    Parameters
    ----------
    code : iterable of str
        Area codes, each once.
    values : array-like of float
        One number per code; NaN where none is published.
    vintage : int, optional
        The year of the area division.

    Examples
    --------
    >>> import brandpunt as bp
    >>> bp.AreaNumbers(["BU00340101", "BU00340102"], [12, None], vintage=2024)
    <AreaNumbers: 2 areas of 2024, 1 without a number>
    """

    __slots__ = ()
    _core: _brandpunt.AreaNumbers

    @checked
    def __init__(
        self, code: Iterable[str], values: ArrayLike, *, vintage: int | None = None
    ) -> None:
        codes = [str(c) for c in texts(code, "code")]
        self._core = _brandpunt.AreaNumbers(
            codes, floats(values, "values"), year_of(vintage, "vintage")
        )

    def __len__(self) -> int:
        return len(self._core)

    @property
    def code(self) -> NDArray[np.object_]:
        """The area codes."""
        return labels(self._core.code)

    @property
    def values(self) -> NDArray[np.float64]:
        """One number per code, NaN where none is published."""
        return self._core.values

    @property
    def vintage(self) -> int | None:
        """The year of the area division, where it is known."""
        return self._core.vintage

    @property
    def warnings(self) -> tuple[Note, ...]:
        """What a user of these numbers must know."""
        return notes(self._core.warnings)

    @checked
    def for_areas(self, neighbourhoods: Neighbourhoods) -> AreaNumbers:
        """Give the numbers in the order of areas, by code.

        Parameters
        ----------
        neighbourhoods : Neighbourhoods
            Areas of the same division.

        Returns
        -------
        AreaNumbers
            NaN and a warning for an area without a row.

        Raises
        ------
        InputError
            ``vintage_mismatch`` when both divisions are known and differ; ``area_mismatch`` when
            more than 5 % of the areas have no row.
        """
        return self._wrap(self._core.for_areas(neighbourhoods._core))

    @checked
    def through(self, crosswalk: Crosswalk) -> AreaNumbers:
        """Give the numbers of another division, carried over by a crosswalk.

        Parameters
        ----------
        crosswalk : Crosswalk
            From the division of these numbers to another.

        Returns
        -------
        AreaNumbers
            Not whole, not rounded; its warnings say where it comes from.

        Raises
        ------
        InputError
            ``vintage_mismatch`` when the numbers are of another division.
        """
        return self._wrap(self._core.through(crosswalk._core))

    def to_pandas(self) -> Any:
        """Give a frame with ``code`` and ``value``."""
        return table({"code": self.code, "value": self.values})

    def __repr__(self) -> str:
        unknown = int((self.values != self.values).sum())
        of = "" if self.vintage is None else f" of {self.vintage}"
        tail = f", {unknown} without a number" if unknown else ""
        return f"<AreaNumbers: {len(self)} areas{of}{tail}>"
