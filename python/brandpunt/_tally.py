"""Counts of a part of the incidents, on their way to the counts of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt._checked import checked
from brandpunt._counting import Counts, counts_of
from brandpunt._outputs import labels, table
from brandpunt._tabular import Tabular
from brandpunt._theme import ThemeLike, theme_of
from brandpunt._value import Indexed
from brandpunt.exceptions import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from brandpunt import _brandpunt


class Tally(Tabular, Indexed):
    """Counts per area, period and category of some of the incidents, with the account of their rows.

    Tallies of parts add up with ``+`` or ``sum``, exactly and in any order to the same value; a part
    need not know which periods or categories the others hold. Tallies of other areas, of another
    step or choice of categories are refused. `count_batches`, `brandpunt.spark.count` and
    `brandpunt.dask.count` make them, and they travel between processes as pickles.

    Examples
    --------
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(2_000, seed=7, n_neighbourhoods=60)
    >>> years = [
    ...     city.incidents.select(start=f"{y}-01-01", end=f"{y + 1}-01-01") for y in (2023, 2024)
    ... ]
    >>> parts = [bp.count_batches([part], city.neighbourhoods, step="year") for part in years]
    >>> tally = parts[0] + parts[1]
    >>> tally.counts().periods
    ('2023', '2024')
    """

    __slots__ = ()
    _core: _brandpunt.Tally
    _made_by = "count_batches, brandpunt.spark.count or brandpunt.dask.count"

    @property
    def areas(self) -> str:
        """What the areas are, in 64 hexadecimal digits."""
        return self._core.areas

    @property
    def code(self) -> NDArray[np.object_]:
        """The codes of the areas."""
        return labels(self._core.code)

    @property
    def step(self) -> str | None:
        """The length of the periods; ``None`` when all time is one."""
        return self._core.step

    @property
    def by_category(self) -> bool:
        """Whether categories are told apart."""
        return self._core.by_category

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories that were found; one empty text where they are not told apart."""
        return tuple(self._core.categories)

    @property
    def rows_in(self) -> int:
        """How many rows the inputs had."""
        return self._core.rows_in

    @property
    def incidents(self) -> int:
        """How many incidents are counted, those outside all areas and of unknown time too."""
        return self._core.incidents

    @property
    def undated(self) -> int:
        """How many incidents with a step have no known time; they are in no period."""
        return self._core.undated

    @property
    def rejected(self) -> Any:
        """The rows that were kept out: a data frame of ``reason`` and ``rows``."""
        return by_reason(self._core.rejected)

    @checked
    def counts(self, *, theme: ThemeLike = None) -> Counts:
        """Give the counts per area and period.

        Parameters
        ----------
        theme : str or Theme, optional
            Whose incidents to count; all when left out. Others need a tally by category.

        Returns
        -------
        Counts
            With the periods of the whole tally, whatever the theme.

        Raises
        ------
        InputError
            When the tally does not tell categories apart, or none belongs to the theme.
        """
        return counts_of(self._core.counts(theme_of(theme)._core), self.code, self._index)

    def to_pandas(self) -> Any:
        """Give the counts of all categories, as `Counts.to_pandas`."""
        return self.counts().to_pandas()

    def __add__(self, other: Any) -> Tally:
        if not isinstance(other, Tally):
            return NotImplemented
        return self._wrap(self._core.plus(other._core), self._index)

    def __radd__(self, other: Any) -> Tally:
        # `sum` begins with zero.
        return self if isinstance(other, int) and other == 0 else NotImplemented

    def __repr__(self) -> str:
        steps = f" per {self.step}" if self.step else ""
        kinds = f" and category ({len(self.categories)})" if self.by_category else ""
        kept_out = sum(rows for _, rows in self._core.rejected)
        tail = f", {kept_out} of {self.rows_in} rows rejected" if kept_out else ""
        return f"<Tally: {self.incidents} incidents in {len(self.code)} areas{steps}{kinds}{tail}>"


def by_reason(rejected: list[tuple[str, int]]) -> Any:
    """Rows that were kept out, as a data frame."""
    return table(
        {
            "reason": labels([reason for reason, _ in rejected]),
            "rows": np.array([rows for _, rows in rejected], dtype=np.int64),
        }
    )


def check_rejected(tally: Tally, max_rejected_share: float) -> None:
    """Refuse an input of which too much was kept out."""
    refuse_share(tally._core.rejected, tally.rows_in, max_rejected_share)


def refuse_share(rejected: list[tuple[str, int]], rows_in: int, most: float) -> None:
    """Refuse an input of which a larger share than this was kept out, with the reasons."""
    kept_out = sum(rows for _, rows in rejected)
    if kept_out > most * rows_in:
        reasons = ", ".join(f"{rows} {reason}" for reason, rows in rejected)
        message = (
            f"{kept_out} of {rows_in} rows: {reasons}; more than {100 * most:g} % is an error: "
            "mend the rows, or raise max_rejected_share"
        )
        raise InputError(message, "too_many_rejected")
