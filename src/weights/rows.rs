//! Rows of a sparse matrix, made side by side.

use crate::error::Result;
use crate::parallel::Workers;

/// Row starts and entries of `n` rows, each filled by `row`, with what it said of each; the order
/// does not depend on the threads.
pub(super) fn rows<T: Send, S: Send>(
    n: usize,
    workers: &Workers,
    row: impl Fn(usize, &mut Vec<T>) -> S + Sync + Send,
) -> Result<(Vec<usize>, Vec<T>, Vec<S>)> {
    const TOGETHER: usize = 512;
    let pieces = workers.map_ranges(n, TOGETHER, |units| {
        let mut said = Vec::with_capacity(units.len());
        let (mut ends, mut entries) = (Vec::with_capacity(units.len()), Vec::new());
        for unit in units {
            said.push(row(unit, &mut entries));
            ends.push(entries.len());
        }
        (ends, entries, said)
    })?;
    let mut start = Vec::with_capacity(n + 1);
    let mut all = Vec::with_capacity(pieces.iter().map(|p| p.1.len()).sum());
    let mut all_said = Vec::with_capacity(n);
    start.push(0);
    for (ends, entries, said) in pieces {
        let before = all.len();
        start.extend(ends.into_iter().map(|end| before + end));
        all.extend(entries);
        all_said.extend(said);
    }
    Ok((start, all, all_said))
}
