//! The incidents that a question is about, and what to say of them.

use super::counting::Counting;
use super::envelope::Envelope;
use super::null::Null;
use super::options::Options;
use super::places::Places;
use crate::error::{Error, Fault, Result};
use crate::index::{StudyArea, require_same_crs};
use crate::model::{Incidents, Warning, WarningCode};
use crate::parallel::Workers;
use crate::random::stream;

/// Fewest incidents whose curve says much.
const FEW: usize = 20;

/// Values at the same radii, for some functions.
type Curves<const C: usize> = [Vec<f64>; C];
/// What chance makes of each, where patterns were simulated.
type Envelopes<const C: usize> = [Option<Envelope>; C];

/// Incidents within a study area.
pub(super) struct Studied<'a> {
    pub(super) area: &'a StudyArea,
    pub(super) points: Vec<[f64; 2]>,
    pub(super) places: Places,
    pub(super) outside: u64,
    pub(super) warnings: Vec<Warning>,
}

impl<'a> Studied<'a> {
    pub(super) fn of(incidents: &Incidents, area: &'a StudyArea, reach: f64) -> Result<Self> {
        let points = within(incidents, area)?;
        if points.len() < 2 {
            let detail = format!(
                "{} of {} incidents lie in the study area; pairs need two",
                points.len(),
                incidents.len()
            );
            return Err(Error::input(Fault::NoRows, detail));
        }
        let outside = incidents.len() - points.len();
        Ok(Self::new(points, outside, area, reach))
    }

    /// Those of two kinds, and how many of them are of the first, which come first.
    pub(super) fn of_two(
        incidents: &Incidents,
        others: &Incidents,
        area: &'a StudyArea,
        reach: f64,
    ) -> Result<(Self, usize)> {
        let kinds = [within(incidents, area)?, within(others, area)?];
        for (kind, all) in kinds.iter().zip([incidents, others]) {
            if kind.is_empty() {
                let n = all.len();
                let detail = format!(
                    "0 of {n} incidents of one kind lie in the study area; pairs need one of each"
                );
                return Err(Error::input(Fault::NoRows, detail));
            }
        }
        let first = kinds[0].len();
        let points = kinds.concat();
        let outside = incidents.len() + others.len() - points.len();
        Ok((Self::new(points, outside, area, reach), first))
    }

    fn new(points: Vec<[f64; 2]>, outside: usize, area: &'a StudyArea, reach: f64) -> Self {
        let mut out = Self {
            area,
            places: Places::merged(&points),
            outside: outside as u64,
            points,
            warnings: Vec::new(),
        };
        out.warn(reach);
        out
    }

    fn warn(&mut self, reach: f64) {
        let n = self.points.len();
        let mut warn = |code, value: f64, message: String| {
            self.warnings
                .push(Warning::with_value(code, value, message));
        };
        if self.outside > 0 {
            let k = self.outside;
            let message = format!(
                "{k} incidents lie outside the study area and are left out: an edge correction \
                 stands for them."
            );
            warn(WarningCode::OutsideAllAreas, k as f64, message);
        }
        if n < FEW {
            let message = format!("{n} incidents are few for a curve; read the envelope, not it.");
            warn(WarningCode::TooFewIncidents, n as f64, message);
        }
        let sharing = self.places.sharing();
        if sharing * 100 > n as u64 {
            let message = format!(
                "{sharing} of {n} incidents share their place with another, as reports snapped to \
                 addresses do. At short distances the curve is that of repeats at an address, \
                 which no pattern thrown at random has: keep one report per address, or compare \
                 with other reports by random labelling."
            );
            warn(WarningCode::SharedPlaces, sharing as f64, message);
        }
        let bounds = self.area.bounds();
        let quarter = 0.25 * bounds.width().min(bounds.height());
        if reach > quarter {
            let message = format!(
                "Radii up to {reach} m are more than a quarter of the shorter side of the study \
                 area ({quarter:.0} m); edge corrections make the end of the curve unsteady."
            );
            warn(WarningCode::Radii, reach, message);
        }
    }

    /// Those of these incidents and of others, where there are others, in the study area.
    pub(super) fn with(&self, others: Option<&Incidents>) -> Result<Option<Vec<[f64; 2]>>> {
        let join = |others| Ok([self.points.clone(), within(others, self.area)?].concat());
        others.map(join).transpose()
    }

    /// How many incidents lie where no intensity is known, with a warning.
    pub(super) fn without_intensity(
        &mut self,
        counting: &Counting<'_>,
        workers: &Workers,
    ) -> Result<u64> {
        let without = counting.without_intensity(&self.places, workers)?;
        let n = self.points.len() as u64;
        if without + 2 > n {
            let detail = format!(
                "{without} of {n} incidents have no intensity; pairs need two that have one: use \
                 a larger bandwidth, or a raster that covers them"
            );
            return Err(Error::input(Fault::NoRows, detail));
        }
        if without > 0 {
            let message = format!(
                "{without} of {n} incidents are left out: the intensity where they are is not \
                 positive. Use a larger bandwidth, or a raster that covers them."
            );
            let warning = Warning::with_value(WarningCode::Bandwidth, without as f64, message);
            self.warnings.push(warning);
        }
        Ok(without)
    }

    /// Some curves of these incidents, and the envelope of each, as it is `shown`, in simulated
    /// patterns.
    pub(super) fn curves<const C: usize>(
        &self,
        null: &Null<'_>,
        options: &Options,
        shown: fn(f64) -> f64,
        curve: impl Fn(Places, &Workers) -> Result<Curves<C>> + Sync,
        workers: &Workers,
    ) -> Result<(Curves<C>, Envelopes<C>)> {
        let seen = curve(self.places.clone(), &workers.telling("pattern", 0.0..0.1))?;
        let simulated = workers.telling("simulated patterns", 0.1..1.0).try_map(
            options.simulations,
            |simulation| {
                let mut random = stream(options.seed, simulation as u64);
                let places = null.draw(self.points.len(), self.area, &mut random);
                curve(places, &workers.alone())
            },
        )?;
        let shown = |curve: &Vec<f64>| curve.iter().map(|v| shown(*v)).collect::<Vec<f64>>();
        let envelopes = std::array::from_fn(|c| {
            let simulated: Vec<_> = simulated.iter().map(|curves| shown(&curves[c])).collect();
            (!simulated.is_empty())
                .then(|| Envelope::of(&shown(&seen[c]), &simulated, &options.radii, options.level))
        });
        Ok((seen, envelopes))
    }
}

/// The incidents within a study area.
fn within(incidents: &Incidents, area: &StudyArea) -> Result<Vec<[f64; 2]>> {
    incidents.crs().require_metres()?;
    require_same_crs(incidents.crs(), area.crs())?;
    let at = incidents.x().iter().zip(incidents.y());
    Ok(at
        .map(|(x, y)| [*x, *y])
        .filter(|p| area.contains(p[0], p[1]))
        .collect())
}
