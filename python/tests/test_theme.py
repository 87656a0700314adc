"""Themes."""

from __future__ import annotations

import copy
import pickle

import pytest

import brandpunt as bp


def test_themes_are_values():
    theme = bp.Theme("fireworks", ["M0132", " Vuurwerk "], exposure="dwellings", per=100)
    assert theme.categories == ["m132", "vuurwerk"]
    assert theme == bp.Theme("fireworks", ["vuurwerk", "M132"], exposure="dwellings", per=100)
    assert theme != bp.Theme("fireworks", ["vuurwerk"], exposure="dwellings", per=100)
    assert len({theme, copy.deepcopy(theme), pickle.loads(pickle.dumps(theme))}) == 1
    everything = bp.Theme.named("all")
    assert everything.categories is None
    assert pickle.loads(pickle.dumps(everything)) == everything


@pytest.mark.parametrize(
    "build",
    [
        lambda: bp.Theme.named("noise"),
        lambda: bp.Theme("x", "E35"),
        lambda: bp.Theme("x", ["E35"], per=0),
        lambda: bp.Theme("x", ["E35"], per=float("nan")),
    ],
)
def test_a_theme_that_makes_no_sense(build):
    with pytest.raises(bp.ParameterError):
        build()
