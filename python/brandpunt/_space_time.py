"""Incidents per place and step in time."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._carried import looks_like_places
from brandpunt._checked import checked
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import instant, need, times
from brandpunt._neighbourhoods import Neighbourhoods, NeighbourhoodsLike, areas_of
from brandpunt._outputs import frozen, table
from brandpunt._results import Columns
from brandpunt.exceptions import InputError, ParameterError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SpaceTimeCube(Columns):
    """A value per unit and step.

    Attributes
    ----------
    values : numpy.ndarray of float, shape (units, steps)
        How many incidents; fractions where times are uncertain, NaN where missing.
    periods : tuple of str
        Labels of the steps such as ``"2024-03"``, the last step last.
    starts, ends : numpy.ndarray of datetime64
        First second inside and first second after each step, in UTC.
    partial : numpy.ndarray of bool
        Whether the data do not cover a step whole, so that its values are too low.
    outside : numpy.ndarray of float
        Per step, how many incidents lie in no unit.
    untimed : float
        How many incidents are in no step.
    units : numpy.ndarray
        Codes of the areas; of cells, row (from the north) and column, shape (units, 2).
    shape : tuple of int or None
        Rows and columns of the cells; ``None`` for areas. As ``Weights.lattice(cube.shape)`` needs.
    x, y : numpy.ndarray or None
        Centres of the columns and of the rows of cells.
    """

    values: NDArray[np.float64]
    periods: tuple[str, ...]
    starts: NDArray[np.datetime64]
    ends: NDArray[np.datetime64]
    partial: NDArray[np.bool_]
    outside: NDArray[np.float64]
    untimed: float
    units: NDArray[Any]
    shape: tuple[int, int] | None
    x: NDArray[np.float64] | None
    y: NDArray[np.float64] | None

    def to_pandas(self) -> Any:
        """Give a data frame with the units and one column per step."""
        columns: dict[str, Any] = {"code": self.units}
        if self.shape is not None:
            columns = {"row": self.units[:, 0], "col": self.units[:, 1]}
        columns |= {label: self.values[:, i] for i, label in enumerate(self.periods)}
        return table(columns, self.index)

    def to_xarray(self) -> Any:
        """Give an ``xarray.DataArray``: of cells by ``time``, ``y`` and ``x``, else by ``unit``.

        The time of a step is that of its start, in UTC.
        """
        xarray = need("xarray", "xarray")
        coords: dict[str, Any] = {"time": self.starts.astype("M8[ns]")}
        dims: tuple[str, ...] = ("unit", "time")
        values = self.values
        if self.shape is None:
            coords["unit"] = self.units.astype(str)
        else:
            coords |= {"y": self.y, "x": self.x}
            dims = ("time", "y", "x")
            values = values.T.reshape(len(self.periods), *self.shape)
        own = {name: np.array(places) for name, places in coords.items()}
        return xarray.DataArray(values.copy(), coords=own, dims=dims, name="incidents")

    def whole(self) -> SpaceTimeCube:
        """Give the cube without the partial steps at its beginning and end."""
        kept = np.flatnonzero(~self.partial)
        if kept.size == 0:
            message = f"all {self.partial.size} steps are partial; choose a shorter step"
            raise InputError(message, "no_rows")
        steps = slice(int(kept[0]), int(kept[-1]) + 1)
        left = np.ones(self.partial.size, dtype=bool)
        left[steps] = False
        lost = float(np.nansum(self.values[:, left]) + self.outside[left].sum())
        changed = {
            "values": frozen(np.ascontiguousarray(self.values[:, steps])),
            "periods": self.periods[steps],
            "starts": frozen(self.starts[steps].copy()),
            "ends": frozen(self.ends[steps].copy()),
            "partial": frozen(self.partial[steps].copy()),
            "outside": frozen(self.outside[steps].copy()),
            "untimed": self.untimed + lost,
        }
        return SpaceTimeCube(**({f.name: getattr(self, f.name) for f in fields(self)} | changed))

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        span = f", {self.periods[0]} to {self.periods[-1]}" if self.periods else ""
        partial = int(self.partial.sum())
        tail = f", {partial} partial" if partial else ""
        return f"<SpaceTimeCube: {len(self)} units x {len(self.partial)} steps{span}{tail}>"


@checked
def space_time_cube(
    incidents: IncidentsLike,
    units: NeighbourhoodsLike | float,
    *,
    step: str,
    since: Any = None,
    until: Any = None,
    latest: ArrayLike | None = None,
    within: NeighbourhoodsLike | None = None,
    n_jobs: int | None = None,
) -> SpaceTimeCube:
    """Count incidents per unit and step in time.

    Steps are calendar periods counted back from the end. Without `until`, the end is that of the
    calendar period that holds the last time. The first step holds the first time, or `since`.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        What to count; with times.
    units : Neighbourhoods, what `Neighbourhoods.from_any` takes, or float
        Areas, or the side of square cells in metres.
    step : {"week", "month", "quarter", "year"}
        The length of a step.
    since, until : date, datetime or ISO 8601 text, optional
        Between which moments the data are complete; the last step ends just before `until`. Without
        a zone, on clocks in the Netherlands. Left out, they are the days of the first and the last
        time, and the steps these cut are partial.
    latest : array-like of times, optional
        Per incident, the last moment at which it may have happened; its time is the first. It is
        then spread over the steps in proportion to elapsed time (Ratcliffe 2002).
    within : Neighbourhoods, optional
        The study area of cells: incidents outside are in no cell, and a cell whose centre is
        outside and that has no incident is missing, not zero.
    n_jobs : int, optional
        Threads; one per core when left out. The counts do not depend on it.

    Returns
    -------
    SpaceTimeCube

    References
    ----------
    Ratcliffe 2002, Journal of Quantitative Criminology 18:23, doi:10.1023/A:1013240828824.

    Examples
    --------
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(2_000, seed=7, n_neighbourhoods=60)
    >>> cube = bp.space_time_cube(city.incidents, city.neighbourhoods, step="quarter")
    >>> cube.values.sum() + cube.outside.sum() + cube.untimed
    np.float64(2000.0)
    >>> cube.periods[0]
    '2017-Q1'
    """
    areas, cell_size = None, None
    if looks_like_places(units) or isinstance(units, Neighbourhoods):
        areas = Neighbourhoods.from_any(units)
    elif isinstance(units, bool) or not isinstance(units, (int, float, np.number)):
        message = (
            f"units is a {type(units).__name__}; give Neighbourhoods, or the side of square "
            "cells in metres"
        )
        raise ParameterError(message)
    else:
        cell_size = float(units)
    if areas is not None and within is not None:
        message = "within is the study area of cells; leave it out for areas"
        raise ParameterError(message)
    found = _brandpunt.space_time_cube(
        Incidents.from_any(incidents)._core,
        areas_of(within if areas is None else areas),
        cell_size,
        step,
        instant(since, "since"),
        instant(until, "until"),
        None if latest is None else times(latest),
        n_jobs,
    )
    if areas is not None:
        names, index = areas.code, areas._index
    else:
        rows, cols = found["shape"]
        grid = np.indices((rows, cols)).reshape(2, -1).T
        names, index = frozen(np.ascontiguousarray(grid)), None
    return SpaceTimeCube(
        **{
            **found,
            "periods": tuple(found["periods"]),
            "starts": frozen(found["starts"].view("M8[s]")),
            "ends": frozen(found["ends"].view("M8[s]")),
        },
        units=names,
        index=index,
    )
