"""Point patterns, beside SciPy and the geometry of Shapely."""

from __future__ import annotations

import geopandas
import numpy as np
import pytest
import shapely
from scipy.spatial import cKDTree

import brandpunt as bp
from brandpunt import _brandpunt

SHAPE = shapely.Polygon(
    [(0, 100), (1500, 0), (1600, 900), (1100, 700), (1400, 1500), (200, 1400)],
    [[(500, 500), (800, 600), (750, 950), (450, 800)]],
)
RADII = [40, 90, 170, 300]


@pytest.fixture(scope="module")
def lake():
    frame = geopandas.GeoDataFrame({"code": ["a"]}, geometry=[SHAPE])
    return bp.Neighbourhoods.from_geopandas(frame, code="code", crs="planar")


@pytest.fixture
def thrown(rng):
    points = rng.uniform(0, 1600, (600, 2))
    return points[shapely.contains_xy(SHAPE, points)][:250]


def at(points):
    return bp.Incidents.from_xy(points[:, 0], points[:, 1], crs="planar")


def pairs(points):
    """All ordered pairs up to the last radius, with their distance."""
    found = cKDTree(points).query_pairs(RADII[-1], output_type="ndarray")
    found = np.concatenate([found, found[:, ::-1]])
    return found, np.hypot(*(points[found[:, 0]] - points[found[:, 1]]).T)


def k_of(points, weights, distances):
    n = len(points)
    sums = np.array([weights[distances <= r].sum() for r in RADII])
    return SHAPE.area * sums / (n * (n - 1))


def test_pairs_are_those_of_a_tree(thrown, lake):
    found = bp.ripley(at(thrown), radii=RADII, within=lake, correction="none")
    tree = cKDTree(thrown)
    n = len(thrown)
    ordered = tree.count_neighbors(tree, np.array(RADII, dtype=float)) - n
    np.testing.assert_allclose(found.k, SHAPE.area * ordered / (n * (n - 1)), rtol=1e-13)
    np.testing.assert_allclose(found.l, np.sqrt(found.k / np.pi), rtol=1e-14)
    assert found.km2 == pytest.approx(SHAPE.area / 1e6, rel=1e-12)


def test_isotropic_weights_are_parts_of_circles(thrown, lake):
    ordered, distances = pairs(thrown)
    discs = shapely.buffer(shapely.points(thrown[ordered[:, 0]]), distances, quad_segs=512)
    circles = shapely.boundary(discs)
    # Chords of a circle of 2048 corners: its length to 4e-7, its place to 1e-6 of the radius.
    shares = shapely.length(shapely.intersection(circles, SHAPE)) / shapely.length(circles)
    found = bp.ripley(at(thrown), radii=RADII, within=lake)
    np.testing.assert_allclose(found.k, k_of(thrown, 1 / shares, distances), rtol=1e-4)


def test_translation_weights_are_overlaps(thrown, lake):
    ordered, distances = pairs(thrown)
    shifts = thrown[ordered[:, 1]] - thrown[ordered[:, 0]]
    shifted = [shapely.affinity.translate(SHAPE, dx, dy) for dx, dy in shifts]
    weights = SHAPE.area / shapely.area(shapely.intersection(np.array(shifted), SHAPE))
    found = bp.ripley(at(thrown), radii=RADII, within=lake, correction="translation")
    np.testing.assert_allclose(found.k, k_of(thrown, weights, distances), rtol=2e-4)


def test_the_border_is_that_of_shapely(thrown, lake):
    ordered, distances = pairs(thrown)
    border = shapely.distance(shapely.points(thrown), SHAPE.boundary)
    n, expected = len(thrown), []
    for r in RADII:
        kept = (distances <= r) & (border[ordered[:, 0]] >= r)
        expected.append(SHAPE.area * kept.sum() / ((n - 1) * (border >= r).sum()))
    found = bp.ripley(at(thrown), radii=RADII, within=lake, correction="border")
    np.testing.assert_allclose(found.k, expected, rtol=1e-12)


def test_the_next_incident_is_that_of_a_tree(thrown, lake):
    found = bp.nearest_neighbour_functions(at(thrown), radii=RADII, within=lake, correction="none")
    nearest = cKDTree(thrown).query(thrown, k=2)[0][:, 1]
    assert found.g.tolist() == [(nearest <= r).mean() for r in RADII]
    # Empty space by the discs themselves; the lattice has 16,384 points.
    for share, r in zip(found.f, RADII, strict=True):
        discs = shapely.unary_union(shapely.buffer(shapely.points(thrown), r, quad_segs=64))
        assert share == pytest.approx(
            shapely.intersection(discs, SHAPE).area / SHAPE.area, abs=0.01
        )
    corrected = bp.nearest_neighbour_functions(at(thrown), radii=RADII, within=lake)
    assert (corrected.g >= found.g - 0.02).all()


def test_a_surface_is_an_intensity(thrown, lake):
    """A level surface of the density itself gives n / (n - 1) less than the plain K."""
    n = len(thrown)
    values = np.full((1, 1), n / (SHAPE.area / 1e6))
    core = _brandpunt.Surface(values, 1000.0, 1000.0, 2000.0, "planar", "quartic", 100.0, "none")
    surface = bp.Surface._wrap(core)
    level = bp.ripley(at(thrown), radii=RADII, within=lake, intensity=surface)
    plain = bp.ripley(at(thrown), radii=RADII, within=lake)
    np.testing.assert_allclose(level.k, plain.k * (n - 1) / n, rtol=1e-12)
    assert level.without_intensity == 0


def test_what_chance_is_decides(lake, rng):
    """All reports lie in one corner: gathered beside anywhere, not beside each other."""
    reports = 100 + rng.uniform(0, 300, (300, 2)) + [100, 100]
    youth, other = at(reports[:100]), at(reports[100:])
    told = {"radii": [20, 40, 80], "within": lake, "simulations": 99, "seed": 5}
    assert bp.ripley(youth, **told).envelope.p_mad == 0.01
    assert bp.ripley(youth, among=other, **told).envelope.p_mad > 0.05
    assert bp.pair_correlation(youth, **told).envelope.p_rank <= 0.02
    near = bp.nearest_neighbour_functions(youth, among=other, **told)
    assert near.g_envelope.p_dclf > 0.05
    with pytest.raises(bp.ParameterError, match="intensity"):
        bp.ripley(youth, among=other, intensity=500.0, **told)


def test_two_kinds_that_seek_each_other(lake, rng):
    places = rng.uniform(0, 1600, (600, 2))
    bars = places[shapely.contains_xy(shapely.buffer(SHAPE, -50), places)][:100]
    fights = bars + rng.normal(0, 10, bars.shape)
    told = {"radii": [20, 60], "within": lake, "simulations": 99, "seed": 3}
    found = bp.ripley(at(bars), between=at(fights), correction="none", **told)
    ordered = cKDTree(bars).count_neighbors(cKDTree(fights), np.array([20.0, 60.0]))
    np.testing.assert_allclose(found.k, SHAPE.area * ordered / 100**2, rtol=1e-12)
    assert found.envelope.p_rank <= 0.02
    assert found.incidents == 200
    with pytest.raises(bp.ParameterError, match="two questions"):
        bp.ripley(at(bars), between=at(fights), among=at(fights), **told)


def test_refusals_name_what_is_wrong(thrown, lake):
    for options, wrong in [
        ({"radii": [2, 1]}, "radii"),
        ({"radii": [10], "correction": "toroidal"}, "correction"),
        ({"radii": [10], "simulations": 5}, "simulations"),
        ({"radii": [10], "intensity": "dense"}, "intensity"),
        ({"radii": [10], "intensity": -1.0}, "bandwidth"),
    ]:
        with pytest.raises(bp.ParameterError, match=wrong):
            bp.ripley(at(thrown), within=lake, **options)
    with pytest.raises(bp.ParameterError, match="divisor"):
        bp.pair_correlation(at(thrown), radii=[10], within=lake, divisor="x")
    with pytest.raises(bp.InputError, match="pairs need two"):
        bp.ripley(at(thrown + 1e5), radii=[10], within=lake)


def test_curves_are_drawn(thrown, lake):
    pytest.importorskip("matplotlib")
    told = {"radii": RADII, "within": lake, "simulations": 39, "seed": 1}
    found = bp.ripley(at(thrown), **told)
    ax = found.plot()
    np.testing.assert_allclose(ax.lines[1].get_ydata(), found.l - found.radii)
    assert len(ax.collections) == 2
    assert bp.pair_correlation(at(thrown), **told).plot().get_ylabel().startswith("pairs")
    spacing = bp.nearest_neighbour_functions(at(thrown), lattice=500, **told)
    assert spacing.plot(which="j").get_ylabel() == "J"
    with pytest.raises(bp.ParameterError, match="which"):
        spacing.plot(which="k")
    frame = found.to_pandas()
    assert list(frame.columns[:3]) == ["radius", "k", "l"]
    assert (frame["low"] <= frame["high"]).all()
