"""Many tests at once: the numbers of SciPy and esda, and worked ones."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
import scipy.stats

import brandpunt as bp

P = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216]


@pytest.fixture
def many(rng):
    """Five hundred p-values, a tenth of them small, a few missing."""
    p = rng.uniform(size=500)
    p[:50] **= 6
    p[[3, 70, 499]] = np.nan
    return p


@pytest.mark.parametrize(("method", "scipys"), [("fdr", "bh"), ("fdr_by", "by")])
def test_false_discovery_is_that_of_scipy(many, method, scipys):
    tests = ~np.isnan(many)
    found = bp.adjust_p(many, method=method)
    expected = scipy.stats.false_discovery_control(many[tests], method=scipys)
    np.testing.assert_allclose(found[tests], expected, rtol=1e-12)
    assert np.isnan(found[~tests]).all()


def test_worked_numbers():
    q = [0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.74 / 7, 0.216, 0.216, 0.216]
    np.testing.assert_allclose(bp.adjust_p(P), q, rtol=1e-14)
    np.testing.assert_allclose(bp.adjust_p(P, method="bonferroni"), np.minimum(10 * np.array(P), 1))
    holm = [0.01, 0.072, 0.312, 0.312, 0.312, 0.312, 0.312, 0.615, 0.615, 0.615]
    np.testing.assert_allclose(bp.adjust_p(P, method="holm"), holm, rtol=1e-14)
    np.testing.assert_array_equal(bp.adjust_p(P, method="none"), P)


def test_the_cut_is_that_of_esda(many):
    esda = pytest.importorskip("esda")
    tests = many[~np.isnan(many)]
    for level in (0.01, 0.05, 0.1):
        cut = bp.fdr_cutoff(many, level=level)
        np.testing.assert_allclose(cut.cutoff, esda.fdr(tests, level), rtol=1e-12)
        assert cut.k == (tests <= cut.cutoff).sum() == (cut.q <= level).sum()
    # Where nothing is rejected esda gives level / m as well, and ours says that k is 0.
    none = bp.fdr_cutoff(P[2:], level=0.05)
    assert (none.k, none.cutoff) == (0, 0.05 / 8)
    np.testing.assert_allclose(esda.fdr(np.array(P[2:]), 0.05), none.cutoff)


def test_the_cut_comes_with_its_q_values():
    cut = bp.fdr_cutoff(pd.Series(P, index=list("abcdefghij")))
    assert (cut.k, cut.cutoff) == (2, 0.01)
    np.testing.assert_array_equal(cut.q, bp.adjust_p(P))
    assert cut.to_pandas().index.tolist() == list("abcdefghij")
    assert pickle.loads(pickle.dumps(cut)).k == 2
    with pytest.raises(ValueError, match="read-only"):
        cut.q[0] = 0
    assert np.isnan(bp.fdr_cutoff([np.nan]).cutoff)


@pytest.mark.parametrize(
    ("call", "kind", "said"),
    [
        (lambda: bp.adjust_p([0.1, 1.5]), bp.InputError, "number_out_of_range"),
        (lambda: bp.adjust_p([0.1, -0.5]), bp.InputError, "p-value 1"),
        (lambda: bp.adjust_p(P, method="sidak"), bp.ParameterError, "bonferroni"),
        (lambda: bp.fdr_cutoff(P, level=5), bp.ParameterError, "level"),
        (lambda: bp.fdr_cutoff([2.0]), bp.InputError, "number_out_of_range"),
    ],
)
def test_what_is_no_p_value_is_said(call, kind, said):
    with pytest.raises(kind, match=said):
        call()
