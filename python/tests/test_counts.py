"""Counting: every incident once, the same as geopandas, the same for any number of threads."""

from __future__ import annotations

import pickle

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import brandpunt as bp


def test_counts_are_those_of_a_spatial_join(incidents, hoods, tiles):
    counts = bp.count(incidents, hoods)
    assert counts.values.dtype == np.int64
    joined = gpd.sjoin(incidents.to_geopandas(), tiles, predicate="within")
    expected = joined.groupby("index_right").size().reindex(tiles.index, fill_value=0)
    np.testing.assert_array_equal(counts.values, expected)
    assert counts.values.sum() + counts.outside == len(incidents)
    assert counts.outside > 0
    frame = counts.to_pandas()
    assert frame.index.tolist() == tiles.index.tolist()
    assert frame["code"].tolist() == tiles["code"].tolist()


def test_a_point_on_a_border_counts_once(hoods):
    corner = bp.Incidents.from_xy([141_000.0], [481_000.0], crs=28992)
    edge = bp.Incidents.from_xy([141_000.0], [480_500.0], crs=28992)
    assert bp.count(corner, hoods).values.sum() == 1
    assert bp.count(edge, hoods).values.sum() == 1


def test_months_are_those_of_pandas(incidents, hoods):
    monthly = bp.count(incidents, hoods, step="month")
    assert monthly.values.shape == (12, 24)
    assert monthly.periods[0] == "2017-01"
    np.testing.assert_array_equal(monthly.values.sum(axis=1), bp.count(incidents, hoods).values)
    local = pd.DatetimeIndex(incidents.time).tz_localize("UTC").tz_convert("Europe/Amsterdam")
    expected = pd.Series(1, index=local.strftime("%Y-%m")).groupby(level=0).sum()
    total = monthly.values.sum(axis=0) + monthly.outside
    assert dict(zip(monthly.periods, total.tolist(), strict=True)) == expected.to_dict()
    np.testing.assert_array_equal(monthly.starts[1:], monthly.ends[:-1])
    assert monthly.starts[0] == np.datetime64("2016-12-31T23:00")
    assert monthly.to_pandas().columns.tolist() == ["code", *monthly.periods]


def test_counts_of_parts_add_up(incidents, hoods):
    parts = [incidents.select(categories=[c]) for c in ("E35", "M22", "F13")]
    whole = bp.count(incidents, hoods)
    total = sum((bp.count(p, hoods) for p in parts[1:]), bp.count(parts[0], hoods))
    np.testing.assert_array_equal(total.values, whole.values)
    assert total.outside == whole.outside
    with pytest.raises(bp.InputError, match="area_mismatch"):
        _ = whole + bp.count(incidents, hoods, step="year")
    with pytest.raises(TypeError):
        _ = whole + 1


@pytest.mark.parametrize("n_jobs", [1, 2, 3, 7])
def test_threads_change_nothing(incidents, hoods, n_jobs):
    counts = bp.count(incidents, hoods, step="week", n_jobs=n_jobs)
    assert counts.values.tobytes() == bp.count(incidents, hoods, step="week").values.tobytes()


def test_counts_survive_a_pickle(incidents, hoods):
    counts = bp.count(incidents, hoods, step="year")
    back = pickle.loads(pickle.dumps(counts))
    np.testing.assert_array_equal(back.values, counts.values)
    assert back.periods == counts.periods
    with pytest.raises(ValueError, match="read-only"):
        back.values[0] = 1


def test_what_cannot_be_counted_is_said(incidents, hoods):
    with pytest.raises(bp.ParameterError, match="step"):
        bp.count(incidents, hoods, step="fortnight")
    with pytest.raises(bp.InputError, match="crs_mismatch"):
        bp.count(incidents.to_crs(4326), hoods)
    timeless = bp.Incidents.from_xy(incidents.x, incidents.y, crs=28992)
    with pytest.raises(bp.InputError, match="missing_time"):
        bp.count(timeless, hoods, step="year")
