"""What the package promises as a whole."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys

import brandpunt as bp

LIGHT = """
import sys
import brandpunt as bp
import numpy as np
incidents = bp.Incidents.from_xy(np.arange(90.0) * 50, np.zeros(90), crs="planar", category=["a"] * 90)
bp.kernel_density(incidents, bandwidth=300, cell_size=50)
bp.gi_star(np.arange(12) % 4, bp.Weights.lattice((3, 4)).include_self())
bp.rates([1], [100.0])
bp.synthetic_city(100, n_neighbourhoods=10)
heavy = {"geopandas", "pandas", "shapely", "pyproj", "matplotlib", "folium", "pyarrow", "xarray", "scipy"}
print(sorted(heavy & set(sys.modules)))
"""

WITHOUT = """
import sys
for name in ("geopandas", "pandas", "shapely", "matplotlib", "xarray"):
    sys.modules[name] = None
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *a: None if name == "pandas" else real(name, *a)
import brandpunt as bp
incidents = bp.Incidents.from_xy([1.0, float("nan")], [1.0, 1.0], crs="planar", max_rejected_share=1)
print(dict(incidents.rejected)["reason"].tolist())
surface = bp.kernel_density(incidents, bandwidth=300, cell_size=50)
for call in (incidents.to_geopandas, surface.plot, surface.to_xarray):
    try:
        call()
    except ImportError as error:
        print(error)
"""


def lines(code):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_numpy_is_enough_and_nothing_else_is_imported():
    assert lines(LIGHT) == ["[]"]


def test_what_is_not_installed_is_named_with_its_extra():
    assert lines(WITHOUT) == [
        "['non_finite_coordinate']",
        "this needs geopandas; install it with: pip install 'brandpunt[geo]'",
        "this needs matplotlib.pyplot; install it with: pip install 'brandpunt[plot]'",
        "this needs xarray; install it with: pip install 'brandpunt[xarray]'",
    ]


def test_every_public_name_is_there_and_documented():
    for name in bp.__all__:
        thing = getattr(bp, name)
        assert isinstance(thing, (str, bool)) or thing.__doc__, name
    assert bp.__version__ == importlib.metadata.version("brandpunt")
