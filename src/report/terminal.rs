//! The ranked table for a terminal.

use unicode_width::UnicodeWidthStr;

use super::clean::visible;
use super::numbers::NONE;
use super::texts::Text;
use super::words::Words;
use crate::analysis::{HotspotResult, Language};

/// The narrowest a column of names gets.
const NARROWEST: usize = 10;

/// A ranked, aligned table in plain text: the neighbourhoods to look at first, below it the answer
/// in words and the warnings.
///
/// At most `rows` neighbourhoods are shown, in lines of at most `width` columns of the terminal:
/// codes, intervals and populations are left out where there is no room. Names and codes are
/// printed with control characters and changes of direction made visible.
///
/// ```
/// # use brandpunt::analysis::{HotspotResult, Language};
/// # fn show(result: &HotspotResult) -> String {
/// brandpunt::report::terminal_table(result, 20, 100, Language::English)
/// # }
/// ```
#[must_use]
pub fn terminal_table(
    result: &HotspotResult,
    rows: usize,
    width: usize,
    language: Language,
) -> String {
    let words = Words::new(result, language);
    let mut columns = columns(&words, rows);
    // The least needed column goes first.
    for dispensable in [
        "code",
        "change_interval",
        "pattern",
        "q",
        "population",
        "interval",
        "change",
        "ratio",
    ] {
        if total(&columns) <= width {
            break;
        }
        columns.retain(|c| c.key != dispensable);
    }
    let over = total(&columns).saturating_sub(width);
    if let Some(name) = columns.iter_mut().find(|c| c.key == "name") {
        let most = name.width().saturating_sub(over).max(NARROWEST);
        for cell in &mut name.cells {
            *cell = shortened(cell, most);
        }
    }

    let mut out = String::new();
    let lines = columns.first().map_or(0, |c| c.cells.len());
    for line in 0..lines {
        let mut text = String::new();
        for (i, column) in columns.iter().enumerate() {
            let cell = column.cells.get(line).map_or("", String::as_str);
            let gap = " ".repeat(column.width().saturating_sub(cell.width()));
            if i > 0 {
                text.push_str("  ");
            }
            if column.left {
                text.push_str(cell);
                text.push_str(&gap);
            } else {
                text.push_str(&gap);
                text.push_str(cell);
            }
        }
        out.push_str(text.trim_end());
        out.push('\n');
        if line == 0 {
            let rule: Vec<String> = columns.iter().map(|c| "─".repeat(c.width())).collect();
            out.push_str(&rule.join("  "));
            out.push('\n');
        }
    }
    let left = result.neighbourhoods.len().saturating_sub(rows);
    if left > 0 {
        let more = words.numbers.whole(left as i64);
        out.push_str(&words.with(Text::More, &[("n", &more)]));
        out.push('\n');
    }
    out.push('\n');
    for sentence in words.answer() {
        wrapped(&sentence, "", width, &mut out);
    }
    for warning in &result.warnings {
        let (sentence, _) = words.warning(warning);
        wrapped(&sentence, "! ", width, &mut out);
    }
    wrapped(words.text(Text::Caution), "", width, &mut out);
    out
}

/// A column: its head and its cells.
struct Column {
    key: &'static str,
    left: bool,
    cells: Vec<String>,
}

impl Column {
    fn width(&self) -> usize {
        self.cells.iter().map(|c| c.width()).max().unwrap_or(0)
    }
}

fn total(columns: &[Column]) -> usize {
    columns.iter().map(Column::width).sum::<usize>() + 2 * columns.len().saturating_sub(1)
}

fn columns(words: &Words<'_>, rows: usize) -> Vec<Column> {
    let table = &words.result.neighbourhoods;
    let numbers = words.numbers;
    let shown: Vec<usize> = words.findings.order.iter().copied().take(rows).collect();
    let column = |key, left, head: String, cell: &dyn Fn(usize) -> String| Column {
        key,
        left,
        cells: std::iter::once(head)
            .chain(shown.iter().map(|&i| cell(i)))
            .collect(),
    };
    let head = |key: Text| words.text(key).to_owned();
    let at = |column: &[f64], i: usize| column.get(i).copied().unwrap_or(f64::NAN);
    let mut out = vec![
        column("rank", false, head(Text::Rank), &|i| {
            table.rank.get(i).map_or_else(String::new, u32::to_string)
        }),
        column("code", true, head(Text::Code), &|i| {
            visible(table.code.get(i).map_or("", String::as_str), 24)
        }),
        column("name", true, head(Text::Neighbourhood), &|i| {
            visible(words.name(i), 40)
        }),
        column("count", false, head(Text::Count), &|i| {
            words
                .count(i)
                .map_or_else(|| NONE.to_owned(), |n| numbers.whole(n))
        }),
    ];
    if words.has_rates() {
        out.push(column("population", false, words.people(), &|i| {
            numbers.people(at(&table.population, i))
        }));
        out.push(column("rate", false, head(Text::Rate), &|i| {
            numbers.rate(at(&table.rate, i))
        }));
        out.push(column("interval", true, head(Text::RateInterval), &|i| {
            numbers
                .rate_range(at(&table.rate_low, i), at(&table.rate_high, i))
                .map_or_else(String::new, |range| format!("[{range}]"))
        }));
        out.push(column("ratio", false, head(Text::Ratio), &|i| {
            numbers.ratio(at(&table.rate_ratio, i))
        }));
        out.push(column("q", false, head(Text::RateQ), &|i| {
            numbers.probability(at(&table.rate_q, i))
        }));
    }
    if let Some(baseline) = words.baseline() {
        let title = words.with(Text::Change, &[("baseline", &baseline)]);
        out.push(column("change", false, title, &|i| {
            numbers.change(at(&table.change, i))
        }));
        out.push(column(
            "change_interval",
            true,
            head(Text::RateInterval),
            &|i| {
                numbers
                    .change_interval(at(&table.change_low, i), at(&table.change_high, i))
                    .map_or_else(String::new, |range| format!("[{range}]"))
            },
        ));
    }
    out.push(column("class", true, head(Text::Class), &|i| {
        words.class(i)
    }));
    if words.result.history.is_some() {
        out.push(column("pattern", true, head(Text::Pattern), &|i| {
            words.pattern(i).unwrap_or_else(|| NONE.to_owned())
        }));
    }
    out
}

/// At most `most` columns of a text.
fn shortened(text: &str, most: usize) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        let mut longer = out.clone();
        longer.push(c);
        if longer.width() + 1 > most {
            break;
        }
        out = longer;
    }
    out.push('…');
    out
}

/// A paragraph in lines of at most `width` columns; after the first they are indented.
fn wrapped(text: &str, mark: &str, width: usize, out: &mut String) {
    let indent = " ".repeat(mark.width());
    let mut line = mark.to_owned();
    let mut empty = true;
    for word in text.split(' ') {
        if !empty && line.width() + 1 + word.width() > width.max(20) {
            out.push_str(&line);
            out.push('\n');
            line.clone_from(&indent);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    out.push_str(&line);
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_letters_count_twice() {
        assert_eq!(shortened("東京都", 5), "東京…");
        assert_eq!(shortened("abc", 3), "abc");
    }

    #[test]
    fn paragraphs_keep_to_the_width() {
        let mut out = String::new();
        wrapped("one two three four five six seven", "! ", 20, &mut out);
        assert_eq!(out, "! one two three four\n  five six seven\n");
    }
}
