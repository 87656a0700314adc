//! From pairs within limits to pairs in bands.

use std::ops::{Sub, SubAssign};

use super::bands::Bands;

/// Numbers of pairs: whole, or the sum of their chances.
pub(super) trait Number: Copy + Default + Sub<Output = Self> + SubAssign {
    /// What is left of a subtraction.
    fn left(self) -> Self;
}

impl Number for u64 {
    fn left(self) -> Self {
        self
    }
}

impl Number for f64 {
    fn left(self) -> Self {
        // What is left of sums may lie below zero by rounding.
        self.max(0.0)
    }
}

/// Edges of the bands of time in whole units.
pub(super) struct Limits {
    /// The largest number of units below each finite edge that has one.
    pub(super) finite: Vec<u32>,
    /// Edges with nothing below: no pair is within them.
    empty: usize,
    open_ended: bool,
}

impl Limits {
    pub(super) fn of(days: &Bands, units_per_day: f64) -> Self {
        let whole = days.of(|edge| edge * units_per_day).whole();
        let finite = whole.iter().flatten();
        Self {
            empty: finite.clone().filter(|l| **l < 0).count(),
            finite: finite
                .filter(|l| **l >= 0)
                .map(|l| u32::try_from(*l).unwrap_or(u32::MAX))
                .collect(),
            open_ended: days.open_ended(),
        }
    }

    /// The chance that a difference lies in a band that has an end, from that of being within a
    /// limit.
    pub(super) fn hold(&self, within: impl Fn(u32) -> f64) -> f64 {
        let first = self.finite.first().filter(|_| self.empty == 0);
        let below = first.map_or(0.0, |l| within(*l));
        self.finite.last().map_or(0.0, |l| within(*l)) - below
    }

    /// Pairs below each edge of the bands, from those within the finite limits and all.
    pub(super) fn below<N: Number>(&self, within: &[N], all: N) -> Vec<N> {
        let nothing = std::iter::repeat_n(N::default(), self.empty);
        nothing
            .chain(within.iter().copied())
            .chain(self.open_ended.then_some(all))
            .collect()
    }
}

/// What turns counts of listed pairs within limits into counts of bands.
pub(super) struct Table<'a, N> {
    /// Whether there is a band beyond the lists.
    pub(super) beyond: bool,
    pub(super) limits: &'a Limits,
    /// Pairs in each list: below the first band, then band by band.
    pub(super) sizes: Vec<N>,
    /// Of all pairs, those within each limit: the same for every order of the times.
    pub(super) within: Vec<N>,
    pub(super) all: N,
}

impl<N: Number> Table<'_, N> {
    /// Pairs in bands, by row of distance.
    pub(super) fn bands(&self, counts: &[N]) -> Vec<N> {
        let limits = self.limits.finite.len();
        let mut rest = self.limits.below(&self.within, self.all);
        let mut out = Vec::with_capacity((self.sizes.len() + 1) * rest.len());
        for (list, &size) in self.sizes.iter().enumerate() {
            let below = self
                .limits
                .below(&counts[list * limits..(list + 1) * limits], size);
            for (rest, here) in rest.iter_mut().zip(&below) {
                *rest -= *here;
            }
            if list > 0 {
                out.extend(below.windows(2).map(|w| w[1] - w[0]));
            }
        }
        if self.beyond {
            out.extend(rest.windows(2).map(|w| N::left(w[1] - w[0])));
        }
        out
    }
}

impl Table<'_, f64> {
    /// Pairs in bands over all orders of the times.
    pub(super) fn expected(&self) -> Vec<f64> {
        let below = self.limits.below(&self.within, self.all);
        let in_time: Vec<f64> = below.windows(2).map(|w| w[1] - w[0]).collect();
        let beyond = self
            .beyond
            .then(|| self.all - self.sizes.iter().sum::<f64>());
        let in_space = self.sizes[1..].iter().copied().chain(beyond);
        in_space
            .flat_map(|s| in_time.iter().map(move |t| (s, *t)))
            .map(|(s, t)| s * (t / self.all))
            .collect()
    }
}
