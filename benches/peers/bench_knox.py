"""Knox's test, 200 m and 7 days, 999 permutations: beside pointpats and pairs of a k-d tree."""

import numpy as np
from beside import beside
from pointpats import Knox
from scipy.spatial import cKDTree

import brandpunt as bp

METRES, DAYS, PERMUTATIONS = 200.0, 7.0, 999


def city(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Places of a synthetic city and whole days of five years."""
    made = bp.synthetic_city(n, seed=1).incidents
    rng = np.random.default_rng(1)
    return np.c_[made.x, made.y], rng.integers(0, 5 * 365, n)


def tree(places: np.ndarray, days: np.ndarray) -> tuple[int, float]:
    """All pairs from a k-d tree, then one order of the times after the other."""
    pairs = cKDTree(places).query_pairs(METRES, output_type="ndarray")
    first, second = pairs.T
    rng = np.random.default_rng(2)

    def close(times: np.ndarray) -> int:
        return int((np.abs(times[first] - times[second]) <= DAYS).sum())

    observed = close(days)
    reached = sum(close(rng.permutation(days)) >= observed for _ in range(PERMUTATIONS))
    return observed, (1 + reached) / (1 + PERMUTATIONS)


def main() -> None:
    """Time at ten and at fifty thousand incidents."""
    # Two simulations of a share differ by at most five standard deviations.
    apart = 5 * (0.5 / PERMUTATIONS) ** 0.5

    def same(ours: bp.Knox, theirs: tuple[int, float]) -> str:
        observed, p = theirs
        if ours.observed != observed or abs(ours.p - p) > apart:
            message = f"{ours} beside {theirs}"
            raise AssertionError(message)
        return f"same {observed:,} pairs, p {ours.p:.3f} and {p:.3f}"

    def peer(places: np.ndarray, days: np.ndarray) -> tuple[int, float]:
        np.random.seed(3)  # noqa: NPY002 # pointpats draws from the global generator.
        found = Knox(days[:, None], places, delta=METRES, tau=DAYS, permutations=PERMUTATIONS)
        return int(found.statistic_), float(found.p_sim)

    for n in (10_000, 50_000):
        places, days = city(n)
        incidents = bp.Incidents.from_xy(
            places[:, 0],
            places[:, 1],
            crs="planar",
            time=np.datetime64("2020-01-01") + days.astype("timedelta64[D]"),
        )

        def ours(incidents: bp.Incidents = incidents) -> bp.Knox:
            return bp.knox(
                incidents, distances=METRES, days=DAYS, permutations=PERMUTATIONS, seed=1
            )

        what = f"Knox of {n:,} incidents, {PERMUTATIONS} permutations"
        beside(what, ours, "cKDTree pairs, NumPy", lambda p=places, d=days: tree(p, d), same)
        if n == 10_000:
            beside(what, ours, "pointpats.Knox", lambda p=places, d=days: peer(p, d), same)


if __name__ == "__main__":
    main()
