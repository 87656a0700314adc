"""Frames of Spark give what one process gives."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import BANDS

import brandpunt as bp

pyspark = pytest.importorskip("pyspark", reason="pyspark is not here; make test-engines has it")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("there is no Java, which Spark needs", allow_module_level=True)

from brandpunt import spark  # noqa: E402 - only where pyspark is

# Warnings of the engine about itself are none of ours.
pytestmark = [pytest.mark.filterwarnings("default"), pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def session():
    os.environ["PYSPARK_PYTHON"] = sys.executable
    built = (
        pyspark.sql.SparkSession.builder.master("local[2,4]")  # four tries per task
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.memory", "2g")
        .getOrCreate()
    )
    yield built
    built.stop()


def test_counts_are_those_of_one_process(session, reports):
    frame = session.read.parquet(str(reports.path)).repartition(7)
    tally = spark.count(frame, reports.areas, time="t", step="month")
    assert tally.counts() == reports.months()
    assert dict(tally._core.rejected) == reports.rejected
    assert tally.rows_in == len(reports.incidents) + 100


def test_hotspots_are_those_of_one_process(session, reports):
    frame = session.read.parquet(str(reports.path))
    found, tally = spark.hotspots(frame, reports.areas, theme="youth_nuisance", category="soort")
    own = found.neighbourhoods
    for name, column in reports.classes("youth_nuisance").items():
        assert np.array_equal(column, own[name], equal_nan=name not in ("code",)), name
    assert tally.by_category


def test_density_is_that_of_one_process(session, few):
    frame = session.read.parquet(str(few.path)).repartition(5)
    options = {"bandwidth": 400, "cell_size": 100, "extent": few.areas}
    whole = bp.kernel_density(few.incidents, **options)
    parts = spark.density(frame, **options)
    assert np.abs(parts.values - whole.values).max() <= 1e-12 * whole.values.max()


def test_many_partitions_are_added_up_on_the_workers(session, few):
    frame = session.read.parquet(str(few.path)).repartition(150)
    tally = spark.count(frame, few.areas, time="t", step="month")
    assert tally.counts() == few.months()


def test_a_worker_that_is_killed_changes_nothing(session, few, tmp_path):
    marks = str(tmp_path)

    def killed_once(batches):
        """Passes rows on; the first worker that has seen some dies."""
        for batch in batches:
            mark = Path(marks, "killed")
            if batch.num_rows and not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield batch

    frame = session.read.parquet(str(few.path)).repartition(6)
    frame = frame.mapInArrow(killed_once, frame.schema)
    tally = spark.count(frame, few.areas, time="t", step="month")
    assert Path(marks, "killed").exists()
    assert tally.counts() == few.months()
    assert dict(tally._core.rejected) == few.rejected


def test_pairs_are_those_of_one_process(session, few):
    frame = session.read.parquet(str(few.path)).repartition(7)
    parts = spark.count_pairs(frame, time="t", crs="EPSG:28992", side=1_000, **BANDS)
    whole = bp.count_pairs(few.incidents, **BANDS)
    assert parts.table() == whole.table()
    assert dict(parts._core.rejected) == few.rejected
    assert parts.rows_in == len(few.incidents) + 100
    with pytest.raises(bp.InputError, match="100 of 40100 rows: 70 non_finite_coordinate, 30 out"):
        spark.count_pairs(frame, time="t", crs=28992, max_rejected_share=0.001, **BANDS)
    with pytest.raises(bp.InputError, match="time="):
        spark.count_pairs(frame[["x", "y"]], crs=28992, **BANDS)
    with pytest.raises(bp.ParameterError, match="at least the reach, 150"):
        spark.count_pairs(frame, time="t", crs=28992, side=100, **BANDS)


def test_a_skewed_partition_is_no_trouble(session, few):
    one = few.incidents
    place = session.createDataFrame([(float(one.x[0]), float(one.y[0]))], "x double, y double")
    many = session.range(1_000_000, numPartitions=1).selectExpr("id").crossJoin(place)
    rest = session.read.parquet(str(few.path)).select("x", "y")
    frame = many.select("x", "y").unionByName(rest)
    tally = spark.count(frame, few.areas, max_rejected_share=0.1)
    expected = bp.count(one, few.areas).values.copy()
    expected[np.argmax(tally.counts().values)] += 1_000_000
    assert (tally.counts().values == expected).all()


def test_too_many_rejected_rows_are_an_error(session, few):
    frame = session.read.parquet(str(few.path))
    with pytest.raises(bp.InputError, match="100 of 40100 rows: 70 non_finite_coordinate, 30 out"):
        spark.count(frame, few.areas, max_rejected_share=0.001)


def test_chicago_is_the_same(session, chicago):
    frame = session.read.parquet(str(chicago.path))
    tally = spark.count(frame, chicago.areas, x="x", y="y", time="time", step="year")
    assert tally.counts() == bp.count(chicago.incidents, chicago.areas, step="year")
    found, _ = spark.hotspots(frame, chicago.areas, theme=None, x="x", y="y")
    whole = bp.hotspots(chicago.incidents, chicago.areas, theme=None, cell_size=1000)
    classes = whole.neighbourhoods["hotspot_class"]
    assert (found.neighbourhoods["hotspot_class"] == classes).all()
    assert (classes != 0).any()
    parts = spark.count_pairs(frame, x="x", y="y", time="time", crs="EPSG:32616", **BANDS)
    assert parts.table() == bp.count_pairs(chicago.incidents, **BANDS).table()
