//! Do incidents of one kind lie near those of another?

use rand::seq::SliceRandom;

use super::bins::Bins;
use super::counting::Counting;
use super::envelope::Envelope;
use super::intensity::Intensity;
use super::places::Places;
use super::ripley::{Ripley, RipleyResult, l_of};
use super::studied::Studied;
use crate::error::Result;
use crate::index::StudyArea;
use crate::model::Incidents;
use crate::parallel::Workers;
use crate::random::stream;

#[cfg(test)]
mod tests;

impl Ripley {
    /// Runs between incidents of two kinds, on all cores: how many of the one has an incident of the
    /// other within a distance, beside what chance would put there?
    ///
    /// With m and n incidents, both ways together as Lotwick & Silverman combine them:
    ///
    /// ```text
    /// K(r) = |W| / (2 m n) · Σ 1{d_ij ≤ r} (w_ij + w_ji)   over i of the one and j of the other kind
    /// ```
    ///
    /// By chance πr², more where they seek each other and less where they keep apart. In simulated
    /// patterns the places stay and it is dealt anew which are of which kind (random labelling): a
    /// street where all kinds gather is no sign that one seeks the other. Incidents of both kinds on
    /// one spot are pairs at distance 0.
    ///
    /// The result's `incidents` and `outside` are those of both.
    ///
    /// # Errors
    /// As [`run_between_with`](Self::run_between_with).
    ///
    /// Source: Lotwick & Silverman 1982, Journal of the Royal Statistical Society B 44:406.
    ///
    /// ```
    /// use brandpunt::index::StudyArea;
    /// use brandpunt::methods::pattern::{EdgeCorrection, Ripley};
    /// use brandpunt::{Crs, Incidents, Neighbourhoods, Workers};
    /// use geo_types::{MultiPolygon, Rect, coord};
    ///
    /// # fn main() -> brandpunt::Result<()> {
    /// let square = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: 1000.0, y: 1000.0 });
    /// let shapes = vec![MultiPolygon::new(vec![square.to_polygon()])];
    /// let town = Neighbourhoods::new(vec!["a".into()], vec!["a".into()], shapes, Crs::PLANAR)?;
    /// let area = StudyArea::new(&town, &Workers::new(1)?)?;
    /// let at = |x: &[f64], y: &[f64]| Incidents::builder(x.to_vec(), y.to_vec(), Crs::PLANAR).build();
    /// let bars = at(&[500.0], &[500.0])?;
    /// let fights = at(&[500.0, 530.0], &[550.0, 540.0])?;
    /// let found = Ripley::new(&[40.0, 50.0]).run_between(&bars, &fights, &area)?;
    /// // Both fights are 50 m from the bar: 10⁶/2 for each.
    /// assert_eq!(found.k, [0.0, 1e6]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn run_between(
        &self,
        incidents: &Incidents,
        others: &Incidents,
        area: &StudyArea,
    ) -> Result<RipleyResult> {
        self.run_between_with(incidents, others, area, &Workers::new(0)?)
    }

    /// As [`run_between`](Self::run_between), on the given threads.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with), with at least one incident of each kind in the study area;
    /// [`Error::Parameter`](crate::Error::Parameter) with an intensity.
    pub fn run_between_with(
        &self,
        incidents: &Incidents,
        others: &Incidents,
        area: &StudyArea,
        workers: &Workers,
    ) -> Result<RipleyResult> {
        Intensity::refuse(
            self.intensity.as_ref(),
            "no intensity between two kinds of incidents",
        )?;
        self.options.check(Bins::MOST)?;
        let radii = &self.options.radii;
        let reach = self.options.reach();
        let (studied, first) = Studied::of_two(incidents, others, area, reach)?;
        let counting = Counting::new(area, radii, self.correction, None, workers)?;
        let all = Sums::of(&counting, &studied.points, workers)?;
        let curve = |points: &[[f64; 2]], workers: &Workers| -> Result<Vec<f64>> {
            let (one, other) = points.split_at(first);
            let one = Sums::of(&counting, one, workers)?;
            let other = Sums::of(&counting, other, workers)?;
            let (m, n) = (first as f64, (points.len() - first) as f64);
            Ok((0..radii.len())
                .map(|r| {
                    // What is left of all pairs are those between the two.
                    let between = (all.pairs[r] - one.pairs[r] - other.pairs[r]).max(0.0);
                    let kept = one.kept[r] * n + other.kept[r] * m;
                    area.km2() * 1e6 * between / kept
                })
                .collect())
        };
        let k = curve(&studied.points, &workers.telling("pattern", 0.0..0.1))?;
        let simulated = workers.telling("simulated patterns", 0.1..1.0).try_map(
            self.options.simulations,
            |simulation| {
                let mut points = studied.points.clone();
                points.shuffle(&mut stream(self.options.seed, simulation as u64));
                let k = curve(&points, &workers.alone())?;
                Ok(k.into_iter().map(l_of).collect::<Vec<f64>>())
            },
        )?;
        let l: Vec<f64> = k.iter().map(|k| l_of(*k)).collect();
        Ok(RipleyResult {
            radii: radii.clone(),
            envelope: (!simulated.is_empty())
                .then(|| Envelope::of(&l, &simulated, radii, self.options.level)),
            l,
            k,
            correction: self.correction,
            incidents: studied.points.len() as u64,
            outside: studied.outside,
            without_intensity: 0,
            km2: area.km2(),
            warnings: studied.warnings,
        })
    }
}

/// Of some incidents, by radius, the weighted pairs within it and the incidents that count.
struct Sums {
    pairs: Vec<f64>,
    kept: Vec<f64>,
}

impl Sums {
    fn of(counting: &Counting<'_>, points: &[[f64; 2]], workers: &Workers) -> Result<Self> {
        let counted = counting.of::<1>(Places::merged(points), workers)?;
        let mut sum = 0.0;
        let within = |[pairs]: &[f64; 1]| {
            sum += pairs;
            sum
        };
        Ok(Self {
            pairs: counted.sums.iter().map(within).collect(),
            kept: counted.kept,
        })
    }
}
