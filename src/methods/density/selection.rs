//! Which bandwidth?

use std::sync::Arc;

use super::edge::Counted;
use super::kernel::Kernel;
use super::places::Places;
use super::score;
use super::scott::scott_bandwidth;
use super::selector::Selector;
use crate::error::{Error, Fault, Result};
use crate::index::{IncidentIndex, StudyArea, require_same_crs};
use crate::model::{Bounds, Incidents, Warning, WarningCode};
use crate::parallel::Workers;

/// Which bandwidth? Scores candidates by a [`Selector`] and takes the best.
///
/// Incidents that are snapped to one address would each predict the other perfectly, and the
/// bandwidth would collapse. So the likelihood and LSCV leave out all incidents on an address
/// together (`f̂₋ᵢ` is the mean over the incidents elsewhere) and Diggle's rule leaves out pairs on
/// one address; a warning tells their share. Weights are not used; each incident counts once.
///
/// Without [`candidates`](Self::candidates) there are those 2^(1/4) apart from a 128th to twice
/// Scott's bandwidth, for the rule of Cronie and van Lieshout from a sixteenth to four times; for
/// Diggle's rule 32 up to a quarter of the rectangle's shorter side.
/// [`within`](Self::within) a study area, incidents outside are left out and the likelihood is
/// edge-corrected in the manner of [`Edge::Diggle`](super::Edge::Diggle). Diggle's rule works in
/// the rectangle around the incidents, with K corrected at its edge; so does the rule of Cronie and
/// van Lieshout without a study area. LSCV is not edge-corrected.
///
/// # Complexity
/// For each candidate, some 1,800 nodes of a grid per place; where that grid would be too large or
/// places are few, and around isolated places, the pairs in reach (8.5 bandwidths; LSCV 12). For
/// Diggle's rule the pairs up to two bandwidths apart, once for all candidates. Scores are exact to
/// 1e-8; with 1,000 places or fewer, to rounding.
///
/// ```
/// use brandpunt::methods::density::{BandwidthSelection, Kernel, KernelDensity, Selector};
/// use brandpunt::synthetic::SyntheticCity;
///
/// # fn main() -> brandpunt::Result<()> {
/// let city = SyntheticCity::new(500).seed(3).build()?;
/// let found = BandwidthSelection::new(Selector::Likelihood).run(&city.incidents)?;
/// assert!(found.candidates.contains(&found.bandwidth));
/// let surface = KernelDensity::new(found.equivalent(Kernel::Quartic)).run(&city.incidents)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct BandwidthSelection {
    selector: Selector,
    candidates: Option<Vec<f64>>,
    least: f64,
    within: Option<Arc<StudyArea>>,
}

/// A bandwidth with the curve it was chosen from.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SelectedBandwidth {
    /// The best candidate, in metres, for [`kernel`](Self::kernel).
    pub bandwidth: f64,
    /// The rule.
    pub selector: Selector,
    /// The kernel that the bandwidth and the candidates are of.
    pub kernel: Kernel,
    /// Bandwidths that were tried, ascending.
    pub candidates: Vec<f64>,
    /// Their scores; NaN for Scott's rule, which has none.
    pub scores: Vec<f64>,
    /// Whether the best is the first or the last of several candidates: then look further.
    pub at_boundary: bool,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

fn scott_of(places: &Places) -> f64 {
    let (x, y) = places.columns();
    scott_bandwidth(&x, &y)
}

impl SelectedBandwidth {
    /// The bandwidth with which another kernel smooths as much, having the same variance.
    #[must_use]
    pub fn equivalent(&self, kernel: Kernel) -> f64 {
        self.bandwidth * self.kernel.deviation() / kernel.deviation()
    }
}

impl BandwidthSelection {
    /// Chooses by this rule.
    #[must_use]
    pub fn new(selector: Selector) -> Self {
        Self {
            selector,
            candidates: None,
            least: 0.0,
            within: None,
        }
    }

    /// Sets the bandwidths to try, ascending, in metres for the rule's kernel; Scott's rule has
    /// none.
    #[must_use]
    pub fn candidates(mut self, candidates: Vec<f64>) -> Self {
        self.candidates = Some(candidates);
        self
    }

    /// Sets the least bandwidth to accept, such as the size of a cell (0 at first).
    #[must_use]
    pub fn least(mut self, metres: f64) -> Self {
        self.least = metres;
        self
    }

    /// Sets the study area.
    #[must_use]
    pub fn within(mut self, area: impl Into<Arc<StudyArea>>) -> Self {
        self.within = Some(area.into());
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, incidents: &Incidents) -> Result<SelectedBandwidth> {
        self.run_with(incidents, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// [`Error::Crs`] for degrees, [`Fault::NoRows`] for incidents on fewer than two places,
    /// [`Error::Parameter`] for candidates that do not ascend or of which none can be scored, and
    /// for Diggle's rule in a study area or in a rectangle less than twice as wide as the largest
    /// diameter, [`Fault::CrsMismatch`], [`Error::Cancelled`].
    pub fn run_with(&self, incidents: &Incidents, workers: &Workers) -> Result<SelectedBandwidth> {
        incidents.crs().require_metres()?;
        if let Some(area) = &self.within {
            require_same_crs(incidents.crs(), area.crs())?;
        }
        let within = self.within.as_deref();
        let places = places(incidents, within)?;
        let rectangle = Bounds::around((0..places.len()).map(|i| places.at(i)))
            .ok_or_else(|| Error::internal("no place"))?;
        let candidates = self.tried(&places, &rectangle)?;
        let scores = match self.selector {
            Selector::Scott => vec![f64::NAN; candidates.len()],
            Selector::Diggle => {
                score::mean_squared_error(&places, &candidates, &rectangle, workers)?
            }
            Selector::Lscv => score::least_squares(&places, &candidates, workers)?,
            Selector::Likelihood => score::likelihood(&places, &candidates, within, workers)?,
            Selector::CronieVanLieshout => {
                let km2 = within.map_or_else(
                    || rectangle.width() * rectangle.height() / 1e6,
                    StudyArea::km2,
                );
                score::inverse_intensity(&places, &candidates, km2, workers)?
            }
        };
        let best = self.best(&candidates, &scores)?;
        let at_boundary = candidates.len() > 1 && (best == 0 || best + 1 == candidates.len());
        Ok(SelectedBandwidth {
            bandwidth: candidates[best],
            selector: self.selector,
            kernel: self.selector.kernel(),
            warnings: self.warnings(&places, incidents, at_boundary.then_some(candidates[best])),
            candidates,
            scores,
            at_boundary,
        })
    }

    /// The bandwidths to score.
    fn tried(&self, places: &Places, rectangle: &Bounds) -> Result<Vec<f64>> {
        if !(self.least.is_finite() && self.least >= 0.0) {
            return Err(Error::parameter(
                "least",
                self.least,
                "a number of metres, 0 or more",
            ));
        }
        let shorter = rectangle.width().min(rectangle.height());
        let mut candidates = match (self.selector, &self.candidates) {
            (Selector::Scott, _) => vec![scott_of(places).max(self.least)],
            (_, Some(given)) => given.clone(),
            (Selector::Diggle, None) => (0..32)
                .map(|k| 0.25 * shorter * (f64::from(k - 31) / 4.0).exp2())
                .collect(),
            (_, None) => {
                let scott = scott_of(places);
                // Clusters draw most rules below Scott's; only this one often lies above.
                let quarters = match self.selector {
                    Selector::CronieVanLieshout => -16..=8,
                    _ => -28..=4,
                };
                quarters
                    .map(|k| scott * (f64::from(k) / 4.0).exp2())
                    .collect()
            }
        };
        let ascending = candidates.windows(2).all(|pair| pair[0] < pair[1]);
        let positive = candidates.iter().all(|h| h.is_finite() && *h > 0.0);
        if candidates.is_empty() || !ascending || !positive {
            return Err(Error::parameter(
                "candidates",
                format!("{candidates:?}"),
                "positive numbers of metres, each greater than the one before",
            ));
        }
        candidates.retain(|h| *h >= self.least);
        if candidates.is_empty() {
            candidates.push(self.least);
        }
        if self.selector == Selector::Diggle {
            if self.within.is_some() {
                return Err(Error::parameter(
                    "method",
                    "diggle",
                    "another rule in a study area; this one only knows rectangles",
                ));
            }
            let widest = candidates[candidates.len() - 1];
            if 2.0 * widest > shorter {
                return Err(Error::parameter(
                    "candidates",
                    widest,
                    format!(
                        "at most half of the shorter side of the map, {} m",
                        0.5 * shorter
                    ),
                ));
            }
        }
        Ok(candidates)
    }

    /// The number of the best candidate.
    fn best(&self, candidates: &[f64], scores: &[f64]) -> Result<usize> {
        if self.selector == Selector::Scott {
            return Ok(0);
        }
        let sign = if self.selector == Selector::Likelihood {
            -1.0
        } else {
            1.0
        };
        let finite = scores.iter().enumerate().filter(|(_, s)| s.is_finite());
        finite
            .min_by(|a, b| (sign * a.1).total_cmp(&(sign * b.1)))
            .map(|(k, _)| k)
            .ok_or_else(|| {
                Error::parameter(
                    "candidates",
                    candidates[candidates.len() - 1],
                    "greater ones: with each of them some incident has no other in reach",
                )
            })
    }

    fn warnings(
        &self,
        places: &Places,
        incidents: &Incidents,
        boundary: Option<f64>,
    ) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let outside = incidents.len() as f64 - places.total;
        if outside > 0.0 {
            warnings.push(Warning::with_value(
                WarningCode::OutsideAllAreas,
                outside,
                format!("{outside} incidents lie outside the study area and are left out."),
            ));
        }
        let tied = places.tied_share();
        if tied > 0.0 {
            let done = match self.selector {
                Selector::Scott | Selector::CronieVanLieshout => "Each of them counts.",
                Selector::Diggle => "Pairs of them are left out.",
                Selector::Lscv | Selector::Likelihood => {
                    "Where one is left out, all on its place are."
                }
            };
            warnings.push(Warning::with_value(
                WarningCode::Bandwidth,
                tied,
                format!(
                    "{:.1} % of the incidents share a place with others. {done}",
                    100.0 * tied
                ),
            ));
        }
        if incidents.weights().is_some() {
            warnings.push(Warning::new(
                WarningCode::Bandwidth,
                "The weights of the incidents are not used in choosing a bandwidth.",
            ));
        }
        if let Some(h) = boundary {
            warnings.push(Warning::with_value(
                WarningCode::Bandwidth,
                h,
                format!(
                    "The best bandwidth ({h:.1} m) is the last one tried on its side; try more."
                ),
            ));
        }
        warnings
    }
}

/// The places of the incidents inside a study area, or of all.
fn places(incidents: &Incidents, within: Option<&StudyArea>) -> Result<Places> {
    let counted = Counted::all(incidents.x(), incidents.y(), None);
    let counted = match within {
        Some(area) => counted.inside(area),
        None => counted,
    };
    let index = IncidentIndex::from_xy(&counted.x, &counted.y)?;
    if index.locations() < 2 {
        return Err(Error::input(
            Fault::NoRows,
            format!(
                "{} incidents on {} place; a bandwidth needs incidents on two places at least",
                index.len(),
                index.locations()
            ),
        ));
    }
    Ok(Places::of(&index, None))
}

#[cfg(test)]
mod tests;
