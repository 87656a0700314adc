"""Of what nature are the reports?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict, Unpack

import numpy as np

from brandpunt import _brandpunt
from brandpunt._carried import looks_like_places
from brandpunt._checked import checked
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import missing, one_dimensional, texts, times, whole
from brandpunt._neighbourhoods import Neighbourhoods, NeighbourhoodsLike
from brandpunt._notes import Note, notes
from brandpunt._outputs import axes, frozen, labels, table
from brandpunt._seed import Seed, seed_of
from brandpunt._tabular import Tabular
from brandpunt._value import Value
from brandpunt.exceptions import InputError, ParameterError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


Names: TypeAlias = Iterable[Any]

NONE = np.uint32(2**32 - 1)
DEFAULT_BY = ("category", "hour", "weekday", "season")
DEFAULT_LEVEL = 0.95

# Columns of one value per subset and cell, and of one value per subset.
CELLS = ("count", "share", "rest_share", "expected", "quotient", "low", "high", "p", "q")
WHOLE = (
    "used",
    "left_out",
    "rest_used",
    "statistic",
    "profile_p",
    "profile_q",
    "exact",
    "distance",
    "distance_expected",
)

# Told apart by colour-blind eyes (Okabe & Ito), and in grey.
CLEAR, UNCLEAR = "#d55e00", "0.6"


@dataclass(frozen=True, kw_only=True)
class Trait(Value):
    """What stands out in a subset: a cell with more incidents than the rest's shares would give.

    Attributes
    ----------
    subset : object
        The name of the subset.
    by : str
        By what the reports are counted.
    cell : str
        The name of the cell.
    count, expected, excess : float
        Incidents, incidents if the subset had the shares of the rest, and the difference.
    share, rest_share : float
        Shares of the incidents of the subset and of the rest.
    quotient, low, high : float
        Location quotient and its interval.
    q : float
        Corrected p-value.
    """

    subset: Any
    by: str
    cell: str
    count: float
    expected: float
    excess: float
    share: float
    rest_share: float
    quotient: float
    low: float
    high: float
    q: float


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Places(Value):
    """From how many different addresses, or reporters, the reports of each subset come.

    Attributes
    ----------
    places : numpy.ndarray of int
        Different addresses, or reporters.
    repeated : numpy.ndarray of int
        Those with two reports or more.
    repeat_share : numpy.ndarray of float
        Share of the reports that are not the first of their address; NaN without a report.
    busiest_share : numpy.ndarray of float
        Share of the reports that the address with most of them has.
    unknown : numpy.ndarray of int
        Reports whose address is not known; they are in no share.
    """

    places: NDArray[np.uint64]
    repeated: NDArray[np.uint64]
    repeat_share: NDArray[np.float64]
    busiest_share: NDArray[np.float64]
    unknown: NDArray[np.uint64]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ProfileTable(Value):
    """Counts by one breakdown, for every subset beside the rest.

    Attributes
    ----------
    by : str
        By what, such as ``"hour"`` or ``"category x part_of_day"``.
    cell : numpy.ndarray of str
        The names of the cells.
    used, left_out, rest_used : numpy.ndarray of int
        Per subset: incidents in the table, incidents whose hour, day or category is not known, and
        incidents of the rest in the table.
    statistic, profile_p, profile_q : numpy.ndarray of float
        Per subset: Pearson's X2 of the whole profile, the chance of one as large when the subset is
        any incidents alike, and the same corrected for all profiles of the call.
    exact : numpy.ndarray of bool
        Whether that chance is exact, not simulated.
    distance, distance_expected : numpy.ndarray of float
        Total variation distance from the rest, from 0 to 1, and its mean under chance.
    count, share, rest_share, expected : numpy.ndarray of float, shape (subsets, cells)
        Incidents, shares of the incidents here and in the rest, and incidents if the shares of the
        rest held here. Counts are fractions where times lie between two moments.
    quotient, low, high : numpy.ndarray of float, shape (subsets, cells)
        Location quotient ``share / rest_share`` and its interval; NaN where the rest has none.
    p, q : numpy.ndarray of float, shape (subsets, cells)
        Two-sided p-value of equal shares; corrected for all cells of all tables of the call.
    """

    by: str
    cell: NDArray[np.object_]
    used: NDArray[np.uint64]
    left_out: NDArray[np.uint64]
    rest_used: NDArray[np.uint64]
    statistic: NDArray[np.float64]
    profile_p: NDArray[np.float64]
    profile_q: NDArray[np.float64]
    exact: NDArray[np.bool_]
    distance: NDArray[np.float64]
    distance_expected: NDArray[np.float64]
    count: NDArray[np.float64]
    share: NDArray[np.float64]
    rest_share: NDArray[np.float64]
    expected: NDArray[np.float64]
    quotient: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    p: NDArray[np.float64]
    q: NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Profile(Tabular, Value):
    """The nature of the reports of every subset, beside the rest.

    ``profile["hour"]`` is the table by hour.

    Attributes
    ----------
    subset : numpy.ndarray of object
        Names of the subsets: codes of neighbourhoods, labels, or ``"within"``.
    size, rest : numpy.ndarray of int
        Incidents of each subset, and of what it is compared with.
    outside : int
        Incidents that are not compared, such as those in no neighbourhood.
    tables : tuple of ProfileTable
        One per breakdown.
    places : Places
        From how many addresses the reports come.
    reporters : Places or None
        From how many reporters, where these were given.
    level : float
        As given.
    warnings : tuple of Note
        What a reader must know.
    """

    subset: NDArray[np.object_]
    size: NDArray[np.uint64]
    rest: NDArray[np.uint64]
    outside: int
    tables: tuple[ProfileTable, ...]
    places: Places
    reporters: Places | None
    level: float
    warnings: tuple[Note, ...]

    def __getitem__(self, by: str) -> ProfileTable:
        for found in self.tables:
            if found.by == by:
                return found
        known = ", ".join(repr(t.by) for t in self.tables)
        message = f"no table by {by!r}; there are {known}"
        raise KeyError(message)

    def __len__(self) -> int:
        return len(self.subset)

    def to_pandas(self) -> Any:
        """Give one row per subset, breakdown and cell."""
        columns: dict[str, list[Any]] = {name: [] for name in ("subset", "by", "cell", *CELLS)}
        for found in self.tables:
            subsets, cells = found.count.shape
            columns["subset"].append(np.repeat(self.subset, cells))
            columns["by"].append(labels([found.by] * (subsets * cells)))
            columns["cell"].append(np.tile(found.cell, subsets))
            for name in CELLS:
                columns[name].append(getattr(found, name).ravel())
        return table({name: np.concatenate(parts) for name, parts in columns.items()})

    def whole(self) -> Any:
        """Give one row per subset and breakdown: the whole profile beside that of the rest."""
        columns: dict[str, list[Any]] = {name: [] for name in ("subset", "by", *WHOLE)}
        for found in self.tables:
            columns["subset"].append(self.subset)
            columns["by"].append(labels([found.by] * len(self.subset)))
            for name in WHOLE:
                columns[name].append(getattr(found, name))
        return table({name: np.concatenate(parts) for name, parts in columns.items()})

    @checked
    def traits(
        self, subset: Any = None, *, most: int = 3, level: float = 0.05
    ) -> tuple[Trait, ...]:
        """Give what stands out most: cells with ``q <= level`` and the largest excess.

        Cells of different tables can be one fact seen twice, such as the hour 23 and the evening.

        Parameters
        ----------
        subset : object, optional
            The name of a subset; may be left out where there is one only.
        most : int, default 3
            How many at most.
        level : float, default 0.05
            Largest q.

        Returns
        -------
        tuple of Trait
        """
        row = self._row(subset)
        found = []
        for by in self.tables:
            excess = by.count[row] - by.expected[row]
            found += [
                Trait(
                    subset=self.subset[row],
                    by=by.by,
                    cell=by.cell[i],
                    excess=float(excess[i]),
                    **{
                        name: float(getattr(by, name)[row, i])
                        for name in CELLS
                        if name in Trait.__annotations__
                    },
                )
                for i in np.flatnonzero((by.q[row] <= level) & (excess > 0))
            ]
        return tuple(sorted(found, key=lambda t: -t.excess)[:most])

    def plot(self, *, by: str | None = None, subset: Any = None, ax: Any = None) -> Any:
        """Draw one table with matplotlib.

        Location quotients with their intervals, clear ones (``q <= 0.05``) in colour; by hour of the
        week a heat map of the shares, hours across and weekdays down.

        Parameters
        ----------
        by : str, optional
            Which table; the first when left out.
        subset : object, optional
            The name of a subset; may be left out where there is one only.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.

        Returns
        -------
        matplotlib.axes.Axes
        """
        found = self.tables[0] if by is None else self[by]
        row = self._row(subset)
        if found.by == "hour_of_week":
            return _heat_map(found, row, ax)
        ax = axes(ax, figsize=(6, max(2.0, 0.28 * len(found.cell))))
        place = np.arange(len(found.cell))
        low, high, q = found.low[row], found.high[row], found.q[row]
        quotient = found.quotient[row]
        shown = np.isfinite(quotient) & np.isfinite(high)
        for clear, colour in ((True, CLEAR), (False, UNCLEAR)):
            these = shown & ((q <= 0.05) == clear)
            span = np.maximum([quotient[these] - low[these], high[these] - quotient[these]], 0.0)
            ax.errorbar(quotient[these], place[these], xerr=span, fmt="o", color=colour)
        ax.axvline(1.0, color="0.3", linewidth=0.8)
        ax.set_xlim(left=0)
        ax.set_yticks(place, [str(cell) for cell in found.cell])
        ax.invert_yaxis()
        ax.set_xlabel(f"share beside the rest's, {100 * self.level:g} % interval")
        ax.set_title(f"{self.subset[row]}, by {found.by.replace('_', ' ')}")
        return ax

    def _row(self, subset: Any) -> int:
        if subset is None and len(self.subset) == 1:
            return 0
        at = [i for i, name in enumerate(self.subset) if name == subset]
        if not at:
            message = f"no subset {subset!r}; name one of the {len(self.subset)} in `subset`"
            raise ParameterError(message)
        return at[0]

    def __repr__(self) -> str:
        by = ", ".join(t.by for t in self.tables)
        of = f"{self.size[0]} incidents" if len(self) == 1 else f"{len(self)} subsets"
        return f"<Profile: {of} by {by}>"


def _heat_map(found: ProfileTable, row: int, ax: Any) -> Any:
    ax = axes(ax, figsize=(8, 3))
    shares = found.share[row].reshape(7, 24)
    image = ax.imshow(shares, aspect="auto", cmap="cividis", vmin=0)
    ax.set_xticks(range(0, 24, 3))
    ax.set_xlabel("hour")
    ax.set_yticks(range(7), [str(name).split()[0][:2] for name in found.cell[::24]])
    ax.figure.colorbar(image, ax=ax, label="share of the incidents")
    return ax


@checked
def profile(
    incidents: IncidentsLike,
    *,
    within: NeighbourhoodsLike | ArrayLike | Names,
    by: str | Iterable[str] = DEFAULT_BY,
    end: Any = None,
    address: Names | None = None,
    reporter: Names | None = None,
    level: float = DEFAULT_LEVEL,
    permutations: int = 999,
    correction: str = "fdr",
    seed: Seed = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
) -> Profile:
    """What kind, at which hour, weekday and season, by whom: a part of the city beside the rest.

    With ``a`` of the ``A`` incidents of a subset in a cell, and ``b`` of the ``B`` others::

        expected           E  = A b/B
        location quotient  LQ = (a/A) / (b/B) = a/E

    `p` is that of Fisher's exact test (twice the smaller tail): the subset is any ``A`` of the
    incidents alike. The interval of LQ is Clopper and Pearson's, carried over from ``a`` of ``a + b``,
    exact for Poisson counts and on the wide side where a cell holds a large share. The whole
    profile is tested by Pearson's X2 against the same chance, exactly for small tables and else by
    drawing subsets.

    Hours are those of local clocks. Incidents with a date only, or at midnight sharp, are out of
    tables with an hour and counted in `left_out`. Reports in series, such as ten of one party, are
    not alike: p is then too small; `places` tells how many addresses they come from. Weights play no
    part.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        With times and categories as far as `by` needs them.
    within : Neighbourhoods, array-like of bool, or iterable of labels
        What is looked at: every neighbourhood (incidents in none are left out), the incidents where
        it is true, or every label (incidents with a missing label are part of the rest).
    by : str or iterable of str, default ("category", "hour", "weekday", "season")
        ``category``, ``hour``, ``weekday``, ``hour_of_week``, ``part_of_day``,
        ``part_of_week`` (night, daytime or evening of weekdays or the weekend), ``month``, ``season``, or two
        or three of them as in ``"category x hour_of_week x season"``.
    end : array-like, optional
        Per incident the last moment at which it may have happened, as `Incidents.time`. Incidents
        are then spread over the hours between (aoristic shares) and counts are fractions, without
        rounding.
    address : iterable, optional
        The address of each incident; pairs of coordinates when left out.
    reporter : iterable, optional
        A pseudonym for the reporter of each; missing where not known.
    level : float, default 0.95
        Level of the intervals.
    permutations : int, default 999
        Subsets drawn per whole profile; 0 tests only small ones.
    correction : {"fdr", "fdr_by", "holm", "bonferroni", "none"}, default "fdr"
        Over all cells of the call, and over all whole profiles.
    seed : int or numpy.random.Generator, optional
        Makes the draws reproducible.
    random_state : optional
        Another name for `seed`.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.

    Returns
    -------
    Profile

    References
    ----------
    Fisher 1922, Journal of the Royal Statistical Society 85:87, doi:10.2307/2340521; Ratcliffe 2002,
    Journal of Quantitative Criminology 18:23, doi:10.1023/A:1013240828824.

    Examples
    --------
    >>> import numpy as np
    >>> import brandpunt as bp
    >>> reports = bp.Incidents.from_xy(
    ...     range(10),
    ...     [0] * 10,
    ...     crs="planar",
    ...     category=["noise"] * 3 + ["litter", "noise"] + ["litter"] * 5,
    ... )
    >>> found = bp.profile(reports, within=np.arange(10) < 4, by="category")
    >>> found["category"].quotient.round(2)
    array([[4.5, 0.3]])
    >>> round(float(found["category"].profile_p[0]), 4)
    0.1905
    """
    incidents = Incidents.from_any(incidents)
    hoods, numbers = None, None
    if isinstance(within, Neighbourhoods) or looks_like_places(within):
        areas = Neighbourhoods.from_any(within)
        hoods, names = areas._core, areas.code
    else:
        numbers, names = _subsets(within, len(incidents))
    found = _brandpunt.profile(
        incidents._core,
        hoods,
        numbers,
        None,
        *_told(
            by=by, end=end, address=address, reporter=reporter, level=level,
            permutations=permutations, correction=correction, seed=seed,
            random_state=random_state, n_jobs=n_jobs,
        ),
    )  # fmt: skip
    return _profile(found, names, level)


class Options(TypedDict, total=False):
    """The options that `profile` and `compare_profiles` share."""

    by: str | Iterable[str]
    end: Any
    address: Names | None
    reporter: Names | None
    level: float
    permutations: int
    correction: str
    seed: Seed
    random_state: Seed
    n_jobs: int | None


@checked
def compare_profiles(
    incidents: IncidentsLike, first: ArrayLike, second: ArrayLike, **options: Unpack[Options]
) -> Profile:
    """In what do two hotspots differ? The first beside the second, all other incidents left out.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        With times and categories as far as `by` needs them.
    first, second : array-like of bool
        Which incidents belong to each; none to both.
    **options
        ``by``, ``end``, ``address``, ``reporter``, ``level``, ``permutations``, ``correction``,
        ``seed``, ``random_state`` and ``n_jobs``, as for `profile`.

    Returns
    -------
    Profile
        With one subset, the first; "rest" is the second.

    Examples
    --------
    >>> import numpy as np
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(3_000, seed=7, n_neighbourhoods=60)
    >>> east = city.incidents.x > np.median(city.incidents.x)
    >>> found = bp.compare_profiles(city.incidents, east, ~east, by="weekday", seed=0)
    >>> int(found.size[0] + found.rest[0])
    3000
    """
    incidents = Incidents.from_any(incidents)
    sides = (
        np.flatnonzero(_mask(first, "first", len(incidents))).astype(np.uint32),
        np.flatnonzero(_mask(second, "second", len(incidents))).astype(np.uint32),
    )
    found = _brandpunt.profile(incidents._core, None, None, sides, *_told(**options))
    return _profile(found, labels(["first"]), options.get("level", DEFAULT_LEVEL))


def _told(
    *,
    by: str | Iterable[str] = DEFAULT_BY,
    end: Any = None,
    address: Names | None = None,
    reporter: Names | None = None,
    level: float = DEFAULT_LEVEL,
    permutations: int = 999,
    correction: str = "fdr",
    seed: Seed = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
) -> tuple[Any, ...]:
    """The options as the core understands them."""
    return (
        [by] if isinstance(by, str) else list(by),
        None if end is None else times(end),
        None if address is None else _numbered(address, "address")[0],
        None if reporter is None else _numbered(reporter, "reporter")[0],
        float(level),
        whole(permutations, "permutations"),
        correction,
        seed_of(seed, random_state),
        n_jobs,
    )


def _profile(found: dict[str, Any], names: NDArray[np.object_], level: float) -> Profile:
    tables = tuple(
        ProfileTable(**{**entry, "cell": labels(entry["cell"])}) for entry in found.pop("tables")
    )
    reporters = found.pop("reporters")
    return Profile(
        subset=names,
        tables=tables,
        places=Places(**found.pop("places")),
        reporters=None if reporters is None else Places(**reporters),
        level=float(level),
        **{**found, "warnings": notes(found["warnings"])},
    )


def _mask(values: Any, name: str, length: int) -> NDArray[np.bool_]:
    array = one_dimensional(np.asarray(values), name)
    if array.dtype != np.bool_:
        message = f"`{name}` holds {array.dtype}; true or false per incident is needed"
        raise InputError(message, "not_a_number")
    if array.size != length:
        message = f"`{name}` has {array.size} values for {length} incidents; give one each"
        raise InputError(message, "length_mismatch")
    return array


def _subsets(within: Any, length: int) -> tuple[tuple[NDArray[np.uint32], int], NDArray[Any]]:
    """The number of each incident's subset with how many there are, and their names."""
    array = within if hasattr(within, "__array__") else np.asarray(texts(within, "within"))
    if np.asarray(array).dtype == np.bool_:
        inside = _mask(array, "within", length)
        return (np.where(inside, np.uint32(0), NONE), 1), labels(["within"])
    numbers, names = _numbered(within, "within")
    return (numbers, len(names)), labels(names)


def _numbered(values: Names, name: str) -> tuple[NDArray[np.uint32], list[Any]]:
    """Numbers for labels, the greatest for a missing one, and the labels."""
    known: dict[Any, int] = {}
    out = [
        NONE if missing(label) or label == "" else known.setdefault(label, len(known))
        for label in texts(values, name)
    ]
    return frozen(np.array(out, dtype=np.uint32)), list(known)
