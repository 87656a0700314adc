"""For your own tests: a small city that is always the same, and what to assert of results.

>>> import brandpunt as bp
>>> from brandpunt import testing
>>> found = bp.count(*testing.city())
>>> testing.assert_equal(found, bp.count(*testing.city(), n_jobs=1))
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from brandpunt._synthetic import synthetic_city
from brandpunt._value import Value, same

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from brandpunt._incidents import Incidents
    from brandpunt._neighbourhoods import Neighbourhoods

__all__ = [
    "City",
    "Frames",
    "assert_close",
    "assert_equal",
    "assert_reproducible",
    "city",
    "columns",
    "frames",
]


class City(NamedTuple):
    """A city: `incidents` and `neighbourhoods`."""

    incidents: Incidents
    neighbourhoods: Neighbourhoods


class Frames(NamedTuple):
    """The same city as GeoDataFrames: `incidents` and `neighbourhoods`, in RD New."""

    incidents: Any
    neighbourhoods: Any


@functools.cache
def _drawn(n_incidents: int, n_neighbourhoods: int, seed: int) -> City:
    drawn = synthetic_city(n_incidents, n_neighbourhoods=n_neighbourhoods, seed=seed)
    return City(drawn.incidents, drawn.neighbourhoods)


def city(n_incidents: int = 2000, *, n_neighbourhoods: int = 40, seed: int = 0) -> City:
    """Give a small city of eight years, with planted hotspots; the same at every call.

    Parameters
    ----------
    n_incidents : int, default 2000
        How many reports.
    n_neighbourhoods : int, default 40
        How many areas.
    seed : int, default 0
        Which city.

    Returns
    -------
    City

    Examples
    --------
    >>> from brandpunt import testing
    >>> testing.city().neighbourhoods
    <Neighbourhoods: 40 in EPSG:28992, with inhabitants 2017, inhabitants 2024, youths 2017, ...>
    """
    return _drawn(n_incidents, n_neighbourhoods, seed)


def columns(
    n_incidents: int = 2000, *, n_neighbourhoods: int = 40, seed: int = 0
) -> dict[str, NDArray[Any]]:
    """Give the reports of `city` as arrays of your own: ``x``, ``y``, ``time`` and ``category``.

    Parameters
    ----------
    n_incidents, n_neighbourhoods, seed : int
        As for `city`.

    Returns
    -------
    dict
        In metres of RD New; times as ISO 8601 texts in UTC, empty where unknown.

    Examples
    --------
    >>> import brandpunt as bp
    >>> from brandpunt import testing
    >>> bp.Incidents.from_xy(**testing.columns(), crs=28992)
    <Incidents: 2000 in EPSG:28992, with time, category>
    """
    reports = city(n_incidents, n_neighbourhoods=n_neighbourhoods, seed=seed).incidents
    found = {name: np.array(getattr(reports, name)) for name in ("x", "y", "time", "category")}
    unknown = np.isnat(found["time"])
    found["time"] = np.where(unknown, "", np.datetime_as_string(found["time"], timezone="UTC"))
    return found


def frames(n_incidents: int = 2000, *, n_neighbourhoods: int = 40, seed: int = 0) -> Frames:
    """Give `city` as GeoDataFrames of your own.

    Parameters
    ----------
    n_incidents, n_neighbourhoods, seed : int
        As for `city`.

    Returns
    -------
    Frames

    Examples
    --------
    >>> import brandpunt as bp
    >>> from brandpunt import testing
    >>> reports, areas = testing.frames(500)
    >>> bp.count(reports, areas).values.sum()
    np.int64(500)
    """
    made = city(n_incidents, n_neighbourhoods=n_neighbourhoods, seed=seed)
    areas = made.neighbourhoods.to_geopandas()
    # One population under a name that is recognised; the others keep theirs with the year.
    return Frames(
        made.incidents.to_geopandas(), areas.rename(columns={"inhabitants_2024": "population"})
    )


def assert_equal(found: Any, expected: Any) -> None:
    """Assert that two results have the same content, to the last bit; NaN equals itself.

    Parameters
    ----------
    found, expected : object
        Values of this package, arrays, numbers, or tuples of them.

    Raises
    ------
    AssertionError
        With the first part that differs.
    """
    if same(found, expected):
        return
    parts = _parts(found, expected)
    differing = [name for name, (one, other) in parts.items() if not same(one, other)]
    where = f" in {', '.join(differing)}" if differing else ""
    message = f"not the same{where}:\n{found!r}\n{expected!r}"
    raise AssertionError(message)


def assert_close(found: Any, expected: Any, *, rtol: float = 1e-9, atol: float = 0.0) -> None:
    """Assert that the numbers of two results are close, and all else is the same.

    Parameters
    ----------
    found, expected : object
        Two results of one class, or two arrays.
    rtol, atol : float
        As for ``numpy.testing.assert_allclose``.

    Raises
    ------
    AssertionError
        With the first part that differs.
    """
    parts = _parts(found, expected)
    if not parts:
        np.testing.assert_allclose(found, expected, rtol=rtol, atol=atol)
        return
    for name, (one, other) in parts.items():
        if _parts(one, other):
            assert_close(one, other, rtol=rtol, atol=atol)
        elif np.asarray(one).dtype.kind == "f" and np.asarray(other).dtype.kind == "f":
            np.testing.assert_allclose(one, other, rtol=rtol, atol=atol, err_msg=name)
        elif not same(one, other):
            message = f"not the same in {name}:\n{one!r}\n{other!r}"
            raise AssertionError(message)


def assert_reproducible(call: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Assert that a call gives the same result twice, with one thread and with three.

    Parameters
    ----------
    call : callable
        A function that takes ``n_jobs``, of this package or around it.
    *args, **options
        What it is called with.

    Returns
    -------
    object
        The result.

    Raises
    ------
    AssertionError
        Where the results differ; give a ``seed`` to what draws.

    Examples
    --------
    >>> import brandpunt as bp
    >>> from brandpunt import testing
    >>> testing.assert_reproducible(bp.count, *testing.city(500))
    <Counts: 40 areas, 500 inside, 0 outside>
    """
    found = call(*args, n_jobs=1, **options)
    assert_equal(call(*args, n_jobs=3, **options), found)
    return found


def _parts(found: Any, expected: Any) -> dict[str, tuple[Any, Any]]:
    """The public parts of two values of one class, or two frames; none for anything else."""
    if type(found) is not type(expected):
        return {}
    if hasattr(found, "iloc") and hasattr(found, "columns"):
        if not found.columns.equals(expected.columns):
            return {}
        return {str(name): (found[name].array, expected[name].array) for name in found}
    if not isinstance(found, Value):
        return {}
    names = [name for name in dir(found) if not name.startswith("_")]
    both = ((name, getattr(found, name), getattr(expected, name)) for name in names)
    return {name: (one, other) for name, one, other in both if not callable(one)}
