"""New, lasting or fading?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._inputs import floats, index_of, table_of
from brandpunt._notes import notes
from brandpunt._outputs import frozen, labels, table
from brandpunt._results import Columns
from brandpunt._seed import Seed, seed_of
from brandpunt._space_time import SpaceTimeCube
from brandpunt._weights import WeightsLike, weights_of
from brandpunt.exceptions import ParameterError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from brandpunt._notes import Note


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class MannKendall(Columns):
    """Whether a series rises or falls; numbers for one series, columns for a table of series.

    Attributes
    ----------
    n : int or numpy.ndarray
        Known values.
    s : float or numpy.ndarray
        Rising minus falling pairs.
    variance : float or numpy.ndarray
        Variance of `s` when there is no trend.
    z : float or numpy.ndarray
        Standardised `s`, with continuity correction.
    p : float or numpy.ndarray
        Two-sided p-value.
    p_greater, p_less : float or numpy.ndarray
        Probability of an `s` at least (small for a rise), and at most (for a fall), as large.
    tau_b : float or numpy.ndarray
        Kendall's rank correlation with time.
    slope : float or numpy.ndarray
        Sen's slope, per step.
    exact : bool or numpy.ndarray
        Whether the p-values are exact.
    """

    n: Any
    s: Any
    variance: Any
    z: Any
    p: Any
    p_greater: Any
    p_less: Any
    tau_b: Any
    slope: Any
    exact: Any

    def __len__(self) -> int:
        return int(np.size(self.s))

    def __repr__(self) -> str:
        if isinstance(self.s, np.ndarray):
            return super().__repr__()
        return f"<MannKendall: s {self.s:g}, p {self.p:.3g}, slope {self.slope:.3g}>"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class EmergingHotspots(Columns):
    """The history of each unit, in input order.

    Attributes
    ----------
    category : numpy.ndarray of str
        One of seventeen names, such as ``"new hot spot"`` or ``"no pattern"``; ``None`` where the
        last step is not tested.
    hot_steps, cold_steps : numpy.ndarray of int
        How many steps were hot and cold.
    last_z : numpy.ndarray
        z at the last step.
    trend_s, trend_z, trend_p, trend_tau : numpy.ndarray
        Mann-Kendall test on the z of Gi*.
    count_trend_s, count_trend_z, count_trend_p, count_trend_tau : numpy.ndarray
        Mann-Kendall test on the values.
    slope : numpy.ndarray
        Sen's slope of the values, per step.
    reason : numpy.ndarray of str
        Why the category, in one sentence.
    sign : numpy.ndarray of int8, shape (units, steps)
        1 hot, -1 cold, 0 neither or not tested.
    z, p, q : numpy.ndarray, shape (units, steps)
        Gi* in space and time; `q` is corrected for all units and steps together.
    tests : int
        Number of tests corrected for.
    inference : str
        The inference that was used in the end.
    warnings : tuple of Note
        What a reader must know.
    """

    category: NDArray[np.object_]
    hot_steps: NDArray[np.int64]
    cold_steps: NDArray[np.int64]
    last_z: NDArray[np.float64]
    trend_s: NDArray[np.float64]
    trend_z: NDArray[np.float64]
    trend_p: NDArray[np.float64]
    trend_tau: NDArray[np.float64]
    count_trend_s: NDArray[np.float64]
    count_trend_z: NDArray[np.float64]
    count_trend_p: NDArray[np.float64]
    count_trend_tau: NDArray[np.float64]
    slope: NDArray[np.float64]
    reason: NDArray[np.object_]
    sign: NDArray[np.int8]
    z: NDArray[np.float64]
    p: NDArray[np.float64]
    q: NDArray[np.float64]
    tests: int
    inference: str
    warnings: tuple[Note, ...]

    def to_pandas(self) -> Any:
        """Give the columns, one number per unit, as a data frame."""
        columns = {
            name: values
            for name, values in vars(self).items()
            if isinstance(values, np.ndarray) and values.ndim == 1 and name != "index"
        }
        return table(columns, self.index)

    def __repr__(self) -> str:
        named = sum(1 for c in self.category if c not in (None, "no pattern"))
        return f"<EmergingHotspots: {len(self)} units over {self.sign.shape[1]} steps, {named} with a pattern>"


@checked
def mann_kendall(
    series: ArrayLike, *, null: str = "automatic", n_jobs: int | None = None
) -> MannKendall:
    """Does a series rise or fall, whatever the shape? Mann-Kendall test with Sen's slope.

    Over all pairs of steps i < j whose values are known, ``s = sum sign(x_j - x_i)``, and Sen's
    slope is the median of ``(x_j - x_i) / (j - i)``. NaN is a missing value: it is in no pair, and
    the others keep their true distance.

    Parameters
    ----------
    series : array-like of float
        One series, or a table of one series per row.
    null : {"automatic", "exact", "normal", "hamed-rao"}
        How p-values come about. ``"exact"``: all orders of the values are equally likely, ties
        included, for at most 34 values. ``"normal"``: normal approximation with continuity
        correction. ``"automatic"``: exact for at most 10 values without ties, else normal.
        ``"hamed-rao"``: normal with the variance of Hamed & Rao 1998, for values that depend on
        those before.
    n_jobs : int, optional
        Threads; one per core when left out.

    Returns
    -------
    MannKendall
        NaN p-values for fewer than three known values; p is 1 in a constant series.

    References
    ----------
    Mann 1945, Econometrica 13:245, doi:10.2307/1907187; Sen 1968, JASA 63:1379,
    doi:10.1080/01621459.1968.10480934; Hamed & Rao 1998, Journal of Hydrology 204:182,
    doi:10.1016/S0022-1694(97)00125-X.

    Examples
    --------
    >>> import brandpunt as bp
    >>> bp.mann_kendall([1, 2, 2, 3, 1, 4, 4, 5, 5, 6])
    <MannKendall: s 35, p 0.002, slope 0.5>
    """
    single = np.ndim(series) < 2
    rows = floats(series, "series")[np.newaxis, :] if single else table_of(series, "series")
    found = _brandpunt.mann_kendall(rows, null, n_jobs)
    if single:
        return MannKendall(**{name: values[0].item() for name, values in found.items()})
    return MannKendall(**found, index=index_of(series))


@checked
def emerging_hotspots(
    cube: SpaceTimeCube | ArrayLike,
    weights: WeightsLike,
    *,
    look_back: int = 1,
    pool: str = "cube",
    inference: str = "exact",
    permutations: int = 9999,
    exposure: ArrayLike | None = None,
    correction: str = "fdr",
    level: float = 0.05,
    trend: str = "automatic",
    version: str = "pro3",
    seed: Seed = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
) -> EmergingHotspots:
    """Is a place hot now, since when, and does it get hotter? Emerging hot spot analysis.

    Gi* in space and time tells which units are hot or cold at which step, the Mann-Kendall test
    whether their z rises or falls, and both together give each unit one of seventeen names.

    Parameters
    ----------
    cube : SpaceTimeCube, or array-like of shape (units, steps)
        What happened where and when. Partial steps are warned of; see `SpaceTimeCube.whole`.
    weights : Weights, scipy.sparse matrix or libpysal weights
        Neighbours in space; each unit is its own neighbour in any case.
    look_back : int, default 1
        How many earlier steps are neighbours in time.
    pool : {"cube", "window"}
        What a window is compared with: all units at all steps, or all units at its own steps. For
        each step by itself, ``pool="window"`` with ``look_back=0``.
    inference : {"exact", "permutation", "sequential", "analytic", "exposure", "exposure_overdispersed"}
        As for `gi_star`. Other packages use ``"analytic"``.
    permutations : int, default 9999
        Draws of the two inferences that simulate.
    exposure : array-like of shape (units, steps), optional
        People times length of the step, for the inferences by exposure; people times the city's
        count of the step compares each step with the city of that time.
    correction : {"fdr", "fdr_by", "holm", "none"}
        As for `gi_star`, over all units and steps together.
    level : float, default 0.05
        Level of q at which a step is hot or cold, and of p at which there is a trend.
    trend : {"automatic", "exact", "normal", "hamed-rao"}
        As `null` of `mann_kendall`. Windows that look back overlap, so that the plain test finds
        trends too often; ``"hamed-rao"`` accounts for that.
    version : {"pro3", "legacy"}
        Edition of the definitions; in ``"legacy"`` a sporadic spot need not be one at the last
        step.
    seed : int or numpy.random.Generator, optional
        Makes simulated p-values reproducible.
    random_state : optional
        Another name for `seed`.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.

    Returns
    -------
    EmergingHotspots

    Examples
    --------
    >>> import brandpunt as bp
    >>> import numpy as np
    >>> values = np.zeros((8, 8, 12))
    >>> values[3:6, 3:6, 9:] = 5
    >>> found = bp.emerging_hotspots(values.reshape(64, 12), bp.Weights.lattice((8, 8)))
    >>> found.category[36]
    'consecutive hot spot'
    >>> found.reason[36]
    'Hot in the last 3 of 12 steps and in none before.'
    """
    if (exposure is not None) != inference.startswith("exposure"):
        message = "exposure and inference='exposure' belong together; give both or neither"
        raise ParameterError(message)
    if isinstance(look_back, bool) or int(look_back) != look_back or look_back < 0:
        message = f"look_back is {look_back!r}; a whole number of steps, 0 or more, is needed"
        raise ParameterError(message)
    if isinstance(cube, SpaceTimeCube):
        values, partial = cube.values, cube.partial.tolist()
    else:
        values = table_of(cube, "cube")
        partial = [False] * values.shape[1]
    found = _brandpunt.emerging_hotspots(
        values,
        partial,
        weights_of(weights)._core,
        int(look_back),
        pool,
        inference,
        permutations,
        None if exposure is None else table_of(exposure, "exposure"),
        correction,
        float(level),
        trend,
        version,
        seed_of(seed, random_state),
        n_jobs,
    )
    on_z, on_values = found.pop("trend"), found.pop("value_trend")
    renamed = {"s": "s", "z": "z", "p": "p", "tau": "tau_b"}
    category = np.empty(len(found["category"]), dtype=object)
    category[:] = found["category"]
    return EmergingHotspots(
        **{
            **found,
            "category": frozen(category),
            "reason": labels(found["reason"]),
            "warnings": notes(found["warnings"]),
        },
        **{f"trend_{name}": on_z[there] for name, there in renamed.items()},
        **{f"count_trend_{name}": on_values[there] for name, there in renamed.items()},
        slope=on_values["slope"],
        index=cube.index if isinstance(cube, SpaceTimeCube) else index_of(cube),
    )
