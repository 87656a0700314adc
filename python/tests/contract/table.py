"""Every public callable with the least arguments that let it work.

A callable that is public and not here fails `test_every_public_callable_is_in_the_table`.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

import brandpunt as bp
from contract import city
from contract.city import counts, hoods, incidents, lattice, own, path, people, surface

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True)
class Case:
    """One callable.

    Attributes
    ----------
    name : str
        As a user writes it after ``bp.``.
    make : callable
        Gives its arguments by name, made anew; a method's first is its object, under ``self``.
    rows : tuple of str
        The arguments that have one entry, number or label, per row, and share their length.
    numbers : tuple of str
        The arguments of numbers, among the rows or not.
    free : tuple of str
        The arguments of text that take any text: names, paths.
    called : dict
        What the core calls an argument, where it is not what Python calls it.
    any_shape : bool
        Whether its numbers may have any number of dimensions.
    moves : bool
        Whether it is made to change from call to call: a live window and what changes it, or an
        open file. `test_live.py` and `test_batches.py` hold what these promise.
    """

    name: str
    make: Callable[[], dict[str, Any]]
    rows: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    called: Mapping[str, str] = field(default_factory=dict)
    any_shape: bool = False
    moves: bool = False

    @property
    def is_method(self) -> bool:
        """Whether its first argument is its object."""
        function = inspect.unwrap(self.function)
        return (
            inspect.isfunction(function)
            and next(iter(inspect.signature(function).parameters), "") == "self"
        )

    @property
    def function(self) -> Callable[..., Any]:
        """The callable itself; of a class, the class."""
        found: Any = bp
        for part in self.name.split("."):
            found = getattr(found, part)
        return found

    def __call__(self, /, **arguments: Any) -> Any:
        """Call it, a method on its object."""
        if "self" in arguments:
            rest = {name: value for name, value in arguments.items() if name != "self"}
            return getattr(arguments["self"], self.name.rpartition(".")[2])(**rest)
        return self.function(**arguments)


def case(
    name: str,
    make: Callable[[], dict[str, Any]],
    *,
    rows: str = "",
    numbers: str | None = None,
    free: str = "",
    called: Mapping[str, str] | None = None,
    any_shape: bool = False,
    moves: bool = False,
) -> Case:
    """Make a case; arguments of rows are of numbers unless it says which are."""
    per_row = tuple(rows.split())
    of_numbers = per_row if numbers is None else tuple(numbers.split())
    texts = tuple(free.split())
    return Case(name, make, per_row, of_numbers, texts, called or {}, any_shape, moves)


def halves() -> tuple[bp.Incidents, bp.Incidents]:
    """Reports of one kind, and all others."""
    return incidents().select(categories=["E35"]), incidents().select(categories=["M22", "F13"])


def chances() -> np.ndarray:
    """Probabilities, the least of them small."""
    return np.r_[city.draw("p").uniform(0, 1, city.AREAS - 1), 1e-6]


def marked() -> np.ndarray:
    """Which reports are looked at."""
    return np.arange(city.REPORTS) % 3 == 0


def classes(name: str) -> np.ndarray:
    """Classes of hotspots."""
    return city.draw(name).integers(-3, 4, city.AREAS).astype(np.int8)


def local(**more: Any) -> dict[str, Any]:
    """Values of areas, with their neighbours, and little to simulate."""
    return {"values": counts(), "weights": own(), "permutations": 99, "seed": 7, **more}


def periods() -> dict[str, Any]:
    """Counts and people, now and before."""
    return {
        "counts": counts(),
        "population": people(),
        "baseline_counts": counts("before"),
        "baseline_population": people("then"),
    }


def series() -> np.ndarray:
    """Seven years of counts per area."""
    return counts("series", (city.AREAS, city.YEARS))


def simulated(**more: Any) -> dict[str, Any]:
    """Little to simulate, the same each time."""
    return {**more, "permutations": 99, "seed": 7}


def pattern(**more: Any) -> dict[str, Any]:
    """Reports in a study area, at two radii, with few simulated patterns."""
    return {
        "incidents": incidents(),
        "radii": [200, 500],
        "within": hoods(),
        "simulations": 39,
        "seed": 7,
        **more,
    }


def within_areas(**more: Any) -> dict[str, Any]:
    """Reports and areas."""
    return {"incidents": incidents(), "neighbourhoods": hoods(), **more}


def dense(**more: Any) -> dict[str, Any]:
    """Reports and a raster of a few hundred cells."""
    return {"incidents": incidents(), "bandwidth": 600, "cell_size": 250, **more}


def strata() -> tuple[np.ndarray, np.ndarray]:
    """Counts and people by area and age."""
    return counts("strata", (city.AREAS, 3)), people("ages", (city.AREAS, 3))


def treated() -> dict[str, Any]:
    """Counts of areas before and after, and where a measure was."""
    return {"before": counts("before"), "after": counts(), "treated": [0, 1], "control": [8, 9]}


def years(**more: Any) -> dict[str, Any]:
    """Old areas, and new ones a little to the east."""
    return {"old": hoods(2022), "new": hoods(2024), **more}


def carried() -> bp.AreaNumbers:
    """Numbers of the old areas."""
    return bp.AreaNumbers(city.CODES, counts(), vintage=2022)


def crosswalk() -> bp.Crosswalk:
    """How the old areas become the new."""
    return bp.Crosswalk.from_areas(hoods(2022), hoods(2024), n_jobs=1)


def a_profile() -> bp.Profile:
    """What kind of reports they are."""
    return bp.profile(incidents(), within=marked(), **simulated())


def schools() -> np.ndarray:
    """Places of nine schools."""
    return city.draw("schools").uniform((200, 200), (3800, 2800), (9, 2)) + city.CORNER


def counted_in_batches() -> dict[str, Any]:
    """Reports in two batches, and their areas."""
    return {"batches": [incidents(), incidents()], "neighbourhoods": hoods(), "step": "year"}


def tally() -> bp.Tally:
    """Reports counted by category."""
    return bp.count_batches([incidents()], hoods(), by_category=True)


def window() -> bp.LiveWindow:
    """A year with the reports in it."""
    found = bp.LiveWindow(hoods(), length=np.timedelta64(366, "D"), now="2020-01-01", cell_size=500)
    found.insert_all(incidents())
    return found


def counted() -> bp.Counts:
    """Reports per area and month."""
    return bp.count(incidents(), hoods(), step="month", n_jobs=1)


def figures() -> bp.KeyFigures:
    """People per area, from a file."""
    return bp.read_key_figures(path("figures.csv"), year=2024)


def register() -> bp.RegisteredCounts:
    """What the police counted, from a file."""
    return bp.read_police_table(path("police.csv"))


def forward() -> bp.Crosswalk:
    """From the year of the figures to the next."""
    share = np.ones(city.AREAS)
    return bp.Crosswalk(city.CODES, city.CODES, share, from_vintage=2024, to_vintage=2025)


def from_file() -> bp.Neighbourhoods:
    """Areas with the columns of their file."""
    return bp.read_neighbourhoods(path("areas.geojson"))


def selected() -> bp.SelectedBandwidth:
    """How far an incident spreads."""
    return bp.select_bandwidth(incidents(), method="scott", n_jobs=1)


def nearby(**more: Any) -> dict[str, Any]:
    """Points, as a table."""
    return {"points": city.PLACES, **more}


FUNCTIONS: Sequence[Case] = (
    case("adjust_p", lambda: {"p": chances()}, rows="p"),
    case(
        "change",
        periods,
        rows="counts population baseline_counts baseline_population",
    ),
    case(
        "compare_hotspots",
        lambda: simulated(first=classes("first"), second=classes("second")),
        rows="first second",
    ),
    case(
        "compare_profiles",
        lambda: simulated(incidents=incidents(), first=marked(), second=~marked(), by="category"),
        rows="incidents first second",
        numbers="",
    ),
    case(
        "concentration", lambda: {"counts": counts(), "simulations": 99, "seed": 7}, rows="counts"
    ),
    case("count", within_areas, rows="incidents", numbers=""),
    case("count_batches", counted_in_batches, numbers=""),
    case(
        "direct_standardisation",
        lambda: dict(zip(("counts", "population"), strata(), strict=True)),
        rows="counts population",
    ),
    case(
        "emerging_hotspots",
        lambda: {"cube": counts("cube", (city.AREAS, 12)), "weights": own(), "seed": 7},
        rows="cube weights",
        numbers="cube",
    ),
    case("fdr_cutoff", lambda: {"p": chances()}, rows="p"),
    case(
        "forecast",
        lambda: within_areas(cell_size=1000),
        rows="incidents",
        numbers="",
    ),
    case(
        "self_exciting",
        lambda: within_areas(max_steps=40),
        rows="incidents",
        numbers="",
        called={"max_steps": "most_steps"},
    ),
    case(
        "accuracy",
        lambda: {"scores": counts() + 1, "counts": counts("later"), "km2": people()},
        rows="scores counts km2",
    ),
    case(
        "rolling_accuracy",
        lambda: within_areas(days=60, draws=99, seed=7),
        rows="incidents",
        numbers="",
        called={"days": "horizon", "baseline_days": "days"},
    ),
    case("funnel", lambda: {"counts": counts(), "population": people()}, rows="counts population"),
    case("geary", local, rows="values weights", numbers="values"),
    case("getis_ord_g", lambda: local(weights=lattice()), rows="values weights", numbers="values"),
    case("gi", lambda: local(weights=lattice()), rows="values weights", numbers="values"),
    case("gi_star", local, rows="values weights", numbers="values"),
    case(
        "hotspots",
        lambda: within_areas(theme=None, cell_size=500, bandwidth=500),
        rows="incidents",
        numbers="",
    ),
    case(
        "incremental_autocorrelation",
        lambda: nearby(values=counts(), distances=[1100.0, 1600.0]),
        rows="values points",
    ),
    case(
        "indirect_standardisation",
        lambda: dict(zip(("counts", "population"), strata(), strict=True)),
        rows="counts population",
    ),
    case("intervention_effect", treated, numbers="before after"),
    case(
        "join_count",
        lambda: local(values=(counts() > 6).astype(float)),
        rows="values weights",
        numbers="values",
    ),
    case("kernel_density", dense, rows="incidents", numbers=""),
    case("local_geary", local, rows="values weights", numbers="values"),
    case("local_moran", local, rows="values weights", numbers="values"),
    case("losh", local, rows="values weights", numbers="values"),
    case("mann_kendall", lambda: {"series": series()}, rows="series"),
    case("moran", local, rows="values weights", numbers="values"),
    case(
        "dbscan",
        lambda: {"incidents": incidents(), "eps": 400, "min_samples": 4},
        rows="incidents",
        numbers="",
    ),
    case(
        "st_dbscan",
        lambda: {"incidents": incidents(), "eps": 600, "days": 60, "min_samples": 3},
        rows="incidents",
        numbers="",
    ),
    case(
        "hdbscan",
        lambda: {"incidents": incidents(), "min_cluster_size": 6},
        rows="incidents",
        numbers="",
    ),
    case(
        "optics",
        lambda: {"incidents": incidents(), "max_eps": 500, "min_samples": 4},
        rows="incidents",
        numbers="",
    ),
    case(
        "nearest_neighbour_hierarchy",
        lambda: {"incidents": incidents(), "within": hoods(), "min_points": 4, "seed": 7},
        rows="incidents",
        numbers="",
    ),
    case(
        "spatial_scan",
        lambda: {
            "cases": counts(),
            "population": people(),
            "locations": hoods(),
            "replicates": 39,
            "seed": 7,
        },
        rows="cases population",
    ),
    case(
        "space_time_scan",
        lambda: {
            "cases": series(),
            "locations": hoods(),
            "days_between_looks": 1,
            "replicates": 39,
            "seed": 7,
        },
        rows="cases",
    ),
    case(
        "knox",
        lambda: {
            "incidents": incidents(),
            "distances": 400,
            "days": 30,
            "permutations": 39,
            "seed": 7,
        },
        rows="incidents",
        numbers="",
        called={"distances": "distance"},
    ),
    case(
        "count_pairs",
        lambda: {"incidents": incidents(), "distances": [0, 200, 500], "days": [0, 14, 60]},
        rows="incidents",
        numbers="",
    ),
    case(
        "near_repeat",
        lambda: {
            "incidents": incidents(),
            "distances": [0, 200, 500],
            "days": [0, 14, 60],
            "permutations": 39,
            "seed": 7,
        },
        rows="incidents",
        numbers="",
    ),
    case(
        "ripley",
        lambda: pattern(correction="isotropic"),
        rows="incidents",
        numbers="",
    ),
    case(
        "pair_correlation",
        lambda: pattern(divisor="d"),
        rows="incidents",
        numbers="",
    ),
    case(
        "nearest_neighbour_functions",
        lambda: pattern(lattice=400),
        rows="incidents",
        numbers="",
    ),
    case(
        "network_density",
        lambda: {"incidents": incidents(), "network": city.streets(), "bandwidth": 700},
        rows="incidents",
        numbers="",
    ),
    case(
        "profile",
        lambda: simulated(incidents=incidents(), within=marked()),
        rows="incidents within",
        numbers="",
    ),
    case(
        "proximity",
        lambda: {
            "incidents": incidents(),
            "facilities": schools(),
            "within": hoods(),
            "replicates": 39,
            "seed": 7,
        },
        rows="incidents",
        numbers="facilities",
    ),
    case(
        "publish",
        lambda: {"result": city.result(), "secret": "s" * 32},
        free="secret",
    ),
    case("rates", lambda: {"counts": counts(), "population": people()}, rows="counts population"),
    case(
        "read_batches",
        lambda: {"data": path("reports.csv")},
        free="x y time category source weight id encoding",
        moves=True,
    ),
    case("read_incidents", lambda: {"path": path("reports.csv")}, free="path layer"),
    case("read_key_figures", lambda: {"path": path("figures.csv")}, free="path"),
    case(
        "read_neighbourhoods",
        lambda: {"path": path("areas.geojson")},
        free="path layer",
    ),
    case(
        "read_police_table",
        lambda: {"path": path("police.csv")},
        free="path",
        called={"category": "class"},
    ),
    case("read_themes", lambda: {"path": path("themes.csv")}, free="path"),
    case(
        "relative_risk",
        lambda: {
            **dict(zip(("cases", "controls"), halves(), strict=True)),
            "bandwidth": 900,
            "cell_size": 500,
            "permutations": 99,
            "seed": 7,
        },
        rows="cases controls",
        numbers="",
    ),
    case("repeat_addresses", lambda: {"incidents": incidents()}, rows="incidents", numbers=""),
    case("reporting_rate", lambda: {"values": counts()}, rows="values"),
    case(
        "select_bandwidth",
        lambda: {"incidents": incidents(), "method": "scott"},
        rows="incidents",
        numbers="",
    ),
    case("series_dispersion", lambda: {"series": series()}, rows="series"),
    case(
        "space_time_cube",
        lambda: {"incidents": incidents(), "units": hoods(), "step": "month"},
        rows="incidents",
        numbers="",
    ),
    case(
        "space_time_density",
        lambda: dense(days=60, step=120),
        rows="incidents",
        numbers="",
    ),
    case("sppt", lambda: {"base": counts("base"), "test": counts(), "seed": 7}, rows="base test"),
    case(
        "stability",
        lambda: within_areas(theme=None, cell_size=1000, bandwidth=800, resamples=3),
        rows="incidents",
        numbers="",
    ),
    case(
        "standardised_rates",
        lambda: {"counts": counts(), "population": people()},
        rows="counts population",
    ),
    case("synthetic_city", lambda: {"n_incidents": 300, "n_neighbourhoods": 9}),
    case(
        "trend",
        lambda: {
            "counts": series(),
            "population": people("series", (city.AREAS, city.YEARS)),
            "years": range(2013, 2013 + city.YEARS),
        },
        rows="counts population",
    ),
    case(
        "without_source",
        lambda: {"all": counts() + 3, "without": counts()},
        rows="all without",
    ),
    case(
        "write_html",
        lambda: {"results": [city.published()], "path": path("page.html")},
        free="path",
    ),
    case("write_themes", lambda: {"path": path("new_themes.csv")}, free="path"),
)

MAKERS: Sequence[Case] = (
    case("AreaCode", lambda: {"text": "BU00340001"}, free="text"),
    case(
        "AreaNumbers",
        lambda: {"code": city.CODES, "values": counts()},
        rows="code values",
        numbers="values",
    ),
    case(
        "Crosswalk",
        lambda: {
            "old": city.CODES,
            "new": city.CODES[::-1],
            "share": np.ones(city.AREAS),
            "from_vintage": 2022,
            "to_vintage": 2024,
        },
        rows="old new share",
        numbers="share",
    ),
    case("Crosswalk.from_areas", years),
    case(
        "Crosswalk.from_points",
        lambda: years(**dict(zip("xy", (city.PLACES + city.CORNER).T, strict=True))),
        rows="x y",
    ),
    case(
        "Crosswalk.read",
        lambda: {"path": path("shares.csv"), "from_vintage": 2022, "to_vintage": 2024},
        free="path",
    ),
    case(
        "Incidents.from_any",
        lambda: {"data": city.points()},
        rows="data",
        numbers="",
    ),
    case(
        "Incidents.from_geopandas",
        lambda: {"gdf": city.points(), "time": "t", "category": "kind"},
        rows="gdf",
        numbers="",
    ),
    case(
        "Incidents.from_xy",
        lambda: {
            **dict(zip("xy", city.xy().T, strict=True)),
            "crs": city.SYSTEM,
            "time": city.times(),
            "category": city.kinds(),
            "weight": np.ones(city.REPORTS),
            "id": np.arange(city.REPORTS),
        },
        rows="x y time category weight id",
        numbers="x y weight",
    ),
    case(
        "Neighbourhoods.from_any",
        lambda: {"data": city.frame(), "code": "code"},
        rows="data",
        numbers="",
        free="code",
    ),
    case(
        "Neighbourhoods.from_geopandas",
        lambda: {"gdf": city.frame(), "code": "code", "population": "people"},
        rows="gdf",
        numbers="",
    ),
    case(
        "LiveWindow",
        lambda: {
            "neighbourhoods": hoods(),
            "length": np.timedelta64(7, "D"),
            "now": "2020-01-01",
            "cell_size": 500,
            "expected": counts(),
        },
        numbers="expected",
        moves=True,
    ),
    case(
        "LiveWindow.restore",
        lambda: {"snapshot": window().snapshot(), "neighbourhoods": hoods()},
        moves=True,
    ),
    case("SchoolHours", lambda: {"holidays": (("2017-07-08", "2017-08-20"),)}, free="start end"),
    case(
        "StreetNetwork.from_geojson",
        lambda: {"path": path("streets.geojson"), "crs": city.SYSTEM},
        free="path",
    ),
    case("StreetNetwork.from_geopandas", lambda: {"frame": city.lines()}),
    case("StreetNetwork.from_lines", lambda: {"lines": city.STREETS, "crs": "planar"}),
    case("Theme", lambda: {"name": "vuurwerk", "categories": ["M132"]}, free="name exposure"),
    case("Theme.named", lambda: {"name": "youth_nuisance"}, called={"name": "theme"}),
    case("Weights.connecting_radius", nearby, rows="points"),
    case("Weights.distance_band", lambda: nearby(radius=1100.0), rows="points"),
    case("Weights.from_pysal", lambda: {"w": lattice().to_pysal()}),
    case("Weights.from_sparse", lambda: {"matrix": own().to_sparse()}),
    case("Weights.inverse_distance", lambda: nearby(radius=1500.0), rows="points"),
    case("Weights.kernel", lambda: nearby(k=4), rows="points"),
    case("Weights.lattice", lambda: {"shape": (3, 4)}),
    case("Weights.nearest", lambda: nearby(k=3), rows="points"),
    case("Weights.queen", lambda: {"neighbourhoods": hoods()}),
    case("Weights.rook", lambda: {"neighbourhoods": hoods()}),
)

METHODS: Sequence[Case] = (
    case("AreaCode.at", lambda: {"self": bp.AreaCode("BU00340001"), "level": "district"}),
    case("AreaNumbers.for_areas", lambda: {"self": carried(), "neighbourhoods": hoods(2022)}),
    case(
        "AreaNumbers.through",
        lambda: {"self": carried(), "crosswalk": crosswalk()},
    ),
    case(
        "Contours.write_geojson",
        lambda: {"self": surface().contours(), "path": path("contours.geojson")},
        free="path",
    ),
    case(
        "Crosswalk.carry",
        lambda: {"self": crosswalk(), "numbers": carried()},
    ),
    case(
        "DensityClasses.of",
        lambda: {"self": surface().classes(), "densities": np.linspace(0, 30, 9)},
        rows="densities",
        any_shape=True,
    ),
    case(
        "HotspotResult.publish",
        lambda: {"self": city.result(), "secret": "s" * 32},
        free="secret",
    ),
    case("HotspotResult.reasons", lambda: {"self": city.result()}),
    case("HotspotResult.summary", lambda: {"self": city.result()}),
    case("HotspotResult.to_html", lambda: {"self": city.published()}),
    case(
        "HotspotResult.write",
        lambda: {"self": city.published(), "directory": path("everything")},
        free="directory",
    ),
    case(
        "HotspotResult.write_html",
        lambda: {"self": city.published(), "path": path("page.html")},
        free="path",
    ),
    case(
        "Incidents.came_from",
        lambda: {
            "self": bp.Incidents.from_xy(
                [1, 2, 3], [4, 5, 6], crs="planar", source=["online", "police", "phone"]
            ),
            "source": "police",
        },
    ),
    case(
        "ReachabilityOrder.labels_at",
        lambda: {"self": bp.optics(incidents(), max_eps=500), "eps": 100.0},
    ),
    case(
        "Forecast.count",
        lambda: {"self": bp.forecast(**within_areas(cell_size=1000)), "incidents": incidents()},
        rows="incidents",
        numbers="",
    ),
    case("Incidents.select", lambda: {"self": incidents(), "start": "2018-01-01"}),
    case("Incidents.to_crs", lambda: {"self": incidents(), "crs": 4326}),
    case(
        "KeyFigures.exposure",
        lambda: {"self": figures(), "kind": "households"},
        free="kind",
    ),
    case(
        "KeyFigures.join",
        lambda: {"self": figures(), "neighbourhoods": hoods(2024)},
    ),
    case("KeyFigures.through", lambda: {"self": figures(), "crosswalk": forward()}),
    case("Neighbourhoods.column", lambda: {"self": from_file(), "name": "people"}, free="name"),
    case(
        "Neighbourhoods.exposure",
        lambda: {"self": hoods(), "kind": "inhabitants"},
        free="kind",
    ),
    case("Neighbourhoods.require_apart", lambda: {"self": hoods()}),
    case("Neighbourhoods.to_crs", lambda: {"self": hoods(), "crs": "EPSG:28992"}),
    case(
        "Neighbourhoods.with_population",
        lambda: {"self": hoods(), "values": people("more"), "kind": "youths"},
        numbers="values",
        free="kind",
        called={"values": "youths"},
    ),
    case("LiveWindow.advance", lambda: {"self": window(), "now": "2020-06-01"}, moves=True),
    case(
        "LiveWindow.insert",
        lambda: {"self": window(), "x": 141_000.0, "y": 481_000.0, "time": "2019-12-31"},
        moves=True,
    ),
    case(
        "LiveWindow.insert_all",
        lambda: {"self": window(), "incidents": incidents()},
        rows="incidents",
        numbers="",
        moves=True,
    ),
    case("LiveWindow.publish", lambda: {"self": window()}),
    case("LiveWindow.remove", lambda: {"self": window(), "ticket": 3}, moves=True),
    case("Profile.traits", lambda: {"self": a_profile(), "subset": None}),
    case("RegisteredCounts.counts", lambda: {"self": register()}),
    case(
        "RiskSurface.at",
        lambda: {
            "self": bp.relative_risk(*halves(), bandwidth=900, cell_size=500, n_jobs=1),
            "where": city.PLACES + city.CORNER,
        },
        rows="where",
    ),
    case("SelectedBandwidth.equivalent", lambda: {"self": selected(), "kernel": "gaussian"}),
    case(
        "SpaceTimeSurface.slice",
        lambda: {"self": bp.space_time_density(**dense(days=60, step=120), n_jobs=1), "at": 1},
    ),
    case(
        "Surface.at",
        lambda: {"self": surface(), "where": city.PLACES + city.CORNER},
        rows="where",
    ),
    case("Surface.by_neighbourhood", lambda: {"self": surface(), "neighbourhoods": hoods()}),
    case("Surface.classes", lambda: {"self": surface()}),
    case(
        "Surface.contours",
        lambda: {"self": surface(), "levels": [5.0, 10.0]},
        numbers="levels",
    ),
    case(
        "Surface.write_geotiff",
        lambda: {"self": surface(), "path": path("density.tif")},
        free="path",
    ),
    case("Weights.difference", lambda: {"self": own(), "other": lattice()}),
    case("Weights.higher_order", lambda: {"self": lattice(), "order": 2}),
    case("Weights.intersection", lambda: {"self": own(), "other": lattice()}),
    case("Weights.neighbours", lambda: {"self": lattice(), "unit": 3}),
    case("Weights.union", lambda: {"self": own(), "other": lattice()}),
    case("Tally.counts", lambda: {"self": tally()}),
)

CASES: Sequence[Case] = (*FUNCTIONS, *MAKERS, *METHODS)
