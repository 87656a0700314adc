//! Weighted pairs of a pattern by distance, in proportion to what chance would make of them.

use super::bins::Bins;
use super::correction::EdgeCorrection;
use super::intensity::Intensity;
use super::pairs::{Pairs, Sums, Weighting};
use super::places::Places;
use super::window::Window;
use crate::error::Result;
use crate::index::StudyArea;
use crate::parallel::Workers;

/// All that is the same for every pattern in a study area.
pub(super) struct Counting<'a> {
    window: Window<'a>,
    /// As far as the kernels of an intensity reach.
    wider: Option<Window<'a>>,
    pub(super) bins: Bins,
    weighting: Weighting,
    intensity: Option<&'a Intensity>,
    over_distance: bool,
}

/// Sums over ordered pairs per bin, and what they are multiplied with to estimate K: by bin.
pub(super) struct Counted<const M: usize> {
    pub(super) sums: Sums<M>,
    pub(super) scale: Vec<f64>,
    /// By bin, the marks of the incidents that count at its end.
    pub(super) kept: Vec<f64>,
}

impl<'a> Counting<'a> {
    pub(super) fn new(
        area: &'a StudyArea,
        edges: &[f64],
        correction: EdgeCorrection,
        intensity: Option<&'a Intensity>,
        workers: &Workers,
    ) -> Result<Self> {
        let bins = Bins::new(edges);
        let window = Window::new(area, bins.reach());
        let wider = match intensity {
            Some(Intensity::Kernel { bandwidth }) => Some(Window::new(area, *bandwidth)),
            _ => None,
        };
        Ok(Self {
            weighting: correction.weighting(&window, bins.reach(), workers)?,
            window,
            wider,
            bins,
            intensity,
            over_distance: false,
        })
    }

    /// Divides every pair by its distance.
    pub(super) fn over_distance(mut self) -> Self {
        self.over_distance = true;
        self
    }

    /// How many incidents lie where the intensity is not positive.
    pub(super) fn without_intensity(&self, places: &Places, workers: &Workers) -> Result<u64> {
        let Some(intensity) = self.intensity else {
            return Ok(0);
        };
        let at = intensity.at(places, self.wider.as_ref(), workers)?;
        let unknown = at.iter().zip(&places.count).filter(|(v, _)| **v == 0.0);
        Ok(unknown.map(|(_, count)| u64::from(*count)).sum())
    }

    /// Counts the pairs of a pattern.
    pub(super) fn of<const M: usize>(
        &self,
        places: Places,
        workers: &Workers,
    ) -> Result<Counted<M>> {
        let incidents = places.incidents();
        let (places, each) = match self.intensity {
            None => (places, None),
            Some(intensity) => {
                let at = intensity.at(&places, self.wider.as_ref(), workers)?;
                let inverse = |i: usize| if at[i] > 0.0 { 1.0 / at[i] } else { 0.0 };
                let places = places.marked(inverse);
                let all: f64 = places.mark.iter().sum();
                (places, Some(1.0 / all))
            }
        };
        let pairs = Pairs {
            window: &self.window,
            bins: &self.bins,
            weighting: &self.weighting,
            over_distance: self.over_distance,
        };
        let mut sums = pairs.sums::<M>(&places, workers)?;
        let square_metres = self.window.square_metres();
        let (scale, kept) = if matches!(self.weighting, Weighting::Border) {
            let kept = self.kept(&places, &mut sums);
            // Where nobody counts, what rounding leaves of the pairs is not to be divided.
            let over = |kept: &f64| match each {
                _ if *kept == 0.0 => f64::NAN,
                None => square_metres / ((incidents - 1.0) * kept),
                Some(_) => 1.0 / kept,
            };
            (kept.iter().map(over).collect(), kept)
        } else {
            if !self.over_distance {
                sums[0][0] += (0..places.len()).map(|i| places.pairs_on(i)).sum::<f64>();
            }
            let each = each.unwrap_or(square_metres / (incidents * (incidents - 1.0)));
            let all = places.mark.iter().sum();
            (vec![each; self.bins.len()], vec![all; self.bins.len()])
        };
        Ok(Counted { sums, scale, kept })
    }

    /// By radius, the marks of incidents that have no border within it; adds their pairs on one
    /// place.
    fn kept<const M: usize>(&self, places: &Places, sums: &mut Sums<M>) -> Vec<f64> {
        let edges = self.bins.edges();
        let mut out = vec![0.0; edges.len()];
        for place in 0..places.len() {
            let border = self
                .window
                .border_distance([places.x[place], places.y[place]]);
            let end = edges.partition_point(|e| *e <= border);
            for kept in &mut out[..end] {
                *kept += places.mark[place];
            }
            let on_place = places.pairs_on(place);
            if end > 0 && on_place > 0.0 {
                sums[0][0] += on_place;
                if let Some(beyond) = sums.get_mut(end) {
                    beyond[0] -= on_place;
                }
            }
        }
        out
    }
}
