//! Writers on a full disk, and names that would be more than names.

use std::fs;
use std::path::Path;

use brandpunt::analysis::{HotspotAnalysis, Language, Published};
use brandpunt::io::{self, CsvFlavour, Table, atomically};
use brandpunt::publish::Disclosure;
use brandpunt::report::{html, write_all};
use brandpunt::{Crs, Error, Incidents, Neighbourhoods, Theme};

use super::{codes, read, refusal, scattered, tiles};

const HOSTILE: [&str; 12] = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "' onload='alert(1)",
    "\"><svg/onload=alert(1)>",
    "`${alert(1)}`",
    "\u{202e}gnp.exe",
    "\u{2028}\u{2029}",
    "../../../etc/passwd",
    "/etc/passwd",
    "C:\\x\\..\\y",
    "=cmd|' /C calc'!A0",
    "nul\u{0}byte",
];

/// A published result whose every name was chosen by somebody else.
fn published(theme: &str) -> Published {
    let hoods = tiles(4, 3);
    let names = HOSTILE.map(str::to_owned).to_vec();
    let hoods =
        Neighbourhoods::new(codes(12), names, hoods.shapes().to_vec(), Crs::RD_NEW).unwrap();
    let reports = scattered(600, 4, 3);
    let kinds = (0..reports.len()).map(|_| "E35").collect();
    let reports = Incidents::builder(reports.x().to_vec(), reports.y().to_vec(), Crs::RD_NEW)
        .category(kinds)
        .build()
        .unwrap();
    let result = HotspotAnalysis::new(Theme::new(theme, ["E35"]))
        .run(&reports, &hoods)
        .unwrap();
    result.publish(&Disclosure::internal()).unwrap()
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn fault_42_full_disks_and_folders_that_refuse() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rates.csv");
    fs::write(&path, "old").unwrap();
    let failed = atomically(&path, |out| {
        use std::io::Write;
        out.write_all(&vec![b'x'; 1 << 17])?;
        Err(std::io::Error::from(std::io::ErrorKind::StorageFull))
    });
    assert!(refusal(failed).1.contains("rates.csv"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(names_in(dir.path()), ["rates.csv"]);
    // A folder where the file should come, and a file where its folder should be.
    let table = Table::new().with_integer("n", vec![1, 2]).unwrap();
    fs::create_dir(dir.path().join("taken")).unwrap();
    for there in ["taken", "rates.csv/x.csv", "no/such/folder.csv"] {
        let result = io::write_csv(dir.path().join(there), &table, CsvFlavour::Exact);
        assert!(matches!(result, Err(Error::File { .. })), "{there}");
    }
    assert_eq!(names_in(dir.path()), ["rates.csv", "taken"]);
    // Whoever reads meanwhile sees one of the two.
    let long = Table::new()
        .with_integer("n", (0..2_000).collect())
        .unwrap();
    io::write_csv(&path, &long, CsvFlavour::Exact).unwrap();
    let whole = fs::metadata(&path).unwrap().len();
    let small = {
        io::write_csv(&path, &table, CsvFlavour::Exact).unwrap();
        fs::metadata(&path).unwrap().len()
    };
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for _ in 0..40 {
                io::write_csv(&path, &long, CsvFlavour::Exact).unwrap();
                io::write_csv(&path, &table, CsvFlavour::Exact).unwrap();
            }
        });
        while !writer.is_finished() {
            let length = fs::read(&path).unwrap().len() as u64;
            assert!(length == whole || length == small, "{length}");
        }
    });
}

#[test]
fn fault_43_names_that_are_markup() {
    let page = html(&[published("</script><b>thema")], Language::Dutch).unwrap();
    // Our own script, style and data elements, and none more.
    assert_eq!(
        page.matches("</script").count(),
        page.matches("<script").count()
    );
    for name in [
        "<img src=x",
        "<svg/onload",
        "<b>thema",
        "<script>alert",
        "onload='alert(1)",
    ] {
        assert!(!page.contains(name), "{name}");
    }
    assert!(page.contains("Content-Security-Policy") && page.contains("default-src 'none'"));
    assert!(
        !page.contains("http://")
            || page.matches("http://").count() == page.matches("http://www.w3.org").count()
    );
    assert!(!page.contains('\u{202e}') && !page.contains('\u{2028}') && !page.contains('\0'));
}

#[test]
fn fault_44_names_that_are_formulas() {
    let cells = ["=1+1", "+31 36", "-1", "@SUM(A1)", "\tx", "\rx", "plain"];
    let table = Table::new()
        .with_text("naam", cells.map(str::to_owned).to_vec())
        .unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("names.csv");
    io::write_csv(&path, &table, CsvFlavour::Spreadsheet).unwrap();
    let sheet = fs::read_to_string(&path).unwrap();
    for cell in &cells[..6] {
        assert!(sheet.contains(&format!("'{cell}")), "{sheet:?}");
    }
    assert!(!sheet.contains("'plain"));
    io::write_csv(&path, &table, CsvFlavour::Exact).unwrap();
    let exact = fs::read_to_string(&path).unwrap();
    assert!(!exact.contains('\''), "{exact:?}");
}

#[test]
fn fault_45_names_that_are_paths() {
    let dir = tempfile::tempdir().unwrap();
    let inside = dir.path().join("a/b/out");
    let results = [
        "../../escape",
        "/etc/brandpunt",
        "..",
        "nul\u{0}",
        "a/b",
        "",
        "../../escape",
    ]
    .map(published);
    write_all(&inside, &results, Language::English).unwrap();
    assert_eq!(names_in(dir.path()), ["a"]);
    assert_eq!(names_in(&dir.path().join("a")), ["b"]);
    assert_eq!(names_in(&dir.path().join("a/b")), ["out"]);
    for name in names_in(&inside) {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        assert!(name.chars().all(plain) && !name.contains(".."), "{name}");
    }
    assert_eq!(
        names_in(&inside)
            .iter()
            .filter(|n| n.starts_with("density-"))
            .count(),
        results.len()
    );
}

#[test]
fn fault_46_texts_that_steer_a_terminal() {
    let steer = format!("\u{1b}[2J\u{7}\u{202e}{}", "A".repeat(200_000));
    let csv = format!("id;{steer};y\n1;2;3\n");
    let hoods = Neighbourhoods::new(
        vec![steer.clone(), steer.clone()],
        vec![steer.clone(), steer.clone()],
        tiles(2, 1).shapes().to_vec(),
        Crs::RD_NEW,
    );
    for (what, text) in [
        ("columns", refusal(read(&csv)).1),
        ("codes", refusal(hoods).1),
        ("a crs", refusal(steer.parse::<Crs>()).1),
        ("a theme", refusal(Theme::named(&steer)).1),
        (
            "an encoding",
            refusal(
                super::reader()
                    .encoding(&steer)
                    .read_bytes(b"id;x;y\n1;2;3\n"),
            )
            .1,
        ),
    ] {
        assert!(
            text.chars().count() <= 300,
            "{what}: {} characters",
            text.chars().count()
        );
        assert!(
            !text.chars().any(char::is_control) && !text.contains('\u{202e}'),
            "{what}: {text:?}"
        );
    }
    let row = format!("id;x;y\n1;143701;486937\n2;{steer};486937\n");
    let incidents = read(&row).unwrap();
    let detail = &incidents.rejected().listed()[0].detail;
    assert!(
        detail.chars().count() <= 300 && !detail.chars().any(char::is_control),
        "{detail:?}"
    );
}
