"""What all values have in common: equal by content, read-only, and the same after a journey."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import re
from concurrent.futures import ProcessPoolExecutor

import joblib
import numpy as np
import pytest
from specimens import city, classes, specimens

import brandpunt as bp
from brandpunt import _brandpunt, _value

NAMES = sorted(c.__name__ for c in classes())


@pytest.fixture(params=NAMES)
def value(request):
    return specimens()[request.param]


def test_there_is_a_specimen_of_every_class():
    assert set(NAMES) == set(specimens())
    assert len(NAMES) >= 50


def test_the_table_of_travelling_classes_is_that_of_the_core():
    for cls in _value.TRAVELLING:
        assert cls in _value.copyreg.dispatch_table
    with pytest.raises(TypeError, match="do not travel"):
        _brandpunt.dump(3)
    with pytest.raises(TypeError, match="do not travel"):
        _brandpunt.load("Nothing", b"")


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_gives_the_same_value(value, protocol):
    state = pickle.dumps(value, protocol)
    back = pickle.loads(state)
    assert back == value
    assert back is not value
    assert repr(back) == repr(value)
    if isinstance(value, _value.Wrapped):
        # What the core holds has bytes of its own, so that caches by content work.
        assert pickle.dumps(back, protocol) == state


def test_a_copy_is_the_value_itself(value):
    assert copy.copy(value) is value
    assert copy.deepcopy(value) is value


def arrays(value):
    names = [name for name in dir(value) if not name.startswith("_")]
    for name in names:
        if isinstance(array := getattr(value, name), np.ndarray):
            yield name, array


def test_arrays_are_read_only_before_and_after(value):
    for name, array in [*arrays(value), *arrays(pickle.loads(pickle.dumps(value)))]:
        assert not array.flags.writeable, name


def test_values_of_other_content_or_class_differ(value):
    others = [other for other in specimens().values() if other is not value]
    assert all(value != other for other in others)
    assert value != "something else"


def test_content_is_compared_to_the_last_number():
    counts = bp.count(*city()[:2])
    more = bp.Counts(**(vars(counts) | {"values": counts.values + 1}))
    assert counts != more
    assert counts == bp.Counts(**(vars(counts) | {"values": counts.values.copy()}))
    with pytest.raises(TypeError, match="unhashable"):
        hash(counts)
    incidents = city().incidents
    assert incidents.select(start="2018-01-01") != incidents
    assert incidents.select(start="1990-01-01") == incidents


def test_what_cannot_be_set_is_not_set(value):
    with pytest.raises(AttributeError):
        value.something_new = 1


def test_another_version_is_refused_with_the_remedy(value, monkeypatch):
    state = pickle.dumps(value)
    monkeypatch.setattr(_value._brandpunt, "__version__", "99.0.0")
    with pytest.raises(bp.InputError, match=r"pickled by brandpunt \S+ and is read by 99.0.0") as e:
        pickle.loads(state)
    assert e.value.fault == "other_version"


@pytest.mark.parametrize("cut", [0, 1, 7, -1])
def test_a_damaged_state_is_an_error(cut):
    name, state = _brandpunt.dump(city().incidents._core)
    with pytest.raises(bp.InputError, match="damaged_state"):
        _brandpunt.load(name, state[:cut] if cut >= 0 else state + b"\0")


def test_rejected_rows_flags_and_conclusions_travel():
    incidents = bp.Incidents.from_xy(
        [143_000.0, np.nan, 143_500.0],
        [487_000.0] * 3,
        crs=28992,
        time=["2024-05-17T00:00", None, "2024-05-17T12:30"],
        max_rejected_share=0.5,
    )
    back = pickle.loads(pickle.dumps(incidents))
    assert back.rejected["reason"].tolist() == ["non_finite_coordinate"]
    assert back.row.tolist() == [0, 2]
    assert back._core.time_flag == incidents._core.time_flag == ["midnight_suspect", "exact"]
    crosswalk = specimens()["Crosswalk"]
    numbers = bp.AreaNumbers(["A", "B"], [1, 2], vintage=2022).through(crosswalk)
    assert numbers.warnings
    assert pickle.loads(pickle.dumps(numbers)).warnings == numbers.warnings


def test_a_result_that_travelled_can_be_used_as_before(tmp_path):
    result = pickle.loads(pickle.dumps(specimens()["HotspotResult"]))
    assert result.publish("cbs5") == specimens()["PublishedResult"]
    published = pickle.loads(pickle.dumps(specimens()["PublishedResult"]))
    published.write_html(tmp_path / "one.html")
    specimens()["PublishedResult"].write_html(tmp_path / "two.html")
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()
    surface = pickle.loads(pickle.dumps(specimens()["Surface"]))
    assert surface + surface == specimens()["Surface"] + specimens()["Surface"]


def hottest(result):
    """What a process makes of a result it was handed; it hands the result back too."""
    return result.neighbourhoods.sort_values("rank")["code"].iloc[0], result


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_other_processes_get_and_give_values(method):
    result = specimens()["HotspotResult"]
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(method)) as pool:
        code, back = pool.submit(hottest, result).result(timeout=100)
    assert (code, back) == (hottest(result)[0], result)


def test_joblib_hands_values_over_and_knows_them_by_content(tmp_path):
    result = specimens()["HotspotResult"]
    found = joblib.Parallel(n_jobs=2, timeout=100)(joblib.delayed(hottest)(r) for r in [result] * 2)
    assert all(back == result for _, back in found)
    assert joblib.hash(result) == joblib.hash(pickle.loads(pickle.dumps(result)))
    joblib.dump(result, tmp_path / "result.joblib")
    assert joblib.load(tmp_path / "result.joblib") == result


def test_every_value_shows_itself_in_a_line_and_in_a_notebook(value):
    line = repr(value)
    assert type(value).__name__ in line
    assert "object at 0x" not in line
    assert len(line) < 600
    page = value._repr_html_()
    assert "<" in page
    assert re.search(r"</(div|iframe)>", page)


def test_coordinates_can_be_read_in_a_notebook():
    page = bp.Incidents.from_xy(
        [143_701.25], [486_937.0], crs=28992, weight=[0.123456]
    )._repr_html_()
    assert "<td>143701.2</td><td>486937</td><td>0.1235</td>" in page


def test_text_from_the_data_is_escaped_in_a_notebook():
    evil = "<script>alert(1)</script>"
    numbers = bp.AreaNumbers([evil, "B"], [1, 2])
    counts = bp.Counts(
        **(vars(bp.count(*city()[:2])) | {"code": np.array([evil] * 40, dtype=object)})
    )
    incidents = bp.Incidents.from_xy([1.0], [2.0], crs="planar", category=[evil])
    for value in (numbers, counts, incidents, bp.Theme(evil, [evil])):
        page = value._repr_html_()
        assert "<script" not in page
        assert "&lt;script" in page
