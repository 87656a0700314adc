"""Which addresses are reported again, and how soon?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._concentration import CHANCE, SEEN, numbered
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import floats, instant, whole
from brandpunt._notes import Note, notes
from brandpunt._outputs import axes, table
from brandpunt._tabular import Tabular
from brandpunt._value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RepeatAddresses(Tabular, Value):
    """Reports by address, and how soon the next one comes.

    Addresses are known by number and by the positions of their reports. A row about one address is
    about one household: it may not be published.

    Attributes
    ----------
    repeat_share : float
        Share of the reports that are not the first of their address.
    busiest_share : float
        Share of the reports that the address with most of them has.
    reports, places : numpy.ndarray of int
        Numbers of reports, and how many addresses have so many.
    within, within_share, within_low, within_high : numpy.ndarray of float
        Days, the share of the reports with a next one within them, and its limits; NaN beyond
        what was watched.
    within_at_risk, within_repeats : numpy.ndarray of int
        Reports whose next, if any, did not come sooner; next reports seen within so many days.
    curve_days, curve_share, curve_low, curve_high, curve_at_risk : numpy.ndarray
        The same for all days on which a next report came.
    trend_score : int
        Pairs of gaps of one address of which the later is longer, less pairs of which it is
        shorter, over the `trend_addresses` addresses with at least two gaps.
    p_shorter, p_longer : float
        Chance of a score as low, and as high, if nothing changed; exact if `trend_exact`.
    worsening : numpy.ndarray of int
        Addresses whose gaps shorten, the surest first; see their `p` and `q`.
    count, first, timed : numpy.ndarray of int
        Per address, most reports first: reports, position of the first in the input, and reports
        with a time.
    last_gap, since_last : numpy.ndarray of float
        Per address: days between the last two reports, and from the last to the end.
    score : numpy.ndarray of int
        Per address, as `trend_score`.
    p, q : numpy.ndarray of float
        Per address: chance of gaps that shorten as much, plain and with the false-discovery rate
        controlled; NaN where there are too few reports.
    address : numpy.ndarray of int
        Per report, in input order: the number of its address.
    days_to_next : numpy.ndarray of float
        Per report: days to the next one at its address, or to the end; NaN without a time.
    repeated : numpy.ndarray of bool
        Per report: whether there was a next one.
    without_time, same_time : int
        Reports without a time, and reports at the same time as the one before.
    end : numpy.datetime64 or None
        End of the watch, in UTC.
    level : float
        As given.
    warnings : tuple of Note
        What a reader must know.
    """

    repeat_share: float
    busiest_share: float
    reports: NDArray[np.uint64]
    places: NDArray[np.uint64]
    within: NDArray[np.float64]
    within_share: NDArray[np.float64]
    within_low: NDArray[np.float64]
    within_high: NDArray[np.float64]
    within_at_risk: NDArray[np.uint64]
    within_repeats: NDArray[np.uint64]
    curve_days: NDArray[np.float64]
    curve_share: NDArray[np.float64]
    curve_low: NDArray[np.float64]
    curve_high: NDArray[np.float64]
    curve_at_risk: NDArray[np.uint64]
    trend_addresses: int
    trend_score: int
    p_shorter: float
    p_longer: float
    trend_exact: bool
    worsening: NDArray[np.uint32]
    count: NDArray[np.uint64]
    first: NDArray[np.uint32]
    timed: NDArray[np.uint64]
    last_gap: NDArray[np.float64]
    since_last: NDArray[np.float64]
    score: NDArray[np.int64]
    p: NDArray[np.float64]
    q: NDArray[np.float64]
    address: NDArray[np.uint32]
    days_to_next: NDArray[np.float64]
    repeated: NDArray[np.bool_]
    without_time: int
    same_time: int
    end: np.datetime64 | None
    level: float
    warnings: tuple[Note, ...]

    def to_pandas(self) -> Any:
        """Give one row per address, those with most reports first; not for publication."""
        names = ("count", "first", "timed", "last_gap", "since_last", "score", "p", "q")
        return table({name: getattr(self, name) for name in names})

    def plot(self, *, ax: Any = None) -> Any:
        """Draw the share of the reports with a next one, by days, with matplotlib.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.

        Returns
        -------
        matplotlib.axes.Axes
        """
        ax = axes(ax)
        days = np.r_[0.0, self.curve_days]
        share, low, high = (
            np.r_[0.0, curve] for curve in (self.curve_share, self.curve_low, self.curve_high)
        )
        band = {"color": CHANCE, "alpha": 0.25, "linewidth": 0, "step": "post"}
        ax.fill_between(days, low, high, label=f"{100 * self.level:g} % limits", **band)
        ax.step(days, share, where="post", color=SEEN, label="with a next report")
        ax.set_xlabel("days since a report")
        ax.set_ylabel("share of the reports")
        ax.set_xlim(left=0)
        ax.set_ylim(0, 1)
        ax.legend(loc="upper left", frameon=False)
        return ax

    def __len__(self) -> int:
        return len(self.count)

    def __repr__(self) -> str:
        soon = ", ".join(
            f"{100 * share:.1f} % within {days:g} days"
            for days, share in zip(self.within, self.within_share, strict=True)
            if np.isfinite(share)
        )
        return (
            f"<RepeatAddresses: {len(self.address)} reports on {len(self)} addresses, "
            f"{100 * self.repeat_share:.1f} % repeats{'; next one for ' + soon if soon else ''}>"
        )


@checked
def repeat_addresses(
    incidents: IncidentsLike,
    *,
    within: ArrayLike = (7, 14, 30, 90),
    end: Any = None,
    address: Iterable[Any] | None = None,
    level: float = 0.95,
    least_reports: int = 5,
    n_jobs: int | None = None,
) -> RepeatAddresses:
    """How many reports are repeats, how soon does the next one come, and where does it get worse?

    Each report with a time waits for the next one at its address; the last one of each address
    waits until `end`. The share with a next report within some days is that of Kaplan and Meier,
    so addresses that were first reported last week do not pass for quiet ones. Limits take reports
    as independent: where a few addresses have most reports they are too narrow. Days are those of
    the clocks; reports at one time are 0 days apart.

    If nothing changes at an address, every order of the gaps between its reports is as likely. The
    score counts pairs of gaps of which the later is longer, less pairs of which it is shorter, and
    p is the share of all orders with a score as low: exact up to 30 gaps, normal beyond. Where the
    whole city reports more than before, gaps shorten everywhere: look at the city before an address.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        The reports; without times only the shares are known.
    within : array-like of float, default (7, 14, 30, 90)
        Numbers of days.
    end : str, datetime or numpy.datetime64, optional
        End of the watch, not before the last report; without a zone it is meant in Amsterdam, and
        a date is its midnight. At first that of the last report.
    address : iterable, optional
        The address of each report; at first its exact coordinates.
    level : float, default 0.95
        Level of the limits.
    least_reports : int, default 5
        Timed reports an address needs to be tested by itself.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.

    Returns
    -------
    RepeatAddresses

    References
    ----------
    Kaplan & Meier 1958, doi:10.1080/01621459.1958.10501452; Mann 1945, doi:10.2307/1907187.

    Examples
    --------
    >>> import brandpunt as bp
    >>> days = ["2024-01-01", "2024-02-10", "2024-03-01", "2024-03-11", "2024-03-16", "2024-01-20"]
    >>> x = [143000, 143000, 143000, 143000, 143000, 143500]
    >>> reports = bp.Incidents.from_xy(x, [487000] * 6, crs="EPSG:28992", time=days)
    >>> found = bp.repeat_addresses(reports)
    >>> found.worsening, found.p.round(3)
    (array([0], dtype=uint32), array([0.042,   nan]))
    """
    found = _brandpunt.repeat_addresses(
        Incidents.from_any(incidents)._core,
        None if address is None else numbered(address, "address"),
        floats(within, "within").tolist(),
        instant(end, "end"),
        float(level),
        whole(least_reports, "least_reports"),
        n_jobs,
    )
    closing = found.pop("end")
    return RepeatAddresses(
        end=None if closing is None else np.datetime64(closing, "s"),
        level=float(level),
        **{**found, "warnings": notes(found["warnings"])},
    )
