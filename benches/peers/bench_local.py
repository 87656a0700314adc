"""Gi* and local Moran of 300 x 300 cells: exact and simulated p-values beside those of esda."""

import warnings

import numpy as np
from beside import against, beside, best
from esda import G_Local, Moran_Local
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
        return same_tail(ours, theirs)

    def same_tail(
        ours: bp.LocalStatistics | bp.LocalAssociation, theirs: G_Local | Moran_Local
    ) -> str:
        # esda gives the smaller of the share of draws at least as large and what is left of it.
        # Where rounding decides whether a draw ties, that share lies anywhere between those of
        # larger and of at least as large draws.
        above, reached = 1 - ours.p_less, ours.p_greater
        low = np.minimum(np.minimum(above, 1 - above), np.minimum(reached, 1 - reached))
        high = np.where(
            (above < 0.5) & (reached > 0.5),
            0.5,
            np.maximum(np.minimum(above, 1 - above), np.minimum(reached, 1 - reached)),
        )
        apart = float(np.maximum(low - theirs.p_sim, theirs.p_sim - high).max())
        if apart > 0.09:
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
    permuted = {"inference": "permutation", "permutations": 999, "seed": 1}
    # One run of the peer serves both comparisons.
    their_time, their_answer = best(lambda: esda(999), most_runs=3, budget=10.0)
    for name, options in (("exact p", {}), ("999 permutations", permuted)):
        against(
            f"{cells}, {name}, beside 999 permutations",
            lambda options=options: bp.gi_star(counts, weights, **options),
            "esda.G_Local, numba",
            (their_time, their_answer),
            same_p,
        )

    queen = lat2W(SIDE, SIDE, rook=False)
    rows = bp.Weights.lattice((SIDE, SIDE)).row_standardise()

    def moran(permutations: int) -> Moran_Local:
        return Moran_Local(counts.astype(float), queen, permutations=permutations, seed=1)

    moran(1)

    def same_moran(ours: bp.LocalAssociation, theirs: Moran_Local) -> str:
        np.testing.assert_allclose(
            ours.statistic * (1 - 1 / counts.size), theirs.Is, rtol=1e-8, atol=1e-12
        )
        return same_tail(ours, theirs)

    peer = best(lambda: moran(999), most_runs=3, budget=10.0)
    cells = f"local Moran of {SIDE} x {SIDE} cells"
    for name, options in (("exact p", {}), ("999 permutations", permuted)):
        against(
            f"{cells}, {name}, beside 999 permutations",
            lambda options=options: bp.local_moran(counts, rows, **options),
            "esda.Moran_Local, numba",
            peer,
            same_moran,
        )


if __name__ == "__main__":
    main()
