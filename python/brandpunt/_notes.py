"""What a reader of a result must know."""

from __future__ import annotations

from typing import NamedTuple


class Note(NamedTuple):
    """One thing a reader of a result must know.

    Attributes
    ----------
    code : str
        The kind, stable between versions, such as ``"single_location_share"``.
    message : str
        One or two plain sentences in English.
    value : float or None
        The number the sentence turns on, where there is one.
    """

    code: str
    message: str
    value: float | None = None

    def __str__(self) -> str:
        return self.message


def notes(told: list[tuple[str, str, float | None]]) -> tuple[Note, ...]:
    """Notes from what the core tells."""
    return tuple(Note(*warning) for warning in told)


class Detected(NamedTuple):
    """One thing that a reader concluded by itself.

    Attributes
    ----------
    what : str
        The thing, such as ``"delimiter"`` or ``"crs"``.
    value : str
        What was concluded.
    evidence : str
        Why.
    """

    what: str
    value: str
    evidence: str

    def __str__(self) -> str:
        return f"{self.what}: {self.value} ({self.evidence})"


def detected(concluded: list[tuple[str, str, str]]) -> tuple[Detected, ...]:
    """Conclusions from what the core tells."""
    return tuple(Detected(*conclusion) for conclusion in concluded)
