"""Density in space and time: plain sums in NumPy, and what a slice may know."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import brandpunt as bp

START = np.datetime64("2024-01-01T00:00:00")


def days(numbers):
    """Moments so many days after the start, in UTC."""
    seconds = np.round(np.asarray(numbers) * 86_400).astype("m8[s]")
    pandas = pytest.importorskip("pandas")
    return pandas.Series(START + seconds).dt.tz_localize("UTC")


@pytest.fixture
def when(rng):
    # Whole seconds.
    return np.round(rng.uniform(0, 100, 300) * 86_400) / 86_400


@pytest.fixture
def few(rng, when):
    x, y = rng.uniform(140_000, 142_000, 300), rng.uniform(486_000, 488_000, 300)
    return bp.Incidents.from_xy(x, y, crs=28992, time=days(when))


@pytest.mark.parametrize("prospective", [False, True])
def test_values_are_the_sum_of_kernels(few, when, prospective):
    at = [10.0, 55.5, 110.0]
    found = bp.space_time_density(
        few,
        bandwidth=400,
        days=20,
        cell_size=200,
        times=days(at),
        prospective=prospective,
        kernel="gaussian",
        time_kernel="epanechnikov",
    )
    x, y = np.meshgrid(found.x, found.y)
    d2 = (x[..., None] - few.x) ** 2 + (y[..., None] - few.y) ** 2
    space = 1e6 * np.exp(-d2 / (2 * 400**2)) / (2 * np.pi * 400**2)
    v = (np.array(at)[:, None] - when) / 20
    time = np.maximum(0, 0.75 * (1 - v**2)) / 20
    if prospective:
        time = np.where(v >= 0, 2 * time, 0)
    expected = np.einsum("rci,ti->trc", space, time)
    np.testing.assert_allclose(found.values, expected, rtol=1e-6, atol=1e-9 * expected.max())
    assert found.values.shape == (3, *x.shape)
    np.testing.assert_array_equal(found.times, days(at).dt.tz_localize(None).to_numpy("M8[s]"))


def test_the_whole_is_the_number(few):
    found = bp.space_time_density(
        few, bandwidth=300, days=10, cell_size=25, times=days(np.arange(-10, 110, 0.5))
    )
    np.testing.assert_allclose(found.values.sum() * 0.025**2 * 0.5, 300, rtol=1e-3)


def test_a_window_is_corrected(few):
    options = {"bandwidth": 500, "days": 20, "cell_size": 200, "times": days([0.0, 50.0])}
    plain = bp.space_time_density(few, **options)
    zone = "+00:00"
    window = {"since": f"2024-01-01T00:00:00{zone}", "until": f"2024-04-10T00:00:00{zone}"}
    corrected = bp.space_time_density(few, **options, **window)
    # At the first second, half of the kernel in time was watched.
    np.testing.assert_allclose(corrected.values[0], 2 * plain.values[0], rtol=1e-9)
    np.testing.assert_allclose(corrected.values[1], plain.values[1], rtol=1e-9)
    shorter = {**window, "until": f"2024-03-01T00:00:00{zone}"}
    (told,) = bp.space_time_density(few, **options, **shorter).warnings
    assert told.code == "times"
    assert told.value == (few.time >= np.datetime64("2024-03-01")).sum()


def test_slices_travel_and_are_read_only(few, when):
    found = bp.space_time_density(few, bandwidth=400, days=15, cell_size=100, step=30)
    assert len(found) == np.floor((when.max() - when.min()) / 30) + 1
    last = found.slice(-1)
    assert isinstance(last, bp.Surface)
    np.testing.assert_array_equal(last.values, found.values[-1])
    np.testing.assert_array_equal(last.x, found.x)
    np.testing.assert_array_equal(last.y, found.y)
    back = pickle.loads(pickle.dumps(found))
    assert back.values.tobytes() == found.values.tobytes()
    assert not back.values.flags.writeable
    assert not found.times.flags.writeable
    again = bp.space_time_density(few, bandwidth=400, days=15, cell_size=100, step=30, n_jobs=3)
    assert again.values.tobytes() == found.values.tobytes()
    assert repr(found).startswith("<SpaceTimeSurface: 4 times, ")
    xarray = pytest.importorskip("xarray")
    array = found.to_xarray()
    assert isinstance(array, xarray.DataArray)
    assert array.dims == ("time", "y", "x")
    with pytest.raises(bp.ParameterError, match="no slice 4"):
        found.slice(4)


def test_incidents_without_a_time_are_told():
    time = ["2024-01-05T12:00", None, "2024-01-09T12:00"]
    some = bp.Incidents.from_xy([0.0, 10.0, 20.0], [0.0] * 3, crs="planar", time=time)
    found = bp.space_time_density(some, bandwidth=100, days=7, cell_size=20)
    assert found.untimed == 1
    assert [(w.code, w.value) for w in found.warnings] == [("times", 1.0)]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"days": 0}, "days"),
        ({"step": -1}, "step"),
        ({"step": 1, "times": ["2024-01-01"]}, "leave one out"),
        ({"times": np.array([], dtype="M8[s]")}, "times"),
        ({"since": "2024-01-01"}, "both or none"),
        ({"since": "2024-02-01", "until": "2024-01-01"}, "until"),
        ({"step": 1e-6}, "fewer than"),
        ({"edge": "uniform"}, "within"),
        ({"time_kernel": "box"}, "quartic"),
    ],
)
def test_what_makes_no_sense_is_refused(few, options, said):
    options = {"bandwidth": 300, "days": 10, "cell_size": 100} | options
    with pytest.raises(bp.ParameterError, match=said):
        bp.space_time_density(few, **options)


def test_times_are_needed(incidents):
    timeless = bp.Incidents.from_xy(incidents.x, incidents.y, crs=28992)
    with pytest.raises(bp.InputError, match="time"):
        bp.space_time_density(timeless, bandwidth=300, days=10, cell_size=100)
