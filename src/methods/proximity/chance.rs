//! How the facilities' own places compare with other places for them.

/// p-values of the bands.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Chance {
    pub(super) expected: Vec<f64>,
    pub(super) p_greater: Vec<f64>,
    pub(super) p_less: Vec<f64>,
    pub(super) p: Vec<f64>,
    pub(super) p_max: Vec<f64>,
    /// The least of `p_max`: is any band out of the ordinary?
    pub(super) any: f64,
}

impl Chance {
    /// Compares the quotients of all bands with those of simulated maps.
    ///
    /// A quotient that is not defined on a simulated map counts as extreme on both sides.
    pub(super) fn of(observed: &[f64], simulated: &[Vec<f64>]) -> Self {
        let maps = simulated.len() as f64 + 1.0;
        let mut out = Self {
            any: f64::NAN,
            ..Self::default()
        };
        let mut scale = Vec::with_capacity(observed.len());
        for (band, &seen) in observed.iter().enumerate() {
            let values = || simulated.iter().map(|s| s[band]);
            let (mean, deviation) = spread(&values().chain([seen]).collect::<Vec<f64>>());
            scale.push((mean, deviation));
            out.expected.push(mean);
            let tie = 1e-12 * seen.abs();
            let share = |n: usize| {
                if simulated.is_empty() || seen.is_nan() {
                    f64::NAN
                } else {
                    (n + 1) as f64 / maps
                }
            };
            let greater = share(values().filter(|v| v.is_nan() || *v >= seen - tie).count());
            let less = share(values().filter(|v| v.is_nan() || *v <= seen + tie).count());
            out.p_greater.push(greater);
            out.p_less.push(less);
            out.p.push((2.0 * greater.min(less)).min(1.0));
        }
        // NaN minus anything is NaN, and `min` passes over it; a NaN p must stay one.
        for (p, greater) in out.p.iter_mut().zip(&out.p_greater) {
            if greater.is_nan() {
                *p = f64::NAN;
            }
        }
        let distance = |map: &[f64], band: usize| {
            let (mean, deviation) = scale[band];
            let z = (map[band] - mean).abs() / deviation;
            // Values that are all alike have no distance from each other.
            if z.is_finite() { z } else { 0.0 }
        };
        let bands = || 0..observed.len();
        let farthest: Vec<f64> = simulated
            .iter()
            .map(|map| bands().map(|b| distance(map, b)).fold(0.0, f64::max))
            .collect();
        out.p_max = bands()
            .map(|band| {
                if out.p[band].is_nan() {
                    return f64::NAN;
                }
                let seen = distance(observed, band) * (1.0 - 1e-12);
                (farthest.iter().filter(|f| **f >= seen).count() + 1) as f64 / maps
            })
            .collect();
        out.any = out.p_max.iter().copied().fold(f64::NAN, f64::min);
        out
    }
}

/// Mean and standard deviation of the values that are defined.
fn spread(values: &[f64]) -> (f64, f64) {
    let defined = || values.iter().filter(|v| v.is_finite());
    let n = defined().count() as f64;
    let mean = defined().sum::<f64>() / n;
    let squares: f64 = defined().map(|v| (v - mean) * (v - mean)).sum();
    (mean, (squares / n).sqrt())
}

/// Mean and interval of the simulated curves, point by point.
pub(super) fn envelope(curves: &[Vec<f64>], outside: usize) -> [Vec<f64>; 3] {
    let points = curves.first().map_or(0, Vec::len);
    let mut out = [const { Vec::new() }; 3];
    for point in 0..points {
        let mut values: Vec<f64> = curves.iter().map(|c| c[point]).collect();
        values.sort_unstable_by(f64::total_cmp);
        // An undefined value sorts last and could lie anywhere.
        let defined = values.iter().filter(|v| v.is_finite()).count();
        if defined < values.len() {
            for column in &mut out {
                column.push(f64::NAN);
            }
            continue;
        }
        out[0].push(values.iter().sum::<f64>() / defined as f64);
        out[1].push(values[outside - 1]);
        out[2].push(values[defined - outside]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_maps_are_counted_by_hand() {
        let simulated: Vec<Vec<f64>> = [1.0, 2.0, 2.0, 3.0].iter().map(|v| vec![*v]).collect();
        let chance = Chance::of(&[2.0], &simulated);
        assert_eq!((chance.p_greater[0], chance.p_less[0]), (0.8, 0.8));
        assert_eq!((chance.p[0], chance.any), (1.0, 1.0));
        let chance = Chance::of(&[9.0], &simulated);
        assert_eq!((chance.p_greater[0], chance.p_less[0]), (0.2, 1.0));
        assert_eq!((chance.p[0], chance.p_max[0]), (0.4, 0.2));
        let chance = Chance::of(&[3.0], &simulated);
        assert!((chance.expected[0] - 2.2).abs() < 1e-15);
        assert_eq!((chance.p_greater[0], chance.p_less[0]), (0.4, 1.0));
        assert_eq!(
            chance.p_max[0], 0.6,
            "one is as far on the same side, one on the other"
        );
    }

    #[test]
    fn what_is_not_defined_has_no_part_in_the_spread() {
        let (mean, deviation) = spread(&[1.0, 2.0, f64::NAN, 3.0, 6.0]);
        assert!((mean - 3.0).abs() < 1e-15 && (deviation - 3.5f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn an_envelope_leaves_out_as_many_on_either_side() {
        let curves: Vec<Vec<f64>> = [4.0, 1.0, 3.0, 2.0, 7.0].iter().map(|v| vec![*v]).collect();
        assert_eq!(envelope(&curves, 1), [[3.4], [1.0], [7.0]]);
        assert_eq!(envelope(&curves, 2), [[3.4], [2.0], [4.0]]);
    }

    #[test]
    fn what_is_not_defined_is_extreme_or_nothing() {
        let simulated = vec![vec![f64::NAN, 1.0], vec![5.0, 1.0]];
        let chance = Chance::of(&[2.0, f64::NAN], &simulated);
        assert_eq!((chance.p_greater[0], chance.p_less[0]), (1.0, 2.0 / 3.0));
        assert!(chance.p[1].is_nan() && chance.p_max[1].is_nan());
        assert!(!chance.any.is_nan());
        let [mean, low, high] = envelope(&simulated, 1);
        assert!(mean[0].is_nan() && (low[1], high[1]) == (1.0, 1.0));
    }
}
