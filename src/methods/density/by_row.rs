//! Incidents in the order in which a raster is filled.

use std::cmp::Ordering;

use crate::error::Result;
use crate::model::Grid;
use crate::parallel::Workers;

/// Raster rows whose incidents lie together in memory.
const BAND: usize = 16;
/// The row of an incident out of reach.
const NONE: u32 = u32::MAX;

/// Incidents within reach of a raster, by raster row and from west to east in each, equal ones
/// merged; in cells, from the centre of the cell in row 0 and column 0.
///
/// Neither the order of the input nor the number of threads shows in it.
pub(super) struct ByRow {
    bands: Vec<Band>,
    /// Rows north of the raster that are in reach: the raster's row 0 is row `margin` here.
    margin: usize,
}

/// What is sorted: coordinates, weights of one each when left out, and radii in cells when they
/// differ.
#[derive(Clone, Copy)]
pub(super) struct Columns<'a> {
    pub(super) x: &'a [f64],
    pub(super) y: &'a [f64],
    pub(super) weights: Option<&'a [f64]>,
    pub(super) radii: Option<&'a [f64]>,
}

/// Some incidents side by side: distances eastward and southward, weights, and squared radii
/// unless they are all the same.
#[derive(Clone, Copy)]
pub(super) struct Near<'a> {
    pub(super) x: &'a [f64],
    pub(super) y: &'a [f64],
    pub(super) mass: &'a [f64],
    pub(super) squared: Option<&'a [f64]>,
}

impl ByRow {
    /// Those with a weight above zero that are at most `reach` cells from the raster.
    pub(super) fn new(
        columns: Columns<'_>,
        grid: &Grid,
        reach: f64,
        workers: &Workers,
    ) -> Result<Self> {
        let Columns {
            x,
            y,
            weights,
            radii,
        } = columns;
        let (west, north) = grid.centre(0, 0);
        let per_metre = 1.0 / grid.cell_size();
        // Beyond the height of the raster, incidents need not be told apart by row any more.
        let margin = (reach.ceil() as usize).min(grid.rows()) + 1;
        let rows = grid.rows() + 2 * margin;
        let (east, south) = (grid.cols() as f64 + reach, grid.rows() as f64 + reach);
        let row_of = |i: usize| {
            let (col, row) = ((x[i] - west) * per_metre, (north - y[i]) * per_metre);
            let near = col > -1.0 - reach && col < east && row > -1.0 - reach && row < south;
            let counts = near && weights.is_none_or(|w| w[i] > 0.0);
            if counts {
                ((row + 0.5 + margin as f64) as u32).min(rows as u32 - 1)
            } else {
                NONE
            }
        };
        let row: Vec<u32> = workers
            .map_ranges(x.len(), 1 << 16, |range| {
                range.map(row_of).collect::<Vec<u32>>()
            })?
            .concat();
        // A counting sort: how many there are per row, where each row begins, then the incidents.
        let mut start = vec![0u32; rows + 1];
        for &row in row.iter().filter(|row| **row != NONE) {
            start[row as usize + 1] += 1;
        }
        for r in 0..rows {
            start[r + 1] += start[r];
        }
        let mut next = start.clone();
        let mut sorted = vec![[0.0; 4]; start[rows] as usize];
        for (i, &row) in row.iter().enumerate() {
            if row != NONE {
                let at = &mut next[row as usize];
                let (x, y) = ((x[i] - west) * per_metre, (north - y[i]) * per_metre);
                let radius = radii.map_or(0.0, |r| r[i]);
                sorted[*at as usize] = [x, y, radius, weights.map_or(1.0, |w| w[i])];
                *at += 1;
            }
        }
        drop((row, next));
        let bands = workers.map_ranges(rows, BAND, |range| {
            let of = |r: usize| &sorted[start[r] as usize..start[r + 1] as usize];
            let most = (start[range.end] - start[range.start]) as usize;
            let mut band = Band::with_capacity(most, radii.is_some());
            for r in range {
                band.push_row(of(r));
            }
            band
        })?;
        Ok(Self { bands, margin })
    }

    /// The incidents at most `reach` cells north or south of any of `rows` raster rows from `row`
    /// on, and some more; in a few pieces.
    pub(super) fn near(
        &self,
        row: usize,
        rows: usize,
        reach: f64,
    ) -> impl Iterator<Item = Near<'_>> {
        let margin = (reach.ceil() as usize).saturating_add(1);
        let (first, end) = if margin > self.margin {
            (0, usize::MAX)
        } else {
            (
                row + self.margin - margin,
                row + rows + self.margin + margin,
            )
        };
        let bands = self.bands.iter().enumerate().skip(first / BAND);
        let bands = bands.take_while(move |(b, _)| b * BAND < end);
        bands.map(move |(b, band)| {
            let last = band.start.len() - 1;
            let within = |row: usize| row.saturating_sub(b * BAND).min(last);
            let range = band.start[within(first)]..band.start[within(end)];
            Near {
                x: &band.x[range.clone()],
                y: &band.y[range.clone()],
                mass: &band.mass[range.clone()],
                squared: band.squared.as_ref().map(|s| &s[range]),
            }
        })
    }
}

/// The incidents of some rows.
struct Band {
    x: Vec<f64>,
    y: Vec<f64>,
    mass: Vec<f64>,
    squared: Option<Vec<f64>>,
    /// First incident of each row, and the end.
    start: Vec<usize>,
    /// Working memory of a row: coordinates, radius and weight of each.
    row: Vec<[f64; 4]>,
    ends: Vec<u32>,
}

impl Band {
    fn with_capacity(most: usize, radii: bool) -> Self {
        Self {
            x: Vec::with_capacity(most),
            y: Vec::with_capacity(most),
            mass: Vec::with_capacity(most),
            squared: radii.then(|| Vec::with_capacity(most)),
            start: vec![0],
            row: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// Adds the incidents of the next row from west to east, equal ones as one.
    fn push_row(&mut self, members: &[[f64; 4]]) {
        self.sort(members);
        let mut last = [f64::NAN; 3];
        for &[x, y, radius, mass] in &self.row {
            match self.mass.last_mut() {
                Some(sum) if last == [x, y, radius] => *sum += mass,
                _ => {
                    self.x.push(x);
                    self.y.push(y);
                    self.mass.push(mass);
                    if let Some(squared) = &mut self.squared {
                        squared.push(radius * radius);
                    }
                    last = [x, y, radius];
                }
            }
        }
        self.start.push(self.x.len());
    }

    /// Puts the members into `row` in order: first by as many stretches of x as there are members,
    /// then within each.
    fn sort(&mut self, members: &[[f64; 4]]) {
        let (low, high) = members.iter().fold(
            (f64::INFINITY, f64::NEG_INFINITY),
            |(low, high), [x, ..]| (low.min(*x), high.max(*x)),
        );
        let per_cell = members.len() as f64 / (high - low).max(f64::MIN_POSITIVE);
        let last = members.len().saturating_sub(1);
        let stretch = |x: f64| (((x - low) * per_cell) as usize).min(last);
        self.ends.clear();
        self.ends.resize(members.len() + 1, 0);
        for [x, ..] in members {
            self.ends[stretch(*x) + 1] += 1;
        }
        for s in 0..members.len() {
            self.ends[s + 1] += self.ends[s];
        }
        self.row.clear();
        self.row.resize(members.len(), [0.0; 4]);
        for member in members {
            let end = &mut self.ends[stretch(member[0])];
            self.row[*end as usize] = *member;
            *end += 1;
        }
        let mut from = 0;
        for &to in &self.ends[..members.len()] {
            self.row[from..to as usize].sort_unstable_by(|p, q| {
                let by = |k: usize| p[k].total_cmp(&q[k]);
                (0..4).fold(Ordering::Equal, |order, k| order.then_with(|| by(k)))
            });
            from = to as usize;
        }
    }
}
