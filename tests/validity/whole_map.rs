//! How often does place seem to matter on a whole map where it does not?

use brandpunt::Workers;
use brandpunt::methods::local::{Geary, GeneralG, GlobalStatistic, Moran};

use crate::maps::{Layout, cells, overdispersed, poisson, source};
use crate::table::{Row, band, share_of};

const LEVEL: f64 = 0.05;

/// Permutation tests are exact whatever the counts are like, so overdispersed ones are here too.
pub(crate) fn rows(maps: usize) -> Vec<Row> {
    let layout = cells();
    let mut rows = Vec::new();
    for (series, (mean, ratio)) in (110..).zip([(0.1, 1.0), (2.0, 1.0), (2.0, 5.0)]) {
        let means = vec![mean; layout.units()];
        let counts = |number| {
            let mut random = source(series, number);
            if ratio > 1.0 {
                overdispersed(&means, ratio, &mut random)
            } else {
                poisson(&means, &mut random)
            }
        };
        for (name, run) in statistics(&layout) {
            let share = share_of(maps, |number| run(&counts(number), number).p <= LEVEL);
            let what = format!("{name}, counts of mean {mean}, variance {ratio} times that");
            rows.push(Row::at_most(what, share, LEVEL + band(LEVEL, maps)));
        }
    }
    rows
}

type Run<'a> = Box<dyn Fn(&[f64], usize) -> GlobalStatistic + Send + Sync + 'a>;

fn statistics(layout: &Layout) -> [(&'static str, Run<'_>); 3] {
    macro_rules! run_of {
        ($statistic:ident) => {
            Box::new(|counts: &[f64], number: usize| {
                let serial = Workers::new(1).unwrap();
                let statistic = $statistic::new().replicates(199).seed(number as u64);
                statistic
                    .run_with(counts, &layout.weights, &serial)
                    .unwrap()
            })
        };
    }
    [
        ("Moran's I", run_of!(Moran)),
        ("Geary's C", run_of!(Geary)),
        ("general G", run_of!(GeneralG)),
    ]
}
