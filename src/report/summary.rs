//! The result in a few lines of Markdown.

use std::fmt::Write;

use super::clean::{markdown, visible};
use super::numbers::NONE;
use super::texts::Text;
use super::words::Words;
use crate::analysis::{HotspotResult, Language};

/// How many neighbourhoods the summary lists.
const LISTED: usize = 10;

/// The longest name in its table.
const NAME: usize = 80;

/// The answer in sentences, the ten neighbourhoods to look at first, and the warnings, as
/// Markdown for notebooks and mails.
#[must_use]
pub fn summary(result: &HotspotResult, language: Language) -> String {
    let words = Words::new(result, language);
    let numbers = words.numbers;
    let table = &result.neighbourhoods;
    let at = |column: &[f64], i: usize| column.get(i).copied().unwrap_or(f64::NAN);
    let mut out = format!("### {}", markdown(&words.title()));
    let when = words.when();
    if !when.is_empty() {
        let _ = write!(out, ", {}", markdown(&when));
    }
    out.push_str("\n\n");
    for sentence in words.answer() {
        let _ = writeln!(out, "{}  ", markdown(&sentence));
    }
    let mut heads = vec![
        words.text(Text::Rank).to_owned(),
        words.text(Text::Neighbourhood).to_owned(),
        words.text(Text::Count).to_owned(),
    ];
    if words.has_rates() {
        heads.push(words.unit());
        heads.push(words.text(Text::RateInterval).to_owned());
        heads.push(words.text(Text::Ratio).to_owned());
    }
    if let Some(baseline) = words.baseline() {
        heads.push(words.with(Text::Change, &[("baseline", &baseline)]));
    }
    heads.push(words.text(Text::Class).to_owned());
    let heads: Vec<String> = heads.iter().map(|h| markdown(h)).collect();
    let _ = writeln!(out, "\n| {} |", heads.join(" | "));
    let rule: Vec<&str> = (0..heads.len())
        .map(|i| {
            if i == 1 || i + 1 == heads.len() {
                ":--"
            } else {
                "--:"
            }
        })
        .collect();
    let _ = writeln!(out, "|{}|", rule.join("|"));
    for &i in words.findings.order.iter().take(LISTED) {
        let mut cells = vec![
            table.rank.get(i).map_or_else(String::new, u32::to_string),
            markdown(&visible(words.name(i), NAME)),
            words
                .count(i)
                .map_or_else(|| NONE.to_owned(), |n| numbers.whole(n)),
        ];
        if words.has_rates() {
            cells.push(numbers.rate(at(&table.rate, i)));
            cells.push(
                numbers
                    .rate_range(at(&table.rate_low, i), at(&table.rate_high, i))
                    .unwrap_or_else(|| NONE.to_owned()),
            );
            cells.push(numbers.ratio(at(&table.rate_ratio, i)));
        }
        if result.baseline.is_some() {
            cells.push(numbers.change(at(&table.change, i)));
        }
        cells.push(words.class(i));
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    out.push('\n');
    for warning in &result.warnings {
        let (sentence, _) = words.warning(warning);
        let _ = writeln!(out, "- {}", markdown(&sentence));
    }
    let _ = writeln!(out, "\n*{}*", markdown(words.text(Text::Caution)));
    out
}
