//! What is told of statistics of withheld counts: bounds that hold for every value they can have.

use super::super::*;
use crate::methods::local::{GiStar, Inference};
use crate::methods::rates::Rates;
use crate::weights::{Adjacency, Weights};

#[test]
fn every_fill_of_withheld_values_lies_within_the_bounds_of_gi_star() {
    let weights = Weights::lattice(3, 4, 1, Adjacency::Queen)
        .unwrap()
        .include_self();
    let low = [9.0, 0.0, 1.0, 12.0, 1.0, 30.0, 8.0, 1.0, 2.0, 5.0, 1.0, 7.0];
    let mut high = low;
    let withheld = [2, 4, 7, 10];
    for i in withheld {
        high[i] = 4.0;
    }
    let bounds = HotspotBounds::of(&low, &high, &weights, 1.5).unwrap();
    let gi = GiStar::new().inference(Inference::Analytic);
    let (mut least, mut most) = (vec![f64::MAX; 12], vec![f64::MIN; 12]);
    for fill in 0..256_usize {
        let mut values = low;
        for (k, i) in withheld.into_iter().enumerate() {
            values[i] = 1.0 + (fill >> (2 * k) & 3) as f64;
        }
        for (i, z) in gi.run(&values, &weights).unwrap().z.into_iter().enumerate() {
            assert!(
                bounds.z_low[i] <= z && z <= bounds.z_high[i],
                "{i} {z} {bounds:?}"
            );
            (least[i], most[i]) = (least[i].min(z), most[i].max(z));
        }
    }
    for i in 0..12 {
        assert!(most[i] - least[i] > 0.0);
        // The bounds are not so wide as to say nothing.
        assert!(bounds.z_high[i] - bounds.z_low[i] < 3.0 * (most[i] - least[i]) + 0.8);
    }
    // Without anything withheld they are the statistic itself.
    let exact = HotspotBounds::of(&low, &low, &weights, 1.5).unwrap();
    for (z, bound) in gi.run(&low, &weights).unwrap().z.iter().zip(&exact.z_low) {
        assert!((z - bound).abs() < 1e-12, "{z} {bound}");
    }
    assert!(exact.robust.iter().all(|r| *r));
    high[2] = f64::INFINITY;
    let open = HotspotBounds::of(&low, &high, &weights, 1.5).unwrap();
    assert!(open.hot_lower.iter().all(|h| !h) && open.hot_upper.iter().all(|h| *h));
    assert!(HotspotBounds::of(&low[1..], &high, &weights, 1.5).is_err());
}

#[test]
fn a_state_says_what_anyone_knows_and_what_stands_in_for_it() {
    let withheld = |low, high| State::Withheld { low, high };
    assert_eq!(State::Published(15).known(5, 5), (11.0, 19.0));
    assert_eq!(withheld(2, Some(9)).known(5, 5), (2.0, 9.0));
    let (low, high) = withheld(3, None).known(5, 5);
    assert!(low == 3.0 && high.is_nan());
    // The middle of 1 to 4, or of 0 to 9 where zeros are withheld, within what it can be.
    let (cbs, ons) = (Disclosure::cbs5(), Disclosure::ons10_5());
    assert_eq!(State::Published(15).filled(&cbs), 15);
    assert_eq!(withheld(1, None).filled(&cbs), 2);
    assert_eq!(withheld(0, None).filled(&ons), 4);
    assert_eq!(withheld(4, Some(9)).filled(&cbs), 4);
    assert_eq!(withheld(1, Some(1)).filled(&cbs), 1);
}

#[test]
fn rates_of_withheld_counts_have_bounds() {
    let rates = Rates::new();
    let withheld = |low, high| State::Withheld { low, high };
    let states = [
        State::Published(10),
        withheld(1, Some(7)),
        withheld(1, None),
    ];
    let (low, high) = rate_bounds(&states, &[1000.0; 3], &rates).unwrap();
    let plain = rates.run(&[10, 1, 7], &[1000.0; 3]).unwrap();
    assert_eq!((low[0], high[0]), (plain.low[0], plain.high[0]));
    assert_eq!((low[1], high[1]), (plain.low[1], plain.high[2]));
    assert!(low[2] == plain.low[1] && high[2].is_nan());
}
