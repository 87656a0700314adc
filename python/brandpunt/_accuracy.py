"""How much of what came later lay where a map pointed?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._counting import Counts
from brandpunt._forecast import Forecast, named
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import floats, instant, integers, whole
from brandpunt._neighbourhoods import Neighbourhoods, NeighbourhoodsLike
from brandpunt._notes import Note, notes
from brandpunt._outputs import axes, frozen, table
from brandpunt._progress import Progress, followed
from brandpunt._seed import Seed, seed_of
from brandpunt._tabular import Tabular
from brandpunt._value import Value
from brandpunt.exceptions import ParameterError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

SHARES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
_BY_SHARE = ("hit_rate", "pai", "pei")
_OF_ALL = (
    "area_under_curve",
    "information",
    "log_score",
    "brier",
    "ranked_score",
    "expected_by_observed",
)
_SEEN, _PLAIN = "#b2182b", "0.45"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Accuracy(Tabular, Value):
    """How good a map was, now that one knows what came.

    Attributes
    ----------
    shares, km2 : numpy.ndarray of float
        How much of the surface is flagged, and that in square kilometres.
    hits, hits_low, hits_high : numpy.ndarray of float
        Later incidents in it, over all orders of places with the same score: on average, in the
        worst and in the best.
    hit_rate : numpy.ndarray of float
        Hits by all later incidents.
    pai : numpy.ndarray of float
        Prediction accuracy index: hit rate by share of the surface.
    pei : numpy.ndarray of float
        Prediction efficiency index: hits by the most that lay in any part of that size.
    rri : numpy.ndarray of float
        Recapture rate index: predicted by hits; means something if scores are expected counts.
    curve_share, curve_hit_rate : numpy.ndarray of float
        The hit-rate curve.
    area_under_curve : float
        Mean hit rate over all flagged shares up to the end of the curve.
    information : float
        Information over a map that knows nothing, in nats per incident; 0 is such a map.
    log_score, brier, ranked_score : float
        Proper scores of expected counts; smaller is better.
    tenth_expected, tenth_observed, tenth_low, tenth_high : numpy.ndarray
        Calibration: a tenth of what was expected in each group, what came, and its exact 95 %
        interval.
    incidents : int
        Later incidents.
    places, missing : int
        Places that were judged, and that were left out.
    """

    shares: NDArray[np.float64]
    km2: NDArray[np.float64]
    hits: NDArray[np.float64]
    hits_low: NDArray[np.float64]
    hits_high: NDArray[np.float64]
    hit_rate: NDArray[np.float64]
    pai: NDArray[np.float64]
    pei: NDArray[np.float64]
    rri: NDArray[np.float64]
    curve_share: NDArray[np.float64]
    curve_hit_rate: NDArray[np.float64]
    area_under_curve: float
    information: float
    log_score: float
    brier: float
    ranked_score: float
    tenth_expected: NDArray[np.float64]
    tenth_observed: NDArray[np.int64]
    tenth_low: NDArray[np.float64]
    tenth_high: NDArray[np.float64]
    incidents: int
    places: int
    missing: int

    def to_pandas(self) -> Any:
        """Give one row per flagged share."""
        names = ("km2", "hits", "hits_low", "hits_high", "hit_rate", "pai", "pei", "rri")
        columns = {"share": self.shares} | {name: getattr(self, name) for name in names}
        return table(columns)

    def plot(self, *, ax: Any = None) -> Any:
        """Draw the hit-rate curve with matplotlib, beside that of a map that knows nothing.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.

        Returns
        -------
        matplotlib.axes.Axes
        """
        ax = axes(ax)
        ax.plot(self.curve_share, self.curve_hit_rate, color=_SEEN)
        ax.plot([0, 1], [0, 1], color=_PLAIN, linestyle="--", linewidth=0.8)
        ax.set_xlabel("share of the surface that is flagged")
        ax.set_ylabel("share of the later incidents in it")
        return ax

    def __len__(self) -> int:
        return len(self.shares)

    def __repr__(self) -> str:
        each = ", ".join(
            f"{100 * rate:.1f} % in {100 * share:g} %"
            for share, rate in zip(self.shares, self.hit_rate, strict=True)
        )
        return f"<Accuracy: of {self.incidents} incidents {each} of the surface>"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Compared(Value):
    """A figure of a forecast beside that of the plain count, with intervals; by share or one each.

    Attributes
    ----------
    value, low, high : numpy.ndarray of float
        Of the forecast, with its interval.
    baseline, baseline_low, baseline_high : numpy.ndarray of float
        Of the plain count.
    difference, difference_low, difference_high : numpy.ndarray of float
        Forecast less plain count; where its interval holds 0, neither has been shown to be better.
    """

    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    baseline: NDArray[np.float64]
    baseline_low: NDArray[np.float64]
    baseline_high: NDArray[np.float64]
    difference: NDArray[np.float64]
    difference_low: NDArray[np.float64]
    difference_high: NDArray[np.float64]

    def __repr__(self) -> str:
        each = "; ".join(
            f"{value:.4g} beside {baseline:.4g}, difference {low:.3g} to {high:.3g}"
            for value, baseline, low, high in zip(
                self.value,
                self.baseline,
                self.difference_low,
                self.difference_high,
                strict=True,
            )
        )
        return f"<Compared: {each}>"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RollingAccuracy(Tabular, Value):
    """How a method did, time after time, beside the plain count.

    Attributes
    ----------
    start, end : numpy.ndarray of datetime64
        From when, and until when (not included), each forecast is, in UTC.
    incidents : numpy.ndarray of int64
        What came in that time.
    expected : numpy.ndarray of float
        What was expected in all.
    hits, baseline_hits : numpy.ndarray of float, shape (forecasts, shares)
        Hits of the method and of the plain count.
    shares : numpy.ndarray of float
        Flagged shares of the surface.
    hit_rate, pai, pei : Compared
        By flagged share, see `Accuracy`.
    area_under_curve, information : Compared
        Greater is better.
    log_score, brier, ranked_score : Compared
        Smaller is better.
    expected_by_observed : Compared
        1 is right.
    method, baseline : str
        What is compared.
    run_length : float
        Mean length of the runs of forecasts that were drawn.
    warnings : tuple of Note
        What a reader must know.
    """

    start: NDArray[np.datetime64]
    end: NDArray[np.datetime64]
    incidents: NDArray[np.int64]
    expected: NDArray[np.float64]
    hits: NDArray[np.float64]
    baseline_hits: NDArray[np.float64]
    shares: NDArray[np.float64]
    hit_rate: Compared
    pai: Compared
    pei: Compared
    area_under_curve: Compared
    information: Compared
    log_score: Compared
    brier: Compared
    ranked_score: Compared
    expected_by_observed: Compared
    method: str
    baseline: str
    run_length: float
    warnings: tuple[Note, ...]

    def to_pandas(self) -> Any:
        """Give one row per measure, and per flagged share where it has one."""
        figures = [getattr(self, name) for name in (*_BY_SHARE, *_OF_ALL)]
        n = len(self.shares)
        columns: dict[str, Any] = {
            "measure": np.array([*np.repeat(_BY_SHARE, n), *_OF_ALL], dtype=object),
            "share": np.r_[np.tile(self.shares, len(_BY_SHARE)), np.full(len(_OF_ALL), np.nan)],
        }
        for name in Compared.__dataclass_fields__:
            columns[name] = np.concatenate([getattr(figure, name) for figure in figures])
        return table(columns)

    def to_forecasts(self) -> Any:
        """Give one row per forecast: when, what was expected and came, and the hits by share."""
        columns: dict[str, Any] = {
            "start": self.start,
            "end": self.end,
            "expected": self.expected,
            "incidents": self.incidents,
        }
        for k, share in enumerate(self.shares):
            columns[f"hits_{100 * share:g}"] = self.hits[:, k]
            columns[f"baseline_hits_{100 * share:g}"] = self.baseline_hits[:, k]
        return table(columns)

    def plot(self, *, ax: Any = None) -> Any:
        """Draw the hit rate by flagged share, of both methods, with matplotlib.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.

        Returns
        -------
        matplotlib.axes.Axes
        """
        ax = axes(ax)
        rate = self.hit_rate
        drawn = [
            (self.method, rate.value, rate.low, rate.high, _SEEN),
            (
                f"plain {self.baseline}",
                rate.baseline,
                rate.baseline_low,
                rate.baseline_high,
                _PLAIN,
            ),
        ]
        for name, value, low, high, colour in drawn:
            ax.plot(self.shares, value, color=colour, marker="o", label=name)
            ax.fill_between(self.shares, low, high, color=colour, alpha=0.15, linewidth=0)
        ax.set_xlabel("share of the surface that is flagged")
        ax.set_ylabel("share of the later incidents in it")
        ax.legend(loc="upper left")
        return ax

    def __len__(self) -> int:
        return len(self.start)

    def __repr__(self) -> str:
        info = self.information
        return (
            f"<RollingAccuracy: {len(self)} forecasts by {self.method} of {self.incidents.sum()} "
            f"incidents; information {info.value[0]:.3f} beside {info.baseline[0]:.3f}, difference "
            f"{info.difference_low[0]:.3f} to {info.difference_high[0]:.3f}>"
        )


@checked
def accuracy(
    scores: Forecast | ArrayLike,
    counts: ArrayLike | Counts,
    *,
    km2: ArrayLike | None = None,
    shares: ArrayLike = SHARES,
    per_km2: bool = False,
    curve_to: float = 0.2,
    even_part: float = 0.01,
) -> Accuracy:
    """How much of what came later lay where a map pointed?

    Places are flagged from the highest score per square kilometre down, until they are a given
    share s of the surface, the last one in part. With n of N later incidents in them::

        hit rate  n / N
        PAI       (n / N) / s                1 for a map that knows nothing
        PEI       n / the most that lay in any part of that size
        RRI       predicted in them / n

    Places with the same score are flagged in one go: `hits` is the average over their orders,
    `hits_low` and `hits_high` what the worst and the best order would give. PEI and PEI* are one
    number here, because the surfaces are equal.

    If scores are expected counts, the map as a whole can be judged: information over a map that
    knows nothing, logarithmic, Brier and ranked probability scores, and calibration by tenths.

    Parameters
    ----------
    scores : Forecast, or array-like of float
        The map, from what was known before; NaN leaves a place out.
    counts : array-like of int, or Counts
        What came, per place; of a forecast, ``forecast.count(incidents)``.
    km2 : array-like of float, optional
        Surface of each place; of a forecast its own, and else all alike when left out.
    shares : array-like of float
        Shares of the surface that are flagged; fix them before you look.
    per_km2 : bool, default False
        Whether scores are per square kilometre already, such as a density.
    curve_to : float, default 0.2
        Up to which share the curve is averaged.
    even_part : float, default 0.01
        Which part of what is expected is laid evenly over the surface before the map as a whole is
        judged; with 0, one incident where none was thought possible makes scores infinite.

    Returns
    -------
    Accuracy

    References
    ----------
    Chainey, Tompson & Uhlig 2008, Security Journal 21:4, doi:10.1057/palgrave.sj.8350066; Levine
    2008, ibid. 21:295, doi:10.1057/sj.2008.5; Gneiting & Raftery 2007, Journal of the American
    Statistical Association 102:359, doi:10.1198/016214506000001437.

    Examples
    --------
    >>> import brandpunt as bp
    >>> found = bp.accuracy([8, 5, 4, 2, 1, 0], [6, 7, 3, 2, 1, 0], shares=[1 / 6, 0.5])
    >>> found.pai.round(3).tolist(), found.pei.round(3).tolist()
    ([1.895, 1.684], [0.857, 1.0])
    """
    if isinstance(scores, Forecast):
        if km2 is not None or per_km2:
            message = "km2 and per_km2 are those of the forecast; leave them out"
            raise ParameterError(message)
        values, surface = scores.expected, scores.km2
    else:
        values = floats(scores, "scores")
        surface = np.ones(len(values)) if km2 is None else floats(km2, "km2")
    came = integers(counts.values if isinstance(counts, Counts) else counts, "counts")
    found = _brandpunt.accuracy(
        values, surface, came, _judging(shares, curve_to, even_part, per_km2=per_km2)
    )
    return Accuracy(**found)


@checked
def rolling_accuracy(
    incidents: IncidentsLike,
    neighbourhoods: NeighbourhoodsLike,
    *,
    days: float = 28,
    method: str = "kernel",
    bandwidth: float | None = None,
    memory: float | None = None,
    cell_size: float | None = None,
    step: float | None = None,
    training: float = 365,
    baseline_days: float = 365,
    since: Any = None,
    until: Any = None,
    discovered: bool = False,
    shares: ArrayLike = SHARES,
    curve_to: float = 0.2,
    even_part: float = 0.01,
    draws: int = 1999,
    run_length: float | None = None,
    level: float = 0.95,
    seed: Seed = 0,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> RollingAccuracy:
    """Would a forecast have worked, time after time, and better than a plain count?

    From the end of the training time on, every `step` days, the method forecasts the coming `days`
    from what was known *then*, and so does the plain count of the last `baseline_days` days. Both
    are judged by what came. Never does an earlier forecast see a later incident.

    Hits, incidents and scores are added up over all forecasts before they are divided. Intervals
    come from drawing the forecasts anew in runs (the stationary bootstrap), the same runs for both,
    so that the difference has an interval of its own: where that holds 0, the method has not been
    shown to be better than counting. With fewer than eight forecasts there are none (NaN).

    Parameters
    ----------
    incidents, neighbourhoods, days, method, bandwidth, memory, cell_size, discovered
        As for `forecast`.
    step : float, optional
        Days from one forecast to the next; `days` when left out.
    training : float, default 365
        Days before the first forecast.
    baseline_days : float, default 365
        Days that the plain count goes back.
    since, until : str, datetime or numpy.datetime64, optional
        The time in which all reports are known; at first from the first to the last.
    shares, curve_to, even_part
        As for `accuracy`.
    draws : int, default 1999
        How often the forecasts are drawn anew.
    run_length : float, optional
        Mean length of the runs, in forecasts; the cube root of their number when left out, and at
        least as many as overlap.
    level : float, default 0.95
        Of the intervals.
    seed : int, default 0
        Makes the draws reproducible.
    n_jobs, progress
        As for `forecast`.

    Returns
    -------
    RollingAccuracy

    References
    ----------
    Politis & Romano 1994, Journal of the American Statistical Association 89:1303,
    doi:10.1080/01621459.1994.10476870.

    Examples
    --------
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(2_000, seed=7, n_neighbourhoods=60)
    >>> found = bp.rolling_accuracy(city.incidents, city.neighbourhoods, days=91, method="recent")
    >>> len(found), found.to_pandas().measure.nunique()
    (28, 9)
    """
    with followed(progress) as told:
        found = _brandpunt.rolling_accuracy(
            Incidents.from_any(incidents)._core,
            Neighbourhoods.from_any(neighbourhoods)._core,
            None if cell_size is None else float(cell_size),
            named(method, bandwidth, memory),
            _judging(shares, curve_to, even_part),
            {
                "days": float(days),
                "step": None if step is None else float(step),
                "training": float(training),
                "baseline_days": float(baseline_days),
                "since": instant(since, "since"),
                "until": instant(until, "until"),
                "discovered": bool(discovered),
                "draws": whole(draws, "draws"),
                "run_length": None if run_length is None else float(run_length),
                "level": float(level),
                "seed": seed_of(seed),
            },
            n_jobs,
            told,
        )
    for name in ("start", "end"):
        found[name] = frozen(found[name].view("M8[s]"))
    for name in (*_BY_SHARE, *_OF_ALL):
        found[name] = Compared(**found[name])
    found["warnings"] = notes(found["warnings"])
    return RollingAccuracy(**found)


def _judging(
    shares: ArrayLike, curve_to: float, even_part: float, *, per_km2: bool = False
) -> tuple[list[float], bool, float, float]:
    return floats(shares, "shares").tolist(), bool(per_km2), float(curve_to), float(even_part)
