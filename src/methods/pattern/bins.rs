//! Between which two distances does a pair lie?

#![expect(
    clippy::inline_always,
    reason = "the widest instructions are used only in what is inlined"
)]

/// Ascending distances; bin b holds what is farther than distance b − 1 and not farther than
/// distance b, and the last bin what is farther than all.
#[derive(Debug, Clone)]
pub(super) struct Bins {
    edges: Vec<f64>,
    /// Squared distances, then infinity.
    squared: Vec<f64>,
    /// For slots of squared distance, the least bin that anything in them has.
    guide: Vec<u16>,
    slots_per_unit: f64,
    /// How many bins what is in one slot may be apart at most.
    steps: usize,
}

/// Steps of the squared distance with a first guess each.
const SLOTS: f64 = 4096.0;
/// Adding it to a small number leaves the nearest whole number in the lowest bits.
const WHOLE: f64 = 4_503_599_627_370_496.0;

impl Bins {
    /// Most distances.
    pub(super) const MOST: usize = 10_000;

    /// Bins that end at these distances: ascending, at least 0, the last positive, at most
    /// [`MOST`](Self::MOST) of them.
    pub(super) fn new(edges: &[f64]) -> Self {
        let reach = edges.last().copied().unwrap_or(0.0);
        let mut squared: Vec<f64> = edges.iter().map(|e| e * e).collect();
        let slots_per_unit = SLOTS / (reach * reach);
        let below = |slot: f64| (slot - 0.5) / slots_per_unit;
        let guide: Vec<u16> = (0..=SLOTS as usize)
            .map(|slot| {
                let least = below(slot as f64) * (1.0 - 1e-9);
                squared.partition_point(|s| *s < least) as u16
            })
            .collect();
        let steps = (0u16..)
            .zip(&guide)
            .map(|(slot, first)| {
                let most = below(f64::from(slot) + 1.0) * (1.0 + 1e-9);
                squared.partition_point(|s| *s < most) - usize::from(*first)
            })
            .max()
            .unwrap_or(0);
        squared.push(f64::INFINITY);
        Self {
            edges: edges.to_vec(),
            squared,
            guide,
            slots_per_unit,
            steps,
        }
    }

    /// The distances at which bins end.
    pub(super) fn edges(&self) -> &[f64] {
        &self.edges
    }

    /// Bins that have an end.
    pub(super) fn len(&self) -> usize {
        self.edges.len()
    }

    /// The last distance.
    pub(super) fn reach(&self) -> f64 {
        self.edges.last().copied().unwrap_or(0.0)
    }

    /// The bin of a squared distance.
    #[inline(always)]
    pub(super) fn of(&self, squared: f64) -> usize {
        let scaled = squared * self.slots_per_unit;
        let scaled = if scaled < SLOTS { scaled } else { SLOTS };
        let slot = (scaled + WHOLE).to_bits() as u32;
        let mut bin = usize::from(self.guide[slot as usize]);
        // Without a branch that depends on the distance, which nobody could foresee.
        for _ in 0..self.steps {
            bin += usize::from(squared > self.squared[bin]);
        }
        bin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_at_a_distance_lies_within_it() {
        let edges = [0.0, 0.1, 0.3, 5.0, 5.000_001, 70.0, 100.0];
        let bins = Bins::new(&edges);
        for (k, edge) in edges.iter().enumerate() {
            assert_eq!(bins.of(edge * edge), k);
            assert_eq!(bins.of((edge * edge).next_up()), k + 1);
        }
        assert_eq!(bins.of(1e300), 7);
        for step in 0..20_000 {
            let d2 = f64::from(step) * 0.7;
            let plain = edges.iter().filter(|e| *e * *e < d2).count();
            assert_eq!(bins.of(d2), plain, "{d2}");
        }
    }
}
