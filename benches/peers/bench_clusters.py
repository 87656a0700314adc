"""DBSCAN of a million incidents, HDBSCAN of a hundred thousand: beside scikit-learn and others."""

import fast_hdbscan
import numpy as np
from beside import beside, best
from dbscan import DBSCAN as parallel_dbscan  # noqa: N811 # a function with the name of a class.
from sklearn.cluster import DBSCAN, HDBSCAN

import brandpunt as bp


def city(n: int) -> tuple[np.ndarray, bp.Incidents]:
    """Knots of all sizes over a thin ground, on places that differ."""
    rng = np.random.default_rng(1)
    centres = rng.uniform(0, 18_000, (200, 2))
    spread = rng.uniform(50, 400, 200)
    knot = rng.integers(0, 200, n)
    places = centres[knot] + spread[knot, None] * rng.normal(size=(n, 2))
    ground = rng.random(n) < 0.3
    places[ground] = rng.uniform(0, 18_000, (int(ground.sum()), 2))
    return places, bp.Incidents.from_xy(places[:, 0], places[:, 1], crs="planar")


def same_cores(ours: bp.Clusters, theirs: DBSCAN) -> str:
    """The same core incidents and noise."""
    core = np.zeros(len(ours.labels), dtype=bool)
    core[theirs.core_sample_indices_] = True
    np.testing.assert_array_equal(ours.core, core)
    np.testing.assert_array_equal(ours.labels < 0, theirs.labels_ < 0)
    return f"same cores and noise, {len(ours)} clusters"


def same_parallel(ours: bp.Clusters, theirs: tuple[np.ndarray, np.ndarray]) -> str:
    """The same core incidents and as many clusters."""
    labels, core = theirs
    np.testing.assert_array_equal(ours.core, core)
    if len(ours) != len(set(labels.tolist()) - {-1}):
        message = f"{len(ours)} clusters beside {len(set(labels.tolist()) - {-1})}"
        raise AssertionError(message)
    return "same cores, as many clusters"


def alike(ours: bp.HierarchicalClusters, theirs: HDBSCAN | fast_hdbscan.HDBSCAN) -> str:
    """Nearly the same noise: implementations count the incident itself or do not."""
    share = float(np.mean((ours.labels < 0) == (theirs.labels_ < 0)))
    if share < 0.9:
        message = f"only {share:.0%} agree on what is noise"
        raise AssertionError(message)
    return f"{len(ours)} and {theirs.labels_.max() + 1} clusters, {share:.1%} agree on noise"


def main() -> None:
    """Time each beside its peers."""
    places, incidents = city(1_000_000)
    for eps, least in ((25.0, 20), (100.0, 20)):
        what = f"DBSCAN of 1,000,000 incidents, {eps:.0f} m, {least}"

        def ours(eps: float = eps, least: int = least) -> bp.Clusters:
            return bp.dbscan(incidents, eps=eps, min_samples=least)

        beside(
            what,
            ours,
            "dbscan (parallel, exact)",
            lambda eps=eps, least=least: parallel_dbscan(places, eps=eps, min_samples=least),
            same_parallel,
        )
        if eps < 50:
            beside(
                what,
                ours,
                "sklearn.DBSCAN",
                lambda eps=eps, least=least: DBSCAN(eps=eps, min_samples=least).fit(places),
                same_cores,
            )

    places, incidents = city(100_000)

    def hierarchy() -> bp.HierarchicalClusters:
        return bp.hdbscan(incidents, min_cluster_size=50, min_samples=10)

    # numba compiles at the first call; that is not what is measured.
    best(
        lambda: fast_hdbscan.HDBSCAN(min_cluster_size=50, min_samples=10).fit(places[:2_000]),
        most_runs=1,
    )
    what = "HDBSCAN of 100,000 incidents"
    for peer, model in (("fast_hdbscan", fast_hdbscan.HDBSCAN), ("sklearn.HDBSCAN", HDBSCAN)):
        beside(
            what,
            hierarchy,
            peer,
            lambda model=model: model(min_cluster_size=50, min_samples=10).fit(places),
            alike,
        )


if __name__ == "__main__":
    main()
