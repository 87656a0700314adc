"""Density along streets: worked by hand, and by walking the streets in Python."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest

import brandpunt as bp

# Five by five blocks of 100 m, as lines from end to end.
LINES = [[(100.0 * i, 100.0 * k) for k in range(6)] for i in range(6)]
LINES += [[(100.0 * k, 100.0 * i) for k in range(6)] for i in range(6)]


@pytest.fixture
def blocks():
    return bp.StreetNetwork.from_lines(LINES, crs="planar")


@pytest.fixture
def scattered(rng):
    return bp.Incidents.from_xy(*rng.uniform(0, 500, (2, 40)), crs="planar")


def upto(v):
    """Mass of the quartic kernel of a line at distances up to v."""
    v = np.clip(v, -1, 1)
    return 0.5 + 15 / 16 * (v - 2 * v**3 / 3 + v**5 / 5)


def walked(x, y, h, split):
    """Mass per side of a block, by walking all ways from a point on a street."""
    mass = {}

    def lay(a, b, near, far, share):
        side = tuple(sorted((a, b)))
        mass[side] = mass.get(side, 0.0) + share * (upto(far / h) - upto(near / h))

    def walk(came, at, far, share):
        if far >= h:
            return
        around = [(at[0] + i, at[1] + j) for i, j in ((0, 1), (1, 0), (0, -1), (-1, 0))]
        around = [n for n in around if min(n) >= 0 and max(n) <= 5]
        d = len(around)
        for to in around:
            if split == "discontinuous":
                part = 0.0 if to == came else 1 / (d - 1)
            else:
                part = 2 / d - (to == came)
            if part * share != 0.0:
                lay(at, to, far, far + 100, share * part)
                walk(at, to, far + 100, share * part)

    # The point lies on a street from west to east.
    west, east = (int(x // 100), int(y // 100)), (int(x // 100) + 1, int(y // 100))
    back, on = x - 100 * west[0], 100 * east[0] - x
    lay(west, east, -back, 0.0, 1.0)
    lay(west, east, 0.0, on, 1.0)
    walk(east, west, back, 1.0)
    walk(west, east, on, 1.0)
    return mass


@pytest.mark.parametrize("split", ["discontinuous", "continuous"])
def test_values_are_those_of_all_walks(blocks, split):
    one = bp.Incidents.from_xy([230.0], [200.0], crs="planar")
    found = bp.network_density(one, blocks, bandwidth=450, lixel=100, split=split)
    expected = walked(230.0, 200.0, 450, split)
    assert len(found) == 60
    for i, value in enumerate(found.values):
        ends = found.corners[[found.ends[i], found.ends[i + 1] - 1]]
        a, b = (tuple(int(v) for v in np.round(end / 100)) for end in ends)
        # Per kilometre of a street of 100 m.
        np.testing.assert_allclose(value, 10 * expected.get(tuple(sorted((a, b))), 0), atol=1e-4)


def test_nothing_is_lost(blocks, scattered):
    for split in ("discontinuous", "continuous"):
        found = bp.network_density(scattered, blocks, bandwidth=150, lixel=20, split=split)
        total = (found.values * found.length).sum() / 1000
        np.testing.assert_allclose(total, 40, rtol=1e-12)
        assert found.beyond == 0
        assert (found.distance <= 50).all()
        assert (found.piece >= 0).all()


def test_incidents_far_from_streets_are_told(blocks):
    some = bp.Incidents.from_xy([50.0, 900.0], [3.0, 900.0], crs="planar")
    found = bp.network_density(some, blocks, bandwidth=100)
    assert found.piece.tolist()[1] == -1
    np.testing.assert_allclose(found.distance, [3, np.hypot(400, 400)])
    assert [(w.code, w.value) for w in found.warnings] == [("outside_all_areas", 1.0)]


def test_networks_come_from_frames_and_files(blocks, scattered, tmp_path):
    geopandas = pytest.importorskip("geopandas")
    shapely = pytest.importorskip("shapely")
    lines = [shapely.LineString(line) for line in LINES]
    frame = geopandas.GeoDataFrame(geometry=[shapely.MultiLineString(lines[:6]), *lines[6:], None])
    made = bp.StreetNetwork.from_geopandas(frame, crs="planar")
    path = tmp_path / "streets.geojson"
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": c}}
        for c in LINES
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    read = bp.StreetNetwork.from_geojson(path, crs="planar")
    expected = bp.network_density(scattered, blocks, bandwidth=200)
    for network in (made, read, pickle.loads(pickle.dumps(blocks))):
        assert (network.streets, network.nodes) == (blocks.streets, 36) == (60, 36)
        found = bp.network_density(scattered, network, bandwidth=200, n_jobs=3)
        assert found.values.tobytes() == expected.values.tobytes()
    points = geopandas.GeoSeries([shapely.Point(0, 0)])
    with pytest.raises(bp.InputError, match="Point"):
        bp.StreetNetwork.from_geopandas(points, crs="planar")
    with pytest.raises(bp.CrsError, match="crs"):
        bp.StreetNetwork.from_geopandas(frame)
    path.write_text('{"type": "Point", "coordinates": [0, 0]}')
    with pytest.raises(bp.InputError, match="not a line"):
        bp.StreetNetwork.from_geojson(path, crs="planar")
    path.write_text("streets")
    with pytest.raises(bp.InputError, match="not GeoJSON"):
        bp.StreetNetwork.from_geojson(path, crs="planar")


def test_results_travel_and_are_drawn(blocks, scattered):
    geopandas = pytest.importorskip("geopandas")
    pyplot = pytest.importorskip("matplotlib.pyplot")
    found = bp.network_density(scattered, blocks, bandwidth=200, lixel=30)
    back = pickle.loads(pickle.dumps(found))
    assert back.values.tobytes() == found.values.tobytes()
    assert not back.values.flags.writeable
    frame = found.to_geopandas()
    assert isinstance(frame, geopandas.GeoDataFrame)
    np.testing.assert_allclose(frame.length, found.length)
    np.testing.assert_array_equal(frame["values"], found.values)
    assert len(found.plot().collections) == 1
    pyplot.close("all")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"bandwidth": 0}, "bandwidth"),
        ({"lixel": -1}, "lixel"),
        ({"farthest": 0}, "farthest"),
        ({"kernel": "gaussian"}, "quartic"),
        ({"split": "plain"}, "continuous"),
    ],
)
def test_what_makes_no_sense_is_refused(blocks, scattered, options, said):
    with pytest.raises(bp.ParameterError, match=said):
        bp.network_density(scattered, blocks, **{"bandwidth": 200} | options)


def test_two_systems_and_no_lines_are_refused(blocks):
    other = bp.Incidents.from_xy([143_000.0], [486_000.0], crs=28992)
    with pytest.raises(bp.InputError, match="convert one"):
        bp.network_density(other, blocks, bandwidth=100)
    for lines in ([], [[(0, 0)]], [[(0, 0), (0.1, 0)]]):
        with pytest.raises(bp.InputError, match="streets"):
            bp.StreetNetwork.from_lines(lines, crs="planar")
    with pytest.raises(bp.CrsError):
        bp.StreetNetwork.from_lines(LINES, crs=4326)
    with pytest.raises(bp.InputError, match="shape"):
        bp.StreetNetwork.from_lines([[1.0, 2.0]], crs="planar")
