//! How much of what came later lay where a map pointed?

use super::hit_curve::{HitCurve, Place};
use super::proper_scores::Scores;
use crate::error::{Error, Fault, Result};
use crate::stats::garwood_interval;

#[cfg(test)]
mod tests;

/// How good was a map, now that one knows what came?
///
/// Places are flagged from the highest score per square kilometre down, until they are a given share
/// of the surface; the last one in part, so that every map flags exactly as much. With n of N later
/// incidents in a flagged share s of the surface:
///
/// ```text
/// hit rate = n / N
/// PAI      = (n / N) / s                   1 for a map that knows nothing
/// PEI      = n / the most that lay in any part of that size
/// RRI      = predicted in the flagged part / n
/// ```
///
/// PEI (the National Institute of Justice) and PEI* (PAI by the best possible PAI; Hunt 2016) are one
/// number here, because the surfaces are equal.
///
/// Places with the same score are flagged in one go: the number of hits is that over all orders of
/// them, on average, and [`hits_low`](AccuracyResult::hits_low) and
/// [`hits_high`](AccuracyResult::hits_high) are what the worst and the best order would give. Maps of
/// counts have many ties; published PAIs often hold that of the order in the file.
///
/// If the scores are numbers of incidents to expect, the map as a whole can be judged. A part of
/// them (1 % at first, see [`even_part`](Self::even_part)) is first laid evenly over the surface, for
/// all maps alike, since one incident where none was thought possible would make every other
/// success worthless.
///
/// ```text
/// information = mean over incidents of ln(share of the forecast / share of the surface)
/// log score   = mean over places of −ln Poisson(count; expected)
/// Brier       = mean over places of (P(any) − any)²
/// ranked      = mean over places of Σ_k (P(at most k) − at most k)²
/// ```
///
/// The first is in nats, greater is better, and 0 is a map that knows nothing; of the others, which
/// are proper scores, smaller is better. Calibration: places in ten groups, each a tenth of what was
/// expected, beside what came, with its exact interval.
///
/// # Missing and odd values
/// Places with a NaN score or without a surface are left out and counted. Without incidents, shares
/// of them are NaN.
///
/// # Complexity
/// A sort of the places.
///
/// Source: Chainey, Tompson & Uhlig 2008, Security Journal 21:4, doi:10.1057/palgrave.sj.8350066;
/// Hunt 2016, thesis, Rutgers University; Levine 2008, Security Journal 21:295,
/// doi:10.1057/sj.2008.5; Gneiting & Raftery 2007, Journal of the American Statistical Association
/// 102:359, doi:10.1198/016214506000001437.
///
/// ```
/// use brandpunt::methods::forecast::Accuracy;
///
/// # fn main() -> brandpunt::Result<()> {
/// let predicted = [8.0, 5.0, 4.0, 2.0, 1.0, 0.0];
/// let found = Accuracy::new()
///     .shares(&[1.0 / 6.0])
///     .run(&predicted, &[1.0; 6], &[6, 7, 3, 2, 1, 0])?;
/// assert_eq!(found.hits, [6.0]);
/// assert!((found.pai[0] - 36.0 / 19.0).abs() < 1e-12);
/// assert!((found.pei[0] - 6.0 / 7.0).abs() < 1e-12);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Accuracy {
    shares: Vec<f64>,
    densities: bool,
    curve_to: f64,
    even_part: f64,
}

/// How good a map was; columns are by flagged share, in the order asked.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AccuracyResult {
    /// Share of the surface that is flagged.
    pub shares: Vec<f64>,
    /// The same in square kilometres.
    pub km2: Vec<f64>,
    /// Later incidents in it, on average over the orders of places with the same score.
    pub hits: Vec<f64>,
    /// The same in the worst order of them.
    pub hits_low: Vec<f64>,
    /// The same in the best order of them.
    pub hits_high: Vec<f64>,
    /// Hits by all later incidents.
    pub hit_rate: Vec<f64>,
    /// Prediction accuracy index.
    pub pai: Vec<f64>,
    /// Prediction efficiency index; NaN where nothing could be hit.
    pub pei: Vec<f64>,
    /// Recapture rate index: predicted by hits; NaN without both, infinite without hits.
    pub rri: Vec<f64>,
    /// The hit-rate curve: share of the surface after each group of places with one score.
    pub curve_share: Vec<f64>,
    /// The same: share of the incidents.
    pub curve_hit_rate: Vec<f64>,
    /// Mean hit rate over all flagged shares up to [`curve_to`](Accuracy::curve_to); a map that
    /// knows nothing has half of that share.
    pub area_under_curve: f64,
    /// Information gained over a map that knows nothing, in nats per incident.
    pub information: f64,
    /// Logarithmic score of the counts.
    pub log_score: f64,
    /// Brier score of whether there is any.
    pub brier: f64,
    /// Ranked probability score of the counts.
    pub ranked_score: f64,
    /// Expected in each tenth, from the places of the highest score down.
    pub tenth_expected: Vec<f64>,
    /// What came in it.
    pub tenth_observed: Vec<u64>,
    /// Exact 95 % interval of what was to be expected, given what came.
    pub tenth_low: Vec<f64>,
    /// Its upper end.
    pub tenth_high: Vec<f64>,
    /// Later incidents.
    pub incidents: u64,
    /// Places that were judged.
    pub places: usize,
    /// Places that were left out.
    pub missing: usize,
}

impl Default for Accuracy {
    fn default() -> Self {
        Self {
            shares: vec![0.005, 0.01, 0.02, 0.05, 0.1, 0.2],
            densities: false,
            curve_to: 0.2,
            even_part: 0.01,
        }
    }
}

impl Accuracy {
    /// Flags 0.5, 1, 2, 5, 10 and 20 % of the surface.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the shares of the surface that are flagged, above 0 and at most 1.
    #[must_use]
    pub fn shares(mut self, shares: &[f64]) -> Self {
        self.shares = shares.to_vec();
        self
    }

    /// Says whether the scores are per square kilometre already, such as a density, and not one
    /// number for the whole place.
    #[must_use]
    pub fn densities(mut self, densities: bool) -> Self {
        self.densities = densities;
        self
    }

    /// Sets up to which flagged share the curve is taken, 0.2 at first.
    #[must_use]
    pub fn curve_to(mut self, share: f64) -> Self {
        self.curve_to = share;
        self
    }

    /// Sets which part of what is expected is laid evenly over the surface before the map as a
    /// whole is judged, 0.01 at first.
    #[must_use]
    pub fn even_part(mut self, part: f64) -> Self {
        self.even_part = part;
        self
    }

    /// Judges the scores of places with these surfaces by what came later.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`], [`Fault::NoRows`] without a place that can be judged,
    /// [`Fault::Negative`] and [`Fault::NonFinite`] for scores, surfaces or counts that have no
    /// meaning, [`Error::Parameter`].
    pub fn run(&self, scores: &[f64], km2: &[f64], counts: &[i64]) -> Result<AccuracyResult> {
        let (judged, places) = self.judged(scores, km2, counts)?;
        let curve = HitCurve::new(&places, |p| p.density);
        let tenths = tenths(&places);
        let interval = |n: &u64| garwood_interval(*n, 0.95);
        let (tenth_low, tenth_high) = tenths.iter().map(|(_, n)| interval(n)).unzip();
        let (total, surface) = (curve.count, curve.km2);
        let flagged: Vec<_> = self.shares.iter().map(|s| curve.at(s * surface)).collect();
        let rate = |hits: f64| hits / total;
        let n = places.len() as f64;
        Ok(AccuracyResult {
            km2: self.shares.iter().map(|s| s * surface).collect(),
            hits: judged.hits.clone(),
            hits_low: flagged.iter().map(|f| f.low).collect(),
            hits_high: flagged.iter().map(|f| f.high).collect(),
            hit_rate: judged.hits.iter().map(|h| rate(*h)).collect(),
            pai: (judged.hits.iter().zip(&self.shares))
                .map(|(h, s)| rate(*h) / s)
                .collect(),
            pei: (judged.hits.iter().zip(&judged.best))
                .map(|(h, b)| h / b)
                .collect(),
            rri: flagged.iter().map(|f| f.predicted / f.hits).collect(),
            curve_share: curve.points().iter().map(|p| p.0 / surface).collect(),
            curve_hit_rate: curve.points().iter().map(|p| rate(p.1)).collect(),
            area_under_curve: rate(judged.under_curve),
            information: judged.scores.information / total,
            log_score: judged.scores.log / n,
            brier: judged.scores.brier / n,
            ranked_score: judged.scores.ranked / n,
            tenth_expected: tenths.iter().map(|t| t.0).collect(),
            tenth_observed: tenths.iter().map(|t| t.1).collect(),
            tenth_low,
            tenth_high,
            incidents: total as u64,
            places: places.len(),
            missing: scores.len() - places.len(),
            shares: self.shares.clone(),
        })
    }

    /// What can be added up over several maps.
    pub(super) fn judged(
        &self,
        scores: &[f64],
        km2: &[f64],
        counts: &[i64],
    ) -> Result<(Judged, Vec<Place>)> {
        self.check()?;
        let places = self.places(scores, km2, counts)?;
        let curve = HitCurve::new(&places, |p| p.density);
        let best = HitCurve::new(&places, |p| p.count / p.km2);
        let column = |f: fn(&Place) -> f64| places.iter().map(f).collect::<Vec<f64>>();
        let means = column(|p| p.predicted);
        let part = |share: &f64, curve: &HitCurve| curve.at(share * curve.km2).hits;
        let judged = Judged {
            hits: self.shares.iter().map(|s| part(s, &curve)).collect(),
            best: self.shares.iter().map(|s| part(s, &best)).collect(),
            under_curve: curve.mean_up_to(self.curve_to * curve.km2),
            scores: Scores::of(
                &means,
                &column(|p| p.km2),
                &column(|p| p.count),
                self.even_part,
            ),
            expected: means.iter().sum(),
            incidents: curve.count,
            places: places.len() as f64,
        };
        Ok((judged, places))
    }

    pub(super) fn shares_flagged(&self) -> &[f64] {
        &self.shares
    }

    pub(super) fn check(&self) -> Result<()> {
        let bad = self.shares.iter().find(|s| !(**s > 0.0 && **s <= 1.0));
        if let Some(share) = bad {
            let expected = "shares of the surface above 0, at most 1";
            return Err(Error::parameter("shares", share, expected));
        }
        if self.shares.is_empty() {
            return Err(Error::parameter("shares", "empty", "at least one share"));
        }
        if !(self.curve_to > 0.0 && self.curve_to <= 1.0) {
            let expected = "a share of the surface above 0, at most 1";
            return Err(Error::parameter("curve_to", self.curve_to, expected));
        }
        if !(0.0..=1.0).contains(&self.even_part) {
            let expected = "a part from 0 to 1";
            return Err(Error::parameter("even_part", self.even_part, expected));
        }
        Ok(())
    }

    fn places(&self, scores: &[f64], km2: &[f64], counts: &[i64]) -> Result<Vec<Place>> {
        if scores.len() != km2.len() || scores.len() != counts.len() {
            let detail = format!(
                "{} scores, {} surfaces and {} counts; give one of each per place",
                scores.len(),
                km2.len(),
                counts.len()
            );
            return Err(Error::input(Fault::LengthMismatch, detail));
        }
        let mut places = Vec::with_capacity(scores.len());
        for (i, ((&score, &km2), &count)) in scores.iter().zip(km2).zip(counts).enumerate() {
            let what = [("score", score), ("surface", km2), ("count", count as f64)];
            for (name, value) in what {
                let fault = match value {
                    v if v < 0.0 => Fault::Negative,
                    v if v.is_infinite() => Fault::NonFinite,
                    _ => continue,
                };
                let detail = format!(
                    "the {name} of place {i} (from 0) is {value}; numbers from 0 on are needed, NaN \
                     where a score is not known"
                );
                return Err(Error::input(fault, detail));
            }
            if km2.is_nan() || km2 == 0.0 || score.is_nan() {
                continue;
            }
            let (predicted, density) = if self.densities {
                (score * km2, score)
            } else {
                (score, score / km2)
            };
            places.push(Place {
                km2,
                count: count as f64,
                predicted,
                density,
            });
        }
        if places.is_empty() {
            let detail = "no place has a score and a surface";
            return Err(Error::input(Fault::NoRows, detail));
        }
        Ok(places)
    }
}

/// What adds up over maps.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub(super) hits: Vec<f64>,
    pub(super) best: Vec<f64>,
    pub(super) under_curve: f64,
    pub(super) scores: Scores,
    pub(super) expected: f64,
    pub(super) incidents: f64,
    pub(super) places: f64,
}

/// Expected and observed in ten groups of places, each about a tenth of what is expected.
fn tenths(places: &[Place]) -> Vec<(f64, u64)> {
    let mut sorted = places.to_vec();
    sorted.sort_by(|a, b| b.density.total_cmp(&a.density));
    let total: f64 = places.iter().map(|p| p.predicted).sum();
    let mut out = vec![(0.0, 0); 10];
    let mut so_far = 0.0;
    for place in sorted {
        let middle = so_far + 0.5 * place.predicted;
        so_far += place.predicted;
        let tenth = ((10.0 * middle / total) as usize).min(9);
        out[tenth].0 += place.predicted;
        out[tenth].1 += place.count as u64;
    }
    out
}
