"""What the package promises as a whole."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import numpy as np
import pytest

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

BASE = """
import importlib.util, pickle
import numpy as np
import brandpunt as bp
from brandpunt import testing

others = ("geopandas", "pandas", "shapely", "pyproj", "matplotlib", "pyarrow", "scipy", "xarray")
assert not any(importlib.util.find_spec(name) for name in others)
incidents, areas = testing.city(800)
made = bp.Incidents.from_any(np.c_[incidents.x, incidents.y], crs=28992, category=incidents.category)
assert len(made) == 800
result = bp.hotspots(incidents, areas, theme="youth_nuisance", baseline=2017, cell_size=300)
print(type(result.neighbourhoods).__name__, len(result.neighbourhoods["code"]), "<table" in bp.count(incidents, areas)._repr_html_())
assert pickle.loads(pickle.dumps(result)) == result
published = result.publish("cbs5")
assert "<svg" in published.to_html("en")
weights = bp.Weights.queen(areas).include_self()
print(testing.assert_reproducible(bp.gi_star, bp.count(incidents, areas), weights))
surface = bp.kernel_density(incidents, bandwidth=300, cell_size=100, within=areas, edge="uniform")
assert "<table" in surface._repr_html_()
assert len(surface.by_neighbourhood(areas)) == 40
cube = bp.space_time_cube(incidents, areas, step="year")
bp.emerging_hotspots(cube, bp.Weights.queen(areas), seed=np.random.default_rng(1))
bp.profile(incidents, within=areas, permutations=0).to_pandas()
bp.change(bp.count(incidents, areas), areas.population, [9] * 40, areas.population)
bad = bp.Incidents.from_xy([1.0, float("nan")], [1.0, 1.0], crs="planar", max_rejected_share=1)
print(dict(bad.rejected)["reason"].tolist())
for call in (
    incidents.to_geopandas, areas.plot, lambda: areas.geometry, result.to_pandas, result.to_arrow,
    result.explore, surface.plot, surface.to_xarray, weights.to_sparse, weights.to_pysal,
    lambda: bp.kernel_density(incidents, bandwidth=300, cell_size=100, progress=True),
):
    try:
        call()
    except ImportError as error:
        print(error)
    else:
        print("works")
"""


def lines(code, python=sys.executable):
    done = subprocess.run(
        [python, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_numpy_is_enough_and_nothing_else_is_imported():
    assert lines(LIGHT) == ["[]"]


@pytest.fixture
def numpy_only(tmp_path):
    """The interpreter of a fresh environment with this package and NumPy, and nothing else."""
    venv.create(tmp_path / "venv", with_pip=False, symlinks=os.name != "nt")
    (site,) = (tmp_path / "venv").rglob("site-packages")
    for package in (bp, np):
        home = Path(package.__file__).parent
        (site / home.name).symlink_to(home)
    libraries = Path(np.__file__).parents[1] / "numpy.libs"
    if libraries.exists():
        (site / libraries.name).symlink_to(libraries)
    (python,) = (tmp_path / "venv").glob("bin/python")
    return str(python)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there that few have")
def test_a_fresh_environment_with_numpy_alone_runs_the_base(numpy_only):
    needs = [
        ("geopandas", "geo"),
        ("geopandas", "geo"),
        ("shapely", "geo"),
        ("pandas", "geo"),
        ("pyarrow", "arrow"),
        ("geopandas", "geo"),
        ("matplotlib.pyplot", "plot"),
        ("xarray", "xarray"),
        ("scipy.sparse", "sparse"),
        ("libpysal.weights", "pysal"),
        ("tqdm.auto", "progress"),
    ]
    assert lines(BASE, numpy_only) == [
        "mappingproxy 40 True",
        "<LocalStatistics: 40 rows of z, p, q, p_greater, p_less, statistic, expected, variance, "
        "hotspot_class>",
        "['non_finite_coordinate']",
        *(
            f'this needs {module}; install it with: pip install "brandpunt[{extra}]"'
            for module, extra in needs
        ),
    ]


def test_every_extra_that_is_named_exists():
    sources = Path(bp.__file__).parent.glob("*.py")
    named = {
        extra
        for path in sources
        for extra in re.findall(r'need\(\s*"[\w.]+", "(\w+)"\)', path.read_text("utf-8"))
    }
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    assert named == set(extras) - {"all"}
    (everything,) = extras["all"]
    # Engines hold other packages back, so nobody gets them unasked.
    engines = {"dask", "spark"}
    assert set(everything.removeprefix("brandpunt[").rstrip("]").split(",")) == named - engines


def test_every_public_name_is_there_and_documented():
    for name in bp.__all__:
        thing = getattr(bp, name)
        assert isinstance(thing, (str, bool)) or thing.__doc__, name
    assert bp.__version__ == importlib.metadata.version("brandpunt")
