"""Which simulation is this?"""

from __future__ import annotations

import secrets
from typing import Any, TypeAlias

import numpy as np

from brandpunt.exceptions import ParameterError

Seed: TypeAlias = int | np.random.Generator | np.random.RandomState | np.random.SeedSequence | None
"""A whole number, or a generator of NumPy from which one is drawn."""


def seed_of(seed: Seed, random_state: Seed = None) -> int:
    """The seed itself, one drawn from a generator, or a fresh one.

    A generator moves on, so that two calls with it differ, as NumPy's users expect.
    """
    if random_state is not None:
        if seed is not None and not (isinstance(seed, int) and seed == 0):
            message = "random_state is another name for seed; give one of them"
            raise ParameterError(message)
        seed = random_state
    if seed is None:
        return secrets.randbits(64)
    if isinstance(seed, np.random.Generator):
        return int(seed.integers(2**64, dtype=np.uint64))
    if isinstance(seed, np.random.RandomState):
        return int(seed.randint(2**64, dtype=np.uint64))
    if isinstance(seed, np.random.SeedSequence):
        return int(seed.generate_state(1, dtype=np.uint64)[0])
    return _whole(seed)


def _whole(seed: Any) -> int:
    try:
        number = int(seed)
        fits = number == seed and 0 <= number < 2**64
    except (TypeError, ValueError, OverflowError):
        fits = False
    if not fits:
        message = (
            f"seed is {seed!r}; a whole number from 0 to 2^64 - 1, or a generator of "
            "numpy.random, is needed"
        )
        raise ParameterError(message)
    return number
