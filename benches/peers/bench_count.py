"""Counting incidents per neighbourhood, beside the spatial join of geopandas."""

import geopandas as gpd
import numpy as np
from beside import beside

import brandpunt as bp


def main() -> None:
    """Time both on two sizes of city."""
    for incidents, areas in ((100_000, 240), (1_000_000, 1_000)):
        city = bp.synthetic_city(incidents, seed=1, n_neighbourhoods=areas)
        points = city.incidents.to_geopandas()[["geometry"]]
        shapes = city.neighbourhoods.to_geopandas()[["code", "geometry"]]

        def join(
            points: gpd.GeoDataFrame = points, shapes: gpd.GeoDataFrame = shapes
        ) -> np.ndarray:
            joined = gpd.sjoin(points, shapes, predicate="within")
            sizes = joined.groupby("index_right").size()
            return sizes.reindex(shapes.index, fill_value=0).to_numpy()

        def same(ours: bp.Counts, theirs: np.ndarray) -> str:
            # A point on a border is within no area for geopandas and in one for brandpunt.
            apart = int(np.abs(ours.values - theirs).sum())
            if apart > 1e-4 * ours.values.sum():
                message = f"{apart} incidents are counted differently"
                raise AssertionError(message)
            return f"{apart} apart"

        beside(
            f"count {incidents:,} incidents in {areas:,} areas",
            lambda city=city: bp.count(city.incidents, city.neighbourhoods),
            "geopandas.sjoin",
            join,
            same,
        )


if __name__ == "__main__":
    main()
