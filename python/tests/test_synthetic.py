"""Synthetic cities are the same for one seed, whatever the threads."""

from __future__ import annotations

import numpy as np
import pytest

import brandpunt as bp


def test_a_seed_is_a_city():
    cities = [bp.synthetic_city(3_000, seed=3, n_neighbourhoods=40, n_jobs=n) for n in (1, 2, 3, 7)]
    assert len({c.incidents.x.tobytes() for c in cities}) == 1
    assert len({c.incidents.time.tobytes() for c in cities}) == 1
    other = bp.synthetic_city(3_000, seed=4, n_neighbourhoods=40)
    assert other.incidents.x.tobytes() != cities[0].incidents.x.tobytes()


def test_what_is_planted_is_told():
    city = bp.synthetic_city(5_000, seed=1, n_neighbourhoods=80, n_hotspots=2)
    assert len(city.truth.hotspots) == 2
    codes = set(city.neighbourhoods.code)
    for hotspot in city.truth.hotspots:
        assert set(hotspot.neighbourhoods) <= codes
        assert hotspot.relative_risk > 1
        assert hotspot.start >= np.datetime64("2016-12-31")
    kinds = {kind for kind, _ in city.neighbourhoods.exposures}
    assert kinds >= {"inhabitants", "youths", "dwellings"}


def test_options_that_make_no_city():
    with pytest.raises(bp.ParameterError):
        bp.synthetic_city(100, n_neighbourhoods=0)
    with pytest.raises(bp.ParameterError):
        bp.synthetic_city(100, repeats=2)
