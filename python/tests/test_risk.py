"""Relative risk: what NumPy makes of the definitions."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from scipy.stats import norm

import brandpunt as bp


@pytest.fixture
def square():
    shapely = pytest.importorskip("shapely")
    geopandas = pytest.importorskip("geopandas")
    frame = geopandas.GeoDataFrame({"code": ["square"]}, geometry=[shapely.box(0, 0, 2000, 2000)])
    return bp.Neighbourhoods.from_geopandas(frame, code="code", crs="planar")


@pytest.fixture
def sets(rng):
    cases = bp.Incidents.from_xy(*rng.uniform(0, 2000, (2, 120)), crs="planar")
    controls = bp.Incidents.from_xy(*rng.uniform(0, 2000, (2, 200)), crs="planar")
    return cases, controls


def kernels(surface, incidents, h):
    """Normal kernels of all incidents at all cells, per square kilometre."""
    x, y = np.meshgrid(surface.x, surface.y)
    d2 = (x[..., None] - incidents.x) ** 2 + (y[..., None] - incidents.y) ** 2
    return 1e6 * np.exp(-d2 / (2 * h * h)) / (2 * np.pi * h * h)


def test_log_ratio_and_z_are_those_of_the_definition(sets, square):
    h = 250.0
    options = {"bandwidth": h, "cell_size": 100, "kernel": "gaussian", "within": square}
    # The last cells begin on the border and have their centres beyond it.
    risk = bp.relative_risk(*sets, extent=(0, 0, 1999, 1999), **options)
    assert risk.edge == "uniform"
    assert (risk.reason == "").all()

    def inside(h):
        def along(v):
            return norm.cdf((2000 - v) / h) - norm.cdf(-v / h)

        return along(risk.y)[:, None] * along(risk.x)

    f, g = (kernels(risk, s, h).mean(axis=-1) / inside(h) for s in sets)
    np.testing.assert_allclose(risk.ratio, f / g, rtol=1e-9)
    np.testing.assert_allclose(risk.values, np.log(f / g), rtol=1e-8, atol=1e-9)
    pooled = (120 * f + 200 * g) / 320 / 1e6
    r = inside(h / np.sqrt(2)) / (4 * np.pi * inside(h) ** 2)
    z = np.log(f / g) / np.sqrt(r * (1 / 120 + 1 / 200) / (h * h * pooled))
    np.testing.assert_allclose(risk.z, z, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(risk.p, 2 * norm.sf(np.abs(z)), rtol=1e-7)
    np.testing.assert_allclose(risk.p_greater, norm.sf(z), rtol=1e-7)
    np.testing.assert_allclose(risk.q.ravel(), bp.adjust_p(risk.p.ravel()), rtol=1e-12)


def test_the_log_ratio_is_that_of_scikit_learn(sets):
    neighbors = pytest.importorskip("sklearn.neighbors")
    risk = bp.relative_risk(*sets, bandwidth=250, cell_size=100, kernel="gaussian", floor=1e-6)
    x, y = np.meshgrid(risk.x, risk.y)
    centres = np.column_stack([x.ravel(), y.ravel()])
    scores = []
    for one in sets:
        peer = neighbors.KernelDensity(bandwidth=250, kernel="gaussian", rtol=1e-12)
        scores.append(peer.fit(np.column_stack([one.x, one.y])).score_samples(centres))
    expected = (scores[0] - scores[1]).reshape(x.shape)
    # Where cases are next to none, the log ratio is that of the floor.
    known = (risk.reason == "") & (1e6 * np.exp(scores[0]).reshape(x.shape) > 1e-6)
    assert known.sum() > 500
    np.testing.assert_allclose(risk.values[known], expected[known], atol=1e-8)


def test_simulated_tails_are_those_of_numpy(sets, rng):
    h = 300.0
    options = {"bandwidth": h, "cell_size": 250, "kernel": "gaussian", "extent": (0, 0, 1999, 1999)}
    risk = bp.relative_risk(
        *sets, tolerance="monte_carlo", permutations=4999, seed=1, floor=1e-9, **options
    )
    both = np.concatenate([kernels(risk, s, h) for s in sets], axis=-1)
    observed = both[..., :120].sum(axis=-1)
    drawn = np.array([both[..., rng.permutation(320)[:120]].sum(axis=-1) for _ in range(2000)])
    np.testing.assert_allclose(risk.p_greater, (drawn >= observed).mean(axis=0), atol=0.06)
    np.testing.assert_allclose(risk.p_less, (drawn <= observed).mean(axis=0), atol=0.06)
    assert (risk.p == np.minimum(1, 2 * np.minimum(risk.p_less, risk.p_greater))).all()
    # The map as a whole stands out no more easily than a single cell does.
    assert (risk.p_max >= np.minimum(risk.p_less, risk.p_greater) - 0.03).all()


def test_a_planted_excess_is_found_and_drawn(rng, square):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    controls = bp.Incidents.from_xy(*rng.uniform(0, 2000, (2, 3000)), crs="planar")
    x, y = rng.uniform(0, 2000, (2, 1200))
    x[:150], y[:150] = rng.normal(500, 60, 150), rng.normal(1500, 60, 150)
    cases = bp.Incidents.from_xy(x, y, crs="planar")
    risk = bp.relative_risk(cases, controls, bandwidth=300, cell_size=50, within=square)
    row, col = np.unravel_index(np.nanargmax(risk.z), risk.z.shape)
    assert np.hypot(risk.x[col] - 500, risk.y[row] - 1500) < 100
    assert np.nanmin(risk.q) < 1e-6
    assert risk.at([[500.0, 1500.0], [-5.0, 0.0]])[0] > 1
    assert np.isnan(risk.at([[-5.0, 0.0]])[0])
    ax = risk.plot(level=0.01)
    assert len(ax.images) == 1
    assert len(ax.collections) >= 1
    pyplot.close("all")


def test_people_as_controls(sets, rng):
    cases, homes = sets
    people = bp.Incidents.from_xy(
        homes.x, homes.y, crs="planar", weight=rng.integers(1, 90, len(homes))
    )
    options = {"bandwidth": 400, "cell_size": 200, "floor": 1e-6}
    risk = bp.relative_risk(cases, people, **options)
    weights = people.to_geopandas()["weight"].to_numpy()
    extent = (risk.x[0], risk.y[-1], risk.x[-1], risk.y[0])
    f, g = (
        bp.kernel_density(s, bandwidth=400, cell_size=200, extent=extent) for s in (cases, people)
    )
    open_cells = risk.reason == ""
    expected = (f.values[open_cells] / 120) / (g.values[open_cells] / weights.sum())
    np.testing.assert_allclose(risk.ratio[open_cells], expected, rtol=1e-9)


def test_results_travel_and_are_read_only(sets):
    options = {"bandwidth": 300, "cell_size": 100, "adaptive": "abramson"}
    risk = bp.relative_risk(*sets, tolerance="monte_carlo", permutations=19, seed=3, **options)
    assert repr(risk).startswith("<RiskSurface: ")
    assert risk.adaptive == "abramson"
    assert "p_resolution_insufficient" in {note.code for note in risk.warnings}
    again = bp.relative_risk(
        *sets, tolerance="monte_carlo", permutations=19, seed=3, n_jobs=3, **options
    )
    back = pickle.loads(pickle.dumps(risk))
    for other in (again, back):
        assert other.p.tobytes() == risk.p.tobytes()
        assert other.p_max.tobytes() == risk.p_max.tobytes()
        assert not other.values.flags.writeable
    xarray = pytest.importorskip("xarray")
    dataset = risk.to_xarray()
    assert isinstance(dataset, xarray.Dataset)
    assert dataset["p_max"].shape == risk.values.shape
    assert dataset.attrs["adaptive"] == "abramson"
    assert (np.isnan(risk.values) == (risk.reason != "")).all()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"tolerance": "exact"}, "monte_carlo"),
        ({"floor": -1}, "floor"),
        ({"edge": "uniform"}, "within"),
        ({"correction": "all"}, "fdr"),
        ({"permutations": 0, "tolerance": "monte_carlo"}, "permutations"),
        ({"extent": (0, 1)}, "extent"),
        ({"kernel": "box"}, "quartic"),
    ],
)
def test_what_makes_no_sense_is_refused(sets, options, said):
    with pytest.raises(bp.ParameterError, match=said):
        bp.relative_risk(*sets, bandwidth=300, cell_size=100, **options)


def test_two_systems_are_refused(sets):
    other = bp.Incidents.from_xy([143_000.0], [486_000.0], crs=28992)
    with pytest.raises(bp.InputError, match="convert one"):
        bp.relative_risk(sets[0], other, bandwidth=300, cell_size=100)
