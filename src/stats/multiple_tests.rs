//! Many tests at once.

use crate::error::{Error, Fault, Result};

/// How p-values are corrected for the number of tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Correction {
    /// Benjamini-Hochberg: the share of false discoveries, for independent or positively
    /// dependent tests, as overlapping windows are.
    #[default]
    Fdr,
    /// Benjamini-Yekutieli: the share of false discoveries under any dependence.
    FdrAnyDependence,
    /// Holm: the chance of any false discovery.
    Holm,
    /// Bonferroni: the same, simpler and never better than Holm.
    Bonferroni,
    /// No correction.
    None,
}

impl Correction {
    /// The correction of that name: `fdr`, `fdr_by`, `holm`, `bonferroni` or `none`.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "fdr" | "fdr_bh" => Ok(Self::Fdr),
            "fdr_by" => Ok(Self::FdrAnyDependence),
            "holm" => Ok(Self::Holm),
            "bonferroni" => Ok(Self::Bonferroni),
            "none" => Ok(Self::None),
            other => Err(Error::parameter(
                "correction",
                other,
                "fdr, fdr_by, holm, bonferroni or none",
            )),
        }
    }

    /// Corrected p-values, in the order of `p`; NaN is no test and stays NaN.
    #[must_use]
    pub fn apply(self, p: &[f64]) -> Vec<f64> {
        match self {
            Self::Fdr => benjamini_hochberg(p),
            Self::FdrAnyDependence => benjamini_yekutieli(p),
            Self::Holm => holm(p),
            Self::Bonferroni => bonferroni(p),
            Self::None => p.to_vec(),
        }
    }
}

/// q-values of Benjamini & Hochberg (1995, JRSS-B 57:289): `q(k) = min over j ≥ k of m p(j) / j`.
///
/// Rejecting where `q ≤ α` keeps the expected share of false rejections at most α. NaN is no
/// test: it stays NaN and does not count in m.
///
/// ```
/// use brandpunt::stats::benjamini_hochberg;
///
/// let q = benjamini_hochberg(&[0.01, f64::NAN, 0.5]);
/// assert!((q[0] - 0.02).abs() < 1e-15 && q[1].is_nan() && q[2] == 0.5);
/// ```
#[must_use]
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    step_up(p, 1.0)
}

/// q-values of Benjamini & Yekutieli (2001, Annals of Statistics 29:1165): those of
/// [`benjamini_hochberg`] times `Σ 1/k`, valid under any dependence.
#[must_use]
pub fn benjamini_yekutieli(p: &[f64]) -> Vec<f64> {
    let m = p.iter().filter(|v| !v.is_nan()).count();
    step_up(p, (1..=m).map(|k| 1.0 / k as f64).sum())
}

/// Adjusted p-values of Holm (1979, Scandinavian Journal of Statistics 6:65).
#[must_use]
pub fn holm(p: &[f64]) -> Vec<f64> {
    let ranked = Ranked::of(p);
    let m = ranked.tests();
    let mut greatest = 0.0f64;
    let mut before = 0;
    let adjusted = ranked.distinct.iter().map(|&(p, upto)| {
        greatest = greatest.max(((m - before) as f64 * p).min(1.0));
        before = upto;
        greatest
    });
    ranked.spread(p, &adjusted.collect::<Vec<_>>())
}

/// Adjusted p-values of Bonferroni: `min(1, m p)`, where NaN is no test and does not count in m.
///
/// ```
/// use brandpunt::stats::bonferroni;
///
/// assert_eq!(bonferroni(&[0.25, 0.75]), [0.5, 1.0]);
/// ```
#[must_use]
pub fn bonferroni(p: &[f64]) -> Vec<f64> {
    let m = p.iter().filter(|v| !v.is_nan()).count() as f64;
    p.iter()
        .map(|&v| if v.is_nan() { v } else { (m * v).min(1.0) })
        .collect()
}

/// Where the line between rejected and kept runs, with the q-values it comes from.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FdrCutoff {
    /// How many tests are rejected.
    pub k: usize,
    /// Tests with a p-value at most this are rejected: `k/m · level`, and `level/m` when none is.
    /// NaN without any test.
    pub cutoff: f64,
    /// q-values of Benjamini & Hochberg, in the order of the p-values; NaN is no test.
    pub q: Vec<f64>,
}

/// The cut of Caldas de Castro & Singer (2006, Geographical Analysis 38:180,
/// doi:10.1111/j.0016-7363.2006.00682.x), which puts the rule of [`benjamini_hochberg`] on the map
/// as one line: with p-values ascending, k is the last with `p(k) ≤ k/m · level`.
///
/// ```
/// use brandpunt::stats::fdr_cutoff;
///
/// # fn main() -> brandpunt::Result<()> {
/// let p = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216];
/// let cut = fdr_cutoff(&p, 0.05)?;
/// assert_eq!((cut.k, cut.cutoff), (2, 0.01));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::Parameter`] for a level outside 0 to 1; [`Fault::NumberOutOfRange`] for a p-value
/// outside.
pub fn fdr_cutoff(p: &[f64], level: f64) -> Result<FdrCutoff> {
    if !(level > 0.0 && level < 1.0) {
        return Err(Error::parameter("level", level, "a number between 0 and 1"));
    }
    check_probabilities(p)?;
    let q = benjamini_hochberg(p);
    let m = q.iter().filter(|v| !v.is_nan()).count() as f64;
    // Counted and cut by the q-values, so that rounding cannot make the three disagree.
    let rejected = || {
        p.iter()
            .zip(&q)
            .filter(|(_, q)| **q <= level)
            .map(|(p, _)| *p)
    };
    let k = rejected().count();
    let cutoff = k.max(1) as f64 * level / m;
    Ok(FdrCutoff {
        k,
        cutoff: if m == 0.0 {
            f64::NAN
        } else {
            rejected().fold(cutoff, f64::max)
        },
        q,
    })
}

/// Refuses what is no p-value; NaN stands for no test.
///
/// # Errors
/// [`Fault::NumberOutOfRange`].
pub fn check_probabilities(p: &[f64]) -> Result<()> {
    match p.iter().position(|v| *v < 0.0 || *v > 1.0) {
        None => Ok(()),
        Some(at) => Err(Error::input(
            Fault::NumberOutOfRange,
            format!(
                "p-value {at} (from 0) is {}; 0 to 1 is needed, NaN where there is no test",
                p[at]
            ),
        )),
    }
}

/// The distinct p-values that are tests, ascending, each with the number of tests at most as large.
///
/// Exact p-values of a large map take few distinct values, so what follows the sorting costs next
/// to nothing, and equal tests get equal answers by construction.
struct Ranked {
    distinct: Vec<(f64, usize)>,
}

impl Ranked {
    fn of(p: &[f64]) -> Self {
        let mut sorted: Vec<f64> = p.iter().copied().filter(|v| !v.is_nan()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let mut distinct: Vec<(f64, usize)> = Vec::new();
        for (k, &value) in (1..).zip(&sorted) {
            match distinct.last_mut() {
                Some(last) if last.0 == value => last.1 = k,
                _ => distinct.push((value, k)),
            }
        }
        Self { distinct }
    }

    /// Number of tests.
    fn tests(&self) -> usize {
        self.distinct.last().map_or(0, |&(_, upto)| upto)
    }

    /// For each p-value what is given for its distinct value.
    fn spread(&self, p: &[f64], adjusted: &[f64]) -> Vec<f64> {
        p.iter()
            .map(|&p| {
                let place = self.distinct.partition_point(|&(value, _)| value < p);
                if p.is_nan() { p } else { adjusted[place] }
            })
            .collect()
    }
}

fn step_up(p: &[f64], factor: f64) -> Vec<f64> {
    let ranked = Ranked::of(p);
    let m = ranked.tests() as f64 * factor;
    let mut adjusted = vec![0.0; ranked.distinct.len()];
    let mut least = 1.0f64;
    for (out, &(p, upto)) in adjusted.iter_mut().zip(&ranked.distinct).rev() {
        least = least.min(m * p / upto as f64);
        *out = least;
    }
    ranked.spread(p, &adjusted)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const P: [f64; 10] = [
        0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216,
    ];

    #[test]
    fn q_values_equal_the_golden_ones() {
        let file = include_str!("../../data/golden/definitions_golden.json");
        let golden: serde_json::Value = serde_json::from_str(file).unwrap();
        for (got, name) in [
            (benjamini_hochberg(&P), "bh_q"),
            (benjamini_yekutieli(&P), "by_q"),
        ] {
            let golden = golden[name].as_array().unwrap();
            assert_eq!((got.len(), golden.len()), (P.len(), P.len()));
            for (q, want) in got.iter().zip(golden) {
                assert!(
                    (q - want.as_f64().unwrap()).abs() < 1e-10,
                    "{name} {q} {want}"
                );
            }
        }
        let cut = fdr_cutoff(&P, 0.05).unwrap();
        assert_eq!(cut.k, 2);
        assert!((cut.cutoff - 0.01).abs() < 1e-15);
        assert_eq!(cut.q, benjamini_hochberg(&P));
        let none = fdr_cutoff(&[0.5, 0.9], 0.05).unwrap();
        assert_eq!((none.k, none.cutoff), (0, 0.025));
    }

    #[test]
    fn a_cut_needs_probabilities_and_tests() {
        let empty = fdr_cutoff(&[f64::NAN], 0.05).unwrap();
        assert_eq!(empty.k, 0);
        assert!(empty.cutoff.is_nan());
        assert!(fdr_cutoff(&P, 5.0).is_err());
        assert!(fdr_cutoff(&P, f64::NAN).is_err());
        assert!(fdr_cutoff(&P, 0.0).is_err() && fdr_cutoff(&P, 1.0).is_err());
        for odd in [1.5, -0.1, f64::INFINITY] {
            let fault = fdr_cutoff(&[0.2, odd], 0.05).unwrap_err().fault();
            assert_eq!(fault, Some(Fault::NumberOutOfRange), "{odd}");
        }
        assert!(check_probabilities(&[0.0, 1.0, f64::NAN]).is_ok());
        // What is no test is not among those that are corrected for.
        let some = fdr_cutoff(&[f64::NAN, 0.01, 0.9], 0.05).unwrap();
        assert_eq!((some.k, some.cutoff), (1, 0.025));
    }

    proptest! {
        #[test]
        fn the_cut_and_the_q_values_reject_the_same(
            p in proptest::collection::vec((0..40u32).prop_map(|v| f64::from(v) / 400.0), 1..30),
            level in (1..30u32).prop_map(|v| f64::from(v) / 100.0),
        ) {
            let cut = fdr_cutoff(&p, level).unwrap();
            prop_assert_eq!(cut.k, p.iter().filter(|v| **v <= cut.cutoff).count());
            prop_assert_eq!(cut.k, cut.q.iter().filter(|q| **q <= level).count());
        }
    }

    #[test]
    fn bonferroni_bounds_holm() {
        let (simple, better) = (bonferroni(&P), Correction::Holm.apply(&P));
        assert!((simple[0] - 0.01).abs() < 1e-15 && simple[9] == 1.0);
        assert!(simple.iter().zip(&better).all(|(b, h)| b >= h));
        // By hand: 10, 9, 8, ... times p, never less than the one before.
        let by_hand = [
            0.01, 0.072, 0.312, 0.312, 0.312, 0.312, 0.312, 0.615, 0.615, 0.615,
        ];
        assert_eq!(better.len(), by_hand.len());
        assert!(
            better
                .iter()
                .zip(by_hand)
                .all(|(h, want)| (h - want).abs() < 1e-15)
        );
        // Equal p-values are ranked together, so the third is the first of one that is left.
        assert_eq!(holm(&[0.02, 0.5, 0.02]), [0.06, 0.5, 0.06]);
        assert_eq!(simple, Correction::named("bonferroni").unwrap().apply(&P));
    }

    #[test]
    fn missing_values_are_no_tests() {
        let q = benjamini_hochberg(&[f64::NAN, 0.02, f64::NAN]);
        assert!(q[0].is_nan() && q[2].is_nan());
        assert_eq!(q[1], 0.02);
        assert_eq!(holm(&[0.02, f64::NAN, 0.04])[2], 0.04);
        // Two tests: times two, and times 1 + 1/2.
        let any = benjamini_yekutieli(&[0.01, f64::NAN, 0.5]);
        assert!((any[0] - 0.03).abs() < 1e-15 && any[1].is_nan() && (any[2] - 0.75).abs() < 1e-15);
        let simple = bonferroni(&[0.02, f64::NAN, 0.04]);
        assert!(simple[0] == 0.04 && simple[1].is_nan());
        assert!(Correction::named("bonferoni").is_err());
    }

    #[test]
    fn names_lead_to_their_corrections() {
        for (name, want) in [
            ("fdr", benjamini_hochberg(&P)),
            ("fdr_bh", benjamini_hochberg(&P)),
            ("fdr_by", benjamini_yekutieli(&P)),
            ("holm", holm(&P)),
            ("bonferroni", bonferroni(&P)),
            ("none", P.to_vec()),
        ] {
            assert_eq!(Correction::named(name).unwrap().apply(&P), want, "{name}");
        }
    }
}
