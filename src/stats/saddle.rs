//! Probabilities of single outcomes, to the last digits.
//!
//! The products of huge and tiny factors in binomial and Poisson probabilities are reorganised
//! around the saddle point, so that only small corrections remain (Loader 2000, "Fast and accurate
//! computation of binomial probabilities").

use std::f64::consts::PI;

/// ln n! minus Stirling's formula, for n from 0 to 15.
const STIRLING_ERROR: [f64; 16] = [
    0.0,
    0.08106146679532725822,
    0.041340695955409294094,
    0.027677925684998339149,
    0.020790672103765093112,
    0.016644691189821192163,
    0.013876128823070747999,
    0.011896709945891770095,
    0.010411265261972096497,
    0.0092554621827127329177,
    0.0083305634333628712565,
    0.007573675487951840795,
    0.0069428401072095298657,
    0.0064089941880042070684,
    0.0059513701127588477356,
    0.005554733551962801371,
];

/// ln n! − (ln √(2πn) + n ln n − n).
fn stirling_error(n: f64) -> f64 {
    if n <= 15.0 {
        return STIRLING_ERROR[n as usize];
    }
    let s = 1.0 / (n * n);
    (1.0 / 12.0 - s * (1.0 / 360.0 - s * (1.0 / 1260.0 - s * (1.0 / 1680.0 - s * (1.0 / 1188.0)))))
        / n
}

/// x ln(x/m) + m − x, without cancellation where x and m are close.
fn deviance(x: f64, m: f64) -> f64 {
    if (x - m).abs() < 0.5 * (x + m) {
        let v = (x - m) / (x + m);
        let mut sum = (x - m) * v;
        let mut term = 2.0 * x * v;
        let mut j = 1.0;
        loop {
            term *= v * v;
            j += 2.0;
            let next = sum + term / j;
            if next == sum {
                return next;
            }
            sum = next;
        }
    }
    x * (x / m).ln() + m - x
}

/// P(X = k) for X Poisson with mean `mean`.
pub(super) fn poisson_mass(k: u64, mean: f64) -> f64 {
    if mean == 0.0 {
        return if k == 0 { 1.0 } else { 0.0 };
    }
    if k == 0 {
        return (-mean).exp();
    }
    let x = k as f64;
    (-stirling_error(x) - deviance(x, mean)).exp() / (2.0 * PI * x).sqrt()
}

/// P(X = k) for X binomial with `n` trials of success probability `p`.
pub(super) fn binomial_mass(k: u64, n: u64, p: f64) -> f64 {
    let q = 1.0 - p;
    if k > n {
        return 0.0;
    }
    if p == 0.0 {
        return if k == 0 { 1.0 } else { 0.0 };
    }
    if q == 0.0 {
        return if k == n { 1.0 } else { 0.0 };
    }
    let (x, nf) = (k as f64, n as f64);
    if k == 0 {
        return (nf * (-p).ln_1p()).exp();
    }
    if k == n {
        return (nf * p.ln()).exp();
    }
    let y = nf - x;
    let log = stirling_error(nf)
        - stirling_error(x)
        - stirling_error(y)
        - deviance(x, nf * p)
        - deviance(y, nf * q);
    log.exp() * (nf / (2.0 * PI * x * y)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masses_equal_exact_arithmetic() {
        // Computed with 40 digits of arithmetic.
        for (k, m, p) in MASSES {
            let got = poisson_mass(k, m);
            // The exponent keeps its absolute precision, so the mass loses with its logarithm.
            assert!(
                (got / p - 1.0).abs() < 1e-15 * (5.0 - p.ln()),
                "{k} {m}: {got} {p}"
            );
        }
        for (k, n, q, p) in BINOMIAL_MASSES {
            let got = binomial_mass(k, n, q);
            assert!(
                (got / p - 1.0).abs() < 1e-15 * (5.0 - p.ln()),
                "{k} {n} {q}: {got} {p}"
            );
        }
    }

    /// Computed with 60 digits of arithmetic (mpmath 1.4.1).
    #[test]
    fn corrections_keep_their_digits() {
        for (n, want) in [
            (15.0, 0.005_554_733_551_962_801),
            (16.0, 0.005_207_655_919_609_64),
            (17.0, 0.004_901_395_948_434_738),
            (20.0, 0.004_166_319_691_996_922),
            (30.0, 0.002_777_674_929_752_693_6),
            (1_000.0, 0.000_083_333_330_555_556_35),
        ] {
            let got = stirling_error(n);
            assert!((got / want - 1.0).abs() < 1e-13, "{n}: {got}");
        }
        for (x, m, want) in [
            (1_000.5, 1_000.0, 0.000_124_979_171_873_438_02),
            (1e9, 1e9 + 1_000.0, 0.000_499_999_666_666_916_7),
            (7.0, 4.0, 0.917_310_515_547_958_8),
            (4.0, 7.0, 0.761_536_848_258_309_3),
            (0.25, 0.5, 0.076_713_204_860_013_67),
            (1.0, 3.5, 1.247_237_031_504_632),
            (2.0, 40.0, 32.008_535_452_892_02),
            (400.0, 2.0, 1_721.326_946_619_214_7),
        ] {
            let got = deviance(x, m);
            assert!((got / want - 1.0).abs() < 2e-15, "{x} {m}: {got}");
        }
    }

    #[test]
    fn what_is_certain_has_a_mass_of_one() {
        for (k, p, want) in [(0, 0.0, 1.0), (1, 0.0, 0.0), (4, 1.0, 1.0), (3, 1.0, 0.0)] {
            assert_eq!(binomial_mass(k, 4, p), want, "{k} {p}");
        }
        assert_eq!(binomial_mass(5, 4, 0.5), 0.0);
        assert_eq!((poisson_mass(0, 0.0), poisson_mass(2, 0.0)), (1.0, 0.0));
    }

    const MASSES: [(u64, f64, f64); 5] = [
        (3, 2.5, 0.21376301724973644575),
        (0, 7.25, 0.00071017438884254906358),
        (100, 90.5, 0.024615216140255446099),
        (17, 300.0, 1.8691675987476386806e-103),
        (5000, 4000.0, 3.132093284650584088e-53),
    ];

    const BINOMIAL_MASSES: [(u64, u64, f64, f64); 5] = [
        (3, 10, 0.3, 0.266827932),
        (9, 100000, 0.0001, 0.12511504040616206875),
        (40, 1000, 0.3, 1.3305261535917121135e-98),
        (300, 1000, 0.125, 1.6341836564538553464e-48),
        (2, 3, 0.5, 0.375),
    ];
}
