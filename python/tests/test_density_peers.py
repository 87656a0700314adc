"""Kernel density beside scikit-learn, SciPy and KDEpy, on the robberies of a year in Memphis."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import brandpunt as bp

BANDWIDTH = 900.0


@pytest.fixture
def robberies(shared):
    path = shared / "data/points/memphis_robberies_2019.csv.gz"
    if not path.is_file():
        pytest.skip("the robberies of Memphis are not in ../shared")
    return pd.read_csv(path)[["x", "y"]].to_numpy()


@pytest.fixture
def weights(robberies):
    return np.random.default_rng(3).integers(1, 6, len(robberies)).astype(float)


def surface_of(points, kernel, weight=None, bandwidth=BANDWIDTH, cell_size=500.0):
    incidents = bp.Incidents.from_xy(*points.T, crs="planar", weight=weight)
    return bp.kernel_density(incidents, bandwidth=bandwidth, cell_size=cell_size, kernel=kernel)


def centres(surface):
    x, y = np.meshgrid(surface.x, surface.y)
    return np.column_stack([x.ravel(), y.ravel()])


def assert_same(surface, density, mass, within=1e-12):
    expected = 1e6 * mass * density.reshape(surface.values.shape)
    apart = np.abs(surface.values - expected).max() / expected.max()
    assert apart <= within, apart


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    ("kernel", "name"),
    [("epanechnikov", "epanechnikov"), ("triangular", "linear"), ("gaussian", "gaussian")],
)
def test_scikit_learn_gives_the_same(robberies, weights, kernel, name, weighted):
    neighbors = pytest.importorskip("sklearn.neighbors")
    weight = weights if weighted else None
    surface = surface_of(robberies, kernel, weight)
    peer = neighbors.KernelDensity(bandwidth=BANDWIDTH, kernel=name, rtol=0, atol=0)
    peer.fit(robberies, sample_weight=weight)
    density = np.exp(peer.score_samples(centres(surface)))
    # It keeps logarithms, which cost a few digits.
    mass = weights.sum() if weighted else len(robberies)
    assert_same(surface, density, mass, within=1e-11)


@pytest.mark.parametrize("weighted", [False, True])
def test_scipy_gives_the_same(robberies, weights, weighted):
    stats = pytest.importorskip("scipy.stats")
    weight = weights if weighted else None
    # Its kernel follows the covariance of the points: make that a circle.
    covariance = np.cov(robberies.T, aweights=weight)
    white = np.linalg.solve(np.linalg.cholesky(covariance), (robberies - robberies.mean(axis=0)).T)
    factor, metres = 0.15, 10_000.0
    surface = surface_of(
        metres * white.T, "gaussian", weight, bandwidth=factor * metres, cell_size=900.0
    )
    peer = stats.gaussian_kde(white, bw_method=factor, weights=weight)
    density = peer(centres(surface).T / metres) / metres**2
    assert_same(surface, density, weights.sum() if weighted else len(robberies), within=1e-11)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    ("kernel", "name", "variance"),
    [
        ("quartic", "biweight", 1 / 7),
        ("epanechnikov", "epa", 1 / 5),
        ("triweight", "triweight", 1 / 9),
        ("triangular", "tri", 1 / 6),
        ("gaussian", "gaussian", 1.0),
    ],
)
def test_kdepy_gives_the_same(robberies, weights, kernel, name, variance, weighted):
    kdepy = pytest.importorskip("KDEpy")
    weight = weights if weighted else None
    surface = surface_of(robberies, kernel, weight)
    # It takes the standard deviation of the kernel's profile for a bandwidth, and never gives less
    # than 2e-16, which is nothing for densities per square kilometre.
    peer = kdepy.NaiveKDE(kernel=name, bw=BANDWIDTH / 1000 * np.sqrt(variance))
    grid = centres(surface) / 1000
    order = np.lexsort((grid[:, 1], grid[:, 0]))
    density = np.empty(len(grid))
    density[order] = peer.fit(robberies / 1000, weights=weight).evaluate(grid[order])
    assert_same(surface, density / 1e6, weights.sum() if weighted else len(robberies))
