use proptest::prelude::*;

use super::*;
use crate::error::Fault;
use crate::index::count;
use crate::model::{Crs, Theme};
use crate::synthetic::{City, SyntheticCity};

fn city() -> City {
    SyntheticCity::new(1_500)
        .seed(3)
        .neighbourhoods(25)
        .build()
        .unwrap()
}

fn tally(of: &AreaCounter, incidents: &Incidents, positions: &[u32]) -> Tally {
    let mut counter = of.emptied();
    counter
        .add(&incidents.take(positions), &Workers::new(1).unwrap())
        .unwrap();
    counter.into_tally()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// However incidents are dealt out and tallies grouped, the sum is that of one pass, and its
    /// counts are those of the batch.
    #[test]
    fn parts_add_up_in_any_order_and_grouping(
        part_of in prop::collection::vec(0usize..5, 1_500),
        order in Just((0..5usize).collect::<Vec<_>>()).prop_shuffle(),
        cut in 1usize..5,
    ) {
        let city = city();
        let workers = Workers::new(1).unwrap();
        let empty = AreaCounter::new(&city.neighbourhoods)
            .unwrap()
            .step(Step::Quarter)
            .by_category();
        let parts: Vec<Tally> = order
            .iter()
            .map(|&k| {
                let own: Vec<u32> = (0u32..).zip(&part_of).filter(|(_, p)| **p == k).map(|(i, _)| i).collect();
                tally(&empty, &city.incidents, &own)
            })
            .collect();
        let (left, right) = parts.split_at(cut);
        let sum = |side: &[Tally]| {
            let mut sum = empty.tally().clone();
            for part in side {
                sum.merge(part).unwrap();
            }
            sum
        };
        let both = (sum(right) + sum(left)).unwrap();
        prop_assert_eq!(&both, &sum(&parts));
        prop_assert_eq!(both.len(), 1_500);
        let counts = both.counts(&Theme::all()).unwrap();
        let whole = count(&city.incidents, &city.neighbourhoods, Some(Step::Quarter), &workers);
        prop_assert_eq!(counts, whole.unwrap());
        let theme = Theme::youth_nuisance();
        let own = city.incidents.take(&theme.positions(&city.incidents).unwrap());
        let whole = count(&own, &city.neighbourhoods, None, &workers).unwrap();
        prop_assert_eq!(both.counts(&theme).unwrap().totals(), whole.totals());
    }
}

#[test]
fn what_does_not_belong_together_is_refused_and_changes_nothing() {
    let city = city();
    let empty = AreaCounter::new(&city.neighbourhoods).unwrap();
    let all: Vec<u32> = (0..1_500).collect();
    let own = tally(&empty, &city.incidents, &all);
    let refused = |other: &AreaCounter| {
        let mut sum = own.clone();
        let error = sum.merge(other.tally()).unwrap_err();
        assert_eq!(sum, own);
        error.fault().unwrap()
    };
    let more = SyntheticCity::new(10).seed(4).neighbourhoods(25).build();
    let others = AreaCounter::new(&more.unwrap().neighbourhoods).unwrap();
    assert_eq!(refused(&others), Fault::AreaMismatch);
    assert_eq!(
        refused(&empty.clone().step(Step::Month)),
        Fault::PartMismatch
    );
    assert_eq!(refused(&empty.clone().by_category()), Fault::PartMismatch);
    assert_eq!(
        refused(&empty.clone().zone(Zone::utc())),
        Fault::PartMismatch
    );
    let counts = own.counts(&Theme::all()).unwrap();
    let others = others.tally().counts(&Theme::all()).unwrap();
    assert_eq!(
        (counts + others).unwrap_err().fault(),
        Some(Fault::AreaMismatch)
    );
    let themed = own.counts(&Theme::youth_nuisance()).unwrap_err();
    assert_eq!(themed.fault(), Some(Fault::MissingColumn));
}

#[test]
fn rejected_rows_and_unknown_times_are_accounted_for() {
    let city = city();
    let x = vec![city.incidents.x()[0], f64::NAN, city.incidents.x()[1]];
    let y = vec![city.incidents.y()[0], 1.0, city.incidents.y()[1]];
    let seconds = vec![1_700_000_000, 1_700_000_000, Times::UNKNOWN];
    let incidents = Incidents::builder(x, y, city.incidents.crs())
        .time(Times::from_utc_seconds(seconds, Zone::amsterdam()))
        .max_rejected_share(1.0)
        .build()
        .unwrap();
    let workers = Workers::new(1).unwrap();
    let mut counter = AreaCounter::new(&city.neighbourhoods)
        .unwrap()
        .step(Step::Year);
    counter.add(&incidents, &workers).unwrap();
    counter.add(&incidents, &workers).unwrap();
    let tally = counter.tally();
    assert_eq!((tally.rows_in(), tally.len(), tally.undated()), (6, 4, 2));
    assert_eq!(tally.rejected().values().sum::<u64>(), 2);
    let counts = tally.counts(&Theme::all()).unwrap();
    assert_eq!(counts.periods()[0].label, "2023");
    assert_eq!(counts.values().sum() + counts.outside().sum(), 2);

    let planar = Incidents::builder(vec![1.0], vec![2.0], Crs::PLANAR)
        .build()
        .unwrap();
    let before = counter.tally().clone();
    assert_eq!(
        counter.add(&planar, &workers).unwrap_err().fault(),
        Some(Fault::CrsMismatch)
    );
    assert_eq!(counter.tally(), &before);
}
