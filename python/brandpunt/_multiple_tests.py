"""Many tests at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._inputs import floats, index_of
from brandpunt._results import Columns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class FdrCutoff(Columns):
    """Where the line between rejected and kept tests runs.

    Attributes
    ----------
    k : int
        How many tests are rejected.
    cutoff : float
        Tests with p at most this are rejected: ``k / m * level``; ``level / m`` when none is, NaN
        without any test.
    q : numpy.ndarray
        q-values of Benjamini and Hochberg, in input order.
    """

    k: int
    cutoff: float
    q: NDArray[np.float64]


@checked
def adjust_p(p: ArrayLike, *, method: str = "fdr") -> NDArray[np.float64]:
    """How likely are these p-values, given that there are so many?

    NaN is no test: it stays NaN and does not count in the number m of tests.

    Parameters
    ----------
    p : array-like of float
        p-values, 0 to 1.
    method : {"fdr", "fdr_by", "holm", "bonferroni", "none"}
        Benjamini-Hochberg (the share of false discoveries, for independent or positively dependent
        tests), Benjamini-Yekutieli (the same under any dependence), Holm or Bonferroni (the chance
        of any false discovery), or no correction.

    Returns
    -------
    numpy.ndarray
        Reject where it is at most the level.

    References
    ----------
    Benjamini & Hochberg 1995, JRSS-B 57:289; Benjamini & Yekutieli 2001, Annals of Statistics
    29:1165; Holm 1979, Scandinavian Journal of Statistics 6:65.

    Examples
    --------
    >>> import brandpunt as bp
    >>> bp.adjust_p([0.01, float("nan"), 0.04, 0.5])
    array([0.03, nan, 0.06, 0.5 ])
    >>> bp.adjust_p([0.01, float("nan"), 0.04, 0.5], method="bonferroni")
    array([0.03, nan, 0.12, 1. ])
    """
    return _brandpunt.adjust_p(floats(p, "p"), method)


@checked
def fdr_cutoff(p: ArrayLike, *, level: float = 0.05) -> FdrCutoff:
    """Up to what p-value are tests rejected, and how many are?

    The rule of Benjamini and Hochberg as one line on the map: with p ascending, k is the last with
    ``p(k) <= k / m * level``.

    Parameters
    ----------
    p : array-like of float
        p-values, 0 to 1; NaN is no test.
    level : float, default 0.05
        The share of false discoveries.

    Returns
    -------
    FdrCutoff

    References
    ----------
    Caldas de Castro & Singer 2006, Geographical Analysis 38:180,
    doi:10.1111/j.0016-7363.2006.00682.x.

    Examples
    --------
    >>> import brandpunt as bp
    >>> p = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216]
    >>> cut = bp.fdr_cutoff(p)
    >>> cut.k, cut.cutoff
    (2, 0.01)
    """
    k, cutoff, q = _brandpunt.fdr_cutoff(floats(p, "p"), float(level))
    return FdrCutoff(k=k, cutoff=cutoff, q=q, index=index_of(p))
