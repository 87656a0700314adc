"""Is a unit like its neighbours?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._inputs import floats, integers
from brandpunt._local import column_of, options
from brandpunt._notes import notes
from brandpunt._outputs import frozen
from brandpunt._results import LocalAssociation
from brandpunt._seed import Seed, seed_of
from brandpunt._weights import WeightsLike, weights_of
from brandpunt.exceptions import InputError, ParameterError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from brandpunt._counting import Counts


@checked
def local_moran(
    values: ArrayLike | Counts,
    weights: WeightsLike,
    *,
    other: ArrayLike | None = None,
    population: ArrayLike | None = None,
    scaling: str = "population",
    randomisation: str = "conditional",
    inference: str = "exact",
    permutations: int = 999,
    alternative: str = "two-sided",
    correction: str = "fdr",
    level: float = 0.05,
    seed: Seed = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
) -> LocalAssociation:
    """Is each unit like its neighbours, more than chance would have it? Local Moran.

    With z the deviations from the mean and m2 their mean square::

        I_i = (z_i / m2) sum_j w_ij z_j

    A large I stands for a value among its like (HH, LL), a small one for a value unlike its
    neighbours (HL, LH). NaN is a missing value: the unit is left out of everything.

    Parameters
    ----------
    values : array-like of float, or Counts
        One per unit.
    weights : Weights, scipy.sparse matrix or libpysal weights
        Neighbours; a unit's weight on itself is not used.
    other : array-like of float, optional
        A second variable: is a unit's `values` like its neighbours' `other`? (Bivariate Moran.)
    population : array-like of float, optional
        `values` are counts of incidents among so many people: their rates, standardised by what
        chance makes of rates of few people (Assuncao & Reis 1999), are what is compared.
    scaling : {"population", "sample"}
        Divisor n in m2 (Anselin, spdep), or n - 1 (PySAL, GeoDa).
    randomisation : {"conditional", "total"}
        Whose expectation and variance make z: of the other units' values dealt out to the
        neighbours, which is also what p tests, or of all values (Anselin 1995).
    inference : {"exact", "permutation", "sequential", "analytic"}
        As for `gi_star`.
    permutations, alternative, correction, seed, random_state, n_jobs
        As for `gi_star`.
    level : float, default 0.05
        q-value up to which a unit is put in a quadrant.

    Returns
    -------
    LocalAssociation

    References
    ----------
    Anselin 1995, Geographical Analysis 27:93, doi:10.1111/j.1538-4632.1995.tb00338.x.

    Examples
    --------
    >>> import brandpunt as bp
    >>> import numpy as np
    >>> values = np.zeros((9, 9), dtype=int)
    >>> values[3:6, 3:6] = 4
    >>> moran = bp.local_moran(values.ravel(), bp.Weights.lattice((9, 9)))
    >>> moran.quadrant.reshape(9, 9)[4, 4], moran.quadrant.reshape(9, 9)[0, 0]
    ('HH', 'not significant')
    """
    numbers, index = column_of(values)
    if population is not None:
        if other is not None:
            message = "population and other cannot be given together; standardise both first"
            raise ParameterError(message)
        numbers = standardised_rates(numbers, population)
    found = _brandpunt.local_moran(
        floats(numbers, "values"),
        None if other is None else floats(column_of(other)[0], "other"),
        weights_of(weights)._core,
        scaling,
        randomisation,
        options(
            inference,
            permutations,
            alternative,
            correction,
            level,
            seed_of(seed, random_state),
            n_jobs,
        ),
    )
    return _associated(found, index)


@checked
def local_geary(
    values: ArrayLike | Counts,
    weights: WeightsLike,
    *,
    scaling: str = "population",
    inference: str = "permutation",
    permutations: int = 9999,
    alternative: str = "two-sided",
    correction: str = "fdr",
    level: float = 0.05,
    seed: Seed = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
) -> LocalAssociation:
    """How much does each unit differ from its neighbours? Local Geary, of one variable or more.

    With K variables, each standardised to mean zero and variance one::

        c_i = 1/K sum_k sum_j w_ij (z_ki - z_kj)^2

    A small c stands for a unit like its neighbours, a large one for a unit unlike them.

    Parameters
    ----------
    values : array-like of float, or Counts
        One per unit; for several variables one row per unit and one column per variable.
    weights : Weights, scipy.sparse matrix or libpysal weights
        Neighbours; a unit's weight on itself is not used.
    scaling : {"population", "sample"}
        Divisor n or n - 1 in the variance.
    inference : {"permutation", "sequential", "analytic"}
        As for `gi_star`.
    permutations, alternative, correction, seed, random_state, n_jobs
        As for `gi_star`.
    level : float, default 0.05
        q-value up to which a unit is put in a quadrant.

    Returns
    -------
    LocalAssociation

    References
    ----------
    Anselin 2019, Geographical Analysis 51:133, doi:10.1111/gean.12164.

    Examples
    --------
    >>> import brandpunt as bp
    >>> path = bp.Weights.lattice((1, 4))
    >>> bp.local_geary([1, 1, 3, 3], path, seed=1).statistic
    array([0., 4., 4., 0.])
    """
    numbers, index = column_of(values)
    table = np.asarray(numbers)
    if table.ndim not in (1, 2):
        message = f"`values` has {table.ndim} dimensions; one column or a table is needed"
        raise InputError(message, "length_mismatch")
    rows = [floats(column, "values") for column in np.atleast_2d(table.T)]
    if not rows:
        message = "`values` has no column; one variable or more is needed"
        raise ParameterError(message)
    found = _brandpunt.local_geary(
        np.stack(rows),
        weights_of(weights)._core,
        scaling,
        options(
            inference,
            permutations,
            alternative,
            correction,
            level,
            seed_of(seed, random_state),
            n_jobs,
        ),
    )
    return _associated(found, index)


@checked
def join_count(
    values: ArrayLike,
    weights: WeightsLike,
    *,
    inference: str = "exact",
    permutations: int = 999,
    alternative: str = "greater",
    correction: str = "fdr",
    level: float = 0.05,
    seed: Seed = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
) -> LocalAssociation:
    """Do marked units have more marked neighbours than chance would give them? Local join count.

    ``BB_i = x_i sum_j w_ij x_j`` for x of zero and one. Only marked units are tested; with binary
    weights their counts are hypergeometric, which the exact inference gives without simulation.

    Parameters
    ----------
    values : array-like of bool or of 0 and 1
        One per unit; NaN is missing.
    weights : Weights, scipy.sparse matrix or libpysal weights
        Neighbours; a unit's weight on itself is not used.
    inference : {"exact", "permutation", "sequential", "analytic"}
        As for `gi_star`.
    permutations, correction, seed, random_state, n_jobs
        As for `gi_star`.
    alternative : {"greater", "less", "two-sided"}
        Clustering only, unless set otherwise.
    level : float, default 0.05
        q-value up to which a unit is put in a quadrant.

    Returns
    -------
    LocalAssociation

    References
    ----------
    Anselin & Li 2019, Journal of Geographical Systems 21:189, doi:10.1007/s10109-019-00299-x.

    Examples
    --------
    >>> import brandpunt as bp
    >>> joins = bp.join_count([1, 1, 0, 0], bp.Weights.lattice((1, 4)))
    >>> joins.statistic
    array([1., 1., 0., 0.])
    >>> joins.p.round(3)
    array([0.333, 0.667,   nan,   nan])
    """
    numbers, index = column_of(values)
    found = _brandpunt.join_count(
        floats(numbers, "values"),
        weights_of(weights)._core,
        options(
            inference,
            permutations,
            alternative,
            correction,
            level,
            seed_of(seed, random_state),
            n_jobs,
        ),
    )
    return _associated(found, index)


@checked
def losh(
    values: ArrayLike | Counts,
    weights: WeightsLike,
    *,
    absolute: bool = False,
    inference: str = "permutation",
    permutations: int = 9999,
    alternative: str = "greater",
    correction: str = "fdr",
    level: float = 0.05,
    seed: Seed = None,
    random_state: Seed = None,
    n_jobs: int | None = None,
) -> LocalAssociation:
    """Do values vary more around a unit than elsewhere? Local spatial heteroscedasticity.

    The weighted mean of the squared residuals from each unit's local mean, divided by the mean of
    all residuals; its expectation is one.

    Parameters
    ----------
    values : array-like of float, or Counts
        One per unit.
    weights : Weights, scipy.sparse matrix or libpysal weights
        With each unit its own neighbour; see `Weights.include_self`.
    absolute : bool, default False
        Take absolute residuals instead of squared ones.
    inference : {"permutation", "sequential", "analytic"}
        As for `gi_star`; ``"analytic"`` is the chi-square approximation of Ord & Getis.
    permutations, correction, seed, random_state, n_jobs
        As for `gi_star`.
    alternative : {"greater", "less", "two-sided"}
        More variation only, unless set otherwise.
    level : float, default 0.05
        q-value up to which a unit is put in a quadrant.

    Returns
    -------
    LocalAssociation

    References
    ----------
    Ord & Getis 2012, Annals of Regional Science 48:529, doi:10.1007/s00168-011-0492-y.

    Examples
    --------
    >>> import brandpunt as bp
    >>> path = bp.Weights.lattice((1, 12)).include_self()
    >>> found = bp.losh([5, 5, 5, 5, 5, 5, 1, 9, 2, 9, 1, 8], path, seed=1)
    >>> bool(found.statistic[9] > 1), float(found.statistic[1])
    (True, 0.0)
    """
    numbers, index = column_of(values)
    found = _brandpunt.losh(
        floats(numbers, "values"),
        weights_of(weights)._core,
        absolute,
        options(
            inference,
            permutations,
            alternative,
            correction,
            level,
            seed_of(seed, random_state),
            n_jobs,
        ),
    )
    return _associated(found, index)


@checked
def standardised_rates(counts: ArrayLike | Counts, population: ArrayLike) -> Any:
    """How far does each rate lie from the common rate, in standard deviations?

    The deviation of a rate divided by what chance makes of a rate of so many people and by the
    true spread of rates (empirical Bayes, Assuncao & Reis 1999). Give these to `moran`,
    `local_moran` or `gi_star` instead of crude rates, which vary most where people are few. NaN
    where people are zero or not known.

    Examples
    --------
    >>> import brandpunt as bp
    >>> bp.standardised_rates([0, 2, 5, 12, 30, 3], [50, 400, 900, 1500, 8000, 120]).round(3)
    array([-0.476,  0.065,  0.265,  1.2  , -0.451,  3.064])
    """
    return _brandpunt.standardised_rates(
        integers(column_of(counts)[0], "counts"), floats(population, "population")
    )


def _associated(found: dict[str, Any], index: Any) -> LocalAssociation:
    names = np.array(found.pop("names"), dtype=object)
    columns = {
        **found,
        "quadrant": frozen(names[found["quadrant"]]),
        "warnings": notes(found["warnings"]),
    }
    return LocalAssociation(**columns, index=index)
