//! Is there more of it near some facilities?

use super::chance::{Chance, envelope};
use super::decay::Smoothing;
use super::figures::{Figures, Measured};
#[cfg(feature = "cli")]
use super::ground::beyond;
use super::ground::{Ground, Lines, index_of};
use super::marks::Marks;
use super::moved::Moved;
use super::result::{DecayCurve, ProximityBands, ProximityResult};
use super::school_hours::SchoolHours;
use super::sites::Sites;
use crate::error::{Error, Fault, Result};
use crate::index::{IncidentIndex, StudyArea, require_same_crs};
use crate::memory::afford_replicates;
use crate::model::{Incidents, Neighbourhoods, Warning, WarningCode};
use crate::parallel::Workers;
use crate::random::stream;
use crate::stats::binomial_interval;

#[cfg(test)]
mod tests;

/// Fewest incidents for a curve that says much.
const FEW: u64 = 20;

/// Is there more of it near schools (or other facilities) than elsewhere, and how far does that
/// reach?
///
/// Distances go to the nearest facility, in a straight line. A band holds distances from one edge
/// up to but not including the next. With `n_k` of N incidents and `a_k` of A exposure in band k
/// of the study area:
///
/// ```text
/// location quotient   LQ_k = (n_k / N) / (a_k / A)
/// decay               ρ(d) = Σ_i κ(d − d_i) / ∫ κ(d − D(u)) du
/// ```
///
/// D(u) is the distance from place u of the study area, and κ a Gaussian. Both sums take the same
/// kernel, so the fringe at distance 0 cancels; distances are put into bins of an eighth of the
/// bandwidth for it. The interval of LQ is the exact one of a share of N (Clopper & Pearson), that
/// of ρ is normal with the variance of independent incidents. Reports come in series, so both are
/// too narrow where a few addresses report often; the test below is not touched by that.
///
/// # Exposure
/// Square kilometres of the areas taken together, or points with a weight each
/// ([`exposed`](Self::exposed)): addresses, people. Ground within a distance of the nearest
/// facility is measured along lines from west to east, exactly along each, and by the midpoint rule
/// across them; their distance is at first a 32nd of the narrowest band. For a disc of radius r
/// within the study area and lines h apart the relative error is below `0.4 (h/r)^1.5`: 0.3 % for
/// h = r/32. For a study area of few, horizontal borders those count to the nearest line.
///
/// # What chance means
/// Schools stand where people live, so a comparison with points anywhere would find schools of
/// any town to attract everything. Instead the facilities are moved, the incidents stay. With
/// [`candidates`](Self::candidates), the places of facilities and candidates with one label are
/// dealt anew, each draw as likely, which makes the test exact if any of these places could have
/// been a facility; addresses of the same kind of neighbourhood are good candidates. Without
/// candidates each facility moves to a random place in its own area, or in the areas of its
/// [`strata`](Self::strata). That is weaker in two ways: places include water and fields where
/// nobody reports, which makes real facilities look special; and in areas no larger than the bands
/// a moved facility stays near, which hides what reaches beyond. Facilities outside the study area
/// stay.
///
/// p of a band is two-sided, from the replicates and the map itself; `p_max` is corrected for the
/// number of bands by the greatest deviation of any band (Westfall & Young), `p` is the least of
/// them.
///
/// # Missing and odd values
/// Incidents and points outside the study area do not count. A band without exposure has no
/// quotient; where that befalls moved facilities, the replicate counts as extreme on both sides.
/// Weights of incidents play no part.
///
/// # Complexity
/// Per map N log F for F facilities, plus lines times facilities, plus stretches of lines times
/// distances.
///
/// Source: Baddeley, Chang, Song & Turner 2012, Statistics and Its Interface 5:221,
/// doi:10.4310/SII.2012.v5.n2.a7 (ρ); Clopper & Pearson 1934, Biometrika 26:404,
/// doi:10.1093/biomet/26.4.404; Westfall & Young 1993, Resampling-Based Multiple Testing.
///
/// ```
/// use brandpunt::methods::proximity::{Proximity, Sites};
/// use brandpunt::{Crs, Incidents, Neighbourhoods};
/// use geo_types::{MultiPolygon, Rect, coord};
///
/// # fn main() -> brandpunt::Result<()> {
/// let square = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: 2000.0, y: 2000.0 });
/// let shape = MultiPolygon::new(vec![square.to_polygon()]);
/// let town = Neighbourhoods::new(vec!["a".into()], vec!["a".into()], vec![shape], Crs::PLANAR)?;
/// let x = vec![1010.0, 1050.0, 1000.0, 1150.0, 100.0, 1900.0, 300.0, 1700.0];
/// let y = vec![1000.0, 1020.0, 1080.0, 1000.0, 100.0, 1900.0, 1500.0, 300.0];
/// let reports = Incidents::builder(x, y, Crs::PLANAR).build()?;
/// let school = Sites::new(&[1000.0], &[1000.0])?;
/// let found = Proximity::new([0.0, 100.0, 200.0]).run(&reports, &school, &town)?;
/// assert_eq!(found.bands.count, [3, 1]);
/// // π 100² of 4 km², and 3 of 8 reports.
/// assert!((found.bands.lq[0] / (0.375 / (0.031_415_93 / 4.0)) - 1.0).abs() < 0.003);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Proximity {
    edges: Vec<f64>,
    hours: Option<SchoolHours>,
    exposed: Option<(Vec<f64>, Vec<f64>, Vec<f64>)>,
    candidates: Option<Sites>,
    strata: Option<Vec<u32>>,
    bandwidth: Option<f64>,
    spacing: Option<f64>,
    level: f64,
    replicates: usize,
    seed: u64,
}

impl Proximity {
    /// With bands between these edges in metres, ascending; 999 replicates, intervals of 95 %.
    #[must_use]
    pub fn new(edges: impl Into<Vec<f64>>) -> Self {
        Self {
            edges: edges.into(),
            hours: None,
            exposed: None,
            candidates: None,
            strata: None,
            bandwidth: None,
            spacing: None,
            level: 0.95,
            replicates: 999,
            seed: 0,
        }
    }

    /// Counts only incidents in these hours.
    #[must_use]
    pub fn hours(mut self, hours: SchoolHours) -> Self {
        self.hours = Some(hours);
        self
    }

    /// Compares with points of this weight (people, addresses) instead of ground.
    #[must_use]
    pub fn exposed(mut self, x: Vec<f64>, y: Vec<f64>, weight: Vec<f64>) -> Self {
        self.exposed = Some((x, y, weight));
        self
    }

    /// Sets where facilities could be; like takes the place of like where both have labels.
    #[must_use]
    pub fn candidates(mut self, candidates: Sites) -> Self {
        self.candidates = Some(candidates);
        self
    }

    /// Sets, without candidates, the stratum of each area: facilities move to areas of the same.
    #[must_use]
    pub fn strata(mut self, stratum_of_area: Vec<u32>) -> Self {
        self.strata = Some(stratum_of_area);
        self
    }

    /// Sets the standard deviation of the Gaussian of the curve in metres. Without it, Silverman's
    /// rule for the distances up to the last edge.
    #[must_use]
    pub fn bandwidth(mut self, metres: f64) -> Self {
        self.bandwidth = Some(metres);
        self
    }

    /// Sets the distance between the lines along which ground is measured.
    #[must_use]
    pub fn spacing(mut self, metres: f64) -> Self {
        self.spacing = Some(metres);
        self
    }

    /// Sets the level of all intervals.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Sets how often facilities are moved; with 0 nothing is tested.
    #[must_use]
    pub fn replicates(mut self, replicates: usize) -> Self {
        self.replicates = replicates;
        self
    }

    /// Sets the seed of the moves.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(
        &self,
        incidents: &Incidents,
        facilities: &Sites,
        areas: &Neighbourhoods,
    ) -> Result<ProximityResult> {
        self.run_with(incidents, facilities, areas, &Workers::new(0)?)
    }

    /// Runs on the given threads; the areas together are the study area, and sites and exposed
    /// points are in their system.
    ///
    /// # Errors
    /// [`Error::Crs`] for degrees, [`Fault::CrsMismatch`]; [`Error::Parameter`] for edges that do
    /// not ascend from 0 or more, and for other settings out of range; [`Fault::NoRows`] when no
    /// incident lies in the study area (and hours), when nothing is exposed there, and for a label
    /// of facilities without a candidate; [`Fault::MissingTime`] for hours without times;
    /// [`Fault::LengthMismatch`], [`Fault::AreaMismatch`], [`Fault::NonFinite`] and
    /// [`Fault::Negative`] for exposed points, labels and strata; [`Error::Cancelled`].
    pub fn run_with(
        &self,
        incidents: &Incidents,
        facilities: &Sites,
        areas: &Neighbourhoods,
        workers: &Workers,
    ) -> Result<ProximityResult> {
        let (reach, outside_envelope) = self.check()?;
        require_same_crs(incidents.crs(), areas.crs())?;
        let area = StudyArea::new(areas, workers)?;
        let (selected, without_hour) = match &self.hours {
            Some(hours) => (
                hours.positions(incidents)?,
                SchoolHours::without_hour(incidents) as u64,
            ),
            None => ((0..incidents.len() as u32).collect(), 0),
        };
        let at = |i: &u32| (incidents.x()[*i as usize], incidents.y()[*i as usize]);
        let (x, y): (Vec<f64>, Vec<f64>) = selected
            .iter()
            .map(at)
            .filter(|(x, y)| area.contains(*x, *y))
            .unzip();
        if x.is_empty() {
            let detail = "no incident lies in the study area at the hours asked for";
            return Err(Error::input(Fault::NoRows, detail));
        }
        let merged = IncidentIndex::from_xy(&x, &y)?;
        let places: Vec<([f64; 2], u64)> = (0..merged.locations() as u32)
            .map(|l| (merged.at(l).into(), merged.members(l).len() as u64))
            .collect();
        let ground = self.ground(&area)?;
        let exposure = ground.total();
        if exposure <= 0.0 {
            let detail = "nothing is exposed in the study area; its points weigh 0 together";
            return Err(Error::input(Fault::NoRows, detail));
        }
        let sites: Vec<[f64; 2]> = facilities.places().into_iter().map(|f| f.0).collect();
        let smoothing = Smoothing::new(self.bandwidth_for(&sites, &x, &y, reach)?, reach);
        let marks = Marks::new(&self.edges, &smoothing);
        let measured = Measured {
            at: &places,
            ground: &ground,
            marks: &marks,
            smoothing: &smoothing,
            incidents: x.len() as f64,
            exposure,
        };
        let seen = measured.figures(&sites)?;
        let moved = match &self.candidates {
            Some(candidates) => Moved::to_candidates(facilities, candidates)?,
            None => Moved::anywhere(facilities, areas, &area, self.strata.as_deref())?,
        };
        let simulated = workers.try_map(self.replicates, |replicate| {
            let sites = moved.draw(&mut stream(self.seed, replicate as u64));
            let figures = measured.figures(&sites)?;
            Ok((figures.lq, figures.density))
        })?;
        let (quotients, curves): (Vec<_>, Vec<_>) = simulated.into_iter().unzip();
        let chance = Chance::of(&seen.lq, &quotients);
        let any = chance.any;
        let homeless = sites.iter().filter(|s| !area.contains(s[0], s[1])).count();
        Ok(ProximityResult {
            incidents: x.len() as u64,
            exposure,
            facilities: sites.len(),
            outside: (selected.len() - x.len()) as u64,
            without_hour,
            other_hours: (incidents.len() - selected.len()) as u64 - without_hour,
            spacing: match &ground {
                Ground::Lines(lines) => lines.spacing(),
                Ground::Points { .. } => f64::NAN,
            },
            p: any,
            warnings: self.warnings(x.len() as u64, homeless, &seen),
            decay: self.curve(&smoothing, &seen, &curves, outside_envelope),
            bands: self.bands(x.len() as u64, exposure, &seen, chance),
        })
    }

    /// The band of each incident, the number of bands where it is in none, and [`u32::MAX`] at other
    /// hours than those asked for or where that is not known.
    #[cfg(feature = "cli")]
    pub(crate) fn bands_of(&self, incidents: &Incidents, facilities: &Sites) -> Result<Vec<u32>> {
        let bands = self.edges.len() as u32 - 1;
        let sites: Vec<[f64; 2]> = facilities.places().into_iter().map(|f| f.0).collect();
        let index = index_of(&sites)?;
        let mut out = vec![u32::MAX; incidents.len()];
        let selected = match &self.hours {
            Some(hours) => hours.positions(incidents)?,
            None => (0..incidents.len() as u32).collect(),
        };
        for i in selected {
            let (x, y) = (incidents.x()[i as usize], incidents.y()[i as usize]);
            let passed = beyond(&index, x, y, &self.edges) as u32;
            out[i as usize] = passed.checked_sub(1).unwrap_or(bands).min(bands);
        }
        Ok(out)
    }

    /// The bands with other counts, of so many incidents; what moved facilities say is left out.
    #[cfg(feature = "cli")]
    pub(crate) fn counted_as(
        &self,
        found: &ProximityResult,
        counts: &[Option<u64>],
        incidents: u64,
    ) -> ProximityBands {
        let mut out = found.bands.clone();
        for (k, count) in counts.iter().enumerate() {
            let share = out.exposure[k] / found.exposure;
            out.expected[k] = share * incidents as f64;
            out.count[k] = count.unwrap_or(0);
            let Some(count) = *count else {
                (out.lq[k], out.low[k], out.high[k]) = (f64::NAN, f64::NAN, f64::NAN);
                continue;
            };
            out.lq[k] = if share > 0.0 {
                count as f64 / out.expected[k]
            } else {
                f64::NAN
            };
            (out.low[k], out.high[k]) = interval((count, incidents), share, self.level);
        }
        let chance = [&mut out.lq_moved, &mut out.p_greater, &mut out.p_less];
        for column in chance.into_iter().chain([&mut out.p, &mut out.p_max]) {
            column.fill(f64::NAN);
        }
        out
    }

    /// The last edge, and how many simulated values lie on either side of an envelope, its end
    /// included.
    fn check(&self) -> Result<(f64, usize)> {
        let ascending = self.edges.windows(2).all(|e| e[0] < e[1]);
        let finite = self.edges.iter().all(|e| e.is_finite() && *e >= 0.0);
        let last = self
            .edges
            .last()
            .copied()
            .filter(|_| self.edges.len() >= 2 && ascending && finite);
        let Some(reach) = last else {
            let expected = "two or more ascending distances in metres, from 0 up";
            return Err(Error::parameter(
                "distances",
                format!("{:?}", self.edges),
                expected,
            ));
        };
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::parameter(
                "level",
                self.level,
                "a share between 0 and 1",
            ));
        }
        for (name, value) in [("bandwidth", self.bandwidth), ("spacing", self.spacing)] {
            if let Some(metres) = value.filter(|m| !(m.is_finite() && *m > 0.0)) {
                return Err(Error::parameter(
                    name,
                    metres,
                    "a positive number of metres",
                ));
            }
        }
        let side = 0.5 * (1.0 - self.level);
        afford_replicates("replicates", self.replicates, 0)?;
        let outside = ((self.replicates as f64 + 1.0) * side + 1e-9).floor() as usize;
        if self.replicates > 0 && outside == 0 {
            let least = (1.0 / side - 1e-9).ceil() - 1.0;
            let expected = format!("at least {least} for intervals of this level, or 0 for none");
            return Err(Error::parameter("replicates", self.replicates, expected));
        }
        Ok((reach, outside))
    }

    fn ground(&self, area: &StudyArea) -> Result<Ground> {
        let Some((x, y, weight)) = &self.exposed else {
            let narrowest = self
                .edges
                .windows(2)
                .map(|e| e[1] - e[0])
                .fold(f64::INFINITY, f64::min);
            let spacing = self.spacing.unwrap_or(narrowest / 32.0);
            return Lines::through(area, spacing).map(Ground::Lines);
        };
        if x.len() != y.len() || x.len() != weight.len() {
            let detail = format!(
                "{} x, {} y and {} weights; give one of each per exposed point",
                x.len(),
                y.len(),
                weight.len()
            );
            return Err(Error::input(Fault::LengthMismatch, detail));
        }
        let all = || x.iter().zip(y).zip(weight).map(|((x, y), w)| (*x, *y, *w));
        for (i, (x, y, w)) in all().enumerate() {
            let fault = if !(x.is_finite() && y.is_finite() && w.is_finite()) {
                Fault::NonFinite
            } else if w < 0.0 {
                Fault::Negative
            } else {
                continue;
            };
            let detail =
                format!("exposed point {i} (from 0) is ({x}, {y}) with weight {w}; leave it out");
            return Err(Error::input(fault, detail));
        }
        let (mut at, mut weights) = ((Vec::new(), Vec::new()), Vec::new());
        for (x, y, w) in all().filter(|(x, y, _)| area.contains(*x, *y)) {
            at.0.push(x);
            at.1.push(y);
            weights.push(w);
        }
        Ok(Ground::Points {
            x: at.0,
            y: at.1,
            weight: weights,
        })
    }

    fn bandwidth_for(&self, sites: &[[f64; 2]], x: &[f64], y: &[f64], reach: f64) -> Result<f64> {
        if let Some(bandwidth) = self.bandwidth {
            // Bins of an eighth of the bandwidth are measured one by one.
            let least = reach / 1_000.0;
            if bandwidth < least {
                let expected = format!("at least {least} m for bands that reach {reach} m");
                return Err(Error::parameter("bandwidth", bandwidth, expected));
            }
            return Ok(bandwidth);
        }
        let index = index_of(sites)?;
        let each = x.iter().zip(y);
        let mut distances = each
            .filter_map(|(x, y)| index.distance_to_nearest(*x, *y))
            .collect();
        Ok(Smoothing::automatic(&mut distances, reach))
    }

    fn bands(&self, n: u64, exposure: f64, seen: &Figures, chance: Chance) -> ProximityBands {
        let count: Vec<u64> = seen.count.iter().map(|c| *c as u64).collect();
        let share: Vec<f64> = seen.exposure.iter().map(|a| a / exposure).collect();
        let pairs = count.iter().zip(&share);
        let (low, high) = pairs
            .map(|(k, share)| interval((*k, n), *share, self.level))
            .unzip();
        ProximityBands {
            from: self.edges[..self.edges.len() - 1].to_vec(),
            to: self.edges[1..].to_vec(),
            count,
            exposure: seen.exposure.clone(),
            expected: share.iter().map(|s| s * n as f64).collect(),
            lq: seen.lq.clone(),
            low,
            high,
            lq_moved: if self.replicates > 0 {
                chance.expected
            } else {
                vec![f64::NAN; seen.lq.len()]
            },
            p_greater: chance.p_greater,
            p_less: chance.p_less,
            p: chance.p,
            p_max: chance.p_max,
        }
    }

    fn curve(
        &self,
        smoothing: &Smoothing,
        seen: &Figures,
        curves: &[Vec<f64>],
        outside: usize,
    ) -> DecayCurve {
        let margin = smoothing.margin(&seen.counts_in_bins, &seen.exposure_in_bins, self.level);
        let each = || seen.density.iter().zip(&margin);
        let [moved, moved_low, moved_high] = envelope(curves, outside);
        DecayCurve {
            distance: smoothing.distance.clone(),
            low: each()
                .map(|(d, m)| if d.is_nan() { *d } else { (d - m).max(0.0) })
                .collect(),
            high: each().map(|(d, m)| d + m).collect(),
            density: seen.density.clone(),
            moved,
            moved_low,
            moved_high,
            bandwidth: smoothing.bandwidth,
        }
    }

    fn warnings(&self, incidents: u64, homeless: usize, seen: &Figures) -> Vec<Warning> {
        let mut out = Vec::new();
        if incidents < FEW {
            out.push(Warning::with_value(
                WarningCode::TooFewIncidents,
                incidents as f64,
                format!("Only {incidents} incidents lie in the study area; little can be said."),
            ));
        }
        if homeless > 0 && self.candidates.is_none() && self.replicates > 0 {
            out.push(Warning::with_value(
                WarningCode::OutsideAllAreas,
                homeless as f64,
                format!(
                    "{homeless} facilities lie outside the study area; they count as near, but \
                     were not moved."
                ),
            ));
        }
        let empty = seen.exposure.iter().filter(|a| **a <= 0.0).count();
        if empty > 0 {
            out.push(Warning::with_value(
                WarningCode::Input,
                empty as f64,
                format!("{empty} bands hold nothing that is exposed; they have no quotient."),
            ));
        }
        out
    }
}

/// The exact interval of the quotient of `k` of `n` incidents on a share of the exposure.
fn interval((k, n): (u64, u64), share: f64, level: f64) -> (f64, f64) {
    if share > 0.0 {
        let (low, high) = binomial_interval(k, n, level);
        (low / share, high / share)
    } else {
        (f64::NAN, f64::NAN)
    }
}
