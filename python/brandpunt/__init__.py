"""Hotspots of urban nuisance: where reports concentrate, and whether that is more than chance.

>>> import brandpunt as bp
>>> bp.Theme.named("youth_nuisance").exposure
'inhabitants'
"""

from brandpunt._brandpunt import DEBUG_BUILD, __version__
from brandpunt._incidents import Incidents
from brandpunt._neighbourhoods import Neighbourhoods
from brandpunt._notes import Note
from brandpunt._theme import Theme
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
    "CrsError",
    "DisclosureError",
    "Incidents",
    "InputError",
    "InternalError",
    "Neighbourhoods",
    "Note",
    "ParameterError",
    "Theme",
    "__version__",
]

if DEBUG_BUILD:
    import warnings

    warnings.warn(
        "brandpunt was built for development: its numbers are right, its speed is not",
        RuntimeWarning,
        stacklevel=2,
    )
