//! Incidents in the order in which a raster is filled.

use crate::model::Grid;

/// Columns per block of the sort: incidents near each other in memory are near on the raster.
const BLOCK: usize = 16;

/// Incidents within reach of the raster, sorted by raster row and block of columns, equal
/// coordinates merged, in units of the bandwidth.
pub(super) struct Prepared {
    /// Eastward distance from the centre of column 0.
    pub(super) x: Vec<f64>,
    /// Southward distance from the centre of row 0.
    pub(super) y: Vec<f64>,
    /// Weight.
    pub(super) mass: Vec<f64>,
    /// Side of a cell.
    pub(super) cell: f64,
    /// Columns of the raster.
    pub(super) cols: usize,
    /// Distance at which the kernel ends.
    pub(super) reach: f64,
    /// First incident of each row; the raster's row 0 is row `margin` here.
    start: Vec<usize>,
    margin: usize,
}

impl Prepared {
    pub(super) fn new(
        x: &[f64],
        y: &[f64],
        weights: Option<&[f64]>,
        grid: &Grid,
        bandwidth: f64,
        reach: f64,
    ) -> Self {
        let cell = grid.cell_size() / bandwidth;
        let margin = (reach / cell).ceil() as usize + 1;
        let (rows, cols) = (grid.rows() + 2 * margin, grid.cols() + 2 * margin);
        let blocks = cols / BLOCK + 1;
        let (west, north) = grid.centre(0, 0);
        let place = |i: usize| {
            let col = ((x[i] - west) / grid.cell_size() + 0.5).floor() + margin as f64;
            let row = ((north - y[i]) / grid.cell_size() + 0.5).floor() + margin as f64;
            let inside = col >= 0.0 && row >= 0.0 && col < cols as f64 && row < rows as f64;
            let counts = weights.is_none_or(|w| w[i] > 0.0);
            (inside && counts).then(|| row as usize * blocks + col as usize / BLOCK)
        };
        // A counting sort: how many per block, where each block begins, then the incidents.
        let mut begin = vec![0u32; rows * blocks + 1];
        for i in 0..x.len() {
            if let Some(at) = place(i) {
                begin[at + 1] += 1;
            }
        }
        for b in 1..begin.len() {
            begin[b] += begin[b - 1];
        }
        let mut order = vec![0u32; begin[rows * blocks] as usize];
        let mut next = begin.clone();
        for i in 0..x.len() {
            if let Some(at) = place(i) {
                order[next[at] as usize] = i as u32;
                next[at] += 1;
            }
        }
        drop(next);
        let mut out = Self {
            x: Vec::with_capacity(order.len()),
            y: Vec::with_capacity(order.len()),
            mass: Vec::with_capacity(order.len()),
            cell,
            cols: grid.cols(),
            reach,
            start: Vec::with_capacity(rows + 1),
            margin,
        };
        for row in 0..rows {
            out.start.push(out.x.len());
            for b in row * blocks..(row + 1) * blocks {
                let members = &mut order[begin[b] as usize..begin[b + 1] as usize];
                // Equal coordinates become neighbours; the input order decides nothing else.
                members.sort_unstable_by(|&i, &j| {
                    let (i, j) = (i as usize, j as usize);
                    x[i].total_cmp(&x[j])
                        .then(y[i].total_cmp(&y[j]))
                        .then(i.cmp(&j))
                });
                let mut last = (f64::NAN, f64::NAN);
                for &i in &*members {
                    let i = i as usize;
                    let weight = weights.map_or(1.0, |w| w[i]);
                    if (x[i], y[i]) == last {
                        if let Some(mass) = out.mass.last_mut() {
                            *mass += weight;
                        }
                    } else {
                        last = (x[i], y[i]);
                        out.x.push((x[i] - west) / bandwidth);
                        out.y.push((north - y[i]) / bandwidth);
                        out.mass.push(weight);
                    }
                }
            }
        }
        out.start.push(out.x.len());
        out
    }

    /// The incidents that may reach any of `rows` raster rows from `row` on.
    pub(super) fn near(&self, row: usize, rows: usize) -> std::ops::Range<usize> {
        let last = (row + rows + 2 * self.margin).min(self.start.len() - 1);
        self.start[row]..self.start[last]
    }
}
