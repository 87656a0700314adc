"""Files: what is in them, what was concluded and what was kept out."""

from __future__ import annotations

import gzip

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import brandpunt as bp

CSV = """zaaknummer;soort;datum;x;y
1;E35;1-5-2023 14:00;143701,5;486937
2;M22;13-5-2023 23:30;143720,5;486910
3;E35;14-5-2023 01:15;143655;487010
"""


@pytest.fixture
def csv(tmp_path):
    path = tmp_path / "meldingen.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def test_a_dutch_file_is_understood_and_says_how(csv):
    incidents = bp.read_incidents(csv)
    np.testing.assert_array_equal(incidents.x, [143_701.5, 143_720.5, 143_655.0])
    assert incidents.crs == "EPSG:28992"
    assert incidents.category.tolist() == ["E35", "M22", "E35"]
    assert incidents.time[1] == np.datetime64("2023-05-13T21:30")
    concluded = {d.what: d.value for d in incidents.detected}
    assert concluded["delimiter"] == ";"
    assert concluded["decimal"] == ","
    assert all(str(d).startswith(f"{d.what}: ") for d in incidents.detected)


def test_options_are_obeyed(csv):
    incidents = bp.read_incidents(
        str(csv), x="x", y="y", time="datum", category="soort", id="zaaknummer", crs=28992,
        decimal=",", delimiter=";", encoding="utf-8", n_jobs=2,
    )  # fmt: skip
    assert incidents.id.tolist() == ["1", "2", "3"]


def test_gzip_geojson_and_geopackage_hold_the_same(csv, tmp_path):
    plain = bp.read_incidents(csv)
    packed = tmp_path / "meldingen.csv.gz"
    packed.write_bytes(gzip.compress(csv.read_bytes()))
    np.testing.assert_array_equal(bp.read_incidents(packed).x, plain.x)
    frame = plain.to_geopandas()
    for name, driver in (("points.gpkg", "GPKG"), ("points.geojson", "GeoJSON")):
        system = 28992 if driver == "GPKG" else 4326
        frame.to_crs(system).to_file(tmp_path / name, driver=driver)
        read = bp.read_incidents(tmp_path / name, category="category", time="time")
        assert read.crs == f"EPSG:{system}"
        assert read.category.tolist() == plain.category.tolist()
        np.testing.assert_array_equal(read.time, plain.time)
        np.testing.assert_allclose(read.to_crs(28992).x, plain.x, atol=0.25)


def test_parquet_with_and_without_geometry(csv, tmp_path):
    pytest.importorskip("pyarrow")
    plain = bp.read_incidents(csv)
    frame = plain.to_geopandas()
    frame.to_parquet(tmp_path / "points.parquet")
    read = bp.read_incidents(tmp_path / "points.parquet", category="category")
    np.testing.assert_array_equal(read.x, plain.x)
    assert read.crs == "EPSG:28992"
    columns = pd.DataFrame({"oost": plain.x, "noord": plain.y, "time": plain.time})
    columns.to_parquet(tmp_path / "columns.parquet")
    path = tmp_path / "columns.parquet"
    read = bp.read_incidents(path, x="oost", y="noord", crs="RD", time="time")
    np.testing.assert_array_equal(read.y, plain.y)
    with pytest.raises(bp.InputError, match="name its columns"):
        bp.read_incidents(path)
    with pytest.raises(bp.InputError, match="there are oost, noord, time"):
        bp.read_incidents(path, x="oost", y="zuid", crs="RD")


def test_bad_rows_are_listed_or_refused(csv):
    csv.write_text(CSV + "4;E35;15-5-2023 12:00;;486937\n", encoding="utf-8")
    incidents = bp.read_incidents(csv, max_rejected_share=0.3)
    assert len(incidents) == 3
    assert incidents.rows_in == 4
    assert incidents.rejected["row"].tolist() == [4]
    assert incidents.rejected["reason"].tolist() == ["missing_coordinate"]
    with pytest.raises(bp.InputError, match="row 4") as caught:
        bp.read_incidents(csv, on_bad_rows="error")
    assert caught.value.fault == "rejected_row"
    with pytest.raises(bp.InputError, match="too_many_rejected"):
        bp.read_incidents(csv)


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        bp.read_incidents(tmp_path / "nothing.csv")
    with pytest.raises(FileNotFoundError) as caught:
        bp.read_neighbourhoods(tmp_path / "nothing.gpkg")
    assert "nothing.gpkg" in str(caught.value)


@pytest.mark.parametrize(
    ("options", "kind", "said"),
    [
        ({"on_bad_rows": "ignore"}, bp.ParameterError, "report or error"),
        ({"decimal": "komma"}, bp.ParameterError, "single character"),
        ({"x": "oost"}, bp.InputError, "missing_column"),
        ({"crs": "moon"}, bp.CrsError, "moon"),
    ],
)
def test_options_that_make_no_sense(csv, options, kind, said):
    with pytest.raises(kind, match=said):
        bp.read_incidents(csv, **options)


def test_neighbourhoods_from_both_formats(tiles, tmp_path):
    for name, driver in (("buurten.gpkg", "GPKG"), ("buurten.geojson", "GeoJSON")):
        system = 28992 if driver == "GPKG" else 4326
        tiles.to_crs(system).to_file(tmp_path / name, driver=driver, index=False)
        hoods = bp.read_neighbourhoods(
            tmp_path / name, code="code", name="name", population={2024: "people"}, vintage=2024
        )
        assert hoods.code.tolist() == tiles["code"].tolist()
        assert hoods.exposures == [("inhabitants", 2024)]
        assert hoods.vintage == 2024
        np.testing.assert_array_equal(hoods.population, tiles["people"])
        np.testing.assert_allclose(hoods.to_crs(28992).area_km2, tiles.area / 1e6, rtol=1e-4)


def test_real_files(shared):
    breda = bp.read_neighbourhoods(shared / "data/nl/breda_buurten_nuisance_2022_wgs84.geojson")
    assert len(breda) > 40
    lancashire = bp.read_incidents(shared / "data/points/lancashire_asb_2022.csv.gz")
    assert len(lancashire) + len(lancashire.rejected) == lancashire.rows_in


def test_the_default_system_of_geoparquet_is_degrees(tmp_path):
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy([5.2, 5.3], [52.3, 52.4]), crs="OGC:CRS84")
    frame.to_parquet(tmp_path / "points.parquet")
    assert bp.read_incidents(tmp_path / "points.parquet").crs == "EPSG:4326"
