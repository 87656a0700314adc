"""What every public callable promises, whatever it computes: one table, one test per promise."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from contract.digest import digest
from contract.table import CASES
from contract.ways import (
    cut,
    level,
    numbers,
    outcome,
    refused,
    spoilt,
    texts,
    twice,
    views,
    with_threads,
)

import brandpunt as bp

# What is made by a function and never by hand.
RESULTS = {
    name
    for name in bp.__all__
    if inspect.isclass(getattr(bp, name)) and not issubclass(getattr(bp, name), Exception)
} - {"AreaCode", "AreaNumbers", "Crosswalk", "LiveWindow", "SchoolHours", "Theme"}
# Pictures have tests of their own; frames and arrays are asked for without a choice.
PICTURES = {"plot", "explore", "to_geopandas", "to_geojson"}


def name(case):
    return case.name if hasattr(case, "name") else str(case)


def every(cases=CASES):
    return pytest.mark.parametrize("case", cases, ids=name)


def lasting(cases=CASES):
    return [case for case in cases if not case.moves]


def by_row():
    return [case for case in CASES if case.rows]


def columns():
    return [(case, column) for case in CASES for column in case.numbers]


def public():
    for found in bp.__all__:
        thing = getattr(bp, found)
        if inspect.isfunction(thing):
            yield found
        if not inspect.isclass(thing) or issubclass(thing, Exception):
            continue
        if found not in RESULTS:
            yield found
        for method in dir(thing):
            member = inspect.getattr_static(thing, method)
            if (
                method.startswith("_")
                or member in vars(tuple).values()
                or member in vars(str).values()
            ):
                continue
            if isinstance(member, (classmethod, staticmethod)) or (
                inspect.isfunction(member)
                and method not in PICTURES
                and len(inspect.signature(member).parameters) > 1
            ):
                yield f"{found}.{method}"


def test_every_public_callable_is_in_the_table():
    inherited = {"PublishedResult." + m for m in dir(bp.HotspotResult)}
    wanted = set(public()) - inherited
    assert {case.name for case in CASES} == wanted


@every()
def test_the_least_arguments_work(case):
    assert "Error: " not in outcome(case, case.make())


@every(by_row())
def test_without_rows_there_is_a_result_or_a_refusal(case):
    arguments = case.make()
    outcome(case, arguments | {row: cut(arguments[row], 0) for row in case.rows})


@every(by_row())
@pytest.mark.parametrize("n", [1, 2, 3])
def test_few_rows_give_a_result_or_a_refusal(case, n):
    arguments = case.make()
    outcome(case, arguments | {row: cut(arguments[row], n) for row in case.rows})


@every(by_row())
def test_rows_may_come_twice(case):
    arguments = case.make()
    outcome(case, arguments | {row: twice(arguments[row]) for row in case.rows})


@every(by_row())
def test_all_rows_may_be_alike(case):
    arguments = case.make()
    columns = case.numbers or [row for row in case.rows if isinstance(arguments[row], bp.Incidents)]
    outcome(case, arguments | {column: level(arguments[column], 3.0) for column in columns})
    outcome(case, arguments | {column: level(arguments[column], 0.0) for column in columns})


@pytest.mark.parametrize(("case", "column"), columns(), ids=name)
@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, -1.0, 0.5])
def test_odd_numbers_are_missing_or_refused(case, column, number):
    arguments = case.make()
    outcome(case, arguments | {column: spoilt(arguments[column], number)})


@pytest.mark.parametrize(("case", "column"), columns(), ids=name)
@pytest.mark.parametrize("number", [1e15, 2.0**53, 1e19, 1e300, -1e300, 5e-324])
def test_huge_numbers_give_a_result_or_a_refusal(case, column, number):
    arguments = case.make()
    with np.errstate(over="ignore"):
        outcome(case, arguments | {column: spoilt(arguments[column], number)})
        outcome(case, arguments | {column: level(arguments[column], number)})


@pytest.mark.parametrize(("case", "column"), columns(), ids=name)
@pytest.mark.parametrize(
    "wrong",
    [["x"], [1j], ["2017-01-01"], [{}], [None, "x"]],
    ids=["text", "complex", "dates", "dicts", "mixed"],
)
def test_columns_of_no_numbers_are_refused_by_name(case, column, wrong):
    arguments = case.make()
    shape = np.shape(arguments[column])
    wrong = np.resize(np.array(wrong), shape)
    if wrong.dtype.kind == "U" and "-" in wrong.flat[0]:
        wrong = wrong.astype("M8[D]")
    assert case.called.get(column, column) in refused(case, arguments | {column: wrong})


@pytest.mark.parametrize(("case", "column"), columns(), ids=name)
def test_arrays_of_too_many_dimensions_are_refused_by_name(case, column):
    arguments = case.make()
    deeper = np.zeros((*np.shape(arguments[column]), 2))
    deeper = deeper[..., None] if deeper.ndim < 3 else deeper
    if case.any_shape:
        assert "Error: " not in outcome(case, arguments | {column: deeper})
        return
    assert case.called.get(column, column) in refused(case, arguments | {column: deeper})


@pytest.mark.parametrize(
    ("case", "row"),
    [(case, row) for case in CASES if len(case.rows) > 1 for row in case.rows],
    ids=name,
)
def test_columns_of_another_length_are_refused_by_name(case, row):
    arguments = case.make()
    if all(isinstance(arguments[other], bp.Incidents) for other in case.rows):
        return  # two sets of reports need not be of one size
    text = refused(
        case,
        arguments | {row: cut(arguments[row], len(np.atleast_1d(arguments[case.rows[0]])) - 1)},
    )
    assert any(other in text for other in case.rows), text


@pytest.mark.parametrize(("case", "column"), columns(), ids=name)
def test_how_numbers_are_stored_does_not_matter(case, column):
    arguments = case.make()
    array = np.asarray(arguments[column])
    want = outcome(case, arguments)
    for way, view in views(array).items():
        assert outcome(case, arguments | {column: view}) == want, way


@every(lasting())
def test_what_is_handed_in_is_left_alone(case):
    arguments = case.make()
    before = digest(arguments)
    case(**arguments)
    assert digest(arguments) == before


@pytest.mark.parametrize(("case", "option"), list(texts()), ids=name)
def test_unknown_options_are_refused_by_name(case, option):
    text = refused(case, case.make() | {option: "no such thing"})
    assert case.called.get(option, option) in text
    assert "no such thing" in text


@pytest.mark.parametrize(("case", "option", "kind"), list(numbers()), ids=name)
def test_options_that_are_no_sensible_number_are_refused(case, option, kind):
    arguments = case.make()
    for wrong in (np.nan, "many", [1, 2]):
        assert option in refused(case, arguments | {option: wrong})
    for odd in (np.inf, -np.inf, -1, 0, *((2**70, 1.5) if kind == "int" else (1e308, 5e-324))):
        outcome(case, arguments | {option: odd})


@every(with_threads())
def test_the_number_of_threads_changes_no_byte(case):
    arguments = case.make()
    one = digest(case(**arguments, n_jobs=1))
    for n_jobs in (0, -1, None, 2, 3, 7):
        assert digest(case(**arguments, n_jobs=n_jobs)) == one, n_jobs


@every(with_threads())
def test_absurd_numbers_of_threads_are_refused(case):
    for n_jobs in (-7, 10**6, 2**70, np.nan, 1.5, "all"):
        assert "n_jobs" in refused(case, case.make() | {"n_jobs": n_jobs})


@every(lasting())
def test_results_travel_in_a_pickle_and_a_copy(case):
    result = case(**case.make())
    want = digest(result)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert digest(pickle.loads(pickle.dumps(result, protocol))) == want
    assert digest(copy.deepcopy(result)) == want
    if dataclasses.is_dataclass(result):
        again = pickle.loads(pickle.dumps(result))
        for field in dataclasses.fields(again):
            value = getattr(again, field.name)
            assert not (isinstance(value, np.ndarray) and value.flags.writeable), field.name


@every()
def test_results_cannot_be_changed(case):
    result = case(**case.make())
    if type(result).__name__ not in RESULTS:
        return
    before = digest(result)
    for attribute in dir(result):
        value = None if attribute.startswith("_") else getattr(result, attribute)
        if isinstance(value, np.ndarray) and value.flags.writeable:
            # Made anew at each look: what is done to it is done to nothing else.
            value[:] = value[::-1].copy()
    assert digest(result) == before


@every(lasting())
def test_threads_of_python_may_call_at_once(case):
    arguments = case.make()
    want = outcome(case, arguments)
    found = []
    callers = [
        threading.Thread(target=lambda: found.append(outcome(case, arguments))) for _ in range(3)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(timeout=60)
    assert found == [want] * 3


@every(lasting())
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_forked_child_may_call(case):
    arguments = case.make()
    want = outcome(case, arguments)
    child = os.fork()
    if child == 0:
        signal.alarm(60)  # a child that hangs is killed
        try:
            same = outcome(case, arguments) == want
        except BaseException:
            os._exit(2)
        os._exit(0 if same else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


ALONE = """
import json, sys
from contract.table import CASES
from contract.ways import quietly
json.dump({case.name: quietly(case, case.make()) for case in CASES}, sys.stdout)
"""


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """What every callable gives in a process of its own, elsewhere."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ALONE],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent), "PYTHONHASHSEED": "77"},
        cwd=tmp_path_factory.mktemp("elsewhere"),
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@every()
def test_a_process_of_its_own_gives_the_same(case, alone):
    assert alone[case.name] == outcome(case, case.make())


@every(lasting())
def test_ctrl_c_is_an_interrupt_and_breaks_nothing(case):
    arguments = case.make()
    want = outcome(case, arguments)

    def ring(_signal, _frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, ring)

    def until_it_rings():
        signal.setitimer(signal.ITIMER_REAL, 0.002)
        while True:
            outcome(case, arguments)

    try:
        with pytest.raises(KeyboardInterrupt):
            until_it_rings()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert outcome(case, arguments) == want
