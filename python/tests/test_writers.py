"""Every writer on a disk that is full after so many bytes: the old file stays, nothing else does."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("resource")

WRITERS = {
    "write_themes": "bp.write_themes(path)",
    "Contours.write_geojson": "contours.write_geojson(path)",
    "Surface.write_geotiff": "surface.write_geotiff(path)",
    "HotspotResult.write_html": "published.write_html(path)",
    "write_html": "bp.write_html([published], path)",
    "HotspotResult.write": "published.write(path)",
    "publish, its ledger": "result.publish(ledger=path, secret='s' * 32)",
}

CHILD = """
import os, resource, shutil, sys
import numpy as np
import brandpunt as bp

city = bp.synthetic_city(600, seed=1, n_neighbourhoods=9)
incidents, hoods = city.incidents, city.neighbourhoods
surface = bp.kernel_density(incidents, bandwidth=900, cell_size=450)
contours = surface.contours([1.0])
result = bp.hotspots(incidents, hoods, theme=None, cell_size=1000, n_jobs=1)
published = result.publish()
path = "here"

def write():
    {write}

def sizes():
    if os.path.isdir(path):
        return {{name: os.path.getsize(f"{{path}}/{{name}}") for name in os.listdir(path)}}
    return {{path: os.path.getsize(path)}} if os.path.exists(path) else {{}}

def limited(most):
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    try:
        write()
    except OSError:
        return "refused"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    return "written"

write()
whole = sizes()
is_folder = os.path.isdir(path)
largest = max(whole.values())
assert largest > 100, whole
# Every byte of what is small; of a page, its beginning, its end and every so many bytes.
step = max(1, largest // 700)
for most in sorted({{*range(0, min(largest, 400)), *range(0, largest, step), largest - 1}}):
    for old in {olds}:
        shutil.rmtree(path) if os.path.isdir(path) else (os.path.exists(path) and os.remove(path))
        if old and is_folder:
            os.mkdir(path)
            for name in whole:
                open(f"{{path}}/{{name}}", "w").write("old")
        elif old:
            open(path, "w").write("old")
        kept = sizes()
        assert limited(most) == "refused", f"{{most}} of {{largest}} bytes were enough"
        found = sizes()
        for name, size in found.items():
            assert size in (kept.get(name), whole.get(name)), f"{{name}}: {{size}} at {{most}}"
        around = [name for name in os.listdir(".") if name != path]
        assert not around, around
assert limited(largest) == "written"
print("done", most, flush=True)
"""


@pytest.mark.parametrize("name", WRITERS)
def test_a_disk_that_is_full_after_any_byte_leaves_the_old_file(name, tmp_path):
    # An old ledger would be read first; whatever is not one is refused.
    olds = (False,) if "ledger" in name else (True, False)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CHILD.format(write=WRITERS[name], olds=olds)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert done.stdout.startswith("done"), done.stderr[-2000:]
