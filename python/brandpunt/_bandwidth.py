"""Which bandwidth?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import floats
from brandpunt._neighbourhoods import NeighbourhoodsLike, areas_of
from brandpunt._notes import Note, notes
from brandpunt._outputs import axes, table
from brandpunt._progress import Progress, followed
from brandpunt._tabular import Tabular
from brandpunt._value import Value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class SelectedBandwidth(Tabular, Value):
    """A bandwidth with the curve it was chosen from.

    Attributes
    ----------
    bandwidth : float
        The best candidate, in metres, for `kernel`; :meth:`equivalent` gives that of another.
    method : str
        The rule.
    kernel : str
        The kernel that bandwidth and candidates are of.
    candidates : numpy.ndarray of float
        Bandwidths that were tried, ascending.
    scores : numpy.ndarray of float
        Their scores: the greatest is best for ``"likelihood"``, the least for the others; NaN for
        ``"scott"``, which has none.
    at_boundary : bool
        Whether the best is the first or last of several candidates: then look further.
    warnings : tuple of Note
        What a reader must know.
    """

    bandwidth: float
    method: str
    kernel: str
    candidates: NDArray[np.float64]
    scores: NDArray[np.float64]
    at_boundary: bool
    warnings: tuple[Note, ...]

    @checked
    def equivalent(self, kernel: str) -> float:
        """Give the bandwidth with which another kernel smooths as much: of the same variance.

        Parameters
        ----------
        kernel : str
            A kernel of :func:`kernel_density`.

        Returns
        -------
        float
            In metres.
        """
        own = _brandpunt.kernel_deviation(self.kernel)
        return self.bandwidth * own / _brandpunt.kernel_deviation(kernel)

    def to_pandas(self) -> Any:
        """Give the curve as a data frame."""
        columns = {"candidate": self.candidates, "score": self.scores}
        return table(columns, range(len(self.candidates)))

    def plot(self, *, ax: Any = None) -> Any:
        """Draw the curve with matplotlib, the choice marked.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.

        Returns
        -------
        matplotlib.axes.Axes
        """
        ax = axes(ax)
        ax.plot(self.candidates, self.scores, marker=".")
        ax.axvline(self.bandwidth, linestyle="--", color="0.4")
        ax.set_xscale("log")
        ax.set_xlabel(f"bandwidth of the {self.kernel} kernel (m)")
        ax.set_ylabel(self.method)
        return ax

    def __repr__(self) -> str:
        return (
            f"<SelectedBandwidth: {self.bandwidth:.1f} m {self.kernel} by {self.method}, as wide as "
            f"quartic {self.equivalent('quartic'):.1f} m>"
        )


@checked
def select_bandwidth(
    incidents: IncidentsLike,
    *,
    method: str,
    candidates: ArrayLike | None = None,
    least: float = 0.0,
    within: NeighbourhoodsLike | None = None,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> SelectedBandwidth:
    """Which bandwidth? Scores candidates by a rule and takes the best.

    Incidents snapped to one address would predict each other perfectly, and the bandwidth would
    collapse. So ``"likelihood"`` and ``"lscv"`` leave out all incidents on an address together, and
    ``"diggle"`` leaves out pairs on one address; a warning tells their share. Weights are not used.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        In metres.
    method : {"scott", "diggle", "lscv", "likelihood", "cvl"}
        ``"scott"``: the standard deviation (or the interquartile range over 1.349, if that is
        less) times n to the power -1/6; too wide for clustered incidents. ``"diggle"``: the least
        mean squared error in a Cox process (Berman and Diggle), for the uniform kernel.
        ``"lscv"``: least-squares cross-validation. ``"likelihood"``: the most likely left-out
        incidents. ``"cvl"``: the inverse density at the incidents adds up to the surface of the
        study area (Cronie and van Lieshout). All but ``"diggle"`` are for the Gaussian.
    candidates : array-like of float, optional
        Bandwidths to try, ascending, for the kernel of the rule; when left out from a 128th to
        twice that of ``"scott"`` (``"cvl"``: a sixteenth to four times), for ``"diggle"`` 32 up to
        a quarter of the shorter side of the map.
    least : float, default 0
        The least bandwidth to accept, such as the size of a cell.
    within : Neighbourhoods, optional
        The study area: incidents outside are left out, and ``"likelihood"`` is corrected at its
        edge. Not for ``"diggle"``, which works in the rectangle around the incidents.
    n_jobs : int, optional
        Threads; one per core when left out. The scores do not depend on it.
    progress : bool or callable, optional
        True for a bar of tqdm. Or what is called with the stage (str) and the share done (float);
        an exception it raises stops the job.

    Returns
    -------
    SelectedBandwidth
        Can be given to :func:`kernel_density` as its bandwidth.

    References
    ----------
    Berman and Diggle 1989, Journal of the Royal Statistical Society B 51:81,
    doi:10.1111/j.2517-6161.1989.tb01750.x. Bowman 1984, Biometrika 71:353,
    doi:10.1093/biomet/71.2.353. Cronie and van Lieshout 2018, Biometrika 105:455,
    doi:10.1093/biomet/asy001. Loader 1999, Local Regression and Likelihood, doi:10.1007/b98858.

    Examples
    --------
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(500, seed=7, n_neighbourhoods=60)
    >>> found = bp.select_bandwidth(city.incidents, method="likelihood")
    >>> found.bandwidth == found.candidates[found.scores.argmax()]
    np.True_
    >>> surface = bp.kernel_density(city.incidents, bandwidth=found, cell_size=50)
    >>> surface.kernel, surface.bandwidth == found.equivalent("quartic")
    ('quartic', True)
    """
    with followed(progress) as told:
        columns = _brandpunt.select_bandwidth(
            Incidents.from_any(incidents)._core,
            method,
            None if candidates is None else floats(candidates, "candidates"),
            float(least),
            areas_of(within),
            n_jobs,
            told,
        )
    return SelectedBandwidth(**{**columns, "warnings": notes(columns["warnings"])})
