//! Numbers of chance as settings and as columns: a result or a typed error, never a panic, a hang
//! or memory without end.

use arbitrary::{Result, Unstructured};
use brandpunt::methods::concentration::Concentration;
use brandpunt::methods::density::KernelDensity;
use brandpunt::methods::emerging::{MannKendall, aoristic_shares};
use brandpunt::methods::local::{GiStar, Inference, LocalMoran};
use brandpunt::methods::rates::{Change, Funnel, RateTrend, Rates};
use brandpunt::stats::{
    ExactSums, Moments, benjamini_hochberg, binomial_tails, byar_interval, e_test, fdr_cutoff,
    garwood_interval, hypergeometric_tails, kaplan_meier, poisson_tails, spearman,
};
use brandpunt::synthetic::SyntheticCity;
use brandpunt::weights::{Adjacency, Weights};
use brandpunt::{AreaCode, Bounds, Crs, Grid, Incidents, Period, Step, Times, Workers, Zone};

use super::checked;

/// A number that is often an ordinary one.
fn number(u: &mut Unstructured<'_>) -> Result<f64> {
    Ok(match u.int_in_range(0..=3u8)? {
        0 => u.arbitrary()?,
        1 => f64::from(u.arbitrary::<i8>()?),
        2 => f64::from(u.arbitrary::<u16>()?) / 256.0,
        _ => *u.choose(&[
            0.0,
            1.0,
            -1.0,
            f64::NAN,
            f64::INFINITY,
            1e300,
            5e-324,
            9.007_199_254_740_993e15,
        ])?,
    })
}

fn numbers(u: &mut Unstructured<'_>, n: usize) -> Result<Vec<f64>> {
    (0..n).map(|_| number(u)).collect()
}

fn counts(u: &mut Unstructured<'_>, n: usize) -> Result<Vec<i64>> {
    let ordinary: bool = u.arbitrary()?;
    (0..n)
        .map(|_| {
            if ordinary {
                Ok(u.int_in_range(0..=99)?)
            } else {
                u.arbitrary()
            }
        })
        .collect()
}

/// A p-value is one, or not defined.
fn probability(p: f64) {
    assert!(p.is_nan() || (0.0..=1.0).contains(&p), "{p}");
}

pub fn feed(data: &[u8]) {
    // Bytes that end too early are no case.
    let _ = given(&mut Unstructured::new(data));
}

fn given(u: &mut Unstructured<'_>) -> Result<()> {
    match u.int_in_range(0..=9u8)? {
        0 => rates(u),
        1 => local(u),
        2 => grids(u),
        3 => tails(u),
        4 => times(u),
        5 => places(u),
        6 => sums(u),
        7 => series(u),
        8 => texts(u),
        _ => cities(u),
    }
}

fn rates(u: &mut Unstructured<'_>) -> Result<()> {
    let n = u.int_in_range(0..=6)?;
    let (now, then) = (counts(u, n)?, counts(u, n)?);
    let (people, before) = (numbers(u, n)?, numbers(u, n)?);
    let (per, level) = (number(u)?, number(u)?);
    if let Some(table) = checked(Rates::new().per(per).level(level).run(&now, &people)) {
        for i in 0..n {
            let (low, rate, high) = (table.low[i], table.rate[i], table.high[i]);
            assert!(
                rate.is_nan() || (low <= rate && rate <= high),
                "{low} {rate} {high}"
            );
        }
    }
    if let Some(table) = checked(
        Change::new()
            .per(per)
            .level(level)
            .run(&now, &people, &then, &before),
    ) {
        table
            .p
            .iter()
            .chain(&table.q)
            .chain(&table.p_e_test)
            .for_each(|p| probability(*p));
    }
    checked(
        Funnel::new()
            .per(per)
            .levels(level, number(u)?)
            .run(&now, &people),
    );
    let years: Vec<i16> = (0..n).map(|_| u.arbitrary()).collect::<Result<_>>()?;
    checked(
        RateTrend::new()
            .per(per)
            .level(level)
            .run(&years, &now, &people),
    );
    Ok(())
}

fn local(u: &mut Unstructured<'_>) -> Result<()> {
    let (rows, cols) = (u.int_in_range(1..=4)?, u.int_in_range(1..=4)?);
    let values = numbers(u, rows * cols)?;
    let weights = Weights::lattice(rows, cols, 1, Adjacency::Rook).expect("small");
    let alone = Workers::new(1).expect("one thread");
    let replicates = u.int_in_range(0..=50)?;
    let inference = *u.choose(&[
        Inference::Exact,
        Inference::Permutation { replicates },
        Inference::Sequential { replicates },
        Inference::Analytic,
    ])?;
    let star =
        GiStar::new()
            .inference(inference)
            .run_with(&values, &weights.include_self(), &alone);
    if let Some(found) = checked(star) {
        found.p.iter().chain(&found.q).for_each(|p| probability(*p));
        assert!(
            found
                .p
                .iter()
                .zip(&found.q)
                .all(|(p, q)| p.is_nan() == q.is_nan())
        );
    }
    if let Some(found) = checked(
        LocalMoran::new()
            .inference(inference)
            .run_with(&values, &weights, &alone),
    ) {
        found.p.iter().chain(&found.q).for_each(|p| probability(*p));
    }
    Ok(())
}

fn grids(u: &mut Unstructured<'_>) -> Result<()> {
    let bounds = Bounds::new(number(u)?, number(u)?, number(u)?, number(u)?);
    let cell = number(u)?;
    if let Some(grid) = checked(Grid::covering(bounds, cell, Crs::PLANAR)) {
        assert!(grid.len() as u128 <= Grid::MOST_CELLS);
        for (row, col) in [(0, 0), (grid.rows() - 1, grid.cols() - 1)] {
            let (x, y) = grid.centre(row, col);
            assert_eq!(grid.cell_of(x, y), Some((row, col)), "{bounds:?} {cell}");
        }
    }
    let (rows, cols, order) = (u.arbitrary()?, u.arbitrary()?, u.arbitrary()?);
    let most = |n: usize| n.checked_mul(n).is_some();
    if !(most(rows) && most(cols)) || rows * cols > 1 << 24 {
        // What is small is made; what is not must be refused before it is.
        assert!(
            checked(Weights::lattice(
                rows | 1 << 20,
                cols | 1 << 20,
                order,
                Adjacency::Queen
            ))
            .is_none()
        );
    }
    Ok(())
}

fn tails(u: &mut Unstructured<'_>) -> Result<()> {
    let (k, n) = (
        u.arbitrary::<u64>()? % (1 << 40),
        u.arbitrary::<u64>()? % (1 << 40),
    );
    let (mean, level) = (number(u)?, number(u)?);
    for (less, greater) in [poisson_tails(k, mean), binomial_tails(k, n, level)] {
        probability(less);
        probability(greater);
    }
    let small = (k % 400, n % 400);
    probability(e_test((small.0, number(u)?), (small.1, number(u)?)));
    let (less, greater) = hypergeometric_tails(number(u)?, number(u)?, number(u)?, number(u)?);
    probability(less);
    probability(greater);
    for (low, high) in [garwood_interval(k, level), byar_interval(k, level)] {
        assert!(
            low.is_nan() || high.is_nan() || low <= high,
            "{low} {high} of {k} at {level}"
        );
    }
    Ok(())
}

fn times(u: &mut Unstructured<'_>) -> Result<()> {
    let seconds: Vec<i64> = u.arbitrary()?;
    let zone = if u.arbitrary()? {
        Zone::amsterdam()
    } else {
        Zone::utc()
    };
    let local = Times::from_local_seconds(&seconds, u.arbitrary()?, zone.clone());
    let utc = Times::from_utc_seconds(seconds.clone(), zone.clone());
    for times in [&local, &utc] {
        assert_eq!(times.len(), seconds.len());
        assert!(times.range().is_none_or(|(first, last)| first <= last));
        let _months: bool = times.months_only();
        for &second in times.seconds() {
            let _shown = zone.local(second).to_string();
        }
    }
    let year = u.arbitrary()?;
    let step = *u.choose(&[Step::Week, Step::Month, Step::Quarter, Step::Year])?;
    checked(Period::starting(year, u.arbitrary()?, step, &zone));
    if let Some(period) = checked(Period::year(year, &zone)) {
        assert!(period.start < period.end);
        let shares = aoristic_shares(u.arbitrary()?, u.arbitrary()?, &[period]);
        assert!(
            shares.iter().all(|(_, share)| (0.0..=1.0).contains(share)),
            "{shares:?}"
        );
    }
    Ok(())
}

fn places(u: &mut Unstructured<'_>) -> Result<()> {
    let n = u.int_in_range(0..=12)?;
    let (x, y) = (numbers(u, n)?, numbers(u, n)?);
    let crs = *u.choose(&[Crs::PLANAR, Crs::RD_NEW, Crs::WGS84])?;
    let columns = Incidents::builder(x, y, crs)
        .weight(numbers(u, n)?)
        .max_rejected_share(number(u)?);
    if let Some(incidents) = checked(columns.build()) {
        super::check_incidents(&incidents);
        checked(incidents.to_crs(Crs::WGS84));
        let density = KernelDensity::new(number(u)?)
            .cell_size(number(u)?)
            .most_bytes(1 << 20);
        checked(density.run_with(&incidents, &Workers::new(1).expect("one thread")));
    }
    Ok(())
}

fn sums(u: &mut Unstructured<'_>) -> Result<()> {
    let n = u.int_in_range(0..=12)?;
    let values = numbers(u, n)?;
    let others = numbers(u, n)?;
    let moments = Moments::of(&values);
    assert!(moments.population_variance().is_nan() || moments.population_variance() >= 0.0);
    let rho = spearman(&values, &others);
    assert!(rho.is_nan() || rho.abs() <= 1.0 + 1e-12, "{rho}");
    assert_eq!(benjamini_hochberg(&values).len(), n);
    checked(fdr_cutoff(&values, number(u)?));
    let happened: Vec<bool> = (0..n).map(|_| u.arbitrary()).collect::<Result<_>>()?;
    checked(kaplan_meier(&values, &happened, number(u)?));
    let whole: Vec<i64> = (0..n)
        .map(|_| Ok(i64::from(u.arbitrary::<i16>()?)))
        .collect::<Result<_>>()?;
    if n > 0 {
        let exact = ExactSums::new(&whole);
        let query = (
            whole[0],
            u.int_in_range(0..=n + 1)?,
            u.arbitrary::<i32>()?.into(),
        );
        if let Some(found) = checked(exact.tails(&[query], &Workers::new(1).expect("one thread"))) {
            for t in found {
                probability(t.less);
                probability(t.greater);
            }
        }
    }
    Ok(())
}

fn series(u: &mut Unstructured<'_>) -> Result<()> {
    let n = u.int_in_range(0..=16)?;
    let values = numbers(u, n)?;
    if let Some(found) = checked(MannKendall::new().run(&values)) {
        probability(found.p);
    }
    let concentration = Concentration::new()
        .share(number(u)?)
        .top(number(u)?)
        .level(number(u)?)
        .simulations(u.int_in_range(0..=40)?);
    checked(concentration.run_with(&values, None, &Workers::new(1).expect("one thread")));
    Ok(())
}

fn texts(u: &mut Unstructured<'_>) -> Result<()> {
    let text: String = u.arbitrary()?;
    checked(text.parse::<Crs>());
    checked(text.parse::<AreaCode>());
    checked(Zone::named(&text));
    checked(Step::named(&text));
    checked(brandpunt::Theme::named(&text));
    Ok(())
}

fn cities(u: &mut Unstructured<'_>) -> Result<()> {
    let n = u.int_in_range(0..=300)?;
    let city = SyntheticCity::new(n)
        .seed(u.arbitrary()?)
        .neighbourhoods(u.int_in_range(0..=30)?)
        .repeats(number(u)?)
        .unevenness(number(u)?);
    if let Some(city) = checked(city.build()) {
        assert_eq!(city.incidents.rows_in(), n as u64);
        super::check_incidents(&city.incidents);
        super::check_areas(&city.neighbourhoods);
    }
    Ok(())
}
