"""Poisson scan of 1,000 areas: beside NumPy, and beside times of R packages measured elsewhere."""

import numpy as np
from beside import against, best

import brandpunt as bp

AREAS = 1000
REPLICATES = 999
# Seconds on two busy cores at 2.4 GHz with the same numbers of areas and maps. There is no Python
# package for this, so these were not measured in this run.
ELSEWHERE = {"R smerc": 24.9, "R SpatialEpi": 49.5}


def main() -> None:
    """Time both on areas with ten cases each and a warm corner."""
    rng = np.random.default_rng(1)
    places = rng.uniform(0, 10_000, (AREAS, 2))
    people = rng.integers(500, 2500, AREAS)
    rate = np.where(np.hypot(*(places - 3000).T) < 1000, 0.009, 0.006)
    cases = rng.binomial(people, rate)
    total = int(cases.sum())
    share = people / people.sum()

    def windows() -> list[np.ndarray]:
        out = []
        for place in places:
            order = np.argsort(np.hypot(*(places - place).T), kind="stable")
            out.append(order[share[order].cumsum() <= 0.5])
        return out

    def greatest(orders: list[np.ndarray], maps: np.ndarray) -> np.ndarray:
        most = np.zeros(len(maps))
        for order in orders:
            c = maps[:, order].cumsum(axis=1)
            e = total * share[order].cumsum()
            with np.errstate(divide="ignore", invalid="ignore"):
                ratio = c * np.log(c / e) + (total - c) * np.log((total - c) / (total - e))
            most = np.maximum(most, np.where((c > e) & (c >= 2), ratio, 0).max(axis=1, initial=0))
        return most

    def plain() -> tuple[float, float]:
        orders = windows()
        seen = greatest(orders, cases[None])[0]
        drawn = np.random.default_rng(2).multinomial(total, share, REPLICATES)
        return seen, (1 + (greatest(orders, drawn) >= seen).sum()) / (REPLICATES + 1)

    def same(ours: bp.ScanResult, theirs: tuple[float, float]) -> str:
        first = ours.clusters[0]
        np.testing.assert_allclose(first.log_likelihood_ratio, theirs[0], rtol=1e-9)
        return f"same ratio, p {first.p:.3f} beside {theirs[1]:.3f}"

    def scan() -> bp.ScanResult:
        return bp.spatial_scan(
            cases, people, places, model="poisson", replicates=REPLICATES, seed=1
        )

    what = f"Poisson scan of {AREAS} areas, {REPLICATES} replicates"
    against(what, scan, "NumPy", best(plain, most_runs=1), same)
    our_time, _ = best(scan)
    for peer, seconds in ELSEWHERE.items():
        print(f"  reference, not measured here: {peer} {seconds} s, {seconds / our_time:.0f} x")


if __name__ == "__main__":
    main()
