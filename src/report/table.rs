//! The table of a page: the accessible equivalent of its map and the source of its tooltips.

use std::fmt::Write;

use super::clean::{escaped, html, visible};
use super::history;
use super::numbers::NONE;
use super::palette;
use super::texts::Text;
use super::words::Words;

/// Below so many people a rate says little; they are named beside it.
const FEW_PEOPLE: f64 = 100.0;

/// What one cell shows.
#[derive(Debug, Default)]
struct Cell {
    /// By what it is sorted; NaN comes last.
    sort: f64,
    /// Safe HTML.
    shown: String,
    /// Safe HTML in small type below.
    small: String,
    /// Why there is no number.
    why: Option<Text>,
}

/// When a column is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// Always.
    Always,
    /// Except on a phone.
    Roomy,
    /// When all columns are asked for.
    Asked,
}

/// Which of the questions a column is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    None,
    Own,
    Around,
    Density,
}

/// The titles of the groups of columns, in order.
pub(super) const GROUPS: [Text; 3] = [Text::GroupOwn, Text::GroupAround, Text::GroupDensity];

struct Column<'a> {
    head: String,
    seen: Seen,
    /// Whether a tooltip holds it.
    tip: bool,
    /// Whether it is sorted from small to large at first.
    ascending: bool,
    class: &'static str,
    /// Which of the questions it is about.
    group: Group,
    cell: Box<dyn Fn(usize) -> Cell + 'a>,
}

impl Column<'_> {
    /// The column as part of the answer to a question.
    fn about(self, group: Group) -> Self {
        Self { group, ..self }
    }
}

/// A column as a number per neighbourhood, NaN where it is too short.
fn at(column: &[f64], i: usize) -> f64 {
    column.get(i).copied().unwrap_or(f64::NAN)
}

/// That few people live in a neighbourhood with a rate; nothing where enough do.
fn few_people(words: &Words<'_>, i: usize) -> String {
    let table = &words.result.neighbourhoods;
    let people = at(&table.population, i);
    if !at(&table.rate, i).is_finite() || people >= FEW_PEOPLE {
        return String::new();
    }
    let n = words.numbers.fixed(people, 0);
    let few = words.with(Text::FewPeople, &[("n", &n), ("people", &words.people())]);
    format!("<br>{}", escaped(&few))
}

/// The table with its head and one row per neighbourhood, in order of rank.
pub(super) fn table(words: &Words<'_>, id: &str) -> String {
    let columns = columns(words);
    let mut out = String::new();
    let caption = words.with(Text::TableCaption, &[("theme", &words.title())]);
    let _ = write!(
        out,
        "<table id=\"{id}\" tabindex=\"-1\"><caption>{}</caption><thead><tr>",
        escaped(&caption)
    );
    for (number, column) in columns.iter().enumerate() {
        let head = escaped(&column.head);
        let _ = write!(
            out,
            "<th scope=\"col\" data-label=\"{head}\" data-first=\"{}\"",
            if column.ascending {
                "ascending"
            } else {
                "descending"
            },
        );
        if number == 0 {
            out.push_str(" aria-sort=\"ascending\"");
        }
        if column.tip {
            out.push_str(" data-tip=\"1\"");
        }
        if number != 1 && column.class != "why t" {
            out.push_str(" data-full=\"1\"");
        }
        if column.class.ends_with('t') {
            out.push_str(" data-text=\"1\"");
        }
        let _ = write!(
            out,
            " data-group=\"{}\"{}>{head}</th>",
            column.group as u8,
            class(column, true)
        );
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    let table = &words.result.neighbourhoods;
    for &i in &words.findings.order {
        let code = html(table.code.get(i).map_or("", String::as_str));
        let name = html(words.name(i));
        let _ = write!(
            out,
            "<tr data-i=\"{i}\" data-name=\"{name}\" data-code=\"{code}\">"
        );
        for (number, column) in columns.iter().enumerate() {
            if number == 1 {
                let _ = write!(
                    out,
                    "<th scope=\"row\" class=\"t\"><bdi>{name}</bdi><small>{code}</small></th>"
                );
            } else {
                row_cell(words, column, i, &mut out);
            }
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table>");
    out
}

fn class(column: &Column<'_>, head: bool) -> String {
    let mut names = Vec::new();
    match column.seen {
        Seen::Always => {}
        Seen::Roomy => names.push("p"),
        Seen::Asked => names.push("w"),
    }
    let own = if head {
        if column.class.ends_with(['t', 'c', 's']) {
            "t"
        } else {
            ""
        }
    } else {
        column.class
    };
    if !own.is_empty() {
        names.push(own);
    }
    if names.is_empty() {
        String::new()
    } else {
        format!(" class=\"{}\"", names.join(" "))
    }
}

fn row_cell(words: &Words<'_>, column: &Column<'_>, i: usize, out: &mut String) {
    let mut cell = (column.cell)(i);
    if cell.why.is_some() && words.result.is_withheld(i) {
        cell.why = Some(Text::WhyWithheld);
    }
    let _ = write!(out, "<td{}", class(column, false));
    if !column.class.ends_with('t') {
        if cell.sort.is_finite() {
            let _ = write!(out, " data-v=\"{}\"", short(cell.sort));
        } else {
            out.push_str(" data-v=\"\"");
        }
    }
    out.push('>');
    match cell.why {
        Some(why) => {
            let why = escaped(words.text(why));
            let _ = write!(out, "<abbr title=\"{why}\">{NONE}</abbr>");
        }
        None => out.push_str(&cell.shown),
    }
    if !cell.small.is_empty() {
        let _ = write!(out, "<small>{}</small>", cell.small);
    }
    out.push_str("</td>");
}

/// A number to sort by, in nine digits.
fn short(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        format!("{value:.0}")
    } else {
        format!("{value:.8e}")
            .parse::<f64>()
            .map_or_else(|_| String::new(), |v| v.to_string())
    }
}

/// A number or the reason why there is none.
fn number(value: f64, shown: String, why: Text) -> Cell {
    Cell {
        sort: value,
        why: (!value.is_finite()).then_some(why),
        shown,
        small: String::new(),
    }
}

fn plain<'a>(head: String, seen: Seen, cell: impl Fn(usize) -> Cell + 'a) -> Column<'a> {
    Column {
        head,
        seen,
        tip: false,
        ascending: false,
        class: "",
        group: Group::None,
        cell: Box::new(cell),
    }
}

fn columns<'a>(words: &'a Words<'a>) -> Vec<Column<'a>> {
    let table = &words.result.neighbourhoods;
    let numbers = words.numbers;
    let head = |key: Text| words.text(key).to_owned();
    let no_people = move |i: usize| {
        if at(&table.population, i) == 0.0 {
            Text::WhyZeroPopulation
        } else {
            Text::WhyNoPopulation
        }
    };
    let mut out = vec![
        Column {
            ascending: true,
            ..plain(head(Text::Rank), Seen::Always, move |i| {
                let rank = f64::from(table.rank.get(i).copied().unwrap_or(0));
                number(rank, numbers.fixed(rank, 0), Text::WhyNoRate)
            })
        },
        Column {
            ascending: true,
            class: "t",
            ..plain(head(Text::Neighbourhood), Seen::Always, |_| Cell::default())
        },
        Column {
            tip: true,
            class: "c",
            group: Group::Around,
            ..plain(head(Text::Class), Seen::Always, |i| class_cell(words, i))
        },
    ];
    out.extend(steady_column(words));
    out.extend(robust_column(words));
    out.extend(pattern_columns(words));
    out.push(Column {
        tip: true,
        ..plain(head(Text::Count), Seen::Roomy, move |i| {
            let count = words.count(i);
            let shown = count.map_or_else(String::new, |n| numbers.whole(n));
            number(count.map_or(f64::NAN, |n| n as f64), shown, Text::WhyNoRate)
        })
    });
    let people = words.people();
    let mut initial = people.chars();
    let people: String = initial
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(initial)
        .collect();
    out.push(Column {
        tip: true,
        ..plain(people, Seen::Asked, move |i| {
            let people = at(&table.population, i);
            number(people, numbers.people(people), Text::WhyNoPopulation)
        })
    });
    out.push(Column {
        tip: true,
        group: Group::Own,
        ..plain(head(Text::Rate), Seen::Always, move |i| {
            let rate = at(&table.rate, i);
            let interval = numbers.rate_range(at(&table.rate_low, i), at(&table.rate_high, i));
            Cell {
                small: interval.unwrap_or_default() + &few_people(words, i),
                ..number(rate, numbers.rate(rate), no_people(i))
            }
        })
    });
    out.push(Column {
        tip: true,
        group: Group::Own,
        ..plain(head(Text::Ratio), Seen::Roomy, move |i| {
            let ratio = at(&table.rate_ratio, i);
            let q = at(&table.rate_q, i);
            let small = if q.is_finite() {
                escaped(&format!("q {}", numbers.probability(q)))
            } else {
                String::new()
            };
            let why = if at(&table.rate, i).is_finite() {
                Text::WhyNoRate
            } else {
                no_people(i)
            };
            Cell {
                small,
                ..number(ratio, numbers.ratio(ratio), why)
            }
        })
    });
    if let Some(baseline) = words.baseline() {
        out.extend(change_columns(words, &baseline));
    }
    out.extend(years_column(words));
    out.extend(other_columns(words));
    out
}

/// How often an area is a hotspot when reports are drawn anew.
fn steady_column<'a>(words: &'a Words<'a>) -> Option<Column<'a>> {
    let found = &words.result.stability.as_ref()?.resampled;
    let cell = move |i: usize| {
        let share = at(&found.share, i);
        let percent = escaped(&words.numbers.fixed(100.0 * share, 0));
        Cell {
            small: if share.is_finite() {
                format!("{percent}%")
            } else {
                String::new()
            },
            ..number(share, escaped(words.verdict_of(found, i)), Text::WhyNoGi)
        }
    };
    let column = Column {
        tip: true,
        class: "s",
        ..plain(words.text(Text::Steady).to_owned(), Seen::Asked, cell)
    };
    Some(column.about(Group::Around))
}

/// Whether an area is a hotspot whatever is withheld.
fn robust_column<'a>(words: &'a Words<'a>) -> Option<Column<'a>> {
    let protection = words.result.protection.as_ref()?;
    let bounds = &protection.hotspots;
    if protection.withheld() == 0 || bounds.hot_upper.is_empty() {
        return None;
    }
    let cell = move |i: usize| {
        let (value, text) = match (bounds.hot_lower[i], bounds.hot_upper[i]) {
            (true, _) => (2.0, Text::RobustYes),
            (false, true) => (1.0, Text::RobustMaybe),
            (false, false) => (0.0, Text::RobustNo),
        };
        let value = if at(&bounds.z_low, i).is_nan() {
            f64::NAN
        } else {
            value
        };
        number(value, escaped(words.text(text)), Text::WhyNoGi)
    };
    let column = Column {
        class: "s",
        ..plain(words.text(Text::Robust).to_owned(), Seen::Asked, cell)
    };
    Some(column.about(Group::Around))
}

/// The counts of the years as a line, where no line of quarters or months is.
fn years_column<'a>(words: &'a Words<'a>) -> Option<Column<'a>> {
    let years = words.result.years.as_ref()?;
    if words.result.history.is_some() {
        return None;
    }
    let last = years.periods.len() - 1;
    let cell = move |i: usize| {
        let count = (!years.is_withheld(i, last)).then(|| years.count[[i, last]] as f64);
        Cell {
            sort: count.unwrap_or(f64::NAN),
            shown: super::years::line(years, i),
            ..Cell::default()
        }
    };
    Some(Column {
        class: "s",
        ..plain(words.text(Text::YearsColumn).to_owned(), Seen::Roomy, cell)
    })
}

fn pattern_columns<'a>(words: &'a Words<'a>) -> Vec<Column<'a>> {
    let Some(found) = &words.result.history else {
        return Vec::new();
    };
    let category = move |i: usize| found.category.get(i).copied().flatten();
    let pattern = Column {
        tip: true,
        class: "c s",
        ..plain(
            words.text(Text::Pattern).to_owned(),
            Seen::Roomy,
            move |i| {
                let sort = category(i).map_or(f64::NAN, history::order);
                Cell {
                    small: history::line(found, i),
                    ..number(
                        sort,
                        escaped(&words.pattern(i).unwrap_or_default()),
                        Text::WhyNoPattern,
                    )
                }
            },
        )
    };
    let steps = plain(
        words.text(Text::HotSteps).to_owned(),
        Seen::Asked,
        move |i| {
            let of = |column: &[usize]| column.get(i).map_or(0.0, |&n| n as f64);
            let (hot, cold) = (of(&found.hot_steps), of(&found.cold_steps));
            let fixed = |n: f64| words.numbers.fixed(n, 0);
            number(
                category(i).map_or(f64::NAN, |_| hot - cold),
                format!("{} / {}", fixed(hot), fixed(cold)),
                Text::WhyNoPattern,
            )
        },
    );
    vec![pattern.about(Group::Around), steps.about(Group::Around)]
}

fn class_cell(words: &Words<'_>, i: usize) -> Cell {
    let table = &words.result.neighbourhoods;
    let z = at(&table.gi_z, i);
    if !z.is_finite() {
        return number(f64::NAN, String::new(), Text::WhyNoGi);
    }
    let class = table.hotspot_class.get(i).copied().unwrap_or(0);
    let swatch = format!(
        "<svg class=\"swatch\" viewBox=\"0 0 22 15\" aria-hidden=\"true\"><rect class=\"{}\" \
         width=\"22\" height=\"15\"/></svg>",
        palette::class_name(class)
    );
    Cell {
        // Within a class by z, which stays below a hundred classes apart.
        sort: f64::from(class) + z.clamp(-1e6, 1e6) * 1e-7,
        shown: format!("{swatch}{}", escaped(&words.class(i))),
        small: escaped(&format!(
            "q {}",
            words.numbers.probability(at(&table.gi_q, i))
        )),
        why: None,
    }
}

fn change_columns<'a>(words: &'a Words<'a>, baseline: &str) -> Vec<Column<'a>> {
    let table = &words.result.neighbourhoods;
    let numbers = words.numbers;
    let why = move |i: usize| {
        if words.is_baseline_withheld(i) {
            Text::WhyWithheld
        } else if at(&table.baseline_rate, i) == 0.0 {
            Text::WhyZeroBaseline
        } else {
            Text::WhyNoBaseline
        }
    };
    let of = |key: Text| words.with(key, &[("baseline", baseline)]);
    vec![
        Column {
            tip: true,
            group: Group::Own,
            ..plain(of(Text::Change), Seen::Roomy, move |i| {
                let change = at(&table.change, i);
                let interval =
                    numbers.change_interval(at(&table.change_low, i), at(&table.change_high, i));
                Cell {
                    small: interval.unwrap_or_default(),
                    ..number(change, numbers.change(change), why(i))
                }
            })
        },
        plain(of(Text::ChangeQ), Seen::Asked, move |i| {
            let q = at(&table.change_q, i);
            number(q, escaped(&numbers.probability(q)), why(i))
        })
        .about(Group::Own),
        plain(of(Text::BaselineRate), Seen::Asked, move |i| {
            let rate = at(&table.baseline_rate, i);
            number(rate, numbers.rate(rate), Text::WhyNoBaseline)
        })
        .about(Group::Own),
    ]
}

fn other_columns<'a>(words: &'a Words<'a>) -> Vec<Column<'a>> {
    let table = &words.result.neighbourhoods;
    let numbers = words.numbers;
    let head = |key: Text| words.text(key).to_owned();
    let smoothed = plain(head(Text::Smoothed), Seen::Asked, move |i| {
        let rate = at(&table.rate_smoothed, i);
        number(rate, numbers.rate(rate), Text::WhyNoPopulation)
    });
    let z = plain(head(Text::GiZ), Seen::Asked, move |i| {
        let z = at(&table.gi_z, i);
        number(z, numbers.fixed(z, 2), Text::WhyNoGi)
    });
    let mut out = vec![smoothed.about(Group::Own), z.about(Group::Around)];
    if words.result.surface.is_some() && words.result.protection.is_none() {
        for (key, column) in [
            (Text::DensityMean, &table.density_mean),
            (Text::DensityPeak, &table.density_peak),
        ] {
            let density = plain(head(key), Seen::Asked, move |i| {
                let density = at(column, i);
                number(density, numbers.significant(density, 3), Text::WhyNoDensity)
            });
            out.push(density.about(Group::Density));
        }
    }
    let reasons = table.reasons_in(words.language);
    if reasons.iter().any(|r| !r.is_empty()) {
        out.push(Column {
            class: "why t",
            ..plain(head(Text::Why), Seen::Asked, move |i| Cell {
                shown: reasons
                    .get(i)
                    .map_or_else(String::new, |r| escaped(&visible(r, 600))),
                ..Cell::default()
            })
        });
    }
    out
}
