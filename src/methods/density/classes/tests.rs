use ndarray::Array2;
use proptest::prelude::*;

use super::*;
use crate::methods::density::Kernel;
use crate::model::{Bounds, Crs, Grid};

fn surface(values: Vec<f64>) -> Surface {
    let side = values.len() as f64 * 10.0 - 5.0;
    let grid = Grid::covering(Bounds::new(0.0, 0.0, side, 5.0), 10.0, Crs::PLANAR).unwrap();
    let values = Array2::from_shape_vec((1, values.len()), values).unwrap();
    Surface::new(grid, values, Kernel::Quartic, 100.0).unwrap()
}

#[test]
fn ends_are_round_and_worked_by_hand() {
    let values = vec![f64::NAN, 0.0, 0.3, 1.0, 4.0, 9.0, 9.0, 30.0, 87.0];
    let surface = surface(values);
    let ends = |method, most| surface.classes(method, most).unwrap().breaks().to_vec();
    assert_eq!(ends(Classification::Geometric, 5), [5.0, 10.0, 20.0, 50.0]);
    // 87 / 5 is above 10 and not above 20.
    assert_eq!(ends(Classification::Equal, 5), [20.0, 40.0, 60.0, 80.0]);
    // The quarters start at 1, 9 and 30 of 0.3 1 4 9 9 30 87; 30 is nearer to 20 than to 50.
    assert_eq!(ends(Classification::Quantile, 4), [1.0, 10.0, 20.0]);
}

#[test]
fn no_class_is_cut_where_nothing_lies() {
    let low = surface(vec![7.0, 8.0, 9.0])
        .classes(Classification::Geometric, 5)
        .unwrap();
    assert_eq!(low.labels(), ["none in reach", "above 0"]);
    let nothing = surface(vec![0.0, f64::NAN]);
    for method in Classification::ALL {
        let classes = nothing.classes(method, 5).unwrap();
        assert_eq!(classes.labels(), ["none in reach", "above 0"]);
        assert_eq!(
            (classes.class_of(0.0), classes.class_of(f64::NAN)),
            (Some(0), None)
        );
        assert!(nothing.classes(method, 0).is_err());
    }
    assert!(Classification::named("jenks").is_err());
}

proptest! {
    #[test]
    fn every_density_lies_in_the_range_of_its_class(
        values in prop::collection::vec(0.0f64..1.0, 1..60),
        power in -8i32..8,
        which in 0usize..3,
        most in 1usize..9,
    ) {
        let method = Classification::ALL[which];
        let values: Vec<f64> = values.iter().map(|v| v.powi(3) * 10f64.powi(power)).collect();
        let classes = surface(values.clone()).classes(method, most).unwrap();
        prop_assert!(classes.len() <= most + 1);
        prop_assert!(classes.breaks().windows(2).all(|w| w[0] < w[1]));
        for end in classes.breaks() {
            let text = format!("{end:e}");
            let digits = text.split('e').next().unwrap().len();
            prop_assert!(digits <= 3, "{text} is not round");
        }
        let last = classes.len() - 1;
        for value in values {
            let class = classes.class_of(value).unwrap();
            let (low, high) = classes.range(class);
            prop_assert!(class <= last);
            prop_assert!(low <= value && (value < high || class == 0 || (class == last && value == high)));
            prop_assert!((class == 0) == (value == 0.0));
        }
    }
}
