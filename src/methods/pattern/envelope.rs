//! Does a curve differ from those that chance draws?

use crate::error::{Error, Result};

/// What chance makes of a curve.
///
/// With R simulated curves and the one seen, at level 1 − α:
///
/// - `low` and `high` hold each radius by itself: of the simulated values (R + 1)α/2 lie on or
///   beyond either of them. A curve leaves them somewhere far more often than α; they are for
///   looking, not for a test.
/// - `global_low` and `global_high` hold the curve as a whole: under the null it leaves them with
///   probability α. They are the extreme rank lengths of Myllymäki et al. 2017, which make no
///   assumption on how the curves vary.
/// - `p_mad`, `p_dclf` and `p_rank` are tests of the whole curve: by its greatest deviation
///   (maximum absolute deviation), by the integral of its squared deviation (Diggle, Cressie,
///   Loosmore & Ford), and by extreme rank lengths. Deviations are those from the mean of the other
///   curves, for each curve alike, so that every p-value is exact:
///   `p = (1 + simulated at least as extreme) / (1 + R)`.
///
/// Radii at which a curve is undefined are left out of the tests and have NaN.
///
/// Source: Myllymäki, Mrkvička, Grabarnik, Seijo & Hahn 2017, Journal of the Royal Statistical
/// Society B 79:381, doi:10.1111/rssb.12172; Baddeley et al. 2014, Ecological Monographs 84:477,
/// doi:10.1890/13-2042.1.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Envelope {
    /// How many curves were simulated.
    pub simulations: usize,
    /// Level of the envelopes.
    pub level: f64,
    /// Mean of the simulated curves.
    pub mean: Vec<f64>,
    /// Lower end for each radius by itself.
    pub low: Vec<f64>,
    /// Upper end for each radius by itself.
    pub high: Vec<f64>,
    /// Lower end for the curve as a whole.
    pub global_low: Vec<f64>,
    /// Upper end for the curve as a whole.
    pub global_high: Vec<f64>,
    /// By the greatest deviation.
    pub p_mad: f64,
    /// By the integral of the squared deviation.
    pub p_dclf: f64,
    /// By extreme rank lengths.
    pub p_rank: f64,
}

/// Refuses a level, or a number of simulations that cannot reach it.
pub(super) fn check(simulations: usize, level: f64) -> Result<()> {
    /// Curves that are kept.
    const MOST: usize = 1_000_000;
    if !(level > 0.0 && level < 1.0) {
        let expected = "a share between 0 and 1";
        return Err(Error::parameter("level", level, expected));
    }
    if simulations > MOST {
        let expected = format!("at most {MOST}");
        return Err(Error::parameter("simulations", simulations, expected));
    }
    if simulations > 0 && beyond(simulations, 0.5 * (1.0 - level)) == 0 {
        let least = (2.0 / (1.0 - level) - 1e-9).ceil() - 1.0;
        let expected = format!("at least {least} for envelopes of this level, or 0 for none");
        return Err(Error::parameter("simulations", simulations, expected));
    }
    Ok(())
}

/// How many of the curves are a share of them.
fn beyond(simulations: usize, share: f64) -> usize {
    ((simulations as f64 + 1.0) * share + 1e-9).floor() as usize
}

impl Envelope {
    /// Of a curve among simulated ones with values at the same radii.
    pub(super) fn of(seen: &[f64], simulated: &[Vec<f64>], radii: &[f64], level: f64) -> Self {
        let curves: Vec<&[f64]> = std::iter::once(seen)
            .chain(simulated.iter().map(Vec::as_slice))
            .collect();
        let defined: Vec<usize> = (0..radii.len())
            .filter(|r| curves.iter().all(|c| c[*r].is_finite()))
            .collect();
        let nothing = vec![f64::NAN; radii.len()];
        let mut out = Self {
            simulations: simulated.len(),
            level,
            mean: nothing.clone(),
            low: nothing.clone(),
            high: nothing.clone(),
            global_low: nothing.clone(),
            global_high: nothing,
            p_mad: f64::NAN,
            p_dclf: f64::NAN,
            p_rank: f64::NAN,
        };
        if defined.is_empty() {
            return out;
        }
        let side = beyond(simulated.len(), 0.5 * (1.0 - level));
        let rank = ranks(&curves, &defined);
        // A curve is as extreme as its radii are, the most extreme first.
        let mut order: Vec<&Vec<u32>> = rank.iter().collect();
        order.sort_unstable();
        let extreme = |c: usize| order.partition_point(|r| **r <= rank[c]);
        let dropped = beyond(simulated.len(), 1.0 - level);
        let kept: Vec<usize> = (0..curves.len())
            .filter(|c| extreme(*c) > dropped)
            .collect();
        for &r in &defined {
            let mut values: Vec<f64> = simulated.iter().map(|c| c[r]).collect();
            values.sort_unstable_by(f64::total_cmp);
            out.mean[r] = values.iter().sum::<f64>() / values.len() as f64;
            out.low[r] = values[side - 1];
            out.high[r] = values[values.len() - side];
            let all = || kept.iter().map(|c| curves[*c][r]);
            out.global_low[r] = all().fold(f64::INFINITY, f64::min);
            out.global_high[r] = all().fold(f64::NEG_INFINITY, f64::max);
        }
        let (greatest, squared) = deviations(&curves, &defined, radii);
        out.p_mad = share_at_least(&greatest);
        out.p_dclf = share_at_least(&squared);
        out.p_rank = extreme(0) as f64 / curves.len() as f64;
        out
    }
}

/// The share of values that the first does not exceed; ties in all but the last digits count.
fn share_at_least(values: &[f64]) -> f64 {
    let least = values[0] * (1.0 - 1e-12);
    values.iter().filter(|v| **v >= least).count() as f64 / values.len() as f64
}

/// Of each curve from the mean of the others, the greatest deviation and the integral of the
/// squared one.
fn deviations(curves: &[&[f64]], defined: &[usize], radii: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let n = curves.len() as f64;
    let (mut greatest, mut squared) = (vec![0.0; curves.len()], vec![0.0; curves.len()]);
    for (k, &r) in defined.iter().enumerate() {
        let before = radii[defined[k.saturating_sub(1)]];
        let after = radii[defined[(k + 1).min(defined.len() - 1)]];
        // One radius alone stands for itself.
        let width = if defined.len() == 1 {
            1.0
        } else {
            0.5 * (after - before)
        };
        let mean = curves.iter().map(|c| c[r]).sum::<f64>() / n;
        for (c, curve) in curves.iter().enumerate() {
            let deviation = (curve[r] - mean).abs() * n / (n - 1.0);
            greatest[c] = f64::max(greatest[c], deviation);
            squared[c] += width * deviation * deviation;
        }
    }
    (greatest, squared)
}

/// For each curve the ranks of its values from the nearer end, ascending.
fn ranks(curves: &[&[f64]], defined: &[usize]) -> Vec<Vec<u32>> {
    let mut out = vec![Vec::with_capacity(defined.len()); curves.len()];
    for &r in defined {
        let mut values: Vec<f64> = curves.iter().map(|c| c[r]).collect();
        values.sort_unstable_by(f64::total_cmp);
        for (rank, curve) in out.iter_mut().zip(curves) {
            let below = values.partition_point(|v| *v <= curve[r]);
            let above = values.len() - values.partition_point(|v| *v < curve[r]);
            rank.push(below.min(above) as u32);
        }
    }
    for rank in &mut out {
        rank.sort_unstable();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nineteen flat curves at 1 to 19, and what is put among them.
    fn among(seen: [f64; 2]) -> Envelope {
        let simulated: Vec<Vec<f64>> = (1..=19).map(|v| vec![f64::from(v); 2]).collect();
        Envelope::of(&seen, &simulated, &[1.0, 3.0], 0.9)
    }

    #[test]
    fn a_curve_beyond_all_others_is_one_of_twenty() {
        let found = among([25.0, 25.0]);
        assert_eq!((found.p_mad, found.p_dclf, found.p_rank), (0.05, 0.05, 0.1));
        assert_eq!(
            (found.low[0], found.high[0], found.mean[0]),
            (1.0, 19.0, 10.0)
        );
        // The lowest is as extreme as it; both are left out.
        assert_eq!((found.global_low[1], found.global_high[1]), (2.0, 19.0));
        let found = among([10.0, 10.0]);
        assert_eq!((found.p_mad, found.p_dclf, found.p_rank), (1.0, 1.0, 1.0));
    }

    #[test]
    fn one_radius_decides_where_the_rest_ties() {
        // Ranks from the nearer end are 2 and 10 here; 1 and 2 for the curve at 1, 1 and 1 at 19,
        // 2 and 3 at 2, 2 and 2 at 18, and from 3 on for the others.
        let found = among([1.0, 10.5]);
        assert_eq!(found.p_rank, 5.0 / 20.0);
    }

    #[test]
    fn undefined_radii_are_left_out() {
        let simulated: Vec<Vec<f64>> = (1..=19).map(|v| vec![f64::NAN, f64::from(v)]).collect();
        let found = Envelope::of(&[1.0, 30.0], &simulated, &[1.0, 2.0], 0.9);
        assert!(found.low[0].is_nan() && found.low[1] == 1.0);
        assert_eq!(found.p_mad, 0.05);
        let nothing = Envelope::of(&[1.0, f64::NAN], &simulated, &[1.0, 2.0], 0.9);
        assert!(nothing.p_mad.is_nan() && nothing.p_rank.is_nan());
    }

    #[test]
    fn too_few_simulations_are_refused() {
        assert!(check(38, 0.95).is_err() && check(39, 0.95).is_ok() && check(0, 0.95).is_ok());
        for level in [-0.5, 0.0, 1.0, 1.5, f64::NAN] {
            assert!(
                check(99, level).is_err() && check(0, level).is_err(),
                "{level}"
            );
        }
        assert!(check(1_000_000, 0.95).is_ok() && check(1_000_001, 0.95).is_err());
        let few = check(10, 0.9).unwrap_err().to_string();
        assert!(few.contains("at least 19"), "{few}");
    }

    #[test]
    fn deviations_are_worked_by_hand() {
        // Of three curves at radii 1, 2, 4 and 9, the third of which is not defined. The mean of
        // the others is 3/2 as far as that of all; widths are 1/2, 8/2 and 7/2.
        let curves: [&[f64]; 3] = [
            &[0.0, 3.0, 9.0, 3.0],
            &[0.0, 0.0, 9.0, 6.0],
            &[3.0, 0.0, 9.0, 3.0],
        ];
        let (greatest, squared) = deviations(&curves, &[0, 1, 3], &[1.0, 2.0, 4.0, 9.0]);
        assert_eq!(greatest, [3.0, 3.0, 3.0]);
        let by_hand = |d: [f64; 3]| 0.5 * d[0] * d[0] + 4.0 * d[1] * d[1] + 3.5 * d[2] * d[2];
        let want = [[1.5, 3.0, 1.5], [1.5, 1.5, 3.0], [3.0, 1.5, 1.5]].map(by_hand);
        for (got, want) in squared.iter().zip(want) {
            assert!((got - want).abs() < 1e-12, "{squared:?}");
        }
        let (greatest, squared) = deviations(&curves, &[3], &[1.0, 2.0, 4.0, 9.0]);
        assert_eq!(
            (greatest, squared),
            (vec![1.5, 3.0, 1.5], vec![2.25, 9.0, 2.25])
        );
    }
}
