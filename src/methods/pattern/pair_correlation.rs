//! How many others are there at a distance?

use std::f64::consts::TAU;

use super::bins::Bins;
use super::correction::EdgeCorrection;
use super::counting::{Counted, Counting};
use super::envelope::Envelope;
use super::intensity::Intensity;
use super::null::Null;
use super::options::{Options, setters};
use super::places::Places;
use super::studied::Studied;
use crate::error::{Error, Result};
use crate::index::StudyArea;
use crate::model::{Incidents, Warning, WarningCode};
use crate::parallel::Workers;

#[cfg(test)]
mod tests;

/// The pair correlation: how many others has an incident *at* a distance, beside what chance would
/// put there?
///
/// ```text
/// g(r) = |W| / (n (n − 1)) · Σ_{i ≠ j} κ(r − d_ij) w_ij / (2π r)
/// κ(t) = 3/(4h) · (1 − t²/h²)   for |t| < h                        (Epanechnikov)
/// ```
///
/// with the weights w of an [`EdgeCorrection`] (none, translation or isotropic). g is 1 where
/// incidents are as frequent at distance r from each other as thrown at random, 2 where they are
/// twice as frequent. Unlike [`K`](super::Ripley) it is not cumulative, so it tells at which
/// distances clustering ends.
///
/// The half-width of the kernel is Stoyan's `h = 0.15/√λ`, λ = n/|W|, unless it is
/// [set](Self::bandwidth). Near distance 0 kernels reach beyond it and g is too low by up to a half
/// within h; [`over_distance`](Self::over_distance) divides by each pair's own distance instead of
/// by r, which is better there (Guan 2007), but leaves no place for pairs on one spot.
///
/// # Missing and odd values
/// g(0) is NaN. The rest is as for [`Ripley`](super::Ripley), nulls included.
///
/// # Complexity
/// As [`Ripley`](super::Ripley), for pairs within the last radius and h; each pair is added to
/// three sums whatever the number of radii, as the kernel is a polynomial between r − h and r + h.
///
/// Source: Stoyan & Stoyan 1994, Fractals, Random Shapes and Point Fields; Guan 2007, Statistics &
/// Probability Letters 77:1263, doi:10.1016/j.spl.2007.03.003.
///
/// ```
/// use brandpunt::index::StudyArea;
/// use brandpunt::methods::pattern::PairCorrelation;
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
/// let found = PairCorrelation::new(&[25.0, 50.0, 100.0])
///     .bandwidth(20.0)
///     .run(&reports, &area)?;
/// // Two of six ordered pairs at 50 m: 10⁶/6 · 2 · 3/(4 · 20) / (2π 50).
/// assert!((found.g[1] - 39.788_735_772_973_836).abs() < 1e-9);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PairCorrelation {
    correction: EdgeCorrection,
    intensity: Option<Intensity>,
    bandwidth: Option<f64>,
    over_distance: bool,
    options: Options,
}

/// The pair correlation of a pattern.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PairCorrelationResult {
    /// Radii in metres.
    pub radii: Vec<f64>,
    /// Pairs at each radius, over what chance would put there.
    pub g: Vec<f64>,
    /// What chance makes of g, where patterns were simulated.
    pub envelope: Option<Envelope>,
    /// Half-width of the kernel in metres.
    pub bandwidth: f64,
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

setters!(PairCorrelation);

impl PairCorrelation {
    /// At these radii in metres, with isotropic edge correction and no simulated patterns.
    #[must_use]
    pub fn new(radii: &[f64]) -> Self {
        Self {
            correction: EdgeCorrection::default(),
            intensity: None,
            bandwidth: None,
            over_distance: false,
            options: Options::new(radii),
        }
    }

    /// Sets the edge correction, which cannot be that of the border.
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

    /// Sets the half-width of the kernel in metres; its standard deviation is that over √5.
    #[must_use]
    pub fn bandwidth(mut self, metres: f64) -> Self {
        self.bandwidth = Some(metres);
        self
    }

    /// Divides by the distance of each pair instead of by the radius; pairs on one spot are left
    /// out, with a warning.
    #[must_use]
    pub fn over_distance(mut self) -> Self {
        self.over_distance = true;
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, incidents: &Incidents, area: &StudyArea) -> Result<PairCorrelationResult> {
        self.run_with(incidents, area, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// As [`Ripley::run_with`](super::Ripley::run_with); [`Error::Parameter`] also for the border
    /// correction and a bandwidth that is not positive.
    pub fn run_with(
        &self,
        incidents: &Incidents,
        area: &StudyArea,
        workers: &Workers,
    ) -> Result<PairCorrelationResult> {
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
    ) -> Result<PairCorrelationResult> {
        self.run_among_with(incidents, others, area, &Workers::new(0)?)
    }

    /// As [`run_among`](Self::run_among), on the given threads.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with); [`Error::Parameter`] with an intensity, which the others
    /// take the place of.
    pub fn run_among_with(
        &self,
        incidents: &Incidents,
        others: &Incidents,
        area: &StudyArea,
        workers: &Workers,
    ) -> Result<PairCorrelationResult> {
        Intensity::refuse(
            self.intensity.as_ref(),
            "no intensity when other incidents say what chance is",
        )?;
        self.solve(incidents, Some(others), area, workers)
    }

    fn check(&self, area: &StudyArea) -> Result<()> {
        self.options.check(Bins::MOST / 2)?;
        if let Some(intensity) = &self.intensity {
            intensity.check(area.crs())?;
        }
        if self.correction == EdgeCorrection::Border {
            let expected = "none, translation, isotropic";
            return Err(Error::parameter("correction", "border", expected));
        }
        match self.bandwidth {
            Some(metres) if !(metres.is_finite() && metres > 0.0) => {
                let expected = "a positive number of metres";
                Err(Error::parameter("bandwidth", metres, expected))
            }
            _ => Ok(()),
        }
    }

    fn solve(
        &self,
        incidents: &Incidents,
        others: Option<&Incidents>,
        area: &StudyArea,
        workers: &Workers,
    ) -> Result<PairCorrelationResult> {
        self.check(area)?;
        let radii = &self.options.radii;
        let reach = self.options.reach();
        let mut studied = Studied::of(incidents, area, reach)?;
        let density = studied.points.len() as f64 / (area.km2() * 1e6);
        let kernel = Kernels::new(radii, self.bandwidth.unwrap_or(0.15 / density.sqrt()));
        let pool = studied.with(others)?;
        let intensity = self.intensity.as_ref();
        let mut counting = Counting::new(area, &kernel.edges, self.correction, intensity, workers)?;
        if self.over_distance {
            counting = counting.over_distance();
            studied.warnings.extend(not_counted(&studied.places));
        }
        let without_intensity = studied.without_intensity(&counting, workers)?;
        let null = Null::of(intensity, &studied.points, pool.as_deref());
        let g = |places: Places, workers: &Workers| {
            let counted = counting.of::<3>(places, workers)?;
            let at = |r: &f64| kernel.at(*r, &counted, self.over_distance);
            Ok([radii.iter().map(at).collect()])
        };
        let ([g], [envelope]) = studied.curves(&null, &self.options, |g| g, g, workers)?;
        Ok(PairCorrelationResult {
            radii: radii.clone(),
            g,
            envelope,
            bandwidth: kernel.half_width,
            correction: self.correction,
            incidents: studied.points.len() as u64,
            outside: studied.outside,
            without_intensity,
            km2: area.km2(),
            warnings: studied.warnings,
        })
    }
}

/// Says that pairs on one spot are left out, where there are any.
fn not_counted(places: &Places) -> Option<Warning> {
    let sharing = places.sharing();
    (sharing > 0).then(|| {
        let message = format!(
            "{sharing} incidents share their place with another; pairs on one spot have no distance \
             to be divided by and are left out."
        );
        Warning::with_value(WarningCode::SharedPlaces, sharing as f64, message)
    })
}

/// Kernels around radii, from sums between the distances at which they begin and end.
struct Kernels {
    half_width: f64,
    /// Where kernels begin and end.
    edges: Vec<f64>,
}

impl Kernels {
    fn new(radii: &[f64], half_width: f64) -> Self {
        let ends = radii.iter().flat_map(|r| [r - half_width, r + half_width]);
        let mut edges: Vec<f64> = ends.filter(|e| *e > 0.0).collect();
        edges.sort_unstable_by(f64::total_cmp);
        edges.dedup();
        Self { half_width, edges }
    }

    /// g at a radius.
    fn at(&self, r: f64, counted: &Counted<3>, over_distance: bool) -> f64 {
        let h = self.half_width;
        let first = self.edges.partition_point(|e| *e <= r - h);
        let last = self.edges.partition_point(|e| *e < r + h);
        let mut sums = [0.0; 3];
        // Bin b ends at edge b.
        for bin in &counted.sums[if r < h { 0 } else { first }..=last] {
            for (sum, term) in sums.iter_mut().zip(bin) {
                *sum += term;
            }
        }
        let ratio = r / h;
        let kernels = sums[0] * (1.0 - ratio * ratio) + (2.0 * ratio * sums[1] - sums[2] / h) / h;
        let divisor = match (over_distance, r > 0.0) {
            (_, false) => f64::NAN,
            (true, true) => 1.0,
            (false, true) => r,
        };
        counted.scale[0] * kernels * 0.75 / (h * TAU * divisor)
    }
}
