from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, final

import numpy as np
from _typeshed import StrPath
from numpy.typing import NDArray

__all__ = [
    "DEBUG_BUILD",
    "AreaCounter",
    "AreaNumbers",
    "Contours",
    "Crosswalk",
    "HotspotResult",
    "IncidentBatches",
    "Incidents",
    "KeyFigures",
    "LiveSnapshot",
    "LiveWindow",
    "Neighbourhoods",
    "PairCounts",
    "Published",
    "RegisteredCounts",
    "StreetNetwork",
    "Surface",
    "Tally",
    "Theme",
    "Weights",
    "__version__",
    "accuracy",
    "adjust_p",
    "area_code",
    "change",
    "check_n_jobs",
    "check_person_data",
    "cluster_shapes",
    "command",
    "compare_hotspots",
    "concentration",
    "count",
    "count_pairs",
    "counts_between",
    "dbscan",
    "deal",
    "direct_standardisation",
    "dump",
    "emerging_hotspots",
    "fdr_cutoff",
    "forecast",
    "funnel",
    "geary",
    "getis_ord",
    "getis_ord_g",
    "hdbscan",
    "hotspots",
    "incremental_autocorrelation",
    "indirect_standardisation",
    "intervention_effect",
    "join_count",
    "kernel_density",
    "kernel_deviation",
    "knox",
    "load",
    "local_geary",
    "local_moran",
    "local_to_utc",
    "losh",
    "mann_kendall",
    "moran",
    "near_repeat",
    "nearest_neighbour_hierarchy",
    "network_density",
    "optics",
    "pair_correlation",
    "profile",
    "proximity",
    "publish",
    "rates",
    "read_incidents",
    "read_key_figures",
    "read_neighbourhoods",
    "read_police_table",
    "read_themes",
    "recognise",
    "rehearse",
    "relative_risk",
    "repeat_addresses",
    "reporting_rate",
    "require_metres",
    "ripley",
    "rolling_accuracy",
    "select_bandwidth",
    "self_exciting",
    "series_dispersion",
    "space_time_cube",
    "space_time_density",
    "space_time_scan",
    "spacing",
    "spatial_scan",
    "sppt",
    "stability",
    "standardised_rates",
    "synthetic_city",
    "to_html",
    "trend",
    "without_source",
    "write_all",
    "write_html",
    "write_themes",
]

_Floats: TypeAlias = NDArray[np.float64]
_Ints: TypeAlias = NDArray[np.int64]
_Told: TypeAlias = list[tuple[str, str, float | None]]
_Concluded: TypeAlias = list[tuple[str, str, str]]
_Counted: TypeAlias = tuple[_Ints, _Ints, list[str], _Ints, _Ints, int, str | None]
_Labels: TypeAlias = list[Any] | tuple[list[str], NDArray[np.int32]]
_Bounds: TypeAlias = tuple[float, float, float, float]
_PatternOptions: TypeAlias = tuple[
    int, float, int, int | None, Callable[[str, float], object] | None
]
_NearRepeatOptions: TypeAlias = tuple[
    bool,
    bool,
    NDArray[np.uint32] | None,
    tuple[NDArray[np.int64], str] | None,
    float,
    int,
    int,
    int | None,
    Callable[[str, float], object] | None,
]

__version__: str
DEBUG_BUILD: bool

@final
class Theme:
    def __new__(
        cls, name: str, categories: list[str] | None, exposure: str, per: float
    ) -> Theme: ...
    @staticmethod
    def named(name: str) -> Theme: ...
    @property
    def name(self) -> str: ...
    @property
    def categories(self) -> list[str] | None: ...
    @property
    def exposure(self) -> str: ...
    @property
    def per(self) -> float: ...

@final
class Incidents:
    def __new__(
        cls,
        x: _Floats,
        y: _Floats,
        crs: str,
        time: tuple[_Ints, str] | None,
        category: _Labels | None,
        source: _Labels | None,
        weight: _Floats | None,
        id: list[Any] | None,  # noqa: A002
        max_rejected_share: float,
        detected: _Concluded,
        part_from: int | None,
    ) -> Incidents: ...
    def __len__(self) -> int: ...
    @property
    def x(self) -> _Floats: ...
    @property
    def y(self) -> _Floats: ...
    @property
    def time(self) -> _Ints | None: ...
    @property
    def time_flag(self) -> list[str] | None: ...
    @property
    def category(self) -> tuple[list[str], NDArray[np.uint32]] | None: ...
    @property
    def source(self) -> tuple[list[str], NDArray[np.uint32]] | None: ...
    def came_from(self, source: str) -> NDArray[np.bool_]: ...
    @property
    def weight(self) -> _Floats | None: ...
    @property
    def id(self) -> list[str] | None: ...
    @property
    def row(self) -> _Ints: ...
    @property
    def crs(self) -> str: ...
    @property
    def bounds(self) -> _Bounds | None: ...
    @property
    def rows_in(self) -> int: ...
    @property
    def rejected(self) -> tuple[list[int], list[str], list[str]]: ...
    @property
    def rejected_counts(self) -> list[tuple[str, int]]: ...
    @property
    def warnings(self) -> _Told: ...
    @property
    def detected(self) -> _Concluded: ...
    def select(
        self,
        theme: Theme | None,
        categories: list[str] | None,
        start: int | None,
        end: int | None,
    ) -> Incidents: ...
    def to_crs(self, crs: str) -> Incidents: ...

@final
class Neighbourhoods:
    def __new__(
        cls,
        codes: list[str],
        names: list[str],
        points: _Floats,
        rings: _Ints,
        polygons: _Ints,
        areas: _Ints,
        crs: str,
        vintage: int | None,
        repair: bool,
        detected: _Concluded,
    ) -> Neighbourhoods: ...
    def __len__(self) -> int: ...
    @property
    def code(self) -> list[str]: ...
    @property
    def name(self) -> list[str]: ...
    @property
    def crs(self) -> str: ...
    @property
    def vintage(self) -> int | None: ...
    @property
    def bounds(self) -> _Bounds: ...
    @property
    def area_km2(self) -> _Floats: ...
    @property
    def exposures(self) -> list[tuple[str, int | None]]: ...
    def exposure(self, kind: str, year: int | None) -> _Floats | None: ...
    def with_exposure(self, kind: str, year: int | None, values: _Floats) -> Neighbourhoods: ...
    @property
    def column_names(self) -> list[str]: ...
    def column(self, name: str) -> _Floats | None: ...
    @property
    def warnings(self) -> _Told: ...
    @property
    def detected(self) -> _Concluded: ...
    def ragged(self) -> tuple[_Floats, _Ints, _Ints, _Ints]: ...
    def require_apart(self, n_jobs: int | None) -> None: ...
    def to_crs(self, crs: str) -> Neighbourhoods: ...

@final
class Contours:
    @property
    def levels(self) -> _Floats: ...
    @property
    def crs(self) -> str: ...
    def bands(self) -> tuple[_Floats, _Ints, _Ints, _Ints]: ...
    def lines(self) -> tuple[_Floats, _Ints, _Ints]: ...
    def text(self, lines: bool) -> str: ...
    def write_geojson(self, path: StrPath, lines: bool) -> None: ...

@final
class Surface:
    def __new__(
        cls,
        values: _Floats,
        x: float,
        y: float,
        cell_size: float,
        crs: str,
        kernel: str,
        bandwidth: float,
        edge: str,
    ) -> Surface: ...
    @property
    def values(self) -> _Floats: ...
    @property
    def x(self) -> _Floats: ...
    @property
    def y(self) -> _Floats: ...
    @property
    def bounds(self) -> _Bounds: ...
    @property
    def crs(self) -> str: ...
    @property
    def cell_size(self) -> float: ...
    @property
    def bandwidth(self) -> float: ...
    @property
    def kernel(self) -> str: ...
    @property
    def edge(self) -> str: ...
    @property
    def adaptive(self) -> tuple[str, float, float] | None: ...
    @property
    def warnings(self) -> _Told: ...
    def at(self, x: _Floats, y: _Floats) -> _Floats: ...
    def by_neighbourhood(
        self, neighbourhoods: Neighbourhoods, n_jobs: int | None
    ) -> dict[str, _Floats]: ...
    def classes(self, method: str, most: int) -> dict[str, Any]: ...
    def contours(self, levels: _Floats, n_jobs: int | None) -> Contours: ...
    def write_geotiff(self, path: StrPath) -> None: ...
    def plus(self, other: Surface) -> Surface: ...

def kernel_density(
    incidents: Incidents,
    bandwidths: Sequence[float],
    cell_size: float,
    kernel: str,
    edge: str,
    within: Neighbourhoods | None,
    extent: _Bounds | None,
    adaptive: tuple[str, float, float] | None,
    n_jobs: int | None,
    progress: Any | None,
) -> list[Surface]: ...

@final
class StreetNetwork:
    def __new__(
        cls, corners: _Floats, starts: _Ints, crs: str, tolerance: float
    ) -> StreetNetwork: ...
    @property
    def streets(self) -> int: ...
    @property
    def nodes(self) -> int: ...
    @property
    def km(self) -> float: ...
    @property
    def repeated(self) -> int: ...
    @property
    def crs(self) -> str: ...

def network_density(
    incidents: Incidents,
    network: StreetNetwork,
    bandwidth: float,
    lixel: float,
    kernel: str,
    split: str,
    farthest: float,
    n_jobs: int | None,
    progress: Any | None,
) -> dict[str, Any]: ...
def concentration(
    counts: _Floats,
    groups: NDArray[np.uint32] | None,
    share: float,
    top: float,
    simulations: int,
    level: float,
    seed: int,
    n_jobs: int | None,
) -> dict[str, Any]: ...
def proximity(
    incidents: Incidents,
    x: _Floats,
    y: _Floats,
    labels: NDArray[np.uint32] | None,
    within: Neighbourhoods,
    distances: list[float],
    hours: tuple[list[int], str, str, list[tuple[str, str]], bool] | None,
    exposure: tuple[_Floats, _Floats, _Floats] | None,
    candidates: tuple[_Floats, _Floats, NDArray[np.uint32] | None] | None,
    strata: NDArray[np.uint32] | None,
    bandwidth: float | None,
    spacing: float | None,
    level: float,
    replicates: int,
    seed: int,
    n_jobs: int | None,
) -> dict[str, Any]: ...
def intervention_effect(
    before: _Ints,
    after: _Ints,
    treated: list[int],
    control: list[int],
    displacement: tuple[list[int], list[int]] | None,
    lengths: tuple[float, float],
    level: float,
    dispersion: float,
) -> dict[str, Any]: ...
def sppt(
    base: _Ints,
    test: _Ints,
    resampled: tuple[float, int] | None,
    correction: str,
    level: float,
    seed: int,
    n_jobs: int | None,
) -> dict[str, Any]: ...
def dbscan(
    incidents: Incidents,
    eps: float,
    min_samples: float,
    days: float | None,
    elapsed: bool,
    n_jobs: int | None,
    progress: Callable[[str, float], object] | None,
) -> dict[str, Any]: ...
def nearest_neighbour_hierarchy(
    incidents: Incidents,
    within: Neighbourhoods,
    min_points: int,
    min_clusters: int,
    level: float,
    replicates: int,
    seed: int,
    n_jobs: int | None,
    progress: Callable[[str, float], object] | None,
) -> dict[str, Any]: ...
def hdbscan(
    incidents: Incidents,
    min_cluster_size: int,
    min_samples: int | None,
    leaf: bool,
    n_jobs: int | None,
    progress: Callable[[str, float], object] | None,
) -> dict[str, Any]: ...
def optics(
    incidents: Incidents,
    min_samples: int,
    max_eps: float,
    n_jobs: int | None,
    progress: Callable[[str, float], object] | None,
) -> dict[str, Any]: ...
def cluster_shapes(x: _Floats, y: _Floats, labels: _Ints) -> dict[str, Any]: ...
def forecast(
    incidents: Incidents,
    areas: Neighbourhoods,
    cell_size: float | None,
    method: tuple[str, float | None, float | None],
    days: float,
    now: int | None,
    since: int | None,
    discovered: bool,
    n_jobs: int | None,
    progress: Callable[[str, float], object] | None,
) -> dict[str, Any]: ...
def counts_between(
    incidents: Incidents,
    areas: Neighbourhoods,
    cell_size: float | None,
    start: int,
    end: int,
    discovered: bool,
) -> _Ints: ...
def self_exciting(
    incidents: Incidents,
    areas: Neighbourhoods,
    reach: float,
    reach_days: float,
    precision: float,
    most_steps: int,
    discovered: bool,
    n_jobs: int | None,
    progress: Callable[[str, float], object] | None,
) -> dict[str, Any]: ...
def accuracy(
    scores: _Floats,
    km2: _Floats,
    counts: _Ints,
    options: tuple[list[float], bool, float, float],
) -> dict[str, Any]: ...
def rolling_accuracy(
    incidents: Incidents,
    areas: Neighbourhoods,
    cell_size: float | None,
    method: tuple[str, float | None, float | None],
    options: tuple[list[float], bool, float, float],
    rolling: dict[str, Any],
    n_jobs: int | None,
    progress: Callable[[str, float], object] | None,
) -> dict[str, Any]: ...
def near_repeat(
    incidents: Incidents,
    distances: list[float],
    days: list[float],
    closed_right: bool,
    options: _NearRepeatOptions,
) -> dict[str, Any]: ...
def count_pairs(
    incidents: Incidents,
    own: NDArray[np.bool_] | None,
    bands: tuple[list[float], list[float], bool, bool, bool],
    *,
    accounted: bool,
    n_jobs: int | None,
    progress: Callable[[str, float], object] | None,
) -> PairCounts: ...
def deal(
    x: _Floats, y: _Floats, side: float, reach: float
) -> tuple[NDArray[np.uint32], _Ints, _Ints, NDArray[np.bool_]]: ...
def knox(
    incidents: Incidents, distance: float, days: float, options: _NearRepeatOptions
) -> dict[str, Any]: ...
def ripley(
    incidents: Incidents,
    radii: list[float],
    within: Neighbourhoods,
    correction: str,
    intensity: Surface | float | None,
    others: Incidents | None,
    between: bool,
    options: _PatternOptions,
) -> dict[str, Any]: ...
def pair_correlation(
    incidents: Incidents,
    radii: list[float],
    within: Neighbourhoods,
    correction: str,
    bandwidth: float | None,
    over_distance: bool,
    intensity: Surface | float | None,
    others: Incidents | None,
    options: _PatternOptions,
) -> dict[str, Any]: ...
def spacing(
    incidents: Incidents,
    radii: list[float],
    within: Neighbourhoods,
    correction: str,
    lattice: int,
    others: Incidents | None,
    options: _PatternOptions,
) -> dict[str, Any]: ...
def spatial_scan(
    cases: _Floats,
    population: _Floats,
    x: _Floats,
    y: _Floats,
    weights: Weights | None,
    options: dict[str, Any],
    n_jobs: int | None,
    progress: Any,
) -> dict[str, Any]: ...
def space_time_scan(
    cases: _Floats,
    population: _Floats | None,
    x: _Floats,
    y: _Floats,
    prospective: bool,
    max_time_share: float,
    days_between_looks: float,
    looking_since: int | None,
    weights: Weights | None,
    options: dict[str, Any],
    n_jobs: int | None,
    progress: Any,
) -> dict[str, Any]: ...
def repeat_addresses(
    incidents: Incidents,
    address: NDArray[np.uint32] | None,
    within: list[float],
    end: int | None,
    level: float,
    least_reports: int,
    n_jobs: int | None,
) -> dict[str, Any]: ...
def profile(
    incidents: Incidents,
    neighbourhoods: Neighbourhoods | None,
    labels: tuple[NDArray[np.uint32], int] | None,
    between: tuple[NDArray[np.uint32], NDArray[np.uint32]] | None,
    by: Sequence[str],
    ends: tuple[_Ints, str] | None,
    addresses: NDArray[np.uint32] | None,
    reporters: NDArray[np.uint32] | None,
    level: float,
    permutations: int,
    correction: str,
    seed: int,
    n_jobs: int | None,
) -> dict[str, Any]: ...
def without_source(
    all: _Floats,  # noqa: A002
    without: _Floats,
    marked: tuple[NDArray[np.bool_], NDArray[np.bool_]] | None,
    top: int,
) -> dict[str, Any]: ...
def reporting_rate(values: _Floats, lowest: float, highest: float, top: int) -> dict[str, Any]: ...
def relative_risk(
    cases: Incidents,
    controls: Incidents,
    bandwidth: float,
    cell_size: float,
    kernel: str,
    edge: str | None,
    within: Neighbourhoods | None,
    extent: _Bounds | None,
    adaptive: tuple[str, float, float] | None,
    chance: dict[str, Any],
    n_jobs: int | None,
    progress: Any | None,
) -> dict[str, Any]: ...
def space_time_density(
    incidents: Incidents,
    bandwidth: float,
    cell_size: float,
    kernel: str,
    edge: str,
    within: Neighbourhoods | None,
    extent: _Bounds | None,
    in_time: dict[str, Any],
    n_jobs: int | None,
    progress: Any | None,
) -> dict[str, Any]: ...
def kernel_deviation(kernel: str) -> float: ...
def select_bandwidth(
    incidents: Incidents,
    method: str,
    candidates: _Floats | None,
    least: float,
    within: Neighbourhoods | None,
    n_jobs: int | None,
    progress: Any | None,
) -> dict[str, Any]: ...
def read_incidents(path: StrPath, options: dict[str, Any], n_jobs: int | None) -> Incidents: ...

@final
class IncidentBatches:
    def __new__(
        cls, path: StrPath, options: dict[str, Any], batch_bytes: int
    ) -> IncidentBatches: ...
    def next_batch(self, n_jobs: int | None) -> tuple[Incidents, float] | None: ...

def read_neighbourhoods(
    path: StrPath,
    layer: str | None,
    code: str | None,
    name: str | None,
    population: list[tuple[int | None, str]],
    crs: str | None,
    vintage: int | None,
    level: str | None,
    repair: bool,
) -> Neighbourhoods: ...
def recognise(role: str, columns: list[str]) -> int | None: ...
def dump(value: Any) -> tuple[str, bytes]: ...
def load(name: str, state: bytes) -> Any: ...
def read_themes(path: StrPath) -> list[Theme]: ...
def write_themes(path: StrPath, themes: list[Theme]) -> None: ...
def area_code(text: str) -> tuple[str, str, str | None]: ...
def check_n_jobs(n_jobs: int | None) -> None: ...
def check_person_data(name: str, values: list[str]) -> None: ...

@final
class RegisteredCounts:
    @property
    def code(self) -> list[str]: ...
    @property
    def classes(self) -> list[tuple[str, str | None]]: ...
    @property
    def level(self) -> str | None: ...
    @property
    def vintage(self) -> int | None: ...
    @property
    def step(self) -> str: ...
    @property
    def null_policy(self) -> str: ...
    @property
    def periods(self) -> dict[str, Any]: ...
    @property
    def provisional(self) -> list[bool]: ...
    @property
    def status(self) -> list[str]: ...
    def cells(self) -> tuple[_Floats, list[str]]: ...
    @property
    def adding_up(self) -> tuple[int, int, int, int] | None: ...
    @property
    def warnings(self) -> _Told: ...
    @property
    def detected(self) -> _Concluded: ...
    @property
    def rows_in(self) -> int: ...
    @property
    def rejected(self) -> tuple[list[int], list[str], list[str]]: ...
    def counts(self, theme: Theme, period: str | None) -> AreaNumbers: ...

@final
class AreaNumbers:
    def __new__(cls, codes: list[str], values: _Floats, vintage: int | None) -> AreaNumbers: ...
    def __len__(self) -> int: ...
    @property
    def code(self) -> list[str]: ...
    @property
    def values(self) -> _Floats: ...
    @property
    def vintage(self) -> int | None: ...
    @property
    def warnings(self) -> _Told: ...
    def for_areas(self, areas: Neighbourhoods) -> AreaNumbers: ...
    def through(self, crosswalk: Crosswalk) -> AreaNumbers: ...

@final
class KeyFigures:
    @property
    def code(self) -> list[str]: ...
    @property
    def vintage(self) -> int | None: ...
    @property
    def exposures(self) -> list[tuple[str, int | None, _Floats]]: ...
    @property
    def warnings(self) -> _Told: ...
    @property
    def detected(self) -> _Concluded: ...
    @property
    def rows_in(self) -> int: ...
    @property
    def rejected(self) -> tuple[list[int], list[str], list[str]]: ...
    def join(self, areas: Neighbourhoods) -> Neighbourhoods: ...
    def through(self, crosswalk: Crosswalk) -> KeyFigures: ...

@final
class Crosswalk:
    def __new__(
        cls,
        triples: list[tuple[str, str, float]],
        from_vintage: int,
        to_vintage: int,
    ) -> Crosswalk: ...
    @staticmethod
    def from_areas(old: Neighbourhoods, new: Neighbourhoods, n_jobs: int | None) -> Crosswalk: ...
    @staticmethod
    def from_points(
        old: Neighbourhoods,
        new: Neighbourhoods,
        x: _Floats,
        y: _Floats,
        weight: _Floats | None,
        n_jobs: int | None,
    ) -> Crosswalk: ...
    @staticmethod
    def read(path: StrPath, from_vintage: int, to_vintage: int) -> Crosswalk: ...
    @property
    def from_vintage(self) -> int: ...
    @property
    def to_vintage(self) -> int: ...
    @property
    def basis(self) -> str: ...
    @property
    def shares(self) -> list[tuple[str, str, float]]: ...

def read_police_table(
    path: StrPath,
    level: str | None,
    step: str | None,
    null_policy: str,
    data_properties: StrPath | None,
    period_metadata: StrPath | None,
    vintage: int | None,
    category: str | None,
    area: str | None,
    period: str | None,
    count: str | None,
    encoding: str | None,
    delimiter: str | None,
) -> RegisteredCounts: ...
def read_key_figures(
    path: StrPath,
    level: str | None,
    year: int | None,
    vintage: int | None,
    encoding: str | None,
    delimiter: str | None,
) -> KeyFigures: ...

@final
class Weights:
    def __new__(cls, start: _Ints, neighbour: _Ints, value: _Floats) -> Weights: ...
    @staticmethod
    def contiguity(neighbourhoods: Neighbourhoods, rook: bool, snap: float) -> Weights: ...
    @staticmethod
    def distance_band(
        x: _Floats, y: _Floats, radius: float | None, n_jobs: int | None
    ) -> Weights: ...
    @staticmethod
    def connecting_radius(x: _Floats, y: _Floats, n_jobs: int | None) -> float: ...
    @staticmethod
    def inverse_distance(
        x: _Floats, y: _Floats, radius: float, power: float, n_jobs: int | None
    ) -> Weights: ...
    @staticmethod
    def nearest(
        x: _Floats, y: _Floats, k: int, ties: str, n_jobs: int | None
    ) -> tuple[Weights, _Ints]: ...
    @staticmethod
    def kernel(
        x: _Floats,
        y: _Floats,
        bandwidth: float | None,
        k: int | None,
        kernel: str,
        diagonal: str,
        n_jobs: int | None,
    ) -> Weights: ...
    @staticmethod
    def lattice(rows: int, cols: int, order: int, rook: bool) -> Weights: ...
    @property
    def n(self) -> int: ...
    @property
    def pairs(self) -> int: ...
    @property
    def is_binary(self) -> bool: ...
    @property
    def islands(self) -> _Ints: ...
    @property
    def cardinalities(self) -> _Ints: ...
    @property
    def symmetric(self) -> bool: ...
    def neighbours(self, unit: int) -> _Ints: ...
    def order(self, order: int, cumulative: bool) -> Weights: ...
    def union(self, other: Weights) -> Weights: ...
    def intersection(self, other: Weights) -> Weights: ...
    def difference(self, other: Weights) -> Weights: ...
    def symmetrise(self) -> Weights: ...
    def transpose(self) -> Weights: ...
    def include_self(self) -> Weights: ...
    def row_standardise(self) -> Weights: ...
    def to_csr(self) -> tuple[_Ints, _Ints, _Floats]: ...

@final
class Tally:
    @property
    def areas(self) -> str: ...
    @property
    def code(self) -> list[str]: ...
    @property
    def step(self) -> str | None: ...
    @property
    def by_category(self) -> bool: ...
    @property
    def categories(self) -> list[str]: ...
    @property
    def rows_in(self) -> int: ...
    @property
    def incidents(self) -> int: ...
    @property
    def undated(self) -> int: ...
    @property
    def rejected(self) -> list[tuple[str, int]]: ...
    def counts(self, theme: Theme) -> _Counted: ...
    def plus(self, other: Tally) -> Tally: ...

@final
class PairCounts:
    @property
    def used(self) -> int: ...
    @property
    def undated(self) -> int: ...
    @property
    def rows_in(self) -> int: ...
    @property
    def rejected(self) -> list[tuple[str, int]]: ...
    def plus(self, other: PairCounts) -> PairCounts: ...
    def table(self) -> dict[str, Any]: ...

@final
class AreaCounter:
    def __new__(
        cls, neighbourhoods: Neighbourhoods, step: str | None, by_category: bool
    ) -> AreaCounter: ...
    def emptied(self) -> AreaCounter: ...
    def add(self, incidents: Incidents, n_jobs: int | None) -> None: ...
    def tally(self) -> Tally: ...

@final
class LiveSnapshot:
    @property
    def areas(self) -> str: ...
    @property
    def now(self) -> int: ...
    @property
    def seconds(self) -> int: ...
    def __len__(self) -> int: ...
    def restore(self, neighbourhoods: Neighbourhoods, n_jobs: int | None) -> LiveWindow: ...

@final
class LiveWindow:
    def __new__(
        cls,
        neighbourhoods: Neighbourhoods,
        seconds: int,
        now: int,
        bandwidth: float,
        cell_size: float,
        kernel: str,
        expected: _Floats | None,
        reference: tuple[_Ints, int] | None,
        false_alarm_rate: float,
        n_jobs: int | None,
    ) -> LiveWindow: ...
    def __len__(self) -> int: ...
    @property
    def now(self) -> int: ...
    @property
    def start(self) -> int: ...
    def insert(self, x: float, y: float, second: int) -> int: ...
    def insert_all(
        self, incidents: Incidents
    ) -> tuple[_Ints, tuple[list[int], list[str], list[str]]]: ...
    def remove(self, ticket: int) -> bool: ...
    def advance(self, now: int) -> int: ...
    def publish(self, n_jobs: int | None) -> dict[str, Any]: ...
    def latest(self) -> dict[str, Any]: ...
    def snapshot(self) -> LiveSnapshot: ...

def count(
    incidents: Incidents, neighbourhoods: Neighbourhoods, step: str | None, n_jobs: int | None
) -> _Counted: ...
def getis_ord(
    values: _Floats,
    weights: Weights,
    star: bool,
    exposure: _Floats | None,
    options: dict[str, Any],
) -> dict[str, Any]: ...
def space_time_cube(
    incidents: Incidents,
    areas: Neighbourhoods | None,
    cell_size: float | None,
    step: str,
    since: int | None,
    until: int | None,
    ends: tuple[_Ints, str] | None,
    n_jobs: int | None,
) -> dict[str, Any]: ...
def emerging_hotspots(
    values: _Floats,
    partial: list[bool],
    weights: Weights,
    look_back: int,
    pool: str,
    inference: str,
    permutations: int,
    exposure: _Floats | None,
    correction: str,
    level: float,
    trend: str,
    version: str,
    seed: int,
    n_jobs: int | None,
) -> dict[str, Any]: ...
def mann_kendall(series: _Floats, null: str, n_jobs: int | None) -> dict[str, _Floats]: ...
def compare_hotspots(
    first: NDArray[np.int8],
    second: NDArray[np.int8],
    shape: tuple[int, int] | None,
    least_class: int,
    permutations: int,
    seed: int,
    n_jobs: int | None,
) -> dict[str, Any]: ...
def moran(
    values: _Floats,
    other: _Floats | None,
    weights: Weights,
    permutations: int,
    assumption: str,
    alternative: str,
    islands: str,
    seed: int,
    n_jobs: int | None,
) -> dict[str, Any]: ...
def geary(
    values: _Floats,
    weights: Weights,
    permutations: int,
    assumption: str,
    alternative: str,
    islands: str,
    seed: int,
    n_jobs: int | None,
) -> dict[str, Any]: ...
def getis_ord_g(
    values: _Floats,
    weights: Weights,
    permutations: int,
    alternative: str,
    islands: str,
    seed: int,
    n_jobs: int | None,
) -> dict[str, Any]: ...
def incremental_autocorrelation(
    values: _Floats,
    x: _Floats,
    y: _Floats,
    distances: _Floats | None,
    steps: int,
    row_standardise: bool,
    level: float,
    n_jobs: int | None,
) -> dict[str, Any]: ...
def adjust_p(p: _Floats, method: str) -> _Floats: ...
def fdr_cutoff(p: _Floats, level: float) -> tuple[int, float, _Floats]: ...
def join_count(values: _Floats, weights: Weights, options: dict[str, Any]) -> dict[str, Any]: ...
def local_geary(
    variables: _Floats, weights: Weights, scaling: str, options: dict[str, Any]
) -> dict[str, Any]: ...
def local_moran(
    values: _Floats,
    other: _Floats | None,
    weights: Weights,
    scaling: str,
    randomisation: str,
    options: dict[str, Any],
) -> dict[str, Any]: ...
def losh(
    values: _Floats, weights: Weights, absolute: bool, options: dict[str, Any]
) -> dict[str, Any]: ...
def standardised_rates(counts: _Ints, population: _Floats) -> _Floats: ...
def rates(
    counts: _Ints,
    population: _Floats,
    per: float,
    level: float,
    interval: str,
    smoothing: str | None,
    weights: Weights | None,
) -> dict[str, Any]: ...
def change(
    counts: _Ints,
    population: _Floats,
    baseline_counts: _Ints,
    baseline_population: _Floats,
    groups: NDArray[np.uint32] | None,
    overdispersion: _Floats | None,
    overdispersion_freedom: _Floats | None,
    target: tuple[float, float] | None,
    per: float,
    level: float,
    correction: str,
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]: ...
def series_dispersion(series: _Ints, steps: int, groups: NDArray[np.uint32] | None) -> _Floats: ...
def direct_standardisation(
    counts: _Ints,
    population: _Floats,
    standard: Sequence[float],
    per: float,
    level: float,
) -> dict[str, Any]: ...
def indirect_standardisation(
    counts: _Ints,
    population: _Floats,
    strata: int,
    totals: bool,
    standard_rates: Sequence[float] | None,
    level: float,
) -> dict[str, Any]: ...
def funnel(
    counts: _Ints,
    population: _Floats,
    rate: float | None,
    levels: tuple[float, float],
    per: float,
) -> dict[str, Any]: ...
def trend(
    years: Sequence[int],
    counts: _Ints,
    population: _Floats,
    exclude_unusual: bool,
    per: float,
    level: float,
    correction: str,
) -> dict[str, Any]: ...
def synthetic_city(
    n_incidents: int,
    seed: int,
    n_neighbourhoods: int,
    n_hotspots: int | None,
    repeats: float,
    misplaced: float,
    unevenness: float,
    n_jobs: int | None,
) -> tuple[Incidents, Neighbourhoods, dict[str, Any]]: ...
def local_to_utc(seconds: int) -> int: ...
def rehearse(what: str, n_jobs: int | None = None, progress: Any | None = None) -> int: ...
def require_metres(crs: str) -> None: ...

@final
class HotspotResult:
    @property
    def theme(self) -> Theme: ...
    @property
    def period(self) -> tuple[str, int, int] | None: ...
    @property
    def baseline(self) -> tuple[str, int, int] | None: ...
    @property
    def areas(self) -> Neighbourhoods: ...
    @property
    def neighbourhoods(self) -> dict[str, Any]: ...
    def reasons(self, language: str) -> list[str]: ...
    @property
    def cells(self) -> dict[str, Any] | None: ...
    @property
    def history(self) -> dict[str, Any] | None: ...
    @property
    def years(self) -> dict[str, Any] | None: ...
    @property
    def nature(self) -> dict[str, Any] | None: ...
    @property
    def nature_by_area(self) -> dict[str, Any] | None: ...
    @property
    def target(self) -> dict[str, Any] | None: ...
    @property
    def standouts(self) -> NDArray[np.int64] | None: ...
    @property
    def clusters(self) -> dict[str, Any] | None: ...
    @property
    def near_repeat(self) -> dict[str, Any] | None: ...
    @property
    def cell_size(self) -> float | None: ...
    @property
    def surface(self) -> Surface | None: ...
    @property
    def city(self) -> dict[str, float]: ...
    @property
    def warnings(self) -> _Told: ...
    @property
    def provenance(self) -> dict[str, Any]: ...
    def summary(self, language: str) -> str: ...

def hotspots(
    incidents: Incidents | None,
    counts: _Ints | None,
    neighbourhoods: Neighbourhoods,
    theme: Theme,
    period: int | tuple[str, str] | None,
    baseline: int | None,
    baseline_counts: RegisteredCounts | None,
    crosswalk: Crosswalk | None,
    target: float | None,
    target_year: int | None,
    exposure: str | None,
    bandwidth: float | None,
    cell_size: float,
    level: float,
    seed: int,
    stability: bool,
    scan: bool,
    near_repeat: bool,
    n_jobs: int | None,
    progress: Any | None,
) -> HotspotResult: ...
def stability(
    incidents: Incidents,
    neighbourhoods: Neighbourhoods,
    theme: Theme,
    period: int | tuple[str, str] | None,
    exposure: str | None,
    bandwidth: float | None,
    cell_size: float,
    level: float,
    hot_share: float,
    resamples: int,
    seed: int,
    n_jobs: int | None,
    progress: Any | None,
) -> dict[str, Any]: ...

@final
class Published:
    @property
    def result(self) -> HotspotResult: ...
    @property
    def preset(self) -> str | None: ...
    @property
    def audit(self) -> dict[str, Any]: ...

def publish(
    results: list[HotspotResult],
    preset: str,
    minimum_count: int | None,
    minimum_addresses: int | None,
    minimum_population: float | None,
    rounding: int | None,
    secret: str | None,
    ledger: StrPath | None,
    n_jobs: int | None,
) -> list[Published]: ...
def to_html(results: list[Published], language: str) -> str: ...
def write_html(results: list[Published], path: StrPath, language: str) -> None: ...
def write_all(results: list[Published], directory: StrPath, language: str) -> None: ...
def command(arguments: list[str]) -> int: ...
