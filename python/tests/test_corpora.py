"""Other people's malformed and hostile files, each through every reader, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import SHARED

pytestmark = pytest.mark.skipif(
    not (SHARED / "corpora").is_dir(), reason="the folder ../shared/corpora is not here"
)

FOLDERS = ("csv", "geojson", "geometry", "json", "nl-torture", "parquet", "strings")
MEMORY = 1 << 30
"""No file of these, the largest of which has 1 MB, may take more than this."""
SECONDS = 20
"""Nor longer than this; a process that hangs is ended by the alarm."""

CHILD = """
import faulthandler, json, os, resource, signal, sys
import pyarrow, pyarrow.parquet, geopandas
import brandpunt as bp

READERS = {
    "read_incidents": lambda path: bp.read_incidents(path, max_rejected_share=1),
    "read_neighbourhoods": bp.read_neighbourhoods,
    "read_neighbourhoods, repaired": lambda path: bp.read_neighbourhoods(path, repair=True),
    "read_key_figures": bp.read_key_figures,
    "read_police_table": bp.read_police_table,
    "read_themes": bp.read_themes,
    "Crosswalk.read": lambda path: bp.Crosswalk.read(path, from_vintage=2022, to_vintage=2024),
    "StreetNetwork.from_geojson": lambda path: bp.StreetNetwork.from_geojson(path, crs=28992),
}
memory, seconds = int(sys.argv[1]), int(sys.argv[2])
with open("/proc/self/statm") as file:
    mapped = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
resource.setrlimit(resource.RLIMIT_AS, (mapped + memory, mapped + memory))
for path in sys.stdin.read().splitlines():
    for name, reader in READERS.items():
        signal.alarm(seconds)
        print(json.dumps([path, name]), flush=True)
        try:
            made = reader(path)
            if isinstance(made, bp.Incidents):
                assert made.rows_in == len(made) + len(made.rejected), "rows are lost"
            said = "made"
        except bp.InternalError as error:
            said = f"BAD {type(error).__name__}: {error}"
        except bp.BrandpuntError as error:
            text = str(error)
            said = "refused" if len(text) <= 700 and text.isprintable() else f"BAD text {text!r}"
        except BaseException as error:
            said = f"BAD {type(error).__name__}: {error}"
        signal.alarm(0)
        print(json.dumps(said), flush=True)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps(["peak", peak]), flush=True)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is bounded on Linux only")
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_is_read_or_refused(folder, capsys):
    root = SHARED / "corpora" / folder
    files = sorted(str(path) for path in root.rglob("*") if path.is_file())
    assert files
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CHILD, str(MEMORY), str(SECONDS)],
        input="\n".join(files),
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"MALLOC_ARENA_MAX": "2"},
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    where = (
        " at ".join(map(str, reversed(told[-1])))
        if told and isinstance(told[-1], list)
        else "the start"
    )
    assert done.returncode == 0, f"ended with {done.returncode} by {where}: {done.stderr[-500:]}"
    calls, answers, (_, peak) = told[0:-1:2], told[1:-1:2], told[-1]
    bad = [(*call, said) for call, said in zip(calls, answers, strict=True) if "BAD" in said]
    assert not bad, json.dumps(bad, indent=1)
    assert len(calls) % len(files) == 0
    with capsys.disabled():
        print(
            f"\n{folder}: {len(files)} files x {len(calls) // len(files)} readers, "
            f"{answers.count('made')} read, {answers.count('refused')} refused, "
            f"peak {peak // 1024} MB"
        )
