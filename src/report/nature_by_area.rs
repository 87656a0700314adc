//! Of what nature the reports of each leading neighbourhood are.

use std::fmt::Write;

use super::clean::{escaped, visible};
use super::texts::{Text, facet_in_dutch};
use super::words::Words;
use crate::analysis::{AreaNature, Language, Nature, NatureTable};
use crate::methods::profile::{Breakdown, Facet};

/// Neighbourhoods that are described.
const AREAS: usize = 5;
/// What stands out in each.
const TRAITS: usize = 3;
/// Shades of the hours of the week that have reports.
const SHADES: u64 = 4;

impl Words<'_> {
    /// An hour of the week, such as Friday from 22 to 23, by its name `Friday 22`.
    pub(super) fn hour(&self, name: &str) -> String {
        let Some((day, hour)) = name.split_once(' ') else {
            return visible(name, 60);
        };
        let day = match self.language {
            Language::Dutch => facet_in_dutch(day).unwrap_or(day),
            Language::English => day,
        };
        let next = hour.parse::<u32>().map_or(0, |hour| hour + 1);
        let hour = hour.trim_start_matches('0');
        let from = if hour.is_empty() { "0" } else { hour };
        match self.language {
            Language::Dutch => format!("{day} {from}–{next} uur"),
            Language::English => format!("{day} {from}–{next} h"),
        }
    }

    /// What is more frequent in a neighbourhood than in all others, the greatest difference first.
    fn area_traits(&self, area: &AreaNature, is_protected: bool) -> String {
        let mut found: Vec<(f64, String)> = Vec::new();
        for table in &area.tables {
            for cell in (0..table.cell.len()).filter(|&c| table.mark[c] > 0) {
                let (here, there) = (table.share[cell], table.rest_share[cell]);
                let ends = (table.quotient_low[cell], table.quotient_high[cell]);
                // Where the others have none, there is no quotient.
                let is_quotient = table.quotient[cell].is_finite();
                let key = if is_quotient {
                    Text::NatureAreaTrait
                } else {
                    Text::NatureTrait
                };
                let number = |value: f64| self.numbers.significant(value, 2);
                let values = [
                    ("name", self.cell(table, cell)),
                    ("here", self.fine_share(here)),
                    ("there", self.fine_share(there)),
                    ("quotient", number(table.quotient[cell])),
                    ("interval", format!("{}–{}", number(ends.0), number(ends.1))),
                ];
                let values = values.each_ref().map(|(k, v)| (*k, v.as_str()));
                found.push((here - there, self.with(key, &values)));
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        let list: Vec<String> = found.into_iter().take(TRAITS).map(|(_, t)| t).collect();
        if list.is_empty() {
            let same = if is_protected {
                Text::NatureAreaSameParts
            } else {
                Text::NatureAreaSame
            };
            return self.text(same).to_owned();
        }
        self.with(Text::NatureAreaMore, &[("list", &list.join(", "))])
    }

    /// A share, with a digit more where it is small, as shares of an hour of the week are.
    fn fine_share(&self, share: f64) -> String {
        if share.is_finite() && share < 0.095 {
            return format!("{}%", self.numbers.fixed(100.0 * share, 1));
        }
        self.share(share)
    }
}

/// The leading neighbourhoods, each beside all others; nothing where that is not told.
pub(super) fn by_area(words: &Words<'_>, nature: &Nature, out: &mut String) {
    if nature.by_area.is_empty() {
        return;
    }
    let title = escaped(words.text(Text::NatureByArea));
    let _ = write!(out, "<h3>{title}</h3>");
    let is_protected = words.result.protection.is_some();
    for area in nature.by_area.iter().take(AREAS) {
        let name = visible(words.name(area.area), 60);
        let n = words.numbers.whole(area.reports as i64);
        let head = words.with(Text::NatureArea, &[("name", &name), ("n", &n)]);
        let _ = write!(
            out,
            "<p><b>{}</b><br>{}</p>",
            escaped(&head),
            escaped(&words.area_traits(area, is_protected))
        );
        let hours = Breakdown::of(Facet::HourOfWeek);
        if let Some(table) = area.tables.iter().find(|t| t.breakdown == hours) {
            week(words, table, &name, out);
        }
        let parts = Breakdown::of(Facet::PartOfWeek);
        if let Some(table) = area.tables.iter().find(|t| t.breakdown == parts) {
            parts_of_week(words, table, out);
        }
    }
    let note = escaped(words.text(if is_protected {
        Text::NatureAreaNoteProtected
    } else {
        Text::NatureAreaNote
    }));
    let _ = write!(out, "<p><small>{note}</small></p>");
}

/// The shares of the parts of the week, days down and parts of the day across.
fn parts_of_week(words: &Words<'_>, table: &NatureTable, out: &mut String) {
    let head = |key: Text| escaped(words.text(key));
    let parts = [Text::NatureNight, Text::NatureDaytime, Text::NatureEvening];
    let _ = write!(
        out,
        "<table class=\"parts\"><thead><tr><th class=\"t\" scope=\"col\">{}</th>",
        head(Text::NatureAreaParts)
    );
    for part in parts {
        let _ = write!(out, "<th scope=\"col\">{}</th>", head(part));
    }
    out.push_str("</tr></thead><tbody>");
    let labels = table.breakdown.labels(None);
    let rows = [Text::NatureWeek, Text::NatureWeekend];
    for (names, row) in labels.chunks(parts.len()).zip(rows) {
        let _ = write!(out, "<tr><th class=\"t\" scope=\"row\">{}</th>", head(row));
        for name in names {
            let found = table.cell.iter().position(|cell| cell == name);
            let share = found.map_or(f64::NAN, |cell| table.share[cell]);
            let mark = found.map_or("", |cell| super::nature::mark(table.mark[cell]));
            let _ = write!(out, "<td>{}{mark}</td>", words.share(share));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
}

/// The hours of the week as a small drawing: days from top to bottom, hours from left to right, both named
/// at the side.
fn week(words: &Words<'_>, table: &NatureTable, name: &str, out: &mut String) {
    let label = words.with(Text::NatureAreaHours, &[("name", name)]);
    let _ = write!(
        out,
        "<svg class=\"hours\" viewBox=\"-1.7 0 26.4 8\" role=\"img\" aria-label=\"{}\">\
         <path class=\"b0\" d=\"M0 0h24v7H0z\"/>",
        escaped(&label)
    );
    for (day, name) in Breakdown::of(Facet::Weekday)
        .labels(None)
        .iter()
        .enumerate()
    {
        let name = match words.language {
            Language::Dutch => facet_in_dutch(name).unwrap_or(name),
            Language::English => name,
        };
        let short: String = name.chars().take(2).collect();
        let _ = write!(
            out,
            "<text class=\"day\" x=\"-.3\" y=\"{day}.75\">{}</text>",
            escaped(&short)
        );
    }
    for hour in [0, 6, 12, 18, 24] {
        let _ = write!(
            out,
            "<text class=\"hour\" x=\"{hour}\" y=\"7.8\">{hour}</text>"
        );
    }
    let most = table.count.iter().copied().max().unwrap_or(0).max(1);
    let shade = |count: u64| (count * SHADES).div_ceil(most);
    let labels = table.breakdown.labels(None);
    let place = |cell: usize| labels.iter().position(|l| *l == table.cell[cell]);
    let squares = |wanted: &dyn Fn(usize) -> bool, inset: f64| {
        let mut path = String::new();
        for at in (0..table.cell.len())
            .filter(|&c| wanted(c))
            .filter_map(place)
        {
            let (x, y) = ((at % 24) as f64 + inset, (at / 24) as f64 + inset);
            let side = 1.0 - 2.0 * inset;
            let _ = write!(path, "M{x} {y}h{side}v{side}h-{side}z");
        }
        path
    };
    for shown in 1..=SHADES {
        let path = squares(&|c| shade(table.count[c]) == shown, 0.0);
        if !path.is_empty() {
            let _ = write!(out, "<path class=\"b{shown}\" d=\"{path}\"/>");
        }
    }
    let path = squares(&|c| table.mark[c] > 0, 0.1);
    if !path.is_empty() {
        let _ = write!(out, "<path class=\"more\" d=\"{path}\"/>");
    }
    out.push_str("</svg>");
}
