//! Files in another hand, half a file, files that nest, swell or lie.

use std::io::Write as _;

use brandpunt::io::{self, IncidentReader, NeighbourhoodReader};
use brandpunt::{Error, WarningCode};

use super::locations::warned;
use super::{read, reader, refusal, rejected};

#[test]
fn fault_31_semicolons_and_decimal_commas() {
    let incidents = read("id;x;y\n1;143701,25;486937,5\n2;143.702,75;486.938,5\n").unwrap();
    assert_eq!(incidents.x(), [143_701.25, 143_702.75]);
    let incidents = read("id,x,y\n1,143701.25,486937.5\n2,143702.75,486938.5\n").unwrap();
    assert_eq!(incidents.x(), [143_701.25, 143_702.75]);
    let thousands = "id;x;y\n1;121.687;487.500\n";
    let (code, text) = refusal(read(thousands));
    assert_eq!(code, "ambiguous_number");
    assert!(text.contains("row 1") && text.contains("decimal"), "{text}");
    let told = reader()
        .decimal(',')
        .read_bytes(thousands.as_bytes())
        .unwrap();
    assert_eq!(told.x(), [121_687.0]);
}

#[test]
fn fault_32_text_in_another_encoding() {
    let plain = "id;soort;x;y\n1;café;143701;486937\n";
    let marked = [b"\xef\xbb\xbf", plain.as_bytes()].concat();
    let incidents = read(&marked).unwrap();
    assert_eq!(
        incidents.ids().unwrap().get(0),
        "1",
        "the mark is no part of the first name"
    );
    let western = b"id;soort;x;y\n1;caf\xe9;143701;486937\n2;caf\xe9;143701;486937\n";
    let (code, text) = refusal(read(western));
    assert_eq!(code, "encoding");
    assert!(
        text.contains("row 1") && text.contains("byte 18") && text.contains("cp1252"),
        "{text}"
    );
    let wide: Vec<u8> = std::iter::once(0xfeff)
        .chain(plain.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let (code, text) = refusal(read(&wide));
    assert_eq!(code, "encoding");
    assert!(text.contains("utf-16le"), "{text}");
    for (bytes, encoding) in [(&western[..], "cp1252"), (&wide, "utf-16le")] {
        let told = reader().encoding(encoding).read_bytes(bytes).unwrap();
        assert_eq!(told.categories().unwrap().get(0), "café");
    }
    // One bad row among good ones costs that row.
    let mut mixed = plain.as_bytes().to_vec();
    for i in 2..30 {
        writeln!(mixed, "{i};geluid é;143701;486937").unwrap();
    }
    mixed.extend_from_slice(b"30;caf\xe9;143701;486937\n");
    assert_eq!(rejected(&read(&mixed).unwrap()), [(30, "invalid_utf8")]);
}

#[test]
fn fault_33_rows_of_every_make() {
    let mut text = b"id;soort;x;y\n1;a;143701;486937\n2;a;143701\n3;a;143701;486937;9\n".to_vec();
    text.extend_from_slice(b"4;\"a \"\"b\"\"\nc\";143701;486937\n5;a\0;143701;486937\n6;");
    text.extend(std::iter::repeat_n(b'z', (1 << 20) + 1));
    text.extend_from_slice(b";143701;486937\n7;");
    text.extend(std::iter::repeat_n(b'z', 200_000));
    text.extend_from_slice(b";143701;486937\n8;\"never closed;143701;486937\n9;a;143701;486937\n");
    let incidents = read(&text).unwrap();
    assert_eq!(
        rejected(&incidents),
        [
            (2, "wrong_field_count"),
            (3, "wrong_field_count"),
            (5, "nul_byte"),
            (6, "field_too_long"),
            (8, "truncated_row")
        ]
    );
    let kinds = incidents.categories().unwrap();
    assert_eq!(kinds.get(1), "a \"b\"\nc");
    assert_eq!(kinds.get(2).len(), 200_000);
    assert_eq!(incidents.len(), 4);
    for row in incidents.rejected().listed() {
        assert!(row.detail.chars().count() < 300, "{}", row.detail.len());
    }
}

#[test]
fn fault_34_half_a_file() {
    let whole = "id;x;y\n1;143701;486937\n2;143702;486938\n";
    // Cut within a field, or within a number that then lies elsewhere; never taken as it stands.
    for (cut, reason) in [(8, "truncated_row"), (3, "outside_crs_bounds")] {
        let incidents = read(&whole[..whole.len() - cut]).unwrap();
        assert_eq!(rejected(&incidents), [(2, reason)]);
    }
    let json = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "A"},
        "geometry": {"type": "Polygon", "coordinates": [[[5.2, 52.3], [5.3, 52.3], [5.3, 52.4], [5.2, 52.3]]]}}]}"#;
    let hoods = NeighbourhoodReader::new();
    assert_eq!(hoods.read_bytes(json.as_bytes()).unwrap().len(), 1);
    for end in 60..json.len() {
        let (code, text) = refusal(hoods.read_bytes(&json.as_bytes()[..end]));
        assert_eq!(code, "truncated_json", "{text}");
        assert!(text.contains(&format!("byte {end}")), "{text}");
    }
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(whole.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    assert_eq!(read(&packed).unwrap().len(), 2);
    for end in 3..packed.len() {
        assert_eq!(refusal(read(&packed[..end])).0, "damaged_file", "{end}");
    }
}

#[test]
fn fault_35_levels_without_end() {
    let features = r#"{"type":"FeatureCollection","features":[{"geometry":{"coordinates":"#;
    for deep in [
        r#"{"a":"#.repeat(100_000),
        format!("{features}{}", "[".repeat(100_000)),
    ] {
        assert_eq!(refusal(read(&deep)).0, "nesting_too_deep");
        let areas = NeighbourhoodReader::new().read_bytes(deep.as_bytes());
        assert_eq!(refusal(areas).0, "nesting_too_deep");
    }
}

#[test]
fn fault_36_files_that_swell_or_lie() {
    // A gigabyte of nothing in a megabyte.
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(b"id;x;y\n").unwrap();
    let zeros = vec![b'1'; 1 << 20];
    for _ in 0..64 {
        packed.write_all(&zeros).unwrap();
    }
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 1 << 18);
    let limited = IncidentReader::new().max_bytes(1 << 20);
    assert!(matches!(
        limited.read_bytes(&packed),
        Err(Error::TooLarge { .. })
    ));
    // Names and first bytes that promise something else.
    for (bytes, code) in [
        (&b"PK\x03\x04 id;x;y"[..], "unknown_format"),
        (b"PAR1\0\0PAR1", "unknown_format"),
        (b"SQLite format 3\0 and nothing more", "damaged_file"),
        (b"\x1f\x8b\x08", "damaged_file"),
        (b"<html><body>404</body></html>", "unknown_format"),
        (b"", "empty_file"),
    ] {
        assert_eq!(refusal(read(bytes)).0, code, "{bytes:?}");
    }
    lying_geometry();
}

/// A geometry that announces four milliard rings in nine bytes.
#[cfg(feature = "geopackage")]
fn lying_geometry() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("lie.gpkg");
    let file = rusqlite::Connection::open(&path).unwrap();
    file.execute_batch(
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT,
             organization_coordsys_id INTEGER, definition TEXT);
         CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
         INSERT INTO gpkg_geometry_columns VALUES ('a', 'geom', 28992);
         CREATE TABLE a (code TEXT, geom BLOB);
         INSERT INTO a VALUES ('A', x'47500001407100000103000000ffffffff');",
    )
    .unwrap();
    drop(file);
    let (code, text) = refusal(io::read_neighbourhoods(&path));
    assert_eq!(code, "damaged_file");
    assert!(text.contains("feature 1"), "{text}");
}

#[cfg(not(feature = "geopackage"))]
fn lying_geometry() {}

#[test]
fn fault_47_numbers_beyond_a_double_and_keys_that_come_twice() {
    let feature = |properties: &str, at: &str| {
        format!(
            r#"{{"type": "FeatureCollection", "features": [{{"type": "Feature", "id": 1, "properties": {properties},
            "geometry": {{"type": "Point", "coordinates": {at}}}}}]}}"#
        )
    };
    let big = feature(r#"{"id": 9007199254740993}"#, "[5.2, 52.3]");
    assert_eq!(
        read(&big).unwrap().ids().unwrap().get(0),
        "9007199254740993"
    );
    assert_eq!(
        refusal(read(feature("{}", "[1e400, 52.3]"))).0,
        "number_out_of_range"
    );
    let twice = feature(
        r#"{"id": "first", "soort": "a", "id": "last"}"#,
        "[5.2, 52.3]",
    );
    let incidents = read(&twice).unwrap();
    assert_eq!(incidents.ids().unwrap().get(0), "last");
    let warning = warned(incidents.warnings(), WarningCode::Input);
    assert!(warning.message.contains("`id`"), "{warning:?}");
}
