use std::io::Write;

use super::*;
use crate::error::Fault;
use crate::model::Crs;

fn file(content: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    file
}

fn read(content: &[u8], bytes: usize) -> Result<Vec<Incidents>> {
    with(&IncidentReader::new(), content, bytes)
}

fn with(reader: &IncidentReader, content: &[u8], bytes: usize) -> Result<Vec<Incidents>> {
    let file = file(content);
    reader
        .batches(file.path())?
        .workers(Workers::new(1)?)
        .batch_bytes(bytes)
        .collect()
}

/// Rows with commas for decimals, quoted line ends, double quotes, and some that are rejected.
fn table() -> String {
    let mut text = String::from("id;soort;datum;x;y;opmerking\r\n");
    for i in 0..400 {
        let x = if i % 40 == 39 {
            "n/a".to_owned()
        } else {
            format!("{},5", 143_000 + i)
        };
        let note = match i % 5 {
            0 => "\"a\nb;c\"",
            1 => "\"say \"\"no\"\"\"",
            _ => "5\" pipe",
        };
        let _written = std::fmt::Write::write_fmt(
            &mut text,
            format_args!(
                "{i};E35;{}-{}-2023;{x};486937;{note}\r\n",
                i % 28 + 1,
                i % 12 + 1
            ),
        );
    }
    text
}

#[test]
fn batches_of_any_size_are_the_file() {
    let text = table();
    let reader = IncidentReader::new().max_rejected_share(0.2);
    let whole = reader.read_bytes(text.as_bytes()).unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    for content in [text.as_bytes(), &packed] {
        // The first batch holds dates and decimals that decide.
        for bytes in [2_500, 3_000, 7_777, 1 << 20] {
            let parts = with(&reader, content, bytes).unwrap();
            assert_eq!(parts.len() > 1, bytes < 8_000);
            let x: Vec<f64> = parts.iter().flat_map(|p| p.x().to_vec()).collect();
            assert_eq!(x, whole.x());
            let rows: Vec<u32> = parts.iter().flat_map(|p| p.rows().to_vec()).collect();
            assert_eq!(rows, whole.rows());
            let seconds: Vec<i64> = parts
                .iter()
                .flat_map(|p| p.times().unwrap().seconds().to_vec())
                .collect();
            assert_eq!(seconds, whole.times().unwrap().seconds());
            let rejected: Vec<_> = parts
                .iter()
                .flat_map(|p| p.rejected().listed().to_vec())
                .collect();
            assert_eq!(rejected, whole.rejected().listed());
            assert!(parts.iter().all(|p| p.crs() == Crs::RD_NEW));
        }
    }
}

#[test]
fn the_share_of_rejected_rows_is_that_of_the_file() {
    let text = table();
    let reader = IncidentReader::new().max_rejected_share(0.01);
    let file = file(text.as_bytes());
    let batches = reader.batches(file.path()).unwrap();
    let all: Vec<_> = batches.batch_bytes(3_000).collect();
    let (last, before) = all.split_last().unwrap();
    assert!(before.iter().all(Result::is_ok) && before.len() > 3);
    let error = last.as_ref().unwrap_err();
    assert_eq!(error.fault(), Some(Fault::TooManyRejected));
    assert!(error.to_string().contains("10 of 400 rows"), "{error}");

    let strict = IncidentReader::new().bad_rows(BadRows::Error);
    let error = with(&strict, text.as_bytes(), 3_000).unwrap_err();
    assert!(
        error.to_string().contains("row 40: missing_coordinate"),
        "{error}"
    );
}

#[test]
fn a_later_batch_that_contradicts_is_an_error() {
    let mut text = String::from("datum,x,y\n");
    for day in [13, 14, 15, 16] {
        text += &format!("{day}/2/2023,143701,486937\n").repeat(20);
    }
    text += &"2/13/2023,143701,486937\n".repeat(20);
    let error = read(text.as_bytes(), 700).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::AmbiguousDate), "{error}");
}

#[test]
fn a_stray_quote_costs_one_row_and_no_more() {
    let mut text = String::from("x,y,note\n");
    text += &"143701,486937,fine\n".repeat(100);
    text += "143701,486937,\"never closed\n";
    text += &"143702,486937,fine\n".repeat(100);
    let parts = read(text.as_bytes(), 900).unwrap();
    let n: usize = parts.iter().map(Incidents::len).sum();
    assert_eq!(n, 200);
    let rejected: Vec<_> = parts
        .iter()
        .flat_map(|p| p.rejected().listed().to_vec())
        .collect();
    assert_eq!(rejected.len(), 1);
    assert_eq!(rejected[0].row, 101);
}

#[test]
fn lines_of_geojson_are_read_in_parts() {
    let line = |i: usize| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"soort\":\"E35\",\"nr\":{i}}},\"geometry\":\
             {{\"type\":\"Point\",\"coordinates\":[{},52.4]}}}}\n",
            5.0 + 1e-4 * i as f64
        )
    };
    let text: String = (0..300).map(line).collect();
    let whole = IncidentReader::new().read_bytes(text.as_bytes()).unwrap();
    let parts = read(text.as_bytes(), 4_000).unwrap();
    assert!(parts.len() > 5);
    let x: Vec<f64> = parts.iter().flat_map(|p| p.x().to_vec()).collect();
    assert_eq!(x, whole.x());
    let kinds = parts
        .iter()
        .all(|p| p.categories().is_some_and(|c| c.get(0) == "E35"));
    assert!(kinds);
    let rows: Vec<u32> = parts.iter().flat_map(|p| p.rows().to_vec()).collect();
    assert_eq!(rows, whole.rows());
}

#[test]
fn what_cannot_be_cut_is_refused() {
    let fault = |content: &[u8]| read(content, 1_000).unwrap_err().fault();
    let collection = br#"{"type":"FeatureCollection","features":[]}"#;
    assert_eq!(fault(collection), Some(Fault::UnknownFormat));
    assert_eq!(fault(b"PK\x03\x04"), Some(Fault::UnknownFormat));
    assert_eq!(fault(b""), Some(Fault::EmptyFile));
    assert_eq!(fault(b"x;y\n"), Some(Fault::NoRows));
    assert_eq!(fault(b"\xff\xfex\0,\0y\0"), Some(Fault::Encoding));
    assert_eq!(fault(b"x;y\n\n\n"), Some(Fault::NoRows));
    let missing = IncidentReader::new().batches("/nowhere/at/all.csv");
    assert!(matches!(missing, Err(Error::File { .. })));
}
