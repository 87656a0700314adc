"""A seeded city of any size, with planted hotspots whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._incidents import Incidents
from brandpunt._neighbourhoods import Neighbourhoods
from brandpunt._seed import Seed, seed_of
from brandpunt._value import Value

if TYPE_CHECKING:
    from numpy.typing import NDArray


class PlantedHotspot(NamedTuple):
    """A concentration that was put into the city on purpose.

    Attributes
    ----------
    category : str
        The category of incident it is about.
    x, y, radius : float
        Centre and radius in metres.
    relative_risk : float
        How many times more often incidents happen at the addresses inside.
    start : numpy.datetime64
        From when (UTC).
    neighbourhoods : tuple of str
        Codes of the neighbourhoods with at least half of their addresses inside.
    """

    category: str
    x: float
    y: float
    radius: float
    relative_risk: float
    start: np.datetime64
    neighbourhoods: tuple[str, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Truth(Value):
    """What is really there.

    Attributes
    ----------
    hotspots : tuple of PlantedHotspot
        The planted hotspots.
    geocoding_defaults : tuple of (float, float)
        Locations that stand for "address unknown".
    misplaced : int
        How many incidents were put on one of them.
    follow_ups : int
        How many incidents follow an earlier one at the same address within a month.
    neighbourhood_risk : numpy.ndarray
        How much more often incidents happen per resident than on average, hotspots aside.
    """

    hotspots: tuple[PlantedHotspot, ...]
    geocoding_defaults: tuple[tuple[float, float], ...]
    misplaced: int
    follow_ups: int
    neighbourhood_risk: NDArray[np.float64]


class SyntheticCity(NamedTuple):
    """A synthetic city: `incidents`, `neighbourhoods` and the `truth` about them."""

    incidents: Incidents
    neighbourhoods: Neighbourhoods
    truth: Truth


@checked
def synthetic_city(
    n_incidents: int,
    *,
    seed: Seed = 0,
    random_state: Seed = None,
    n_neighbourhoods: int = 240,
    n_hotspots: int | None = None,
    repeats: float = 0.3,
    misplaced: float = 0.018,
    unevenness: float = 0.25,
    n_jobs: int | None = None,
) -> SyntheticCity:
    """Draw a city with planted hotspots.

    Parameters
    ----------
    n_incidents : int
        How many incidents, from 2017 to 2024.
    seed : int or numpy.random.Generator, default 0
        The same seed and options give the same city.
    random_state : optional
        Another name for `seed`.
    n_neighbourhoods : int, default 240
        How many neighbourhoods.
    n_hotspots : int, optional
        How many hotspots are planted; one per twenty neighbourhoods, from one to six, when left
        out.
    repeats : float, default 0.3
        Share of incidents at the few addresses that report again and again.
    misplaced : float, default 0.018
        Share of incidents put on the police station or the town hall.
    unevenness : float, default 0.25
        How unevenly risk is spread over neighbourhoods, hotspots aside. With this, `repeats`,
        `misplaced` and `n_hotspots` all zero, the city is one of pure chance.
    n_jobs : int, optional
        Threads; one per core when left out. The city does not depend on it.

    Returns
    -------
    SyntheticCity

    Examples
    --------
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(2_000, seed=7, n_neighbourhoods=60)
    >>> len(city.incidents), len(city.neighbourhoods), len(city.truth.hotspots)
    (2000, 60, 3)
    """
    incidents, neighbourhoods, truth = _brandpunt.synthetic_city(
        n_incidents,
        seed_of(seed, random_state),
        n_neighbourhoods,
        n_hotspots,
        float(repeats),
        float(misplaced),
        float(unevenness),
        n_jobs,
    )
    hotspots = tuple(
        PlantedHotspot(
            **{
                **hotspot,
                "start": np.datetime64(hotspot["start"], "s"),
                "neighbourhoods": tuple(hotspot["neighbourhoods"]),
            }
        )
        for hotspot in truth.pop("hotspots")
    )
    defaults = tuple(truth.pop("geocoding_defaults"))
    return SyntheticCity(
        Incidents._wrap(incidents),
        Neighbourhoods._wrap(neighbourhoods),
        Truth(hotspots=hotspots, geocoding_defaults=defaults, **truth),
    )
