"""Maps of a result, with the packages that draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt._inputs import need
from brandpunt._outputs import axes
from brandpunt.exceptions import ParameterError

if TYPE_CHECKING:
    from brandpunt._hotspots import HotspotResult

# From cold to hot, distinct to colour-blind eyes and in grey.
CLASSES = {
    -3: ("#2166ac", "cold spot, q ≤ 0.01"),
    -2: ("#67a9cf", "cold spot, q ≤ 0.05"),
    -1: ("#d1e5f0", "weak sign of a cold spot, q ≤ 0.10"),
    0: ("#f7f7f7", "not significant"),
    1: ("#fddbc7", "weak sign of a hot spot, q ≤ 0.10"),
    2: ("#ef8a62", "hot spot, q ≤ 0.05"),
    3: ("#b2182b", "hot spot, q ≤ 0.01"),
}


def plot(result: HotspotResult, column: str, ax: Any, legend: bool) -> Any:  # noqa: FBT001
    """Draw neighbourhoods by class or by a column of numbers."""
    frame = _frame(result, column)
    ax = axes(ax, figsize=(8, 8))
    edge = {"edgecolor": "#777777", "linewidth": 0.4}
    if column == "hotspot_class":
        colours = [CLASSES[int(c)][0] for c in frame[column]]
        frame.plot(ax=ax, color=colours, **edge)
        if legend:
            patches = need("matplotlib.patches", "plot")
            present = sorted({int(c) for c in frame[column]}, reverse=True)
            ax.legend(
                handles=[
                    patches.Patch(facecolor=CLASSES[c][0], edgecolor="#777777", label=CLASSES[c][1])
                    for c in present
                ],
                loc="lower left",
                fontsize="small",
            )
    else:
        frame.plot(
            ax=ax,
            column=column,
            cmap="magma_r",
            legend=legend and bool(np.isfinite(frame[column]).any()),
            missing_kwds={"color": "#eeeeee", "hatch": "///", **edge},
            **edge,
        )
    ax.set_title(f"{result.theme.name}: {column}")
    ax.set_axis_off()
    return ax


def explore(result: HotspotResult, column: str, **options: Any) -> Any:
    """Make an interactive map with folium."""
    need("folium", "plot")
    frame = _frame(result, column)
    shown = [c for c in ("rank", "name", "count", "rate", "hotspot_class", "reason") if c in frame]
    options = {"tiles": "CartoDB positron", "tooltip": shown, "popup": False, **options}
    if column != "hotspot_class":
        return frame.explore(column=column, cmap="magma_r", **options)
    colours = [CLASSES[int(c)][0] for c in frame[column]]
    style = {"fillOpacity": 0.65, "weight": 1}
    return frame.explore(color=colours, style_kwds=style, **options)


def _frame(result: HotspotResult, column: str) -> Any:
    frame = result.to_geopandas()
    numbers = [c for c in frame.columns if c != "geometry" and frame[c].dtype.kind in "fiu"]
    if column not in numbers:
        message = f"column is {column!r}; one of {', '.join(numbers)} is needed"
        raise ParameterError(message)
    return frame
