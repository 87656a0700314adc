//! Areas that overlap, cross themselves, touch nothing, come twice, or are of another year.

use brandpunt::index::{NeighbourhoodIndex, overlaps, require_apart, topology_warnings};
use brandpunt::io::{NeighbourhoodReader, PopulationReader};
use brandpunt::methods::local::{Gi, GiStar, LocalMoran};
use brandpunt::weights::{Contiguity, Weights};
use brandpunt::{AreaNumbers, Crosswalk, Crs, Exposure, Neighbourhoods, WarningCode, Workers};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::locations::warned;
use super::{areas, block, codes, refusal, tiles};

const WEST: f64 = 140_000.0;
const SOUTH: f64 = 480_000.0;

fn ring(corners: &[(f64, f64)]) -> LineString<f64> {
    let at = |&(x, y): &(f64, f64)| Coord {
        x: WEST + x,
        y: SOUTH + y,
    };
    corners.iter().map(at).collect()
}

fn shape(corners: &[(f64, f64)]) -> MultiPolygon<f64> {
    MultiPolygon::new(vec![Polygon::new(ring(corners), Vec::new())])
}

fn at(west: f64, south: f64, side: f64) -> MultiPolygon<f64> {
    block(
        WEST + west,
        SOUTH + south,
        WEST + west + side,
        SOUTH + south + side,
    )
}

#[test]
fn fault_14_areas_that_overlap() {
    let workers = Workers::new(1).unwrap();
    let hoods = areas(vec![
        at(0.0, 0.0, 100.0),
        at(90.0, 0.0, 100.0),
        at(300.0, 0.0, 50.0),
    ])
    .unwrap();
    let found = overlaps(&hoods, &workers).unwrap();
    assert_eq!((found.len(), found[0].a, found[0].b), (1, 0, 1));
    assert!((found[0].m2 - 1_000.0).abs() < 1e-6, "{found:?}");
    let warnings = topology_warnings(&hoods, &workers).unwrap();
    let warning = warned(&warnings, WarningCode::OverlappingAreas);
    assert!(
        warning.message.contains("A00 and A01 by 1000.0 m2"),
        "{warning:?}"
    );
    // Whoever wants it has an error.
    let (code, text) = refusal(require_apart(&hoods, &workers));
    assert_eq!(code, "overlapping_areas");
    assert!(text.contains("A00 and A01 by 1000.0 m2"), "{text}");
    require_apart(&tiles(3, 3), &workers).unwrap();
    // What the noise of drawing makes is none: a tenth of a millimetre along a side.
    let noise = areas(vec![at(0.0, 0.0, 1_000.0), at(999.999_9, 0.0, 1_000.0)]).unwrap();
    assert!(overlaps(&noise, &workers).unwrap().is_empty());
    require_apart(&noise, &workers).unwrap();
    let index = NeighbourhoodIndex::build(&hoods).unwrap();
    assert_eq!(index.locate(WEST + 95.0, SOUTH + 5.0), Some(0));
}

#[test]
fn fault_15_polygons_that_are_none() {
    let bowtie = [
        (0.0, 0.0),
        (10.0, 10.0),
        (10.0, 0.0),
        (0.0, 10.0),
        (0.0, 0.0),
    ];
    let (code, text) = refusal(areas(vec![at(50.0, 0.0, 10.0), shape(&bowtie)]));
    assert_eq!(code, "invalid_polygon");
    assert!(text.contains("`A01`") && text.contains("140005"), "{text}");
    let repaired =
        Neighbourhoods::repaired(codes(1), codes(1), vec![shape(&bowtie)], Crs::RD_NEW).unwrap();
    let warning = warned(repaired.warnings(), WarningCode::RepairedGeometry);
    // Two triangles of 25 m2 where the halves took each other away.
    assert!((repaired.area_km2().unwrap()[0] * 1e6 - 50.0).abs() < 1e-9);
    assert!(warning.message.contains("50"), "{warning:?}");
    for corners in [
        &[(0.0, 0.0), (1.0, 0.0)][..],
        &[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)],
        &[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, -1.0), (0.0, 4.0)],
    ] {
        assert_eq!(
            refusal(areas(vec![shape(corners)])).0,
            "invalid_polygon",
            "{corners:?}"
        );
    }
    let open = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "A"},
        "geometry": {"type": "Polygon", "coordinates": [[[5.2, 52.3], [5.3, 52.3], [5.3, 52.4], [5.2, 52.4]]]}}]}"#;
    let reader = NeighbourhoodReader::new();
    assert_eq!(
        refusal(reader.read_bytes(open.as_bytes())).0,
        "unclosed_ring"
    );
    assert_eq!(
        reader
            .repair(true)
            .read_bytes(open.as_bytes())
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn fault_16_holes_parts_and_enclaves() {
    let mut outer = at(0.0, 0.0, 100.0);
    outer.0[0].interiors_push(ring(&[
        (40.0, 40.0),
        (60.0, 40.0),
        (60.0, 60.0),
        (40.0, 60.0),
    ]));
    outer.0.extend(at(200.0, 0.0, 20.0));
    let hoods = areas(vec![outer, at(40.0, 40.0, 20.0), at(-50.0, 0.0, 50.0)]).unwrap();
    let index = NeighbourhoodIndex::build(&hoods).unwrap();
    assert_eq!(index.locate(WEST + 50.0, SOUTH + 50.0), Some(1));
    assert_eq!(index.locate(WEST + 30.0, SOUTH + 50.0), Some(0));
    assert_eq!(index.locate(WEST + 210.0, SOUTH + 10.0), Some(0));
    let weights = Weights::queen(&hoods).unwrap();
    assert_eq!(weights.cardinalities(), [2, 1, 1]);
    // One neighbour can have few values, so the exact p-value of an enclave has a floor.
    let gi = GiStar::new()
        .run(&[5.0, 9.0, 0.0], &weights.include_self())
        .unwrap();
    assert!(gi.p[1] >= 1.0 / 2.0 || gi.p[1].is_nan(), "{:?}", gi.p);
}

#[test]
fn fault_17_slivers_between_neighbours() {
    let hoods = areas(vec![
        at(0.0, 0.0, 100.0),
        at(100.001, 0.0, 100.0),
        at(200.101, 0.0, 50.0),
    ])
    .unwrap();
    assert!((Contiguity::SNAP - 0.01).abs() < 1e-15);
    assert_eq!(Weights::queen(&hoods).unwrap().cardinalities(), [1, 1, 0]);
    assert_eq!(
        Contiguity::queen().snap(0.0).build(&hoods).unwrap().pairs(),
        0
    );
    assert_eq!(Contiguity::queen().snapped(&hoods).unwrap(), [(0, 1)]);
}

#[test]
fn fault_18_areas_without_neighbours() {
    let mut shapes = tiles(3, 3).shapes().to_vec();
    shapes.push(at(20_000.0, 0.0, 1_000.0));
    let hoods = areas(shapes).unwrap();
    let weights = Weights::queen(&hoods).unwrap();
    assert_eq!(weights.islands(), [9]);
    let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 30.0];
    let star = GiStar::new().run(&values, &weights.include_self()).unwrap();
    // By itself alone it has a z, but it is no test and takes no part in the correction.
    assert!(star.z[9].is_finite() && star.p[9].is_nan() && star.q[9].is_nan());
    assert_eq!((star.tests, star.hotspot_class[9]), (9, 0));
    warned(&star.warnings, WarningCode::Islands);
    let gi = Gi::new().run(&values, &weights).unwrap();
    let moran = LocalMoran::new().run(&values, &weights).unwrap();
    assert!(gi.z[9].is_nan() && gi.p[9].is_nan() && moran.p[9].is_nan());
    assert_eq!((gi.tests, moran.tests), (9, 9));
    warned(&gi.warnings, WarningCode::Islands);
    warned(&moran.warnings, WarningCode::Islands);
}

#[test]
fn fault_19_codes_that_come_twice_and_shapes_that_do_not_come() {
    let twice = vec!["A".to_owned(), "B".to_owned(), "A".to_owned()];
    let shapes = vec![at(0.0, 0.0, 1.0), at(2.0, 0.0, 1.0), at(4.0, 0.0, 1.0)];
    let (code, text) = refusal(Neighbourhoods::new(
        twice.clone(),
        twice,
        shapes,
        Crs::RD_NEW,
    ));
    assert_eq!(code, "duplicate_area_code");
    assert!(
        text.contains("`A`") && text.contains('0') && text.contains('2'),
        "{text}"
    );
    let (code, text) = refusal(areas(vec![
        at(0.0, 0.0, 1.0),
        MultiPolygon::new(Vec::new()),
    ]));
    assert_eq!(code, "missing_geometry");
    assert!(text.contains("A01"), "{text}");
}

#[test]
fn fault_21_areas_missing_in_one_table() {
    let hoods = tiles(5, 8);
    let table = |from: usize| {
        let rows = codes(40).split_off(from).join(";100\n");
        let mut text = format!("code;inwoners\n{rows};100\n");
        text += "Z99;5\n";
        PopulationReader::new().read_bytes(text.as_bytes()).unwrap()
    };
    // One of forty: unknown, and told, as is the row that fits no area.
    let joined = table(1).join(hoods.clone()).unwrap();
    assert_eq!(
        joined.exposure("inhabitants", None).unwrap().values[0],
        None
    );
    let told: Vec<&str> = joined
        .warnings()
        .iter()
        .map(|w| w.message.as_str())
        .collect();
    assert!(told.iter().any(|text| text.contains("A00")), "{told:?}");
    assert!(told.iter().any(|text| text.contains("Z99")), "{told:?}");
    // Three of forty are more than 5 %.
    let (code, text) = refusal(table(3).join(hoods));
    assert_eq!(code, "area_mismatch");
    assert!(text.contains("A00") && text.contains("Z99"), "{text}");
}

#[test]
fn fault_50_areas_of_another_year() {
    let hoods = tiles(2, 1);
    let numbers = AreaNumbers::new(codes(2), vec![3.0, 4.0], Some(2017)).unwrap();
    let (code, text) = refusal(numbers.for_areas(&hoods.clone().with_vintage(Some(2024))));
    assert_eq!(code, "vintage_mismatch");
    assert!(
        text.contains("2017") && text.contains("2024") && text.contains("crosswalk"),
        "{text}"
    );
    let unsure = numbers.for_areas(&hoods).unwrap();
    warned(unsure.warnings(), WarningCode::AreaVintage);
    let shares = vec![
        ("A00".to_owned(), "A00".to_owned(), 1.0),
        ("A01".to_owned(), "A01".to_owned(), 0.5),
        ("A01".to_owned(), "A00".to_owned(), 0.5),
    ];
    let crosswalk = Crosswalk::new(&shares, 2017, 2024).unwrap();
    let carried = crosswalk.carry(&numbers).unwrap();
    assert_eq!(
        (carried.values(), carried.vintage()),
        (&[5.0, 2.0][..], Some(2024))
    );
    assert!(crosswalk.carry(&carried).is_err());
    let of_2024 = Exposure::new("inhabitants", Some(2024), vec![Some(100.0); 2]);
    let known = hoods
        .with_vintage(Some(2024))
        .with_exposure(of_2024)
        .unwrap();
    assert_eq!(
        carried.for_areas(&known).unwrap().warnings().len(),
        carried.warnings().len()
    );
}
