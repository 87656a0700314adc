"""The main job: one call, every column, the same bytes for any number of threads."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import scipy.stats

import brandpunt as bp

# The columns of the contract, in this order.
CONTRACT = [
    "code",
    "name",
    "count",
    "population",
    "rate",
    "rate_low",
    "rate_high",
    "rate_smoothed",
    "baseline_rate",
    "change",
    "change_low",
    "change_high",
    "change_q",
    "density_mean",
    "density_peak",
    "gi_z",
    "gi_p",
    "gi_q",
    "hotspot_class",
    "emerging_category",
    "rank",
    "reason",
]


@pytest.fixture(scope="module")
def city():
    return bp.synthetic_city(12_000, seed=1, n_neighbourhoods=80)


@pytest.fixture(scope="module")
def result(city):
    return bp.hotspots(city.incidents, city.neighbourhoods, theme="youth_nuisance", baseline=2017)


def test_every_column_of_the_contract_is_there(result, city):
    table = result.neighbourhoods
    assert [c for c in table.columns if c in CONTRACT] == CONTRACT
    assert table["code"].tolist() == city.neighbourhoods.code.tolist()
    assert sorted(table["rank"]) == list(range(1, 81))
    assert (table["emerging_category"].notna() == table["population"].notna()).all()
    assert table["reason"].str.len().min() > 10
    assert result.period.label == "2024"
    assert result.baseline == bp.Period(
        "2017", np.datetime64("2016-12-31T23:00:00"), np.datetime64("2017-12-31T23:00:00")
    )


def test_its_history_is_that_of_the_single_methods(result, city):
    history = result.history
    assert (history.step, len(history.periods), history.periods[-1]) == ("quarter", 32, "2024-Q4")
    youth = city.incidents.select(theme="youth_nuisance", end="2025-01-01")
    cube = bp.space_time_cube(youth, city.neighbourhoods, step="quarter", until="2025-01-01")
    assert cube.periods == history.periods
    np.testing.assert_array_equal(history.count, cube.values)
    np.testing.assert_array_equal(history.ends, cube.ends)
    years = [int(label[:4]) for label in cube.periods]
    known = {y: city.neighbourhoods.exposure("inhabitants", year=y) for y in (2017, 2024)}
    people = np.array([known[2017] + (y - 2017) / 7 * (known[2024] - known[2017]) for y in years]).T
    values = np.where(np.isnan(people), np.nan, cube.values)
    found = bp.emerging_hotspots(
        values,
        bp.Weights.queen(city.neighbourhoods),
        inference="exposure_overdispersed",
        exposure=people / np.nansum(people, axis=0) * np.nansum(values, axis=0),
    )
    np.testing.assert_array_equal(history.sign, found.sign)
    np.testing.assert_array_equal(history.hot_steps, found.hot_steps)
    np.testing.assert_array_equal(history.slope, found.slope)
    named = result.neighbourhoods["emerging_category"].astype(object)
    assert named.where(named.notna(), None).tolist() == found.category.tolist()
    parameters = result.provenance["parameters"]
    assert parameters["emerging_step"] == "quarter"
    assert parameters["emerging_look_back"] == "1"
    assert history.to_pandas()["2024-Q4"].tolist() == history.count[:, -1].tolist()
    assert "80 areas x 32 quarters" in repr(history)
    page = result.to_html("nl")
    assert page.count('class="spark"') == 80
    assert "Patroon" in page


def test_a_short_history_has_no_category(city):
    short = city.incidents.select(start="2024-01-01", end="2024-02-20")
    result = bp.hotspots(short, city.neighbourhoods, theme="youth_nuisance")
    assert result.history is None
    assert result.neighbourhoods["emerging_category"].isna().all()
    assert "few_steps" in [w.code for w in result.warnings]
    assert 'class="spark"' not in result.to_html("en")


def test_its_columns_are_those_of_the_single_methods(result, city):
    table = result.neighbourhoods
    youth = city.incidents.select(theme="youth_nuisance")
    now = bp.count(youth.select(start="2024-01-01", end="2025-01-01"), city.neighbourhoods)
    then = bp.count(youth.select(start="2017-01-01", end="2018-01-01"), city.neighbourhoods)
    np.testing.assert_array_equal(table["count"], now.values)
    people = city.neighbourhoods.exposure("inhabitants", year=2024)
    before = city.neighbourhoods.exposure("inhabitants", year=2017)
    np.testing.assert_array_equal(table["population"], people)
    rates = bp.rates(now, people, smoothing="global")
    np.testing.assert_array_equal(table["rate"], rates.rate)
    np.testing.assert_array_equal(table["rate_high"], rates.high)
    np.testing.assert_array_equal(table["rate_smoothed"], rates.smoothed)
    changes = bp.change(now, people, then, before)
    np.testing.assert_array_equal(table["change"], changes.ratio)
    np.testing.assert_array_equal(table["change_low"], changes.low)
    tested = ~np.isnan(table["gi_p"])
    np.testing.assert_allclose(
        table["gi_q"][tested], scipy.stats.false_discovery_control(table["gi_p"][tested])
    )


def test_rows_in_are_accounted_for(result, city):
    account = result.provenance
    assert account["rows_in"] == len(city.incidents)
    assert account["rows_selected"] == result.city["count"] + account["rows_outside"]
    assert account["parameters"]["theme"] == "youth_nuisance"
    assert account["version"] == bp.__version__


def test_cells_hold_every_incident(result):
    cells = result.cells
    assert cells["count"].sum() == result.provenance["rows_selected"]
    assert cells["hotspot_class"].dtype == np.int8
    assert set(cells["x"] % 100) == {50.0}
    north = cells.loc[cells["row"].idxmin(), "y"]
    assert north == cells["y"].max()
    assert result.surface.values.max() > 0


@pytest.mark.parametrize("n_jobs", [1, 2, 3, 7])
def test_threads_change_nothing(result, city, n_jobs):
    again = bp.hotspots(
        city.incidents, city.neighbourhoods, theme="youth_nuisance", baseline=2017, n_jobs=n_jobs
    )
    assert again.to_html("nl") == result.to_html("nl")
    assert again.surface.values.tobytes() == result.surface.values.tobytes()
    pd.testing.assert_frame_equal(again.neighbourhoods, result.neighbourhoods, check_exact=True)
    pd.testing.assert_frame_equal(again.cells, result.cells, check_exact=True)


def test_a_planted_hotspot_is_found(city, result):
    table = result.neighbourhoods.set_index("code")
    planted = [
        code
        for hotspot in city.truth.hotspots
        if bp.Theme.named("youth_nuisance").categories.count(hotspot.category.lower())
        for code in hotspot.neighbourhoods
    ]
    assert planted
    assert table.loc[planted, "rank"].min() <= 5


def test_counts_of_a_register_are_enough(city):
    youth = bp.count(city.incidents.select(theme="youth_nuisance"), city.neighbourhoods)
    options = {"theme": "youth_nuisance", "seed": 3}
    result = bp.hotspots(youth, city.neighbourhoods, **options)
    assert result.cells is None
    assert result.surface is None
    assert np.isnan(result.neighbourhoods["density_mean"]).all()
    plain = bp.hotspots(youth.values.tolist(), city.neighbourhoods, **options)
    pd.testing.assert_frame_equal(plain.neighbourhoods, result.neighbourhoods, check_exact=True)
    with pytest.raises(bp.ParameterError, match="baseline"):
        bp.hotspots(youth, city.neighbourhoods, theme="youth_nuisance", baseline=2017)
    with pytest.raises(bp.InputError, match="area_mismatch"):
        bp.hotspots([1, 2, 3], city.neighbourhoods, theme=None)


def test_the_index_of_the_areas_comes_back(incidents, hoods, tiles):
    result = bp.hotspots(incidents, hoods, theme=None, period=2018)
    frame = result.to_geopandas()
    assert frame.index.tolist() == tiles.index.tolist()
    assert frame.crs == tiles.crs
    assert frame.geometry.geom_equals(tiles.geometry).all()
    pd.testing.assert_frame_equal(result.to_pandas(), result.neighbourhoods)
    assert len(result) == len(tiles)


def test_periods_in_several_words(incidents, hoods):
    def counted(period):
        return bp.hotspots(incidents, hoods, theme=None, period=period).city["count"]

    assert counted(2017) == counted("2017") == counted(("2017-01-01", "2018-01-01"))
    assert counted((np.datetime64("2017-01-01"), pd.Timestamp("2018-01-01"))) == counted(2017)
    assert counted(2017) + counted(2018) == counted(None)


def test_arrow_carries_shapes_and_system(result):
    pyarrow = pytest.importorskip("pyarrow")
    arrow = result.to_arrow()
    assert isinstance(arrow, pyarrow.Table)
    assert arrow.num_rows == len(result)
    field = arrow.schema.field("geometry")
    assert field.metadata[b"ARROW:extension:name"] == b"geoarrow.wkb"
    assert b"28992" in field.metadata[b"ARROW:extension:metadata"]
    frame = bp.Neighbourhoods.from_any(arrow, code="code", name="name")
    assert frame.code.tolist() == result.neighbourhoods["code"].tolist()


def test_pictures(result):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    ax = result.plot()
    present = set(result.neighbourhoods["hotspot_class"])
    assert len(ax.get_legend().get_texts()) == len(present)
    assert result.plot("rate", ax=ax, legend=False) is ax
    with pytest.raises(bp.ParameterError, match="hotspot_class"):
        result.plot("reason")
    matplotlib.pyplot.close("all")


def test_the_map_to_explore(result):
    pytest.importorskip("folium")
    page = result.explore(tiles=None).get_root().render()
    first = result.neighbourhoods.set_index("rank").loc[1]
    assert first["name"] in page
    assert result.explore("rate", tiles=None) is not None


def test_pages_in_two_languages(result, city, tmp_path):
    result.write_html(tmp_path / "nl.html", internal=True)
    result.write_html(tmp_path / "en.html", language="en", internal=True)
    dutch, english = ((tmp_path / f"{code}.html").read_text("utf-8") for code in ("nl", "en"))
    assert '<html lang="nl"' in dutch
    assert '<html lang="en"' in english
    assert dutch == result.to_html()
    housing = bp.hotspots(city.incidents, city.neighbourhoods, theme="housing_nuisance")
    bp.write_html([result, housing], tmp_path / "both.html", language="nl", internal=True)
    assert len((tmp_path / "both.html").read_text("utf-8")) > len(dutch)
    assert result.reasons("nl") != result.reasons("en")
    assert result.summary("en").startswith("### ")
    for call in (result.to_html, result.summary, result.reasons):
        with pytest.raises(bp.ParameterError, match="nl or en"):
            call("fr")
    with pytest.raises(bp.ParameterError, match="at least one"):
        bp.write_html([], tmp_path / "none.html")
    with pytest.raises(FileNotFoundError):
        result.write_html(tmp_path / "no" / "folder.html", internal=True)


def test_a_notebook_shows_map_and_table(result):
    shown = result._repr_html_()
    assert shown.startswith("<iframe")
    assert "srcdoc=" in shown
    assert "youth_nuisance" in repr(result)
    assert result._repr_markdown_() == result.summary("en")


def test_progress_runs_to_one(incidents, hoods):
    heard = []
    bp.hotspots(incidents, hoods, theme=None, progress=lambda *step: heard.append(step))
    assert heard[-1] == ("done", 1.0)
    assert [share for _, share in heard] == sorted(share for _, share in heard)


@pytest.mark.parametrize(
    ("options", "kind", "said"),
    [
        ({"theme": "noise"}, bp.ParameterError, "youth_nuisance"),
        ({"theme": bp.Theme("x", ["none"])}, bp.InputError, "no_matching_category"),
        ({"period": "last year"}, bp.ParameterError, "pair|first day"),
        ({"period": ("2018-01-01", "2017-01-01")}, bp.ParameterError, "end after its start"),
        ({"period": ("2018", "x")}, bp.ParameterError, "dates such as"),
        ({"period": 1999}, bp.InputError, "no_rows"),
        ({"baseline": 0}, bp.ParameterError, "baseline"),
        ({"exposure": "dogs"}, bp.InputError, "missing_exposure"),
        ({"bandwidth": "wide"}, bp.ParameterError, "auto"),
        ({"bandwidth": -1}, bp.ParameterError, "bandwidth"),
        ({"cell_size": 0}, bp.ParameterError, "cell_size"),
        ({"level": 5}, bp.ParameterError, "level"),
        ({"seed": None, "n_jobs": -2}, bp.ParameterError, "n_jobs"),
    ],
)
def test_what_cannot_be_done_is_said(incidents, hoods, options, kind, said):
    with pytest.raises(kind, match=said):
        bp.hotspots(incidents, hoods, **{"theme": None, **options})


def test_degrees_and_strangers_are_refused(incidents, hoods):
    with pytest.raises(bp.CrsError, match="project"):
        bp.hotspots(incidents.to_crs(4326), hoods.to_crs(4326), theme=None)
    with pytest.raises(bp.InputError, match="crs_mismatch"):
        bp.hotspots(incidents.to_crs(4326), hoods, theme=None)


def test_breda_has_high_rates_but_no_pattern(shared):
    breda = bp.read_neighbourhoods(shared / "data/nl/breda_buurten_nuisance_2022_wgs84.geojson")
    youth = next(name for name in breda.column_names if "youth" in name or "jeugd" in name)
    counts = np.nan_to_num(breda.column(youth))
    result = bp.hotspots(counts, breda.to_crs(28992), theme="youth_nuisance")
    table = result.neighbourhoods
    assert (table["gi_q"].dropna() > 0.05).all()
    assert ((table["rate_ratio"] > 1) & (table["rate_q"] <= 0.05)).any()


def test_a_folder_holds_everything(result, tmp_path):
    rasterio = pytest.importorskip("rasterio")
    result.write(tmp_path / "out", language="en", internal=True)
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert files == {
        "report.html",
        "neighbourhoods.csv",
        "neighbourhoods.geojson",
        "density.tif",
        "run.json",
    }
    table = result.neighbourhoods
    csv = pd.read_csv(tmp_path / "out" / "neighbourhoods.csv")
    for name in ("count", "rate", "change_low", "gi_z", "gi_q", "hotspot_class", "rank"):
        np.testing.assert_array_equal(csv[name], table[name])
    assert csv["reason"].tolist() == table["reason"].tolist()
    shapes = gpd.read_file(tmp_path / "out" / "neighbourhoods.geojson")
    assert shapes["code"].tolist() == table["code"].tolist()
    distance = shapes.to_crs(28992).centroid.distance(result.to_geopandas().centroid)
    assert distance.max() < 0.5
    with rasterio.open(tmp_path / "out" / "density.tif") as raster:
        np.testing.assert_array_equal(raster.read(1), result.surface.values)
    run = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert run["version"] == bp.__version__


def test_clusters_and_near_repeats_of_the_theme(incidents, hoods, tmp_path):
    result = bp.hotspots(incidents, hoods, theme="housing_nuisance", scan=True, near_repeat=True)
    table = result.neighbourhoods
    population = table["population"].to_numpy()
    counts = np.where(population > 0, table["count"], np.nan)
    alone = bp.spatial_scan(counts, population, hoods, max_population_share=0.25, seed=0)
    assert len(result.clusters) == len(alone) > 0
    assert result.clusters.to_pandas().equals(alone.to_pandas())
    reports = incidents.select(theme="housing_nuisance")
    edges = {"distances": [0, 1, 100, 200, 400], "days": [0, 8, 15, 29, 57]}
    pairs = bp.near_repeat(reports, **edges, seed=0)
    assert result.near_repeat.to_pandas().equals(pairs.to_pandas())
    page = tmp_path / "report.html"
    result.write_html(page, internal=True)
    inside = page.read_text("utf-8")
    titles = ("Welke buurten samen?", "Volgt de ene melding op de andere?")
    assert all(f"<h2>{title}</h2>" in inside for title in titles)
    assert 'data-layer="cluster"' not in inside
    assert 'value="cluster"' in inside
    plain = bp.hotspots(incidents, hoods, theme="housing_nuisance")
    assert plain.clusters is None
    assert plain.near_repeat is None


def test_the_page_tells_the_nature_and_what_holds(incidents, hoods, tmp_path):
    result = bp.hotspots(incidents, hoods, theme=None, baseline=2017, stability=True)
    page = tmp_path / "report.html"
    result.write_html(page, internal=True)
    inside = page.read_text("utf-8")
    for title in ("Sinds 2017", "Van welke aard zijn de meldingen?", "Houdt het stand?"):
        assert f"<h2>{title}</h2>" in inside
    assert "zaterdag" in inside
    result.publish("cbs5").write_html(page)
    outside = page.read_text("utf-8")
    for title in (
        "Sinds 2017",
        "Van welke aard zijn de meldingen?",
        "Houdt het stand?",
        "Wat niet is getoond",
    ):
        assert f"<h2>{title}</h2>" in outside
    # The share of the busiest address is its count, which stays inside.
    assert "drukste adres heeft" in inside
    assert "drukste adres heeft" not in outside


def test_the_way_to_a_target_follows_from_the_figures_of_the_city(city):
    ask = {"theme": "youth_nuisance", "baseline": 2017}
    found = bp.hotspots(city.incidents, city.neighbourhoods, **ask, target=0.8, target_year=2030)
    target, figures = found.target, found.city
    assert (target.share, target.year, target.years_left) == (0.8, 2030, 6)
    assert target.rate == pytest.approx(0.8 * figures["baseline_rate"], rel=1e-12)
    assert target.path_rate == pytest.approx(0.8 ** (7 / 13) * figures["baseline_rate"], rel=1e-12)
    assert target.so_far**7 == pytest.approx(figures["change"], rel=1e-12)
    assert figures["rate"] * target.needed**6 == pytest.approx(target.rate, rel=1e-12)
    assert "Op weg naar het doel" in found.to_html("nl")
    published = found.publish("cbs5")
    assert published.target.rate == pytest.approx(0.8 * published.city["baseline_rate"], rel=1e-12)
    with pytest.raises(bp.ParameterError, match="baseline"):
        bp.hotspots(city.incidents, city.neighbourhoods, theme=None, target=0.8)
    with pytest.raises(bp.ParameterError, match="target_year"):
        bp.hotspots(city.incidents, city.neighbourhoods, **ask, target_year=2030)


def test_a_baseline_outside_the_reports_is_refused(city):
    with pytest.raises(bp.InputError, match="1700"):
        bp.hotspots(city.incidents, city.neighbourhoods, theme=None, baseline=1700)


def test_the_nature_of_a_neighbourhood_is_that_of_its_profile(result, city):
    found = result.nature_by_area
    assert set(found["by"]) == {"category", "hour_of_week", "season"} & set(found["by"])
    first = found["code"].iloc[0]
    table = result.neighbourhoods
    assert (
        table.loc[table["code"].isin(set(found["code"])), "rank"].min()
        == table.loc[table["code"] == first, "rank"].item()
    )
    reports = city.incidents.select(theme="youth_nuisance", start="2024-01-01", end="2025-01-01")
    profile = bp.profile(
        reports, within=city.neighbourhoods, by="hour_of_week", permutations=0
    ).to_pandas()
    mine = found[(found["code"] == first) & (found["by"] == "hour_of_week")]
    same = profile[profile["subset"] == first].set_index("cell").loc[mine["cell"]]
    for ours, theirs in (
        ("count", "count"),
        ("share", "share"),
        ("rest_share", "rest_share"),
        ("quotient", "quotient"),
        ("quotient_low", "low"),
    ):
        np.testing.assert_allclose(mine[ours], same[theirs], rtol=1e-12)
    published = result.publish("cbs5").nature_by_area
    assert set(published["by"]) <= {"category", "part_of_week"}
    assert set(published["code"]) <= set(found["code"])
    known = published["count"].dropna()
    assert (known % 5 == 0).all()
    assert (
        published.loc[published["count"].isna(), ["share", "rest_share", "quotient"]]
        .isna()
        .all(axis=None)
    )


def test_three_facets_cross(city):
    by = "category x hour_of_week x season"
    found = bp.profile(city.incidents, within=city.neighbourhoods, by=by, permutations=0)[by]
    kinds = len(set(city.incidents.category))
    assert found.count.shape == (80, kinds * 168 * 4)
    single = bp.profile(city.incidents, within=city.neighbourhoods, by="season", permutations=0)
    assert found.count.sum() <= single["season"].count.sum()
    assert found.cell[0].count(", ") == 2
