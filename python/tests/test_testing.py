"""What users' own tests can lean on."""

from __future__ import annotations

import numpy as np
import pytest

import brandpunt as bp
from brandpunt import testing


def test_the_city_is_always_the_same_in_every_form():
    incidents, areas = testing.city(300)
    columns, (points, polygons) = testing.columns(300), testing.frames(300)
    assert testing.city(300).incidents is incidents
    assert testing.city(300, seed=1).incidents != incidents
    np.testing.assert_array_equal(columns["x"], incidents.x)
    np.testing.assert_array_equal(bp.Incidents.from_xy(**columns, crs=28992).time, incidents.time)
    columns["x"][:] = 0  # an array of one's own
    np.testing.assert_array_equal(points.geometry.y, incidents.y)
    assert points.crs == polygons.crs == "EPSG:28992"
    np.testing.assert_array_equal(
        bp.Neighbourhoods.from_any(polygons).population, areas.exposure("inhabitants", year=2024)
    )
    assert bp.count(points, polygons).values.tolist() == bp.count(incidents, areas).values.tolist()


def test_what_differs_is_named():
    values = bp.count(*testing.city())
    weights = bp.Weights.queen(testing.city().neighbourhoods).include_self()
    one, other = (
        bp.gi_star(values, weights),
        bp.gi_star(values.values + (values.values == 9), weights),
    )
    testing.assert_equal(one, bp.gi_star(values, weights))
    testing.assert_equal((1.0, np.nan), (1.0, np.nan))
    with pytest.raises(AssertionError, match=r"not the same in .*p_greater.*statistic"):
        testing.assert_equal(one, other)
    with pytest.raises(AssertionError, match="not the same:"):
        testing.assert_equal(one, 3)


def test_close_is_close_and_no_more():
    surface = bp.kernel_density(testing.city().incidents, bandwidth=300, cell_size=100)
    half = bp.kernel_density(
        testing.city().incidents.select(end="2020-01-01"),
        bandwidth=300,
        cell_size=100,
        extent=surface.bounds,
    )
    rest = bp.kernel_density(
        testing.city().incidents.select(start="2020-01-01"),
        bandwidth=300,
        cell_size=100,
        extent=surface.bounds,
    )
    whole = bp.kernel_density(
        testing.city().incidents, bandwidth=300, cell_size=100, extent=surface.bounds
    )
    testing.assert_close(half + rest, whole, rtol=1e-12, atol=1e-9)
    with pytest.raises(AssertionError, match="values"):
        testing.assert_close(half, whole)
    with pytest.raises(AssertionError, match="Mismatch"):
        testing.assert_close([1.0, 2.0], [1.0, 2.1])
    testing.assert_close([1.0, 2.0], [1.0, 2.0 + 1e-12])


def test_frames_within_results_are_compared_column_by_column():
    results = [
        bp.hotspots(*testing.frames(800), theme=None, cell_size=300, bandwidth=metres)
        for metres in (400, 400 + 1e-9, 500)
    ]
    testing.assert_close(results[0].neighbourhoods, results[1].neighbourhoods, rtol=1e-6)
    with pytest.raises(AssertionError, match="density_mean"):
        testing.assert_close(results[0].neighbourhoods, results[2].neighbourhoods)
    with pytest.raises(AssertionError):
        testing.assert_close(results[0].neighbourhoods, results[0].cells)


def test_calls_that_draw_without_a_seed_are_not_reproducible():
    weights = bp.Weights.lattice((6, 6)).include_self()
    values = np.arange(36) % 7
    call = {"inference": "permutation", "permutations": 99}
    testing.assert_reproducible(bp.gi_star, values, weights, seed=1, **call)
    with pytest.raises(AssertionError, match="not the same"):
        testing.assert_reproducible(bp.gi_star, values, weights, **call)
