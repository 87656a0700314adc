//! The tables of `rates` for a terminal.

use std::fmt::Write as _;

use super::aligned;
use super::rates::{Level, Levels};
use crate::analysis::Language;
use crate::error::quoted;
use crate::methods::rates::ChangeStatus;

/// Characters of a name that are shown.
const NAME: usize = 32;

/// Below so many people a handful of incidents makes a high rate, of people who mostly live elsewhere.
const FEW_PEOPLE: f64 = 100.0;

/// Words and numbers in the language of the table.
pub(super) struct Words {
    pub(super) dutch: bool,
}

impl Words {
    pub(super) fn language(&self) -> Language {
        if self.dutch {
            Language::Dutch
        } else {
            Language::English
        }
    }

    pub(super) fn of(&self, dutch: &'static str, english: &'static str) -> &'static str {
        if self.dutch { dutch } else { english }
    }

    pub(super) fn number(&self, value: f64, digits: usize) -> String {
        if value.is_infinite() {
            return "∞".to_owned();
        }
        let text = format!("{value:.digits$}");
        if self.dutch {
            text.replace('.', ",")
        } else {
            text
        }
    }

    pub(super) fn interval(&self, value: f64, low: f64, high: f64, digits: usize) -> String {
        if low.is_nan() {
            return self.of("onbekend", "unknown").to_owned();
        }
        let shown = if value.is_nan() {
            "–".to_owned()
        } else {
            self.number(value, digits)
        };
        let low = self.number(low, digits);
        if high.is_nan() {
            return format!("{shown} ({} {low})", self.of("vanaf", "from"));
        }
        format!("{shown} ({low}–{})", self.number(high, digits))
    }

    fn status(&self, status: ChangeStatus) -> &'static str {
        match status {
            ChangeStatus::Lower => self.of("lager", "lower"),
            ChangeStatus::Higher => self.of("hoger", "higher"),
            ChangeStatus::NoClearChange => {
                self.of("geen duidelijke verandering", "no clear change")
            }
            ChangeStatus::CannotTell => self.of("niet te zeggen", "cannot tell"),
        }
    }
}

/// The city, the groups and the areas, those with the highest smoothed rate first and those with few
/// people last.
pub(super) fn text(levels: &Levels, rows: usize, language: Language) -> String {
    let Levels {
        areas,
        groups,
        city,
    } = levels;
    let words = Words {
        dutch: matches!(language, Language::Dutch),
    };
    let mut out = String::new();
    section(&words, words.of("Gemeente", "City"), city, 1, &mut out);
    if let Some(groups) = groups {
        section(
            &words,
            words.of("Groepen", "Groups"),
            groups,
            rows,
            &mut out,
        );
    }
    section(&words, words.of("Gebieden", "Areas"), areas, rows, &mut out);
    out.push_str(words.of(
        "Op volgorde van het cijfer, dat waar weinig mensen wonen getrokken is naar dat van de gemeente.\n",
        "In order of the rate, which is drawn towards that of the city where few people live.\n",
    ));
    if areas.change.is_some() {
        out.push_str(words.of(
            "Verhouding: het cijfer gedeeld door dat van de periode waarmee is vergeleken. Het oordeel is \
             gecorrigeerd voor het aantal vergelijkingen (q ≤ 0,05), dus strenger dan het interval.\n",
            "Ratio: the rate over that of the period compared with. The status is corrected for the number \
             of comparisons (q ≤ 0.05), and so stricter than the interval.\n",
        ));
    }
    let small = (0..areas.code.len())
        .filter(|&i| is_small(areas, i))
        .count();
    if small > 0 {
        // Writing to a string cannot fail.
        let _ = if words.dutch {
            writeln!(
                out,
                "* {small} gebieden hebben minder dan 100 inwoners en staan onderaan: een paar incidenten \
                 maken daar al een hoog cijfer, en wie er komt woont er vaak niet. Kijk dan naar het aantal."
            )
        } else {
            writeln!(
                out,
                "* {small} areas have fewer than 100 people and stand last: a few incidents make a high \
                 rate there, and who comes there often lives elsewhere. Look at the count instead."
            )
        };
    }
    let unknown: u64 = areas.unknown.iter().sum();
    if unknown > 0 {
        let n = areas.code.len();
        // Of protected counts the sum of those is no published count.
        let counted = if areas.states.is_empty() {
            format!(" {}", unknown_incidents(areas))
        } else {
            String::new()
        };
        // Writing to a string cannot fail.
        let _ = if words.dutch {
            writeln!(
                out,
                "Van {unknown} van de {n} gebieden is het aantal inwoners onbekend; hun{counted} \
                 incidenten tellen niet mee in gemeente en groepen."
            )
        } else {
            writeln!(
                out,
                "The population of {unknown} of {n} areas is unknown; their{counted} incidents are \
                 not in the city and the groups."
            )
        };
    }
    out
}

/// Whether so few people live in an area that its rate says little.
fn is_small(level: &Level, i: usize) -> bool {
    level.population[i] > 0.0 && level.population[i] < FEW_PEOPLE
}

fn unknown_incidents(areas: &Level) -> i64 {
    let each = areas.count.iter().zip(&areas.unknown);
    each.filter(|(_, unknown)| **unknown > 0)
        .map(|(c, _)| c)
        .sum()
}

fn section(words: &Words, title: &str, level: &Level, rows: usize, out: &mut String) {
    let key = |i: usize| {
        let smoothed = level.rates.smoothed.as_ref().map_or(f64::NAN, |s| s[i]);
        if smoothed.is_nan() {
            f64::NEG_INFINITY
        } else {
            smoothed
        }
    };
    let mut order: Vec<usize> = (0..level.code.len()).collect();
    order.sort_by(|&a, &b| {
        is_small(level, a)
            .cmp(&is_small(level, b))
            .then(key(b).total_cmp(&key(a)))
            .then(level.count[b].cmp(&level.count[a]))
            .then(level.code[a].cmp(&level.code[b]))
    });
    let mut table = vec![heads(words, title, level)];
    table.extend(order.iter().take(rows).map(|&i| cells(words, level, i)));
    // Texts stand at the left, numbers at the right.
    aligned::write(&table, &[0, 5], out);
    if order.len() > rows {
        let left = order.len() - rows;
        // Writing to a string cannot fail.
        let _ = if words.dutch {
            writeln!(out, "en nog {left}")
        } else {
            writeln!(out, "and {left} more")
        };
    }
    out.push('\n');
}

fn heads(words: &Words, title: &str, level: &Level) -> Vec<String> {
    let mut heads = vec![
        title,
        words.of("aantal", "count"),
        words.of("inwoners", "population"),
        words.of("cijfer (95 %)", "rate (95 %)"),
    ];
    if level.change.is_some() {
        heads.push(words.of("verhouding (95 %)", "ratio (95 %)"));
        heads.push(words.of("oordeel", "status"));
    }
    heads.into_iter().map(str::to_owned).collect()
}

fn cells(words: &Words, level: &Level, i: usize) -> Vec<String> {
    let name: String = quoted(&level.name[i]).chars().take(NAME).collect();
    let rates = &level.rates;
    let mut cells = vec![
        name,
        if level.is_withheld(i) {
            words.of("niet getoond", "not shown").to_owned()
        } else {
            level.count[i].to_string()
        },
        if level.population[i] > 0.0 {
            let mark = if is_small(level, i) { "*" } else { "" };
            format!("{}{mark}", words.number(level.population[i], 0))
        } else {
            words.of("onbekend", "unknown").to_owned()
        },
        words.interval(rates.rate[i], rates.low[i], rates.high[i], 1),
    ];
    if let Some(change) = &level.change {
        cells.push(words.interval(change.ratio[i], change.low[i], change.high[i], 2));
        cells.push(words.status(change.status[i]).to_owned());
    }
    cells
}
