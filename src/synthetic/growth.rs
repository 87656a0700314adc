//! Growing patches from seeds until they meet.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// For each of `n` cells the position of the seed that reaches it at the least cost.
///
/// `neighbours` adds the neighbours of a cell to a list; `cost` is what entering a cell costs. A
/// patch hangs together and holds its seed. Ties go to the lower cell, then the lower seed.
pub(super) fn grow(
    n: usize,
    seeds: &[u32],
    neighbours: impl Fn(u32, &mut Vec<u32>),
    cost: impl Fn(u32) -> u64,
) -> Vec<u32> {
    const UNCLAIMED: u32 = u32::MAX;
    let mut owner = vec![UNCLAIMED; n];
    let mut best = vec![u64::MAX; n];
    let mut open = BinaryHeap::new();
    for (label, &cell) in (0u32..).zip(seeds) {
        best[cell as usize] = 0;
        open.push(Reverse((0u64, cell, label)));
    }
    let mut around = Vec::with_capacity(6);
    while let Some(Reverse((spent, cell, label))) = open.pop() {
        if owner[cell as usize] != UNCLAIMED {
            continue;
        }
        owner[cell as usize] = label;
        around.clear();
        neighbours(cell, &mut around);
        for &next in &around {
            let there = spent + cost(next);
            if owner[next as usize] == UNCLAIMED && there < best[next as usize] {
                best[next as usize] = there;
                open.push(Reverse((there, next, label)));
            }
        }
    }
    owner
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_halfway() {
        let line = |cell: u32, out: &mut Vec<u32>| {
            if cell > 0 {
                out.push(cell - 1);
            }
            if cell < 9 {
                out.push(cell + 1);
            }
        };
        let owner = grow(10, &[0, 9], line, |_| 1);
        assert_eq!(owner, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
        // Where it is dear to walk, a patch stays small.
        let owner = grow(10, &[0, 9], line, |cell| if cell < 5 { 3 } else { 1 });
        assert!(owner.iter().filter(|o| **o == 0).count() < 5);
    }
}
