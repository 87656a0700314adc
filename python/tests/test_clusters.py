"""Clusters beside scikit-learn, and as the definition has them."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import DBSCAN, HDBSCAN, OPTICS

import brandpunt as bp


@pytest.fixture
def thrown(rng):
    """Knots of incidents on whole metres over a thin ground."""
    centres = rng.uniform(0, 4000, (25, 2))
    knots = np.repeat(centres, 60, axis=0) + rng.normal(0, 25, (1500, 2))
    return np.r_[knots, rng.uniform(0, 4000, (700, 2))].round()


def planar(places, **options):
    return bp.Incidents.from_xy(places[:, 0], places[:, 1], crs="planar", **options)


def partition(labels):
    """Labels by first appearance, so that the same partition has the same labels."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return first[inverse]


@pytest.mark.parametrize(("eps", "least"), [(20, 4), (35, 10), (200, 30), (5000, 5)])
def test_dbscan_of_scikit_learn(thrown, eps, least):
    """The same core incidents, clusters of them and noise; borders by the documented rule."""
    ours = bp.dbscan(planar(thrown), eps=eps, min_samples=least)
    theirs = DBSCAN(eps=eps, min_samples=least).fit(thrown)
    core = np.zeros(len(thrown), dtype=bool)
    core[theirs.core_sample_indices_] = True
    np.testing.assert_array_equal(ours.core, core)
    np.testing.assert_array_equal(partition(ours.labels[core]), partition(theirs.labels_[core]))
    np.testing.assert_array_equal(ours.labels < 0, theirs.labels_ < 0)
    for i in np.flatnonzero((ours.labels >= 0) & ~core):
        apart = ((thrown[core] - thrown[i]) ** 2).sum(axis=1)
        assert ours.labels[i] == ours.labels[core][apart.argmin()]


def test_weights_are_rows(thrown, rng):
    weight = rng.integers(1, 4, len(thrown))
    weighted = bp.dbscan(planar(thrown, weight=weight), eps=25, min_samples=12)
    repeated = bp.dbscan(planar(np.repeat(thrown, weight, axis=0)), eps=25, min_samples=12)
    np.testing.assert_array_equal(np.repeat(weighted.labels, weight), repeated.labels)


def test_clusters_in_time(thrown, rng):
    days = rng.integers(0, 60, len(thrown))
    time = np.datetime64("2024-01-01") + days.astype("timedelta64[D]")
    found = bp.st_dbscan(planar(thrown, time=time), eps=60, days=7, min_samples=5)
    apart = np.sqrt(((thrown[:, None] - thrown) ** 2).sum(axis=2))
    # Whoever is close in both is at a distance of 1, all others are at 2.
    distance = np.where((apart <= 60) & (np.abs(days[:, None] - days) <= 7), 1.0, 2.0)
    theirs = DBSCAN(eps=1.5, min_samples=5, metric="precomputed").fit(distance)
    core = np.isin(np.arange(len(thrown)), theirs.core_sample_indices_)
    np.testing.assert_array_equal(found.core, core)
    np.testing.assert_array_equal(partition(found.labels[core]), partition(theirs.labels_[core]))


@pytest.mark.parametrize("selection", ["eom", "leaf"])
@pytest.mark.parametrize(("least", "samples"), [(15, 5), (40, None), (10, 1)])
def test_hdbscan_of_scikit_learn(rng, least, samples, selection):
    """The same noise and clusters, but for incidents that are as near to one cluster as to another.

    An incident's core distance is often the length of its edges to several others, so the shortest
    tree is not the only one.
    """
    centres = rng.uniform(0, 4000, (12, 2))
    spread = np.repeat(rng.uniform(10, 80, 12), 70)[:, None]
    places = np.repeat(centres, 70, axis=0) + spread * rng.normal(0, 1, (840, 2))
    places = np.r_[places, rng.uniform(0, 4000, (300, 2))]
    ours = bp.hdbscan(
        planar(places), min_cluster_size=least, min_samples=samples, selection=selection
    )
    theirs = HDBSCAN(
        min_cluster_size=least, min_samples=samples, cluster_selection_method=selection, copy=True
    ).fit(places)
    assert len(ours) == theirs.labels_.max() + 1
    # Rows and columns by cluster, the last for none.
    table = np.zeros((len(ours) + 1, len(ours) + 1), dtype=int)
    np.add.at(table, (theirs.labels_, ours.labels), 1)
    as_ours = table.argmax(axis=1)
    assert sorted(as_ours) == list(range(len(ours) + 1))
    labels = np.where(ours.labels < 0, len(ours), ours.labels)
    differ = np.flatnonzero(as_ours[theirs.labels_] != labels)
    assert len(differ) <= 5
    core = ours.core_distances
    for i in differ:
        apart = np.hypot(*(places - places[i]).T)
        tied = (apart <= core[i] * (1 + 1e-12)) & (core <= core[i])
        tied[i] = False
        # Those it could as well be linked to are not all of one cluster.
        assert len({*labels[tied], *as_ours[theirs.labels_[tied]]}) > 1
    rest = np.setdiff1d(np.arange(len(places)), differ)
    np.testing.assert_allclose(ours.probabilities[rest], theirs.probabilities_[rest], rtol=1e-9)


def test_optics_of_scikit_learn(rng):
    places = np.r_[rng.normal(0, 30, (200, 2)), rng.normal(300, 60, (200, 2))]
    ours = bp.optics(planar(places), max_eps=150, min_samples=6)
    theirs = OPTICS(max_eps=150, min_samples=6).fit(places)
    np.testing.assert_array_equal(ours.ordering, theirs.ordering_)
    np.testing.assert_allclose(ours.reachability, theirs.reachability_, rtol=1e-12)
    np.testing.assert_allclose(ours.core_distances, theirs.core_distances_, rtol=1e-12)
    cores = bp.dbscan(planar(places), eps=40, min_samples=6)
    at = ours.labels_at(40)
    np.testing.assert_array_equal(partition(at[cores.core]), partition(cores.labels[cores.core]))
    assert ours.plot().get_ylabel() == "reachability (m)"


def test_shapes_of_clusters(thrown):
    found = bp.dbscan(planar(thrown), eps=25, min_samples=8)
    frame = found.outlines()
    assert len(frame) == len(found) > 10
    assert frame["size"].tolist() == found.sizes.tolist()
    for label in range(len(found)):
        members = thrown[found.labels == label]
        assert frame.geometry[label].area == pytest.approx(1e6 * frame["hull_km2"][label])
        np.testing.assert_allclose(frame.loc[label, ["x", "y"]].tolist(), members.mean(axis=0))
        spread = np.linalg.eigvalsh(np.cov(members.T, ddof=2))
        axes = frame.loc[label, ["semi_minor", "semi_major"]].to_numpy(float)
        np.testing.assert_allclose(axes, np.sqrt(2 * spread), rtol=1e-8)
    assert found.plot().get_title() == f"{len(found)} clusters"


def test_a_hierarchy_of_clusters(hoods, incidents):
    found = bp.nearest_neighbour_hierarchy(
        incidents, hoods, min_points=5, replicates=19, seed=1, level=0.2
    )
    again = bp.nearest_neighbour_hierarchy(
        incidents, hoods, min_points=5, replicates=19, seed=1, level=0.2, n_jobs=1
    )
    assert found == again
    n, area = len(incidents), 1e6 * float(hoods.area_km2.sum())
    assert found.expected_nearest == pytest.approx(0.5 * (area / n) ** 0.5)
    assert (np.bincount(found.labels[found.labels >= 0]) == found.orders[0].sizes).all()
    assert 0.05 <= found.p <= 1


@pytest.mark.parametrize(
    ("options", "name"),
    [({"eps": 0}, "eps"), ({"eps": 5, "min_samples": 0}, "min_samples"), ({"eps": np.nan}, "eps")],
)
def test_what_has_no_meaning_is_refused(thrown, options, name):
    with pytest.raises(bp.ParameterError, match=name):
        bp.dbscan(planar(thrown), **options)
