"""Clustered at what scale?"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._concentration import CHANCE, SEEN
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import chosen, floats, whole
from brandpunt._neighbourhoods import Neighbourhoods, NeighbourhoodsLike
from brandpunt._notes import Note, notes
from brandpunt._outputs import axes, frozen, table
from brandpunt._progress import Progress, followed
from brandpunt._seed import Seed, seed_of
from brandpunt._surface import Surface
from brandpunt._tabular import Tabular
from brandpunt._value import Value
from brandpunt.exceptions import ParameterError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

_DIVISORS = {"r": False, "d": True}
_CURVES = ("mean", "low", "high", "global_low", "global_high")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Envelope(Value):
    """What chance makes of a curve.

    Attributes
    ----------
    mean : numpy.ndarray of float
        Mean of the simulated curves.
    low, high : numpy.ndarray of float
        Where the simulated values lie at each radius by itself. A curve leaves these limits
        somewhere far more often than at one radius: they are for looking, not for a test.
    global_low, global_high : numpy.ndarray of float
        Where the curve as a whole lies: by chance it leaves these limits anywhere with a
        probability of 1 - `level` (extreme rank lengths).
    p_mad, p_dclf, p_rank : float
        Tests of the whole curve: by its greatest deviation, by the integral of its squared
        deviation (Diggle, Cressie, Loosmore and Ford), and by extreme rank lengths.
    simulations : int
        How many patterns were simulated.
    level : float
        Level of the limits.
    """

    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    global_low: NDArray[np.float64]
    global_high: NDArray[np.float64]
    p_mad: float
    p_dclf: float
    p_rank: float
    simulations: int
    level: float

    def __repr__(self) -> str:
        return (
            f"<Envelope: {self.simulations} simulations, p {self.p_mad:.3g} (greatest deviation), "
            f"{self.p_dclf:.3g} (DCLF), {self.p_rank:.3g} (ranks)>"
        )


def _drawn(ax: Any, radii: Any, seen: Any, envelope: Envelope | None, less: Any = 0.0) -> Any:
    """Draw a curve with what chance makes of it, less some other curve."""
    ax = axes(ax)
    if envelope is not None:
        level = f"{100 * envelope.level:g} %"
        for (low, high), alpha, label in (
            ((envelope.global_low, envelope.global_high), 0.15, f"chance, whole curve, {level}"),
            ((envelope.low, envelope.high), 0.25, f"chance, each radius, {level}"),
        ):
            style = {"color": CHANCE, "alpha": alpha, "linewidth": 0, "label": label}
            ax.fill_between(radii, low - less, high - less, **style)
        ax.plot(radii, envelope.mean - less, color=CHANCE, linestyle="--")
    ax.plot(radii, seen - less, color=SEEN, label="seen")
    ax.set_xlabel("radius in m")
    ax.set_xlim(radii[0], radii[-1])
    ax.legend(frameon=False)
    return ax


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Ripley(Tabular, Value):
    """Ripley's K and Besag's L.

    Attributes
    ----------
    radii : numpy.ndarray of float
        Radii in metres.
    k : numpy.ndarray of float
        Square metres: others within each radius of an incident, over incidents per square metre.
        Thrown at random, pi * radii**2.
    l : numpy.ndarray of float
        Metres: the radius at which chance alone would give the same.
    envelope : Envelope or None
        What chance makes of `l`, where patterns were simulated.
    correction : str
        The edge correction.
    incidents, outside, without_intensity : int
        Incidents in the study area and outside it, and those without an intensity.
    km2 : float
        Surface of the study area.
    warnings : tuple of Note
        What a reader must know.
    """

    radii: NDArray[np.float64]
    k: NDArray[np.float64]
    l: NDArray[np.float64]  # noqa: E741 # the field's name
    envelope: Envelope | None
    correction: str
    incidents: int
    outside: int
    without_intensity: int
    km2: float
    warnings: tuple[Note, ...]

    def to_pandas(self) -> Any:
        """Give one row per radius; the limits are those of `l`."""
        return table({"radius": self.radii, "k": self.k, "l": self.l, **_limits(self.envelope)})

    def plot(self, *, ax: Any = None) -> Any:
        """Draw L less the radius, so that chance is a level line, with matplotlib.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.

        Returns
        -------
        matplotlib.axes.Axes
        """
        ax = _drawn(ax, self.radii, self.l, self.envelope, self.radii)
        ax.axhline(0, color="0.6", linewidth=0.8)
        ax.set_ylabel("L less the radius, in m")
        return ax

    def __len__(self) -> int:
        return len(self.radii)

    def __repr__(self) -> str:
        return (
            f"<Ripley: {self.incidents} incidents on {self.km2:.3g} km2, {len(self)} radii up to "
            f"{self.radii[-1]:g} m{_tested(self.envelope)}>"
        )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class PairCorrelation(Tabular, Value):
    """The pair correlation.

    Attributes
    ----------
    radii : numpy.ndarray of float
        Radii in metres.
    g : numpy.ndarray of float
        How frequent others are at each radius of an incident, beside incidents as a whole; 1 by
        chance, NaN at radius 0.
    envelope : Envelope or None
        What chance makes of `g`, where patterns were simulated.
    bandwidth : float
        Half-width of the kernel in metres.
    correction : str
        The edge correction.
    incidents, outside, without_intensity : int
        Incidents in the study area and outside it, and those without an intensity.
    km2 : float
        Surface of the study area.
    warnings : tuple of Note
        What a reader must know.
    """

    radii: NDArray[np.float64]
    g: NDArray[np.float64]
    envelope: Envelope | None
    bandwidth: float
    correction: str
    incidents: int
    outside: int
    without_intensity: int
    km2: float
    warnings: tuple[Note, ...]

    def to_pandas(self) -> Any:
        """Give one row per radius."""
        return table({"radius": self.radii, "g": self.g, **_limits(self.envelope)})

    def plot(self, *, ax: Any = None) -> Any:
        """Draw g with matplotlib.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.

        Returns
        -------
        matplotlib.axes.Axes
        """
        ax = _drawn(ax, self.radii, self.g, self.envelope)
        ax.axhline(1, color="0.6", linewidth=0.8)
        ax.set_ylabel("pairs, over those by chance")
        return ax

    def __len__(self) -> int:
        return len(self.radii)

    def __repr__(self) -> str:
        return (
            f"<PairCorrelation: {self.incidents} incidents on {self.km2:.3g} km2, {len(self)} radii "
            f"up to {self.radii[-1]:g} m, bandwidth {self.bandwidth:.3g} m{_tested(self.envelope)}>"
        )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class NearestNeighbours(Tabular, Value):
    """Distances to the next incident.

    Attributes
    ----------
    radii : numpy.ndarray of float
        Radii in metres.
    f : numpy.ndarray of float
        Share of the study area with an incident within each radius (empty space).
    g : numpy.ndarray of float
        Share of the incidents with another within each radius.
    j : numpy.ndarray of float
        (1 - g) / (1 - f): below 1 where incidents gather.
    f_envelope, g_envelope, j_envelope : Envelope or None
        What chance makes of each, where patterns were simulated.
    correction : str
        The edge correction.
    incidents, outside : int
        Incidents in the study area and outside it.
    lattice : int
        Points at which empty space was measured.
    km2 : float
        Surface of the study area.
    warnings : tuple of Note
        What a reader must know.
    """

    radii: NDArray[np.float64]
    f: NDArray[np.float64]
    g: NDArray[np.float64]
    j: NDArray[np.float64]
    f_envelope: Envelope | None
    g_envelope: Envelope | None
    j_envelope: Envelope | None
    correction: str
    incidents: int
    outside: int
    lattice: int
    km2: float
    warnings: tuple[Note, ...]

    def to_pandas(self) -> Any:
        """Give one row per radius."""
        columns = {"radius": self.radii}
        for name in ("f", "g", "j"):
            columns[name] = getattr(self, name)
            limits = _limits(getattr(self, f"{name}_envelope"))
            columns.update({f"{name}_{column}": values for column, values in limits.items()})
        return table(columns)

    def plot(self, *, which: Literal["f", "g", "j"] = "g", ax: Any = None) -> Any:
        """Draw one of the curves with matplotlib.

        Parameters
        ----------
        which : {"f", "g", "j"}, default "g"
            Which one.
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.

        Returns
        -------
        matplotlib.axes.Axes
        """
        if which not in {"f", "g", "j"}:
            message = f"which is {which!r}; f, g, j are known"
            raise ParameterError(message)
        ax = _drawn(ax, self.radii, getattr(self, which), getattr(self, f"{which}_envelope"))
        ax.set_ylabel(which.upper())
        return ax

    def __len__(self) -> int:
        return len(self.radii)

    def __repr__(self) -> str:
        return (
            f"<NearestNeighbours: {self.incidents} incidents on {self.km2:.3g} km2, {len(self)} "
            f"radii up to {self.radii[-1]:g} m{_tested(self.g_envelope)}>"
        )


@checked
def ripley(
    incidents: IncidentsLike,
    *,
    radii: ArrayLike,
    within: NeighbourhoodsLike,
    correction: Literal["isotropic", "translation", "border", "none"] = "isotropic",
    intensity: Surface | float | None = None,
    among: IncidentsLike | None = None,
    between: IncidentsLike | None = None,
    simulations: int = 0,
    level: float = 0.95,
    seed: Seed = None,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> Ripley:
    """Clustered at what scale? Ripley's K and Besag's L.

    With n incidents on a study area of A square metres and edge weights w::

        K(r) = A / (n (n - 1)) * sum of w over ordered pairs at most r apart
        L(r) = sqrt(K(r) / pi)

    Thrown at random, K(r) = pi r**2 and L(r) = r; above it incidents gather. Both are cumulative:
    clustering at 100 m still shows at 500 m; `pair_correlation` does not carry it over.

    Reports follow people, so that they gather is no news. What they are compared with decides what
    is learned: simulated patterns lie anywhere in the study area; with `intensity` they follow it,
    and K is the inhomogeneous one, pi r**2 for independent incidents however unevenly they lie; with
    `among` these and the other incidents are dealt anew which is which (random labelling).

    With `between`, K counts the others of another kind that an incident has, both ways together (Lotwick
    and Silverman), and again the labels are dealt anew: do they seek each other, or keep apart?

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        In metres. Those outside the study area are left out, with a warning.
    radii : array-like of float
        Ascending, in metres.
    within : Neighbourhoods, or what `Neighbourhoods.from_any` takes
        Areas that together are the study area, whatever their shape.
    correction : {"isotropic", "translation", "border", "none"}, default "isotropic"
        How pairs make up for others beyond the border: by the share of the circle that lies inside
        (exact for any shape), by what is left of the area when it is shifted, by counting only
        incidents farther from the border than the radius, or not.
    intensity : Surface or float, optional
        A density, taken as it is; or the bandwidth in metres of quartic kernels of the other
        incidents, estimated anew for simulated patterns. Clustering within the bandwidth is largely
        taken for intensity: choose it several times as large as the radii.
    among : Incidents, or what `Incidents.from_any` takes, optional
        The other incidents, without these.
    between : Incidents, or what `Incidents.from_any` takes, optional
        Incidents of another kind.
    simulations : int, default 0
        How many patterns are simulated.
    level : float, default 0.95
        Level of the envelopes.
    seed : int, optional
        Makes the simulation reproducible.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.
    progress : bool or callable, optional
        ``True`` for a bar, or what is called with the stage and the share done.

    Returns
    -------
    Ripley

    References
    ----------
    Ripley 1976, Journal of Applied Probability 13:255, doi:10.2307/3212829; Baddeley, Møller &
    Waagepetersen 2000, Statistica Neerlandica 54:329, doi:10.1111/1467-9574.00144; Myllymäki et
    al. 2017, Journal of the Royal Statistical Society B 79:381, doi:10.1111/rssb.12172 (envelopes).

    Examples
    --------
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(2_000, seed=7, n_neighbourhoods=60)
    >>> found = bp.ripley(
    ...     city.incidents.select(theme="youth_nuisance"),
    ...     radii=[100, 200, 400],
    ...     within=city.neighbourhoods,
    ...     simulations=99,
    ...     seed=1,
    ... )
    >>> found.envelope.p_mad
    0.01
    """
    metres = floats(radii, "radii")
    if among is not None and between is not None:
        message = "among and between are two questions; give one of them"
        raise ParameterError(message)
    with followed(progress) as told:
        found = _brandpunt.ripley(
            Incidents.from_any(incidents)._core,
            metres.tolist(),
            Neighbourhoods.from_any(within)._core,
            correction,
            _expected(intensity),
            _others(among if between is None else between),
            between is not None,
            (whole(simulations, "simulations"), float(level), seed_of(seed), n_jobs, told),
        )
    return Ripley(radii=frozen(metres.copy()), correction=correction, **_dressed(found))


@checked
def pair_correlation(
    incidents: IncidentsLike,
    *,
    radii: ArrayLike,
    within: NeighbourhoodsLike,
    correction: Literal["isotropic", "translation", "none"] = "isotropic",
    bandwidth: float | None = None,
    divisor: Literal["r", "d"] = "r",
    intensity: Surface | float | None = None,
    among: IncidentsLike | None = None,
    simulations: int = 0,
    level: float = 0.95,
    seed: Seed = None,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> PairCorrelation:
    """How many others are there at a distance, beside what chance would put there?

    With the Epanechnikov kernel k of half-width h::

        g(r) = A / (n (n - 1)) * sum of k(r - d) w / (2 pi r) over ordered pairs

    1 by chance, 2 where incidents are twice as frequent at that distance of each other. Unlike
    `ripley` it is not cumulative, so it tells at which distances clustering ends.

    Parameters
    ----------
    incidents, radii, within, correction
        As for `ripley`.
    bandwidth : float, optional
        Half-width of the kernel in metres; 0.15 over the root of the density when left out.
    divisor : {"r", "d"}, default "r"
        Whether to divide by the radius, or by the distance of each pair, which is better near
        radius 0; pairs on one spot are then left out, with a warning.
    intensity, among, simulations, level, seed, n_jobs, progress
        As for `ripley`.

    Returns
    -------
    PairCorrelation

    References
    ----------
    Stoyan & Stoyan 1994, Fractals, Random Shapes and Point Fields; Guan 2007, Statistics &
    Probability Letters 77:1263, doi:10.1016/j.spl.2007.03.003.

    Examples
    --------
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(2_000, seed=7, n_neighbourhoods=60)
    >>> found = bp.pair_correlation(
    ...     city.incidents.select(theme="youth_nuisance"),
    ...     radii=[100, 400, 1600],
    ...     within=city.neighbourhoods,
    ... )
    >>> bool(found.g[0] > found.g[1] > found.g[2])
    True
    """
    metres = floats(radii, "radii")
    with followed(progress) as told:
        found = _brandpunt.pair_correlation(
            Incidents.from_any(incidents)._core,
            metres.tolist(),
            Neighbourhoods.from_any(within)._core,
            correction,
            bandwidth,
            chosen(divisor, _DIVISORS, "divisor"),
            _expected(intensity),
            _others(among),
            (whole(simulations, "simulations"), float(level), seed_of(seed), n_jobs, told),
        )
    return PairCorrelation(radii=frozen(metres.copy()), correction=correction, **_dressed(found))


@checked
def nearest_neighbour_functions(
    incidents: IncidentsLike,
    *,
    radii: ArrayLike,
    within: NeighbourhoodsLike,
    correction: Literal["kaplan_meier", "border", "none"] = "kaplan_meier",
    lattice: int = 16_384,
    among: IncidentsLike | None = None,
    simulations: int = 0,
    level: float = 0.95,
    seed: Seed = None,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> NearestNeighbours:
    """How far is the next incident, from an incident (G) and from anywhere (F)?

    ::

        G(r)  share of the incidents with another within r
        F(r)  share of the study area with an incident within r
        J(r)  (1 - G(r)) / (1 - F(r))

    Where incidents gather, G is higher than by chance, F lower and J below 1: there is another
    nearby, and much empty space.

    Parameters
    ----------
    incidents, radii, within
        As for `ripley`.
    correction : {"kaplan_meier", "border", "none"}, default "kaplan_meier"
        For the next incident may lie beyond the border: the border ends the watch, as a patient
        leaves a study; or only places farther from it than the radius count; or nothing.
    lattice : int, default 16384
        At about how many points empty space is measured.
    among, simulations, level, seed, n_jobs, progress
        As for `ripley`.

    Returns
    -------
    NearestNeighbours

    References
    ----------
    Baddeley & Gill 1997, Annals of Statistics 25:263, doi:10.1214/aos/1034276629; van Lieshout &
    Baddeley 1996, Statistica Neerlandica 50:344, doi:10.1111/j.1467-9574.1996.tb01501.x.

    Examples
    --------
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(2_000, seed=7, n_neighbourhoods=60)
    >>> found = bp.nearest_neighbour_functions(
    ...     city.incidents.select(theme="youth_nuisance"),
    ...     radii=[50, 100],
    ...     within=city.neighbourhoods,
    ... )
    >>> (found.g > found.f).tolist(), (found.j < 1).tolist()
    ([True, True], [True, True])
    """
    metres = floats(radii, "radii")
    with followed(progress) as told:
        found = _brandpunt.spacing(
            Incidents.from_any(incidents)._core,
            metres.tolist(),
            Neighbourhoods.from_any(within)._core,
            correction,
            whole(lattice, "lattice"),
            _others(among),
            (whole(simulations, "simulations"), float(level), seed_of(seed), n_jobs, told),
        )
    return NearestNeighbours(radii=frozen(metres.copy()), correction=correction, **_dressed(found))


def _expected(intensity: Surface | float | None) -> Any:
    if intensity is None or isinstance(intensity, Surface):
        return None if intensity is None else intensity._core
    if isinstance(intensity, Real):
        return float(intensity)
    message = (
        f"intensity is a {type(intensity).__name__}; a Surface, or a bandwidth in metres, is needed"
    )
    raise ParameterError(message)


def _others(among: IncidentsLike | None) -> Any:
    return None if among is None else Incidents.from_any(among)._core


def _dressed(found: dict[str, Any]) -> dict[str, Any]:
    for name in ("envelope", "f_envelope", "g_envelope", "j_envelope"):
        if found.get(name) is not None:
            found[name] = Envelope(**found[name])
    found["warnings"] = notes(found["warnings"])
    return found


def _limits(envelope: Envelope | None) -> dict[str, Any]:
    return {} if envelope is None else {name: getattr(envelope, name) for name in _CURVES}


def _tested(envelope: Envelope | None) -> str:
    return "" if envelope is None else f", p {envelope.p_mad:.3g}"
