"""Frames of Dask give what one process gives."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from conftest import BANDS

import brandpunt as bp

dd = pytest.importorskip("dask.dataframe", reason="dask is not here; make test-engines has it")
distributed = pytest.importorskip("distributed", reason="dask.distributed is not here")

from brandpunt import dask  # noqa: E402 - only where dask is

# Warnings of the engine about itself are none of ours.
pytestmark = [
    pytest.mark.filterwarnings("default"),
    pytest.mark.timeout(900),
    pytest.mark.usefixtures("cluster"),
]


@pytest.fixture(scope="module")
def cluster():
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None
        ) as workers,
        distributed.Client(workers) as client,
    ):
        yield client


def test_counts_are_those_of_one_process(reports):
    frame = dd.read_parquet(reports.path, split_row_groups=5)
    assert frame.npartitions > 2
    tally = dask.count(frame, reports.areas, time="t", step="month")
    assert tally.counts() == reports.months()
    assert dict(tally._core.rejected) == reports.rejected
    assert tally.rows_in == len(reports.incidents) + 100


def test_hotspots_are_those_of_one_process(reports):
    frame = dd.read_parquet(reports.path, split_row_groups=5)
    found, tally = dask.hotspots(frame, reports.areas, theme="youth_nuisance", category="soort")
    own = found.neighbourhoods
    for name, column in reports.classes("youth_nuisance").items():
        assert np.array_equal(column, own[name], equal_nan=name not in ("code",)), name
    assert tally.by_category


def test_density_is_that_of_one_process(few):
    frame = dd.read_parquet(few.path).repartition(npartitions=5)
    options = {"bandwidth": 400, "cell_size": 100, "extent": few.areas}
    whole = bp.kernel_density(few.incidents, **options)
    parts = dask.density(frame, **options)
    assert np.abs(parts.values - whole.values).max() <= 1e-12 * whole.values.max()


def test_a_worker_that_is_killed_changes_nothing(few, tmp_path):
    mark = str(tmp_path / "killed")

    def killed_once(part):
        """Passes rows on; the first worker that has seen some dies."""
        if len(part) and not Path(mark).exists():
            Path(mark).touch()
            os._exit(1)
        return part

    frame = dd.read_parquet(few.path).repartition(npartitions=6)
    frame = frame.map_partitions(killed_once, meta=frame._meta)
    tally = dask.count(frame, few.areas, time="t", step="month")
    assert Path(mark).exists()
    assert tally.counts() == few.months()
    assert dict(tally._core.rejected) == few.rejected


def test_frames_of_points_carry_their_system(few):
    dask_geopandas = pytest.importorskip("dask_geopandas", reason="dask-geopandas is not here")
    points = few.incidents.to_geopandas()[["time", "category", "geometry"]].to_crs(4326)
    frame = dask_geopandas.from_geopandas(points, npartitions=3)
    tally = dask.count(frame, few.areas, step="month")
    whole = bp.count(
        bp.Incidents.from_geopandas(points, time="time").to_crs("EPSG:28992"),
        few.areas,
        step="month",
    )
    assert tally.counts() == whole


def test_pairs_are_those_of_one_process(few):
    frame = dd.read_parquet(few.path).repartition(npartitions=5)
    parts = dask.count_pairs(frame, time="t", crs="EPSG:28992", side=1_000, **BANDS)
    whole = bp.count_pairs(few.incidents, **BANDS)
    assert parts.table() == whole.table()
    assert dict(parts._core.rejected) == few.rejected
    assert parts.rows_in == len(few.incidents) + 100
    with pytest.raises(bp.InputError, match="100 of 40100 rows: 70 non_finite_coordinate, 30 out"):
        dask.count_pairs(frame, time="t", crs=28992, max_rejected_share=0.001, **BANDS)
    with pytest.raises(bp.InputError, match="time="):
        dask.count_pairs(frame[["x", "y"]], crs=28992, **BANDS)
    with pytest.raises(bp.ParameterError, match="at least the reach, 150"):
        dask.count_pairs(frame, time="t", crs=28992, side=100, **BANDS)


def test_too_many_rejected_rows_are_an_error(few):
    frame = dd.read_parquet(few.path)
    with pytest.raises(bp.InputError, match="100 of 40100 rows: 70 non_finite_coordinate, 30 out"):
        dask.count(frame, few.areas, max_rejected_share=0.001)


def test_chicago_is_the_same(chicago):
    frame = dd.read_parquet(chicago.path).repartition(npartitions=4)
    tally = dask.count(frame, chicago.areas, x="x", y="y", time="time", step="year")
    assert tally.counts() == bp.count(chicago.incidents, chicago.areas, step="year")
    found, _ = dask.hotspots(frame, chicago.areas, theme=None, x="x", y="y")
    whole = bp.hotspots(chicago.incidents, chicago.areas, theme=None, cell_size=1000)
    classes = whole.neighbourhoods["hotspot_class"]
    assert (found.neighbourhoods["hotspot_class"] == classes).all()
    assert (classes != 0).any()
