"""Long calls can be stopped, followed and forked, and a panic is an exception."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

import brandpunt as bp
from brandpunt import _brandpunt

pytestmark = pytest.mark.skipif(
    not bp.DEBUG_BUILD, reason="only builds for development can rehearse what never happens"
)


def test_a_panic_is_an_ordinary_exception(capfd):
    with pytest.raises(bp.InternalError, match=r"please report it.*rehearsed"):
        _brandpunt.rehearse("panic")
    assert isinstance(bp.InternalError("x"), RuntimeError)
    capfd.readouterr()
    assert _brandpunt.rehearse("nothing", 2) == 2


@pytest.mark.parametrize("n_jobs", [-2, 10**6, 2**40])
def test_absurd_thread_counts_are_refused(n_jobs):
    with pytest.raises(bp.ParameterError, match="n_jobs"):
        _brandpunt.rehearse("nothing", n_jobs)


def test_every_core_is_the_default():
    assert _brandpunt.rehearse("nothing") == _brandpunt.rehearse("nothing", -1)
    assert _brandpunt.rehearse("nothing") == _brandpunt.rehearse("nothing", 0)
    assert _brandpunt.rehearse("nothing") == len(os.sched_getaffinity(0))


def test_progress_is_told_and_can_end_the_job():
    heard = []

    def progress(stage, done):
        heard.append((stage, done))
        if len(heard) == 3:
            raise LookupError

    with pytest.raises(LookupError):
        _brandpunt.rehearse("endless", 2, progress)
    assert heard == [("rehearsal", 0.5)] * 3


REAL = """
import numpy as np
import brandpunt as bp
values = np.random.default_rng(1).poisson(2.0, 250_000)
weights = bp.Weights.lattice((500, 500), order=2).include_self()
print("ready", flush=True)
try:
    bp.gi_star(values, weights, inference="permutation", permutations=1_000_000)
except KeyboardInterrupt:
    print("stopped", flush=True)
"""

REHEARSED = """
import sys, time
from brandpunt import _brandpunt
print("ready", flush=True)
try:
    _brandpunt.rehearse("endless", 2)
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


@pytest.mark.parametrize("code", [REHEARSED, REAL])
def test_ctrl_c_stops_a_call(code):
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        # The promise is 200 ms; a loaded machine that schedules a process late is no failure.
        assert process.stdout.readline() == "stopped\n"
        assert process.wait(timeout=20) == 0


def test_other_threads_run_meanwhile_and_may_call_too():
    done = threading.Event()
    ticks = []

    def tick(stage, _share):
        ticks.append(stage)
        if done.is_set():
            raise StopIteration

    def endless():
        with pytest.raises(StopIteration):
            _brandpunt.rehearse("endless", 2, tick)

    threads = [threading.Thread(target=endless) for _ in range(2)]
    for thread in threads:
        thread.start()
    while len(ticks) < 10:
        assert _brandpunt.rehearse("nothing", 3) == 3
    done.set()
    for thread in threads:
        thread.join(timeout=20)
        assert not thread.is_alive()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_forked_child_has_threads_of_its_own():
    assert _brandpunt.rehearse("nothing", 2) == 2
    child = os.fork()
    if child == 0:
        os._exit(0 if _brandpunt.rehearse("nothing", 2) == 2 else 1)
    for _ in range(200):
        finished, status = os.waitpid(child, os.WNOHANG)
        if finished:
            break
        time.sleep(0.1)
    else:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        pytest.fail("the child hangs")
    assert os.waitstatus_to_exitcode(status) == 0
