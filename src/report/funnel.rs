//! Which neighbourhoods lie outside what chance makes of the city's rate: a funnel.

use std::fmt::Write;

use super::clean::{escaped, html};
use super::texts::Text;
use super::words::Words;
use crate::error::Result;
use crate::methods::rates::{Funnel, FunnelStatus};

/// The drawing, in units.
const WIDTH: f64 = 460.0;
const HEIGHT: f64 = 200.0;
/// Places at which the limits are drawn.
const PLACES: usize = 48;

/// People to the right, rates upwards, and the limits of 95 and 99.8 %; nothing without rates.
pub(super) fn funnel(words: &Words<'_>, out: &mut String) -> Result<()> {
    let table = &words.result.neighbourhoods;
    let shown: Vec<usize> = (0..table.len())
        .filter(|&i| table.rate[i].is_finite() && table.population[i] > 0.0)
        .collect();
    let city = words.result.city.rate;
    if shown.len() < 5 || !(city.is_finite() && city > 0.0) {
        return Ok(());
    }
    let per = words.result.theme.per_people();
    let chance = Funnel::new().per(per).rate(city / per);
    let pick = |column: &[f64]| shown.iter().map(|&i| column[i]).collect::<Vec<f64>>();
    let (people, rates) = (pick(&table.population), pick(&table.rate));
    let counts: Vec<i64> = shown.iter().map(|&i| table.count[i]).collect();
    let found = chance.run(&counts, &people)?;
    let ends = |column: &[f64]| {
        let fold = |f: fn(f64, f64) -> f64, from: f64| column.iter().copied().fold(from, f);
        (fold(f64::min, f64::INFINITY), fold(f64::max, 0.0))
    };
    let ((least, most), (_, top)) = (ends(&people), ends(&rates));
    let (from, to) = ((least * 0.9).ln(), (most * 1.1).ln());
    let x = |people: f64| WIDTH * (people.ln() - from) / (to - from);
    let y = |rate: f64| HEIGHT - HEIGHT * (rate / (1.08 * top)).min(1.0);
    let grid: Vec<f64> = (0..=PLACES)
        .map(|k| (from + (to - from) * k as f64 / PLACES as f64).exp())
        .collect();
    let limits = chance.run(&vec![0; grid.len()], &grid)?;
    let line = |limit: &[f64]| {
        let points = grid
            .iter()
            .zip(limit)
            .map(|(g, l)| format!("{:.0} {:.1}", x(*g), y(*l)));
        points.collect::<Vec<_>>().join("L")
    };
    let label = words.with(Text::FunnelLabel, &[("people", &words.people())]);
    let _ = write!(
        out,
        "<section class=\"years\"><h2>{}</h2><svg class=\"funnel\" viewBox=\"0 -4 {WIDTH} {:.0}\" \
         role=\"img\" aria-label=\"{}\">",
        escaped(words.text(Text::FunnelTitle)),
        HEIGHT + 24.0,
        escaped(&label)
    );
    for (class, limit) in [
        ("far", &limits.far_low),
        ("far", &limits.far_high),
        ("near", &limits.low),
        ("near", &limits.high),
    ] {
        let _ = write!(out, "<path class=\"{class}\" d=\"M{}\"/>", line(limit));
    }
    let _ = write!(
        out,
        "<path class=\"city\" d=\"M0 {:.1}H{WIDTH}\"/>",
        y(city)
    );
    let mut outside = [0, 0];
    for (k, &i) in shown.iter().enumerate() {
        let far = match found.status[k] {
            FunnelStatus::FarAbove => 1,
            FunnelStatus::FarBelow => -1,
            _ => 0,
        };
        outside[0] += usize::from(far > 0);
        outside[1] += usize::from(far < 0);
        let class = if far == 0 { "" } else { " class=\"out\"" };
        let _ = write!(
            out,
            "<circle{class} cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\"><title>{}</title></circle>",
            x(people[k]),
            y(rates[k]),
            html(words.name(i))
        );
    }
    let tick = |people: f64, anchor: &str| {
        format!(
            "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"{anchor}\">{}</text>",
            x(people),
            HEIGHT + 16.0,
            escaped(&words.numbers.people(people))
        )
    };
    let _ = write!(out, "{}{}</svg>", tick(least, "start"), tick(most, "end"));
    let whole = |n: usize| words.numbers.whole(n as i64);
    let note = words.with(
        Text::FunnelNote,
        &[
            ("people", &words.people()),
            ("high", &whole(outside[0])),
            ("low", &whole(outside[1])),
        ],
    );
    let _ = writeln!(out, "<p><small>{}</small></p></section>", escaped(&note));
    Ok(())
}
