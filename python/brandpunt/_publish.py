"""May it be published, and what must be left out?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from brandpunt import _brandpunt
from brandpunt._hotspots import HotspotResult
from brandpunt._outputs import labels, table
from brandpunt.exceptions import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike


class PublishedResult(HotspotResult):
    """A result that passed disclosure control, with everything computed from published counts.

    ``neighbourhoods`` has more columns: ``count_state`` (``"published"`` or ``"withheld"``), and
    ``count_low`` and ``count_high``, between which the count lies as far as anyone can tell; where
    it is withheld, ``count`` and all that follows from it are NaN. ``hot_lower`` says that an area
    is a hotspot whatever the withheld counts are, ``hot_upper`` that it can be one, and ``robust``
    that both are the same.

    Counts by `years` and by `nature` are protected like the others and audited with them; reports
    are resampled as they are published. The history by quarter or month, repeats, the density per
    neighbourhood and the figures of cells are left out; `surface` holds ends of classes.
    """

    __slots__ = ("_ledger", "_published")
    _published: _brandpunt.Published
    _ledger: Path | None

    @classmethod
    def _of(
        cls, published: _brandpunt.Published, index: Any, ledger: Path | None
    ) -> PublishedResult:
        self = cls.__new__(cls)
        self._core = published.result
        self._index = index
        self._published = published
        self._ledger = ledger
        return self

    @property
    def preset(self) -> str:
        """The name of the rules."""
        return self._published.preset or "internal"

    @property
    def audit(self) -> Any:
        """A data frame with one row per count: for the analyst, not for publishing.

        ``count`` is the true count, ``published`` what is published of it (NaN where withheld),
        ``low`` and ``high`` between what anyone can work it out to lie (NaN for no upper end),
        ``why`` the rule it breaks (``"complement"`` where it stands in for another), ``group``
        whether it is all of its total. ``code`` is ``None`` for totals; ``part`` names a part of the
        reports, such as those of evenings.
        """
        columns = self._published.audit
        for name in ("code", "part", "period", "why"):
            columns[name] = labels(columns[name])
        return table(columns)

    @property
    def ledger(self) -> Path | None:
        """The file of releases this one was added to."""
        return self._ledger

    def _for_writers(self, *, internal: bool) -> list[_brandpunt.Published]:  # noqa: ARG002
        return [self._published]


@overload
def publish(
    result: HotspotResult,
    *,
    preset: str = ...,
    minimum_count: int | None = ...,
    minimum_addresses: int | None = ...,
    minimum_population: float | None = ...,
    rounding: int | None = ...,
    secret: str | None = ...,
    ledger: str | PathLike[str] | None = ...,
    n_jobs: int | None = ...,
) -> PublishedResult: ...
@overload
def publish(
    result: Iterable[HotspotResult],
    *,
    preset: str = ...,
    minimum_count: int | None = ...,
    minimum_addresses: int | None = ...,
    minimum_population: float | None = ...,
    rounding: int | None = ...,
    secret: str | None = ...,
    ledger: str | PathLike[str] | None = ...,
    n_jobs: int | None = ...,
) -> list[PublishedResult]: ...
def publish(
    result: HotspotResult | Iterable[HotspotResult],
    *,
    preset: str = "cbs5",
    minimum_count: int | None = None,
    minimum_addresses: int | None = None,
    minimum_population: float | None = None,
    rounding: int | None = None,
    secret: str | None = None,
    ledger: str | PathLike[str] | None = None,
    n_jobs: int | None = None,
) -> PublishedResult | list[PublishedResult]:
    """May it be published, and what must be left out?

    Counts that are small, or come from too few addresses, are withheld, and so are as many others
    as it takes to keep anyone from working them out; the rest is rounded at random to multiples of
    five. Then everything else is computed again from what is published.

    Parameters
    ----------
    result : HotspotResult or iterable of HotspotResult
        What goes out together, such as several themes.
    preset : {"cbs5", "ons10_5", "police8", "internal"}
        ``"cbs5"`` withholds counts below 5, as Statistics Netherlands; ``"ons10_5"`` below 10, zeros
        too, as the Office for National Statistics with ACRO's checks; ``"police8"`` below 5 or from
        fewer than 8 addresses; ``"internal"`` nothing, with a mark on every page. All but the last
        also withhold counts of which two addresses make up more than 90 %, and counts of areas
        with fewer than 50 people.
    minimum_count, minimum_addresses, minimum_population, rounding : optional
        Instead of the preset's. A rounding of 1 is none.
    secret : str, optional
        What the rounding is keyed with; the ledger's, or one derived from the reports, when left
        out. Whoever knows it can undo half of the rounding.
    ledger : str or path, optional
        A JSON file of earlier releases, with which this one is judged and to which it is added; made
        when it does not exist. Keep it as you keep the reports.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.

    Returns
    -------
    PublishedResult, or a list of them

    Raises
    ------
    DisclosureError
        For a bandwidth below 200 m or cells below 100 m, for rules that need addresses where only
        counts were given, and where earlier releases leave nothing to hide.

    Examples
    --------
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(5_000, seed=1, n_neighbourhoods=60)
    >>> result = bp.hotspots(city.incidents, city.neighbourhoods, theme="youth_nuisance")
    >>> published = bp.publish(result, preset="cbs5")
    >>> shown = published.neighbourhoods["count"].dropna()
    >>> bool((shown % 5 == 0).all()), len(shown) < 60
    (True, True)
    """
    one = isinstance(result, HotspotResult)
    results = [result] if isinstance(result, HotspotResult) else list(result)
    for item in results:
        if not isinstance(item, HotspotResult):
            message = f"result is {type(item).__name__}; what hotspots gives is needed"
            raise ParameterError(message)
    place = None if ledger is None else Path(ledger)
    published = _brandpunt.publish(
        [item._core for item in results],
        preset,
        minimum_count,
        minimum_addresses,
        minimum_population,
        rounding,
        secret,
        place,
        n_jobs,
    )
    out = [
        PublishedResult._of(new, item._index, place)
        for new, item in zip(published, results, strict=True)
    ]
    return out[0] if one else out
