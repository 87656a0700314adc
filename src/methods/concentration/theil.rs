//! Theil's T between groups and within them.

use std::collections::BTreeMap;

use super::measures::TheilParts;
use crate::stats::sum;

/// The two parts of Theil's T; there must be an incident.
///
/// With `n_g` of n units and `c_g` of c incidents in group g and its own Theil's T, `T_g`:
/// `between = Σ_g c_g/c ln((c_g/c)/(n_g/n))`, `within = Σ_g c_g/c T_g`.
pub(super) fn parts(counts: &[u64], groups: &[u32]) -> TheilParts {
    let mut members: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
    for (count, group) in counts.iter().zip(groups) {
        members.entry(*group).or_default().push(*count);
    }
    let n = counts.len() as f64;
    let c = counts.iter().sum::<u64>() as f64;
    let mut between = Vec::with_capacity(members.len());
    let mut within = Vec::with_capacity(members.len());
    for group in members.values() {
        let held = group.iter().sum::<u64>() as f64;
        if held == 0.0 {
            continue;
        }
        let mean = held / group.len() as f64;
        between.push(held / c * (mean * n / c).ln());
        let ratios = group.iter().filter(|x| **x > 0).map(|x| *x as f64 / mean);
        let own = sum(ratios.map(|r| r * r.ln())) / group.len() as f64;
        within.push(held / c * own);
    }
    TheilParts {
        between: sum(between).max(0.0),
        within: sum(within).max(0.0),
    }
}
