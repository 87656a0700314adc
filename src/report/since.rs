//! Lower or higher than in the year compared with, and where.

use std::fmt::Write;

use super::clean::escaped;
use super::texts::Text;
use super::words::{Direction, Words};

/// Neighbourhoods by what can be said of their change, in order of rank.
#[derive(Debug, Default)]
struct Changes {
    lower: Vec<usize>,
    unclear: usize,
    higher: Vec<usize>,
    unknown: usize,
}

impl Words<'_> {
    /// The answer in one sentence or two: the change first, where there is one, then the places.
    pub(super) fn verdict(&self) -> String {
        let key = match self.direction() {
            Some(Direction::Up) => Text::LeadUp,
            Some(Direction::Down) => Text::LeadDown,
            Some(Direction::Unclear) => Text::LeadSame,
            Some(Direction::Undefined) | None => return self.lead(),
        };
        let change = self.with(
            key,
            &[
                ("unit", &self.unit()),
                ("baseline", &self.baseline().unwrap_or_default()),
                ("change", &self.numbers.change(self.result.city.change)),
            ],
        );
        format!("{change} {}", self.lead())
    }

    fn changes(&self) -> Changes {
        let table = &self.result.neighbourhoods;
        let mut out = Changes::default();
        for &i in &self.findings.order {
            let (q, ratio) = (table.change_q[i], table.change[i]);
            // Without reports then there is no ratio, and any report now is more.
            let higher = ratio.is_nan() || ratio > 1.0;
            match q {
                q if q.is_nan() => out.unknown += 1,
                q if q > self.findings.level => out.unclear += 1,
                _ if higher => out.higher.push(i),
                _ => out.lower.push(i),
            }
        }
        out
    }

    /// The neighbourhoods with their changes, such as `Centrum (+40%)`.
    fn changed(&self, which: &[usize]) -> String {
        const LISTED: usize = 8;
        let table = &self.result.neighbourhoods;
        let mut out: Vec<String> = which
            .iter()
            .take(LISTED)
            .map(|&i| {
                let name = self.names(&[i]);
                match table.change[i] {
                    ratio if ratio.is_finite() => {
                        format!("{name} ({})", self.numbers.change(ratio))
                    }
                    _ => name,
                }
            })
            .collect();
        if which.len() > LISTED {
            let more = self.numbers.whole((which.len() - LISTED) as i64);
            out.push(self.with(Text::More, &[("n", &more)]));
        }
        out.join(", ")
    }
}

/// What became of the neighbourhoods since the year compared with; nothing without one.
pub(super) fn since(words: &Words<'_>, out: &mut String) {
    let Some(baseline) = words.baseline() else {
        return;
    };
    let changes = words.changes();
    let counts = [
        (Text::SinceLower, "lower", changes.lower.len()),
        (Text::SinceUnclear, "same", changes.unclear),
        (Text::SinceHigher, "higher", changes.higher.len()),
        (Text::SinceUnknown, "unknown", changes.unknown),
    ];
    let _ = write!(
        out,
        "<section class=\"since\"><h2>{}</h2>",
        escaped(&words.with(Text::SinceTitle, &[("baseline", &baseline)]))
    );
    if let Some(change) = words.change() {
        let _ = write!(out, "<p>{}</p>", escaped(&change));
    }
    let _ = write!(
        out,
        "<svg class=\"shares\" viewBox=\"0 0 {} 1\" preserveAspectRatio=\"none\" \
         aria-hidden=\"true\">",
        words.findings.order.len()
    );
    let mut from = 0;
    for (_, class, n) in &counts {
        let _ = write!(out, "<path class=\"{class}\" d=\"M{from} 0h{n}v1h-{n}z\"/>");
        from += n;
    }
    out.push_str("</svg><ul class=\"tally\">");
    for (text, class, n) in counts.iter().filter(|(_, _, n)| *n > 0) {
        let _ = write!(
            out,
            "<li class=\"{class}\"><b>{}</b> {}</li>",
            words.numbers.whole(*n as i64),
            escaped(words.text(*text))
        );
    }
    out.push_str("</ul>");
    for (text, which) in [
        (Text::SinceWhereLower, &changes.lower),
        (Text::SinceWhereHigher, &changes.higher),
    ] {
        if !which.is_empty() {
            let names = words.changed(which);
            let _ = write!(
                out,
                "<p>{}</p>",
                escaped(&words.with(text, &[("names", &names)]))
            );
        }
    }
    let level = words.numbers.trimmed(words.findings.level);
    let mut notes = vec![words.with(Text::SinceNote, &[("level", &level)])];
    notes.extend(words.people_used(&words.result.people));
    if words.result.years.is_some() && unlike(words) {
        notes.push(words.with(Text::PeopleInBoth, &[("baseline", &baseline)]));
    }
    let _ = writeln!(
        out,
        "<p><small>{}</small></p></section>",
        escaped(&notes.join(" "))
    );
}

/// Whether the rate of the year compared with is another among the years, because some neighbourhoods have
/// people in one of the two only.
fn unlike(words: &Words<'_>) -> bool {
    let change = words.result.city.baseline_rate;
    let years = words.result.years.as_ref();
    let then = words.result.people.first().map(|(year, _)| *year);
    let of_year = years.and_then(|years| {
        let place = years
            .people
            .iter()
            .position(|(year, _)| Some(*year) == then)?;
        years.city_rate.get(place).copied()
    });
    of_year.is_some_and(|rate| rate.is_finite() && (rate / change - 1.0).abs() > 1e-9)
}
