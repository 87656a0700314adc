"""Reading and counting in parts gives what reading and counting at once gives."""

from __future__ import annotations

import pickle

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import brandpunt as bp


@pytest.fixture(scope="module")
def city():
    return bp.synthetic_city(4_000, seed=5, n_neighbourhoods=30)


@pytest.fixture(scope="module")
def table(city):
    incidents = city.incidents
    return pa.table(
        {
            "x": incidents.x,
            "y": incidents.y,
            "t": pa.array(incidents.time, pa.timestamp("s", "UTC")),
            "soort": pa.array(incidents.category.tolist()),
        }
    )


def files(folder, city, table):
    pq.write_table(table, folder / "reports.parquet", row_group_size=700)
    frame = city.incidents.to_pandas()
    frame.to_csv(folder / "reports.csv", index=False)
    return [folder / "reports.parquet", folder / "reports.csv"]


@pytest.mark.parametrize("step", [None, "month"])
def test_batches_count_like_the_whole(tmp_path, city, table, step):
    whole = bp.count(city.incidents, city.neighbourhoods, step=step)
    options = {"time": "time", "category": "category"}
    for path in files(tmp_path, city, table):
        named = {"time": "t", "category": "soort"} if path.suffix == ".parquet" else options
        batches = bp.read_batches(path, crs="EPSG:28992", batch_rows=900, **named)
        parts = list(batches)
        assert len(parts) > 2
        assert batches.rows_in == 4_000
        assert batches.share_read == 1.0
        rows = np.concatenate([part.row for part in parts])
        assert (np.diff(rows) == 1).all()
        tally = bp.count_batches(parts, city.neighbourhoods, step=step, by_category=True)
        assert tally.counts() == whole
        theme = city.incidents.select(theme="youth_nuisance")
        own = bp.count(theme, city.neighbourhoods)
        found = tally.counts(theme="youth_nuisance")
        assert (found.values.reshape(30, -1).sum(axis=1) == own.values).all()


def test_a_stream_of_arrow_is_read_batch_by_batch(city, table):
    batches = bp.read_batches(table, crs=28992, batch_rows=1_500)
    assert [len(part) for part in batches] == [1_500, 1_500, 1_000]
    tally = bp.count_batches(
        bp.read_batches(table.to_reader(max_chunksize=333), crs=28992), city.neighbourhoods
    )
    assert tally.incidents == 4_000


def test_geoparquet_tells_its_system(tmp_path, city):
    city.incidents.to_geopandas().to_parquet(tmp_path / "reports.parquet")
    tally = bp.count_batches(tmp_path / "reports.parquet", city.neighbourhoods)
    assert tally.counts() == bp.count(city.incidents, city.neighbourhoods)


@pytest.mark.parametrize(
    "kind", ["datetime64[s]", "datetime64[ms]", "datetime64[us]", "datetime64[ns]"]
)
def test_times_of_any_unit_are_the_same_moments(kind):
    moments = np.array(["1969-12-31T23:59:59", "2024-07-01T12:00:00", "NaT"], "M8[s]")
    table = pa.table(
        {
            "x": [1.0] * 3,
            "y": [2.0] * 3,
            "t": pa.array(moments.astype(kind)).cast(pa.timestamp(kind[11:-1], "UTC")),
        }
    )
    (part,) = bp.read_batches(table, crs="planar", time="t")
    assert np.array_equal(part.time, moments, equal_nan=True)


def test_local_times_are_those_of_from_xy():
    moments = np.array(["2024-07-01T12:00:00", "2024-01-01T12:00:00"], "M8[us]")
    table = pa.table({"x": [1.0] * 2, "y": [2.0] * 2, "t": moments})
    (part,) = bp.read_batches(table, crs="planar", time="t")
    same = bp.Incidents.from_xy([1.0] * 2, [2.0] * 2, crs="planar", time=moments)
    assert (part.time == same.time).all()


def test_rejected_rows_are_counted_with_reasons(city):
    x = city.incidents.x.copy()
    x[::100] = np.nan
    x[1::400] = 9e8
    table = pa.table({"x": x, "y": city.incidents.y})
    tally = bp.count_batches(bp.read_batches(table, crs=28992, batch_rows=250), city.neighbourhoods)
    assert dict(zip(*tally.rejected.to_dict("list").values(), strict=True)) == {
        "non_finite_coordinate": 40,
        "outside_crs_bounds": 10,
    }
    assert tally.rows_in == 4_000
    assert tally.incidents == 3_950
    with pytest.raises(bp.InputError, match="50 of 4000 rows: 40 non_finite_coordinate, 10"):
        list(bp.read_batches(table, crs=28992, max_rejected_share=0.01))
    with pytest.raises(bp.InputError, match="row 0: non_finite_coordinate"):
        next(bp.read_batches(table, crs=28992, on_bad_rows="error"))


def test_tallies_travel_and_refuse_others(city):
    tally = bp.count_batches([city.incidents], city.neighbourhoods, step="year")
    again = pickle.loads(pickle.dumps(tally))
    assert again == tally
    assert sum([again, tally]).incidents == 8_000
    other = bp.synthetic_city(100, seed=6, n_neighbourhoods=30)
    with pytest.raises(bp.InputError, match="area_mismatch"):
        tally + bp.count_batches([other.incidents], other.neighbourhoods, step="year")
    with pytest.raises(bp.InputError, match="part_mismatch"):
        tally + bp.count_batches([city.incidents], city.neighbourhoods)
    with pytest.raises(bp.InputError, match="missing_column"):
        tally.counts(theme="youth_nuisance")
    counts = bp.count(city.incidents, city.neighbourhoods)
    with pytest.raises(bp.InputError, match="area_mismatch"):
        counts + bp.count(other.incidents, other.neighbourhoods)


def test_progress_tells_rows_per_second(city, table):
    heard = []
    bp.count_batches(
        bp.read_batches(table, crs=28992, batch_rows=2_000),
        city.neighbourhoods,
        progress=lambda stage, _share: heard.append(stage),
    )
    assert len(heard) == 2
    assert all("rows per second" in stage for stage in heard)


def test_persons_are_refused_in_batches_too():
    table = pa.table({"x": [1.0], "y": [2.0], "bsn": ["123456782"]})
    with pytest.raises(bp.InputError, match="person_data"):
        list(bp.read_batches(table, crs="planar", id="bsn"))
