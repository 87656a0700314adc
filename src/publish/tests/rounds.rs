//! Rounded counts: unbiased, repeatable with the secret, and no help to who adds them up.

use super::super::*;
use super::{interval, shown, sum};
use crate::publish::rounding::{behind, rounded, secret_of};

#[test]
fn rounding_is_unbiased_keyed_and_says_what_it_says() {
    let mut total = 0;
    for i in 0..20_000 {
        let key = CellKey::area(format!("a{i}"));
        let value = rounded(12, 5, "secret", &key);
        assert!(value == 10 || value == 15);
        assert_eq!(value, rounded(12, 5, "secret", &key));
        total += value;
    }
    // Mean 12, standard deviation 2.45, so 0.1 is more than five standard errors.
    let mean = total as f64 / 20_000.0;
    assert!((mean - 12.0).abs() < 0.1, "{mean}");
    let of = |secret: &str| -> Vec<i64> {
        (0..40)
            .map(|i| rounded(12, 5, secret, &CellKey::area(format!("a{i}"))))
            .collect()
    };
    assert_ne!(of("one"), of("two"));
    let key = CellKey::area("a");
    for (base, minimum) in [(5, 5), (5, 10), (5, 2), (3, 1), (1, 0), (1, 5)] {
        for count in (0..60).filter(|&c| c == 0 || c >= minimum) {
            let value = rounded(count, base, "s", &key);
            let (low, high) = behind(value, base, minimum);
            assert!(
                (low..=high).contains(&count),
                "{count} to base {base}, from {minimum}"
            );
        }
    }
    assert_eq!(behind(5, 5, 5), (5, 9));
    assert_eq!(behind(15, 5, 5), (11, 19));
    assert_eq!(behind(0, 5, 5), (0, 0));
}

#[test]
fn without_a_secret_only_who_knows_the_table_can_repeat_the_rounding() {
    let tables: Vec<CountTable> = (0..40).map(|last| sum(&[12, 18, 21 + last])).collect();
    let secrets: Vec<String> = tables.iter().map(secret_of).collect();
    let mut different = secrets.clone();
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), tables.len());
    let mut first = Vec::new();
    for (table, secret) in tables.iter().zip(&secrets) {
        let mut ledger = Ledger::new();
        let found = Disclosure::cbs5().run_against(table, &mut ledger, "");
        let found = shown(&found.unwrap());
        let drawn = rounded(12, 5, secret, &CellKey::area("a0"));
        assert_eq!(
            (found[0], ledger.secret()),
            (Some(drawn), Some(secret.as_str()))
        );
        first.push(drawn);
    }
    // One count of one cell, up in some tables and down in others.
    assert!(first.contains(&10) && first.contains(&15));
    // Whose reports they are is in it too.
    let mut by_address = sum(&[12, 18, 21]);
    by_address.contributions(0, vec![8, 4]).unwrap();
    assert_ne!(secret_of(&by_address), secrets[0]);
}

#[test]
fn rounded_counts_hide_what_sums_would_tell() {
    let protected = Disclosure::cbs5()
        .secret("s")
        .run(&sum(&[3, 8, 57, 0]))
        .unwrap();
    assert_eq!(protected.withheld(), 1);
    assert_eq!(protected.audits, 1);
    let (low, high) = interval(protected.states[0]);
    assert!(high.unwrap() - low >= 5);
}
