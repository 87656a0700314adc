//! Every kernel on a raster, beside the plain sum over incidents at each cell.

use std::f64::consts::PI;

use arbitrary::{Result, Unstructured};
use brandpunt::methods::density::{Kernel, KernelDensity};
use brandpunt::{Bounds, Crs, Incidents, Workers};

use super::checked;

struct Given {
    x: Vec<f64>,
    y: Vec<f64>,
    weight: Option<Vec<f64>>,
    kernel: Kernel,
    bandwidth: f64,
    cell: f64,
    extent: Option<Bounds>,
}

fn given(u: &mut Unstructured<'_>) -> Result<Given> {
    let n = u.int_in_range(1..=40)?;
    // Far from the origin, where differences of squares lose their digits.
    let origin = if u.arbitrary()? { 480_000.0 } else { 0.0 };
    let mut along = || -> Result<f64> { Ok(origin + f64::from(u.arbitrary::<u16>()?) / 64.0) };
    let x: Vec<f64> = (0..n).map(|_| along()).collect::<Result<_>>()?;
    let y: Vec<f64> = (0..n).map(|_| along()).collect::<Result<_>>()?;
    let weight = u
        .arbitrary::<bool>()?
        .then(|| {
            (0..n)
                .map(|_| Ok(f64::from(u.int_in_range(0u8..=9)?)))
                .collect()
        })
        .transpose()?;
    let bandwidth = 1.0 + f64::from(u.arbitrary::<u16>()?) / 128.0;
    let cell = bandwidth / (0.5 + f64::from(u.int_in_range(0u8..=16)?));
    let kernel = *u.choose(&Kernel::ALL)?;
    let window = 40.0 * cell;
    let extent = u.arbitrary::<bool>()?.then(|| {
        Bounds::new(
            x[0] - window / 2.0,
            y[0] - window / 2.0,
            x[0] + window / 2.0,
            y[0] + window / 2.0,
        )
    });
    Ok(Given {
        x,
        y,
        weight,
        kernel,
        bandwidth,
        cell,
        extent,
    })
}

/// The value of a kernel at a distance in bandwidths, by its formula, and whether the distance is
/// so close to the end of the kernel that rounding decides.
fn plain(kernel: Kernel, v: f64) -> (f64, bool) {
    let inside = v <= 1.0;
    let on_the_edge = (v - 1.0).abs() < 1e-9;
    let left = if inside { 1.0 - v * v } else { 0.0 };
    match kernel {
        Kernel::Uniform => (f64::from(u8::from(inside)) / PI, on_the_edge),
        Kernel::Triangular => (if inside { 3.0 * (1.0 - v) / PI } else { 0.0 }, false),
        Kernel::Epanechnikov => (2.0 * left / PI, false),
        Kernel::Quartic => (3.0 * left.powi(2) / PI, false),
        Kernel::Triweight => (4.0 * left.powi(3) / PI, false),
        _ => ((-v * v / 2.0).exp() / (2.0 * PI), false),
    }
}

pub fn feed(data: &[u8]) {
    let Ok(given) = given(&mut Unstructured::new(data)) else {
        return;
    };
    let Given {
        x,
        y,
        weight,
        kernel,
        bandwidth,
        cell,
        extent,
    } = given;
    let mut columns = Incidents::builder(x.clone(), y.clone(), Crs::PLANAR);
    if let Some(weight) = &weight {
        columns = columns.weight(weight.clone());
    }
    let incidents = columns.build().expect("finite and not negative");
    let mut density = KernelDensity::new(bandwidth)
        .cell_size(cell)
        .kernel(kernel)
        .most_bytes(1 << 19);
    if let Some(extent) = extent {
        density = density.extent(extent);
    }
    let alone = Workers::new(1).expect("one thread");
    let Some(surface) = checked(density.run_with(&incidents, &alone)) else {
        return;
    };
    let three = Workers::new(3).expect("three threads");
    let again = density.run_with(&incidents, &three).expect("as before");
    assert_eq!(surface.values(), again.values(), "threads changed it");
    let grid = surface.grid();
    let most = surface.values().iter().copied().fold(0.0, f64::max);
    for ((row, col), &found) in surface.values().indexed_iter() {
        assert!(found >= 0.0, "{found} at {row}, {col}");
        let (u, v) = grid.centre(row, col);
        let (mut sum, mut unsure) = (0.0, false);
        for i in 0..x.len() {
            let (value, edge) = plain(kernel, (u - x[i]).hypot(v - y[i]) / bandwidth);
            sum += weight.as_ref().map_or(1.0, |w| w[i]) * value;
            unsure |= edge;
        }
        let want = sum * 1e6 / (bandwidth * bandwidth);
        // The bound that is promised for any coordinates.
        assert!(
            unsure || (found - want).abs() <= 1e-9 * most.max(want),
            "{found} in place of {want} at {row}, {col}; {kernel:?} {bandwidth} {cell}"
        );
    }
}
