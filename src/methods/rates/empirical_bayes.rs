//! Rates drawn towards a common rate where there are few people.

use crate::error::{Error, Fault, Result};
use crate::stats::sum;
use crate::weights::Weights;

/// Towards which rate a rate is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Smoothing {
    /// That of the whole map.
    Global,
    /// That of the whole map, for counts out of so many: dwellings with nuisance out of all
    /// dwellings. No count may be larger than its exposure.
    Binomial,
    /// That of the area and its neighbours.
    Local(Centring),
}

/// Around which mean the variance of a neighbourhood's rates is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Centring {
    /// The mean around the area itself, as Marshall and GeoDa have it.
    #[default]
    Focal,
    /// Around each neighbour its own local mean, the default of spdep.
    Neighbour,
}

/// Rates per person by the global moment estimator of Marshall (1991, Applied Statistics 40:283,
/// doi:10.2307/2347593): with `r_i = O_i/N_i`, `b = ΣO/ΣN`, `s² = ΣN_i (r_i − b)²/ΣN` and
/// `a = max(0, s² − b/N̄)`, `b + (r_i − b) a/(a + b/N_i)`.
pub(super) fn global(counts: &[i64], exposure: &[f64]) -> Vec<f64> {
    let Some(prior) = Prior::of(counts, exposure) else {
        return vec![f64::NAN; counts.len()];
    };
    counts
        .iter()
        .zip(exposure)
        .map(|(&count, &people)| prior.draw(count as f64 / people, people))
        .collect()
}

/// Shares by the global moment estimator for binomial counts (Martuzzi & Elliott 1996, Statistics in
/// Medicine 15:1867, `doi:10.1002/(SICI)1097-0258(19960915)15:17<1867::AID-SIM398>3.0.CO;2-2`): with
/// `p_i = O_i/N_i`, `b = ΣO/ΣN`, `s² = ΣN_i (p_i − b)²/ΣN`, mean N̄ and
/// `a = max(0, (s² N̄ − b(1 − b))/(N̄ − 1))`, `b + (p_i − b) a/(a + (b(1 − b) − a)/N_i)`.
pub(super) fn binomial(counts: &[i64], exposure: &[f64]) -> Result<Vec<f64>> {
    let above = |i: &usize| counts[*i] as f64 > exposure[*i] && exposure[*i] > 0.0;
    if let Some(at) = (0..counts.len()).find(above) {
        return Err(Error::input(
            Fault::NumberOutOfRange,
            format!(
                "count {} of area {at} (from 0) is larger than its exposure {}; smooth counts out of \
                 so many as binomial, others as global",
                counts[at], exposure[at]
            ),
        ));
    }
    let known = || exposure.iter().filter(|e| **e > 0.0);
    let mean = sum(known().copied()) / known().count() as f64;
    let Some(prior) = Prior::of(counts, exposure) else {
        return Ok(vec![f64::NAN; counts.len()]);
    };
    let b = prior.mean;
    let spread = prior.uncut + b / mean;
    let chance = b * (1.0 - b);
    // With one trial each, all of the spread is chance.
    let between = if mean > 1.0 {
        ((spread * mean - chance) / (mean - 1.0)).clamp(0.0, chance)
    } else {
        0.0
    };
    let one = |(&count, &trials): (&i64, &f64)| {
        if trials.is_nan() || trials <= 0.0 {
            return f64::NAN;
        }
        let whole = between + (chance - between) / trials;
        if whole == 0.0 {
            b
        } else {
            b + (count as f64 / trials - b) * between / whole
        }
    };
    Ok(counts.iter().zip(exposure).map(one).collect())
}

/// The population-standardised rates of Assunção & Reis (1999, Statistics in Medicine 18:2147,
/// `doi:10.1002/(SICI)1097-0258(19990830)18:16<2147::AID-SIM179>3.0.CO;2-I`):
/// `z_i = (r_i − b)/√(a + b/N_i)` with a and b of Marshall, a not cut at zero (where the variance
/// would be negative it is `b/N_i`). NaN where there are no people.
///
/// Rates of areas with few people scatter more; this takes that out before asking whether like
/// lies with like.
#[must_use]
pub fn standardised(counts: &[i64], exposure: &[f64]) -> Vec<f64> {
    let Some(prior) = Prior::of(counts, exposure) else {
        return vec![f64::NAN; counts.len()];
    };
    counts
        .iter()
        .zip(exposure)
        .map(|(&count, &people)| prior.standardise(count as f64, people))
        .collect()
}

/// Values in between counts, standardised as those counts are: NaN where there are no people.
pub(crate) fn standardised_as(counts: &[i64], exposure: &[f64], values: &[f64]) -> Vec<f64> {
    let Some(prior) = Prior::of(counts, exposure) else {
        return vec![f64::NAN; counts.len()];
    };
    let pairs = values.iter().zip(exposure);
    pairs
        .map(|(&value, &people)| prior.standardise(value, people))
        .collect()
}

struct Prior {
    mean: f64,
    uncut: f64,
}

impl Prior {
    fn of(counts: &[i64], exposure: &[f64]) -> Option<Self> {
        let known = || {
            let pairs = counts.iter().zip(exposure).filter(|(_, e)| **e > 0.0);
            pairs.map(|(&c, &e)| (c as f64, e))
        };
        let people = sum(known().map(|(_, e)| e));
        if people == 0.0 {
            return None;
        }
        let mean = sum(known().map(|(c, _)| c)) / people;
        let spread = sum(known().map(|(c, e)| e * (c / e - mean).powi(2))) / people;
        Some(Self {
            mean,
            uncut: spread - mean * known().count() as f64 / people,
        })
    }

    fn standardise(&self, value: f64, people: f64) -> f64 {
        if people.is_nan() || people <= 0.0 || self.mean == 0.0 {
            return f64::NAN;
        }
        let chance = self.mean / people;
        let variance = self.uncut + chance;
        let variance = if variance > 0.0 { variance } else { chance };
        (value / people - self.mean) / variance.sqrt()
    }

    fn draw(&self, rate: f64, people: f64) -> f64 {
        drawn(rate, people, self.mean, self.uncut.max(0.0))
    }
}

fn drawn(rate: f64, people: f64, mean: f64, between: f64) -> f64 {
    if people.is_nan() || people <= 0.0 {
        return f64::NAN;
    }
    let whole = between + mean / people;
    if whole == 0.0 {
        mean
    } else {
        mean + (rate - mean) * between / whole
    }
}

/// Rates per person by the local estimator: as the global one, over each area and its neighbours.
pub(super) fn local(
    counts: &[i64],
    exposure: &[f64],
    weights: &Weights,
    centring: Centring,
) -> Vec<f64> {
    let n = counts.len();
    let around = |i: usize| {
        let own = (!weights.has_self(i)).then_some(i);
        own.into_iter()
            .chain(weights.neighbours(i).iter().map(|&j| j as usize))
            .filter(|&j| exposure[j] > 0.0)
    };
    let people: Vec<f64> = (0..n)
        .map(|i| sum(around(i).map(|j| exposure[j])))
        .collect();
    let mean: Vec<f64> = (0..n)
        .map(|i| sum(around(i).map(|j| counts[j] as f64)) / people[i])
        .collect();
    (0..n)
        .map(|i| {
            let spread = sum(around(i).map(|j| {
                let centre = match centring {
                    Centring::Focal => mean[i],
                    Centring::Neighbour => mean[j],
                };
                exposure[j] * (counts[j] as f64 / exposure[j] - centre).powi(2)
            })) / people[i];
            let average = people[i] / around(i).count() as f64;
            let between = (spread - mean[i] / average).max(0.0);
            drawn(
                counts[i] as f64 / exposure[i],
                exposure[i],
                mean[i],
                between,
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methods::rates::Rates;

    const COUNTS: [i64; 6] = [0, 2, 5, 12, 30, 3];
    const PEOPLE: [f64; 6] = [50.0, 400.0, 900.0, 1500.0, 8000.0, 120.0];

    fn neighbours() -> Vec<Vec<u32>> {
        vec![
            vec![5, 1],
            vec![0, 2],
            vec![1, 3],
            vec![2, 4],
            vec![3],
            vec![0],
        ]
    }

    #[test]
    fn the_golden_example_holds() {
        let file = include_str!("../../../data/golden/definitions_golden.json");
        let golden: serde_json::Value = serde_json::from_str(file).unwrap();
        let weights = Weights::from_neighbours(neighbours()).unwrap();
        let per_person = Rates::new().per(1.0);
        let run = |s| {
            let rates = per_person.clone().smoothing(s);
            rates
                .run_local(&COUNTS, &PEOPLE, &weights)
                .unwrap()
                .smoothed
                .unwrap()
        };
        for (got, want) in [
            (run(Smoothing::Global), &golden["eb_marshall"]["eb"]),
            (
                run(Smoothing::Local(Centring::Focal)),
                &golden["eb_local_geoda_centering"],
            ),
            (
                run(Smoothing::Local(Centring::Neighbour)),
                &golden["eb_local_spdep_default"],
            ),
        ] {
            let want = want.as_array().unwrap();
            assert_eq!(got.len(), want.len());
            for (g, w) in got.iter().zip(want) {
                assert!((g - w.as_f64().unwrap()).abs() < 1e-10, "{g} {w}");
            }
        }
    }

    /// The golden areas, and two without people or without a number of them.
    fn with_unknown() -> ([i64; 8], [f64; 8]) {
        let [a, b, c, d, e, f] = COUNTS;
        let [k, l, m, n, o, p] = PEOPLE;
        ([a, b, c, d, e, f, 7, 4], [k, l, m, n, o, p, 0.0, f64::NAN])
    }

    #[test]
    fn areas_without_people_do_not_move_the_others() {
        let (counts, people) = with_unknown();
        let found = global(&counts, &people);
        assert_eq!(found[..6], global(&COUNTS, &PEOPLE));
        assert!(found[6].is_nan() && found[7].is_nan());
        let plain = neighbours();
        let mut more: Vec<Vec<u32>> = plain.clone();
        for list in &mut more {
            list.extend([6, 7]);
        }
        more.extend([vec![0, 1], vec![2, 3]]);
        let (plain, more) = (
            Weights::from_neighbours(plain),
            Weights::from_neighbours(more),
        );
        let (plain, more) = (plain.unwrap(), more.unwrap());
        for centring in [Centring::Focal, Centring::Neighbour] {
            let want = local(&COUNTS, &PEOPLE, &plain, centring);
            let found = local(&counts, &people, &more, centring);
            assert_eq!(found[..6], want);
            assert!(found[6].is_nan() && found[7].is_nan());
            let own = local(&COUNTS, &PEOPLE, &plain.clone().include_self(), centring);
            assert!(own.iter().zip(&want).all(|(a, b)| (a - b).abs() < 1e-15));
        }
        assert_eq!(global(&[0, 0], &[1.0, 2.0]), [0.0, 0.0]);
        let shares = binomial(&[1, 0, 4, 4], &[2.0, 3.0, 0.0, f64::NAN]).unwrap();
        assert_eq!(shares[..2], binomial(&[1, 0], &[2.0, 3.0]).unwrap());
        assert!(shares[2].is_nan() && shares[3].is_nan());
    }

    #[test]
    fn standardised_rates_are_by_their_formula() {
        // Mean and variance between areas of the golden example.
        let (mean, between) = (0.004_740_200_546_946_217, 4.224_808_209_197_558e-6);
        let (counts, people) = with_unknown();
        let found = standardised(&counts, &people);
        for i in 0..6 {
            let chance = mean / people[i];
            let want = (counts[i] as f64 / people[i] - mean) / (between + chance).sqrt();
            assert!((found[i] - want).abs() < 1e-9, "{i} {} {want}", found[i]);
        }
        assert!(found[6].is_nan() && found[7].is_nan());
        let values = counts.map(|c| c as f64);
        let same = standardised_as(&counts, &people, &values);
        assert_eq!(format!("{same:?}"), format!("{found:?}"));
        assert!(
            standardised(&[0, 0], &[5.0, 9.0])
                .iter()
                .all(|z| z.is_nan())
        );
        // Rates nearly alike: for the largest area the variance would be negative, and is b/N.
        let found = standardised(&[1, 10, 1_010], &[10.0, 100.0, 10_000.0]);
        let mean = 1_021.0 / 10_110.0;
        let want = (0.101 - mean) / (mean / 10_000.0f64).sqrt();
        assert!((found[2] / want - 1.0).abs() < 1e-9, "{} {want}", found[2]);
    }

    #[test]
    fn shares_are_drawn_by_hand() {
        // Shares of 10/20, 2/20, 6/20: b = 0.3, s² = 0.08/3; a = (20 s² − 0.21)/19, and
        // a/(a + (0.21 − a)/20) of each difference is left.
        let between = (20.0 * 0.08 / 3.0 - 0.21) / 19.0;
        let kept = between / (between + (0.21 - between) / 20.0);
        let found = binomial(&[10, 2, 6, 0], &[20.0, 20.0, 20.0, 0.0]).unwrap();
        for (got, share) in found.iter().zip([0.5, 0.1, 0.3]) {
            assert!((got - (0.3 + (share - 0.3) * kept)).abs() < 1e-14, "{got}");
        }
        assert!(found[3].is_nan());
        assert_eq!(binomial(&[5, 5], &[10.0, 10.0]).unwrap(), [0.5, 0.5]);
        assert_eq!(binomial(&[1, 0], &[1.0, 1.0]).unwrap(), [0.5, 0.5]);
        let error = binomial(&[3], &[2.0]).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::NumberOutOfRange));
    }

    #[test]
    fn a_smoothed_rate_lies_between_its_own_and_the_common_one() {
        let common = COUNTS.iter().sum::<i64>() as f64 / PEOPLE.iter().sum::<f64>();
        for ((s, c), p) in global(&COUNTS, &PEOPLE).iter().zip(COUNTS).zip(PEOPLE) {
            let own = c as f64 / p;
            assert!(*s >= own.min(common) && *s <= own.max(common));
        }
        assert!(global(&[1], &[0.0])[0].is_nan());
        assert!(standardised(&[1, 2], &[0.0, 10.0])[0].is_nan());
    }
}
