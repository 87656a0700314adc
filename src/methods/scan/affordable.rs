//! Refuses windows that would take too much memory, before any is made.

use super::zones::{Extent, Places};
use crate::error::Result;
use crate::memory;
use crate::parallel::Workers;

/// Bytes that the windows may take; more than they will, as windows stop at a share of the people.
/// `sets` are the entries that lists of sets take, where windows are not discs and ellipses.
pub(super) fn afford(
    places: Places<'_>,
    outlines: usize,
    sets: Option<u128>,
    extent: Extent,
    limit: u128,
    workers: &Workers,
) -> Result<u128> {
    let mut people = places.people.to_vec();
    people.sort_by(f64::total_cmp);
    let all: f64 = people.iter().sum();
    let mut sum = 0.0;
    let longest = people
        .iter()
        .take_while(|p| {
            sum += **p;
            sum <= extent.share * all * (1.0 + 1e-12)
        })
        .count();
    let units = places.x.len();
    let mut entries = (units * longest) as u128;
    if let Some(sets) = sets {
        entries = sets;
    } else if entries * 4 * outlines as u128 > limit && extent.radius.is_finite() {
        let within = workers.map(units, |i| {
            let near = |j: &usize| {
                let (dx, dy) = (places.x[*j] - places.x[i], places.y[*j] - places.y[i]);
                dx * dx + dy * dy <= extent.radius * extent.radius
            };
            (0..units).filter(near).count().min(longest) as u128
        })?;
        entries = within.iter().sum();
    }
    let bytes = entries * 4 * outlines as u128;
    memory::afford("the windows of the scan", bytes, limit, || {
        "set a smaller max_radius or max_population_share, fewer units in flexible windows, or scan \
         larger areas"
            .to_owned()
    })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn memory_is_counted_first() {
        // Five apart along a slope.
        let x: Vec<f64> = (0..1_000).map(|i| 3.0 * f64::from(i)).collect();
        let y: Vec<f64> = (0..1_000).map(|i| 4.0 * f64::from(i)).collect();
        let people = vec![1.0; 1_000];
        let places = Places {
            x: &x,
            y: &y,
            people: &people,
        };
        let workers = Workers::new(1).unwrap();
        let wide = Extent {
            share: 0.5,
            radius: f64::INFINITY,
        };
        assert_eq!(
            afford(places, 1, None, wide, 2_000_000, &workers).unwrap(),
            2_000_000
        );
        assert!(matches!(
            afford(places, 1, None, wide, 1_999_999, &workers),
            Err(Error::TooLarge {
                needed: 2_000_000,
                ..
            })
        ));
        let near = Extent {
            share: 0.5,
            radius: 10.0,
        };
        assert_eq!(
            afford(places, 1, None, near, 30_000, &workers).unwrap(),
            4 * (5_000 - 6)
        );
        let nearer = Extent {
            radius: 9.0,
            ..near
        };
        // What fits however far it reaches is not counted one by one.
        for (outlines, extent, sets, limit, bytes) in [
            (1, near, None, 2_000_000, 2_000_000),
            (3, near, None, 6_000_000, 6_000_000),
            (3, near, None, 5_999_999, 3 * 4 * (5_000 - 6)),
            (1, near, Some(7_000), 28_000, 28_000),
            (1, nearer, None, 30_000, 4 * (3_000 - 2)),
        ] {
            let got = afford(places, outlines, sets, extent, limit, &workers);
            assert_eq!(got.unwrap(), bytes);
        }
    }
}
