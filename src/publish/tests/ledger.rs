//! What a ledger says of figures that are not there yet, and which files it takes for one.

use super::super::*;
use super::{one, shown, sum};
use crate::error::{Error, Fault};
use crate::publish::rounding::rounded;

fn of(key: CellKey) -> Ledger {
    let mut ledger = Ledger::new();
    let rules = Disclosure::internal();
    rules.run_against(&one(key, 20), &mut ledger, "").unwrap();
    ledger
}

#[test]
fn releases_split_cross_and_divide_what_they_share_reports_with() {
    let whole = CellKey::area("a").categories(["x", "y"]).between(0, 10);
    let later = whole.clone().between(10, 20);
    let some = whole.clone().categories(["x"]);
    let parts = whole.clone().part("day", "evening");
    assert!(of(some.clone()).splits(&whole) && !of(whole.clone()).splits(&some));
    assert!(!of(some.clone()).splits(&later) && !Ledger::new().splits(&whole));
    assert!(of(some.clone()).crosses(&whole) && of(whole.clone()).crosses(&some));
    assert!(!of(whole.clone()).crosses(&whole) && !of(whole.clone()).crosses(&later));
    let divided = of(parts.clone());
    assert!(divided.divides(&whole, &[]) && !divided.divides(&whole, std::slice::from_ref(&whole)));
    assert!(!divided.divides(&later, &[]) && !of(whole.clone()).divides(&whole, &[]));
    #[cfg(feature = "cli")]
    for (key, kind, by, is_otherwise) in [
        (&whole, "day", "day", false),
        (&whole, "day", "day of the week", true),
        (&whole, "kind", "day of the week", false),
        (&later, "day", "day of the week", false),
    ] {
        assert_eq!(
            divided.divides_otherwise(key, kind, by),
            is_otherwise,
            "{key} {by}"
        );
        assert!(!of(whole.clone()).divides_otherwise(key, kind, by));
    }
}

#[test]
fn a_file_in_which_figures_cannot_be_so_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.json");
    let mut ledger = Ledger::open(&path).unwrap();
    assert_eq!(ledger.path(), Some(path.as_path()));
    assert_eq!(ledger.staged().path(), None);
    let table = sum(&[13, 57]);
    let rules = Disclosure::cbs5();
    rules.run_against(&table, &mut ledger, "first").unwrap();
    assert!(!ledger.releases()[0].is_empty());
    let nothing = rules.run_against(&CountTable::new(), &mut ledger, "none");
    assert!(nothing.is_ok() && ledger.releases()[1].is_empty());
    let good: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let beyond = system::UNBOUNDED >> 20;
    let opened = |at: &str, value: serde_json::Value| {
        let mut file = good.clone();
        *file.pointer_mut(at).unwrap() = value;
        std::fs::write(&path, file.to_string()).unwrap();
        Ledger::open(&path)
    };
    let cell = |name: &str| format!("/releases/0/cells/0/{name}");
    for (at, value) in [
        (cell("start"), i64::MAX.into()),
        (cell("low"), (-1).into()),
        (cell("low"), 20.into()),
        (cell("low"), beyond.into()),
        (cell("high"), 1.into()),
        (cell("high"), beyond.into()),
        ("/releases/0/relations/0/0".to_owned(), 3.into()),
        ("/releases/0/relations/0/1/0".to_owned(), 3.into()),
        ("/releases/0/relations/0/1/0".to_owned(), 2.into()),
        ("/version".to_owned(), 2.into()),
        ("/format".to_owned(), "brandpunt".into()),
    ] {
        let error = opened(&at, value).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::UnknownFormat), "{at}");
    }
    let low = good.pointer(&cell("low")).unwrap().clone();
    assert!(opened(&cell("high"), low).is_ok());
    assert!(opened(&cell("high"), (beyond - 1).into()).is_ok());
    assert!(opened(&cell("high"), serde_json::Value::Null).is_ok());
    // A folder is no file that does not exist yet.
    assert!(matches!(
        Ledger::open(folder.path()),
        Err(Error::File { .. })
    ));
}

#[test]
fn a_ledger_is_kept_in_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger.json");
    let mut ledger = Ledger::open(&path).unwrap();
    let rules = Disclosure::cbs5();
    let table = sum(&[3, 13, 57]);
    rules.run_against(&table, &mut ledger, "first").unwrap();
    let read = Ledger::open(&path).unwrap();
    assert_eq!(read, ledger);
    assert_eq!(
        (read.releases()[0].len(), read.releases()[0].label.as_str()),
        (4, "first")
    );
    // The second release is rounded with the secret of the first.
    let mut read = read;
    let key = CellKey::area("b");
    let next = rules
        .run_against(&one(key.clone(), 12), &mut read, "second")
        .unwrap();
    let secret = ledger.secret().unwrap();
    assert_eq!(shown(&next), [Some(rounded(12, 5, secret, &key))]);
    for damaged in [
        "",
        "{}",
        "[1, 2]",
        "{\"format\":\"brandpunt release ledger\",\"version\":9,\"secret\":null,\"releases\":[]}",
    ] {
        std::fs::write(&path, damaged).unwrap();
        assert!(Ledger::open(&path).is_err(), "{damaged}");
    }
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 1);
}

#[test]
fn nothing_is_published_that_cannot_be_written_down() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(dir.path().join("no/such/folder/ledger.json")).unwrap();
    let error = Disclosure::cbs5()
        .run_against(&sum(&[9]), &mut ledger, "")
        .unwrap_err();
    assert!(matches!(error, Error::File { .. }));
    assert!(ledger.releases().is_empty());
}
