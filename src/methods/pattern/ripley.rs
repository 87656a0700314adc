//! At what distances do incidents gather or keep apart?

use std::f64::consts::PI;

use super::bins::Bins;
use super::correction::EdgeCorrection;
use super::counting::Counting;
use super::envelope::Envelope;
use super::intensity::Intensity;
use super::null::Null;
use super::options::{Options, setters};
use super::places::Places;
use super::studied::Studied;
use crate::error::Result;
use crate::index::StudyArea;
use crate::model::{Incidents, Warning};
use crate::parallel::Workers;

#[cfg(test)]
mod tests;

/// Ripley's K and Besag's L: how many others does an incident have within a distance, beside what
/// chance would put there?
///
/// With n incidents in a study area W of |W| square metres and edge weights w
/// ([`EdgeCorrection`]):
///
/// ```text
/// K(r) = |W| / (n (n − 1)) · Σ_{i ≠ j} 1{d_ij ≤ r} w_ij         L(r) = √(K(r) / π)
/// ```
///
/// Incidents thrown at random on W have K(r) = πr² and L(r) = r. Above it incidents gather: an
/// incident has K(r)/πr² times as many within r as elsewhere. Both are cumulative: clustering at
/// 100 m still shows at 500 m; [`PairCorrelation`](super::PairCorrelation) does not carry it over.
/// With the border correction K(r) = |W| / ((n − 1) m(r)) times the pairs of the m(r) incidents
/// farther than r from the border.
///
/// # What chance means
/// Reports follow people, so that they gather is no news. What they are compared with decides what
/// is learned:
///
/// - [`run`](Self::run): places anywhere in W (complete spatial randomness, n fixed).
/// - [`intensity`](Self::intensity): the inhomogeneous K of Baddeley, Møller & Waagepetersen,
///   `K(r) = Σ 1{d_ij ≤ r} w_ij / (λ_i λ_j) / Σ 1/λ_i`, which is πr² for independent incidents
///   however unevenly they lie; simulated patterns follow the intensity (n fixed).
/// - [`run_among`](Self::run_among): random labelling. These reports and others are dealt anew
///   which is which; do these gather more than reports do?
/// - [`run_between`](Self::run_between): the same for K between two kinds; do they seek each other?
///
/// # Missing and odd values
/// Incidents outside W are left out with a warning, as are those with an intensity that is not
/// positive. Incidents on one spot are pairs at distance 0, which belongs to every radius; a warning
/// tells how many share their place. K of a radius for which no incident is far enough from the
/// border is NaN, and so is a value that simulated patterns lack. Weights of incidents play no part.
///
/// # Complexity
/// The pairs within the last radius, of which none is stored, times the simulations; for isotropic
/// weights also, per place near the border, its parts in reach. Nothing depends on the threads.
///
/// Source: Ripley 1976, Journal of Applied Probability 13:255, doi:10.2307/3212829; Besag 1977,
/// Journal of the Royal Statistical Society B 39:193; Baddeley, Møller & Waagepetersen 2000,
/// Statistica Neerlandica 54:329, doi:10.1111/1467-9574.00144; Diggle & Chetwynd 1991, Biometrics
/// 47:1155, doi:10.2307/2532668 (random labelling).
///
/// ```
/// use brandpunt::index::StudyArea;
/// use brandpunt::methods::pattern::Ripley;
/// use brandpunt::{Crs, Incidents, Neighbourhoods, Workers};
/// use geo_types::{MultiPolygon, Rect, coord};
///
/// # fn main() -> brandpunt::Result<()> {
/// let square = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: 1000.0, y: 1000.0 });
/// let shapes = vec![MultiPolygon::new(vec![square.to_polygon()])];
/// let town = Neighbourhoods::new(vec!["a".into()], vec!["a".into()], shapes, Crs::PLANAR)?;
/// let area = StudyArea::new(&town, &Workers::new(1)?)?;
/// let (x, y) = (vec![400.0, 430.0, 700.0], vec![500.0, 540.0, 500.0]);
/// let reports = Incidents::builder(x, y, Crs::PLANAR).build()?;
/// let found = Ripley::new(&[25.0, 50.0, 100.0]).run(&reports, &area)?;
/// // One pair, at 50 m: two of the six ordered ones.
/// assert_eq!(found.k, [0.0, 1e6 / 3.0, 1e6 / 3.0]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Ripley {
    pub(super) correction: EdgeCorrection,
    pub(super) intensity: Option<Intensity>,
    pub(super) options: Options,
}

/// K and L of a pattern.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RipleyResult {
    /// Radii in metres.
    pub radii: Vec<f64>,
    /// Square metres: incidents within each radius of an incident, over incidents per square metre.
    pub k: Vec<f64>,
    /// Metres: the radius at which chance alone would give the same.
    pub l: Vec<f64>,
    /// What chance makes of L, where patterns were simulated. The ends of K are π times their
    /// squares.
    pub envelope: Option<Envelope>,
    /// The edge correction.
    pub correction: EdgeCorrection,
    /// Incidents in the study area.
    pub incidents: u64,
    /// Incidents outside it.
    pub outside: u64,
    /// Incidents left out because no intensity is known where they are.
    pub without_intensity: u64,
    /// Surface of the study area.
    pub km2: f64,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

setters!(Ripley);

impl Ripley {
    /// At these radii in metres, with isotropic edge correction and no simulated patterns.
    #[must_use]
    pub fn new(radii: &[f64]) -> Self {
        Self {
            correction: EdgeCorrection::default(),
            intensity: None,
            options: Options::new(radii),
        }
    }

    /// Sets the edge correction.
    #[must_use]
    pub fn correction(mut self, correction: EdgeCorrection) -> Self {
        self.correction = correction;
        self
    }

    /// Compares with an uneven intensity instead of a constant one.
    #[must_use]
    pub fn intensity(mut self, intensity: Intensity) -> Self {
        self.intensity = Some(intensity);
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, incidents: &Incidents, area: &StudyArea) -> Result<RipleyResult> {
        self.run_with(incidents, area, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// [`Error::Parameter`] for radii that do not ascend from 0 or more, for a level or too few
    /// simulations for it, and for a bandwidth; [`Fault::NoRows`] for fewer than two incidents in
    /// the study area or with an intensity, [`Fault::LengthMismatch`] of an intensity's cells,
    /// [`Fault::CrsMismatch`], [`Error::Crs`] for degrees, [`Error::Cancelled`].
    ///
    /// [`Fault::NoRows`]: crate::Fault::NoRows
    /// [`Fault::LengthMismatch`]: crate::Fault::LengthMismatch
    /// [`Fault::CrsMismatch`]: crate::Fault::CrsMismatch
    /// [`Error::Parameter`]: crate::Error::Parameter
    /// [`Error::Crs`]: crate::Error::Crs
    /// [`Error::Cancelled`]: crate::Error::Cancelled
    pub fn run_with(
        &self,
        incidents: &Incidents,
        area: &StudyArea,
        workers: &Workers,
    ) -> Result<RipleyResult> {
        self.solve(incidents, None, area, workers)
    }

    /// Runs for some incidents among others, on all cores: simulated patterns are as many of all
    /// of them, drawn without replacement.
    ///
    /// # Errors
    /// As [`run_among_with`](Self::run_among_with).
    pub fn run_among(
        &self,
        incidents: &Incidents,
        others: &Incidents,
        area: &StudyArea,
    ) -> Result<RipleyResult> {
        self.run_among_with(incidents, others, area, &Workers::new(0)?)
    }

    /// As [`run_among`](Self::run_among), on the given threads.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with); [`Error::Parameter`] with an intensity, which the others
    /// take the place of.
    ///
    /// [`Error::Parameter`]: crate::Error::Parameter
    pub fn run_among_with(
        &self,
        incidents: &Incidents,
        others: &Incidents,
        area: &StudyArea,
        workers: &Workers,
    ) -> Result<RipleyResult> {
        Intensity::refuse(
            self.intensity.as_ref(),
            "no intensity when other incidents say what chance is",
        )?;
        self.solve(incidents, Some(others), area, workers)
    }

    fn solve(
        &self,
        incidents: &Incidents,
        others: Option<&Incidents>,
        area: &StudyArea,
        workers: &Workers,
    ) -> Result<RipleyResult> {
        self.options.check(Bins::MOST)?;
        if let Some(intensity) = &self.intensity {
            intensity.check(area.crs())?;
        }
        let radii = &self.options.radii;
        let reach = self.options.reach();
        let mut studied = Studied::of(incidents, area, reach)?;
        let pool = studied.with(others)?;
        let intensity = self.intensity.as_ref();
        let counting = Counting::new(area, radii, self.correction, intensity, workers)?;
        let without_intensity = studied.without_intensity(&counting, workers)?;
        let null = Null::of(intensity, &studied.points, pool.as_deref());
        let k = |places: Places, workers: &Workers| {
            let counted = counting.of::<1>(places, workers)?;
            let mut sum = 0.0f64;
            let by_bin = counted.sums.iter().zip(&counted.scale);
            Ok([by_bin
                .map(|([pairs], scale)| {
                    sum += pairs;
                    // Those taken away again may leave a little less than nothing.
                    sum.max(0.0) * scale
                })
                .collect()])
        };
        let ([k], [envelope]) = studied.curves(&null, &self.options, l_of, k, workers)?;
        Ok(RipleyResult {
            radii: radii.clone(),
            l: k.iter().map(|k| l_of(*k)).collect(),
            k,
            envelope,
            correction: self.correction,
            incidents: studied.points.len() as u64,
            outside: studied.outside,
            without_intensity,
            km2: area.km2(),
            warnings: std::mem::take(&mut studied.warnings),
        })
    }
}

/// L of K.
pub(super) fn l_of(k: f64) -> f64 {
    (k / PI).sqrt()
}
