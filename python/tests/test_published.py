"""Published results on public data, in the folder beside the repository; skipped without it.

Sudden infant deaths in North Carolina (R package spData 2.3.5 and libpysal's sids2) and homicides
around St. Louis (libpysal's stl); each number says where it was printed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import brandpunt as bp

if TYPE_CHECKING:
    from pathlib import Path


def neighbours(path: Path, order: list[str]) -> bp.Weights:
    """Weights from a GAL file, in the order of these keys."""
    scipy_sparse = pytest.importorskip("scipy.sparse")
    head, *lines = path.read_text().splitlines()
    words = [line.split() for line in lines if line.strip()]
    assert int(head.split()[1 if len(head.split()) > 1 else 0]) == len(order)
    place = {key: i for i, key in enumerate(order)}
    links, at = [], 0
    while at < len(words):
        key, count = words[at]
        if int(count):
            at += 1
            links += [(place[key], place[other]) for other in words[at]]
        at += 1
    rows, cols = np.array(links).T
    shape = (len(order), len(order))
    return bp.Weights.from_sparse(
        scipy_sparse.csr_array((np.ones(len(links)), (rows, cols)), shape=shape)
    )


def printed(folder: Path) -> dict:
    return json.loads((folder / "expected.json").read_text())


@pytest.fixture
def carolina(shared):
    """Counties of spData's nc.sids with the neighbours of Cressie & Chan."""
    folder = shared / "reference" / "nc_sids"
    frame = gpd.read_file(folder / "sids.gpkg", ignore_geometry=True)
    keys = frame["FIPSNO"].astype(int).astype(str).tolist()
    return frame, neighbours(folder / "ncCC89.gal", keys), printed(folder)["spdep"]


@pytest.fixture
def sids2(shared):
    folder = shared / "reference" / "nc_sids"
    frame = gpd.read_file(folder / "sids2.dbf", ignore_geometry=True)
    keys = frame["FIPSNO"].astype(int).astype(str).tolist()
    return frame, neighbours(folder / "sids2.gal", keys), printed(folder)["pysal"]


@pytest.fixture
def louis(shared):
    folder = shared / "reference" / "stl_homicide"
    frame = pd.read_csv(folder / "stl_hom.csv")
    keys = [str(i + 1) for i in range(len(frame))]
    return frame, neighbours(folder / "stl.gal", keys), printed(folder)


def test_general_g_by_distance_in_carolina(carolina):
    """spdep's `globalG.test` leaves islands out; east and north are miles in a plane."""
    frame, _, spdep = carolina
    places = frame[["east", "north"]].to_numpy(dtype=float)
    rate = 1000 * frame["SID79"] / frame["BIR79"]
    table = spdep["globalG_rate79_per1000_by_distance_miles(east,north)"]
    assert len(table) == 11
    for miles, (g, deviate, p) in table.items():
        weights = bp.Weights.distance_band(places, float(miles))
        found = bp.getis_ord_g(
            rate, weights, permutations=0, alternative="greater", islands="left_out"
        )
        assert abs(found.statistic - g) < 6e-9
        assert abs(found.z - deviate) < 6e-9
        assert abs(found.p_normal - p) < 6e-8
    # At ten miles only four counties are left; counting the other 96 is another question.
    ten = bp.Weights.distance_band(places, 10)
    assert len(ten.islands) == 96
    assert bp.getis_ord_g(rate, ten, permutations=0).statistic < 0.001


def test_moran_of_rates_in_carolina(carolina):
    frame, weights, spdep = carolina
    assert frame["NAME"][weights.islands].tolist() == ["Dare", "Hyde"]
    found = bp.moran(frame["SID74"] / frame["BIR74"], weights, permutations=0)
    # spdep takes islands out of n but not out of mean and spread.
    share = (found.n - found.islands) / found.n
    assert abs(found.statistic * share - spdep["moran_I_raw_rate_SID74_over_BIR74"]) < 6e-6


def test_moran_of_standardised_rates_in_carolina(carolina, sids2):
    frame, weights, spdep = carolina
    options = {"permutations": 0, "assumption": "normality", "alternative": "greater"}
    found = bp.moran(frame["SID74"], weights, population=frame["BIR74"], **options)
    assert abs(found.statistic - spdep["EBI_SID74_BIR74"]) < 6e-6
    frame, weights, pysal = sids2
    rows = weights.row_standardise()
    found = bp.moran(frame["SID79"], rows, population=frame["BIR79"], **options)
    np.testing.assert_allclose(found.statistic, pysal["moran_rate_EB_I_SID79_BIR79"], rtol=1e-10)
    p = pysal["moran_rate_p_norm_one_tailed_SID79_BIR79"]
    np.testing.assert_allclose(found.p_normal, p, rtol=1e-8)


def test_moran_of_pysal_in_carolina_and_st_louis(sids2, louis):
    options = {"permutations": 0, "assumption": "normality", "alternative": "greater"}
    frame, weights, pysal = sids2
    found = bp.moran(frame["SIDR74"], weights.row_standardise(), **options)
    np.testing.assert_allclose(found.statistic, pysal["moran_I_SIDR74_row_std"], rtol=1e-10)
    np.testing.assert_allclose(found.p_normal, pysal["moran_p_norm_one_tailed"], rtol=1e-8)
    frame, weights, pysal = louis
    found = bp.moran(frame["HR8893"], weights.row_standardise(), **options)
    np.testing.assert_allclose(found.statistic, pysal["moran_I_HR8893_row_std"], rtol=1e-10)
    np.testing.assert_allclose(found.p_normal, pysal["moran_p_norm_one_tailed"], rtol=1e-8)


def test_smoothed_rates_in_carolina_and_st_louis(sids2, louis):
    frame, _, pysal = sids2
    cases, people = frame["SID74"].astype(int), frame["BIR74"].astype(float)
    found = bp.rates(cases, people, per=1, smoothing="global")
    np.testing.assert_allclose(found.smoothed[:5], pysal["empirical_bayes_first5"], atol=6e-8)
    excess = found.rate / (cases.sum() / people.sum())
    np.testing.assert_allclose(excess[:5], pysal["excess_risk_first5"], atol=6e-6)
    frame, weights, pysal = louis
    found = bp.rates(frame["HC7984"], frame["PO7984"], per=1, smoothing="local", weights=weights)
    first = pysal["spatial_empirical_bayes_HC7984_PO7984_first10"]
    np.testing.assert_allclose(found.smoothed[:10], first, rtol=2e-8)


def test_moran_of_breda(shared):
    """Computed with esda 2.9.0 and libpysal 4.14.1; not published."""
    meta = json.loads((shared / "reference/computed_thirdparty/meta.json").read_text())
    breda = meta["breda_youth_nuisance_per1000"]
    path = shared / "data/nl/breda_buurten_nuisance_2022_wgs84.geojson"
    frame = gpd.read_file(path)
    hoods = bp.Neighbourhoods.from_geopandas(frame, code="buurtcode_gemeente")
    rate = 1000 * frame["jeugd"] / frame["inwoners"]
    found = bp.moran(rate, bp.Weights.queen(hoods).row_standardise(), permutations=0)
    assert found.n == breda["n"]
    np.testing.assert_allclose(found.statistic, breda["global_moran_I"], rtol=1e-11)
    np.testing.assert_allclose(found.expected, breda["EI"], rtol=1e-14)
    np.testing.assert_allclose(found.variance, breda["VI_rand"], rtol=1e-11)
    np.testing.assert_allclose(found.z, breda["z_rand"], rtol=1e-10)


@pytest.fixture
def smoothed(shared):
    folder = shared / "reference" / "eb_rates"
    return folder, printed(folder)


def test_smoothed_rates_of_auckland(smoothed):
    """Marshall's own data; spdep prints the mean and the variance between areas."""
    folder, spdep = smoothed
    expected = spdep["auckland_poisson_EBest"]
    frame = pd.read_csv(folder / "auckland.csv")
    deaths = next(c for c in frame.columns if c.lower().startswith("deaths"))
    under = next(c for c in frame.columns if c.lower().startswith("under"))
    cases, people = frame[deaths].astype(int), 9.0 * frame[under]
    found = bp.rates(cases, people, per=1, smoothing="global")
    a, b = expected["a"], expected["b"]
    assert abs(cases.sum() / people.sum() - b) < 5e-10
    want = b + (found.rate - b) * a / (a + b / people)
    np.testing.assert_allclose(found.smoothed, want, rtol=1e-6)


def test_smoothed_shares_of_huddersfield(smoothed):
    """Infections out of all children of 71 wards; spdep prints raw and smoothed per cent."""
    folder, spdep = smoothed
    frame = pd.read_csv(folder / "huddersfield.csv")
    found = bp.rates(frame["cases"], frame["total"], per=100, smoothing="binomial")
    raw, estimate = np.array(spdep["huddersfield_binomial_EBest_percent_raw_and_estmm"]).T
    assert len(raw) == 71
    # Both are printed with two decimals.
    np.testing.assert_allclose(found.rate, raw, atol=5.001e-3)
    np.testing.assert_allclose(found.smoothed, estimate, atol=5.001e-3)
    with pytest.raises(bp.InputError, match="binomial"):
        bp.rates([3], [2], smoothing="binomial")


def test_local_smoothing_centres_as_marshall_or_as_spdep(louis):
    """Both centrings by their definitions on the neighbours of St. Louis."""
    frame, weights, _ = louis
    cases, people = frame["HC7984"].to_numpy(), frame["PO7984"].to_numpy(dtype=float)
    around = weights.to_sparse().toarray() != 0
    np.fill_diagonal(around, val=True)
    rate = cases / people
    mean = (around @ cases) / (around @ people)
    for smoothing, centre in (("local", mean[:, None]), ("local_spdep", mean[None, :])):
        spread = (around * people * (rate - centre) ** 2).sum(axis=1) / (around @ people)
        average = (around @ people) / around.sum(axis=1)
        between = np.maximum(0, spread - mean / average)
        whole = between + mean / people
        share = np.divide(between, whole, out=np.zeros_like(whole), where=whole > 0)
        found = bp.rates(cases, people, per=1, smoothing=smoothing, weights=weights)
        np.testing.assert_allclose(found.smoothed, mean + (rate - mean) * share, rtol=1e-9)
