"""Does a hotspot survive another grid?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._concentration import SEEN
from brandpunt._hotspots import when_of
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import whole
from brandpunt._neighbourhoods import Neighbourhoods, NeighbourhoodsLike
from brandpunt._outputs import axes, labels, table
from brandpunt._progress import Progress, followed
from brandpunt._seed import Seed, seed_of
from brandpunt._tabular import Tabular
from brandpunt._theme import ThemeLike, theme_of
from brandpunt._value import Value
from brandpunt.exceptions import ParameterError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from brandpunt._hotspots import PeriodLike

KINDS = ("grid", "bandwidth", "resampled")


class GridSetting(NamedTuple):
    """One grid of the comparison, in metres.

    Attributes
    ----------
    cell_size : float
        Side of the cells.
    shift_x, shift_y : float
        How far their edges lie east and north of multiples of the size.
    """

    cell_size: float
    shift_x: float
    shift_y: float


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SettingsCompared(Value):
    """In how many settings areas are hot, and how alike the maps are.

    Attributes
    ----------
    share : numpy.ndarray of float
        Per area: share of the settings in which it is hot; NaN without a verdict.
    label : numpy.ndarray of str
        ``"stable"`` from 80 % on, ``"moderate"`` from half on, ``"unstable"`` below, ``"never"``
        for none, ``"unknown"`` without a verdict.
    hot : numpy.ndarray of int
        Per setting: areas that are hot.
    jaccard : numpy.ndarray of float
        Per setting: areas hot in it and in the first, over areas hot in either.
    spearman, overlap : numpy.ndarray of float
        Per setting: Spearman's rho and rank-biased overlap of the ranking with that of the first.
    jaccard_between : numpy.ndarray of float, shape (settings, settings)
        Jaccard's index of each setting with each.
    """

    share: NDArray[np.float64]
    label: NDArray[np.object_]
    hot: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    spearman: NDArray[np.float64]
    overlap: NDArray[np.float64]
    jaccard_between: NDArray[np.float64]

    def __repr__(self) -> str:
        names, counts = np.unique(self.label.astype(str), return_counts=True)
        each = ", ".join(f"{n} {name}" for name, n in zip(names, counts, strict=True))
        return f"<SettingsCompared: {len(self.hot)} settings; {each}>"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Stability(Tabular, Value):
    """How much the hotspots of a theme depend on the settings.

    The three kinds of settings ask different questions and are not added up.

    Attributes
    ----------
    code, name : numpy.ndarray of str
        The neighbourhoods.
    grid : SettingsCompared
        Over cell sizes and origins of the grid.
    bandwidth : SettingsCompared
        Over bandwidths of the density.
    resampled : SettingsCompared
        Over the reports and resamples of them.
    grids : tuple of GridSetting
        The grids, in the order of the settings.
    bandwidths : numpy.ndarray of float
        The bandwidths in metres, in the order of the settings.
    """

    code: NDArray[np.object_]
    name: NDArray[np.object_]
    grid: SettingsCompared
    bandwidth: SettingsCompared
    resampled: SettingsCompared
    grids: tuple[GridSetting, ...]
    bandwidths: NDArray[np.float64]

    def to_pandas(self) -> Any:
        """Give one row per neighbourhood: a share and a label of each kind."""
        columns = {"code": self.code, "name": self.name}
        for kind in KINDS:
            compared = getattr(self, kind)
            columns[f"{kind}_share"] = compared.share
            columns[f"{kind}_label"] = compared.label
        return table(columns)

    def plot(self, *, kind: str = "grid", ax: Any = None) -> Any:
        """Draw the neighbourhoods that are hot in some setting, by share, with matplotlib.

        Parameters
        ----------
        kind : {"grid", "bandwidth", "resampled"}, default "grid"
            Which settings.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.

        Returns
        -------
        matplotlib.axes.Axes
        """
        if kind not in KINDS:
            message = f"kind is {kind!r}; grid, bandwidth or resampled is needed"
            raise ParameterError(message)
        ax = axes(ax)
        share = getattr(self, kind).share
        order = np.argsort(share, kind="stable")
        order = order[share[order] > 0]
        ax.barh(np.arange(order.size), share[order], color=SEEN)
        ax.set_yticks(np.arange(order.size), self.name[order])
        for line in (0.5, 0.8):
            ax.axvline(line, color="0.6", linewidth=0.8, linestyle="--")
        ax.set_xlim(0, 1)
        ax.set_xlabel("share of the settings in which it is hot")
        return ax

    def __len__(self) -> int:
        return len(self.code)

    def __repr__(self) -> str:
        each = ", ".join(
            f"{int((getattr(self, kind).label == 'stable').sum())} stable over {kind} settings"
            for kind in KINDS
        )
        return f"<Stability: {len(self)} neighbourhoods; {each}>"


@checked
def stability(
    incidents: IncidentsLike,
    neighbourhoods: NeighbourhoodsLike,
    *,
    theme: ThemeLike,
    period: PeriodLike = None,
    exposure: str | None = None,
    bandwidth: float | str = "auto",
    cell_size: float = 100,
    level: float = 0.05,
    hot_share: float = 0.1,
    resamples: int = 49,
    seed: Seed = 0,
    random_state: Seed = None,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> Stability:
    """Does a hotspot survive another grid, another bandwidth, other reports?

    The main job is run again in three ways, and each neighbourhood gets the share of the runs in
    which it is hot:

    - *grid*: cells of the size asked for, half and twice it, each with four origins half a cell
      apart. A neighbourhood is hot when cells with a high Gi* cover at least `hot_share` of it.
    - *bandwidth*: the bandwidth asked for, half, 0.71, 1.41 and twice it. A neighbourhood is hot
      when its mean density is at least twice that of all neighbourhoods together.
    - *resampled*: as many reports drawn from the reports with replacement. A neighbourhood is hot
      when its Gi* is high, as in the main job. Reports come in series, so real figures vary more.

    A stable hotspot is one that the settings agree on, not one that must be real: all of them share
    the reports, with all that is wrong with these.

    Parameters
    ----------
    incidents, neighbourhoods, theme, period, exposure, bandwidth, cell_size, level
        As for `hotspots`.
    hot_share : float, default 0.1
        Share of a neighbourhood that must lie in hot cells: 0.5 for most of it, 0 for any.
    resamples : int, default 49
        How often reports are resampled.
    seed : int or numpy.random.Generator, default 0
        Of all simulations.
    random_state : optional
        Another name for `seed`.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.
    progress : bool or callable, optional
        True for a bar of tqdm. Or what is called with the stage (str) and the share done (float);
        an exception it raises stops the job.

    Returns
    -------
    Stability

    References
    ----------
    Openshaw 1984, The Modifiable Areal Unit Problem, CATMOG 38; Webber, Moffat & Zobel 2010, ACM
    Transactions on Information Systems 28:20, doi:10.1145/1852102.1852106.

    Examples
    --------
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(3_000, seed=1, n_neighbourhoods=30)
    >>> found = bp.stability(
    ...     city.incidents, city.neighbourhoods, theme="youth_nuisance", cell_size=300, resamples=4
    ... )
    >>> len(found), len(found.grids), len(found.resampled.hot)
    (30, 12, 5)
    """
    if isinstance(bandwidth, str) and bandwidth != "auto":
        message = f"bandwidth is {bandwidth!r}; a number of metres or 'auto' is needed"
        raise ParameterError(message)
    with followed(progress) as told:
        found = _brandpunt.stability(
            Incidents.from_any(incidents)._core,
            Neighbourhoods.from_any(neighbourhoods)._core,
            theme_of(theme)._core,
            when_of(period),
            exposure,
            None if isinstance(bandwidth, str) else float(bandwidth),
            float(cell_size),
            float(level),
            float(hot_share),
            whole(resamples, "resamples"),
            seed_of(seed, random_state),
            n_jobs,
            told,
        )
    for kind in KINDS:
        part = found[kind]
        found[kind] = SettingsCompared(**{**part, "label": labels(part["label"])})
    found["code"], found["name"] = labels(found["code"]), labels(found["name"])
    found["grids"] = tuple(GridSetting(*grid) for grid in found["grids"])
    return Stability(**found)
