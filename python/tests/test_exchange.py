"""Values go over to other packages: Arrow, GeoArrow, GeoJSON, xarray, and maps."""

from __future__ import annotations

import json

import duckdb
import folium
import geopandas as gpd
import lonboard
import matplotlib as mpl
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import rioxarray  # noqa: F401 - it adds .rio
from matplotlib.figure import Figure
from specimens import city, classes, specimens

import brandpunt as bp
from brandpunt._tabular import Placed, Tabular

TABULAR = sorted(c.__name__ for c in classes() if issubclass(c, Tabular))
PLACED = sorted(c.__name__ for c in classes() if issubclass(c, Placed))


def test_every_class_with_a_frame_is_tabular():
    framed = {c.__name__ for c in classes() if hasattr(c, "to_pandas")}
    assert framed == set(TABULAR)
    assert {c.__name__ for c in classes() if hasattr(c, "to_geopandas")} == set(PLACED)
    assert len(TABULAR) >= 35
    assert len(PLACED) == 7


@pytest.mark.parametrize("name", TABULAR)
def test_frames_and_arrow_tables_have_the_same_columns(name):
    value = specimens()[name]
    frame = value.to_geopandas() if name in PLACED else value.to_pandas()
    table = value.to_arrow()
    assert isinstance(table, pa.Table)
    assert [str(c) for c in frame.columns] == table.column_names[: frame.shape[1]]
    assert len(frame) == table.num_rows > 0
    # Anything that reads Arrow takes the value itself.
    assert pa.table(value).column_names == table.column_names


@pytest.mark.parametrize("name", [n for n in TABULAR if n not in PLACED])
def test_polars_takes_it_as_it_is(name):
    value = specimens()[name]
    assert pl.DataFrame(value).height == len(value.to_pandas())


def test_duckdb_asks_a_result():
    counts = bp.count(*city()[:2])
    (total,) = duckdb.from_arrow(counts.to_arrow()).aggregate("sum(count)").fetchall()[0]
    assert total == counts.values.sum()


def test_an_index_with_names_becomes_a_column(tiles, incidents):
    areas = bp.Neighbourhoods.from_geopandas(tiles, code="code")
    table = bp.count(incidents, areas).to_arrow()
    assert table.column_names == ["code", "count", "__index_level_0__"]
    assert table.to_pandas().index.tolist() == tiles.index.tolist()
    assert bp.count(*city()[:2]).to_arrow().column_names == ["code", "count"]


@pytest.mark.parametrize("name", PLACED)
def test_shapes_and_their_system_go_along(name):
    value = specimens()[name]
    frame = value.to_geopandas()
    assert len(frame) > 0
    assert (frame.crs is None) == (value.crs == "planar")
    back = gpd.GeoDataFrame.from_arrow(value)
    assert back.crs == frame.crs
    assert back.geometry.geom_equals(frame.geometry, align=False).all()


@pytest.mark.parametrize("name", PLACED)
def test_features_are_geojson(name):
    value = specimens()[name]
    features = json.loads(json.dumps(value.__geo_interface__, allow_nan=False))
    assert features["type"] == "FeatureCollection"
    assert len(features["features"]) == len(value.to_geopandas())
    if value.crs != "planar":
        west, south, east, north = gpd.GeoDataFrame.from_features(features).total_bounds
        assert 5.0 < west < east < 5.5
        assert 52.2 < south < north < 52.6


def test_points_that_went_out_come_in_again():
    incidents = specimens()["Incidents"]
    back = bp.Incidents.from_any(incidents.to_arrow())
    np.testing.assert_array_equal(back.x, incidents.x)
    assert back.category.tolist() == incidents.category.tolist()
    for frame in (
        incidents,
        incidents.to_geopandas(),
        incidents.to_arrow(),
        incidents.__geo_interface__,
    ):
        np.testing.assert_array_equal(bp.Incidents.from_any(frame).time, incidents.time)
    frame = incidents.to_pandas()
    np.testing.assert_array_equal(bp.Incidents.from_any(frame, crs=28992).time, incidents.time)
    with pytest.raises(bp.InputError, match="Polygon, not a point"):
        bp.Incidents.from_any(city().neighbourhoods)
    areas = bp.Neighbourhoods.from_any(city().neighbourhoods.to_arrow())
    assert areas.code.tolist() == city().neighbourhoods.code.tolist()


@pytest.mark.parametrize("name", ["Surface", "RiskSurface", "SpaceTimeSurface"])
def test_rasters_have_their_place_on_earth(name):
    data = specimens()[name].to_xarray()
    assert data.rio.crs.to_epsg() == 28992
    assert data.rio.bounds() == specimens()[name].bounds


def test_a_cube_of_cells_has_coordinates():
    incidents, areas, _ = city()
    cube = bp.space_time_cube(incidents, 500, step="year", within=areas)
    array = cube.to_xarray()
    assert array.dims == ("time", "y", "x")
    assert array.sizes["time"] == len(cube.periods)
    np.testing.assert_array_equal(np.nansum(array, axis=(1, 2)), np.nansum(cube.values, axis=0))
    assert float(np.nansum(array.isel(time=0).sel(x=cube.x[3], y=cube.y[4]))) == np.nan_to_num(
        cube.values[4 * len(cube.x) + 3, 0]
    )
    of_areas = bp.space_time_cube(incidents, areas, step="year").to_xarray()
    assert of_areas.dims == ("unit", "time")
    assert of_areas["unit"].values.tolist() == areas.code.tolist()


@pytest.fixture
def ax():
    with mpl.rc_context({"backend": "agg"}):
        yield Figure().subplots()


@pytest.mark.parametrize("name", sorted(c.__name__ for c in classes() if hasattr(c, "plot")))
def test_every_plot_draws_on_the_axes_it_is_given(name, ax):
    value = specimens()[name]
    options = {"subset": value.subset[0]} if name == "Profile" else {}
    assert value.plot(ax=ax, **options) is ax
    assert ax.has_data() or ax.patches or ax.collections
    ax.figure.canvas.draw()


def test_populations_are_a_map(ax):
    areas = city().neighbourhoods
    areas.plot("inhabitants_2024", ax=ax)
    assert ax.get_title() == "40 neighbourhoods: inhabitants_2024"
    with pytest.raises(bp.ParameterError, match="column is 'people'"):
        areas.plot("people", ax=ax)


@pytest.mark.parametrize(
    "name", ["HotspotResult", "PublishedResult", "Incidents", "Neighbourhoods"]
)
def test_maps_to_explore(name):
    value = specimens()[name]
    assert isinstance(value.explore(tiles=None), folium.Map)
    with pytest.raises(bp.ParameterError, match="folium or lonboard"):
        value.explore(engine="leaflet")


def fills(shown):
    return np.array(pa.chunked_array(shown.layers[0].get_fill_color).to_pylist())


def test_lonboard_draws_when_asked_or_when_there_are_many(monkeypatch):
    result, areas = specimens()["HotspotResult"], city().neighbourhoods
    classes_ = result.explore(engine="lonboard")
    assert isinstance(classes_, lonboard.Map)
    colours = fills(classes_)
    hot = int(np.argmax(result.neighbourhoods["hotspot_class"]))
    assert result.neighbourhoods["hotspot_class"][hot] == 3
    assert colours.shape == (40, 4)
    assert colours[hot].tolist() == [0xB2, 0x18, 0x2B, 166]
    colours, rate = fills(result.explore("rate", engine="lonboard")), result.neighbourhoods["rate"]
    assert colours[rate.argmax()].tolist() == [0, 0, 4, 166]
    assert rate.isna().any()
    assert (colours[rate.isna()] == 166).all()
    assert isinstance(areas.explore(), folium.Map)
    monkeypatch.setattr("brandpunt._drawing.MANY", 30)
    assert isinstance(areas.explore(), lonboard.Map)
    points = city().incidents.explore()
    assert isinstance(points.layers[0], lonboard.ScatterplotLayer)


def test_a_bar_shows_how_far_it_is(monkeypatch):
    incidents, areas, _ = city()
    seen = []

    class Bar:
        def __init__(self, **options):
            seen.append(options["total"])
            self.n = 0

        def set_description_str(self, text, refresh):
            seen.append((text, refresh))

        def refresh(self):
            seen.append(self.n)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            seen.append("closed")

    monkeypatch.setattr("tqdm.auto.tqdm", Bar)
    bp.hotspots(incidents, areas, theme=None, cell_size=300, progress=True)
    assert seen[0] == 100
    assert seen[-3:] == [("done", False), 100.0, "closed"]
    seen.clear()
    with pytest.raises(bp.InputError):
        bp.hotspots(incidents, areas, theme=bp.Theme("none", ["nothing"]), progress=True)
    assert seen[-1] == "closed"
    with pytest.raises(bp.ParameterError, match="progress is 'yes'"):
        bp.kernel_density(incidents, bandwidth=300, cell_size=100, progress="yes")


def test_a_real_bar_is_drawn(capfd):
    bp.kernel_density(city().incidents, bandwidth=300, cell_size=100, progress=True)
    assert "done: 100%" in capfd.readouterr().err


SEEDED = {
    "gi_star": lambda **s: bp.gi_star(np.arange(12) % 5, bp.Weights.lattice((3, 4)).include_self(), inference="permutation", **s).p,
    "moran": lambda **s: bp.moran(np.arange(12) % 5, bp.Weights.lattice((3, 4)), **s).p,
    "concentration": lambda **s: bp.concentration([5, 1, 0, 8, 2], **s).p,
    "synthetic_city": lambda **s: bp.synthetic_city(200, n_neighbourhoods=10, **s).incidents.x,
}  # fmt: skip


@pytest.mark.parametrize("name", SEEDED)
def test_seeds_are_what_people_expect(name):
    call = SEEDED[name]

    def same(a, b):
        return np.array_equal(call(**a), call(**b))

    assert same({"seed": 5}, {"random_state": 5})
    assert same({"seed": np.int64(5)}, {"seed": 5})
    for make in (np.random.default_rng, np.random.RandomState, np.random.SeedSequence):
        assert same({"seed": make(3)}, {"seed": make(3)})
        assert same({"seed": make(3)}, {"random_state": make(3)})
    with pytest.raises(bp.ParameterError, match="another name for seed"):
        call(seed=1, random_state=2)
    for wrong in (-1, 1.5, "a", 2**64, float("nan")):
        with pytest.raises(bp.ParameterError, match="seed is"):
            call(seed=wrong)


def test_a_generator_moves_on():
    rng = np.random.default_rng(1)
    first, second = (bp.synthetic_city(200, seed=rng, n_neighbourhoods=10) for _ in range(2))
    assert first.incidents != second.incidents
    assert first.incidents != bp.synthetic_city(200, n_neighbourhoods=10).incidents


def test_a_list_has_no_index():
    # A list has a method of that name.
    assert bp.mann_kendall([[1, 2, 3, 4], [4, 3, 2, 1]]).index is None
    frame = pd.DataFrame([[1, 2, 3, 4], [4, 3, 2, 1]], index=["a", "b"])
    assert bp.mann_kendall(frame).to_pandas().index.tolist() == ["a", "b"]
