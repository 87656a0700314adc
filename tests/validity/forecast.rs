//! Do the intervals of a rolling test hold the truth, and does a self-exciting process claim
//! followers where there are none?

use brandpunt::methods::forecast::{
    Accuracy, Compared, ForecastMethod, ForecastUnits, RollingResult, RollingTest, SelfExciting,
};
use brandpunt::{Crs, Incidents, Neighbourhoods, Times, Workers, Zone};
use geo_types::{MultiPolygon, Rect, coord};

use crate::maps::source;
use crate::simulated::Town;
use crate::table::{Row, band};

const DAY: f64 = 86_400.0;
const SIDE: f64 = 4_000.0;

/// Cells of a square town.
fn units() -> ForecastUnits {
    let square = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: SIDE, y: SIDE });
    let names = || vec!["town".to_owned()];
    let shapes = vec![MultiPolygon::new(vec![square.to_polygon()])];
    let area = Neighbourhoods::new(names(), names(), shapes, Crs::PLANAR).unwrap();
    ForecastUnits::cells(&area, 200.0).unwrap()
}

/// A record of a town whose addresses and squares are those of a number.
fn incidents(town: &Town, series: u64, number: usize, places: usize) -> Incidents {
    let (days, x, y) = town.draw(&mut source(series, number), &mut source(119, places));
    let seconds = days.iter().map(|d| (d * DAY) as i64).collect();
    Incidents::builder(x, y, Crs::PLANAR)
        .time(Times::from_utc_seconds(seconds, Zone::utc()))
        .build()
        .unwrap()
}

fn town() -> Town {
    Town {
        side: SIDE,
        days: 730.0,
        background: 1_000.0,
        at_addresses: 0.2,
        at_squares: 0.4,
        season: 0.0,
        branching: 0.0,
        delay: 4.0,
        sigma: 40.0,
    }
}

pub(crate) fn rows(maps: usize) -> Vec<Row> {
    let units = units();
    let mut rows = Vec::new();
    coverage(&units, maps, &mut rows);
    nothing_follows(&units, maps / 4, &mut rows);
    something_follows(&units, maps / 10, &mut rows);
    rows
}

/// Intervals of a figure hold its mean over all records.
fn coverage(units: &ForecastUnits, maps: usize, rows: &mut Vec<Row>) {
    const FORECASTS: f64 = 52.0;
    let kinds = [
        (120, "independent", 0.0, LEAST_COVERED[0]),
        (121, "reports in series", 0.5, LEAST_COVERED[1]),
    ];
    for (series, name, branching, least) in kinds {
        let town = Town {
            days: 180.0 + 14.0 * FORECASTS,
            background: 1_500.0,
            branching,
            delay: 10.0,
            ..town()
        };
        let method = ForecastMethod::Kernel {
            bandwidth: 400.0,
            days: 180.0,
        };
        let test = RollingTest::new(method, 14.0)
            .baseline(ForecastMethod::Counts { days: 180.0 })
            .training(180.0)
            .accuracy(Accuracy::new().shares(&[0.1]))
            .since(0)
            .until(((180.0 + 14.0 * FORECASTS) * DAY) as i64)
            .draws(399);
        let workers = Workers::new(0).unwrap();
        let found: Vec<RollingResult> = workers
            .try_map(maps, |number| {
                let test = test.clone().seed(number as u64);
                let serial = Workers::new(1)?;
                test.run_with(&incidents(&town, series, number, 0), units, &serial)
            })
            .unwrap();
        let mut held = |what: &str, of: &dyn Fn(&RollingResult) -> (f64, f64, f64)| {
            let figures: Vec<_> = found.iter().map(of).collect();
            let truth = figures.iter().map(|f| f.0).sum::<f64>() / maps as f64;
            let inside = figures.iter().filter(|f| f.1 <= truth && truth <= f.2);
            let share = inside.count() as f64 / maps as f64;
            let what = format!("{name}: 95 % interval of {what} holds");
            rows.push(Row::at_least(what, share, least - band(least, maps)));
        };
        let whole = |c: &Compared| (c.value, c.low, c.high);
        let difference = |c: &Compared| (c.difference, c.difference_low, c.difference_high);
        held("the hit rate", &|f| whole(&f.hit_rate[0]));
        held("the information", &|f| whole(&f.information));
        held("the difference in hits", &|f| difference(&f.hit_rate[0]));
        held("the difference in information", &|f| {
            difference(&f.information)
        });
    }
}

fn fits(
    units: &ForecastUnits,
    town: &Town,
    series: u64,
    maps: usize,
) -> Vec<brandpunt::methods::forecast::SelfExcitingFit> {
    let workers = Workers::new(0).unwrap();
    workers
        .try_map(maps, |number| {
            let process = SelfExciting::new(200.0, 30.0);
            let serial = Workers::new(1)?;
            process.run_with(&incidents(town, series, number, number), units, &serial)
        })
        .unwrap()
}

/// Whatever the places and the seasons, without followers none are claimed.
fn nothing_follows(units: &ForecastUnits, maps: usize, rows: &mut Vec<Row>) {
    let even = Town {
        at_addresses: 0.0,
        at_squares: 0.0,
        ..town()
    };
    let addresses = Town {
        at_addresses: 0.6,
        at_squares: 0.2,
        ..town()
    };
    let seasons = Town {
        season: 0.5,
        ..town()
    };
    let kinds = [
        (122, "everywhere alike", even),
        (123, "squares and some addresses", town()),
        (124, "most at ten addresses", addresses),
        (125, "half as many more in summer", seasons),
    ];
    for (series, name, town) in kinds {
        let found = fits(units, &town, series, maps);
        let claimed = found.iter().filter(|f| f.gain >= SelfExciting::EVIDENCE);
        let share = claimed.count() as f64 / maps as f64;
        let mean = found.iter().map(|f| f.branching).sum::<f64>() / maps as f64;
        let what = format!("none follow, {name}: evidence of following");
        rows.push(Row::at_most(what, share, 0.05 + band(0.05, maps)));
        let what = format!("none follow, {name}: mean branching ratio");
        rows.push(Row::at_most(what, mean, 0.03));
    }
}

/// Followers that are there are found, as many as there are.
fn something_follows(units: &ForecastUnits, maps: usize, rows: &mut Vec<Row>) {
    for (series, branching) in [(126, 0.15), (127, 0.4)] {
        let town = Town {
            branching,
            season: 0.3,
            ..town()
        };
        let found = fits(units, &town, series, maps);
        let claimed = found.iter().filter(|f| f.gain >= SelfExciting::EVIDENCE);
        let share = claimed.count() as f64 / maps as f64;
        let mean = found.iter().map(|f| f.branching).sum::<f64>() / maps as f64;
        rows.push(Row::at_least(
            format!("{branching} followers each: evidence of following"),
            share,
            0.95,
        ));
        let what = format!("{branching} followers each: error of the mean branching ratio");
        rows.push(Row::at_most(what, (mean - branching).abs(), 0.03));
    }
}

/// Coverage of independent reports and of reports in series, measured on 200 records.
const LEAST_COVERED: [f64; 2] = [0.915, 0.865];
