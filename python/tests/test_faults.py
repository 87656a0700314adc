"""The faults of the catalogue that are the interpreter's; the others are in `tests/faults`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

import brandpunt as bp
from brandpunt import _brandpunt
from brandpunt._checked import checked

rehearsed = pytest.mark.skipif(
    not bp.DEBUG_BUILD, reason="only builds for development can rehearse what never happens"
)

LONG = {
    "kernel_density": """
incidents = bp.Incidents.from_xy(*rng.uniform(0, 2e4, (2, 2_000_000)), crs="planar")
call = lambda: bp.kernel_density(incidents, bandwidth=4_000, cell_size=5)
""",
    "gi_star": """
values = rng.poisson(2.0, 250_000)
weights = bp.Weights.lattice((500, 500), order=2).include_self()
call = lambda: bp.gi_star(values, weights, inference="permutation", permutations=1_000_000)
""",
    "write": """
city = bp.synthetic_city(3_000, seed=1, n_neighbourhoods=30)
call = lambda: [bp.hotspots(city.incidents, city.neighbourhoods, theme=None, cell_size=50)
                .write_html("page.html", internal=True) for _ in range(10_000)]
""",
}

STOPPED = """
import glob
import numpy as np
import brandpunt as bp
rng = np.random.default_rng(1)
{make}
print("ready", flush=True)
try:
    call()
except KeyboardInterrupt:
    pages = glob.glob("*", include_hidden=True) if {pages} else []
    whole = all(open(page, encoding="utf-8").read().endswith("</html>\\n") for page in pages)
    print("stopped", len(pages) <= 1 and whole, flush=True)
"""


@pytest.mark.parametrize("name", LONG)
def test_fault_38_ctrl_c(name, tmp_path):
    code = STOPPED.format(make=LONG[name], pages=name == "write")
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    ) as process:
        assert process.stdout.readline() == "ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1.0)
        process.send_signal(signal.SIGINT)
        # The promise is 200 ms; a loaded machine that schedules a process late is no failure.
        assert process.stdout.readline() == "stopped True\n"
        assert process.wait(timeout=60) == 0


CHILDREN = """
import multiprocessing
import numpy as np
import brandpunt as bp

def made(seed):
    values = np.random.default_rng(3).poisson(2.0, 400)
    weights = bp.Weights.lattice((20, 20)).include_self()
    found = bp.gi_star(values, weights, inference="permutation", seed=seed, n_jobs=2)
    return found.p.tobytes()

if __name__ == "__main__":
    wanted = [made(seed) for seed in range(4)]
    for way in ("fork", "spawn", "forkserver"):
        with multiprocessing.get_context(way).Pool(2) as pool:
            assert pool.map(made, range(4)) == wanted, way
    print("alike", flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_fault_39_processes_that_fork(tmp_path):
    script = tmp_path / "children.py"
    script.write_text(CHILDREN)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.stdout == "alike\n", done.stderr


@rehearsed
def test_fault_40_a_panic_is_an_ordinary_exception(capfd):
    for n_jobs in (1, 2):
        with pytest.raises(Exception, match="rehearsed") as caught:
            _brandpunt.rehearse("panic", n_jobs)
        assert isinstance(caught.value, bp.InternalError)
    # Where a call is too short for threads of its own, the runtime's class is no `Exception`.
    short = checked(lambda: _brandpunt.rehearse("panic here"))
    with pytest.raises(bp.InternalError, match=r"report it.*rehearsed"):
        short()
    capfd.readouterr()
    assert _brandpunt.rehearse("nothing", 2) == 2, "the process goes on"
