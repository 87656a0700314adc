//! Incidents as places, each with what it counts.

/// Different places; incidents on one spot are one place, so a hundred thousand reports from one
/// address cost no more than one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Places {
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    /// Sum of the marks of the incidents on the place.
    pub(super) mark: Vec<f64>,
    /// How many incidents are on the place.
    pub(super) count: Vec<u32>,
}

impl Places {
    /// Incidents that count one each.
    pub(super) fn merged(points: &[[f64; 2]]) -> Self {
        // Adding zero makes one zero of both.
        let mut sorted: Vec<[f64; 2]> = points.iter().map(|p| [p[0] + 0.0, p[1] + 0.0]).collect();
        sorted.sort_unstable_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
        let mut out = Self {
            x: Vec::with_capacity(points.len()),
            y: Vec::with_capacity(points.len()),
            mark: Vec::with_capacity(points.len()),
            count: Vec::with_capacity(points.len()),
        };
        for same in sorted.chunk_by(|a, b| a == b) {
            out.x.push(same[0][0]);
            out.y.push(same[0][1]);
            out.mark.push(same.len() as f64);
            out.count.push(same.len() as u32);
        }
        out
    }

    /// Incidents that count one each and that no two share a place, or so few that it is not worth
    /// the search.
    pub(super) fn scattered(points: &[[f64; 2]]) -> Self {
        Self {
            x: points.iter().map(|p| p[0]).collect(),
            y: points.iter().map(|p| p[1]).collect(),
            mark: vec![1.0; points.len()],
            count: vec![1; points.len()],
        }
    }

    /// The same places, an incident on place i counting `each(i)`.
    pub(super) fn marked(mut self, each: impl Fn(usize) -> f64) -> Self {
        for (i, mark) in self.mark.iter_mut().enumerate() {
            *mark = f64::from(self.count[i]) * each(i);
        }
        self
    }

    pub(super) fn len(&self) -> usize {
        self.x.len()
    }

    /// Incidents on all places.
    pub(super) fn incidents(&self) -> f64 {
        self.count.iter().map(|c| f64::from(*c)).sum()
    }

    /// Sum over ordered pairs of different incidents on a place.
    pub(super) fn pairs_on(&self, place: usize) -> f64 {
        let (mark, count) = (self.mark[place], f64::from(self.count[place]));
        mark * mark * (1.0 - 1.0 / count)
    }

    /// Incidents that share their place.
    pub(super) fn sharing(&self) -> u64 {
        let counts = self.count.iter().filter(|c| **c > 1);
        counts.map(|c| u64::from(*c)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_on_one_place_are_counted_by_hand() {
        let places = Places::merged(&[[1.0, 2.0], [0.0, 0.0], [1.0, 2.0], [1.0, 2.0], [-0.0, 0.0]]);
        assert_eq!(
            (&places.x[..], &places.mark[..]),
            (&[0.0, 1.0][..], &[2.0, 3.0][..])
        );
        assert!((places.pairs_on(0) - 2.0).abs() + (places.pairs_on(1) - 6.0).abs() < 1e-12);
        assert_eq!((places.incidents(), places.sharing()), (5.0, 5));
        let halves = places.marked(|_| 0.5);
        assert!((halves.pairs_on(1) - 1.5).abs() < 1e-12);
    }
}
