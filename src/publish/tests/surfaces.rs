//! Which cells of a surface mingle enough people to be shown.

use super::super::*;
use super::plain;
use std::collections::BTreeMap;

use rand::RngExt;

use crate::error::Error;
use crate::methods::density::{Kernel, KernelDensity, Surface};
use crate::model::{Bounds, Crs};
use crate::parallel::Workers;
use crate::random::stream;

fn surface(x: &[f64], y: &[f64], bandwidth: f64, cell: f64) -> Surface {
    let workers = Workers::new(1).unwrap();
    KernelDensity::new(bandwidth)
        .cell_size(cell)
        .extent(Bounds::new(0.0, 0.0, 6000.0, 2000.0))
        .run_columns(x, y, None, Crs::PLANAR, &workers)
        .unwrap()
}

#[test]
fn few_incidents_leave_no_trace_and_many_do() {
    let workers = Workers::new(2).unwrap();
    // Four alone in the west, one address with fifty in the middle, forty spread in the east.
    let (mut x, mut y) = (vec![500.0, 520.0, 540.0, 560.0], vec![1000.0; 4]);
    x.extend([3000.0; 50]);
    y.extend([1000.0; 50]);
    for i in 0..40 {
        x.push(5000.0 + f64::from(i % 8) * 40.0);
        y.push(900.0 + f64::from(i / 8) * 40.0);
    }
    let made = surface(&x, &y, 300.0, 100.0);
    let shown = Disclosure::cbs5()
        .surface(&made, &x, &y, 7, &workers)
        .unwrap();
    let class = |east: f64| shown.class[[10, (east / 100.0) as usize]];
    assert_eq!((class(500.0), class(3000.0)), (0, 0));
    assert!(class(5100.0) >= 5);
    assert!(shown.withheld > 40);
    // Values are ends of classes, so that no peak tells how many lie under it.
    let ends: Vec<f64> = (0..shown.classes.len())
        .map(|c| shown.classes.range(c).0)
        .collect();
    let half = shown.classes.range(1).1 / 2.0;
    let values = shown.surface.values();
    assert!(values.iter().all(|v| *v == half || ends.contains(v)));
    let desk = Disclosure::internal()
        .surface(&made, &x, &y, 7, &workers)
        .unwrap();
    assert!(desk.withheld == 0 && desk.class[[10, 5]] > 0);
}

/// Whether incidents hide each other at a place: from all incidents, by the formula as documented.
fn mingles(rules: [f64; 4], made: &Surface, x: &[f64], y: &[f64], at: (f64, f64)) -> bool {
    let [incidents, addresses, dominance, p] = rules;
    let (mut sum, mut squares) = (0.0, 0.0);
    let mut by_address: BTreeMap<[u64; 2], f64> = BTreeMap::new();
    for (px, py) in x.iter().zip(y) {
        let v = (px - at.0).hypot(py - at.1) / made.bandwidth();
        let k = made.kernel().value(v * v);
        if k > 0.0 {
            (sum, squares) = (sum + k, squares + k * k);
            *by_address.entry([px.to_bits(), py.to_bits()]).or_default() += k;
        }
    }
    let mut greatest: Vec<f64> = by_address.into_values().collect();
    greatest.sort_by(|a, b| b.total_cmp(a));
    let two: f64 = greatest.iter().take(2).sum();
    let slack = 1e-9 * sum;
    sum * sum / squares >= incidents - 1e-9
        && greatest.len() as f64 >= addresses
        && two <= dominance * sum + slack
        && sum - two >= p * greatest[0] - slack
}

#[test]
fn cells_are_shown_where_the_formula_says_so_and_nowhere_else() {
    let workers = Workers::new(2).unwrap();
    let mut random = stream(5, 0);
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for address in 0..70 {
        let at = (
            random.random_range(0.0..6000.0),
            random.random_range(0.0..2000.0),
        );
        for _ in 0..=address % 4 {
            x.push(at.0);
            y.push(at.1);
        }
    }
    for (kernel, by) in [
        (Kernel::Quartic, [4.0, 0.0, 1.0, 0.0]),
        (Kernel::Quartic, [0.0, 4.0, 1.0, 0.0]),
        (Kernel::Uniform, [0.0, 0.0, 0.7, 0.0]),
        (Kernel::Quartic, [0.0, 0.0, 1.0, 0.4]),
    ] {
        let made = KernelDensity::new(350.0)
            .kernel(kernel)
            .cell_size(100.0)
            .extent(Bounds::new(0.0, 0.0, 6000.0, 2000.0))
            .run_columns(&x, &y, None, Crs::PLANAR, &workers)
            .unwrap();
        let rules = plain(by[0] as i64)
            .minimum_addresses(by[1] as usize)
            .dominance((by[2] < 1.0).then_some((2, by[2])))
            .p_percent((by[3] > 0.0).then_some(by[3]));
        let shown = rules.surface(&made, &x, &y, 7, &workers).unwrap();
        let grid = made.grid();
        let (mut hidden, mut open) = (0, 0);
        for row in 0..grid.rows() {
            for col in 0..grid.cols() {
                let class = shown.classes.class_of(made.values()[[row, col]]).unwrap();
                let may = class == 0 || mingles(by, &made, &x, &y, grid.centre(row, col));
                let class = if may { class } else { 0 };
                (hidden, open) = (hidden + usize::from(!may), open + usize::from(class > 0));
                assert_eq!(
                    usize::from(shown.class[[row, col]]),
                    class,
                    "{row} {col} {by:?}"
                );
                let value = match class {
                    0 => 0.0,
                    1 => shown.classes.range(1).1 / 2.0,
                    class => shown.classes.range(class).0,
                };
                assert_eq!(shown.surface.values()[[row, col]], value);
            }
        }
        assert_eq!(shown.withheld, hidden);
        assert!(hidden > 30 && open > 30, "{hidden} and {open} by {by:?}");
    }
}

#[test]
fn narrow_kernels_and_small_cells_are_refused_with_the_remedy() {
    let workers = Workers::new(1).unwrap();
    assert!(Disclosure::cbs5().widths(200.0, 100.0).is_ok());
    let (x, y) = (vec![500.0; 9], vec![500.0; 9]);
    for (bandwidth, cell, remedy) in [(150.0, 100.0, "200 m"), (300.0, 25.0, "100 m")] {
        let made = surface(&x, &y, bandwidth, cell);
        let error = Disclosure::cbs5()
            .surface(&made, &x, &y, 7, &workers)
            .unwrap_err();
        assert!(matches!(error, Error::Disclosure { .. }));
        assert!(error.to_string().contains(remedy), "{error}");
        assert!(
            Disclosure::internal()
                .surface(&made, &x, &y, 7, &workers)
                .is_ok()
        );
    }
}
