"""Ten million reports through one process, batch by batch: rows per second and memory.

Prints a line per format; the sum of all counts must be the rows of the file.
``python batches.py [ROWS]`` needs brandpunt (an optimised build) and pyarrow.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

import brandpunt as bp

PIECE = 1_000_000


def areas() -> bp.Neighbourhoods:
    """Give the areas of every piece."""
    return bp.synthetic_city(1_000, seed=5, n_neighbourhoods=1_000).neighbourhoods


def make(folder: Path, rows: int) -> None:
    """Write the files and what is in them."""
    pieces = [min(PIECE, rows - start) for start in range(0, rows, PIECE)]
    with (
        pq.ParquetWriter(folder / "reports.parquet", SCHEMA) as parquet,
        pyarrow.csv.CSVWriter(folder / "reports.csv", SCHEMA) as text,
    ):
        for piece, n in enumerate(pieces):
            # Of one seed, so that all lie on one map; the number of incidents shifts the draws.
            incidents = bp.synthetic_city(n + piece, seed=5, n_neighbourhoods=1_000).incidents
            table = pa.table(
                {
                    "x": incidents.x,
                    "y": incidents.y,
                    "time": pa.array(incidents.time, pa.timestamp("s", "UTC")),
                    "category": pa.array(incidents.category).dictionary_encode(),
                }
            ).slice(0, n)
            table = table.cast(SCHEMA)
            parquet.write_table(table, row_group_size=500_000)
            text.write_table(table.set_column(2, "time", table["time"].cast(pa.string())))


SCHEMA = pa.schema(
    {
        "x": pa.float64(),
        "y": pa.float64(),
        "time": pa.timestamp("s", "UTC"),
        "category": pa.dictionary(pa.int32(), pa.string()),
    }
)


def peak_kb() -> int:
    """Give the most memory that this process had; what the system keeps also counts its parent."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


def count(path: Path, *, by_category: bool) -> None:
    """Count a file and tell what it cost."""
    hoods = areas()
    before = peak_kb()
    begun, spent = time.perf_counter(), time.process_time()
    tally = bp.count_batches(
        bp.read_batches(path, crs="EPSG:28992"), hoods, step="month", by_category=by_category
    )
    wall, cpu = time.perf_counter() - begun, time.process_time() - spent
    peak = peak_kb()
    if tally.counts().values.sum() + tally.counts().outside.sum() != tally.rows_in:
        message = f"{tally} lost rows"
        raise AssertionError(message)
    kinds = " and category" if by_category else ""
    print(
        f"{path.suffix[1:]:8} per month{kinds}: {tally.rows_in:,} rows in {wall:.2f} s, "
        f"{1e-6 * tally.rows_in / wall:.1f} million per second ({cpu:.2f} s of processor), peak "
        f"{peak / 1024:.0f} MB, of which {before / 1024:.0f} before; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def main() -> None:
    """Make the files, then count each in a process of its own."""
    if len(sys.argv) > 2:
        count(Path(sys.argv[1]), by_category=sys.argv[2] == "category")
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, rows)
        for file in ("reports.parquet", "reports.csv"):
            for kind in ("month", "category"):
                again = [sys.executable, __file__, str(folder / file), kind]
                subprocess.run(again, check=True)


if __name__ == "__main__":
    main()
