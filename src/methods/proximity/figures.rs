//! What one map of facilities makes of the incidents.

use super::decay::Smoothing;
use super::ground::{Ground, beyond, index_of};
use super::marks::Marks;
use crate::error::Result;

/// All that is measured for any map of facilities.
pub(super) struct Measured<'a> {
    /// Different places of incidents, and how many there are at each.
    pub(super) at: &'a [([f64; 2], u64)],
    pub(super) ground: &'a Ground,
    pub(super) marks: &'a Marks,
    pub(super) smoothing: &'a Smoothing,
    /// Incidents and exposure in all.
    pub(super) incidents: f64,
    pub(super) exposure: f64,
}

/// The figures of one map.
pub(super) struct Figures {
    pub(super) count: Vec<f64>,
    pub(super) exposure: Vec<f64>,
    pub(super) lq: Vec<f64>,
    pub(super) density: Vec<f64>,
    pub(super) counts_in_bins: Vec<f64>,
    pub(super) exposure_in_bins: Vec<f64>,
}

impl Measured<'_> {
    /// Measures the facilities at these places, sorted by x.
    pub(super) fn figures(&self, sites: &[[f64; 2]]) -> Result<Figures> {
        let index = index_of(sites)?;
        let mut gained = vec![0u64; self.marks.all.len() + 1];
        for ([x, y], incidents) in self.at {
            gained[beyond(&index, *x, *y, &self.marks.all)] += incidents;
        }
        let mut so_far = 0;
        let counts: Vec<f64> = gained[..self.marks.all.len()]
            .iter()
            .map(|n| {
                so_far += n;
                so_far as f64
            })
            .collect();
        let exposed = self.ground.within(sites, &self.marks.all)?;
        let (count, exposure) = (self.marks.in_bands(&counts), self.marks.in_bands(&exposed));
        let overall = self.incidents / self.exposure;
        let lq = count
            .iter()
            .zip(&exposure)
            .map(|(n, a)| if *a > 0.0 { n / a / overall } else { f64::NAN })
            .collect();
        let counts_in_bins = self.marks.in_bins(&counts);
        let exposure_in_bins = self.marks.in_bins(&exposed);
        Ok(Figures {
            density: self.smoothing.ratio(&counts_in_bins, &exposure_in_bins),
            count,
            exposure,
            lq,
            counts_in_bins,
            exposure_in_bins,
        })
    }
}
