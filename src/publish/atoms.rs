//! The smallest pieces of categories and time that published figures can be cut into.

use std::collections::{BTreeMap, BTreeSet};

use super::key::CellKey;

/// Categories and period of a key, apart from its area.
pub(super) type Extent = (Option<BTreeSet<String>>, i64, i64);

/// Extents that cross or contain each other, cut into atoms: places in categories and time that lie
/// in the same extents. The difference of two published figures is a sum of atoms.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Atoms {
    /// Per extent, the atoms it consists of.
    pub(super) of: BTreeMap<Extent, Vec<usize>>,
    /// Per atom, an extent that is this atom and no more.
    pub(super) whole: Vec<Option<Extent>>,
    /// Per atom, how to name it.
    pub(super) name: Vec<Extent>,
}

pub(super) fn extent(key: &CellKey) -> Extent {
    (key.categories.clone(), key.start, key.end)
}

impl Atoms {
    pub(super) fn of<'a>(keys: impl Iterator<Item = &'a CellKey>) -> Self {
        let extents: Vec<Extent> = keys
            .map(extent)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let mut ends: Vec<i64> = extents.iter().flat_map(|e| [e.1, e.2]).collect();
        ends.sort_unstable();
        ends.dedup();
        let kinds = kinds(&extents);
        // Atoms by the extents they lie in.
        let mut known: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        let mut out = Self::default();
        let mut parts = vec![BTreeSet::new(); extents.len()];
        for window in ends.windows(2) {
            let (from, to) = (window[0], window[1]);
            let active: Vec<usize> = (0..extents.len())
                .filter(|&e| extents[e].1 <= from && to <= extents[e].2)
                .collect();
            for kind in &kinds {
                let inside: Vec<usize> = active
                    .iter()
                    .copied()
                    .filter(|e| kind.inside.contains(e))
                    .collect();
                if inside.is_empty() {
                    continue;
                }
                let next = known.len();
                let atom = *known.entry(inside.clone()).or_insert(next);
                if atom == next {
                    out.whole.push(None);
                    out.name.push((kind.names.clone(), from, to));
                }
                for e in inside {
                    parts[e].insert(atom);
                }
            }
        }
        for (e, parts) in parts.into_iter().enumerate() {
            let parts: Vec<usize> = parts.into_iter().collect();
            if let [only] = parts[..] {
                out.whole[only] = Some(extents[e].clone());
            }
            out.of.insert(extents[e].clone(), parts);
        }
        out
    }
}

/// Categories that lie in the same extents.
struct Kind {
    names: Option<BTreeSet<String>>,
    inside: BTreeSet<usize>,
}

fn kinds(extents: &[Extent]) -> Vec<Kind> {
    let named: BTreeSet<&String> = extents
        .iter()
        .filter_map(|e| e.0.as_ref())
        .flatten()
        .collect();
    let mut by_extents: BTreeMap<BTreeSet<usize>, BTreeSet<String>> = BTreeMap::new();
    for name in named {
        let inside = (0..extents.len())
            .filter(|&e| extents[e].0.as_ref().is_none_or(|set| set.contains(name)))
            .collect();
        by_extents.entry(inside).or_default().insert(name.clone());
    }
    let mut out: Vec<Kind> = by_extents
        .into_iter()
        .map(|(inside, names)| Kind {
            names: Some(names),
            inside,
        })
        .collect();
    // Whatever is in no named set lies in the counts of all categories only.
    out.push(Kind {
        names: None,
        inside: (0..extents.len())
            .filter(|&e| extents[e].0.is_none())
            .collect(),
    });
    out
}
