//! The hypergeometric distribution: draws without replacement.

use rand::RngExt;

use super::outward::outward;
use super::saddle::binomial_mass;
use crate::random::Stream;

/// P(X ≤ k) and P(X ≥ k), where X of `draws` units drawn without replacement from `total` are
/// among the `marked` ones, each to full relative precision.
///
/// These are the two one-sided p-values of Fisher's exact test. Arguments need not be whole: the
/// masses `1 / (Γ(x+1) Γ(d−x+1) Γ(m−x+1) Γ(t−d−m+x+1))` are then taken at `k` and at whole steps
/// from it as long as there is room for another step. That changes without a jump and gives the
/// distribution itself at whole numbers.
///
/// NaN outside `0 ≤ k ≤ draws, marked ≤ total` and `k ≥ draws + marked − total`.
///
/// Time: a term per value between `k` and the far end of the bulk, and beyond 50,000 of them some
/// hundreds of evaluations.
///
/// ```
/// use brandpunt::stats::hypergeometric_tails;
///
/// // Three of the four marked among five drawn from ten: (4 choose 3)(6 choose 2) / 252, and more.
/// let (less, greater) = hypergeometric_tails(3.0, 5.0, 4.0, 10.0);
/// assert!((greater - (60.0 + 6.0) / 252.0).abs() < 1e-15);
/// assert!((less - 246.0 / 252.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn hypergeometric_tails(k: f64, draws: f64, marked: f64, total: f64) -> (f64, f64) {
    let spare = total - draws - marked;
    let possible = k >= 0.0 && k <= draws.min(marked) && draws.max(marked) <= total;
    // Sums of shares of incidents miss whole numbers by their rounding.
    if !possible || spare + k < -1e-9 * total {
        return (f64::NAN, f64::NAN);
    }
    // How many times the mass at k the masses above and below it come to. The mass at x + 1 is
    // (d − x)(m − x) / ((x + 1)(t − d − m + x + 1)) times that at x; less one, it is a single
    // difference over the same.
    let gap = |x: f64| (draws + 1.0) * (marked + 1.0) - (total + 2.0) * x;
    let above = outward(|step| {
        let x = k + step;
        let room = draws - x > 0.0 && marked - x > 0.0;
        room.then(|| gap(x + 1.0) / ((x + 1.0) * (spare + x + 1.0)))
    });
    let below = outward(|step| {
        let x = k - step;
        let room = x > 0.0 && spare + x > 0.0;
        room.then(|| -gap(x) / ((draws - x + 1.0) * (marked - x + 1.0)))
    });
    let all = 1.0 + above + below;
    if below < above {
        ((1.0 + below) / all, 1.0 - below / all)
    } else {
        (1.0 - above / all, (1.0 + above) / all)
    }
}

/// P(X = k) for whole numbers that are possible.
pub(crate) fn hypergeometric_mass(k: u64, draws: u64, marked: u64, total: u64) -> f64 {
    // As in R's dhyper: three binomial masses whose logarithms are small.
    let p = draws as f64 / total as f64;
    binomial_mass(k, marked, p) * binomial_mass(draws - k, total - marked, p)
        / binomial_mass(draws, total, p)
}

/// How many of `draws` units drawn without replacement from `total` are marked, at random.
///
/// Inversion from the mode outwards: a few standard deviations of steps.
pub(crate) fn hypergeometric_draw(draws: u64, marked: u64, total: u64, random: &mut Stream) -> u64 {
    let least = (draws + marked).saturating_sub(total);
    let most = draws.min(marked);
    if least == most {
        return most;
    }
    let (d, m) = (draws as f64, marked as f64);
    let spare = total as f64 - d - m;
    let mode = ((d + 1.0) * (m + 1.0) / (total as f64 + 2.0)).floor() as u64;
    let mode = mode.clamp(least, most);
    let at_mode = hypergeometric_mass(mode, draws, marked, total);
    let mut left = random.random::<f64>() - at_mode;
    let (mut low, mut high) = (mode, mode);
    let (mut mass_low, mut mass_high) = (at_mode, at_mode);
    while left >= 0.0 && (low > least || high < most) {
        if high < most {
            let x = high as f64;
            mass_high *= (d - x) * (m - x) / ((x + 1.0) * (spare + x + 1.0));
            high += 1;
            left -= mass_high;
            if left < 0.0 {
                return high;
            }
        }
        if low > least {
            let x = low as f64;
            mass_low *= x * (spare + x) / ((d - x + 1.0) * (m - x + 1.0));
            low -= 1;
            left -= mass_low;
            if left < 0.0 {
                return low;
            }
        }
        if mass_low + mass_high < 1e-300 {
            break;
        }
    }
    // Reached at the mode, and in the sliver that rounding leaves of one.
    mode
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::stream;

    #[test]
    fn counts_beyond_any_city_are_answered_too() {
        // All terms on either side one by one, in Python; SciPy 1.17.1 is right to seven digits.
        let (less, greater) = hypergeometric_tails(1_000_010_000.0, 1e10, 1e10, 1e11);
        assert!(
            (less / 0.637_350_247_123_943_8 - 1.0).abs() < 1e-9,
            "{less}"
        );
        assert!(
            (greater / 0.362_662_931_122_042_8 - 1.0).abs() < 1e-9,
            "{greater}"
        );
        let far = hypergeometric_tails(1e15, 9e15, 9e15, 1e17);
        assert_eq!((far.0, far.1), (1.0, 0.0));
    }

    #[test]
    fn masses_and_tails_equal_those_of_binomial_coefficients() {
        let choose = |n: u64, k: u64| (0..k).fold(1.0, |c, i| c * (n - i) as f64 / (i + 1) as f64);
        for (draws, marked, total) in [(5, 4, 10), (7, 9, 12), (20, 3, 60), (30, 30, 60)] {
            let all = choose(total, draws);
            let (least, most) = ((draws + marked).saturating_sub(total), draws.min(marked));
            let mass = |k| choose(marked, k) * choose(total - marked, draws - k) / all;
            for k in least..=most {
                let got = hypergeometric_mass(k, draws, marked, total);
                assert!((got / mass(k) - 1.0).abs() < 1e-12, "{k} {draws} {marked}");
                let (less, greater) =
                    hypergeometric_tails(k as f64, draws as f64, marked as f64, total as f64);
                let want: f64 = (least..=k).map(mass).sum();
                assert!((less - want).abs() < 1e-13, "{less} {want}");
                let want: f64 = (k..=most).map(mass).sum();
                assert!((greater - want).abs() < 1e-13, "{greater} {want}");
            }
        }
    }

    #[test]
    fn far_tails_keep_their_digits() {
        // Against sums of logarithms of whole numbers.
        let greater = hypergeometric_tails(60.0, 80.0, 1000.0, 2000.0).1;
        let masses: f64 = (60..=80u64)
            .map(|k| {
                let ln = |n: u64| (1..=n).map(|i| (i as f64).ln()).sum::<f64>();
                let ln_ways = |n: u64, k: u64| ln(n) - ln(k) - ln(n - k);
                (ln_ways(1000, k) + ln_ways(1000, 80 - k) - ln_ways(2000, 80)).exp()
            })
            .sum();
        assert!((greater / masses - 1.0).abs() < 1e-10);
    }

    #[test]
    fn far_tails_stay_numbers() {
        // Their logarithms are -2378.4 and -11134.1 (scipy 1.17.1, logsf and logcdf): no number.
        let (less, greater) = hypergeometric_tails(900.0, 1_000.0, 1_000.0, 10_000.0);
        assert!(less == 1.0 && (0.0..1e-300).contains(&greater));
        let (less, greater) = hypergeometric_tails(0.0, 1e5, 1e5, 1e6);
        assert!(less < 1e-300 && greater == 1.0);
    }

    #[test]
    fn what_cannot_be_drawn_has_no_tails() {
        for (k, draws, marked, total) in [
            (6.0, 5.0, 9.0, 20.0),
            (6.0, 9.0, 5.0, 20.0),
            (-0.5, 5.0, 9.0, 20.0),
            (2.0, 21.0, 9.0, 20.0),
            (2.0, 9.0, 21.0, 20.0),
            (3.0, 15.0, 9.0, 20.0),
            (3.99, 15.0, 9.0, 20.0),
            (f64::NAN, 5.0, 9.0, 20.0),
            (2.0, 5.0, 9.0, f64::NAN),
        ] {
            let (less, greater) = hypergeometric_tails(k, draws, marked, total);
            assert!(
                less.is_nan() && greater.is_nan(),
                "{k} {draws} {marked} {total}"
            );
        }
        // Four of fifteen at least must be marked; rounding is no reason to refuse.
        for k in [4.0, 4.0 - 1e-9] {
            assert!(
                hypergeometric_tails(k, 15.0, 9.0, 20.0).1 > 1.0 - 1e-8,
                "{k}"
            );
        }
        for (k, draws) in [(0, 0), (5, 20)] {
            assert_eq!(hypergeometric_mass(k, draws, 5, 20), 1.0, "{draws}");
        }
    }

    #[test]
    fn many_draws_have_the_mean_and_the_variance() {
        // Mean 10,000 and variance 10,000 · 0.9 · 0.9 · 10⁶/(10⁶ − 1); five standard errors.
        let mut random = stream(6, 0);
        let draws: Vec<f64> = (0..2_000)
            .map(|_| hypergeometric_draw(100_000, 100_000, 1_000_000, &mut random) as f64)
            .collect();
        let mean = draws.iter().sum::<f64>() / 2_000.0;
        let variance = draws.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / 1_999.0;
        assert!(
            (mean - 10_000.0).abs() < 5.0 * (8_100.0f64 / 2_000.0).sqrt(),
            "{mean}"
        );
        assert!(
            (variance / 8_100.0 - 1.0).abs() < 5.0 * (2.0f64 / 2_000.0).sqrt(),
            "{variance}"
        );
    }

    #[test]
    fn draws_have_the_masses() {
        // Few and most of them marked, so that some of those drawn must be.
        for (draws, marked, total) in [(8, 5, 20), (8, 15, 20), (13, 15, 20)] {
            let mut random = stream(5, 0);
            let mut met = [0u32; 14];
            for _ in 0..40_000 {
                met[hypergeometric_draw(draws, marked, total, &mut random) as usize] += 1;
            }
            let (least, most) = ((draws + marked).saturating_sub(total), draws.min(marked));
            for (k, met) in (0..).zip(met) {
                let want = if (least..=most).contains(&k) {
                    40_000.0 * hypergeometric_mass(k, draws, marked, total)
                } else {
                    0.0
                };
                assert!(
                    (f64::from(met) - want).abs() <= 5.0 * want.sqrt(),
                    "{k} {met} {want}"
                );
            }
        }
        assert_eq!(hypergeometric_draw(3, 20, 20, &mut stream(5, 0)), 3);
    }

    proptest! {
        /// Marked and drawn may change places; what is drawn and marked less is unmarked more, and
        /// what is left over less.
        #[test]
        fn tails_know_no_sides(
            draws in 1u32..60, marked in 1u32..60, spare in 0u32..900, at in 0.0f64..1.0,
        ) {
            let (d, m) = (f64::from(draws), f64::from(marked));
            let total = d + m + f64::from(spare);
            let k = (at * (d.min(m) + 1.0)).floor();
            let (less, greater) = hypergeometric_tails(k, d, m, total);
            for (one, other) in [
                hypergeometric_tails(k, m, d, total),
                hypergeometric_tails(k + total - d - m, total - m, total - d, total),
            ] {
                prop_assert!((one / less - 1.0).abs() < 1e-11, "{less} {one}");
                prop_assert!((other / greater - 1.0).abs() < 1e-11, "{greater} {other}");
            }
            for (one, other) in [
                hypergeometric_tails(d - k, d, total - m, total),
                hypergeometric_tails(m - k, total - d, m, total),
            ] {
                prop_assert!((one / greater - 1.0).abs() < 1e-11, "{greater} {one}");
                prop_assert!((other / less - 1.0).abs() < 1e-11, "{less} {other}");
            }
        }

        /// Masses by their definition at whole steps from a count that is not whole.
        #[test]
        fn fractions_have_the_masses_of_the_definition(
            draws in 1.0f64..30.0, marked in 1.0f64..30.0, spare in 0.0f64..60.0, at in 0.0f64..1.0,
        ) {
            let k = at * draws.min(marked);
            let mass = |x: f64| {
                let each = [x, draws - x, marked - x, spare + x];
                (-each.iter().map(|v| libm::lgamma(v + 1.0)).sum::<f64>()).exp()
            };
            let up = (0..40).map(|j| k + f64::from(j));
            let most = draws.min(marked);
            let above: f64 = up.filter(|x| x - 1.0 < most).skip(1).map(mass).sum();
            let down = (0..40).map(|j| k - f64::from(j));
            let below: f64 = down.filter(|x| x + 1.0 > 0.0).skip(1).map(mass).sum();
            let all = mass(k) + above + below;
            let (less, greater) = hypergeometric_tails(k, draws, marked, draws + marked + spare);
            prop_assert!((less - (mass(k) + below) / all).abs() < 1e-12, "{less}");
            prop_assert!((greater - (mass(k) + above) / all).abs() < 1e-12, "{greater}");
        }

        /// Between whole numbers the tails lie between those of the neighbours.
        #[test]
        fn tails_change_without_a_jump(draws in 1u32..40, marked in 1u32..40, at in 0.0f64..1.0) {
            let (d, m) = (f64::from(draws), f64::from(marked));
            let total = d + m + 7.0;
            let k = (at * d.min(m)).floor();
            let (less, greater) = hypergeometric_tails(k, d, m, total);
            let (near_less, near_greater) = hypergeometric_tails(k + 1e-9, d, m, total);
            if k + 1e-9 <= d.min(m) {
                prop_assert!((less - near_less).abs() < 1e-7, "{less} {near_less}");
                prop_assert!((greater - near_greater).abs() < 1e-7, "{greater} {near_greater}");
            }
        }
    }
}
