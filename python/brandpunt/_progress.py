"""How far is it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from brandpunt._inputs import need
from brandpunt.exceptions import ParameterError

Progress: TypeAlias = bool | Callable[[str, float], object] | None
"""``True`` for a bar of tqdm, or what is called with the stage and the share done."""


@contextmanager
def followed(progress: Progress) -> Iterator[Callable[[str, float], object] | None]:
    """What a call should tell how far it is; a bar is closed in any case."""
    if progress is None or progress is False:
        yield None
    elif progress is True:
        with need("tqdm.auto", "progress").tqdm(total=100, bar_format=BAR) as bar:
            yield lambda stage, done: _move(bar, stage, done)
            # A call that is over before it could tell is over all the same.
            _move(bar, "done", 1.0)
    elif callable(progress):
        yield progress
    else:
        message = f"progress is {progress!r}; True, or a function of stage and share, is needed"
        raise ParameterError(message)


BAR = "{desc}: {percentage:3.0f}%|{bar}| [{elapsed}<{remaining}]"


def _move(bar: Any, stage: str, done: float) -> None:
    bar.set_description_str(stage, refresh=False)
    bar.n = round(100 * done, 1)
    bar.refresh()
