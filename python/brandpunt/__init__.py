"""Hotspots of urban nuisance: where reports concentrate, and whether that is more than chance.

>>> import brandpunt as bp
>>> bp.Theme.named("youth_nuisance").exposure
'inhabitants'
"""

from brandpunt._association import (
    join_count,
    local_geary,
    local_moran,
    losh,
    standardised_rates,
)
from brandpunt._bandwidth import SelectedBandwidth, select_bandwidth
from brandpunt._brandpunt import DEBUG_BUILD, __version__
from brandpunt._comparison import HotspotComparison, compare_hotspots
from brandpunt._concentration import Concentration, concentration
from brandpunt._contours import Contours
from brandpunt._counting import Counts, count
from brandpunt._density import kernel_density
from brandpunt._emerging import (
    EmergingHotspots,
    MannKendall,
    emerging_hotspots,
    mann_kendall,
)
from brandpunt._global import geary, getis_ord_g, incremental_autocorrelation, moran
from brandpunt._hotspots import HotspotResult, Period, hotspots, write_html
from brandpunt._incidents import Incidents
from brandpunt._io import read_incidents, read_neighbourhoods
from brandpunt._local import gi, gi_star
from brandpunt._multiple_tests import FdrCutoff, adjust_p, fdr_cutoff
from brandpunt._neighbourhoods import Neighbourhoods
from brandpunt._network import NetworkSurface, StreetNetwork, network_density
from brandpunt._notes import Detected, Note
from brandpunt._publish import PublishedResult, publish
from brandpunt._rates import change, rates
from brandpunt._repeats import RepeatAddresses, repeat_addresses
from brandpunt._results import (
    Change,
    GlobalStatistic,
    History,
    IncrementalAutocorrelation,
    LocalAssociation,
    LocalStatistics,
    Rates,
)
from brandpunt._risk import RiskSurface, relative_risk
from brandpunt._space_time import SpaceTimeCube, space_time_cube
from brandpunt._space_time_density import SpaceTimeSurface, space_time_density
from brandpunt._surface import DensityClasses, NeighbourhoodDensity, Surface
from brandpunt._synthetic import PlantedHotspot, SyntheticCity, Truth, synthetic_city
from brandpunt._theme import Theme
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
    "BrandpuntError",
    "Change",
    "Concentration",
    "Contours",
    "Counts",
    "CrsError",
    "DensityClasses",
    "Detected",
    "DisclosureError",
    "EmergingHotspots",
    "FdrCutoff",
    "GlobalStatistic",
    "History",
    "HotspotComparison",
    "HotspotResult",
    "Incidents",
    "IncrementalAutocorrelation",
    "InputError",
    "InternalError",
    "LocalAssociation",
    "LocalStatistics",
    "MannKendall",
    "NeighbourhoodDensity",
    "Neighbourhoods",
    "NetworkSurface",
    "Note",
    "ParameterError",
    "Period",
    "PlantedHotspot",
    "PublishedResult",
    "Rates",
    "RepeatAddresses",
    "RiskSurface",
    "SelectedBandwidth",
    "SpaceTimeCube",
    "SpaceTimeSurface",
    "StreetNetwork",
    "Surface",
    "SyntheticCity",
    "Theme",
    "Truth",
    "Weights",
    "__version__",
    "adjust_p",
    "change",
    "compare_hotspots",
    "concentration",
    "count",
    "emerging_hotspots",
    "fdr_cutoff",
    "geary",
    "getis_ord_g",
    "gi",
    "gi_star",
    "hotspots",
    "incremental_autocorrelation",
    "join_count",
    "kernel_density",
    "local_geary",
    "local_moran",
    "losh",
    "mann_kendall",
    "moran",
    "network_density",
    "publish",
    "rates",
    "read_incidents",
    "read_neighbourhoods",
    "relative_risk",
    "repeat_addresses",
    "select_bandwidth",
    "space_time_cube",
    "space_time_density",
    "standardised_rates",
    "synthetic_city",
    "write_html",
]

if DEBUG_BUILD:
    import warnings

    warnings.warn(
        "brandpunt was built for development: its numbers are right, its speed is not",
        RuntimeWarning,
        stacklevel=2,
    )
