//! How many pairs are close in both, over all orders of the times?

/// What of the close pairs decides how often they meet those of another kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Closeness {
    /// Close pairs.
    pub(super) pairs: u64,
    /// The sum over incidents of partners × (partners − 1): ordered pairs of close pairs that share
    /// an incident.
    pub(super) sharing: u128,
}

impl Closeness {
    /// From sums over incidents of their partners and of the squares of these.
    pub(super) fn of(partners: u128, squares: u128) -> Self {
        Self {
            pairs: (partners / 2) as u64,
            sharing: squares - partners,
        }
    }

    fn disjoint(self) -> f64 {
        let pairs = u128::from(self.pairs);
        (pairs * pairs.saturating_sub(1) - self.sharing.min(pairs * pairs.saturating_sub(1))) as f64
    }
}

/// Mean and variance, over all orders of the times of n incidents, of the pairs that are close in
/// space and in time: exact.
///
/// Two different pairs share one incident or none, so that
///
/// ```text
/// E[X]       = pairs in s · pairs in t / (n (n − 1) / 2)
/// E[X (X−1)] = sharing in s · sharing in t / (n (n − 1) (n − 2))
///            + disjoint in s · disjoint in t / (n (n − 1) (n − 2) (n − 3) / 4)
/// ```
///
/// Source: Barton & David 1966, in David (ed.), Research Papers in Statistics, 217; Mantel 1967,
/// Cancer Research 27:209.
pub(super) fn matches(n: u64, space: Closeness, time: Closeness) -> (f64, f64) {
    let n = n as f64;
    let share = |product: f64, of: f64| if product > 0.0 { product / of } else { 0.0 };
    let all = n * (n - 1.0);
    let mean = share(space.pairs as f64 * time.pairs as f64, all / 2.0);
    let sharing = share(space.sharing as f64 * time.sharing as f64, all * (n - 2.0));
    let disjoint = share(
        space.disjoint() * time.disjoint(),
        all * (n - 2.0) * (n - 3.0) / 4.0,
    );
    (mean, (sharing + disjoint + mean - mean * mean).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Graph = Vec<(usize, usize)>;

    fn closeness(n: usize, graph: &Graph) -> Closeness {
        let mut partners = vec![0u128; n];
        for (a, b) in graph {
            partners[*a] += 1;
            partners[*b] += 1;
        }
        Closeness::of(partners.iter().sum(), partners.iter().map(|d| d * d).sum())
    }

    fn orders(n: usize) -> Vec<Vec<usize>> {
        if n == 0 {
            return vec![Vec::new()];
        }
        let shorter = orders(n - 1);
        let put = |order: &Vec<usize>, at: usize| {
            let mut order = order.clone();
            order.insert(at, n - 1);
            order
        };
        shorter
            .iter()
            .flat_map(|o| (0..n).map(move |at| put(o, at)))
            .collect()
    }

    /// All orders one by one.
    #[test]
    fn moments_are_those_of_all_orders() {
        let graphs: [(usize, Graph, Graph); 5] = [
            (
                6,
                vec![(0, 1), (0, 2), (1, 2), (3, 4)],
                vec![(0, 1), (1, 2), (2, 3), (3, 4)],
            ),
            (
                6,
                vec![(0, 1), (0, 2), (0, 3), (0, 4), (0, 5)],
                vec![(1, 2), (3, 4)],
            ),
            (3, vec![(0, 1), (1, 2)], vec![(0, 2)]),
            (2, vec![(0, 1)], vec![(0, 1)]),
            (4, vec![], vec![(0, 1), (2, 3)]),
        ];
        for (n, space, time) in graphs {
            let found: Vec<f64> = orders(n)
                .iter()
                .map(|order| {
                    let met = space.iter().filter(|(a, b)| {
                        let (a, b) = (order[*a], order[*b]);
                        time.contains(&(a.min(b), a.max(b)))
                    });
                    met.count() as f64
                })
                .collect();
            let mean = found.iter().sum::<f64>() / found.len() as f64;
            let squares = found.iter().map(|x| (x - mean).powi(2)).sum::<f64>();
            let (m, v) = matches(n as u64, closeness(n, &space), closeness(n, &time));
            assert!((m - mean).abs() < 1e-12, "{m} {mean}");
            let variance = squares / found.len() as f64;
            assert!((v - variance).abs() < 1e-12, "{v} {variance}");
        }
    }
}
