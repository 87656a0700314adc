//! Sums of kernels from which every term can be taken away again.

use crate::methods::density::Footprint;

/// One share of a footprint's peak in units of the sums: 2⁶⁴, so that rounding a share costs less
/// than rounding it to a double does, and 2⁶³ incidents fit on one cell.
const ONE: f64 = (1_u128 << 64) as f64;

/// The density of a raster in whole units.
///
/// Terms are rounded once, each by itself, and whole numbers add up without error. So a term that
/// was added can be taken away without a trace, and no order matters.
#[derive(Debug, Clone)]
pub(super) struct KernelSums {
    footprint: Footprint,
    units: Vec<i128>,
}

impl KernelSums {
    pub(super) fn new(footprint: Footprint, cells: usize) -> Self {
        Self {
            footprint,
            units: vec![0; cells],
        }
    }

    pub(super) fn add(&mut self, x: f64, y: f64) {
        let units = &mut self.units;
        self.footprint
            .each(x, y, |cell, share| units[cell] += (share * ONE) as i128);
    }

    pub(super) fn take_away(&mut self, x: f64, y: f64) {
        let units = &mut self.units;
        self.footprint
            .each(x, y, |cell, share| units[cell] -= (share * ONE) as i128);
    }

    /// Incidents per square kilometre, cell by cell.
    pub(super) fn density(&self) -> Vec<f64> {
        let per_unit = self.footprint.peak() / ONE;
        let units = self.units.iter();
        units.map(|&units| units as f64 * per_unit).collect()
    }
}
