"""What counts as what kind of nuisance."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, Union

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._value import Wrapped
from brandpunt.exceptions import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

ThemeLike: TypeAlias = Union[str, "Theme", None]
"""A theme, the name of a built-in one, or ``None`` for all incidents."""


class Theme(Wrapped):
    """A named set of incident categories, with the people its rate is about.

    Categories are compared without regard to case, surrounding blanks and padding of the number,
    so ``E35`` takes ``E35``, ``"e35   "`` and ``E035``.

    Parameters
    ----------
    name : str
        Any name.
    categories : iterable of str, optional
        The categories that belong; all of them when left out.
    exposure : str, default "inhabitants"
        The kind of population the rate is about, such as ``"youths"`` or ``"dwellings"``.
    per : float, default 1000
        The size of the group the rate is given for.

    Examples
    --------
    >>> import brandpunt as bp
    >>> fireworks = bp.Theme("fireworks", ["vuurwerk", "M132"], exposure="dwellings", per=100)
    >>> fireworks
    Theme('fireworks', ['m132', 'vuurwerk'], exposure='dwellings', per=100)
    >>> bp.Theme.named("youth_crime").exposure
    'youths'
    """

    __slots__ = ()
    _core: _brandpunt.Theme

    @checked
    def __init__(
        self,
        name: str,
        categories: Iterable[str] | None = None,
        *,
        exposure: str = "inhabitants",
        per: float = 1000,
    ) -> None:
        if isinstance(categories, str):
            message = (
                f"categories is the text {categories!r}; give a list, such as [{categories!r}]"
            )
            raise ParameterError(message)
        if not (per > 0 and per < float("inf")):
            message = f"per is {per}; a positive number of people is needed"
            raise ParameterError(message)
        labels = None if categories is None else [str(c) for c in categories]
        self._core = _brandpunt.Theme(name, labels, exposure, float(per))

    @classmethod
    @checked
    def named(cls, name: str) -> Theme:
        """Give the built-in theme of that name.

        Parameters
        ----------
        name : {"youth_nuisance", "housing_nuisance", "youth_crime", "all"}
            Youth nuisance (*jeugdoverlast*), housing nuisance (*woonoverlast*), youth crime
            (*jeugdcriminaliteit*), or every incident whatever its category.
        """
        return cls._wrap(_brandpunt.Theme.named(name))

    @property
    def name(self) -> str:
        """The theme's name."""
        return self._core.name

    @property
    def categories(self) -> list[str] | None:
        """The categories in lower case, sorted; ``None`` when every incident belongs."""
        return self._core.categories

    @property
    def exposure(self) -> str:
        """The kind of population the rate is about."""
        return self._core.exposure

    @property
    def per(self) -> float:
        """The size of the group the rate is given for."""
        return self._core.per

    def _values(self) -> tuple[str, list[str] | None, str, float]:
        return self.name, self.categories, self.exposure, self.per

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Theme) and self._values() == other._values()

    def __hash__(self) -> int:  # type: ignore[override]
        return hash((self.name, tuple(self.categories or ()), self.exposure, self.per))

    def __repr__(self) -> str:
        return (
            f"Theme({self.name!r}, {self.categories!r}, exposure={self.exposure!r}, "
            f"per={self.per:g})"
        )


@checked
def read_themes(path: str | PathLike[str]) -> list[Theme]:
    """Read themes from a CSV with a row per category.

    Parameters
    ----------
    path : str or path
        Columns ``theme`` and ``category``, and ``exposure`` and ``per`` where they differ from
        inhabitants and 1,000; other columns are not read.

    Returns
    -------
    list of Theme
        In the order of the file. A category that no row names belongs to no theme.
    """
    return [Theme._wrap(core) for core in _brandpunt.read_themes(path)]


@checked
def write_themes(path: str | PathLike[str], themes: Iterable[Theme] | None = None) -> None:
    """Write themes as a CSV that `read_themes` reads, to edit.

    Parameters
    ----------
    path : str or path
        The file.
    themes : iterable of Theme, optional
        The built-in ones when left out.
    """
    names = ("youth_nuisance", "housing_nuisance", "youth_crime")
    chosen = [Theme.named(name) for name in names] if themes is None else list(themes)
    _brandpunt.write_themes(path, [theme._core for theme in chosen])


def theme_of(theme: ThemeLike) -> Theme:
    """A theme from whatever stands for one."""
    if isinstance(theme, Theme):
        return theme
    return Theme.named("all" if theme is None else theme)
