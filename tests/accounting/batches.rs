//! A file in batches: every row once, whatever the size of a batch.

use std::io::Write as _;

use brandpunt::io::IncidentReader;
use brandpunt::{Crs, Incidents, Workers};
use proptest::prelude::*;

use super::{NOW, ROWS, Row, csv, features, gzip};

/// Reads a file in batches, and adds up what they say.
fn balanced(content: &[u8], bytes: usize, rows: usize, bad: usize) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    let mut batches = IncidentReader::new()
        .now(NOW)
        .crs(Crs::RD_NEW)
        .max_rejected_share(1.0)
        .batches(file.path())
        .unwrap()
        .batch_bytes(bytes)
        .workers(Workers::new(1).unwrap());
    let parts: Vec<Incidents> = batches.by_ref().map(Result::unwrap).collect();
    assert_eq!(batches.rows_in(), rows as u64);
    assert_eq!(batches.rejected().len(), bad as u64);
    let (mut numbers, mut rejected) = (Vec::new(), Vec::new());
    for part in &parts {
        assert_eq!(part.rows_in(), part.len() as u64 + part.rejected().len());
        numbers.extend(part.rows().iter().map(|r| u64::from(*r)));
        numbers.extend(part.rejected().listed().iter().map(|r| r.row));
        rejected.extend(part.rejected().listed().to_vec());
    }
    assert_eq!(rejected, batches.rejected().listed());
    numbers.sort_unstable();
    assert!((1..=rows as u64).eq(numbers), "every row is told of once");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn every_batch_accounts_for_its_rows(
        rows in prop::collection::vec(prop::sample::select(&ROWS[..]), 1..80),
        ragged in 2usize..40,
        bytes in 1usize..2_500,
    ) {
        // The first batch decides whether the points are in the system at all.
        let rows = [vec![Row::Good; rows.len()], rows].concat();
        let bad = rows.iter().filter(|r| **r != Row::Good).count();
        let cut = |i: usize| i % ragged == ragged - 1;
        let bad_or_cut = rows.iter().enumerate().filter(|(i, r)| cut(*i) || **r != Row::Good).count();
        let text = csv(&rows, ragged);
        balanced(text.as_bytes(), bytes, rows.len(), bad_or_cut);
        balanced(&gzip(&text), bytes, rows.len(), bad_or_cut);
        balanced(features(&rows).join("\n").as_bytes(), bytes, rows.len(), bad);
    }
}
