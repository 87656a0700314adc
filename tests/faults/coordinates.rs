//! Places that are none, or are in another system than they say.

use brandpunt::index::{NeighbourhoodIndex, StudyArea, count};
use brandpunt::io::NeighbourhoodReader;
use brandpunt::methods::density::KernelDensity;
use brandpunt::weights::Weights;
use brandpunt::{Crs, Incidents, Workers};
use geo_types::{MultiPolygon, line_string, polygon};

use super::{areas, read, reader, refusal, rejected, tiles};

#[test]
fn fault_01_non_finite_coordinate() {
    let text =
        "id;x;y\n1;143701;486937\n2;NaN;486937\n3;143701;inf\n4;-Infinity;1\n5;1e999;486937\n";
    let incidents = read(text).unwrap();
    assert_eq!(
        rejected(&incidents),
        [2, 3, 4, 5].map(|row| (row, "non_finite_coordinate"))
    );
    let (nan, inf) = (f64::NAN, f64::INFINITY);
    let columns = Incidents::builder(vec![1.0, nan, 3.0], vec![1.0, 2.0, -inf], Crs::PLANAR);
    let incidents = columns.max_rejected_share(1.0).build().unwrap();
    assert_eq!(
        rejected(&incidents),
        [(1, "non_finite_coordinate"), (2, "non_finite_coordinate")]
    );
    // What is asked with such a number is answered or refused, never a wrong yes.
    let index = NeighbourhoodIndex::build(&tiles(2, 2)).unwrap();
    assert_eq!(index.locate(nan, 480_500.0), None);
    assert_eq!(index.locate(inf, inf), None);
    assert!(Weights::nearest(&[0.0, nan, 2.0], &[0.0; 3], 1).is_err());
    let bent = line_string![(x: 0.0, y: 0.0), (x: nan, y: 1.0), (x: 1.0, y: 1.0), (x: 0.0, y: 0.0)];
    let shape = MultiPolygon::new(vec![geo_types::Polygon::new(bent, Vec::new())]);
    let (_, text) = refusal(areas(vec![shape]));
    assert!(text.contains("A00"), "{text}");
}

#[test]
fn fault_02_missing_coordinate() {
    let text =
        "id;x;y\n1;143701;486937\n2;;486937\n3;143701;\n4;None;486937\n5;#N/A;#VERW!\n6;n/a;.\n";
    let incidents = read(text).unwrap();
    let reasons = rejected(&incidents);
    assert_eq!(reasons.len(), 5);
    for (row, reason) in reasons {
        // A spreadsheet's error literal is no number rather than nothing.
        let wanted = if row == 5 {
            "unparseable_number"
        } else {
            "missing_coordinate"
        };
        assert_eq!(reason, wanted, "row {row}");
    }
    let text = r#"{"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [5.2, 52.3]}},
        {"type": "Feature", "properties": {}, "geometry": null}]}"#;
    assert_eq!(rejected(&read(text).unwrap()), [(2, "missing_coordinate")]);
}

#[test]
fn fault_03_null_island() {
    for text in [
        "id;x;y\n1;143701;486937\n2;0;0\n3;0.0;-0\n",
        "id;lon;lat\n1;5.26;52.37\n2;0;0\n3;0.0;-0\n",
    ] {
        let incidents = read(text).unwrap();
        assert_eq!(
            rejected(&incidents),
            [(2, "null_island"), (3, "null_island")]
        );
    }
    // On a plane without a place on earth, the origin is a place like any other.
    let columns = Incidents::builder(vec![0.0, 1.0], vec![0.0, 1.0], Crs::PLANAR);
    assert_eq!(columns.build().unwrap().len(), 2);
}

#[test]
fn fault_04_axes_swapped() {
    for (text, rows) in [
        ("id;x;y\n1;486937;143701\n2;486938;143702\n", "2"),
        (
            "id;lon;lat\n1;52.37;5.26\n2;52.38;5.27\n3;52.39;5.28\n",
            "3",
        ),
    ] {
        let (code, message) = refusal(read(text));
        assert_eq!(code, "axes_swapped");
        assert!(message.contains(rows), "{message}");
    }
    let shape = polygon![(x: 480_000.0, y: 140_000.0), (x: 481_000.0, y: 140_000.0), (x: 480_000.0, y: 141_000.0)];
    assert_eq!(
        refusal(areas(vec![MultiPolygon::new(vec![shape])])).0,
        "axes_swapped"
    );
}

#[test]
fn fault_05_some_rows_in_another_system() {
    let text = "id;x;y\n1;143701;486937\n2;5.26;52.37\n3;143702;486938\n4;-0.5;190000000\n";
    let incidents = read(text).unwrap();
    assert_eq!(
        rejected(&incidents),
        [(2, "outside_crs_bounds"), (4, "outside_crs_bounds")]
    );
    assert!(incidents.rejected().listed()[0].detail.contains("5.26"));
}

#[test]
fn fault_06_degrees_where_metres_are_needed() {
    let (code, _) = refusal(
        reader()
            .crs(Crs::RD_NEW)
            .read_bytes(b"id;x;y\n1;5.26;52.37\n2;5.27;52.38\n"),
    );
    assert_eq!(code, "coordinates_out_of_crs_range");
    let incidents = read("id;lon;lat\n1;5.26;52.37\n2;5.27;52.38\n").unwrap();
    let (_, text) = refusal(KernelDensity::new(300.0).run(&incidents));
    assert!(text.contains("EPSG:28992"), "{text}");
    let hoods = tiles(2, 2).to_crs(Crs::WGS84).unwrap();
    let workers = Workers::new(1).unwrap();
    assert!(hoods.area_km2().is_err());
    assert!(StudyArea::new(&hoods, &workers).is_err());
}

#[test]
fn fault_07_metres_labelled_degrees() {
    let (code, text) = refusal(read("id;lon;lat\n1;143701;486937\n2;143702;486938\n"));
    assert_eq!(code, "coordinates_out_of_crs_range");
    assert!(text.contains("EPSG:28992"), "{text}");
    let columns = Incidents::builder(vec![143_701.0], vec![486_937.0], Crs::WGS84);
    assert!(refusal(columns.build()).1.contains("EPSG:28992"));
}

#[test]
fn fault_08_system_missing_or_different() {
    let degrees = read("id;lon;lat\n1;5.26;52.37\n").unwrap();
    let (code, text) = refusal(count(
        &degrees,
        &tiles(2, 2),
        None,
        &Workers::new(1).unwrap(),
    ));
    assert_eq!(code, "crs_mismatch");
    assert!(
        text.contains("EPSG:4326") && text.contains("EPSG:28992"),
        "{text}"
    );
    let square = |scale: f64| {
        let [a, b] = [140_000.0 * scale, 141_000.0 * scale];
        format!(
            r#"{{"type": "FeatureCollection", "features": [{{"type": "Feature", "properties": {{"code": "A"}},
            "geometry": {{"type": "Polygon", "coordinates": [[[{a}, {a}], [{b}, {a}], [{b}, {b}], [{a}, {a}]]]}}}}]}}"#
        )
    };
    let hoods = NeighbourhoodReader::new();
    let as_degrees = hoods.read_bytes(square(1e-4).as_bytes()).unwrap();
    assert_eq!(as_degrees.crs(), Crs::WGS84);
    assert_eq!(
        refusal(hoods.read_bytes(square(1.0).as_bytes())).0,
        "coordinates_out_of_crs_range"
    );
}

#[test]
fn fault_09_spans_the_antimeridian() {
    let text = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "A"},
        "geometry": {"type": "Polygon", "coordinates": [[[-179.5, 10], [179.5, 10], [179.5, 11], [-179.5, 10]]]}}]}"#;
    let (code, message) = refusal(NeighbourhoodReader::new().read_bytes(text.as_bytes()));
    assert_eq!(code, "spans_antimeridian");
    assert!(message.contains("`A`"), "{message}");
}
