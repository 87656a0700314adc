"""Every exception is ours and, where one fits, the builtin that says the same."""

from __future__ import annotations

import pickle

import pytest

import brandpunt as bp


@pytest.mark.parametrize(
    ("ours", "builtin"),
    [
        (bp.InputError, ValueError),
        (bp.CrsError, ValueError),
        (bp.ParameterError, ValueError),
        (bp.DisclosureError, RuntimeError),
        (bp.InternalError, RuntimeError),
    ],
)
def test_family(ours, builtin):
    error = ours("what, where and the remedy")
    assert isinstance(error, bp.BrandpuntError)
    assert isinstance(error, builtin)
    assert str(error) == "what, where and the remedy"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_an_input_error_has_a_stable_code():
    with pytest.raises(bp.InputError) as caught:
        bp.Incidents.from_xy([], [], crs="planar")
    assert caught.value.fault == "no_rows"
    assert pickle.loads(pickle.dumps(caught.value)).fault == "no_rows"
