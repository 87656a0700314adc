"""Is that more than chance?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._counting import Counts
from brandpunt._inputs import floats, index_of
from brandpunt._notes import notes
from brandpunt._results import LocalStatistics
from brandpunt._seed import Seed, seed_of
from brandpunt._weights import WeightsLike, weights_of
from brandpunt.exceptions import ParameterError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@checked
def gi_star(
    values: ArrayLike | Counts,
    weights: WeightsLike,
    *,
    inference: str = "exact",
    permutations: int = 999,
    exposure: ArrayLike | None = None,
    alternative: str = "two-sided",
    correction: str = "fdr",
    level: float = 0.05,
    seed: Seed = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
) -> LocalStatistics:
    """Do high or low values gather around each unit, itself included? Getis-Ord Gi*.

    With values x, weights w, n units, mean m and population standard deviation s::

        z_i = (sum_j w_ij x_j - m W_i) / (s sqrt((n S1_i - W_i^2) / (n - 1)))

    where ``W_i = sum_j w_ij`` and ``S1_i = sum_j w_ij^2``. Multiplying a row of weights by a
    constant changes nothing. NaN is a missing value: the unit is left out of everything.

    Parameters
    ----------
    values : array-like of float, or Counts
        One per unit.
    weights : Weights, scipy.sparse matrix or libpysal weights
        With each unit its own neighbour; see `Weights.include_self`.
    inference : {"exact", "permutation", "sequential", "analytic", "exposure", \
"exposure_overdispersed"}
        How p-values come about. ``"exact"``: all ways to draw the neighbours' values from the
        other units, for whole numbers and weights that are equal within a row; where that does
        not hold it falls back to ``"sequential"`` and says so in `warnings`.
        ``"permutation"``: `permutations` random draws. ``"sequential"``: the same, ended early for
        units that are clearly ordinary. ``"analytic"``: normal approximation.
        ``"exposure"``: incidents fall in proportion to `exposure`; exact.
        ``"exposure_overdispersed"``: the same unless a test says that counts vary more than
        independent incidents would; then the window's count is taken as beta-binomial.
    permutations : int, default 999
        Draws of the two inferences that simulate.
    exposure : array-like of float, optional
        People or dwellings per unit, for the two inferences of that name.
    alternative : {"two-sided", "greater", "less"}
        Which deviation counts as extreme.
    correction : {"fdr", "fdr_by", "holm", "bonferroni", "none"}
        Benjamini-Hochberg, Benjamini-Yekutieli, Holm, Bonferroni, or no correction for the number
        of tests.
    level : float, default 0.05
        Level at which the resolution of simulated p-values is judged.
    seed : int or numpy.random.Generator, optional
        Makes simulated p-values reproducible.
    random_state : optional
        Another name for `seed`.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.

    Returns
    -------
    LocalStatistics

    References
    ----------
    Ord & Getis 1995, Geographical Analysis 27:286, doi:10.1111/j.1538-4632.1995.tb00912.x.

    Examples
    --------
    Six points with neighbours within 15 units of length:

    >>> import brandpunt as bp
    >>> import scipy.sparse
    >>> rows = [0, 0, 1, 1, 1, 2, 3, 3, 3, 4, 4, 4, 4, 5]
    >>> cols = [1, 3, 0, 3, 4, 4, 0, 1, 4, 1, 2, 3, 5, 4]
    >>> matrix = scipy.sparse.csr_array(([1.0] * 14, (rows, cols)), shape=(6, 6))
    >>> weights = bp.Weights.from_sparse(matrix).include_self()
    >>> gi = bp.gi_star([2, 3, 3.2, 5, 8, 7], weights, inference="analytic")
    >>> gi.z.round(5)
    array([-1.39728, -0.28918,  0.65065, -0.28918,  1.23452,  2.02424])
    """
    return _getis_ord(
        values,
        weights,
        star=True,
        exposure=exposure,
        options=options(
            inference,
            permutations,
            alternative,
            correction,
            level,
            seed_of(seed, random_state),
            n_jobs,
        ),
    )


@checked
def gi(
    values: ArrayLike | Counts,
    weights: WeightsLike,
    *,
    inference: str = "exact",
    permutations: int = 999,
    exposure: ArrayLike | None = None,
    alternative: str = "two-sided",
    correction: str = "fdr",
    level: float = 0.05,
    seed: Seed = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
) -> LocalStatistics:
    """Do high or low values gather around each unit, itself left out? Getis-Ord Gi.

    As `gi_star`, but mean and standard deviation are those of the other units, and a unit's weight
    on itself is not used.

    Parameters
    ----------
    values : array-like of float, or Counts
        One per unit.
    weights : Weights, scipy.sparse matrix or libpysal weights
        Neighbours.
    inference, permutations, exposure, alternative, correction, level, seed, random_state, n_jobs
        As for `gi_star`.

    Returns
    -------
    LocalStatistics

    Examples
    --------
    >>> import brandpunt as bp
    >>> import numpy as np
    >>> values = np.zeros((9, 9), dtype=int)
    >>> values[3:6, 3:6] = 4
    >>> gi = bp.gi(values.ravel(), bp.Weights.lattice((9, 9)))
    >>> gi.hotspot_class.reshape(9, 9)[4, 4]
    np.int8(3)
    """
    return _getis_ord(
        values,
        weights,
        star=False,
        exposure=exposure,
        options=options(
            inference,
            permutations,
            alternative,
            correction,
            level,
            seed_of(seed, random_state),
            n_jobs,
        ),
    )


def _getis_ord(
    values: Any, weights: WeightsLike, *, star: bool, exposure: Any, options: dict[str, Any]
) -> LocalStatistics:
    by_exposure = options["inference"] in ("exposure", "exposure_overdispersed")
    if (exposure is not None) != by_exposure:
        message = "exposure and inference='exposure' belong together; give both or neither"
        raise ParameterError(message)
    numbers, index = column_of(values)
    found = _brandpunt.getis_ord(
        floats(numbers, "values"),
        weights_of(weights)._core,
        star,
        None if exposure is None else floats(exposure, "exposure"),
        options,
    )
    return LocalStatistics(**{**found, "warnings": notes(found["warnings"])}, index=index)


def options(
    inference: str,
    permutations: int,
    alternative: str,
    correction: str,
    level: float,
    seed: int,
    n_jobs: int | None,
) -> dict[str, Any]:
    """The options that all local statistics share."""
    if not 0.0 < level < 1.0:
        message = f"level is {level!r}; a number between 0 and 1 is needed"
        raise ParameterError(message)
    return {
        "inference": inference,
        "permutations": permutations,
        "alternative": alternative,
        "correction": correction,
        "level": level,
        "seed": seed,
        "n_jobs": n_jobs,
    }


def column_of(values: Any) -> tuple[Any, Any]:
    """The numbers of a column, and its index where it has one."""
    if isinstance(values, Counts):
        return values.values, values.index
    return values, index_of(values)
