"""Gi* on a lattice of 300 x 300 cells: exact p-values beside 999 permutations of esda."""

import warnings

import numpy as np
from beside import beside
from esda import G_Local
from libpysal.weights import fill_diagonal, lat2W

import brandpunt as bp

SIDE = 300


def main() -> None:
    """Time both on Poisson counts with a warm middle."""
    rng = np.random.default_rng(1)
    means = np.full((SIDE, SIDE), 1.5)
    means[100:140, 100:140] = 4.0
    counts = rng.poisson(means).ravel()
    warnings.simplefilter("ignore")
    peer_weights = fill_diagonal(lat2W(SIDE, SIDE, rook=False), 1.0)
    weights = bp.Weights.lattice((SIDE, SIDE)).include_self()

    def esda(permutations: int) -> G_Local:
        return G_Local(
            counts.astype(float),
            peer_weights,
            transform="B",
            star=True,
            permutations=permutations,
            seed=1,
        )

    # numba compiles at the first call; that is not what is measured.
    esda(1)

    def same_z(ours: bp.LocalStatistics, theirs: G_Local) -> str:
        np.testing.assert_allclose(ours.z, theirs.Zs, rtol=1e-8)
        return "same z"

    def same_p(ours: bp.LocalStatistics, theirs: G_Local) -> str:
        same_z(ours, theirs)
        # esda gives the smaller of P(at least as large) and what is left of it, from 0.001 on.
        tail = np.minimum(ours.p_greater, 1 - ours.p_greater)
        apart = float(np.abs(tail - theirs.p_sim).max())
        if apart > 0.1:
            message = f"p-values are up to {apart} apart"
            raise AssertionError(message)
        least = f"least p {ours.p.min():.1e} beside {theirs.p_sim.min():.3f}"
        return f"p within {apart:.3f}, {least}"

    cells = f"Gi* of {SIDE} x {SIDE} cells"
    beside(
        f"{cells}, z",
        lambda: bp.gi_star(counts, weights, inference="analytic"),
        "esda.G_Local",
        lambda: esda(0),
        same_z,
    )
    beside(
        f"{cells}, exact p beside 999 permutations",
        lambda: bp.gi_star(counts, weights),
        "esda.G_Local, numba",
        lambda: esda(999),
        same_p,
    )


if __name__ == "__main__":
    main()
