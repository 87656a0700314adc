"""Maps of shapes, with the packages that draw."""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np

from brandpunt._inputs import need
from brandpunt._outputs import axes
from brandpunt.exceptions import ParameterError

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
SHOWN = ("rank", "code", "name", "count", "rate", "hotspot_class", "reason", "category", "time")
"""What a reader sees of a shape that is pointed at."""

MANY = 5000
"""Shapes above which a map of folium is slow."""

EDGE = {"edgecolor": "#777777", "linewidth": 0.4}
UNKNOWN = {"color": "#eeeeee", "hatch": "///", **EDGE}


def plot(frame: Any, column: str | None, ax: Any, *, legend: bool, title: str) -> Any:
    """Draw shapes, by hotspot class or by a column of numbers."""
    ax = axes(ax, figsize=(8, 8))
    if column is None:
        frame.plot(ax=ax, facecolor="none", **EDGE)
    elif numbered(frame, column) == "hotspot_class":
        frame.plot(ax=ax, color=[CLASSES[int(c)][0] for c in frame[column]], **EDGE)
        if legend:
            _legend(frame[column], ax)
    else:
        known = bool(np.isfinite(frame[column].astype(float)).any())
        frame.plot(
            ax=ax,
            column=column,
            cmap="magma_r",
            legend=legend and known,
            missing_kwds=UNKNOWN,
            **EDGE,
        )
    ax.set_title(title if column is None else f"{title}: {column}")
    ax.set_axis_off()
    return ax


def _legend(classes: Any, ax: Any) -> None:
    patches = need("matplotlib.patches", "plot")
    present = sorted({int(c) for c in classes}, reverse=True)
    handles = [
        patches.Patch(facecolor=CLASSES[c][0], edgecolor="#777777", label=CLASSES[c][1])
        for c in present
    ]
    ax.legend(handles=handles, loc="lower left", fontsize="small")


def explore(frame: Any, column: str | None, engine: str | None, **options: Any) -> Any:
    """Make an interactive map with folium or lonboard."""
    if column is not None:
        numbered(frame, column)
    if engine is None:
        installed = importlib.util.find_spec("lonboard") is not None
        engine = "lonboard" if installed and len(frame) > MANY else "folium"
    if engine == "folium":
        return _folium(frame, column, options)
    if engine == "lonboard":
        return _lonboard(frame, column, options)
    message = f"engine is {engine!r}; folium or lonboard is needed"
    raise ParameterError(message)


def _folium(frame: Any, column: str | None, options: dict[str, Any]) -> Any:
    need("folium", "plot")
    shown = [c for c in SHOWN if c in frame]
    options = {"tiles": "OpenStreetMap", "tooltip": shown, "popup": False, **options}
    if column is None:
        return frame.explore(**options)
    if column != "hotspot_class":
        return frame.explore(column=column, cmap="magma_r", **options)
    colours = [CLASSES[int(c)][0] for c in frame[column]]
    style = {"fillOpacity": 0.65, "weight": 1}
    return frame.explore(color=colours, style_kwds=style, **options)


def _lonboard(frame: Any, column: str | None, options: dict[str, Any]) -> Any:
    lonboard = need("lonboard", "lonboard")
    pyarrow = need("pyarrow", "arrow")
    placed = frame if frame.crs is None else frame.to_crs(4326)
    points = bool((placed.geom_type == "Point").all())
    layer = lonboard.ScatterplotLayer if points else lonboard.PolygonLayer
    fixed: dict[str, Any] = {"pickable": True, "auto_highlight": True}
    if points:
        fixed["radius_min_pixels"] = 2
    colours = {} if column is None else {"get_fill_color": _colours(frame[column])}
    table = pyarrow.table(placed.to_arrow(index=False))
    return lonboard.Map(layer(table=table, **{**fixed, **colours, **options}))


def _colours(values: Any) -> Any:
    """Red, green, blue and opacity of each value, from 0 to 255; grey where none is known."""
    matplotlib = need("matplotlib", "plot")
    if values.name == "hotspot_class":
        to_rgba = need("matplotlib.colors", "plot").to_rgba
        colours = np.array([to_rgba(CLASSES[int(c)][0], 0.65) for c in values])
    else:
        numbers = values.to_numpy(dtype=float)
        known = np.isfinite(numbers)
        colours = np.full((len(numbers), 4), 0.65)
        if known.any():
            least, most = numbers[known].min(), numbers[known].max()
            share = (numbers[known] - least) / (most - least if most > least else 1.0)
            colours[known] = matplotlib.colormaps["magma_r"](share, alpha=0.65)
    return (255 * colours).round().astype(np.uint8)


def numbered(frame: Any, column: str) -> str:
    """The name of a column of numbers; any other is refused with those there are."""
    numbers = [c for c in frame.columns if c != "geometry" and frame[c].dtype.kind in "fiu"]
    if column not in numbers:
        message = f"column is {column!r}; one of {', '.join(numbers)} is needed"
        raise ParameterError(message)
    return column
