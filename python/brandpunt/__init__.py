"""Hotspots of urban nuisance: where reports concentrate, and whether that is more than chance.

>>> import brandpunt as bp
>>> bp.Theme.named("youth_nuisance").exposure
'inhabitants'
"""

from brandpunt._accuracy import (
    Accuracy,
    Compared,
    RollingAccuracy,
    accuracy,
    rolling_accuracy,
)
from brandpunt._area_code import AreaCode
from brandpunt._area_numbers import AreaNumbers
from brandpunt._association import (
    join_count,
    local_geary,
    local_moran,
    losh,
    standardised_rates,
)
from brandpunt._bandwidth import SelectedBandwidth, select_bandwidth
from brandpunt._batches import IncidentBatches, count_batches, read_batches
from brandpunt._brandpunt import DEBUG_BUILD, __version__
from brandpunt._clusters import (
    ClusterOrder,
    Clusters,
    HierarchicalClusters,
    NearestNeighbourHierarchy,
    ReachabilityOrder,
    dbscan,
    hdbscan,
    nearest_neighbour_hierarchy,
    optics,
    st_dbscan,
)
from brandpunt._comparison import HotspotComparison, compare_hotspots
from brandpunt._concentration import Concentration, concentration
from brandpunt._contours import Contours
from brandpunt._counting import Counts, count
from brandpunt._crosswalk import Crosswalk
from brandpunt._density import kernel_density
from brandpunt._effect import (
    EffectEstimate,
    InterventionEffect,
    PatternSimilarity,
    intervention_effect,
    sppt,
)
from brandpunt._emerging import (
    EmergingHotspots,
    MannKendall,
    emerging_hotspots,
    mann_kendall,
)
from brandpunt._forecast import Forecast, SelfExciting, forecast, self_exciting
from brandpunt._funnel import Funnel, funnel
from brandpunt._global import geary, getis_ord_g, incremental_autocorrelation, moran
from brandpunt._hotspots import HotspotResult, Period, TargetProgress, hotspots, write_html
from brandpunt._incidents import Incidents
from brandpunt._io import read_incidents, read_neighbourhoods
from brandpunt._live import Arrivals, LiveSnapshot, LiveView, LiveWindow
from brandpunt._local import gi, gi_star
from brandpunt._multiple_tests import FdrCutoff, adjust_p, fdr_cutoff
from brandpunt._near_repeat import Knox, NearRepeat, knox, near_repeat
from brandpunt._neighbourhoods import Neighbourhoods
from brandpunt._network import NetworkSurface, StreetNetwork, network_density
from brandpunt._notes import Detected, Note
from brandpunt._pair_counts import PairCounts, PairTable, count_pairs
from brandpunt._pattern import (
    Envelope,
    NearestNeighbours,
    PairCorrelation,
    Ripley,
    nearest_neighbour_functions,
    pair_correlation,
    ripley,
)
from brandpunt._profile import Places, Profile, ProfileTable, Trait, compare_profiles, profile
from brandpunt._proximity import Proximity, SchoolHours, proximity
from brandpunt._publish import PublishedResult, publish
from brandpunt._rates import (
    change,
    direct_standardisation,
    indirect_standardisation,
    rates,
    series_dispersion,
)
from brandpunt._registered import (
    KeyFigures,
    RegisteredCounts,
    read_key_figures,
    read_police_table,
)
from brandpunt._repeats import RepeatAddresses, repeat_addresses
from brandpunt._results import (
    Change,
    ChangeGroups,
    GlobalStatistic,
    History,
    IncrementalAutocorrelation,
    LocalAssociation,
    LocalStatistics,
    Rates,
    StandardisedRates,
    StandardisedRatios,
    Years,
)
from brandpunt._risk import RiskSurface, relative_risk
from brandpunt._scan import ScanCluster, ScanResult, space_time_scan, spatial_scan
from brandpunt._sources import (
    ReportingRates,
    SourceComparison,
    reporting_rate,
    without_source,
)
from brandpunt._space_time import SpaceTimeCube, space_time_cube
from brandpunt._space_time_density import SpaceTimeSurface, space_time_density
from brandpunt._stability import GridSetting, SettingsCompared, Stability, stability
from brandpunt._surface import DensityClasses, NeighbourhoodDensity, Surface
from brandpunt._synthetic import PlantedHotspot, SyntheticCity, Truth, synthetic_city
from brandpunt._tally import Tally
from brandpunt._theme import Theme, read_themes, write_themes
from brandpunt._trend import Trend, trend
from brandpunt._weights import Weights
from brandpunt.exceptions import (
    BrandpuntError,
    CrsError,
    DisclosureError,
    InputError,
    InternalError,
    ParameterError,
)

__all__ = [
    "DEBUG_BUILD",
    "Accuracy",
    "AreaCode",
    "AreaNumbers",
    "Arrivals",
    "BrandpuntError",
    "Change",
    "ChangeGroups",
    "ClusterOrder",
    "Clusters",
    "Compared",
    "Concentration",
    "Contours",
    "Counts",
    "Crosswalk",
    "CrsError",
    "DensityClasses",
    "Detected",
    "DisclosureError",
    "EffectEstimate",
    "EmergingHotspots",
    "Envelope",
    "FdrCutoff",
    "Forecast",
    "Funnel",
    "GlobalStatistic",
    "GridSetting",
    "HierarchicalClusters",
    "History",
    "HotspotComparison",
    "HotspotResult",
    "IncidentBatches",
    "Incidents",
    "IncrementalAutocorrelation",
    "InputError",
    "InternalError",
    "InterventionEffect",
    "KeyFigures",
    "Knox",
    "LiveSnapshot",
    "LiveView",
    "LiveWindow",
    "LocalAssociation",
    "LocalStatistics",
    "MannKendall",
    "NearRepeat",
    "NearestNeighbourHierarchy",
    "NearestNeighbours",
    "NeighbourhoodDensity",
    "Neighbourhoods",
    "NetworkSurface",
    "Note",
    "PairCorrelation",
    "PairCounts",
    "PairTable",
    "ParameterError",
    "PatternSimilarity",
    "Period",
    "Places",
    "PlantedHotspot",
    "Profile",
    "ProfileTable",
    "Proximity",
    "PublishedResult",
    "Rates",
    "ReachabilityOrder",
    "RegisteredCounts",
    "RepeatAddresses",
    "ReportingRates",
    "Ripley",
    "RiskSurface",
    "RollingAccuracy",
    "ScanCluster",
    "ScanResult",
    "SchoolHours",
    "SelectedBandwidth",
    "SelfExciting",
    "SettingsCompared",
    "SourceComparison",
    "SpaceTimeCube",
    "SpaceTimeSurface",
    "Stability",
    "StandardisedRates",
    "StandardisedRatios",
    "StreetNetwork",
    "Surface",
    "SyntheticCity",
    "Tally",
    "TargetProgress",
    "Theme",
    "Trait",
    "Trend",
    "Truth",
    "Weights",
    "Years",
    "__version__",
    "accuracy",
    "adjust_p",
    "change",
    "compare_hotspots",
    "compare_profiles",
    "concentration",
    "count",
    "count_batches",
    "count_pairs",
    "dbscan",
    "direct_standardisation",
    "emerging_hotspots",
    "fdr_cutoff",
    "forecast",
    "funnel",
    "geary",
    "getis_ord_g",
    "gi",
    "gi_star",
    "hdbscan",
    "hotspots",
    "incremental_autocorrelation",
    "indirect_standardisation",
    "intervention_effect",
    "join_count",
    "kernel_density",
    "knox",
    "local_geary",
    "local_moran",
    "losh",
    "mann_kendall",
    "moran",
    "near_repeat",
    "nearest_neighbour_functions",
    "nearest_neighbour_hierarchy",
    "network_density",
    "optics",
    "pair_correlation",
    "profile",
    "proximity",
    "publish",
    "rates",
    "read_batches",
    "read_incidents",
    "read_key_figures",
    "read_neighbourhoods",
    "read_police_table",
    "read_themes",
    "relative_risk",
    "repeat_addresses",
    "reporting_rate",
    "ripley",
    "rolling_accuracy",
    "select_bandwidth",
    "self_exciting",
    "series_dispersion",
    "space_time_cube",
    "space_time_density",
    "space_time_scan",
    "spatial_scan",
    "sppt",
    "st_dbscan",
    "stability",
    "standardised_rates",
    "synthetic_city",
    "trend",
    "without_source",
    "write_html",
    "write_themes",
]

if DEBUG_BUILD:
    import warnings

    warnings.warn(
        "brandpunt was built for development: its numbers are right, its speed is not",
        RuntimeWarning,
        stacklevel=2,
    )
