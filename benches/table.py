"""Put the times of the last `make bench` into the table of the README."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
START, END = "<!-- bench-table -->", "<!-- /bench-table -->"


def shown(nanoseconds: float) -> str:
    """Three digits and a unit."""
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"


def measured() -> dict[str, list[tuple[float, float, float, str]]]:
    """Median, ends of its 95 % interval and name of each measurement, by group."""
    groups: dict[str, list[tuple[float, float, float, str]]] = {}
    for path in sorted((ROOT / "target" / "criterion").glob("**/new/benchmark.json")):
        what = json.loads(path.read_text("utf-8"))
        median = json.loads(path.with_name("estimates.json").read_text("utf-8"))["median"]
        interval = median["confidence_interval"]
        name = "/".join(v for v in (what["function_id"], what["value_str"]) if v)
        times = (median["point_estimate"], interval["lower_bound"], interval["upper_bound"])
        groups.setdefault(what["group_id"], []).append((*times, name))
    return groups


def table() -> str:
    """The table in Markdown, the fastest of each group first."""
    lines = ["| what | how | median | 95 % interval |", "|:--|:--|--:|--:|"]
    for group, rows in sorted(measured().items()):
        lines += [
            f"| {group if i == 0 else ''} | {name} | {shown(median)} | {shown(low)} to {shown(high)} |"
            for i, (median, low, high, name) in enumerate(sorted(rows))
        ]
    return "\n".join(lines)


def main() -> int:
    """Print the table and write it between the two marks in the README."""
    if not measured():
        print("nothing was measured yet; run `make bench` first", file=sys.stderr)
        return 1
    made = table()
    print(made)
    readme = ROOT / "README.md"
    text = readme.read_text("utf-8")
    if START in text and END in text:
        before, rest = text.split(START, 1)
        after = rest.split(END, 1)[1]
        readme.write_text(f"{before}{START}\n{made}\n{END}{after}", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
