use std::f64::consts::PI;

use geo_types::{Coord, LineString, MultiPolygon, Polygon, Rect, coord};
use proptest::prelude::*;

use super::*;
use crate::model::{Crs, Neighbourhoods};
use crate::parallel::Workers;

fn study(polygon: Polygon<f64>) -> StudyArea {
    let code = vec!["a".to_owned()];
    let shapes = vec![MultiPolygon(vec![polygon])];
    let areas = Neighbourhoods::new(code.clone(), code, shapes, Crs::PLANAR).unwrap();
    StudyArea::new(&areas, &Workers::new(1).unwrap()).unwrap()
}

fn square(side: f64) -> StudyArea {
    let corner = coord! { x: -side, y: -side };
    study(Rect::new(corner, coord! { x: side, y: side }).to_polygon())
}

fn within(area: &StudyArea, spacing: f64, sites: &[[f64; 2]], distance: f64) -> f64 {
    let ground = Ground::Lines(Lines::through(area, spacing).unwrap());
    ground.within(sites, &[distance]).unwrap()[0] * 1e6
}

/// The stated bound on the error of one disc, and on that of a part of it.
fn bound(spacing: f64, radius: f64) -> f64 {
    0.4 * (spacing / radius).powf(1.5) * PI * radius * radius
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_disc_has_its_area_within_the_stated_bound(
        x in -500.0..500.0f64, y in -500.0..500.0f64,
        radius in 50.0..400.0f64, fine in 10.0..80.0f64,
    ) {
        let spacing = radius / fine;
        let got = within(&square(1000.0), spacing, &[[x, y]], radius);
        prop_assert!((got - PI * radius * radius).abs() < bound(spacing, radius));
    }

    #[test]
    fn the_ground_of_several_sites_is_what_a_raster_finds(
        sites in prop::collection::vec((-900.0..900.0f64, -900.0..900.0f64), 1..8),
        radius in 100.0..500.0f64,
    ) {
        let mut sites: Vec<[f64; 2]> = sites.iter().map(|s| [s.0, s.1]).collect();
        sites.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let got = within(&square(1000.0), 2.0, &sites, radius);
        let side = 10.0;
        let centres = || (0..200).map(|i| -1000.0 + side * (f64::from(i) + 0.5));
        let inside = centres()
            .flat_map(|x| centres().map(move |y| (x, y)))
            .filter(|(x, y)| sites.iter().any(|s| (s[0] - x).hypot(s[1] - y) < radius))
            .count() as f64 * side * side;
        // A cell that the border of a disc crosses counts whole or not at all.
        let border = 2.0 * PI * radius * sites.len() as f64;
        prop_assert!((got - inside).abs() < 0.5 * border * side, "{got} {inside}");
    }
}

#[test]
fn discs_that_overlap_count_once() {
    let (radius, apart) = (200.0f64, 150.0f64);
    let lens = 2.0 * radius * radius * (apart / (2.0 * radius)).acos()
        - 0.5 * apart * (4.0 * radius * radius - apart * apart).sqrt();
    let union = 2.0 * PI * radius * radius - lens;
    for sites in [
        [[-75.0, 3.0], [75.0, 3.0]],
        [[3.0, 75.0], [3.0, -75.0]],
        [[-45.0, -60.0], [45.0, 60.0]],
    ] {
        let got = within(&square(1000.0), 2.0, &sites, radius);
        assert!(
            (got - union).abs() < 2.0 * bound(2.0, radius),
            "{got} {union}"
        );
    }
}

#[test]
fn what_lies_beyond_the_border_does_not_count() {
    let (radius, inside) = (200.0f64, 60.0f64);
    let segment = radius * radius * (inside / radius).acos()
        - inside * (radius * radius - inside * inside).sqrt();
    let left = PI * radius * radius - segment;
    // The western, the southern and a slanting border.
    let diamond = study(Polygon::new(
        LineString::from(vec![
            (0.0, -2000.0),
            (2000.0, 0.0),
            (0.0, 2000.0),
            (-2000.0, 0.0),
        ]),
        vec![],
    ));
    let toward = 1000.0 - inside / 2f64.sqrt();
    for (area, site) in [
        (square(1000.0), [-1000.0 + inside, 0.0]),
        (square(1000.0), [0.0, -1000.0 + inside]),
        (diamond, [toward, toward]),
    ] {
        let got = within(&area, 2.0, &[site], radius);
        assert!(
            (got - left).abs() < bound(2.0, radius),
            "{site:?}: {got} {left}"
        );
    }
}

#[test]
fn the_whole_is_the_study_area_with_its_holes() {
    let ring = |side: f64| {
        let corners = [(-side, -side), (side, -side), (side, side), (-side, side)];
        LineString::from(corners.map(Coord::from).to_vec())
    };
    let area = study(Polygon::new(ring(1000.0), vec![ring(300.0)]));
    let lines = Lines::through(&area, 10.0).unwrap();
    assert_eq!(lines.spacing(), 10.0);
    let ground = Ground::Lines(lines);
    assert!((ground.total() - 3.64).abs() < 1e-12);
    let all = ground.within(&[[0.0, 0.0]], &[300.0, 1e4]).unwrap();
    assert_eq!(all[0], 0.0, "the disc fills no more than the hole");
    assert!((all[1] - 3.64).abs() < 1e-12);
}

#[test]
fn points_must_lie_nearer_than_the_distance() {
    let ground = Ground::Points {
        x: vec![0.0, 3.0, 6.0],
        y: vec![0.0, 4.0, 8.0],
        weight: vec![1.0, 2.0, 4.0],
    };
    let got = ground
        .within(&[[0.0, 0.0]], &[0.0, 5.0, 5.1, 20.0])
        .unwrap();
    assert_eq!(got, [0.0, 1.0, 3.0, 7.0]);
    assert_eq!(ground.total(), 7.0);
}

#[test]
fn lines_cannot_be_too_many() {
    let refused = Lines::through(&square(1e6), 0.5);
    assert!(matches!(
        refused,
        Err(Error::Parameter {
            name: "spacing",
            ..
        })
    ));
}
