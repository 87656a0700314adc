//! Bands of distance or of time.

use crate::error::{Error, Result};

/// On which side a band holds its edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Closed {
    /// `[a, b)`, as in the Near Repeat Calculator.
    #[default]
    Left,
    /// `(a, b]`; the first band holds both its edges, so that `[0, 0, 100]` begins with a band for
    /// one and the same place.
    Right,
}

/// Bands that follow each other without a gap.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bands {
    edges: Vec<f64>,
    closed: Closed,
}

impl Bands {
    /// Bands between the given edges; the last edge may be infinite.
    pub(super) fn new(name: &'static str, edges: &[f64], closed: Closed) -> Result<Self> {
        let rises = |pair: &[f64], first: bool| {
            // A first band of one value is what the right-closed kind has for one and the same.
            pair[0] < pair[1] || (first && closed == Closed::Right && pair[0] == pair[1])
        };
        let good = edges.len() >= 2
            && edges[0] >= 0.0
            && edges[edges.len() - 2].is_finite()
            && edges.windows(2).enumerate().all(|(i, w)| rises(w, i == 0));
        if !good {
            let shown: Vec<String> = edges.iter().map(ToString::to_string).collect();
            return Err(Error::parameter(
                name,
                shown.join(", "),
                "two or more edges from 0 on, each larger than the one before; only the last may \
                 be infinite",
            ));
        }
        Ok(Self {
            edges: edges.to_vec(),
            closed,
        })
    }

    /// One band of everything up to `most`, itself included.
    pub(super) fn up_to(name: &'static str, most: f64) -> Result<Self> {
        if !(most >= 0.0 && most.is_finite()) {
            return Err(Error::parameter(name, most, "a finite number from 0 on"));
        }
        Self::new(name, &[0.0, most], Closed::Right)
    }

    pub(super) fn len(&self) -> usize {
        self.edges.len() - 1
    }

    /// Whether the last band has no end.
    pub(super) fn open_ended(&self) -> bool {
        self.edges.last().is_some_and(|e| e.is_infinite())
    }

    /// How many bands have an end.
    pub(super) fn finite(&self) -> usize {
        self.len() - usize::from(self.open_ended())
    }

    /// The largest finite edge.
    pub(super) fn reach(&self) -> f64 {
        let finite = self.edges.iter().rev().find(|e| e.is_finite());
        finite.copied().unwrap_or(0.0)
    }

    /// The same bands of a quantity that rises with this one.
    pub(super) fn of(&self, rising: impl Fn(f64) -> f64) -> Self {
        Self {
            edges: self.edges.iter().map(|e| rising(*e)).collect(),
            closed: self.closed,
        }
    }

    /// 0 for what lies below the first band, its number from 1 on for what lies in a band, one more
    /// than there are bands for what lies beyond.
    pub(super) fn slot(&self, value: f64) -> usize {
        match self.closed {
            Closed::Left => self.edges.iter().take_while(|e| **e <= value).count(),
            Closed::Right if value == self.edges[0] => 1,
            Closed::Right => self.edges.iter().take_while(|e| **e < value).count(),
        }
    }

    /// For each edge, the largest whole number that lies below it: a whole number is in band k when
    /// it is at most number k + 1 and not at most number k. None for an infinite edge.
    pub(super) fn whole(&self) -> Vec<Option<i64>> {
        let below = |(i, edge): (usize, &f64)| {
            let most = match self.closed {
                Closed::Right if i > 0 => edge.floor(),
                _ => edge.ceil() - 1.0,
            };
            edge.is_finite().then_some(most as i64)
        };
        self.edges.iter().enumerate().map(below).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_belong_to_one_band_each() {
        let left = Bands::new("d", &[0.0, 1.0, 3.0], Closed::Left).unwrap();
        let at = |bands: &Bands, values: &[f64]| -> Vec<usize> {
            values.iter().map(|v| bands.slot(*v)).collect()
        };
        assert_eq!(at(&left, &[0.0, 0.9, 1.0, 2.9, 3.0]), [1, 1, 2, 2, 3]);
        let right = Bands::new("d", &[0.0, 0.0, 1.0, 3.0], Closed::Right).unwrap();
        assert_eq!(
            at(&right, &[0.0, 0.1, 1.0, 1.1, 3.0, 3.1]),
            [1, 2, 2, 3, 3, 4]
        );
        let later = Bands::new("d", &[2.0, 3.0], Closed::Right).unwrap();
        assert_eq!(at(&later, &[1.9, 2.0, 3.0]), [0, 1, 1]);
    }

    /// Whole numbers fall into the same band by comparison with whole limits.
    #[test]
    fn whole_limits_cut_where_the_edges_do() {
        for closed in [Closed::Left, Closed::Right] {
            for edges in [&[0.0, 1.0, 7.5, 14.0][..], &[0.5, 2.0, f64::INFINITY]] {
                let bands = Bands::new("days", edges, closed).unwrap();
                let limits = bands.whole();
                for value in 0..20i64 {
                    let passed = |l: &&Option<i64>| l.is_some_and(|l| value > l);
                    let slot = limits.iter().take_while(passed).count();
                    assert_eq!(
                        slot,
                        bands.slot(value as f64),
                        "{closed:?} {edges:?} {value}"
                    );
                }
            }
        }
    }

    #[test]
    fn bad_edges_are_refused() {
        let inf = f64::INFINITY;
        for edges in [
            &[][..],
            &[1.0],
            &[1.0, 1.0],
            &[-1.0, 2.0],
            &[0.0, f64::NAN],
            &[0.0, inf, inf],
        ] {
            let error = Bands::new("days", edges, Closed::Left).unwrap_err();
            assert!(error.to_string().contains("days"), "{error}");
        }
        assert!(Bands::up_to("days", -1.0).is_err());
    }
}
