"""A window that slides along is what the batch gives."""

from __future__ import annotations

import pickle
import threading
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

import brandpunt as bp

NOW = datetime(2024, 12, 31, tzinfo=UTC)


@pytest.fixture(scope="module")
def city():
    return bp.synthetic_city(3_000, seed=11, n_neighbourhoods=24)


def opened(city, **options):
    window = bp.LiveWindow(
        city.neighbourhoods, length=timedelta(days=200), now=NOW, cell_size=200, **options
    )
    recent = city.incidents.select(start=NOW - timedelta(days=199), end=NOW)
    return window, recent


def test_a_picture_is_what_the_batch_gives(city):
    window, recent = opened(city)
    arrived = window.insert_all(recent)
    assert (arrived.tickets >= 0).all()
    assert arrived.rejected.empty
    gone = arrived.tickets[::3]
    assert all(window.remove(int(ticket)) for ticket in gone)
    assert not window.remove(int(gone[0]))
    kept = np.ones(len(recent), dtype=bool)
    kept[::3] = False
    rest = bp.Incidents.from_xy(recent.x[kept], recent.y[kept], crs=recent.crs)
    view = window.publish()
    assert view.incidents == len(rest) == len(window)
    assert (view.count == bp.count(rest, city.neighbourhoods).values).all()
    batch = bp.hotspots(rest, city.neighbourhoods, theme=None, cell_size=200)
    cells, own = batch.cells, view.cells
    for column in ("row", "col", "count", "hotspot_class"):
        assert (cells[column] == own[column]).all(), column
    assert np.array_equal(cells["gi_q"], own["gi_q"], equal_nan=True)
    surface = bp.kernel_density(rest, bandwidth=300, cell_size=200, extent=city.neighbourhoods)
    assert np.abs(surface.values - view.surface.values).max() <= 1e-9 * surface.values.max()


def test_a_snapshot_comes_back_in_another_process(city):
    window, recent = opened(city)
    window.insert_all(recent)
    snapshot = pickle.loads(pickle.dumps(window.snapshot()))
    again = bp.LiveWindow.restore(snapshot, city.neighbourhoods)
    assert again.snapshot() == window.snapshot()
    assert again.publish() == window.publish()
    window.advance(NOW + timedelta(days=30))
    again.advance(NOW + timedelta(days=30))
    assert again.publish() == window.publish()
    other = bp.synthetic_city(100, seed=12, n_neighbourhoods=24)
    with pytest.raises(bp.InputError, match="area_mismatch"):
        bp.LiveWindow.restore(snapshot, other.neighbourhoods)


def test_alarms_tell_what_is_unusual(city):
    usual = bp.count(city.incidents, city.neighbourhoods)
    span = city.incidents.time.max() - city.incidents.time.min()
    window, recent = opened(city, reference=(usual.values, span), false_alarm_rate=0.01)
    window.insert_all(recent)
    calm = window.publish()
    assert np.isfinite(calm.p).all()
    busiest = int(np.argmax(calm.threshold - calm.count))
    assert not calm.alert[busiest]
    inside = city.neighbourhoods.to_geopandas().representative_point().iloc[busiest]
    for _ in range(int(calm.threshold[busiest] - calm.count[busiest])):
        window.insert(inside.x, inside.y, time=NOW - timedelta(hours=1))
    view = window.publish()
    assert view.alert[busiest]
    assert view.p[busiest] <= 0.01 / 24
    assert view.to_pandas()["alert"].sum() == view.alert.sum()
    with pytest.raises(bp.ParameterError, match="give one"):
        opened(city, expected=usual.values, reference=(usual.values, span))


def test_many_threads_read_while_one_writes(city):
    window, recent = opened(city)
    failures, done = [], threading.Event()

    def read():
        last = -1
        while not done.is_set():
            view = window.latest()
            if view.changes < last or view.count.sum() + view.outside != view.incidents:
                failures.append(view)
            last = view.changes

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    times = recent.time.astype(datetime)
    for x, y, time in zip(recent.x[:60], recent.y[:60], times[:60], strict=True):
        window.insert(x, y, time=time.replace(tzinfo=UTC))
        window.publish(n_jobs=1)
    done.set()
    for thread in threads:
        thread.join()
    assert not failures
    assert window.latest().incidents == 60


def test_what_cannot_be_held_is_told(city):
    window, recent = opened(city)
    x, y = recent.x[0], recent.y[0]
    with pytest.raises(bp.InputError, match="date_in_future"):
        window.insert(x, y, time=NOW + timedelta(seconds=1))
    with pytest.raises(bp.InputError, match="outside_window"):
        window.insert(x, y, time=NOW - timedelta(days=300))
    with pytest.raises(bp.ParameterError, match="does not go back"):
        window.advance(NOW - timedelta(days=1))
    with pytest.raises(bp.ParameterError, match="timedelta"):
        bp.LiveWindow(city.neighbourhoods, length=7, now=NOW)
    arrived = window.insert_all(city.incidents)
    refused = arrived.tickets < 0
    assert refused.sum() == len(arrived.rejected) > 1_000
    assert set(arrived.rejected["reason"]) == {"outside_window"}
