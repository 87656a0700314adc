//! Which belong together when pairs do? By several threads at once.

use std::sync::atomic::{AtomicU32, Ordering};

/// Sets that grow together; whatever the order in which pairs are joined, and by whom, the sets are
/// the same in the end.
pub(crate) struct Connected {
    /// Each member's predecessor in its tree, itself at the root; never larger than itself.
    parent: Vec<AtomicU32>,
}

impl Connected {
    pub(crate) fn new(n: usize) -> Self {
        Self {
            parent: (0..n as u32).map(AtomicU32::new).collect(),
        }
    }

    /// The least member of the set as far as it is joined.
    pub(crate) fn root(&self, member: usize) -> usize {
        let mut at = member as u32;
        loop {
            let above = self.parent[at as usize].load(Ordering::Relaxed);
            if above == at {
                return at as usize;
            }
            let next = self.parent[above as usize].load(Ordering::Relaxed);
            if next == above {
                return above as usize;
            }
            // Halving the path keeps trees flat; it is no loss when another thread was first.
            let _shortened = self.parent[at as usize].compare_exchange(
                above,
                next,
                Ordering::Relaxed,
                Ordering::Relaxed,
            );
            at = next;
        }
    }

    /// Joins the sets of two members; whether they were apart.
    pub(crate) fn join(&self, a: usize, b: usize) -> bool {
        let (mut a, mut b) = (self.root(a), self.root(b));
        while a != b {
            let (low, high) = (a.min(b), a.max(b));
            let joined = self.parent[high].compare_exchange(
                high as u32,
                low as u32,
                Ordering::Relaxed,
                Ordering::Relaxed,
            );
            if joined.is_ok() {
                return true;
            }
            // Another thread gave the higher root a parent meanwhile.
            (a, b) = (self.root(low), self.root(high));
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::parallel::Workers;

    /// The least member of each one's set, by naming anew until nothing changes.
    fn least(n: usize, pairs: &[(usize, usize)]) -> Vec<usize> {
        let mut name: Vec<usize> = (0..n).collect();
        loop {
            let before = name.clone();
            for &(a, b) in pairs {
                let low = name[a].min(name[b]);
                (name[a], name[b]) = (low, low);
            }
            if name == before {
                return name;
            }
        }
    }

    proptest! {
        #[test]
        fn sets_are_those_of_naming_anew(
            n in 1usize..40,
            ends in prop::collection::vec((0usize..40, 0usize..40), 0..60),
            threads in 1usize..4,
        ) {
            let pairs: Vec<(usize, usize)> = ends.iter().map(|(a, b)| (a % n, b % n)).collect();
            let (one, many) = (Connected::new(n), Connected::new(n));
            let mut joined = 0;
            for (k, &(a, b)) in pairs.iter().enumerate() {
                let known = least(n, &pairs[..k]);
                prop_assert_eq!(one.join(a, b), known[a] != known[b]);
                joined += usize::from(known[a] != known[b]);
            }
            let workers = Workers::new(threads).unwrap();
            let found = workers.map(pairs.len(), |k| many.join(pairs[k].0, pairs[k].1)).unwrap();
            prop_assert_eq!(found.iter().filter(|apart| **apart).count(), joined);
            let want = least(n, &pairs);
            for (member, want) in want.iter().enumerate() {
                prop_assert_eq!(one.root(member), *want);
                prop_assert_eq!(many.root(member), *want);
            }
        }
    }
}
