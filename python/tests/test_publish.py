"""Nothing that is withheld may be found in what is written."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import brandpunt as bp

PUBLIC = ("cbs5", "ons10_5", "police8")
DERIVED = [
    "rate", "rate_smoothed", "rate_ratio", "rate_p", "rate_q", "change", "change_low",
    "change_high", "change_q", "density_mean", "density_peak", "gi_z", "gi_p", "gi_q",
]  # fmt: skip


@pytest.fixture(scope="module")
def city():
    return bp.synthetic_city(12_000, seed=3, n_neighbourhoods=120)


@pytest.fixture(scope="module")
def result(city):
    return bp.hotspots(city.incidents, city.neighbourhoods, theme="youth_nuisance", baseline=2017)


@pytest.mark.parametrize("preset", PUBLIC)
def test_withheld_counts_are_in_no_file(result, preset, tmp_path):
    published = result.publish(preset, secret="of the test")
    published.write(tmp_path, language="en")
    minimum = {"ons10_5": 10}.get(preset, 5)
    true = result.neighbourhoods["count"].to_numpy()
    csv = pd.read_csv(tmp_path / "neighbourhoods.csv")
    shapes = gpd.read_file(tmp_path / "neighbourhoods.geojson")
    for table in (csv, shapes, published.neighbourhoods):
        withheld = (table["count_state"] == "withheld").to_numpy()
        assert withheld.sum() > 10
        assert (withheld | (true >= minimum) | ((true == 0) & (preset != "ons10_5"))).all()
        assert table.loc[withheld, ["count", *DERIVED]].isna().all(axis=None)
        assert (table.loc[~withheld, "count"] % 5 == 0).all()
        assert (true >= table["count_low"]).all()
        assert (np.isnan(table["count_high"]) | (true <= table["count_high"])).all()
        width = (table["count_high"] - table["count_low"])[withheld].dropna()
        assert (width >= minimum).all()
        # A rate times its people is what is published, for those that are.
        people = table["population"].to_numpy()
        back = table["rate"] * people / 1000
        known = ~withheld & (people > 0)
        np.testing.assert_allclose(back[known], table["count"][known], rtol=1e-9)
    run = json.loads((tmp_path / "run.json").read_text("utf-8"))
    theme = run["themes"][0]
    assert theme["city"]["count"] % 5 == 0
    assert theme["disclosure"]["preset"] == preset
    assert theme["disclosure"]["withheld"] == withheld.sum()
    assert run["rows_in"] is None
    assert theme["rows_counted"] is None
    page = (tmp_path / "report.html").read_text("utf-8")
    assert f"of {len(true)} neighbourhoods are not shown" in page
    assert "do not publish" not in page


def test_the_map_shows_classes_where_enough_lie_together(result, city, tmp_path):
    rasterio = pytest.importorskip("rasterio")
    published = result.publish("cbs5")
    published.write(tmp_path)
    with rasterio.open(tmp_path / "density.tif") as raster:
        values = raster.read(1)
        assert raster.res[0] >= 100
        rows, cols = np.nonzero(values > 0)
        x, y = raster.xy(rows, cols)
    assert len(np.unique(values[np.isfinite(values) & (values > 0)])) <= 6
    # Every place that is shown has at least five reports in reach of the kernel.
    theme = city.incidents.select(theme="youth_nuisance")
    px, py = theme.x, theme.y
    reach = published.surface.bandwidth
    near = [
        ((px - a) ** 2 + (py - b) ** 2 <= reach**2).sum()
        for a, b in zip(np.ravel(x)[::7], np.ravel(y)[::7], strict=True)
    ]
    assert len(near) > 20
    assert min(near) >= 5
    assert list(published.cells.columns) == ["row", "col", "x", "y", "hotspot_class"]
    assert published.history is None


@pytest.mark.parametrize("preset", PUBLIC)
def test_kinds_and_years_are_protected_counts(result, preset):
    published = result.publish(preset, secret="of the test")
    minimum = {"ons10_5": 10}.get(preset, 5)
    audit = published.audit
    known = audit["published"].notna()
    assert (audit.loc[known, "published"] % 5 == 0).all()
    assert ((audit["count"] >= audit["low"]) & ~(audit["count"] > audit["high"])).all()
    width = (audit["high"] - audit["low"])[~known].dropna()
    assert len(width) > 20
    assert (width >= minimum).all()
    assert {"part_of_day", "weekday", "season"} <= set(
        audit["part"].dropna().str.split(": ").str[0]
    )
    # Every total of a part is in the audit: standing out, the others, and together.
    nature = published.nature
    parts = audit[audit["part"].notna()]
    for _, row in nature.iterrows():
        same = parts[parts["part"] == f"{row['by']}: {row['cell']}"]
        shown = set(same["published"].dropna())
        for name in ("count", "rest_count"):
            assert np.isnan(row[name]) or row[name] in shown or row[name] == 0
    hot = published.neighbourhoods
    codes = hot.loc[
        (hot["gi_q"] <= 0.05) & (hot["gi_z"] > 0)
        | (hot["rate_q"] <= 0.05) & (hot["rate_ratio"] > 1),
        "code",
    ]
    assert list(published.standouts) == codes.tolist()
    years = published.years
    whole = result.years
    assert years.periods == whole.periods
    withheld = np.isnan(years.count)
    assert withheld.any()
    assert not (whole.count[withheld] == 0).all()
    assert (years.count[~withheld] % 5 == 0).all()
    assert (np.abs(years.count - whole.count)[~withheld] < 5).all()
    assert years.trend_status in {"falling", "rising", "no clear trend"}
    assert len(years.to_pandas().columns) == len(years.periods) + 1


def test_hotspots_that_do_not_depend_on_what_is_withheld(result):
    table = result.publish("cbs5").neighbourhoods
    assert (table["hot_upper"] | ~table["hot_lower"]).all()
    assert table.loc[table["robust"], "hot_lower"].equals(table.loc[table["robust"], "hot_upper"])
    hot = (table["gi_q"] <= 0.05) & (table["gi_z"] > 0)
    assert table.loc[hot, "hot_upper"].all()
    assert "robust" not in result.neighbourhoods


def test_reports_are_resampled_as_they_are_published(city):
    asked = bp.hotspots(
        city.incidents,
        city.neighbourhoods,
        theme="youth_nuisance",
        baseline=2017,
        stability=True,
    )
    published = asked.publish("cbs5")
    table = published.neighbourhoods
    withheld = table["count_state"] == "withheld"
    assert table.loc[withheld, "stability"].isna().all()
    assert asked.neighbourhoods["stability"].max() > 0
    axes = published.plot("stability")
    assert axes.get_title() == "youth_nuisance: stability"
    page = published.to_html("nl")
    assert 'data-layer="steady"' in page or 'value="steady"' in page
    assert "opnieuw getrokken meldingen, zoveel als er per buurt zijn getoond" in page


def test_unprotected_results_are_not_written_unasked(result, tmp_path):
    for write in (
        lambda: result.write_html(tmp_path / "a.html"),
        lambda: result.write(tmp_path / "out"),
        lambda: bp.write_html([result], tmp_path / "a.html"),
    ):
        with pytest.raises(bp.DisclosureError, match=r"publish.*internal=True"):
            write()
    assert not list(tmp_path.iterdir())
    result.write_html(tmp_path / "a.html", internal=True)
    assert "niet publiceren" in (tmp_path / "a.html").read_text("utf-8")
    same = result.publish("internal")
    assert same.preset == "internal"
    same.write_html(tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_the_audit_is_for_the_analyst(result):
    published = bp.publish(result, preset="cbs5")
    audit = published.audit
    areas = audit[audit["code"].notna() & audit["part"].isna()]
    now = areas[areas["period"] == result.period.label].set_index("code")
    true = result.neighbourhoods.set_index("code")["count"]
    assert (now["count"] == true).all()
    small = (now["count"] > 0) & (now["count"] < 5)
    assert (now.loc[small, "why"] == "few").all()
    assert now.loc[small, "published"].isna().all()
    assert published.ledger is None
    assert published.preset == "cbs5"


def test_the_same_secret_gives_the_same_figures(result):
    one, two = (result.publish("cbs5", secret="a").neighbourhoods for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    other = result.publish("cbs5", secret="b").neighbourhoods
    assert not one["count"].equals(other["count"])


def test_releases_are_kept_in_a_ledger(city, tmp_path):
    path = tmp_path / "ledger.json"
    seen = []
    for period in (2023, ("2023-07-01", "2024-07-01")):
        result = bp.hotspots(
            city.incidents, city.neighbourhoods, theme="youth_nuisance", period=period
        )
        published = result.publish("cbs5", ledger=path)
        assert published.ledger == path
        seen.append(published.neighbourhoods)
    assert len(json.loads(path.read_text("utf-8"))["releases"]) == 2
    again = bp.hotspots(city.incidents, city.neighbourhoods, theme="youth_nuisance", period=2023)
    same = again.publish("cbs5", ledger=path).neighbourhoods
    assert same["count"].equals(seen[0]["count"])
    path.write_text("{}")
    with pytest.raises(bp.InputError, match="ledger"):
        again.publish("cbs5", ledger=path)


def test_what_may_not_be_published_is_refused_with_the_remedy(city):
    narrow = bp.hotspots(city.incidents, city.neighbourhoods, theme="youth_nuisance", bandwidth=150)
    with pytest.raises(bp.DisclosureError, match="200 m"):
        narrow.publish("cbs5")
    counts = np.full(len(city.neighbourhoods), 20)
    counted = bp.hotspots(counts, city.neighbourhoods, theme="youth_nuisance")
    with pytest.raises(bp.DisclosureError, match="addresses"):
        counted.publish("police8")
    assert counted.publish("cbs5").surface is None
    with pytest.raises(bp.ParameterError, match="cbs5"):
        counted.publish("none")
    with pytest.raises(bp.ParameterError, match="hotspots"):
        bp.publish([counts])


def test_themes_go_out_together(city, tmp_path):
    results = [
        bp.hotspots(city.incidents, city.neighbourhoods, theme=theme)
        for theme in ("youth_nuisance", "housing_nuisance", None)
    ]
    published = bp.publish(results, preset="cbs5")
    assert [p.theme.name for p in published] == ["youth_nuisance", "housing_nuisance", "all"]
    bp.write_html(published, tmp_path / "all.html", language="en")
    assert "not shown" in (tmp_path / "all.html").read_text("utf-8")
