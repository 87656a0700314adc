"""A surface on paper."""

from __future__ import annotations

import base64
import html
import importlib.util
import io
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt._inputs import need
from brandpunt._outputs import axes

if TYPE_CHECKING:
    from brandpunt._neighbourhoods import Neighbourhoods
    from brandpunt._surface import DensityClasses, Surface

# Beyond this many metres, axes and scale bars are in kilometres.
_KILOMETRES = 3000


def draw(
    surface: Surface,
    *,
    ax: Any,
    classes: DensityClasses | None,
    cmap: str,
    legend: bool,
    outline: Neighbourhoods | None,
    scale_bar: bool,
) -> Any:
    """Draw a surface in classes or on a continuous scale."""
    ax = axes(ax)
    west, south, east, north = surface.bounds
    _no_density(surface, ax)
    options = {"extent": (west, east, south, north), "interpolation": "nearest", "zorder": 0.3}
    if classes is None:
        values = np.where(surface.values > 0, surface.values, np.nan)
        image = ax.imshow(values, cmap=cmap, vmin=0, **options)
        if legend:
            ax.figure.colorbar(image, ax=ax, label="incidents per km²")
    else:
        shades = _shades(cmap, len(classes))
        values = np.ma.masked_less(classes.of(surface.values), 0)
        colours = need("matplotlib.colors", "plot").ListedColormap(shades)
        ax.imshow(values, cmap=colours, vmin=-0.5, vmax=len(classes) - 0.5, **options)
        if legend:
            _legend(surface, classes, shades, ax)
    if outline is not None:
        _borders(outline, ax)
    ax.set_xlim(west, east)
    ax.set_ylim(south, north)
    ax.set_aspect("equal")
    _axes(surface, ax)
    if scale_bar:
        _scale_bar(surface, ax)
    return ax


def _shades(cmap: str, n: int) -> list[Any]:
    """White for none in reach, then from light to dark."""
    colours = need("matplotlib", "plot").colormaps[cmap]
    return ["white", *(colours(t) for t in np.linspace(0.12, 0.92, max(n - 1, 0)))]


def _no_density(surface: Surface, ax: Any) -> None:
    """Hatch the paper under cells without a density; all others cover it in white."""
    west, south, east, north = surface.bounds
    missing = np.isnan(surface.values)
    white = np.ma.masked_where(missing, np.zeros(missing.shape))
    one = need("matplotlib.colors", "plot").ListedColormap(["white"])
    if missing.any():
        patches = need("matplotlib.patches", "plot")
        paper = patches.Rectangle(
            (west, south), east - west, north - south, **_HATCHED, linewidth=0, zorder=0.1
        )
        ax.add_patch(paper)
    ax.imshow(
        white, cmap=one, extent=(west, east, south, north), interpolation="nearest", zorder=0.2
    )


_HATCHED = {"facecolor": "#eeeeee", "edgecolor": "#bbbbbb", "hatch": "////"}


def _legend(surface: Surface, classes: DensityClasses, shades: list[Any], ax: Any) -> None:
    patches = need("matplotlib.patches", "plot")
    handles = [
        patches.Patch(facecolor=shade, edgecolor="#777777", linewidth=0.5, label=label)
        for shade, label in zip(shades, classes.labels, strict=True)
    ]
    if np.isnan(surface.values).any():
        handles.insert(0, patches.Patch(**_HATCHED, linewidth=0.5, label="outside the study area"))
    ax.legend(
        handles=handles[::-1],
        title=classes.unit,
        fontsize="small",
        title_fontsize="small",
        loc="upper left",
        bbox_to_anchor=(1.01, 1.0),
        borderaxespad=0.0,
        frameon=False,
    )


def _borders(areas: Neighbourhoods, ax: Any) -> None:
    shapely = need("shapely", "geo")
    collections = need("matplotlib.collections", "plot")
    lines = [shapely.get_coordinates(ring) for ring in shapely.get_rings(areas.geometry)]
    ax.add_collection(collections.LineCollection(lines, colors="#444444", linewidths=0.6))


def _axes(surface: Surface, ax: Any) -> None:
    ticker = need("matplotlib.ticker", "plot")
    west, south, east, north = surface.bounds
    large = max(east - west, north - south) > _KILOMETRES
    unit, metres = ("km", 1000.0) if large else ("m", 1.0)
    for axis, name in ((ax.xaxis, "x"), (ax.yaxis, "y")):
        axis.set_major_locator(ticker.MaxNLocator(5, steps=[1, 2, 5, 10]))
        axis.set_major_formatter(ticker.FuncFormatter(lambda v, _: f"{v / metres:.10g}"))
        axis.set_label_text(f"{name} ({unit}, {surface.crs})")


def _scale_bar(surface: Surface, ax: Any) -> None:
    """A bar of a round length, at most a quarter of the width, on a pale ground."""
    west, south, east, north = surface.bounds
    length = _round_below((east - west) / 4)
    height = (north - south) / 90
    x, y = west + (east - west) / 25, south + (north - south) / 25
    patches = need("matplotlib.patches", "plot")
    for k, colour in enumerate(("black", "white")):
        start = (x + k * length / 2, y)
        bar = patches.Rectangle(
            start, length / 2, height, facecolor=colour, edgecolor="black", linewidth=0.6, zorder=6
        )
        ax.add_patch(bar)
    text = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    ax.text(
        x + length / 2,
        y + 1.6 * height,
        text,
        ha="center",
        va="bottom",
        fontsize="small",
        zorder=6,
        bbox={"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 1.0},
    )


def _round_below(most: float) -> float:
    """The greatest of 1, 2, 5, 10, 20, ... that is not above a positive number."""
    power = 10.0 ** np.floor(np.log10(most))
    return float(max(n * power for n in (1, 2, 5) if n * power <= most))


def page(surface: Surface) -> str:
    """A small picture, where matplotlib is there to draw it, and the facts."""
    values = surface.values
    seen = values[np.isfinite(values)]
    rows, cols = values.shape
    facts = {
        "cells": f"{rows} x {cols} of {surface.cell_size:g} m",
        "system": surface.crs,
        "kernel": f"{surface.kernel}, {surface.bandwidth:g} m",
        "bandwidths": "all the same" if surface.adaptive is None else f"{surface.adaptive}",
        "edge correction": surface.edge,
        "greatest density": f"{seen.max() if seen.size else float('nan'):.4g} incidents per km²",
        "integral": f"{seen.sum() * surface.cell_size**2 / 1e6:.6g} incidents",
    }
    lines = [
        f"<tr><th style='text-align:left'>{html.escape(name)}</th><td style='text-align:left'>{html.escape(fact)}</td></tr>"
        for name, fact in facts.items()
    ]
    lines += [
        f"<tr><td colspan='2' style='text-align:left'>{html.escape(str(note))}</td></tr>"
        for note in surface.warnings
    ]
    return f"<div>{_picture(surface)}<table>{''.join(lines)}</table></div>"


def _picture(surface: Surface) -> str:
    if importlib.util.find_spec("matplotlib") is None:
        return ""
    figure = need("matplotlib.figure", "plot").Figure(figsize=(5.5, 3.6))
    surface.plot(ax=figure.subplots())
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=80, bbox_inches="tight")
    data = base64.b64encode(png.getvalue()).decode()
    return (
        f"<img alt='{html.escape(repr(surface), quote=True)}' src='data:image/png;base64,{data}'>"
    )
