"""One value of every class that the package gives, for tests of what they have in common."""

from __future__ import annotations

import functools
import inspect
import tempfile
from pathlib import Path

import numpy as np

import brandpunt as bp
from brandpunt._value import Value

NUISANCE = """\
"Overlast";"WijkenEnBuurten";"Perioden";"GeregistreerdeOverlast_1"
"0.0.0 ";"BU00340101";"2022JJ00";7
"E35   ";"BU00340101";"2022JJ00";3
"0.0.0 ";"BU00340101";"2023JJ00";9
"E35   ";"BU00340101";"2023JJ00";
"""
FIGURES = "codering_3;aantal_inwoners\nBU00340101;120\nBU00340102;.\n"


def classes():
    """All public classes of values."""
    return {
        thing
        for name in bp.__all__
        if inspect.isclass(thing := getattr(bp, name)) and issubclass(thing, Value)
    }


@functools.cache
def specimens():
    """A value of each class, by name of the class."""
    found = [
        value for make in (_inputs, _read, _hotspots, _local, _densities, _more) for value in make()
    ]
    return {type(value).__name__: value for value in found}


@functools.cache
def city():
    return bp.synthetic_city(3_000, seed=7, n_neighbourhoods=40)


def _inputs():
    incidents, areas, truth = city()
    yield incidents.select(theme="youth_nuisance")
    yield areas
    yield truth
    yield bp.Theme("fireworks", ["vuurwerk", "M132"], per=100)
    yield bp.Weights.nearest(areas, 4)
    yield bp.AreaNumbers(["BU01", "BU02"], [1.5, np.nan], vintage=2024)
    yield bp.Crosswalk(["A", "B"], ["C", "C"], [1, 0.5], from_vintage=2022, to_vintage=2024)
    yield bp.StreetNetwork.from_lines([[(0, 0), (100, 0)], [(100, 0), (100, 80)]], crs="planar")


def _read():
    with tempfile.TemporaryDirectory() as folder:
        table, figures = Path(folder) / "47024NED.csv", Path(folder) / "kwb.csv"
        table.write_text(NUISANCE)
        figures.write_text(FIGURES)
        yield bp.read_police_table(table, step="year", vintage=2024)
        yield bp.read_key_figures(figures, year=2024)


def _hotspots():
    incidents, areas, _ = city()
    result = bp.hotspots(
        incidents,
        areas,
        theme="youth_nuisance",
        baseline=2017,
        cell_size=200,
        scan=True,
        near_repeat=True,
    )
    yield result
    yield result.clusters
    yield result.near_repeat
    yield result.history
    yield bp.hotspots(incidents, areas, theme=None, period=2023, cell_size=400).years
    yield result.publish("cbs5")
    yield bp.count(incidents, areas, step="year")
    yield bp.count_batches([incidents], areas, step="year", by_category=True)
    window = bp.LiveWindow(
        areas, length=np.timedelta64(90, "D"), now="2024-07-01", cell_size=200, expected=np.ones(40)
    )
    yield window.insert_all(incidents)
    yield window.publish()
    yield window.snapshot()
    found = bp.stability(incidents, areas, theme=None, cell_size=300, resamples=2)
    yield found
    yield found.grid


def _local():
    incidents, areas, _ = city()
    values, weights = bp.count(incidents, areas), bp.Weights.queen(areas)
    people = areas.population
    yield bp.gi_star(values, weights.include_self())
    yield bp.local_moran(values, weights, seed=1)
    yield bp.moran(values, weights, seed=1)
    yield bp.incremental_autocorrelation(values, areas, distances=[900, 1200])
    yield bp.rates(values, people)
    yield bp.funnel(values, people)
    changes = bp.change(values, people, values.values[::-1], people, groups=["a", "b"] * 20)
    yield changes
    yield changes.city
    yield bp.direct_standardisation([[1, 2], [3, 4]], [[10, 20], [30, 40]], standard=[5, 6])
    yield bp.indirect_standardisation([1, 2], [[10, 20], [30, 40]], standard_rates=[0.1, 0.2])
    yield bp.trend([[3, 4, 5, 6], [9, 7, 6, 4]], [[100.0] * 4] * 2, years=range(2020, 2024))
    yield bp.fdr_cutoff([0.01, 0.2, 0.5])
    cube = bp.space_time_cube(incidents, areas, step="quarter")
    yield cube
    yield bp.emerging_hotspots(cube, weights)
    yield bp.mann_kendall([[1, 2, 3, 4], [4, 3, 1, 2]])
    hot = np.r_[np.ones(4, dtype=np.int8), np.zeros(8, dtype=np.int8)]
    yield bp.compare_hotspots(hot, hot[::-1], shape=(3, 4), seed=1)


def _densities():
    incidents, areas, _ = city()
    place = {"bandwidth": 400, "cell_size": 100}
    surface = bp.kernel_density(incidents, **place, edge="uniform", within=areas)
    yield surface + surface
    yield surface.classes()
    yield surface.contours()
    yield surface.by_neighbourhood(areas)
    yield bp.select_bandwidth(incidents, method="scott")
    few = incidents.select(theme="youth_nuisance")
    yield bp.relative_risk(few, incidents, **place)
    yield bp.space_time_density(few, bandwidth=600, days=300, cell_size=300, step=600)
    streets = bp.StreetNetwork.from_lines([[(0, 0), (100, 0), (200, 0)]], crs="planar")
    on_them = bp.Incidents.from_xy([10.0, 150.0], [1.0, 2.0], crs="planar")
    yield bp.network_density(on_them, streets, bandwidth=80)


def _more():
    incidents, areas, _ = city()
    yield bp.concentration([5, 1, 0, 8, 2], seed=0)
    yield bp.repeat_addresses(incidents)
    found = bp.profile(incidents, within=incidents.x > np.median(incidents.x), seed=1)
    yield found
    yield found.tables[0]
    yield found.places
    yield from found.traits(level=1.0, most=1)
    yield bp.without_source([9, 3, 1], [2, 3, 1])
    yield bp.reporting_rate([90, 60, 50, 10], between=(0.5, 1.0), top=2)
    yield bp.proximity(
        incidents, np.c_[incidents.x[:5], incidents.y[:5]], within=areas, replicates=39, seed=1
    )
    yield bp.intervention_effect([9, 8, 7, 6], [4, 8, 8, 6], treated=[0], control=[2, 3])
    yield bp.sppt([40, 30, 30], [10, 60, 55])
    found = bp.spatial_scan(
        bp.count(incidents, areas), areas.population, areas, replicates=19, seed=1
    )
    yield found
    yield found.clusters[0]
    yield bp.knox(incidents, distances=150, days=5, permutations=19, seed=1)
    yield bp.near_repeat(incidents, distances=[0, 150], days=[0, 5], permutations=19, seed=1)
    pairs = bp.count_pairs(incidents, distances=[0, 150], days=[0, 5])
    yield pairs
    yield pairs.table()
    told = {"radii": [100, 300], "within": areas, "simulations": 39, "seed": 1}
    found = bp.ripley(incidents, **told)
    yield found
    yield found.envelope
    yield bp.pair_correlation(incidents, **told)
    yield bp.nearest_neighbour_functions(incidents, lattice=400, **told)
    found = bp.forecast(incidents, areas, at="2023-01-01", method="self_exciting", cell_size=400)
    yield found
    yield found.fit
    yield bp.accuracy(found, found.count(incidents))
    found = bp.rolling_accuracy(incidents, areas, days=91, draws=39)
    yield found
    yield found.hit_rate
    yield bp.dbscan(incidents, eps=100, min_samples=8)
    yield bp.hdbscan(incidents, min_cluster_size=12)
    yield bp.optics(incidents, max_eps=200, min_samples=8)
    hierarchy = bp.nearest_neighbour_hierarchy(incidents, areas)
    yield hierarchy
    yield hierarchy.orders[0]
