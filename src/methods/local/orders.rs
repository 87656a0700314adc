//! All orders of a few units, to hold tails against.

use crate::weights::Weights;

/// Every order of five, 120 of them.
pub(super) fn orders() -> Vec<[usize; 5]> {
    fn fill(order: &mut [usize; 5], from: usize, out: &mut Vec<[usize; 5]>) {
        if from == order.len() {
            out.push(*order);
        }
        for i in from..order.len() {
            order.swap(from, i);
            fill(order, from + 1, out);
            order.swap(from, i);
        }
    }
    let mut out = Vec::new();
    fill(&mut [0, 1, 2, 3, 4], 0, &mut out);
    out
}

/// None, a little or much, and not the same both ways.
fn weight(i: usize, j: usize) -> f64 {
    f64::from(u8::from(i != j)) * [0.0, 1.0, 4.0][(i + 2 * j) % 3]
}

/// Six units whose neighbours count differently.
pub(super) fn six() -> Weights {
    let (mut start, mut neighbour, mut value) = (vec![0], Vec::new(), Vec::new());
    for i in 0..6 {
        for j in (0..6).filter(|&j| weight(i, j) > 0.0) {
            neighbour.push(j as u32);
            value.push(weight(i, j));
        }
        start.push(neighbour.len());
    }
    Weights::from_csr(&start, &neighbour, &value).unwrap()
}

/// In which share of all orders of the others the weighted sum of what they bring to one of the
/// [`six`] is at least so much.
pub(super) fn share(i: usize, least: f64, brings: impl Fn(usize) -> f64) -> f64 {
    let others: Vec<usize> = (0..6).filter(|&j| j != i).collect();
    let all = orders();
    let reach = all.iter().filter(|order| {
        let drawn = others.iter().zip(*order);
        let drawn = drawn.map(|(&j, &k)| weight(i, j) * brings(others[k]));
        drawn.sum::<f64>() >= least - 1e-9
    });
    reach.count() as f64 / all.len() as f64
}
