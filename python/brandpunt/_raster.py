"""A raster in xarray, with its place on earth where rioxarray looks for it."""

from __future__ import annotations

from typing import Any

from brandpunt._inputs import need
from brandpunt._outputs import epsg


def located(
    data: Any, crs: str, bounds: tuple[float, float, float, float], cell_size: float
) -> Any:
    """The same array or data set, its axes described, with a coordinate ``spatial_ref``.

    With plain metres that coordinate is left out.
    """
    for axis in ("x", "y"):
        data[axis].attrs = {
            "standard_name": f"projection_{axis}_coordinate",
            "units": "metre",
            "axis": axis.upper(),
        }
    system = epsg(crs)
    if system is None:
        return data
    wkt = need("pyproj", "geo").CRS.from_user_input(system).to_wkt()
    west, _, _, north = bounds
    transform = f"{west} {cell_size} 0 {north} 0 {-cell_size}"
    place = {"crs_wkt": wkt, "spatial_ref": wkt, "GeoTransform": transform}
    data = data.assign_coords(spatial_ref=((), 0, place))
    for array in getattr(data, "data_vars", {"": data}).values():
        array.encoding["grid_mapping"] = "spatial_ref"
    return data
