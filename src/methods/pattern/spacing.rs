//! How far is the next incident, from an incident and from anywhere?

use super::bins::Bins;
use super::cells::Cells;
use super::envelope::Envelope;
use super::null::Null;
use super::options::{Options, setters};
use super::places::Places;
use super::studied::Studied;
use super::window::Window;
use crate::error::{Error, Result};
use crate::index::StudyArea;
use crate::model::{Incidents, Warning};
use crate::parallel::Workers;
use crate::stats::kaplan_meier;

#[cfg(test)]
mod tests;

/// How distances to the next incident make up for incidents beyond the border.
///
/// With d the distance to the next incident and b that to the border:
///
/// | correction | share with d ≤ r |
/// |---|---|
/// | none | of all: too low, as the next one may lie beyond the border |
/// | border (reduced sample) | of those with b ≥ r; need not rise with r |
/// | Kaplan–Meier | of all, those with b < d taken as watched up to b only |
///
/// Source: Baddeley & Gill 1997, Annals of Statistics 25:263, doi:10.1214/aos/1034276629.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum SpacingCorrection {
    /// Nothing.
    None,
    /// Only places farther from the border than the radius count.
    Border,
    /// The border ends the watch.
    #[default]
    KaplanMeier,
}

impl SpacingCorrection {
    /// All corrections.
    pub const ALL: [Self; 3] = [Self::None, Self::Border, Self::KaplanMeier];

    /// The correction of that name.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        Error::choice("correction", name, &Self::ALL, Self::name)
    }

    /// Its name in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Border => "border",
            Self::KaplanMeier => "kaplan_meier",
        }
    }
}

/// Distances to the next incident: G from an incident, F from anywhere (empty space), and J.
///
/// ```text
/// G(r) = share of incidents with another within r
/// F(r) = share of the study area with an incident within r
/// J(r) = (1 − G(r)) / (1 − F(r))
/// ```
///
/// Thrown at random, n incidents on |W| square metres have G(r) = F(r) = 1 − exp(−nπr²/|W|) and
/// J = 1. Where they gather, G is higher, F lower and J below 1: there is another nearby, and much
/// empty space.
///
/// F is measured at the points of a square lattice within the study area, 16,384 of them or
/// [as many as asked for](Self::lattice).
///
/// # Missing and odd values
/// Incidents outside the study area are left out with a warning. Incidents on one spot have
/// another at distance 0. J is NaN where F is 1, a reduced sample where no place is that far from
/// the border.
///
/// # Complexity
/// n + m searches among near places, m the points of the lattice, and a sort; for each simulated
/// pattern again.
///
/// Source: Diggle 2014, Statistical Analysis of Spatial and Spatio-Temporal Point Patterns; van
/// Lieshout & Baddeley 1996, Statistica Neerlandica 50:344,
/// doi:10.1111/j.1467-9574.1996.tb01501.x (J).
///
/// ```
/// use brandpunt::index::StudyArea;
/// use brandpunt::methods::pattern::{Spacing, SpacingCorrection};
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
/// let found = Spacing::new(&[25.0, 50.0, 275.0])
///     .correction(SpacingCorrection::Border)
///     .run(&reports, &area)?;
/// // Two have another at 50 m; the third has one at 273 m, and the border at 300 m.
/// assert_eq!(found.g, [0.0, 2.0 / 3.0, 1.0]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Spacing {
    correction: SpacingCorrection,
    lattice: usize,
    options: Options,
}

/// F, G and J of a pattern.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SpacingResult {
    /// Radii in metres.
    pub radii: Vec<f64>,
    /// Share of the study area with an incident within each radius.
    pub f: Vec<f64>,
    /// Share of the incidents with another within each radius.
    pub g: Vec<f64>,
    /// What is left of the incidents over what is left of the study area.
    pub j: Vec<f64>,
    /// What chance makes of F, where patterns were simulated.
    pub f_envelope: Option<Envelope>,
    /// What chance makes of G.
    pub g_envelope: Option<Envelope>,
    /// What chance makes of J.
    pub j_envelope: Option<Envelope>,
    /// The edge correction.
    pub correction: SpacingCorrection,
    /// Incidents in the study area.
    pub incidents: u64,
    /// Incidents outside it.
    pub outside: u64,
    /// Points of the lattice.
    pub lattice: u64,
    /// Surface of the study area.
    pub km2: f64,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

setters!(Spacing);

impl Spacing {
    /// At these radii in metres, with the correction of Kaplan and Meier and no simulated patterns.
    #[must_use]
    pub fn new(radii: &[f64]) -> Self {
        Self {
            correction: SpacingCorrection::default(),
            lattice: 16_384,
            options: Options::new(radii),
        }
    }

    /// Sets the edge correction.
    #[must_use]
    pub fn correction(mut self, correction: SpacingCorrection) -> Self {
        self.correction = correction;
        self
    }

    /// Sets at about how many points empty space is measured.
    #[must_use]
    pub fn lattice(mut self, points: usize) -> Self {
        self.lattice = points;
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, incidents: &Incidents, area: &StudyArea) -> Result<SpacingResult> {
        self.run_with(incidents, area, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// [`Error::Parameter`] for radii that do not ascend from 0 or more, for a level or too few
    /// simulations for it, and for a lattice of no or more than 2²⁴ points; [`Fault::NoRows`] for
    /// fewer than two incidents in the study area, [`Fault::CrsMismatch`], [`Error::Crs`] for
    /// degrees, [`Error::Cancelled`].
    ///
    /// [`Fault::NoRows`]: crate::Fault::NoRows
    /// [`Fault::CrsMismatch`]: crate::Fault::CrsMismatch
    pub fn run_with(
        &self,
        incidents: &Incidents,
        area: &StudyArea,
        workers: &Workers,
    ) -> Result<SpacingResult> {
        self.solve(incidents, None, area, workers)
    }

    /// Runs for some incidents among others, on all cores: simulated patterns are as many of all
    /// of them, drawn without replacement.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run_among(
        &self,
        incidents: &Incidents,
        others: &Incidents,
        area: &StudyArea,
    ) -> Result<SpacingResult> {
        self.run_among_with(incidents, others, area, &Workers::new(0)?)
    }

    /// As [`run_among`](Self::run_among), on the given threads.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run_among_with(
        &self,
        incidents: &Incidents,
        others: &Incidents,
        area: &StudyArea,
        workers: &Workers,
    ) -> Result<SpacingResult> {
        self.solve(incidents, Some(others), area, workers)
    }

    fn solve(
        &self,
        incidents: &Incidents,
        others: Option<&Incidents>,
        area: &StudyArea,
        workers: &Workers,
    ) -> Result<SpacingResult> {
        const MOST: usize = 1 << 24;
        self.options.check(Bins::MOST)?;
        if !(1..=MOST).contains(&self.lattice) {
            let expected = format!("1 to {MOST} points");
            return Err(Error::parameter("lattice", self.lattice, expected));
        }
        let radii = &self.options.radii;
        let reach = self.options.reach();
        let studied = Studied::of(incidents, area, reach)?;
        let pool = studied.with(others)?;
        let null = Null::of(None, &studied.points, pool.as_deref());
        let window = Window::new(area, reach);
        let points = lattice(area, self.lattice);
        let borders = workers.map_ranges(points.len(), 4096, |range| {
            let at = points[range].iter();
            at.map(|p| window.border_distance(*p).min(reach))
                .collect::<Vec<f64>>()
        })?;
        let anywhere = Anywhere {
            points: &points,
            borders: &borders.concat(),
        };
        let curves =
            |places: Places, workers: &Workers| self.curves(&places, &anywhere, &window, workers);
        let (seen, envelopes) = studied.curves(&null, &self.options, |v| v, curves, workers)?;
        let ([f, g, j], [f_envelope, g_envelope, j_envelope]) = (seen, envelopes);
        Ok(SpacingResult {
            radii: radii.clone(),
            f,
            g,
            j,
            f_envelope,
            g_envelope,
            j_envelope,
            correction: self.correction,
            incidents: studied.points.len() as u64,
            outside: studied.outside,
            lattice: points.len() as u64,
            km2: area.km2(),
            warnings: studied.warnings,
        })
    }

    /// F, G and J.
    fn curves(
        &self,
        places: &Places,
        anywhere: &Anywhere<'_>,
        window: &Window<'_>,
        workers: &Workers,
    ) -> Result<[Vec<f64>; 3]> {
        const PIECE: usize = 2048;
        let reach = self.options.reach();
        let bounds = window.area.bounds();
        let side = (window.square_metres() / places.len() as f64).sqrt();
        let cells = Cells::new(&places.x, &places.y, bounds, side);
        let count = |place: usize| places.count[cells.number[place] as usize];
        let from_incidents = workers.map_ranges(cells.len(), PIECE, |range| {
            let mut out = Vec::with_capacity(range.len());
            for place in range {
                let at = [cells.x[place], cells.y[place]];
                let distance = if count(place) > 1 {
                    0.0
                } else {
                    cells.nearest(at, reach, Some(place))
                };
                let border = window.border_distance(at).min(reach);
                let one = Next { distance, border };
                out.extend(std::iter::repeat_n(one, count(place) as usize));
            }
            out
        })?;
        let from_anywhere = workers.map_ranges(anywhere.points.len(), PIECE, |range| {
            let next = |k: usize| Next {
                distance: cells.nearest(anywhere.points[k], reach, None),
                border: anywhere.borders[k],
            };
            range.map(next).collect::<Vec<Next>>()
        })?;
        let f = self.shares(&from_anywhere.concat())?;
        let g = self.shares(&from_incidents.concat())?;
        let j = f.iter().zip(&g).map(|(f, g)| {
            let left = 1.0 - f;
            if left > 0.0 {
                (1.0 - g) / left
            } else {
                f64::NAN
            }
        });
        Ok([f.clone(), g.clone(), j.collect()])
    }

    /// The share with another within each radius.
    fn shares(&self, next: &[Next]) -> Result<Vec<f64>> {
        let radii = self.options.radii.iter();
        let near = |n: &Next, r: f64| n.distance <= r;
        Ok(match self.correction {
            SpacingCorrection::None => radii
                .map(|r| next.iter().filter(|n| near(n, *r)).count() as f64 / next.len() as f64)
                .collect(),
            SpacingCorrection::Border => radii
                .map(|r| {
                    let kept = next.iter().filter(|n| n.border >= *r);
                    let met = kept.clone().filter(|n| near(n, *r)).count();
                    met as f64 / kept.count() as f64
                })
                .collect(),
            SpacingCorrection::KaplanMeier => {
                let watched: Vec<f64> = next.iter().map(|n| n.distance.min(n.border)).collect();
                let met: Vec<bool> = next.iter().map(|n| n.distance <= n.border).collect();
                let curve = kaplan_meier(&watched, &met, self.options.level)?;
                radii.map(|r| 1.0 - curve.at(*r).share).collect()
            }
        })
    }
}

/// How far the next incident is, infinite beyond the reach, and how far the border, at most the
/// reach.
#[derive(Clone, Copy)]
struct Next {
    distance: f64,
    border: f64,
}

/// The points at which empty space is measured, and how far the border is from each.
struct Anywhere<'a> {
    points: &'a [[f64; 2]],
    borders: &'a [f64],
}

/// The points of a square lattice within a study area, about as many as asked for.
fn lattice(area: &StudyArea, points: usize) -> Vec<[f64; 2]> {
    let bounds = area.bounds();
    let step = (area.km2() * 1e6 / points as f64).sqrt();
    let (cols, rows) = (
        (bounds.width() / step).ceil().max(1.0),
        (bounds.height() / step).ceil().max(1.0),
    );
    // In the middle of cells of one size that fill the bounds.
    let (wide, high) = (bounds.width() / cols, bounds.height() / rows);
    let mut out = Vec::with_capacity(points);
    for row in 0..rows as usize {
        let y = bounds.min_y + (row as f64 + 0.5) * high;
        for col in 0..cols as usize {
            let x = bounds.min_x + (col as f64 + 0.5) * wide;
            if area.contains(x, y) {
                out.push([x, y]);
            }
        }
    }
    out
}
