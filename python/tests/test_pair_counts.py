"""Close pairs that add up from parts, beside NumPy and the table of all at once."""

from __future__ import annotations

import functools
import operator
import pickle

import numpy as np
import pytest

import brandpunt as bp

BANDS = {"distances": [0, 60, 150, np.inf], "days": [0, 4, 15]}


@pytest.fixture
def thrown(rng):
    n = 600
    # At noon, so that an hour more or less for the zone is the same day.
    days = np.datetime64("2020-01-01T12") + 24 * rng.integers(0, 120, n).astype("timedelta64[h]")
    x, y = rng.uniform(0, 2000, (2, n)).round()
    return bp.Incidents.from_xy(x, y, crs="planar", time=days)


def matrices(incidents):
    """Distances and days between all, from the definition."""
    x, y, day = incidents.x, incidents.y, incidents.time.astype("M8[D]").astype(int)
    return np.hypot(x - x[:, None], y - y[:, None]), np.abs(day - day[:, None])


def parts_of(incidents, side, **bands):
    """Squares of this side, each with a halo; a mask at a time."""
    reach = max(edge for edge in bands["distances"] if np.isfinite(edge))
    columns, rows = incidents.x // side, incidents.y // side
    for column, row in sorted(set(zip(columns, rows, strict=True))):
        west, south = column * side, row * side
        near = (np.abs(incidents.x - west - side / 2) <= side / 2 + reach) & (
            np.abs(incidents.y - south - side / 2) <= side / 2 + reach
        )
        part = bp.Incidents.from_xy(
            incidents.x[near], incidents.y[near], crs="planar", time=incidents.time[near]
        )
        own = (columns[near] == column) & (rows[near] == row)
        yield bp.count_pairs(part, own=own, **bands)


def test_parts_add_up_to_the_table_of_all(thrown):
    parts = list(parts_of(thrown, 500, **BANDS))
    assert len(parts) == 16
    whole = bp.count_pairs(thrown, own=np.ones(len(thrown), dtype=bool), **BANDS)
    assert sum(parts) == whole
    assert functools.reduce(operator.add, reversed(parts)) == whole
    assert pickle.loads(pickle.dumps(whole)) == whole
    table, drawn = whole.table(), bp.near_repeat(thrown, permutations=1, **BANDS)
    assert (table.observed == drawn.observed).all()
    assert table.expected == pytest.approx(drawn.expected, rel=1e-12)
    assert (table.used, table.undated) == (600, 0)


def test_moments_are_those_of_the_definition(thrown):
    """Mean and variance over all orders, from sums over pairs of pairs of a few incidents."""
    few = bp.Incidents.from_xy(
        thrown.x[:40] / 8, thrown.y[:40] / 8, crs="planar", time=thrown.time[:40]
    )
    apart, delay = matrices(few)
    table = bp.count_pairs(few, **BANDS).table()
    n, upper = 40, np.triu_indices(40, 1)
    ends = np.array(upper).T
    shared = (ends[:, None, :, None] == ends[None, :, None, :]).any(axis=(2, 3))
    np.fill_diagonal(shared, val=False)
    other = ~shared & ~np.eye(len(ends), dtype=bool)

    def in_band(values, low, high):
        return ((values >= low) & (values < high))[upper]

    for row in range(3):
        near = in_band(apart, *BANDS["distances"][row : row + 2]).astype(float)
        for column in range(2):
            soon = in_band(delay, *BANDS["days"][column : column + 2]).astype(float)
            assert table.observed[row, column] == near @ soon
            mean = near.sum() * soon.sum() / len(ends)
            twice = 0.0
            for kind in (shared, other):
                twice += (near @ kind @ near) * (soon @ kind @ soon) / kind.sum()
            variance = twice + mean - mean**2
            assert table.expected[row, column] == pytest.approx(mean, rel=1e-12)
            assert table.deviation[row, column] == pytest.approx(variance**0.5, rel=1e-9)
    assert n == table.used


def test_p_is_near_the_share_of_the_orders(thrown):
    table = bp.count_pairs(thrown, **BANDS).table()
    drawn = bp.near_repeat(thrown, permutations=1999, seed=4, **BANDS)
    assert table.p == pytest.approx(drawn.p, abs=0.04)
    frame = table.to_pandas()
    assert list(frame.columns[:4]) == ["distance_from", "distance_to", "days_from", "days_to"]
    assert frame["observed"].sum() == table.observed.sum()


def test_an_address_with_a_hundred_thousand_reports_is_no_trouble():
    days = np.datetime64("2020-01-01") + (np.arange(100_000) % 1000).astype("timedelta64[D]")
    one = bp.Incidents.from_xy(np.zeros(100_000), np.zeros(100_000), crs="planar", time=days)
    table = bp.count_pairs(one, distances=[0, 1], days=[0, 1, 2]).table()
    # A hundred on each of a thousand days.
    assert table.observed.tolist() == [[1000 * 100 * 99 // 2, 999 * 100 * 100]]


def test_a_missing_part_is_told(thrown):
    parts = list(parts_of(thrown, 500, **BANDS))
    with pytest.raises(bp.InputError, match="seen from one side only"):
        # Some of the fifteen borders of one part are crossed by an odd number of pairs.
        sum(parts[:5]).table()


def test_what_does_not_belong_together_is_refused(thrown):
    counts = bp.count_pairs(thrown, **BANDS)
    with pytest.raises(bp.InputError, match="different metric"):
        counts + bp.count_pairs(thrown, metric="manhattan", **BANDS)
    with pytest.raises(bp.InputError, match="shape"):
        bp.count_pairs(thrown, own=[True], **BANDS)
    with pytest.raises(bp.InputError, match="bool"):
        bp.count_pairs(thrown, own=np.ones(600), **BANDS)
    with pytest.raises(TypeError):
        counts + 1
