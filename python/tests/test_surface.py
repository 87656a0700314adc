"""What becomes of a surface: figures per neighbourhood, sums, classes, contours, files."""

from __future__ import annotations

import itertools
import json
import pickle

import geopandas as gpd
import numpy as np
import pytest
import shapely

import brandpunt as bp


@pytest.fixture
def few(incidents):
    return bp.Incidents.from_xy(incidents.x[:400], incidents.y[:400], crs=28992)


@pytest.fixture
def surface(few):
    return bp.kernel_density(few, bandwidth=300, cell_size=70)


def squares(surface):
    """The cells of a surface as a table of squares with their density."""
    x, y = np.meshgrid(surface.x, surface.y)
    half = surface.cell_size / 2
    boxes = shapely.box(x - half, y - half, x + half, y + half).ravel()
    return gpd.GeoDataFrame({"density": surface.values.ravel()}, geometry=boxes, crs=surface.crs)


def test_figures_per_neighbourhood_are_those_of_an_overlay(surface, hoods, tiles):
    got = surface.by_neighbourhood(hoods)
    areas = tiles[["code", "geometry"]]
    cells = gpd.overlay(squares(surface), areas, how="intersection", keep_geom_type=False)
    cells["mass"] = cells.density * cells.area / 1e6
    by_code = cells.groupby("code")
    integral = by_code.mass.sum().loc[tiles.code].to_numpy()
    area = by_code.geometry.apply(lambda g: g.area.sum()).loc[tiles.code].to_numpy() / 1e6
    np.testing.assert_allclose(got.integral, integral, rtol=1e-9)
    np.testing.assert_allclose(got.mean, integral / area, rtol=1e-9)
    np.testing.assert_allclose(got.covered, area / hoods.area_km2, rtol=1e-9)
    np.testing.assert_allclose(got.share.sum(), 1.0)
    x, y = np.meshgrid(surface.x, surface.y)
    for i, shape in enumerate(tiles.geometry):
        if got.covered[i] < 0.5:
            assert np.isnan(got.peak[i])
            continue
        inside = shapely.contains_xy(shape, x, y)
        assert got.peak[i] == surface.values[inside].max()
        assert surface.at([[got.peak_x[i], got.peak_y[i]]])[0] == got.peak[i]
    frame = got.to_pandas()
    assert list(frame.index) == list(tiles.index)
    assert list(frame) == ["mean", "peak", "peak_x", "peak_y", "integral", "share", "covered"]
    with pytest.raises(ValueError, match="read-only"):
        got.mean[0] = 1


def test_the_integral_is_the_number_of_incidents(incidents, tiles):
    block = tiles.iloc[:11]
    hoods = bp.Neighbourhoods.from_geopandas(block, code="code")
    for cell_size in (20, 70):
        surface = bp.kernel_density(
            incidents, bandwidth=300, cell_size=cell_size, edge="diggle", within=hoods
        )
        inside = bp.count(incidents, hoods).values.sum()
        got = surface.by_neighbourhood(hoods)
        np.testing.assert_allclose(got.integral.sum(), inside, rtol=2e-3)
        assert (got.covered > 0.999).all()
    threads = [surface.by_neighbourhood(hoods, n_jobs=n).mean.tobytes() for n in (1, 2, 3, 7)]
    assert len(set(threads)) == 1


def test_parts_add_up_to_the_same_bytes_in_any_order(incidents, hoods):
    options = {"bandwidth": 250, "cell_size": 60, "edge": "uniform", "within": hoods}
    x, y = incidents.x, incidents.y
    parts = [
        bp.kernel_density(bp.Incidents.from_xy(x[k::4], y[k::4], crs=28992), **options)
        for k in range(4)
    ]
    # Through pickles, as between processes.
    parts = [pickle.loads(pickle.dumps(part)) for part in parts]
    sums = [sum(order) for order in itertools.permutations(parts)]
    halves = [
        pickle.loads(pickle.dumps(a + b)) + pickle.loads(pickle.dumps(c + d))
        for a, b, c, d in itertools.permutations(parts)
    ]
    assert len({s.values.tobytes() for s in sums + halves}) == 1
    whole = bp.kernel_density(incidents, **options)
    np.testing.assert_allclose(
        sums[0].values, whole.values, rtol=0, atol=1e-12 * np.nanmax(whole.values)
    )
    assert sums[0].warnings == whole.warnings
    with pytest.raises(bp.InputError, match="grid"):
        parts[0] + bp.kernel_density(incidents, bandwidth=251, cell_size=60)
    with pytest.raises(TypeError):
        1 + parts[0]


@pytest.mark.parametrize("method", ["geometric", "equal", "quantile"])
def test_classes_have_round_ends(surface, method):
    classes = surface.classes(method, n_classes=6)
    assert len(classes) <= 7
    assert len(classes.labels) == len(classes.breaks) + 2
    assert classes.labels[0] == "none in reach"
    for end in classes.breaks:
        assert float(f"{end:.1e}") == end
    expected = np.searchsorted(classes.breaks, surface.values, side="right") + (surface.values > 0)
    np.testing.assert_array_equal(classes.values, expected)
    np.testing.assert_array_equal(classes.of(surface.values), expected)
    assert list(classes.of([np.nan, 0.0, 1e9])) == [-1, 0, len(classes) - 1]
    assert "incidents per km²" in repr(classes)
    with pytest.raises(bp.ParameterError, match="class"):
        surface.classes(method, n_classes=0)
    with pytest.raises(bp.ParameterError, match="geometric, equal, quantile"):
        surface.classes("jenks")


def test_contours_are_those_of_contourpy(surface):
    contourpy = pytest.importorskip("contourpy")
    levels = [20.0, 40.0, 60.0]
    contours = surface.contours(levels)
    peer = contourpy.contour_generator(surface.x, surface.y, surface.values)
    for level, lines in zip(levels, contours.lines, strict=True):
        expected = shapely.MultiLineString(peer.lines(level))
        # The same lines but for saddles, where either way is right.
        assert abs(lines.length / expected.length - 1) < 1e-3
        assert lines.intersection(expected.buffer(1e-3)).length > 0.99 * expected.length
    x, y = np.meshgrid(surface.x, surface.y)
    ends = [*levels, np.inf]
    for k, band in enumerate(contours.bands):
        inside = (surface.values >= ends[k]) & (surface.values < ends[k + 1])
        np.testing.assert_array_equal(shapely.contains_xy(band, x, y), inside)
        assert shapely.is_valid(band)


def test_contours_leave_as_tables_and_files(surface, tmp_path):
    contours = surface.contours([20, 40])
    assert len(contours) == 2
    bands, lines = contours.to_geopandas(), contours.to_geopandas(lines=True)
    assert bands.crs == "EPSG:28992"
    assert list(bands["from"]) == [20, 40]
    assert bands["to"][0] == 40
    assert np.isnan(bands["to"][1])
    assert list(lines["level"]) == [20, 40]
    for kind, frame in ((False, bands), (True, lines)):
        path = tmp_path / "contours.geojson"
        contours.write_geojson(path, lines=kind)
        back = gpd.read_file(path)
        assert back.crs == "EPSG:4326"
        back = back.to_crs(28992)
        measure = "length" if kind else "area"
        np.testing.assert_allclose(
            getattr(back.geometry, measure), getattr(frame.geometry, measure), rtol=1e-3
        )
        assert path.read_text() == contours.to_geojson(lines=kind)
    features = contours.__geo_interface__
    assert features == json.loads(contours.to_geojson())
    assert len(gpd.GeoDataFrame.from_features(features)) == 2
    assert list(surface.contours().levels) == list(surface.classes().breaks)
    with pytest.raises(bp.ParameterError, match="ascending"):
        surface.contours([2, 1])


def test_contours_end_with_the_study_area(few, hoods, tiles):
    surface = bp.kernel_density(few, bandwidth=300, cell_size=50, within=hoods)
    contours = surface.contours([1.0])
    cells = squares(surface).dropna().union_all()
    # The four corners of the hole are cut by an eighth of a cell each.
    beyond = contours.bands[0].difference(cells)
    assert beyond.area == pytest.approx(4 * 50**2 / 8)
    assert contours.bands[0].intersects(cells.boundary)
    outline = tiles.union_all().boundary
    assert contours.lines[0].distance(outline) > 1.0


def test_the_labelled_array_knows_its_place(few):
    pytest.importorskip("rioxarray")
    surface = bp.kernel_density(few, bandwidth=300, cell_size=50)
    array = surface.to_xarray()
    assert array.attrs["units"] == "incidents per square kilometre"
    assert array.rio.crs.to_epsg() == 28992
    assert array.rio.bounds() == surface.bounds
    assert array.rio.resolution() == (50, -50)
    planar = bp.kernel_density(
        bp.Incidents.from_xy([0.0], [0.0], crs="planar"), bandwidth=300, cell_size=50
    )
    assert "spatial_ref" not in planar.to_xarray().coords


def test_a_geotiff_says_what_it_holds(few, hoods, tmp_path):
    rasterio = pytest.importorskip("rasterio")
    surface = bp.kernel_density(few, bandwidth=300, cell_size=50, within=hoods)
    surface.write_geotiff(tmp_path / "density.tif")
    with rasterio.open(tmp_path / "density.tif") as raster:
        assert raster.units == ("incidents per km²",)
        assert raster.descriptions == ("density, quartic kernel, bandwidth 300 m",)
        assert np.isnan(raster.nodata)
        np.testing.assert_array_equal(raster.read(1), surface.values)


@pytest.fixture
def pyplot():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("Agg")
    yield pyplot
    pyplot.close("all")


@pytest.mark.usefixtures("pyplot")
def test_the_picture_tells_nothing_from_unknown(few, hoods):
    surface = bp.kernel_density(few, bandwidth=150, cell_size=50, within=hoods)
    assert (surface.values == 0).any()
    assert np.isnan(surface.values).any()
    ax = surface.plot(outline=hoods)
    legend = ax.get_legend()
    texts = [t.get_text() for t in legend.get_texts()]
    assert texts[-2:] == ["none in reach", "outside the study area"]
    assert legend.get_title().get_text() == "incidents per km²"
    assert ax.get_xlabel() == "x (km, EPSG:28992)"
    assert any("km" in t.get_text() or " m" in t.get_text() for t in ax.texts)
    drawn = ax.images[-1].get_array()
    np.testing.assert_array_equal(drawn.mask, np.isnan(surface.values))
    assert len(ax.collections) == 1
    # Under the shades lies white paper where there is a density, under that the hatched one.
    paper, shades = ax.images
    assert ax.patches[0].get_zorder() < paper.get_zorder() < shades.get_zorder()
    np.testing.assert_array_equal(paper.get_array().mask, np.isnan(surface.values))
    plain = surface.plot(classes=None, scale_bar=False)
    assert not plain.texts
    drawn = plain.images[-1].get_array()
    np.testing.assert_array_equal(np.isfinite(np.ma.filled(drawn, np.nan)), surface.values > 0)


@pytest.mark.usefixtures("pyplot")
def test_two_surfaces_in_the_same_classes(surface, few):
    wide = bp.kernel_density(few, bandwidth=900, cell_size=70)
    classes = surface.classes()
    drawn = wide.plot(classes=classes).images[-1].get_array()
    np.testing.assert_array_equal(drawn, classes.of(wide.values))
    assert drawn.max() < classes.values.max()


def test_the_page_has_a_picture_and_the_facts(surface):
    page = surface._repr_html_()
    assert "data:image/png;base64," in page
    assert "incidents per km²" in page
    assert len(page) < 120_000
