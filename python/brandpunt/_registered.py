"""What the police have counted, and who lives there: tables per area code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._area_numbers import AreaNumbers
from brandpunt._checked import checked
from brandpunt._inputs import year_of
from brandpunt._io import _mark
from brandpunt._neighbourhoods import Neighbourhoods
from brandpunt._notes import Detected, Note, detected, notes
from brandpunt._outputs import frozen, labels, rejected_rows, table
from brandpunt._tabular import Tabular
from brandpunt._theme import ThemeLike, theme_of
from brandpunt._value import Wrapped

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import NDArray

    from brandpunt._crosswalk import Crosswalk


class RegisteredCounts(Tabular, Wrapped):
    """Counts per area, class and period, as the police publish them.

    Areas are of one level and periods of one length, so that nothing is counted twice; a total
    stays a class of its own. Made by `read_police_table`.
    """

    __slots__ = ()
    _core: _brandpunt.RegisteredCounts
    _made_by = "read_police_table"

    @property
    def code(self) -> NDArray[np.object_]:
        """Area codes, sorted."""
        return labels(self._core.code)

    @property
    def level(self) -> str | None:
        """The level of all areas, where the codes tell it."""
        return self._core.level

    @property
    def vintage(self) -> int | None:
        """The year of the area division, where it is known."""
        return self._core.vintage

    @property
    def category(self) -> NDArray[np.object_]:
        """Keys of the classes, such as ``E35`` or ``1.1.1``; ``0.0.0`` is the total."""
        return labels([key for key, _ in self._core.classes])

    @property
    def title(self) -> tuple[str | None, ...]:
        """Titles of the classes, where known."""
        return tuple(title for _, title in self._core.classes)

    @property
    def step(self) -> str:
        """The length of all periods: ``"month"``, ``"quarter"`` or ``"year"``."""
        return self._core.step

    @property
    def periods(self) -> list[str]:
        """Labels of the periods, in order of time."""
        return list(self._core.periods["periods"])

    @property
    def provisional(self) -> NDArray[np.bool_]:
        """Whether the numbers of a period are marked as provisional."""
        return frozen(np.array(self._core.provisional, dtype=bool))

    @property
    def status(self) -> NDArray[np.object_]:
        """``definite``, ``revised_provisional``, ``provisional`` or ``unknown``, per period."""
        return labels(self._core.status)

    @property
    def null_policy(self) -> str:
        """How empty fields and missing rows were read: ``zero``, ``withheld`` or ``error``."""
        return self._core.null_policy

    @property
    def _shape(self) -> tuple[int, int, int]:
        return len(self._core.code), len(self._core.classes), len(self._core.provisional)

    @property
    def values(self) -> NDArray[np.float64]:
        """Counts by area, class and period; NaN where none is published."""
        return frozen(self._core.cells()[0].reshape(self._shape))

    @property
    def state(self) -> NDArray[np.object_]:
        """``counted``, ``null_as_zero``, ``absent_as_zero``, ``withheld`` or ``absent``."""
        states = np.array(self._core.cells()[1], dtype=object)
        return frozen(states.reshape(self._shape))

    @property
    def missing_in_classes(self) -> int | None:
        """Reports in the totals that no class holds, in all; ``None`` without a total.

        Not 0 where a class is not published at this level.
        """
        found = self._core.adding_up
        return None if found is None else found[3]

    @property
    def rows_in(self) -> int:
        """How many rows the file had: each became a cell of the counts, or is in `rejected`."""
        return self._core.rows_in

    @property
    def rejected(self) -> Any:
        """The rows that were kept out: a data frame of ``row``, ``reason`` and ``detail``.

        Those of other levels and lengths of period, and with other fields than the header.
        """
        return rejected_rows(self._core.rejected)

    @property
    def warnings(self) -> tuple[Note, ...]:
        """What a user of the table must know."""
        return notes(self._core.warnings)

    @property
    def detected(self) -> tuple[Detected, ...]:
        """What the reader concluded by itself."""
        return detected(self._core.detected)

    @checked
    def counts(self, theme: ThemeLike = None, *, period: str | int | None = None) -> AreaNumbers:
        """Give the reports of a theme per area, over a period.

        Parameters
        ----------
        theme : str, Theme or None
            A built-in name or a theme of your own; it takes classes by key or title. ``None``
            takes the total.
        period : str or int, optional
            A period of the table, or a year of which it holds all months or quarters; all periods
            together when left out.

        Returns
        -------
        AreaNumbers
            NaN where one of the numbers is not published.

        Raises
        ------
        InputError
            ``no_matching_category`` with the classes there are.
        ParameterError
            For a period that is not in the table as a whole, or a theme that counts twice.
        """
        label = None if period is None else str(period)
        return AreaNumbers._wrap(self._core.counts(theme_of(theme)._core, label))

    def to_pandas(self) -> Any:
        """Give a frame with a row per area, class and period."""
        areas, classes, periods = self._shape
        return table(
            {
                "code": np.repeat(self.code, classes * periods),
                "category": np.tile(np.repeat(self.category, periods), areas),
                "period": np.tile(np.array(self.periods, dtype=object), areas * classes),
                "count": self.values.ravel(),
                "state": self.state.ravel(),
                "provisional": np.tile(self.provisional, areas * classes),
            }
        )

    def __repr__(self) -> str:
        areas, classes, periods = self._shape
        return (
            f"<RegisteredCounts: {areas} areas ({self.level or 'level unknown'}), "
            f"{classes} classes, {periods} periods of a {self.step}>"
        )


@checked
def read_police_table(
    path: str | PathLike[str],
    *,
    level: str | None = None,
    step: str | None = None,
    null_policy: str = "from_metadata",
    data_properties: str | PathLike[str] | None = None,
    period_metadata: str | PathLike[str] | None = None,
    vintage: int | None = None,
    category: str | None = None,
    area: str | None = None,
    period: str | None = None,
    count: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> RegisteredCounts:
    """Read a table of nuisance or crime that the Dutch police publish.

    Tables 47021NED and 47024NED (nuisance), 47013NED, 47018NED and 47022NED (crime), as CSV or as
    the JSON of the OData service. Padding of keys is dropped, areas of one level and periods of
    one length are kept, and totals are never added to classes.

    Parameters
    ----------
    path : str or path
        The file.
    level : {"neighbourhood", "district", "municipality", "country"}, optional
        Which areas to keep; the finest when left out.
    step : {"month", "quarter", "year"}, optional
        Which periods to keep; needed when several lengths stand in the table.
    null_policy : {"from_metadata", "zero", "withheld", "error"}
        How an empty field and a row that is not there are read. The metadata of the police tables
        say zero. A point or an x is never zero.
    data_properties : str or path, optional
        The ``DataProperties`` of the table, for ``"from_metadata"``.
    period_metadata : str or path, optional
        The ``Perioden`` of the table, whose ``Status`` says which periods are definite. Without it,
        a column ``Status`` of the table itself and stars behind labels tell it.
    vintage : int, optional
        The year of the area division; police tables count all years in the latest one.
    category, area, period, count : str, optional
        Names of columns; recognised when left out.
    encoding, delimiter : str, optional
        Of a CSV file.

    Returns
    -------
    RegisteredCounts

    Raises
    ------
    InputError
        ``mixed_periods``, ``missing_column``, ``part_of_a_table`` for one page of several, ...
    OSError
        When the file cannot be opened.
    """
    core = _brandpunt.read_police_table(
        path,
        level,
        step,
        null_policy,
        data_properties,
        period_metadata,
        year_of(vintage, "vintage"),
        category,
        area,
        period,
        count,
        encoding,
        _mark(delimiter, "delimiter"),
    )
    return RegisteredCounts._wrap(core)


class KeyFigures(Tabular, Wrapped):
    """Inhabitants, households and dwellings per area code. Made by `read_key_figures`."""

    __slots__ = ()
    _core: _brandpunt.KeyFigures
    _made_by = "read_key_figures"

    @property
    def code(self) -> NDArray[np.object_]:
        """The area codes."""
        return labels(self._core.code)

    @property
    def vintage(self) -> int | None:
        """The year of the area division, where it is known."""
        return self._core.vintage

    @property
    def exposures(self) -> list[tuple[str, int | None]]:
        """Kind and year of each column of figures."""
        return [(kind, year) for kind, year, _ in self._core.exposures]

    @checked
    def exposure(self, kind: str = "inhabitants") -> NDArray[np.float64] | None:
        """Give the figures of a kind, NaN where none is published; ``None`` without that kind.

        Parameters
        ----------
        kind : str, default "inhabitants"
            Also ``"inhabitants_0_15"``, ``"inhabitants_15_25"`` (from 15 to under 25),
            ``"households"``, ``"dwellings"``.
        """
        return next((v for k, _, v in self._core.exposures if k == kind), None)

    @property
    def rows_in(self) -> int:
        """How many rows the file had: each gave an area its figures, or is in `rejected`."""
        return self._core.rows_in

    @property
    def rejected(self) -> Any:
        """The rows that were kept out: a data frame of ``row``, ``reason`` and ``detail``.

        Those of other levels, and with other fields than the header.
        """
        return rejected_rows(self._core.rejected)

    @property
    def warnings(self) -> tuple[Note, ...]:
        """What a user of the figures must know."""
        return notes(self._core.warnings)

    @property
    def detected(self) -> tuple[Detected, ...]:
        """What the reader concluded by itself."""
        return detected(self._core.detected)

    @checked
    def join(self, neighbourhoods: Neighbourhoods) -> Neighbourhoods:
        """Give the areas with these figures as populations, by code.

        Raises
        ------
        InputError
            ``vintage_mismatch`` when both divisions are known and differ; ``area_mismatch`` when
            more than 5 % of the areas have no row.
        """
        return Neighbourhoods._wrap(self._core.join(neighbourhoods._core), neighbourhoods._index)

    @checked
    def through(self, crosswalk: Crosswalk) -> KeyFigures:
        """Give the figures of another division, carried over by a crosswalk."""
        return self._wrap(self._core.through(crosswalk._core))

    def to_pandas(self) -> Any:
        """Give a frame with ``code`` and a column per kind."""
        columns: dict[str, Any] = {"code": self.code}
        columns.update({kind: values for kind, _, values in self._core.exposures})
        return table(columns)

    def __repr__(self) -> str:
        kinds = ", ".join(kind for kind, _ in self.exposures)
        return f"<KeyFigures: {len(self._core.code)} areas, with {kinds}>"


@checked
def read_key_figures(
    path: str | PathLike[str],
    *,
    level: str | None = None,
    year: int | None = None,
    vintage: int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> KeyFigures:
    """Read key figures of districts and neighbourhoods (*Kerncijfers wijken en buurten*).

    CSV or the JSON of the OData service, under the column names of any year.

    Parameters
    ----------
    path : str or path
        The file.
    level : {"neighbourhood", "district", "municipality", "country"}, optional
        Which areas to keep; the finest when left out.
    year : int, optional
        The year the figures are of; that of a column such as ``jrstatcode`` when left out.
    vintage : int, optional
        The year of the area division; `year` when left out.
    encoding, delimiter : str, optional
        Of a CSV file.

    Returns
    -------
    KeyFigures

    Raises
    ------
    InputError
        With the fault, the place and the remedy.
    OSError
        When the file cannot be opened.
    """
    core = _brandpunt.read_key_figures(
        path,
        level,
        year_of(year, "year"),
        year_of(vintage, "vintage"),
        encoding,
        _mark(delimiter, "delimiter"),
    )
    return KeyFigures._wrap(core)
