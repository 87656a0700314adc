"""Two ways to do one thing, timed in turn and checked for the same answer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

A = TypeVar("A")
B = TypeVar("B")


def best(work: Callable[[], A], most_runs: int = 5, budget: float = 20.0) -> tuple[float, A]:
    """Shortest time in seconds of a few runs, and the answer."""
    shortest, spent, answer = float("inf"), 0.0, None
    for _ in range(most_runs):
        start = time.perf_counter()
        answer = work()
        took = time.perf_counter() - start
        shortest, spent = min(shortest, took), spent + took
        if spent > budget:
            break
    return shortest, answer  # type: ignore[return-value] # there is at least one run


def beside(
    what: str,
    ours: Callable[[], A],
    peer: str,
    theirs: Callable[[], B],
    same: Callable[[A, B], str],
) -> None:
    """Print both times and their ratio; `same` raises unless the answers agree, and says how."""
    against(what, ours, peer, best(theirs), same)


def against(
    what: str,
    ours: Callable[[], A],
    peer: str,
    theirs: tuple[float, B],
    same: Callable[[A, B], str],
) -> None:
    """As `beside`, with the time and the answer of a peer that has run already."""
    our_time, our_answer = best(ours)
    their_time, their_answer = theirs
    agreement = same(our_answer, their_answer)
    print(
        f"{what:<66} brandpunt {our_time:9.4f} s   {peer:<28} {their_time:9.4f} s   "
        f"{their_time / our_time:8.1f} x   {agreement}",
        flush=True,
    )
