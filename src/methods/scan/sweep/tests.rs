use super::*;
use crate::methods::scan::likelihood::Likelihood;
use crate::methods::scan::model::ScanFor;
use crate::methods::scan::shape::ScanShape;
use crate::methods::scan::zones::{Extent, Places};

/// Ten units in a row with as many people, five cases at either end and one in each between.
fn field(workers: &Workers) -> Field {
    let x: Vec<f64> = (0..10).map(f64::from).collect();
    let places = Places {
        x: &x,
        y: &[0.0; 10],
        people: &[1.0; 10],
    };
    let outlines = ScanShape::Circle.outlines().unwrap();
    let extent = Extent {
        share: 0.5,
        radius: f64::INFINITY,
    };
    let zones = Zones::grow(places, outlines, None, extent, workers).unwrap();
    let rule = Rule {
        likelihood: Likelihood::Poisson { cases: 18.0 },
        sides: ScanFor::High,
        least: 2.0,
    };
    Field {
        ladder: Ladder::new(&rule, &zones.penalties(), workers).unwrap(),
        zones,
        rule,
        steps: 1,
        measures: vec![1.8; 10],
    }
}

/// Both ends stand out alike: the first is told, however many pieces the work is cut into.
#[test]
fn the_first_of_the_best_is_found_in_any_number_of_pieces() {
    let workers = Workers::new(2).unwrap();
    let field = field(&workers);
    let counts = [5, 1, 1, 1, 1, 1, 1, 1, 1, 5].map(|count| [count]);
    // What is looked at many times is looked at in many pieces.
    for (looks, many) in [(1, false), (60_000, true)] {
        let spans = vec![(0, 0); looks];
        let pieces = field.pieces(&spans);
        assert_eq!(pieces > 2, many, "{pieces}");
        let walks = (0..pieces).flat_map(|piece| field.walks(piece, &spans));
        assert!(walks.eq(0..10));
        let [best] = field.best(&counts, &spans, &workers).unwrap();
        let want = 5.0 * (5.0f64 / 1.8).ln() + 13.0 * (13.0f64 / 16.2).ln();
        assert!((best.ratio - want).abs() < 1e-12, "{best:?}");
        assert_eq!((best.walk, best.length, best.span), (0, 1, (0, 0)));
    }
}
