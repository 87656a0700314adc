//! What was measured beside what is allowed.

use brandpunt::Workers;

pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) measured: f64,
    pub(crate) limit: Limit,
}

pub(crate) enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

impl Row {
    pub(crate) fn at_most(what: impl Into<String>, measured: f64, limit: f64) -> Self {
        Self {
            what: what.into(),
            measured,
            limit: Limit::AtMost(limit),
        }
    }

    pub(crate) fn at_least(what: impl Into<String>, measured: f64, limit: f64) -> Self {
        Self {
            what: what.into(),
            measured,
            limit: Limit::AtLeast(limit),
        }
    }

    pub(crate) fn holds(&self) -> bool {
        match self.limit {
            Limit::AtMost(limit) => self.measured <= limit,
            Limit::AtLeast(limit) => self.measured >= limit,
        }
    }
}

/// Prints the table and fails if a row does not hold.
pub(crate) fn report(title: &str, rows: &[Row]) {
    println!("\n{title}");
    for row in rows {
        let (sign, limit) = match row.limit {
            Limit::AtMost(limit) => ("at most", limit),
            Limit::AtLeast(limit) => ("at least", limit),
        };
        let verdict = if row.holds() { "holds" } else { "FAILS" };
        let what = &row.what;
        println!(
            "  {what:<74} {:>8.4}  {sign} {limit:>7.4}  {verdict}",
            row.measured
        );
    }
    let failed = rows.iter().filter(|r| !r.holds()).count();
    assert_eq!(failed, 0, "{failed} rows of «{title}» do not hold");
}

/// Four standard errors of a share in so many maps.
pub(crate) fn band(share: f64, maps: usize) -> f64 {
    4.0 * (share * (1.0 - share) / maps as f64).sqrt()
}

/// Share of the numbers below `maps` for which `alarm` is true.
pub(crate) fn share_of(maps: usize, alarm: impl Fn(usize) -> bool + Sync + Send) -> f64 {
    let workers = Workers::new(0).unwrap();
    let alarms = workers.map(maps, alarm).unwrap();
    alarms.iter().filter(|a| **a).count() as f64 / maps as f64
}
