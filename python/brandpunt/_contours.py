"""Where does the density pass a level?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt._checked import checked
from brandpunt._inputs import need
from brandpunt._outputs import epsg, frozen, shapes, table
from brandpunt._tabular import Placed
from brandpunt._value import Wrapped

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import NDArray

    from brandpunt import _brandpunt


class Contours(Placed, Wrapped):
    """Lines along which the density passes a level, and the bands between them.

    Lines cross from one cell centre to the next where a straight line between the two values passes
    the level. Bands end, where the surface ends or has no density, at the edge of the last cell
    that has one, corners cut by an eighth of a cell; lines are left out there. Made by :meth:`Surface.contours`.
    """

    __slots__ = ()
    _core: _brandpunt.Contours
    _made_by = "Surface.contours"

    @property
    def levels(self) -> NDArray[np.float64]:
        """The levels, incidents per square kilometre."""
        return self._core.levels

    @property
    def crs(self) -> str:
        """The system of the coordinates."""
        return self._core.crs

    @property
    def bands(self) -> NDArray[Any]:
        """For each level, where the density is at least that and below the next, as shapely polygons."""
        return shapes(self._core.bands())

    @property
    def lines(self) -> NDArray[Any]:
        """For each level, where the density passes it, as shapely multilines."""
        shapely = need("shapely", "geo")
        points, lines, levels = self._core.lines()
        kind = shapely.GeometryType.MULTILINESTRING
        return frozen(np.asarray(shapely.from_ragged_array(kind, points, (lines, levels))))

    def to_geopandas(self, *, lines: bool = False) -> Any:
        """Give a GeoDataFrame, one row per level.

        Parameters
        ----------
        lines : bool, default False
            Lines with their ``level`` rather than bands with ``from`` and ``to``; ``to`` of the last
            is NaN.

        Returns
        -------
        geopandas.GeoDataFrame
        """
        geopandas = need("geopandas", "geo")
        columns = {"level": self.levels} if lines else self._bands()
        geometry = self.lines if lines else self.bands
        own = {name: values.copy() for name, values in columns.items()}
        return geopandas.GeoDataFrame(own, geometry=geometry.copy(), crs=epsg(self.crs))

    def to_pandas(self) -> Any:
        """Give a data frame of the ends of the bands."""
        return table(self._bands())

    def _bands(self) -> dict[str, Any]:
        levels = self.levels
        return {"from": levels, "to": np.append(levels[1:], np.nan)[: len(levels)]}

    def to_geojson(self, *, lines: bool = False) -> str:
        """Give the text of a GeoJSON file, in WGS 84 where the system can be transformed.

        Parameters
        ----------
        lines : bool, default False
            Lines rather than bands.

        Returns
        -------
        str
        """
        return self._core.text(lines)

    @checked
    def write_geojson(self, path: str | PathLike[str], *, lines: bool = False) -> None:
        """Write a GeoJSON file, in WGS 84 where the system can be transformed.

        Parameters
        ----------
        path : str or path
            The file; it is either whole or not there.
        lines : bool, default False
            Lines rather than bands.
        """
        self._core.write_geojson(path, lines)

    @property
    def __geo_interface__(self) -> Any:
        """The bands as a collection of features, as `to_geojson` gives them."""
        return json.loads(self.to_geojson())

    def __len__(self) -> int:
        return len(self.levels)

    def __repr__(self) -> str:
        levels = ", ".join(f"{level:g}" for level in self.levels)
        return f"<Contours: at {levels} incidents per km² in {self.crs}>"
