//! Neighbours, beside all pairs; and matrices of chance through everything that turns them.

use arbitrary::{Result, Unstructured};
use brandpunt::weights::{Nearest, Ties, Weights};

use super::checked;

pub fn feed(data: &[u8]) {
    let mut u = Unstructured::new(data);
    // Bytes that end too early are no case.
    let _ = if u.arbitrary().unwrap_or(false) {
        matrix(&mut u)
    } else {
        points(&mut u)
    };
}

fn points(u: &mut Unstructured<'_>) -> Result<()> {
    let n = u.int_in_range(1..=24)?;
    let whole: bool = u.arbitrary()?;
    let mut along = |_| -> Result<f64> {
        Ok(if whole {
            f64::from(u.int_in_range(-8i8..=8)?)
        } else {
            u.arbitrary()?
        })
    };
    let x: Vec<f64> = (0..n).map(&mut along).collect::<Result<_>>()?;
    let y: Vec<f64> = (0..n).map(&mut along).collect::<Result<_>>()?;
    let radius = f64::from(u.int_in_range(0u8..=9)?);
    let k = u.int_in_range(0..=6)?;
    let band = checked(Weights::distance_band(&x, &y, radius));
    let nearest = checked(Nearest::new(k).build(&x, &y));
    let all = checked(Nearest::new(k).ties(Ties::All).build(&x, &y));
    if !whole {
        return Ok(());
    }
    // Squares of small whole numbers are exact.
    let squared = |i: usize, j: usize| (x[i] - x[j]).powi(2) + (y[i] - y[j]).powi(2);
    let band = band.expect("finite points");
    for i in 0..n {
        let near: Vec<u32> = (0..n)
            .filter(|&j| j != i && squared(i, j) <= radius * radius)
            .map(|j| j as u32)
            .collect();
        assert_eq!(band.neighbours(i), near, "{i}");
    }
    let (Some(nearest), Some(all)) = (nearest, all) else {
        assert!(k == 0 || k >= n, "{k} of {n}");
        return Ok(());
    };
    for i in 0..n {
        let mut others: Vec<(f64, u32)> = (0..n)
            .filter(|&j| j != i)
            .map(|j| (squared(i, j), j as u32))
            .collect();
        others.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let reach = others[k - 1].0;
        let mut first: Vec<u32> = others[..k].iter().map(|o| o.1).collect();
        first.sort_unstable();
        assert_eq!(nearest.weights.neighbours(i), first, "{i}");
        let mut within: Vec<u32> = others
            .iter()
            .filter(|o| o.0 <= reach)
            .map(|o| o.1)
            .collect();
        within.sort_unstable();
        assert_eq!(all.weights.neighbours(i), within, "{i}");
        assert_eq!(all.tied.contains(&(i as u32)), within.len() > k, "{i}");
    }
    Ok(())
}

fn matrix(u: &mut Unstructured<'_>) -> Result<()> {
    let n = u.int_in_range(0..=7usize)?;
    let mut start = vec![0usize];
    let (mut neighbour, mut value) = (Vec::new(), Vec::new());
    for _ in 0..n {
        for _ in 0..u.int_in_range(0..=4u8)? {
            neighbour.push(u.int_in_range(0..=8u32)?);
            value.push(match u.int_in_range(0..=9u8)? {
                0 => u.arbitrary()?,
                1 => 0.0,
                small => f64::from(small) / 2.0,
            });
        }
        start.push(neighbour.len());
    }
    if u.ratio(1u8, 8u8)? {
        start = u.arbitrary()?;
    }
    let Some(w) = checked(Weights::from_csr(&start, &neighbour, &value)) else {
        return Ok(());
    };
    assert_eq!(w.transpose().transpose(), w);
    assert_eq!(w.symmetric(), w.transpose() == w);
    let (a, b, c) = w.to_csr();
    assert_eq!(checked(Weights::from_csr(&a, &b, &c)).as_ref(), Some(&w));
    let own = w.include_self();
    assert!((0..w.n()).all(|i| own.has_self(i)));
    let standard = w.row_standardise();
    for i in 0..w.n() {
        let sum: f64 = standard.weights(i).sum();
        assert!(
            w.neighbours(i).is_empty() || (sum - 1.0).abs() < 1e-9,
            "{sum}"
        );
    }
    for other in [&own, &standard, &w.transpose()] {
        let both = checked(w.union(other)).expect("as many units");
        let common = checked(w.intersection(other)).expect("as many units");
        let less = checked(w.difference(other)).expect("as many units");
        assert_eq!(both.pairs(), other.pairs() + less.pairs());
        assert_eq!(common.pairs() + less.pairs(), w.pairs());
    }
    assert!(checked(w.symmetrise()).expect("a matrix").symmetric());
    let order = u.int_in_range(0..=5)?;
    checked(w.order(order, u.arbitrary()?));
    checked(w.over_time(u.int_in_range(0..=4)?, u.int_in_range(0..=4)?));
    Ok(())
}
