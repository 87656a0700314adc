//! The arc cosine of many numbers at once.
//!
//! The one of the standard library differs between systems in the last digit and keeps a loop from
//! being compiled to vector instructions. `acos(u) / √(1 − u)` has its nearest singularity at −1,
//! so on 0 to 1 its Chebyshev series shrinks by 5.8 a term: fifteen powers leave 7e-15.

#![expect(
    clippy::inline_always,
    reason = "the widest instructions are used only in what is inlined"
)]

/// `acos(u) / √(1 − u)` in powers of `2u − 1`: the even ones, then the odd ones.
const EVEN: [f64; 8] = [
    1.4809609793861165,
    0.011029313318697357,
    0.00048205408560981117,
    3.0187288356901387e-05,
    2.2155622737928113e-06,
    1.7892528576444154e-07,
    1.4054226706028405e-08,
    1.9634231324117124e-09,
];
const ODD: [f64; 8] = [
    -0.07601609123464996,
    -0.0021491358597307705,
    -0.00011741249421444455,
    -8.063601337389165e-06,
    -6.223301840836692e-07,
    -5.198165223263551e-08,
    -4.10063283329265e-09,
    -6.084981407639134e-10,
];

/// The angle between 0 and π/2 whose cosine is `u`, which is between 0 and 1.
#[inline(always)]
pub(super) fn arc_cosine(u: f64) -> f64 {
    let t = 2.0 * u - 1.0;
    let s = t * t;
    let (mut even, mut odd) = (EVEN[7], ODD[7]);
    for power in (0..7).rev() {
        even = even * s + EVEN[power];
        odd = odd * s + ODD[power];
    }
    (even + odd * t) * (1.0 - u).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_arc_cosine() {
        let greatest = (0..=100_000)
            .map(|k| f64::from(k) / 1e5)
            .map(|u| (arc_cosine(u) - u.acos()).abs())
            .fold(0.0, f64::max);
        assert!(greatest < 1e-14, "{greatest:e}");
        assert_eq!(arc_cosine(1.0), 0.0);
        // Near one, where the angle is small, to the last digits of the angle itself.
        let angle = arc_cosine(1.0 - 1e-12) / 2e-12f64.sqrt();
        assert!((angle - 1.0).abs() < 1e-4, "{angle}");
    }
}
