"""From the areas of one division to those of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._inputs import floats, texts, year_of
from brandpunt._outputs import table
from brandpunt._tabular import Tabular
from brandpunt._value import Wrapped
from brandpunt.exceptions import InputError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from numpy.typing import ArrayLike

    from brandpunt._area_numbers import AreaNumbers
    from brandpunt._neighbourhoods import Neighbourhoods


def year_needed(value: Any, name: str) -> int:
    """A calendar year that may not be left out."""
    year = year_of(value, name)
    if year is None:
        message = f"{name} is missing; a calendar year such as 2024 is needed"
        raise ParameterError(message)
    return year


class Crosswalk(Tabular, Wrapped):
    """Which share of each area of one division goes to which areas of another.

    Carrying over assumes that what is counted is spread within an area as the shares are: by
    `from_areas` evenly over the ground, by `from_points` as addresses or people are. Numbers that
    are carried over are not whole and are not rounded, so totals are kept.

    Parameters
    ----------
    old, new : iterable of str
        Old code and new code of each pair.
    share : array-like of float
        The share of the old area that goes to the new one, from 0 to 1.
    from_vintage, to_vintage : int
        The years of the two divisions.

    Examples
    --------
    >>> import brandpunt as bp
    >>> crosswalk = bp.Crosswalk(
    ...     ["A", "B", "B"], ["C", "C", "D"], [1, 0.25, 0.75], from_vintage=2022, to_vintage=2024
    ... )
    >>> bp.AreaNumbers(["A", "B"], [10, 8], vintage=2022).through(crosswalk).values
    array([12.,  6.])
    """

    __slots__ = ()
    _core: _brandpunt.Crosswalk

    @checked
    def __init__(
        self,
        old: Iterable[str],
        new: Iterable[str],
        share: ArrayLike,
        *,
        from_vintage: int,
        to_vintage: int,
    ) -> None:
        shares = floats(share, "share").tolist()
        olds = [str(v) for v in texts(old, "old")]
        news = [str(v) for v in texts(new, "new")]
        if not len(olds) == len(news) == len(shares):
            message = f"{len(olds)} old codes, {len(news)} new codes and {len(shares)} shares"
            raise InputError(message, "length_mismatch")
        self._core = _brandpunt.Crosswalk(
            list(zip(olds, news, shares, strict=True)),
            year_needed(from_vintage, "from_vintage"),
            year_needed(to_vintage, "to_vintage"),
        )

    @classmethod
    @checked
    def from_areas(
        cls, old: Neighbourhoods, new: Neighbourhoods, *, n_jobs: int | None = None
    ) -> Crosswalk:
        """Make a crosswalk from the exact overlap of areas.

        An old area that the new ones cover to 99 % goes to them whole.

        Parameters
        ----------
        old, new : Neighbourhoods
            Both divisions, each with its ``vintage``, in one system of metres.
        n_jobs : int, optional
            Threads; one per core when left out.

        Returns
        -------
        Crosswalk
        """
        return cls._wrap(_brandpunt.Crosswalk.from_areas(old._core, new._core, n_jobs))

    @classmethod
    @checked
    def from_points(
        cls,
        old: Neighbourhoods,
        new: Neighbourhoods,
        x: ArrayLike,
        y: ArrayLike,
        *,
        weight: ArrayLike | None = None,
        n_jobs: int | None = None,
    ) -> Crosswalk:
        """Make a crosswalk from points such as addresses, or from blocks with their people.

        Parameters
        ----------
        old, new : Neighbourhoods
            Both divisions, each with its ``vintage``, in one system of metres.
        x, y : array-like of float
            The points, in the same system.
        weight : array-like of float, optional
            How much each point stands for; 1 when left out.
        n_jobs : int, optional
            Threads; one per core when left out.

        Returns
        -------
        Crosswalk
        """
        weights = None if weight is None else floats(weight, "weight")
        core = _brandpunt.Crosswalk.from_points(
            old._core, new._core, floats(x, "x"), floats(y, "y"), weights, n_jobs
        )
        return cls._wrap(core)

    @classmethod
    @checked
    def read(cls, path: str | PathLike[str], *, from_vintage: int, to_vintage: int) -> Crosswalk:
        """Read a crosswalk from CSV with columns ``from``, ``to`` and ``share``.

        Parameters
        ----------
        path : str or path
            The file; ``van``, ``naar`` and ``aandeel`` are understood too.
        from_vintage, to_vintage : int
            The years of the two divisions.

        Returns
        -------
        Crosswalk
        """
        return cls._wrap(
            _brandpunt.Crosswalk.read(
                path,
                year_needed(from_vintage, "from_vintage"),
                year_needed(to_vintage, "to_vintage"),
            )
        )

    @property
    def from_vintage(self) -> int:
        """The year of the old division."""
        return self._core.from_vintage

    @property
    def to_vintage(self) -> int:
        """The year of the new division."""
        return self._core.to_vintage

    @property
    def basis(self) -> str:
        """What the shares were made of."""
        return self._core.basis

    @checked
    def carry(self, numbers: AreaNumbers) -> AreaNumbers:
        """Carry numbers of the old division over to the new one."""
        return numbers.through(self)

    def to_pandas(self) -> Any:
        """Give a frame with ``from``, ``to`` and ``share``."""
        rows = self._core.shares
        return table(
            {
                "from": [r[0] for r in rows],
                "to": [r[1] for r in rows],
                "share": [r[2] for r in rows],
            }
        )

    def __repr__(self) -> str:
        return (
            f"<Crosswalk: {self.from_vintage} to {self.to_vintage} by {self.basis}, "
            f"{len(self._core.shares)} pairs>"
        )
