"""What is a table, and what has a place: how they go over to other packages."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np

from brandpunt import _drawing
from brandpunt._inputs import need


class Tabular:
    """A table: any package that reads Arrow takes it as it is, such as ``polars.DataFrame(it)``."""

    __slots__ = ()

    @abstractmethod
    def to_pandas(self) -> Any:
        """Give the rows as a data frame."""

    def to_arrow(self) -> Any:
        """Give a ``pyarrow.Table``; an index that is more than row numbers becomes a column."""
        pyarrow = need("pyarrow", "arrow")
        frame = self.to_pandas()
        if hasattr(frame, "index"):
            return pyarrow.Table.from_pandas(frame)
        return pyarrow.table(dict(frame))

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """Give the table to a package that reads Arrow."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)


class Placed(Tabular):
    """A table whose rows have shapes; GeoArrow and GeoJSON carry them too."""

    __slots__ = ()

    @abstractmethod
    def to_geopandas(self) -> Any:
        """Give the rows with their shapes as a GeoDataFrame."""

    def to_arrow(self) -> Any:
        """Give a ``pyarrow.Table`` with the shapes as GeoArrow WKB and their system beside them.

        An index that is more than row numbers becomes a column.
        """
        pyarrow = need("pyarrow", "arrow")
        return pyarrow.table(self.to_geopandas().to_arrow())

    @property
    def __geo_interface__(self) -> Any:
        """The rows as a collection of features, in WGS 84 where their system has a place on earth."""
        frame = self.to_geopandas()
        frame = frame if frame.crs is None else frame.to_crs(4326)
        for name in frame.columns.drop(frame.geometry.name):
            kind = frame[name].dtype.kind
            if kind == "M":
                frame[name] = frame[name].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
            elif kind == "f":  # GeoJSON has no infinity
                frame[name] = frame[name].where(np.isfinite(frame[name]))
        return frame.to_geo_dict(na="null")

    def explore(
        self, column: str | None = None, *, engine: str | None = None, **options: Any
    ) -> Any:
        """Make an interactive map, whose background comes from the network.

        Parameters
        ----------
        column : str, optional
            What to colour by.
        engine : {"folium", "lonboard"}, optional
            When left out lonboard, where it is installed and there are more than 5,000 shapes, and
            else folium.
        **options
            Further options of ``GeoDataFrame.explore``, such as ``tiles=None`` for no background;
            or of the layer of lonboard.

        Returns
        -------
        folium.Map or lonboard.Map
        """
        return _drawing.explore(self.to_geopandas(), column, engine, **options)
