"""How a value looks in a notebook: its line, the head of its table, and what a reader must know."""

from __future__ import annotations

import html
from typing import Any

import numpy as np

ROWS = 8
COLUMNS = 12


def page(value: Any) -> str:
    """Everything as HTML, with all text escaped."""
    parts = [f"<p><code>{html.escape(repr(value))}</code></p>"]
    columns = columns_of(value)
    parts.append(table(columns) if columns else facts(value))
    told = [str(note) for note in getattr(value, "warnings", ())]
    if told:
        items = "".join(f"<li>{html.escape(note)}</li>" for note in told)
        parts.append(f"<ul>{items}</ul>")
    return f"<div>{''.join(parts)}</div>"


def line(value: Any) -> str:
    """The numbers and words of a value, and the sizes of its arrays."""
    told = [
        f"{len(fact)} {name}" if isinstance(fact, (np.ndarray, tuple)) else f"{name} {text(fact)}"
        for name, fact in value._parts().items()
        if isinstance(fact, (str, int, float, np.generic, np.ndarray, tuple))
        and not name.startswith("_")
    ]
    return f"<{type(value).__name__}: {', '.join(told)}>"


def columns_of(value: Any) -> dict[str, Any]:
    """The columns of a value that is a table, by name; of any other none."""
    if not hasattr(value, "to_pandas"):
        return {}
    frame = value.to_pandas()
    return {str(name): np.asarray(frame[name]) for name in frame}


def table(columns: dict[str, Any]) -> str:
    """The first rows and columns of a table, and how many there are."""
    shown = list(columns)[:COLUMNS]
    length = len(next(iter(columns.values())))
    head = "".join(f"<th>{html.escape(name)}</th>" for name in shown)
    rows = [
        "".join(f"<td>{html.escape(text(columns[name][i]))}</td>" for name in shown)
        for i in range(min(ROWS, length))
    ]
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    more = f"<p>{min(ROWS, length)} of {length} rows, {len(shown)} of {len(columns)} columns</p>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def facts(value: Any) -> str:
    """The numbers and words of a value that is no table."""
    known = {
        name: fact
        for name, fact in value._parts().items()
        if isinstance(fact, (str, int, float, np.generic)) and not name.startswith("_")
    }
    rows = "".join(
        f"<tr><th style='text-align:left'>{html.escape(name.replace('_', ' '))}</th>"
        f"<td style='text-align:left'>{html.escape(text(fact))}</td></tr>"
        for name, fact in known.items()
    )
    return f"<table>{rows}</table>" if rows else ""


def text(value: Any) -> str:
    """One value in few characters; nothing for what is missing."""
    if value is None:
        return ""
    if isinstance(value, (float, np.floating)):
        # Metres and large counts to the tenth, all else to four digits.
        large = 1e4 <= abs(float(value)) < 1e12
        return f"{value:.1f}".removesuffix(".0") if large else f"{value:.4g}"
    return str(value)
