"""Which incidents belong together?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import chosen, need, whole
from brandpunt._near_repeat import CLOCKS
from brandpunt._neighbourhoods import Neighbourhoods, NeighbourhoodsLike
from brandpunt._notes import Note, notes
from brandpunt._outputs import axes, epsg, frozen, table
from brandpunt._progress import Progress, followed
from brandpunt._seed import Seed, seed_of
from brandpunt._tabular import Tabular
from brandpunt._value import Value

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHAPE_COLUMNS = ("size", "x", "y", "hull_km2", "semi_major", "semi_minor", "angle")


class _Shaped(Tabular, Value):
    """Incidents with the cluster of each, which can be drawn."""

    labels: NDArray[np.int64]
    sizes: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    crs: str

    def __len__(self) -> int:
        return len(self.sizes)

    def shapes(self) -> Any:
        """Give one row per cluster: size, centre, surface of its hull, and its ellipse.

        Half axes of the standard deviational ellipse are in metres, ``angle`` is the direction of
        the long one in degrees from north by east.
        """
        found = _brandpunt.cluster_shapes(self.x, self.y, self.labels)
        return table({name: found[name] for name in SHAPE_COLUMNS})

    def outlines(self) -> Any:
        """Give a GeoDataFrame with one row per cluster, as `shapes`, and its convex hull."""
        found = _brandpunt.cluster_shapes(self.x, self.y, self.labels)
        shapely = need("shapely", "geo")
        hulls = [shapely.MultiPoint(hull).convex_hull for hull in found.pop("hull")]
        return need("geopandas", "geo").GeoDataFrame(found, geometry=hulls, crs=epsg(self.crs))

    def plot(self, *, ax: Any = None, **options: Any) -> Any:
        """Draw incidents by cluster, those in none in grey, and the hull of each cluster."""
        ax = axes(ax, figsize=(8, 6))
        none = self.labels < 0
        ax.scatter(self.x[none], self.y[none], s=2, color="0.8", linewidths=0)
        shown = {"s": 4, "cmap": "tab20", "linewidths": 0} | options
        ax.scatter(self.x[~none], self.y[~none], c=self.labels[~none] % 20, **shown)
        for hull in _brandpunt.cluster_shapes(self.x, self.y, self.labels)["hull"]:
            ax.plot(*np.asarray(hull).T, color="0.2", linewidth=0.8)
        ax.set_aspect("equal")
        ax.set_title(f"{len(self)} clusters")
        return ax

    def __repr__(self) -> str:
        held = int(self.sizes.sum())
        return (
            f"<{type(self).__name__}: {len(self)} of {held} incidents, "
            f"{len(self.labels) - held} in none>"
        )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Clusters(_Shaped):
    """The cluster of each incident, in input order.

    Attributes
    ----------
    labels : ndarray of int64
        The number of each incident's cluster, by the cluster's first core incident; -1 for none.
    core : ndarray of bool
        Whether the incident is core.
    sizes : ndarray of int64
        How many incidents each cluster has.
    eps, min_samples : float
        Radius in metres and least weight.
    days : float or None
        Up to how many days apart incidents are close.
    undated : int
        Incidents without a time that a method in time left out.
    warnings : tuple of Note
        What a reader must know.
    x, y : ndarray
        Where the incidents are.
    crs : str
        Their coordinate reference system.
    """

    labels: NDArray[np.int64]
    core: NDArray[np.bool_]
    sizes: NDArray[np.int64]
    eps: float
    min_samples: float
    days: float | None
    undated: int
    warnings: tuple[Note, ...]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    crs: str

    def to_pandas(self) -> Any:
        """Give one row per incident, in input order."""
        return table({"label": self.labels, "core": self.core})


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class HierarchicalClusters(_Shaped):
    """The cluster of each incident, in input order, found without a radius.

    Attributes
    ----------
    labels : ndarray of int64
        The number of each incident's cluster, by the cluster's first incident; -1 for none.
    probabilities : ndarray
        How well each belongs, from 0 for none to 1.
    core_distances : ndarray
        Metres to the `min_samples`-th incident, itself included; infinite when there are fewer.
    sizes : ndarray of int64
        How many incidents each cluster has.
    stability : ndarray
        Of each cluster; infinite when as many incidents as a core needs are on one spot.
    x, y : ndarray
        Where the incidents are.
    crs : str
        Their coordinate reference system.
    """

    labels: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    core_distances: NDArray[np.float64]
    sizes: NDArray[np.int64]
    stability: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    crs: str

    def to_pandas(self) -> Any:
        """Give one row per incident, in input order."""
        return table(
            {
                "label": self.labels,
                "probability": self.probabilities,
                "core_distance": self.core_distances,
            }
        )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ReachabilityOrder(Tabular, Value):
    """Incidents in an order in which clusters are valleys of the reachability.

    Attributes
    ----------
    ordering : ndarray of int64
        Positions of the incidents in the order in which they are reached.
    reachability : ndarray
        Metres from which each is reached, in input order; infinite at a new start.
    core_distances : ndarray
        Metres within which each has enough incidents, in input order; infinite beyond `max_eps`.
    """

    ordering: NDArray[np.int64]
    reachability: NDArray[np.float64]
    core_distances: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.ordering)

    @checked
    def labels_at(self, eps: float) -> NDArray[np.int64]:
        """Give the clusters of DBSCAN with a radius of at most `max_eps`; -1 for none.

        Incidents at the border of a cluster may be left out or be in another one.
        """
        reach, core = self.reachability[self.ordering], self.core_distances[self.ordering]
        start = (reach > eps) & (core <= eps)
        number = np.cumsum(start) - 1
        number[(reach > eps) & ~start] = -1
        labels = np.empty_like(number)
        labels[self.ordering] = number
        return frozen(labels)

    def to_pandas(self) -> Any:
        """Give one row per incident, in the order in which they are reached."""
        at = self.ordering
        return table(
            {
                "incident": at,
                "reachability": self.reachability[at],
                "core_distance": self.core_distances[at],
            }
        )

    def plot(self, *, ax: Any = None, **options: Any) -> Any:
        """Draw the reachability in order: valleys are clusters."""
        ax = axes(ax, figsize=(8, 3))
        ax.plot(self.reachability[self.ordering], **({"linewidth": 0.7} | options))
        ax.set_xlabel("incidents in order")
        ax.set_ylabel("reachability (m)")
        return ax

    def __repr__(self) -> str:
        starts = int(np.isinf(self.reachability).sum())
        return f"<ReachabilityOrder: {len(self)} incidents, {starts} starts>"


@checked
def dbscan(
    incidents: IncidentsLike,
    *,
    eps: float,
    min_samples: float = 5,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> Clusters:
    """Which incidents lie together, densely?

    An incident is core when the weights of incidents at most `eps` metres away, itself included, add
    up to `min_samples`. Core incidents at most `eps` apart are in one cluster; another incident
    joins the cluster of the nearest core incident within `eps`, of equally near ones the first in
    the input. The published method gives such border incidents to whichever cluster is found first
    (as scikit-learn does); core incidents and noise are the same in both.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        In metres; with weights, these are added up.
    eps : float
        Up to how many metres incidents are close.
    min_samples : float, default 5
        Least weight within `eps`.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.
    progress : bool or callable, optional
        ``True`` for a bar, or what is called with the stage and the share done.

    Returns
    -------
    Clusters

    References
    ----------
    Ester, Kriegel, Sander & Xu 1996, Proceedings of KDD-96, 226.

    Examples
    --------
    >>> import brandpunt as bp
    >>> incidents = bp.Incidents.from_xy([0, 3, 6, 50, 53, 200], [0] * 6, crs="planar")
    >>> bp.dbscan(incidents, eps=5, min_samples=2).labels
    array([ 0,  0,  0,  1,  1, -1])
    """
    return _clusters(incidents, eps, min_samples, None, "calendar", n_jobs, progress)


@checked
def st_dbscan(
    incidents: IncidentsLike,
    *,
    eps: float,
    days: float,
    min_samples: float = 5,
    clock: Literal["calendar", "elapsed"] = "calendar",
    n_jobs: int | None = None,
    progress: Progress = None,
) -> Clusters:
    """Which incidents lie together, densely, in space and in time?

    As `dbscan`, with incidents close when they are at most `eps` metres and at most `days` days
    apart. Incidents without a time are in no cluster.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        With times, in metres.
    eps, days : float
        Up to where incidents are close.
    min_samples : float, default 5
        Least weight within both.
    clock : {"calendar", "elapsed"}, default "calendar"
        Days of the calendar where it happened, or time that went by.
    n_jobs, progress
        As for `dbscan`.

    Returns
    -------
    Clusters

    References
    ----------
    Birant & Kut 2007, Data & Knowledge Engineering 60:208, doi:10.1016/j.datak.2006.01.013.

    Examples
    --------
    >>> import brandpunt as bp
    >>> incidents = bp.Incidents.from_xy(
    ...     [0, 1, 2, 3],
    ...     [0] * 4,
    ...     crs="planar",
    ...     time=["2024-01-01", "2024-01-02", "2024-03-01", "2024-03-02"],
    ... )
    >>> bp.st_dbscan(incidents, eps=5, days=2, min_samples=2).labels
    array([0, 0, 1, 1])
    """
    return _clusters(incidents, eps, min_samples, float(days), clock, n_jobs, progress)


def _clusters(
    incidents: IncidentsLike,
    eps: float,
    min_samples: float,
    days: float | None,
    clock: str,
    n_jobs: int | None,
    progress: Progress,
) -> Clusters:
    places = Incidents.from_any(incidents)
    with followed(progress) as told:
        found = _brandpunt.dbscan(
            places._core,
            float(eps),
            float(min_samples),
            days,
            chosen(clock, CLOCKS, "clock"),
            n_jobs,
            told,
        )
    found["warnings"] = notes(found["warnings"])
    return Clusters(
        eps=float(eps),
        min_samples=float(min_samples),
        days=days,
        x=places.x,
        y=places.y,
        crs=places.crs,
        **found,
    )


@checked
def hdbscan(
    incidents: IncidentsLike,
    *,
    min_cluster_size: int = 5,
    min_samples: int | None = None,
    selection: Literal["eom", "leaf"] = "eom",
    n_jobs: int | None = None,
    progress: Progress = None,
) -> HierarchicalClusters:
    """Which incidents lie together, where some clusters are denser than others?

    Two incidents are as far apart as the largest of their distance and their core distances, each
    to the `min_samples`-th incident, itself included. When that distance shrinks, clusters split; a
    part of fewer than `min_cluster_size` incidents is no cluster but leaves one. Those clusters
    are taken that last longest. Everything together is never a cluster.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        In metres.
    min_cluster_size : int, default 5
        Least incidents in a cluster.
    min_samples : int, optional
        Incidents within the core distance; as many as in the least cluster when left out.
    selection : {"eom", "leaf"}, default "eom"
        Clusters that last longest (excess of mass), or those that fall apart no further.
    n_jobs, progress
        As for `dbscan`.

    Returns
    -------
    HierarchicalClusters

    References
    ----------
    Campello, Moulavi, Zimek & Sander 2015, ACM Transactions on Knowledge Discovery from Data 10:5,
    doi:10.1145/2733381.

    Examples
    --------
    >>> import brandpunt as bp
    >>> incidents = bp.Incidents.from_xy(
    ...     [0, 1, 2, 3, 100, 120, 140, 160, 900], [0] * 9, crs="planar"
    ... )
    >>> bp.hdbscan(incidents, min_cluster_size=3, min_samples=2).labels
    array([ 0,  0,  0,  0,  1,  1,  1,  1, -1])
    """
    places = Incidents.from_any(incidents)
    with followed(progress) as told:
        found = _brandpunt.hdbscan(
            places._core,
            whole(min_cluster_size, "min_cluster_size"),
            None if min_samples is None else whole(min_samples, "min_samples"),
            chosen(selection, {"eom": False, "leaf": True}, "selection"),
            n_jobs,
            told,
        )
    return HierarchicalClusters(x=places.x, y=places.y, crs=places.crs, **found)


@checked
def optics(
    incidents: IncidentsLike,
    *,
    max_eps: float,
    min_samples: int = 5,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> ReachabilityOrder:
    """In what order are incidents reached, for every radius up to `max_eps` at once?

    The next incident is always that which is nearest to reach from those before: at the largest of
    the distance and the core distance of the one before. Clusters are valleys of the reachability.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        In metres.
    max_eps : float
        Up to how many metres incidents are looked for; as small as the question allows.
    min_samples : int, default 5
        Incidents within the core distance, itself included.
    n_jobs, progress
        As for `dbscan`.

    Returns
    -------
    ReachabilityOrder

    References
    ----------
    Ankerst, Breunig, Kriegel & Sander 1999, SIGMOD Record 28:49, doi:10.1145/304181.304187.

    Examples
    --------
    >>> import brandpunt as bp
    >>> incidents = bp.Incidents.from_xy([0, 50, 1, 3, 52, 500], [0] * 6, crs="planar")
    >>> found = bp.optics(incidents, max_eps=100, min_samples=2)
    >>> found.ordering
    array([0, 2, 3, 1, 4, 5])
    >>> found.labels_at(5)
    array([ 0,  1,  0,  0,  1, -1])
    """
    with followed(progress) as told:
        found = _brandpunt.optics(
            Incidents.from_any(incidents)._core,
            whole(min_samples, "min_samples"),
            float(max_eps),
            n_jobs,
            told,
        )
    return ReachabilityOrder(**found)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ClusterOrder(Tabular, Value):
    """Clusters of one order.

    Attributes
    ----------
    threshold : float
        Up to how many metres two points are linked.
    labels : ndarray of int64
        The cluster of each point, -1 for none: of each incident in the first order, of each cluster
        of the order before in the others.
    sizes : ndarray of int64
        Points in each cluster.
    x, y : ndarray
        Mean of the points of each cluster.
    """

    threshold: float
    labels: NDArray[np.int64]
    sizes: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.sizes)

    def to_pandas(self) -> Any:
        """Give one row per cluster."""
        return table({"size": self.sizes, "x": self.x, "y": self.y})

    def __repr__(self) -> str:
        return f"<ClusterOrder: {len(self)} clusters, linked up to {self.threshold:.0f} m>"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class NearestNeighbourHierarchy(Value):
    """Clusters, clusters of clusters, and what chance makes.

    Attributes
    ----------
    orders : tuple of ClusterOrder
        The orders that have a cluster; the first holds the incidents even without one.
    mean_nearest, expected_nearest, nearest_se : float
        Mean distance to the nearest other incident, what chance makes of it, and its standard error.
    clark_evans : float
        Observed over expected; below 1 when incidents gather.
    p : float
        Share of the simulated maps with at least as many clusters of the first order; NaN without
        simulation.
    simulated : ndarray of int64
        Clusters of the first order in each simulated map.
    """

    orders: tuple[ClusterOrder, ...]
    mean_nearest: float
    expected_nearest: float
    nearest_se: float
    clark_evans: float
    p: float
    simulated: NDArray[np.int64]

    @property
    def labels(self) -> NDArray[np.int64]:
        """The first-order cluster of each incident, -1 for none."""
        return self.orders[0].labels

    def __repr__(self) -> str:
        counts = ", ".join(str(len(order)) for order in self.orders)
        return (
            f"<NearestNeighbourHierarchy: {counts} clusters by order, "
            f"Clark-Evans {self.clark_evans:.2f}>"
        )


@checked
def nearest_neighbour_hierarchy(
    incidents: IncidentsLike,
    within: NeighbourhoodsLike,
    *,
    min_points: int = 10,
    min_clusters: int = 4,
    level: float = 0.05,
    replicates: int = 0,
    seed: Seed = None,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> NearestNeighbourHierarchy:
    """Which incidents are nearer to each other than chance would put them, and which clusters?

    Of n points thrown at random on A square metres the nearest is ``0.5 sqrt(A / n)`` away, with a
    standard error of ``0.26136 / sqrt(n^2 / A)``. Incidents at most the lower bound of that at
    `level` apart are linked; what is linked and holds `min_points` is a cluster of the first order,
    its centre a point of the next. Links chain, and people who live unevenly are not part of the
    null: few clusters by chance is no more than a first look.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        In metres.
    within : Neighbourhoods, or what `Neighbourhoods.from_any` takes
        The area that was watched.
    min_points, min_clusters : int, default 10 and 4
        Least incidents in a cluster of the first order, and least clusters in one of a higher.
    level : float, default 0.05
        The smaller, the nearer incidents must be.
    replicates : int, default 0
        How many maps are simulated.
    seed : int or Generator, optional
        Makes the simulation reproducible.
    n_jobs, progress
        As for `dbscan`.

    Returns
    -------
    NearestNeighbourHierarchy

    References
    ----------
    Levine 2015, CrimeStat IV, chapter 7; Clark & Evans 1954, Ecology 35:445, doi:10.2307/1931034.

    Examples
    --------
    >>> import brandpunt as bp
    >>> city = bp.synthetic_city(2000, seed=1, n_neighbourhoods=30)
    >>> found = bp.nearest_neighbour_hierarchy(city.incidents, city.neighbourhoods)
    >>> len(found.orders[0]) > 5, bool(found.clark_evans < 1)
    (True, True)
    """
    with followed(progress) as told:
        found = _brandpunt.nearest_neighbour_hierarchy(
            Incidents.from_any(incidents)._core,
            Neighbourhoods.from_any(within)._core,
            whole(min_points, "min_points"),
            whole(min_clusters, "min_clusters"),
            float(level),
            whole(replicates, "replicates"),
            seed_of(seed),
            n_jobs,
            told,
        )
    orders = tuple(ClusterOrder(**order) for order in found.pop("orders"))
    return NearestNeighbourHierarchy(orders=orders, **found)
