//! Which cells of a raster row do incidents reach?

#![expect(
    clippy::inline_always,
    reason = "the widest instructions are used only in what is inlined"
)]

use super::fill::Chunk;

/// Incidents whose intervals are found together, so that square roots and roundings vectorise.
pub(super) const CHUNK: usize = 64;

/// For each of up to [`CHUNK`] incidents the cells `first..end` of one raster row that lie within
/// its radius, and what the row leaves of its squared radius; all in cells.
pub(super) struct Intervals {
    pub(super) first: [f64; CHUNK],
    pub(super) end: [f64; CHUNK],
    pub(super) left: [f64; CHUNK],
}

impl Intervals {
    pub(super) fn new() -> Self {
        Self {
            first: [0.0; CHUNK],
            end: [0.0; CHUNK],
            left: [0.0; CHUNK],
        }
    }

    /// Finds those of some incidents in the row at `south`; an empty interval has `end <= first`.
    #[inline(always)]
    pub(super) fn find(&mut self, incidents: &Chunk<'_>, south: f64, cols: f64) {
        let n = incidents.x.len().min(CHUNK);
        let (x, y) = (&incidents.x[..n], &incidents.y[..n]);
        let squared = &incidents.squared[..n];
        let (first, end) = (&mut self.first[..n], &mut self.end[..n]);
        let left = &mut self.left[..n];
        for j in 0..n {
            let dy = south - y[j];
            left[j] = squared[j] - dy * dy;
            let half = left[j].max(0.0).sqrt();
            first[j] = (x[j] - half).ceil().max(0.0).min(cols);
            let past = ((x[j] + half).floor() + 1.0).max(0.0).min(cols);
            end[j] = if left[j] >= 0.0 { past } else { 0.0 };
        }
    }
}

/// A whole number from 0 to 2^31 as an index; the low bits of a float of this size are the number.
#[inline(always)]
pub(super) fn index(whole: f64) -> usize {
    const SHIFT: f64 = (1u64 << 52) as f64;
    (whole + SHIFT).to_bits() as u32 as usize
}
