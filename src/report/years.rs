//! How the city's rate went from year to year, and the counts of a neighbourhood.

use std::fmt::Write;

use super::clean::escaped;
use super::numbers::NONE;
use super::texts::Text;
use super::words::Words;
use crate::analysis::Years;
use crate::methods::rates::TrendStatus;

/// The drawing, in units.
const HEIGHT: f64 = 120.0;
const STEP: f64 = 44.0;

impl Words<'_> {
    /// Whether the city's rate rises or falls over the years, in one sentence.
    fn trend(&self, years: &Years) -> String {
        let trend = &years.trend;
        let key = match trend.status.first() {
            Some(TrendStatus::Falling) => Text::YearsFalling,
            Some(TrendStatus::Rising) => Text::YearsRising,
            Some(TrendStatus::NoClearTrend) => Text::YearsUnclear,
            _ => return self.text(Text::YearsNone).to_owned(),
        };
        let interval = self.numbers.change_interval(trend.low[0], trend.high[0]);
        self.with(
            key,
            &[
                ("change", &self.numbers.change(trend.ratio[0])),
                ("interval", &interval.unwrap_or_else(|| NONE.to_owned())),
            ],
        )
    }
}

/// The city's rate in bars with their intervals; nothing without years or rates.
pub(super) fn years(words: &Words<'_>, out: &mut String) {
    let found = words.result.years.as_ref();
    let Some(years) = found.filter(|y| y.city_rate.iter().any(|r| r.is_finite())) else {
        return;
    };
    let used = years.trend.years_used.first().copied().unwrap_or(0);
    let _ = write!(
        out,
        "<section class=\"years\"><h2>{}</h2><p>{}</p>",
        escaped(words.text(Text::YearsTitle)),
        escaped(&words.trend(years))
    );
    bars(words, years, out);
    let mut note = words.with(Text::YearsNote, &[("n", &words.numbers.whole(used as i64))]);
    if let Some(people) = words.people_used(&years.people) {
        note.push(' ');
        note.push_str(&people);
    }
    let _ = writeln!(out, "<p><small>{}</small></p></section>", escaped(&note));
}

fn bars(words: &Words<'_>, years: &Years, out: &mut String) {
    let target = words.result.target.as_ref().map(|t| t.rate);
    let ends = years
        .city_rate_high
        .iter()
        .chain(&years.city_rate)
        .chain(&target);
    let most = ends.copied().filter(|r| r.is_finite()).fold(0.0, f64::max);
    let width = STEP * years.periods.len() as f64;
    let label = words.with(Text::YearsLabel, &[("unit", &words.unit())]);
    let _ = write!(
        out,
        "<svg class=\"bars\" viewBox=\"0 -16 {width:.0} {:.0}\" role=\"img\" aria-label=\"{}\">",
        HEIGHT + 34.0,
        escaped(&label)
    );
    let at = |rate: f64| HEIGHT - HEIGHT * rate / most.max(f64::MIN_POSITIVE);
    for (i, period) in years.periods.iter().enumerate() {
        let (left, middle) = (STEP * i as f64 + 6.0, STEP * (i as f64 + 0.5));
        let rate = years.city_rate[i];
        if rate.is_finite() {
            let unusual = years.trend.unusual.get(i) == Some(&true);
            let class = if unusual { " class=\"unusual\"" } else { "" };
            let _ = write!(
                out,
                "<rect{class} x=\"{left:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>\
                 <path d=\"M{middle:.1} {:.1}V{:.1}\"/><text x=\"{middle:.1}\" y=\"{:.1}\">{}</text>",
                at(rate),
                STEP - 12.0,
                HEIGHT - at(rate),
                at(years.city_rate_low[i]),
                at(years.city_rate_high[i]),
                at(years.city_rate_high[i]) - 4.0,
                escaped(&words.numbers.rate(rate))
            );
        }
        let _ = write!(
            out,
            "<text class=\"year\" x=\"{middle:.1}\" y=\"{:.1}\">{}</text>",
            HEIGHT + 14.0,
            escaped(&words.period(period))
        );
    }
    let mut about = label;
    if let Some(rate) = target.filter(|rate| rate.is_finite()) {
        let _ = write!(
            out,
            "<path class=\"goal\" d=\"M0 {0:.1}H{width:.0}\"/>",
            at(rate)
        );
        about.push_str(words.text(Text::TargetLine));
    }
    out.push_str("</svg>");
    let _ = write!(out, "<p><small>{}</small></p>", escaped(&about));
}

/// A small line of the counts of a neighbourhood, with a gap where one is not shown.
pub(super) fn line(years: &Years, area: usize) -> String {
    const HIGH: f64 = 16.0;
    const WIDE: f64 = 8.0;
    let n = years.periods.len();
    if area >= years.count.nrows() {
        return String::new();
    }
    let shown = |year: usize| (!years.is_withheld(area, year)).then(|| years.count[[area, year]]);
    let most = (0..n).filter_map(shown).max().unwrap_or(0);
    if most <= 0 {
        return String::new();
    }
    let mut path = String::new();
    let mut pen = 'M';
    for year in 0..n {
        let Some(count) = shown(year) else {
            pen = 'M';
            continue;
        };
        let (x, y) = (
            WIDE * (year as f64 + 0.5),
            1.0 + HIGH - HIGH * count as f64 / most as f64,
        );
        // A single year is a dot: a line of no length with round ends.
        let _ = write!(path, "{pen}{x:.0} {y:.1}");
        if pen == 'M' {
            path.push_str("h0");
        }
        pen = 'L';
    }
    format!(
        "<svg class=\"spark\" width=\"{:.0}\" aria-hidden=\"true\"><path d=\"{path}\"/></svg>",
        WIDE * n as f64
    )
}
