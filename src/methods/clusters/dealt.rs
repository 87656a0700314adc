//! Incidents dealt out to bands of rows of cells, and the cells of a band.

use super::cells::{Columns, PIECE};
use super::points::{Points, Reach};
use crate::error::{Error, Result};
use crate::model::Bounds;
use crate::parallel::Workers;

/// Incidents of a band, about: as many as fit in the nearer memory of a processor.
const BAND: usize = 1 << 12;

/// Bands at most.
const MOST_BANDS: usize = 1 << 12;

/// Incidents above which one band is sorted on all threads: those of a city beside one place that
/// is far away.
const MANY: usize = 1 << 16;

/// Where the cells lie.
pub(super) struct Lattice {
    pub(super) side: f64,
    pub(super) corner: (f64, f64),
    /// Units of time in one step.
    step: u32,
    /// Rows of cells in one step.
    rows: u64,
}

impl Lattice {
    fn of(of: &Columns<'_>, reach: &Reach, workers: &Workers) -> Result<Self> {
        /// Cells along one side; rounding moves a border by less than the hair below.
        const MOST: f64 = 1e9;
        // Any two points of a square are at most its diagonal apart; a hair less than that, so
        // that rounding never puts two farther ones into one.
        let side = reach.radius * std::f64::consts::FRAC_1_SQRT_2 * (1.0 - 1e-6);
        let bounds = extent(of, workers)?;
        let span = bounds.width().max(bounds.height());
        if span / side > MOST {
            let expected = format!(
                "at least {:.0e} for incidents {span:.0} m apart",
                span / 5e8
            );
            return Err(Error::parameter("eps", reach.radius, expected));
        }
        Ok(Self {
            side,
            corner: (bounds.min_x, bounds.min_y),
            step: reach.units.saturating_add(1),
            rows: (bounds.height() / side) as u64 + 1,
        })
    }

    /// The number of a row, those of one step of time after those of the step before.
    fn line(&self, unit: u32, y: f64) -> u64 {
        u64::from(unit / self.step) * self.rows + ((y - self.corner.1) / self.side) as u64
    }

    fn column(&self, x: f64) -> u32 {
        ((x - self.corner.0) / self.side) as u32
    }

    /// The step and row of a line.
    fn step_and_row(&self, line: u64) -> (u32, u32) {
        ((line / self.rows) as u32, (line % self.rows) as u32)
    }
}

/// Where an incident was.
#[derive(Clone, Copy)]
struct Spot {
    x: f64,
    y: f64,
    line: u64,
    column: u32,
    at: u32,
}

/// Incidents by band, piece by piece of the input, so that no step goes back and forth in memory.
pub(super) struct Dealt {
    pub(super) lattice: Lattice,
    /// Lines of one band.
    lines: u64,
    /// The incidents of each piece by band, and where each band begins and the last ends.
    pieces: Vec<(Vec<Spot>, Vec<u32>)>,
    bands: usize,
}

/// The cells of a band; positions count from its first point and cell.
pub(super) struct BandOfCells {
    pub(super) points: Points,
    /// The end of each cell.
    pub(super) ends: Vec<u32>,
    /// The row and column of each cell.
    pub(super) row: Vec<u32>,
    pub(super) column: Vec<u32>,
    /// The first cell of each row, and its step and row.
    pub(super) rows: Vec<u32>,
    pub(super) lines: Vec<(u32, u32)>,
    /// Incidents and their points.
    pub(super) point_of: Vec<(u32, u32)>,
}

impl Dealt {
    /// Deals out the incidents that have a time, where time matters.
    pub(super) fn new(of: &Columns<'_>, reach: &Reach, workers: &Workers) -> Result<Self> {
        let lattice = Lattice::of(of, reach, workers)?;
        let last = of.units.map(|units| units.iter().flatten().max().copied());
        let steps = u64::from(last.flatten().unwrap_or(0) / lattice.step) + 1;
        let bands = (of.x.len() / BAND).clamp(1, MOST_BANDS);
        let lines = (steps * lattice.rows).div_ceil(bands as u64);
        let pieces = workers.map_ranges(of.x.len(), 2 * PIECE, |range| {
            let spot = |position: usize| {
                let unit = of.units.map_or(Some(0), |units| units[position])?;
                Some(Spot {
                    x: of.x[position],
                    y: of.y[position],
                    line: lattice.line(unit, of.y[position]),
                    column: lattice.column(of.x[position]),
                    at: position as u32,
                })
            };
            let spots: Vec<Spot> = range.filter_map(spot).collect();
            by_band(&spots, bands, |spot| (spot.line / lines) as usize)
        })?;
        Ok(Self {
            lattice,
            lines,
            pieces,
            bands,
        })
    }

    pub(super) fn bands(&self) -> usize {
        self.bands
    }

    /// Sorts the incidents of a band by cell and makes one point of all on one spot at one time.
    pub(super) fn cells_of(&self, band: usize, of: &Columns<'_>, workers: &Workers) -> BandOfCells {
        let parts = self
            .pieces
            .iter()
            .map(|(spots, start)| &spots[start[band] as usize..start[band + 1] as usize]);
        let spots = parts.collect::<Vec<_>>().concat();
        let unit_of = |at: u32| of.units.and_then(|units| units[at as usize]).unwrap_or(0);
        let weight_of = |at: u32| of.weights.map_or(1.0, |w| w[at as usize]);
        let mut out = BandOfCells {
            points: Points::with_capacity(spots.len()),
            ends: Vec::new(),
            row: Vec::new(),
            column: Vec::new(),
            rows: Vec::new(),
            lines: Vec::new(),
            point_of: Vec::with_capacity(spots.len()),
        };
        let order = self.order(band, &spots, workers);
        let mut here: Vec<(u64, u64, u32, u32)> = Vec::new();
        let (mut line, mut row) = (None, 0);
        for cell in order.chunk_by(|a, b| a >> 32 == b >> 32) {
            let first = &spots[cell[0] as u32 as usize];
            if line != Some(first.line) {
                line = Some(first.line);
                let place = self.lattice.step_and_row(first.line);
                row = place.1;
                out.lines.push(place);
                out.rows.push(out.column.len() as u32);
            }
            out.row.push(row);
            out.column.push(first.column);
            here.clear();
            here.extend(cell.iter().map(|key| {
                let spot = &spots[*key as u32 as usize];
                // Both zeros are one.
                let bits = |v: f64| (v + 0.0).to_bits();
                (bits(spot.x), bits(spot.y), unit_of(spot.at), spot.at)
            }));
            if here.len() > 1 {
                here.sort_unstable();
            }
            for spot in here.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2)) {
                let (x, y, unit, first) = spot[0];
                let point = out.points.x.len() as u32;
                out.point_of.extend(spot.iter().map(|s| (s.3, point)));
                out.points.x.push(f64::from_bits(x));
                out.points.y.push(f64::from_bits(y));
                let weight = spot.iter().map(|s| weight_of(s.3)).sum();
                out.points.weight.push(weight);
                out.points.first.push(first);
                if of.units.is_some() {
                    out.points.unit.push(unit);
                }
            }
            out.ends.push(out.points.x.len() as u32);
        }
        out
    }

    /// The numbers of the spots of a band in their low bits, sorted by the line and column above.
    fn order(&self, band: usize, spots: &[Spot], workers: &Workers) -> Vec<u128> {
        let first = band as u64 * self.lines;
        let key = |(number, spot): (u32, &Spot)| {
            let line = u128::from(spot.line - first);
            line << 64 | u128::from(spot.column) << 32 | u128::from(number)
        };
        let mut order: Vec<u128> = (0..).zip(spots).map(key).collect();
        if order.len() > MANY {
            workers.sort_by_key(&mut order, |key| *key);
        } else {
            order.sort_unstable();
        }
        order
    }
}

/// Sorts by number of band, keeping the order within each; and where each begins and the last ends.
fn by_band(spots: &[Spot], bands: usize, band: impl Fn(&Spot) -> usize) -> (Vec<Spot>, Vec<u32>) {
    let mut start = vec![0u32; bands + 1];
    for spot in spots {
        start[band(spot) + 1] += 1;
    }
    for band in 1..=bands {
        start[band] += start[band - 1];
    }
    let mut next = start.clone();
    let mut sorted = spots.to_vec();
    for spot in spots {
        let place = &mut next[band(spot)];
        sorted[*place as usize] = *spot;
        *place += 1;
    }
    (sorted, start)
}

/// What holds all incidents.
fn extent(of: &Columns<'_>, workers: &Workers) -> Result<Bounds> {
    let pieces = workers.map_ranges(of.x.len(), PIECE, |range| {
        let (x, y) = (&of.x[range.clone()], &of.y[range]);
        Bounds::around(x.iter().copied().zip(y.iter().copied()))
    })?;
    let whole = pieces.into_iter().flatten().reduce(|a, b| a.union(&b));
    Ok(whole.unwrap_or(Bounds::new(0.0, 0.0, 0.0, 0.0)))
}
