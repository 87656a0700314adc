"""What carries places, as one thing: frames, streams, features, shapes and arrays."""

from __future__ import annotations

from os import PathLike
from typing import Any, NamedTuple

import numpy as np

from brandpunt._brandpunt import recognise
from brandpunt._inputs import crs_text, need
from brandpunt._tabular import Placed
from brandpunt.exceptions import CrsError, InputError, ParameterError

WKB_TYPES = ("binary", "large_binary", "binary_view")
GEOMETRY_NAMES = ("geometry", "geom", "wkb", "wkb_geometry", "the_geom", "shape")


class Carried(NamedTuple):
    """Places with what is known of each."""

    columns: dict[Any, Any]
    geometry: Any = None
    xy: Any = None
    index: Any = None
    crs: Any = None

    def column(self, name: Any, what: str) -> Any:
        """A column by name; anything that is no name is the column itself."""
        if name is None or not isinstance(name, (str, int)):
            return name
        if name not in self.columns:
            known = ", ".join(str(c) for c in self.columns) or "none"
            message = f"there is no column `{name}` for {what}; there are {known}"
            raise InputError(message, "missing_column")
        return self.columns[name]

    def recognised(self, role: str) -> Any:
        """The name of the column that a reader of files would take for this; else None."""
        names = [name for name in self.columns if isinstance(name, str)]
        at = recognise(role, names)
        return None if at is None else names[at]


def carried(data: Any, crs: Any = None) -> Carried:
    """Places from whatever carries them; `crs` is for what has none of its own."""
    if isinstance(data, (str, PathLike)):
        message = "a path carries no places; read it with read_incidents or read_neighbourhoods"
        raise InputError(message, "unknown_format")
    if isinstance(data, Placed):
        data = data.to_geopandas()
    if hasattr(data, "geometry") and hasattr(data, "crs"):
        return _of_frame(data, crs)
    if hasattr(data, "iloc") and hasattr(data, "columns"):
        return Carried({c: data[c] for c in data.columns}, index=data.index, crs=crs)
    if hasattr(data, "__arrow_c_stream__") and not isinstance(data, np.ndarray):
        return _of_stream(data, crs)
    features = getattr(data, "__geo_interface__", data)
    if isinstance(features, dict):
        return _of_features(features, crs)
    if isinstance(data, (list, tuple, np.ndarray)):
        return _of_array(data, crs)
    raise _not_understood(type(data).__name__)


def _of_frame(frame: Any, crs: Any) -> Carried:
    """A GeoDataFrame or a GeoSeries."""
    if frame.crs is not None and crs is not None and crs_text(crs) != crs_text(frame.crs):
        message = (
            f"the data are in {crs_text(frame.crs)} by their own account and crs is "
            f"{crs_text(crs)}; leave crs out, or bring them there first with .to_crs"
        )
        raise CrsError(message)
    names = getattr(frame, "columns", ())
    shapes = frame.geometry
    return Carried(
        {c: frame[c] for c in names if c != shapes.name},
        geometry=shapes.array,
        index=frame.index,
        crs=crs if frame.crs is None else frame.crs,
    )


def _of_stream(data: Any, crs: Any) -> Carried:
    """An Arrow stream: with GeoArrow, with shapes as WKB, or with coordinates in columns."""
    pyarrow = need("pyarrow", "arrow")
    geopandas = need("geopandas", "geo")
    table = pyarrow.table(data)
    if any(b"geoarrow" in _extension(field) for field in table.schema):
        return _of_frame(geopandas.GeoDataFrame.from_arrow(table), crs)
    binary = [field.name for field in table.schema if str(field.type) in WKB_TYPES]
    named = [name for name in binary if name.lower() in GEOMETRY_NAMES]
    frame = table.to_pandas()
    if len(named) != 1 and len(binary) != 1:
        return carried(frame, crs)
    name = (named if len(named) == 1 else binary)[0]
    try:
        shapes = geopandas.GeoSeries.from_wkb(frame[name], index=frame.index)
    except need("shapely", "geo").errors.ShapelyError as error:
        message = f"column `{name}` holds bytes that are no WKB: {error}"
        raise InputError(message, "damaged_geometry") from error
    rest = {c: frame[c] for c in frame.columns if c != name}
    return Carried(rest, geometry=shapes.array, index=frame.index, crs=crs)


def _extension(field: Any) -> bytes:
    metadata = field.metadata or {}
    name = getattr(field.type, "extension_name", "")
    return bytes(metadata.get(b"ARROW:extension:name", b"")) + str(name).encode()


def _of_features(features: dict[str, Any], crs: Any) -> Carried:
    """Features of GeoJSON, which are in WGS 84 unless said otherwise; or a shape, in none."""
    geopandas = need("geopandas", "geo")
    shapely = need("shapely", "geo")
    kind = features.get("type")
    if kind not in (*SHAPES, "Feature", "FeatureCollection"):
        what = f"dict of type {str(kind)[:80]!r}"
        raise _not_understood(what)
    try:
        if kind in SHAPES:
            return _of_array([shapely.geometry.shape(features)], crs)
        each = [features] if kind == "Feature" else features.get("features") or []
        frame = geopandas.GeoDataFrame.from_features(each) if each else geopandas.GeoSeries([])
    except (
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
        shapely.errors.ShapelyError,
    ) as error:
        message = f"a {kind} of GeoJSON is damaged: {error!r}"
        raise InputError(message, "invalid_json") from error
    return _of_frame(frame, 4326 if crs is None else crs)


SHAPES = ("Point", "MultiPoint", "Polygon", "MultiPolygon", "GeometryCollection")


def _of_array(data: Any, crs: Any) -> Carried:
    """A sequence of shapes or of features, or a table of two coordinates."""
    if len(data) and all(isinstance(one, dict) and one.get("type") == "Feature" for one in data):
        return _of_features({"type": "FeatureCollection", "features": list(data)}, crs)
    if len(data) and all(hasattr(one, "geom_type") for one in data):
        shapely = need("shapely", "geo")
        shapes = np.asarray(data, dtype=object)
        several = np.isin(shapely.get_type_id(shapes), (4, 7))  # multipoints and collections
        parts = [
            shapely.get_parts(s) if more else [s] for s, more in zip(shapes, several, strict=True)
        ]
        return Carried({}, geometry=np.concatenate(parts), crs=crs)
    array = np.asarray(data)
    if array.ndim == 2 and array.shape[1] == 2 and array.dtype.kind in "fiu":
        return Carried({}, xy=(array[:, 0], array[:, 1]), crs=crs)
    what = f"{type(data).__name__} of shape {array.shape}"
    raise _not_understood(what)


def coordinates(places: Carried, x: Any, y: Any) -> tuple[Any, Any, Any, dict[str, str]]:
    """Coordinates of a table without shapes: x, y, their system, and columns taken by their names.

    Columns that are named for degrees are in WGS 84; of others the system must be given.
    """
    if places.xy is not None:
        return *places.xy, places.crs, {}
    if (x is None) != (y is None):
        message = "x and y belong together; give both or neither"
        raise InputError(message, "missing_column")
    if x is not None:
        return places.column(x, "x"), places.column(y, "y"), places.crs, {}
    for roles, system in ((("x", "y"), None), (("longitude", "latitude"), 4326)):
        names = [places.recognised(role) for role in roles]
        if None not in names:
            crs = places.crs if places.crs is not None else system
            if crs is None:
                message = (
                    f"columns `{names[0]}` and `{names[1]}` say nothing of their coordinate "
                    "reference system; give it, for RD New with crs='EPSG:28992'"
                )
                raise CrsError(message)
            taken = dict(zip(("x", "y"), names, strict=True))
            return places.columns[names[0]], places.columns[names[1]], crs, taken
    known = ", ".join(str(c) for c in places.columns) or "none"
    message = (
        f"there are no shapes, and no columns that are coordinates by their names, among {known}; "
        "name them with x= and y="
    )
    raise InputError(message, "missing_column")


def made_already(value: Any, *options: Any) -> None:
    """Refuse options for what has been made, as they would change nothing."""
    if any(option is not None for option in options):
        message = f"these are {type(value).__name__} already; options have no effect on them"
        raise ParameterError(message)


def looks_like_places(data: Any) -> bool:
    """Whether data can carry places, and are not merely a column of numbers."""
    marks = ("geometry", "columns", "__geo_interface__")
    # Of the class, as asking the value itself would make all of its features.
    of_a_class = any(hasattr(type(data), mark) for mark in marks)
    return of_a_class or isinstance(data, dict) or _pairs(data)


def _pairs(data: Any) -> bool:
    if isinstance(data, (list, tuple)):
        return bool(data) and (hasattr(data[0], "geom_type") or isinstance(data[0], dict))
    return getattr(data, "ndim", 1) == 2


def _not_understood(what: str) -> InputError:
    message = (
        f"a {what} carries no places that are understood; give a GeoDataFrame or GeoSeries, an "
        "Arrow stream with a geometry column, a table with columns x and y, features of GeoJSON, "
        "shapes of shapely, or an array of shape (n, 2)"
    )
    return InputError(message, "unknown_format")
