"""Police tables, key figures, area codes, divisions of other years, and no data about persons."""

from __future__ import annotations

import json
import pickle

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point, box

import brandpunt as bp

# Written for this test in the form of the tables; the numbers are invented.
NUISANCE = """\
"ID";"Overlast";"WijkenEnBuurten";"Perioden";"GeregistreerdeOverlast_1"
1;"0.0.0 ";"GM0034    ";"2023JJ00";20
2;"0.0.0 ";"BU00340101";"2022JJ00";7
3;"E35   ";"BU00340101";"2022JJ00";3
4;"M22   ";"BU00340101";"2022JJ00";4
5;"0.0.0 ";"BU00340101";"2023JJ00";9
6;"E35   ";"BU00340101";"2023JJ00";4
7;"M22   ";"BU00340101";"2023JJ00";5
8;"0.0.0 ";"BU00340102";"2023JJ00";6
9;"E35   ";"BU00340102";"2023JJ00";
10;"M22   ";"BU00340102";"2023JJ00";.
11;"E35   ";"BU00340102";"2023MM05";1
"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "47024NED.csv"
    path.write_text(NUISANCE)
    return path


def squares(codes, vintage, width=1000.0):
    frame = gpd.GeoDataFrame(
        {"code": codes},
        geometry=[
            box(140_000 + width * i, 480_000, 140_000 + width * (i + 1), 481_000)
            for i in range(len(codes))
        ],
        crs="EPSG:28992",
    )
    return bp.Neighbourhoods.from_geopandas(frame, code="code", vintage=vintage)


class TestPoliceTable:
    def test_mixed_periods_need_a_choice(self, table):
        with pytest.raises(bp.InputError) as error:
            bp.read_police_table(table)
        assert error.value.fault == "mixed_periods"

    def test_levels_totals_and_states(self, table):
        counts = bp.read_police_table(table, step="year", vintage=2024)
        assert counts.code.tolist() == ["BU00340101", "BU00340102"]
        assert (counts.level, counts.step, counts.null_policy) == ("neighbourhood", "year", "zero")
        assert counts.category.tolist() == ["0.0.0", "E35", "M22"]
        assert counts.title[1] == "Melding overlast jeugd"
        assert counts.periods == ["2022", "2023"]
        np.testing.assert_array_equal(counts.counts(period=2023).values, [9, 6])
        np.testing.assert_array_equal(counts.counts("youth_nuisance", period="2023").values, [4, 0])
        assert counts.state[1].tolist() == [
            ["absent_as_zero", "counted"],
            ["absent_as_zero", "null_as_zero"],
            ["absent_as_zero", "withheld"],
        ]
        assert counts.missing_in_classes == 6
        frame = counts.to_pandas()
        row = frame[(frame.code == "BU00340101") & (frame.category == "M22")]
        assert row["count"].tolist() == [4, 5]
        assert not counts.values.flags.writeable
        city = bp.read_police_table(table, step="year", level="municipality")
        assert city.code.tolist() == ["GM0034"]

    def test_withheld_is_never_zero(self, table):
        counts = bp.read_police_table(table, step="year", null_policy="withheld")
        noise = counts.counts("housing_nuisance", period=2023)
        assert np.isnan(noise.values[1])
        assert counts.state[1, 1].tolist() == ["absent", "withheld"]
        with pytest.raises(bp.InputError, match="not_published"):
            bp.read_police_table(table, step="year", null_policy="error")

    def test_json_of_the_service_gives_the_same(self, table, tmp_path):
        header, *rows = [
            [field.strip('"') for field in line.split(";")] for line in NUISANCE.splitlines()
        ]
        records = [dict(zip(header, row, strict=True)) for row in rows]
        for record in records:
            value = record["GeregistreerdeOverlast_1"]
            record["GeregistreerdeOverlast_1"] = int(value) if value.isdigit() else (value or None)
        path = tmp_path / "47024NED.json"
        path.write_text(json.dumps({"odata.metadata": "x", "value": records}))
        one = bp.read_police_table(table, step="year")
        other = bp.read_police_table(path, step="year")
        np.testing.assert_array_equal(one.values, other.values)
        path.write_text(json.dumps({"value": records, "odata.nextLink": "https://x"}))
        with pytest.raises(bp.InputError, match="part_of_a_table"):
            bp.read_police_table(path, step="year")

    def test_counts_go_into_rates_and_hotspots(self, table):
        areas = squares(["BU00340102", "BU00340101"], 2024).with_population([500, 1000])
        counts = bp.read_police_table(table, step="year", vintage=2024)
        youth = counts.counts("youth_nuisance", period=2023).for_areas(areas)
        rates = bp.rates(youth.values, areas.population)
        np.testing.assert_allclose(rates.rate, [0, 4])
        with pytest.raises(bp.InputError) as error:
            counts.counts(period=2023).for_areas(squares(["BU00340101"], 2022))
        assert error.value.fault == "vintage_mismatch"

    def test_the_baseline_of_the_main_job_may_come_from_a_register(self, table):
        areas = squares(["BU00340101", "BU00340102"], 2024).with_population([500, 1000])
        with pytest.raises(bp.InputError, match="vintage_mismatch"):
            bp.hotspots(
                [8, 5],
                areas,
                theme="youth_nuisance",
                baseline=2022,
                baseline_counts=bp.read_police_table(table, step="year", vintage=2020),
            )
        crosswalk = bp.Crosswalk(
            ["BU00340101", "BU00340101", "BU00340102"],
            ["BU00340101", "BU00340102", "BU00340102"],
            [2 / 3, 1 / 3, 1],
            from_vintage=2020,
            to_vintage=2024,
        )
        found = bp.hotspots(
            [8, 5],
            areas,
            theme="youth_nuisance",
            baseline=2022,
            baseline_counts=bp.read_police_table(table, step="year", vintage=2020),
            crosswalk=crosswalk,
        )
        # 3 reports of the first area: 2 stay, 1 goes to the second.
        np.testing.assert_allclose(found.neighbourhoods["change"], [8 / 2, 5 / 1])
        np.testing.assert_allclose(found.city["change"], 13 / 3)
        assert any("2020 to that of 2024" in note.message for note in found.warnings)
        assert found.provenance["parameters"]["baseline_crosswalk"].startswith("2020 to 2024")

    def test_the_periods_say_how_final_they_are(self, table, tmp_path):
        periods = tmp_path / "Perioden.csv"
        periods.write_text("Key;Status\n2022JJ00;Definitief\n2023JJ00;Voorlopig\n")
        counts = bp.read_police_table(table, step="year", period_metadata=periods)
        assert counts.status.tolist() == ["definite", "provisional"]
        assert counts.provisional.tolist() == [False, True]
        assert "2023 are provisional" in counts.counts(period=2023).warnings[-1].message

    def test_a_table_without_areas_is_the_country(self, shared):
        path = shared / "data/nl/nl_overlast_national_by_year.csv"
        counts = bp.read_police_table(path)
        assert counts.code.tolist() == ["NL00"]
        youth = counts.counts("youth_nuisance", period=2017)
        np.testing.assert_array_equal(youth.values, [87_875])
        np.testing.assert_array_equal(counts.counts(period=2017).values, [351_285])
        assert counts.missing_in_classes == 0


class TestKeyFigures:
    def test_kinds_and_sentinels(self, tmp_path):
        path = tmp_path / "kwb.csv"
        path.write_text(
            "gwb_code;regio;a_inw;a_00_14;a_15_24;a_hh;a_woning\n"
            "GM0034;Almere;222000;40000;27000;90000;91000\n"
            "BU00340101;Noord;795;150;90;400;430\n"
            "BU00340102;Zuid;-99997;.;;-99995;-99999999\n"
        )
        figures = bp.read_key_figures(path, year=2024)
        assert figures.code.tolist() == ["BU00340101", "BU00340102"]
        assert figures.exposures == [
            ("inhabitants", 2024),
            ("inhabitants_0_15", 2024),
            ("inhabitants_15_25", 2024),
            ("households", 2024),
            ("dwellings", 2024),
        ]
        for kind, _ in figures.exposures:
            assert np.isnan(figures.exposure(kind)[1])
        assert figures.rows_in == 3
        assert figures.rejected.to_dict("list") == {
            "row": [1],
            "reason": ["other_level"],
            "detail": ["GM0034"],
        }
        assert figures.vintage == 2024
        joined = figures.join(squares(["BU00340102", "BU00340101"], 2024))
        np.testing.assert_array_equal(joined.exposure("dwellings"), [np.nan, 430])
        with pytest.raises(bp.InputError, match="vintage_mismatch"):
            figures.join(squares(["BU00340101", "BU00340102"], 2023))

    def test_real_figures(self, shared):
        folder = shared / "data/nl"
        figures = bp.read_key_figures(folder / "almere_buurten_2024_inwoners_misdrijven.csv")
        assert len(figures.code) == 238
        assert int(np.isnan(figures.exposure()).sum()) == 45
        assert {k for k, _ in figures.exposures} >= {"inhabitants", "inhabitants_0_15"}
        areas = bp.read_neighbourhoods(
            folder / "almere_buurten_2024_approx_rd.geojson", vintage=2024, repair=True
        )
        joined = figures.join(areas)
        np.testing.assert_array_equal(joined.population, joined.column("inwoners"))

    def test_one_level_of_a_national_file(self, shared):
        areas = bp.read_neighbourhoods(shared / "data/nl/nl_wijken_2022.gpkg", level="district")
        assert {bp.AreaCode(code).level for code in areas.code} == {"district"}
        with pytest.raises(bp.ParameterError, match="level"):
            bp.read_neighbourhoods(shared / "data/nl/nl_wijken_2022.gpkg", level="neighbourhood")


class TestAreaCode:
    def test_what_lies_in_what(self):
        code = bp.AreaCode("BU0363AA01 ")
        assert code == "BU0363AA01"
        assert code.parent == "WK0363AA"
        assert code.at("country") == "NL00"
        assert bp.AreaCode("GM0363").at("district") is None
        assert pickle.loads(pickle.dumps(code)).level == "neighbourhood"
        with pytest.raises(bp.InputError) as error:
            bp.AreaCode("bu00340101")
        assert error.value.fault == "invalid_area_code"

    def test_all_codes_of_the_country_are_codes(self, shared):
        import pandas as pd

        path = shared / "data/nl/nl_buurten_2024_inwoners_misdrijven.csv.gz"
        frame = pd.read_csv(path, usecols=["code", "wk_code", "gm_code"], dtype=str)
        for row in frame.sample(500, random_state=1).itertuples():
            code = bp.AreaCode(row.code)
            assert (code.parent, code.at("municipality")) == (row.wk_code, row.gm_code)


class TestCrosswalk:
    def test_by_area_keeps_the_total(self):
        old = squares(["A", "B", "C"], 2022)
        new = squares(["D", "E"], 2024, width=1500.0)
        crosswalk = bp.Crosswalk.from_areas(old, new)
        numbers = bp.AreaNumbers(["A", "B", "C"], [10, 8, 3], vintage=2022)
        carried = crosswalk.carry(numbers)
        np.testing.assert_allclose(carried.values, [14, 7], rtol=1e-9)
        assert abs(carried.values.sum() - 21) <= 21e-12
        assert carried.vintage == 2024
        assert "2022" in carried.warnings[-1].message
        np.testing.assert_array_equal(carried.for_areas(new).values, carried.values)
        with pytest.raises(bp.InputError, match="vintage_mismatch"):
            numbers.for_areas(new)
        with pytest.raises(bp.InputError, match="vintage_mismatch"):
            crosswalk.carry(carried)

    def test_by_points_and_from_a_file(self, tmp_path):
        old, new = squares(["A"], 2022, width=3000.0), squares(["D", "E"], 2024, width=1500.0)
        x, y = [140_100, 140_200, 142_000], [480_500] * 3
        by_people = bp.Crosswalk.from_points(old, new, x, y, weight=[1, 1, 6])
        assert by_people.to_pandas()["share"].tolist() == [0.25, 0.75]
        path = tmp_path / "shares.csv"
        path.write_text("from,to,share\nA,D,0.25\nA,E,0.75\n")
        read = bp.Crosswalk.read(path, from_vintage=2022, to_vintage=2024)
        assert read.to_pandas().equals(by_people.to_pandas())
        again = pickle.loads(pickle.dumps(by_people))
        assert again.basis == by_people.basis


class TestPersons:
    def test_columns_about_persons_are_refused(self, tmp_path):
        path = tmp_path / "meldingen.csv"
        path.write_text("id;x;y;melder_email\n1;143701;486937;a@example.org\n")
        with pytest.raises(bp.InputError) as error:
            bp.read_incidents(path)
        assert error.value.fault == "person_data"
        assert "melder_email" in str(error.value)
        assert len(bp.read_incidents(path, allow_columns=["melder_email"])) == 1

    def test_by_value_and_for_features(self, tmp_path):
        frame = gpd.GeoDataFrame(
            {"contact": [f"06-123456{i:02}" for i in range(20)], "straatnaam": ["Kade"] * 20},
            geometry=[Point(143_701 + i, 486_937) for i in range(20)],
            crs="EPSG:28992",
        )
        for name in ("a.geojson", "a.gpkg"):
            frame.to_file(tmp_path / name)
            with pytest.raises(bp.InputError, match="person_data"):
                bp.read_incidents(tmp_path / name)
            bp.read_incidents(tmp_path / name, allow_columns="contact")
        with pytest.raises(bp.InputError, match="person_data"):
            bp.Incidents.from_geopandas(frame, id="contact")
        assert (
            len(bp.Incidents.from_geopandas(frame, id="contact", allow_columns=["contact"])) == 20
        )
        # Columns that are not used are not looked at, and a street is no person.
        assert len(bp.Incidents.from_geopandas(frame, category="straatnaam")) == 20


class TestThemeTable:
    def test_the_built_in_themes_can_be_edited(self, tmp_path):
        path = tmp_path / "themes.csv"
        bp.write_themes(path)
        themes = bp.read_themes(path)
        assert themes[0] == bp.Theme.named("youth_nuisance")
        path.write_text(path.read_text() + "housing_nuisance,E38,,\n")
        housing = bp.read_themes(path)[1]
        assert "e38" in housing.categories
        # A dispute with a relation is no neighbour noise.
        assert "2.4.1" not in housing.categories
