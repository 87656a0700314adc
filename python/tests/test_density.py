"""Kernel density: the values of scikit-learn, on the grid of Statistics Netherlands."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import brandpunt as bp

KERNELS = ["quartic", "epanechnikov", "triweight", "triangular", "uniform", "gaussian"]
# scikit-learn's name of a kernel, where it has one of ours.
PEERS = {
    "epanechnikov": "epanechnikov",
    "triangular": "linear",
    "uniform": "tophat",
    "gaussian": "gaussian",
}


@pytest.fixture
def few(incidents):
    return bp.Incidents.from_xy(incidents.x[:400], incidents.y[:400], crs=28992)


@pytest.mark.parametrize("kernel", PEERS)
def test_values_are_those_of_scikit_learn(few, kernel):
    neighbors = pytest.importorskip("sklearn.neighbors")
    surface = bp.kernel_density(few, bandwidth=300, cell_size=75, kernel=kernel)
    peer = neighbors.KernelDensity(bandwidth=300, kernel=PEERS[kernel], rtol=1e-12)
    peer.fit(np.column_stack([few.x, few.y]))
    x, y = np.meshgrid(surface.x, surface.y)
    centres = np.column_stack([x.ravel(), y.ravel()])
    expected = 1e6 * len(few) * np.exp(peer.score_samples(centres)).reshape(x.shape)
    if kernel == "uniform":
        # A point on the rim is inside for one and outside for the other by one rounding.
        assert (np.abs(surface.values - expected) < 1e-9).mean() > 0.999
    else:
        np.testing.assert_allclose(surface.values, expected, atol=1e-9 * expected.max())


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("cell_size", [20, 60])
def test_values_are_the_sum_of_kernels(few, kernel, cell_size):
    surface = bp.kernel_density(few, bandwidth=300, cell_size=cell_size, kernel=kernel)
    x, y = np.meshgrid(surface.x[::9], surface.y[::9])
    v2 = ((x[..., None] - few.x) ** 2 + (y[..., None] - few.y) ** 2) / 300**2
    shape = {
        "uniform": lambda: 1.0 * (v2 <= 1),
        "triangular": lambda: 3 * np.maximum(0, 1 - np.sqrt(v2)),
        "epanechnikov": lambda: 2 * np.maximum(0, 1 - v2),
        "quartic": lambda: 3 * np.maximum(0, 1 - v2) ** 2,
        "triweight": lambda: 4 * np.maximum(0, 1 - v2) ** 3,
        "gaussian": lambda: np.exp(-v2 / 2) / 2,
    }[kernel]()
    expected = 1e6 * shape.sum(axis=-1) / (np.pi * 300**2)
    np.testing.assert_allclose(
        surface.values[::9, ::9], expected, atol=1e-9 * surface.values.max(), rtol=1e-9
    )


def test_cells_lie_on_multiples_of_their_size(few):
    surface = bp.kernel_density(few, bandwidth=300, cell_size=100)
    np.testing.assert_array_equal(surface.x % 100, 50)
    np.testing.assert_array_equal(surface.y % 100, 50)
    assert (np.diff(surface.x) == 100).all()
    assert (np.diff(surface.y) == -100).all()
    west, south, east, north = surface.bounds
    assert surface.values.shape == ((north - south) / 100, (east - west) / 100)
    integral = surface.values.sum() * 0.01
    assert abs(integral - len(few)) < 0.001 * len(few)


def test_weights_of_incidents_count(few):
    double = bp.Incidents.from_xy(few.x, few.y, crs=28992, weight=np.full(len(few), 2.0))
    options = {"bandwidth": 300, "cell_size": 50}
    once, twice = bp.kernel_density(few, **options), bp.kernel_density(double, **options)
    np.testing.assert_allclose(twice.values, 2 * once.values, rtol=1e-12)
    np.testing.assert_allclose((once + once).values, twice.values, rtol=1e-12)


def test_threads_change_nothing(incidents):
    for kernel in KERNELS:
        runs = {
            bp.kernel_density(
                incidents, bandwidth=250, cell_size=25, kernel=kernel, n_jobs=n
            ).values.tobytes()
            for n in (1, 2, 3, 7)
        }
        assert len(runs) == 1


def test_values_at_points_are_those_of_their_cells(few, hoods):
    surface = bp.kernel_density(few, bandwidth=300, cell_size=50, extent=hoods)
    assert surface.bounds == (140_000, 480_000, 146_550, 483_050)
    places = np.array([[surface.x[3] + 20, surface.y[5] - 20], [0.0, 0.0]])
    at = surface.at(places)
    assert at[0] == surface.values[5, 3]
    assert np.isnan(at[1])
    assert len(surface.at(few)) == len(few)
    np.testing.assert_array_equal(surface.at(few.to_geopandas()), surface.at(few))
    with pytest.raises(bp.InputError, match=r"\(n, 2\)"):
        surface.at([1.0, 2.0])


def test_a_surface_survives_a_pickle(few):
    surface = bp.kernel_density(few, bandwidth=300, cell_size=33.3, kernel="gaussian")
    back = pickle.loads(pickle.dumps(surface))
    np.testing.assert_array_equal(back.values, surface.values)
    np.testing.assert_array_equal(back.x, surface.x)
    assert back.bounds == surface.bounds
    assert repr(back) == repr(surface)
    with pytest.raises(ValueError, match="read-only"):
        back.values[0, 0] = 1


def test_the_labelled_array(few):
    xarray = pytest.importorskip("xarray")
    surface = bp.kernel_density(few, bandwidth=300, cell_size=50)
    array = surface.to_xarray()
    assert isinstance(array, xarray.DataArray)
    assert array.dims == ("y", "x")
    assert array.attrs["crs"] == "EPSG:28992"
    west = array.sel(x=surface.x[0]).to_numpy()
    np.testing.assert_array_equal(west, surface.values[:, 0])


def test_the_picture(few):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    surface = bp.kernel_density(few, bandwidth=300, cell_size=50)
    ax = surface.plot()
    west, south, east, north = surface.bounds
    assert ax.images[0].get_extent() == [west, east, south, north]
    assert ax.get_xlim() == (west, east)
    assert surface.plot(ax=ax, colorbar=False) is ax
    matplotlib.pyplot.close("all")


@pytest.mark.parametrize(
    ("options", "kind", "said"),
    [
        ({"bandwidth": 0}, bp.ParameterError, "bandwidth"),
        ({"bandwidth": float("nan")}, bp.ParameterError, "bandwidth"),
        ({"cell_size": -1}, bp.ParameterError, "cell_size"),
        ({"cell_size": 1e-6}, bp.ParameterError, "cell size"),
        ({"kernel": "cosine"}, bp.ParameterError, "quartic"),
        ({"extent": (0, 0, float("inf"), 1)}, bp.ParameterError, "extent"),
    ],
)
def test_options_that_make_no_sense(few, options, kind, said):
    with pytest.raises(kind, match=said):
        bp.kernel_density(few, **{"bandwidth": 300, "cell_size": 50, **options})


def test_degrees_are_no_metres(few):
    with pytest.raises(bp.CrsError, match="project the data first"):
        bp.kernel_density(few.to_crs(4326), bandwidth=300, cell_size=50)


def test_a_geotiff_lies_in_the_right_place(few, tmp_path):
    rasterio = pytest.importorskip("rasterio")
    surface = bp.kernel_density(few, bandwidth=300, cell_size=50)
    surface.write_geotiff(tmp_path / "density.tif")
    with rasterio.open(tmp_path / "density.tif") as raster:
        assert raster.crs.to_epsg() == 28992
        assert tuple(raster.bounds) == surface.bounds
        np.testing.assert_array_equal(raster.read(1), surface.values)
        at = next(raster.sample([(surface.x[4], surface.y[7])]))
        assert at[0] == surface.values[7, 4]
    with pytest.raises(FileNotFoundError):
        surface.write_geotiff(tmp_path / "no" / "density.tif")


def square(side, **kwargs):
    geopandas = pytest.importorskip("geopandas")
    shapely = pytest.importorskip("shapely")
    frame = geopandas.GeoDataFrame({"code": ["square"]}, geometry=[shapely.box(0, 0, side, side)])
    return bp.Neighbourhoods.from_geopandas(frame, code="code", crs="planar", **kwargs)


@pytest.mark.parametrize(
    ("edge", "expected"),
    [(None, 12.395003724), ("uniform", 17.510505658), ("diggle", 25.924439033)],
)
def test_the_golden_corrections(edge, expected):
    # The unit square and its four points, a thousand times as large.
    points = 1000 * np.array([[0.05, 0.05], [0.5, 0.5], [0.52, 0.47], [0.95, 0.3]])
    surface = bp.kernel_density(
        bp.Incidents.from_xy(*points.T, crs="planar"),
        bandwidth=100,
        cell_size=40,
        kernel="gaussian",
        edge=edge,
        within=square(1000),
    )
    at = surface.at([[100.0, 100.0], [1010.0, 500.0]])
    np.testing.assert_allclose(at[0], expected, rtol=1e-8)
    assert np.isnan(at[1])
    back = pickle.loads(pickle.dumps(surface))
    assert back.edge == surface.edge == (edge or "none")


def mass_inside(shapely, shape, points, bandwidth, degree):
    """Mass of kernels (1 - v^2)^degree inside a shape, from its overlaps with discs."""
    places = shapely.points(points)

    def share(v):
        discs = shapely.buffer(places, v * bandwidth, quad_segs=64)
        return shapely.area(shapely.intersection(discs, shape)) / shapely.area(discs)

    if degree == 0:
        return share(1.0)
    # A kernel is a heap of discs, as many of each radius as the kernel falls there.
    radii = (np.arange(100) + 0.5) / 100
    weight = 2 * degree * (degree + 1) * radii**3 * (1 - radii**2) ** (degree - 1) / 100
    return sum(w * share(v) for w, v in zip(weight, radii, strict=True)) / weight.sum()


@pytest.mark.parametrize("kernel", ["uniform", "epanechnikov", "quartic", "triweight"])
def test_corrections_are_those_of_overlaps_with_discs(kernel):
    shapely = pytest.importorskip("shapely")
    geopandas = pytest.importorskip("geopandas")
    shape = shapely.Polygon([(0, 0), (1000, 100), (800, 900), (500, 400), (100, 800)])
    frame = geopandas.GeoDataFrame({"code": ["odd"]}, geometry=[shape])
    area = bp.Neighbourhoods.from_geopandas(frame, code="code", crs="planar")
    points = np.random.default_rng(4).uniform(0, 1000, (100, 2))
    # To the centres of cells, where a surface is exact.
    points = np.floor(points) + 0.5
    points = points[shapely.contains_xy(shape, points)]
    degree = ["uniform", "epanechnikov", "quartic", "triweight"].index(kernel)
    own = mass_inside(shapely, shape, points, 200, degree)
    d2 = ((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=-1) / 200**2
    plain = (d2 <= 1) * np.maximum(1 - d2, 0) ** degree * (degree + 1) / (np.pi * 200**2)
    options = {"bandwidth": 200, "cell_size": 1, "kernel": kernel, "within": area}
    incidents = bp.Incidents.from_xy(*points.T, crs="planar")
    for edge, expected in (
        ("diggle", (plain / own).sum(axis=1)),
        ("uniform", plain.sum(axis=1) / own),
    ):
        surface = bp.kernel_density(incidents, edge=edge, **options)
        np.testing.assert_allclose(surface.at(points), 1e6 * expected, rtol=1e-3)


def test_a_correction_needs_a_study_area(few, hoods):
    with pytest.raises(bp.ParameterError, match="within"):
        bp.kernel_density(few, bandwidth=300, cell_size=50, edge="uniform")
    with pytest.raises(bp.ParameterError, match="diggle"):
        bp.kernel_density(few, bandwidth=300, cell_size=50, edge="both", within=hoods)


def test_diggle_keeps_the_number_of_incidents(few, hoods):
    surface = bp.kernel_density(few, bandwidth=300, cell_size=10, edge="diggle", within=hoods)
    total = np.nansum(surface.values) * 0.01**2
    outside = sum(w.value for w in surface.warnings if w.code == "outside_all_areas")
    np.testing.assert_allclose(total, len(few) - outside, rtol=2e-3)
    threads = [
        bp.kernel_density(
            few, bandwidth=300, cell_size=50, edge="diggle", within=hoods, n_jobs=n
        ).values.tobytes()
        for n in (1, 3)
    ]
    assert threads[0] == threads[1]


def gaussians(places, points, h):
    d2 = ((places[:, None, :] - points[None, :, :]) ** 2).sum(axis=-1)
    return 1e6 * (np.exp(-d2 / (2 * h * h)) / (2 * np.pi * h * h)).sum(axis=1)


def test_abramson_equals_the_golden_numbers_and_plain_sums(few):
    points = 1000 * np.array([[0.05, 0.05], [0.5, 0.5], [0.52, 0.47], [0.95, 0.3]])
    options = {"kernel": "gaussian", "cell_size": 40, "bandwidth": 100, "adaptive": "abramson"}
    surface = bp.kernel_density(
        bp.Incidents.from_xy(*points.T, crs="planar"), extent=(0, 0, 999, 999), **options
    )
    np.testing.assert_allclose(surface.at([[100.0, 100.0]])[0], 4 * 2.388766287, rtol=1e-8)
    back = pickle.loads(pickle.dumps(surface))
    assert back.adaptive == surface.adaptive == "abramson"
    with pytest.raises(bp.InputError, match="adaptive"):
        surface + surface

    points = np.column_stack([few.x, few.y])
    b = gaussians(points, points, 400.0) ** -0.5
    gamma = np.exp(np.log(b).mean())
    h = 300 * np.minimum(b, 1.3 * gamma) / gamma
    surface = bp.kernel_density(
        few,
        bandwidth=300,
        cell_size=100,
        kernel="gaussian",
        adaptive="abramson",
        pilot=400,
        trim=1.3,
    )
    x, y = np.meshgrid(surface.x[::11], surface.y[::11])
    expected = gaussians(np.column_stack([x.ravel(), y.ravel()]), points, h).reshape(x.shape)
    np.testing.assert_allclose(
        surface.values[::11, ::11], expected, rtol=1e-9, atol=1e-12 * surface.values.max()
    )


def test_bandwidths_follow_the_nearest_incidents(few):
    points = np.column_stack([few.x, few.y])
    distances = np.sort(np.hypot(*(points[:, None, :] - points[None, :, :]).T), axis=0)
    h = np.maximum(distances[7], 50.0)
    surface = bp.kernel_density(few, bandwidth=50, cell_size=100, kernel="gaussian", adaptive=7)
    x, y = np.meshgrid(surface.x[::11], surface.y[::11])
    expected = gaussians(np.column_stack([x.ravel(), y.ravel()]), points, h).reshape(x.shape)
    np.testing.assert_allclose(
        surface.values[::11, ::11], expected, rtol=1e-9, atol=1e-12 * surface.values.max()
    )
    assert surface.adaptive == 7
    again = bp.kernel_density(
        few, bandwidth=50, cell_size=100, kernel="gaussian", adaptive=7, n_jobs=3
    )
    assert again.values.tobytes() == surface.values.tobytes()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"adaptive": "silverman"}, "abramson"),
        ({"adaptive": 0}, "abramson"),
        ({"adaptive": True}, "abramson"),
        ({"adaptive": 400}, "at most 399"),
        ({"adaptive": "abramson", "pilot": -1}, "pilot"),
        ({"adaptive": "abramson", "trim": 0}, "trim"),
    ],
)
def test_rules_that_make_no_sense(few, options, said):
    with pytest.raises(bp.ParameterError, match=said):
        bp.kernel_density(few, bandwidth=300, cell_size=50, **options)


def test_several_bandwidths_give_a_surface_each(few):
    three = bp.kernel_density(few, bandwidth=[100, 300, 200.0], cell_size=50)
    assert [s.bandwidth for s in three] == [100, 300, 200]
    for surface in three:
        alone = bp.kernel_density(
            few, bandwidth=surface.bandwidth, cell_size=50, extent=three[0].bounds
        )
        rows, cols = surface.values.shape
        np.testing.assert_allclose(
            alone.values[-rows:, :cols], surface.values, atol=1e-12 * surface.values.max()
        )
    assert bp.kernel_density(few, bandwidth=[], cell_size=50) == []
    with pytest.raises(bp.ParameterError, match="one bandwidth"):
        bp.kernel_density(few, bandwidth=[100, 300], cell_size=50, adaptive=5)
    with pytest.raises(bp.ParameterError, match="tolerance"):
        bp.kernel_density(few, bandwidth=100, cell_size=50, tolerance=-1e-3)
    exact = bp.kernel_density(few, bandwidth=100, cell_size=50)
    allowed = bp.kernel_density(few, bandwidth=100, cell_size=50, tolerance=0.01)
    assert np.abs(allowed.values - exact.values).max() <= 0.01 * exact.values.max()


@pytest.mark.parametrize(
    "call",
    [
        lambda few, **told: bp.kernel_density(few, bandwidth=[200, 300], cell_size=25, **told),
        lambda few, **told: bp.select_bandwidth(few, method="likelihood", **told),
        lambda few, **told: bp.relative_risk(
            few, few, bandwidth=300, cell_size=100, tolerance="monte_carlo", permutations=39, **told
        ),
    ],
)
def test_long_calls_tell_their_progress_and_can_be_ended(few, call):
    heard = []
    call(few, progress=lambda *step: heard.append(step[1]))
    assert len(heard) > 2
    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(1.0)

    def refuse(*step):
        raise LookupError(step)

    with pytest.raises(LookupError):
        call(few, progress=refuse)
