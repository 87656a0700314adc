"""Queen neighbours of areas, beside libpysal."""

import numpy as np
from beside import beside
from libpysal.graph import Graph

import brandpunt as bp


def main() -> None:
    """Time both on a city, on large ones, and on as many areas as the nation has wijken."""
    for areas in (240, 1_000, 3_340):
        city = bp.synthetic_city(1_000, seed=1, n_neighbourhoods=areas)
        shapes = city.neighbourhoods.to_geopandas()

        def same(ours: bp.Weights, theirs: Graph) -> str:
            np.testing.assert_array_equal(
                ours.cardinalities, bp.Weights.from_pysal(theirs).cardinalities
            )
            return "same neighbours"

        beside(
            f"queen neighbours of {areas:,} areas",
            lambda city=city: bp.Weights.queen(city.neighbourhoods),
            "libpysal.Graph",
            lambda shapes=shapes: Graph.build_contiguity(shapes, rook=False),
            same,
        )


if __name__ == "__main__":
    main()
