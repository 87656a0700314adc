//! One self-contained page: map, table, answers, warnings and provenance.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::base64::base64;
use super::chart;
use super::clean::{self, escaped, html as outside};
use super::clusters::clusters;
use super::districts::districts;
use super::funnel::funnel;
use super::nature::nature;
use super::palette;
use super::repeats::repeats;
use super::shapes::Shapes;
use super::since::since;
use super::steady::steady;
use super::table::{GROUPS, table};
use super::target::target;
use super::texts::Text;
use super::withheld;
use super::words::{Direction, Words, class_words};
use super::years::years;
use crate::analysis::{CellTable, HotspotResult, Language, Published};
use crate::error::{Error, Result};
use crate::io;
use crate::model::Crs;

const PAGE: &str = include_str!("report.html");
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("map.js");

/// Cells of all themes together whose figures are kept in the page for the tooltips; of more,
/// the page has the image only.
const MOST_CELLS: usize = 120_000;

/// Results as one HTML page that needs nothing else: no network, no other file.
///
/// Several results become one page with a switch between themes. Every text from outside is
/// escaped, and a content security policy forbids everything but the page's own script, style and
/// images. A page of results that were not protected carries a mark that says so.
///
/// # Errors
/// [`Error::Parameter`] when there is no result; [`Error::Internal`] when an image cannot be made.
pub fn html(results: &[Published], language: Language) -> Result<String> {
    let results: Vec<&HotspotResult> = results.iter().map(Published::result).collect();
    let Some(first) = results.first() else {
        return Err(Error::parameter("results", 0, "at least one result"));
    };
    let words: Vec<Words<'_>> = results.iter().map(|r| Words::new(r, language)).collect();
    let (maps, of_theme) = maps(&results);

    let mut sections = String::new();
    for (i, words) in words.iter().enumerate() {
        let map = of_theme.get(i).copied().unwrap_or(0);
        let Some(shapes) = maps.get(map) else {
            return Err(Error::internal("a theme without a map"));
        };
        section(words, shapes, i, map, &mut sections)?;
    }
    let mut paths = String::new();
    for (map, shapes) in maps.iter().enumerate() {
        let _ = write!(paths, "<g id=\"m{map}\">");
        for (i, path) in shapes.paths.iter().enumerate() {
            let _ = write!(
                paths,
                "<path id=\"m{map}a{i}\" vector-effect=\"non-scaling-stroke\" d=\"{path}\"/>"
            );
        }
        let _ = write!(paths, "</g><clipPath id=\"m{map}c\">");
        for i in 0..shapes.paths.len() {
            let _ = write!(paths, "<use href=\"#m{map}a{i}\"/>");
        }
        paths.push_str("</clipPath>\n");
    }
    let style = lines(&format!("{}{STYLE}", palette::style()));
    let script = lines(SCRIPT);
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; img-src data:; base-uri 'none'; \
         form-action 'none'",
        hash(&script),
        hash(&style)
    );
    let titles: Vec<String> = words.iter().map(Words::title).collect();
    let title = match words.first().map(Words::when) {
        Some(when) if !when.is_empty() => format!("{} · {when}", titles.join(" · ")),
        _ => titles.join(" · "),
    };
    let version = &first.provenance.version;
    let made_by = Text::MadeBy.with(language, &[("version", version)]);
    let weave = maps.first().map_or(1.0, chart::units);
    Ok(filled(
        PAGE,
        &[
            ("language", language.code()),
            ("policy", &policy),
            ("version", &outside(version)),
            ("title", &escaped(&title)),
            ("style", &style),
            ("skip", &escaped(Text::Skip.text(language))),
            ("weave", &format!("{weave:.3}")),
            ("paths", &paths),
            ("tabs", &tabs(&titles, language)),
            ("sections", &sections),
            ("caution", &escaped(Text::Caution.text(language))),
            ("made_by", &outside(&made_by)),
            ("no_script", &escaped(Text::NoScript.text(language))),
            ("data", &data(&words, &maps, &of_theme)?),
            ("script", &script),
        ],
    ))
}

/// Writes [`html`] to a file; the file is either whole or not there.
///
/// # Errors
/// As [`html`]; [`Error::File`] when the file cannot be written.
pub fn write_html(path: impl AsRef<Path>, results: &[Published], language: Language) -> Result<()> {
    io::write_text(path, &html(results, language)?)
}

impl Published {
    /// This result as one HTML page; see [`html`].
    ///
    /// # Errors
    /// As [`html`].
    pub fn to_html(&self, language: Language) -> Result<String> {
        html(std::slice::from_ref(self), language)
    }

    /// Writes this result as one HTML page; see [`write_html`].
    ///
    /// # Errors
    /// As [`write_html`].
    pub fn write_html(&self, path: impl AsRef<Path>, language: Language) -> Result<()> {
        write_html(path, std::slice::from_ref(self), language)
    }
}

/// A template with its `{{names}}` filled in, once: what is filled in is not looked at again.
fn filled(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, after)) = after.split_once("}}") else {
            rest = after;
            break;
        };
        if let Some((_, value)) = values.iter().find(|(n, _)| *n == name) {
            out.push_str(value);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A text as a browser reads it before it takes the hash.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The source of a content security policy that allows exactly this text.
fn hash(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text.as_bytes())))
}

/// The maps, and which one each result is drawn on.
fn maps(results: &[&HotspotResult]) -> (Vec<Shapes>, Vec<usize>) {
    let mut known: Vec<(&HotspotResult, Option<Crs>)> = Vec::new();
    let mut of_theme = Vec::new();
    for result in results {
        let crs = result
            .surface
            .as_ref()
            .map(|s| s.grid().crs())
            .or_else(|| result.cells.as_ref().map(|c| c.grid.crs()));
        let same = known.iter().position(|(other, other_crs)| {
            *other_crs == crs
                && (Arc::ptr_eq(&other.areas, &result.areas) || other.areas == result.areas)
        });
        of_theme.push(same.unwrap_or(known.len()));
        if same.is_none() {
            known.push((result, crs));
        }
    }
    let maps = known
        .iter()
        .map(|(result, crs)| Shapes::of(&result.areas, *crs))
        .collect();
    (maps, of_theme)
}

fn tabs(titles: &[String], language: Language) -> String {
    if titles.len() < 2 {
        return String::new();
    }
    let mut out = format!(
        "<nav class=\"tabs\" aria-label=\"{}\">",
        escaped(Text::Themes.text(language))
    );
    for (i, title) in titles.iter().enumerate() {
        let _ = write!(out, "<a href=\"#t{i}\">{}</a>", escaped(title));
    }
    out.push_str("</nav>");
    out
}

fn section(
    words: &Words<'_>,
    shapes: &Shapes,
    theme: usize,
    map: usize,
    out: &mut String,
) -> Result<()> {
    let title = escaped(&words.title());
    let kind = words.text(Text::Kind);
    let when = match words.when() {
        when if when.is_empty() => kind.to_owned(),
        when => format!("{when} · {kind}"),
    };
    let when = format!(" <span class=\"when\">{}</span>", escaped(&when));
    let _ = write!(
        out,
        "<section class=\"theme\" id=\"t{theme}\" aria-labelledby=\"t{theme}h\">\n\
         <h1 id=\"t{theme}h\">{title}{when}</h1>\n<p class=\"lead\">{}</p>\n",
        escaped(&words.verdict())
    );
    out.push_str(&withheld::mark(words));
    notice(words, theme, out);
    cards(words, out);
    out.push_str("<div class=\"panes\">\n");
    out.push_str(&chart::figure(words, shapes, theme, map)?);
    list(words, theme, out);
    out.push_str("</div>\n<div class=\"below\">\n<div>\n");
    target(words, out);
    since(words, out);
    years(words, out);
    nature(words, out);
    repeats(words, out);
    districts(words, out);
    warnings(words, theme, out);
    out.push_str(&withheld::block(words));
    out.push_str("</div>\n<div>\n");
    clusters(words, out);
    steady(words, out);
    funnel(words, out)?;
    method(words, out);
    provenance(words, out);
    out.push_str("</div>\n</div>\n</section>\n");
    Ok(())
}

fn notice(words: &Words<'_>, theme: usize, out: &mut String) {
    let text = match words.result.warnings.len() {
        0 => return,
        1 => words.text(Text::WarningsLinkOne).to_owned(),
        n => words.with(Text::WarningsLink, &[("n", &words.numbers.whole(n as i64))]),
    };
    let _ = writeln!(
        out,
        "<p class=\"notice\"><a href=\"#t{theme}w\">{}</a></p>",
        escaped(&text)
    );
}

fn card(title: &str, figure: &str, unit: &str, lines: &[String], out: &mut String) {
    let _ = write!(out, "<li><h2>{}</h2>", escaped(title));
    let _ = write!(
        out,
        "<p class=\"figure\">{} <small>{}</small></p>",
        escaped(figure),
        escaped(unit)
    );
    for line in lines {
        let _ = write!(out, "<p>{}</p>", escaped(line));
    }
    out.push_str("</li>\n");
}

fn cards(words: &Words<'_>, out: &mut String) {
    let numbers = words.numbers;
    let city = &words.result.city;
    out.push_str("<ul class=\"cards\">\n");
    let count = words.with(Text::Reports, &[("n", &numbers.whole(city.count))]);
    let mut lines = Vec::new();
    let (figure, unit) = if city.rate.is_finite() {
        let interval = numbers.rate_interval(city.rate_low, city.rate_high);
        let interval = interval
            .map(|i| format!("; {}", words.with(Text::Interval, &[("interval", &i)])))
            .unwrap_or_default();
        lines.push(format!("{count}{interval}."));
        (
            numbers.rate(city.rate),
            words
                .with(Text::RateUnit, &[("unit", &words.unit())])
                .replace("  ", " "),
        )
    } else {
        (
            numbers.whole(city.count),
            words.text(Text::Count).to_lowercase(),
        )
    };
    lines.extend(words.change().map(|change| {
        let sign = match words.direction() {
            Some(Direction::Up) => "↗ ",
            Some(Direction::Down) => "↘ ",
            Some(Direction::Unclear) => "→ ",
            _ => "",
        };
        format!("{sign}{change}")
    }));
    lines.extend(words.target_line());
    card(words.text(Text::CardCity), &figure, &unit, &lines, out);

    let mut lines = vec![words.high()];
    lines.extend(words.low());
    let high = if words.has_rates() {
        numbers.whole(words.findings.high.len() as i64)
    } else {
        super::numbers::NONE.to_owned()
    };
    card(
        &words.with(Text::CardRate, &[("people", &words.people())]),
        &high,
        words.text(Text::FigureHigh),
        &lines,
        out,
    );

    let mut lines = words.around();
    if words.findings.gi_tests == 0 {
        lines.insert(0, words.hot());
    }
    lines.extend(words.patterns());
    let hot = if words.findings.gi_tests > 0 {
        numbers.whole(words.findings.hot.len() as i64)
    } else {
        super::numbers::NONE.to_owned()
    };
    card(
        words.text(Text::CardCluster),
        &hot,
        words.text(Text::FigureHot),
        &lines,
        out,
    );
    out.push_str("</ul>\n");
}

fn list(words: &Words<'_>, theme: usize, out: &mut String) {
    let search = escaped(words.text(Text::Search));
    let pattern = words.result.history.as_ref().map(|history| {
        let steps = words.steps(history);
        escaped(&format!(
            " {}",
            words.with(Text::HintPattern, &[("steps", &steps)])
        ))
    });
    let robust = match words.result.protection.as_ref() {
        Some(protection) if protection.withheld() > 0 => {
            format!(" {}", escaped(words.text(Text::HintRobust)))
        }
        _ => String::new(),
    };
    let _ = write!(
        out,
        "<div class=\"list\"><div class=\"bar\"><div class=\"tools\">\
         <input type=\"search\" placeholder=\"{search}\" aria-label=\"{search}\" autocomplete=\"off\">\
         <label><input type=\"checkbox\" class=\"every\" autocomplete=\"off\"> {}</label></div></div>\n\
         <div class=\"scroll\">{}</div>\n<p class=\"note\">{}{}{} {}</p></div>\n",
        escaped(words.text(Text::AllColumns)),
        table(words, &format!("t{theme}t")),
        escaped(&words.with(Text::Hint, &[("unit", &words.unit())])),
        robust,
        pattern.unwrap_or_default(),
        escaped(words.text(Text::Dash)),
    );
}

fn warnings(words: &Words<'_>, theme: usize, out: &mut String) {
    let _ = write!(
        out,
        "<section id=\"t{theme}w\"><h2>{}</h2>",
        escaped(words.text(Text::Warnings))
    );
    let _ = write!(out, "<p>{}</p>", escaped(words.text(Text::Caution)));
    if words.result.warnings.is_empty() {
        let _ = write!(out, "<p>{}</p>", escaped(words.text(Text::NoWarnings)));
    } else {
        out.push_str("<ul>");
        for warning in &words.result.warnings {
            let (sentence, detail) = words.warning(warning);
            let _ = write!(out, "<li>{}", escaped(&sentence));
            if let Some(detail) = detail {
                let _ = write!(
                    out,
                    "<br><small>{} <span lang=\"en\">{}</span></small>",
                    escaped(words.text(Text::Detail)),
                    escaped(&detail)
                );
            }
            out.push_str("</li>");
        }
        out.push_str("</ul>");
    }
    out.push_str("</section>\n");
}

fn method(words: &Words<'_>, out: &mut String) {
    let found = &words.findings;
    let numbers = words.numbers;
    let whole = |n: usize| numbers.whole(n as i64);
    let level = numbers.trimmed(found.level);
    let mut lines = vec![words.text(Text::MethodTwo).to_owned()];
    if found.rate_tests > 0 {
        lines.push(words.with(
            Text::MethodRate,
            &[
                ("unit", &words.unit()),
                ("n", &whole(found.rate_tests)),
                ("level", &level),
            ],
        ));
    }
    if found.gi_tests > 0 {
        lines.push(words.with(
            Text::MethodGi,
            &[("n", &whole(found.gi_tests)), ("level", &level)],
        ));
    }
    if let Some(cells) = words.result.cells.as_ref().filter(|_| found.cell_tests > 0) {
        lines.push(words.with(
            Text::MethodCells,
            &[
                ("n", &whole(found.cell_tests)),
                ("size", &numbers.significant(cells.grid.cell_size(), 3)),
            ],
        ));
    }
    if let Some(surface) = &words.result.surface {
        lines.push(words.with(
            Text::MethodDensity,
            &[
                ("kernel", surface.kernel().name()),
                ("metres", &numbers.fixed(surface.bandwidth(), 0)),
            ],
        ));
    }
    if words.result.city.dispersion.is_finite() {
        lines.push(words.with(
            Text::MethodDispersion,
            &[(
                "value",
                &numbers.significant(words.result.city.dispersion, 3),
            )],
        ));
    }
    if let Some(history) = &words.result.history {
        lines.push(words.with(
            Text::MethodPattern,
            &[
                ("steps", &words.steps(history)),
                ("back", &whole(history.look_back)),
                ("level", &level),
            ],
        ));
    }
    lines.push(words.text(Text::MethodOrder).to_owned());
    let _ = write!(
        out,
        "<details open><summary>{}</summary>",
        escaped(words.text(Text::Method))
    );
    for line in lines {
        let _ = write!(out, "<p>{}</p>", escaped(&line));
    }
    out.push_str("</details>\n");
}

fn provenance(words: &Words<'_>, out: &mut String) {
    let source = &words.result.provenance;
    let whole = |n: u64| words.numbers.fixed(n as f64, 0);
    // How many rows there were is a total of its own and is not published.
    let protected = words.result.protection.is_some();
    let mut rows: Vec<(String, String)> = Vec::new();
    if !protected {
        let line = escaped(&rows_line(words));
        rows.push((words.text(Text::Rows).to_owned(), line));
    }
    rows.push((
        words.text(Text::Version).to_owned(),
        format!("brandpunt {}", outside(&source.version)),
    ));
    rows.push((words.text(Text::Seed).to_owned(), source.seed.to_string()));
    let parameters: Vec<String> = source
        .parameters
        .iter()
        .map(|(name, value)| format!("{} = {}", outside(name), outside(value)))
        .collect();
    rows.push((
        words.text(Text::Parameters).to_owned(),
        parameters.join("<br>"),
    ));
    let inputs: Vec<String> = source
        .inputs
        .iter()
        .map(|input| {
            let account = words.with(
                Text::InputLine,
                &[
                    ("rows", &whole(input.rows_in)),
                    ("used", &whole(input.rows_used)),
                    ("rejected", &whole(input.rows_rejected)),
                ],
            );
            let account = if protected {
                String::new()
            } else {
                format!(": {account}")
            };
            format!(
                "<bdi>{}</bdi>{}<br><span class=\"hash\">SHA-256 {}</span>",
                outside(&input.name),
                escaped(&account),
                outside(&input.sha256)
            )
        })
        .collect();
    let inputs = if inputs.is_empty() {
        escaped(words.text(Text::NoInputs))
    } else {
        inputs.join("<br>")
    };
    rows.push((words.text(Text::Inputs).to_owned(), inputs));
    let _ = write!(
        out,
        "<details><summary>{}</summary><dl>",
        escaped(words.text(Text::Provenance))
    );
    for (term, safe) in rows {
        let _ = write!(out, "<dt>{}</dt><dd>{safe}</dd>", escaped(&term));
    }
    out.push_str("</dl></details>\n");
}

/// Where every row went.
fn rows_line(words: &Words<'_>) -> String {
    let source = &words.result.provenance;
    let whole = |n: u64| words.numbers.fixed(n as f64, 0);
    let counted = source.rows_selected.saturating_sub(source.rows_outside);
    let other = source
        .rows_in
        .saturating_sub(source.rows_rejected)
        .saturating_sub(source.rows_selected);
    words.with(
        Text::RowsLine,
        &[
            ("total", &whole(source.rows_in)),
            ("counted", &whole(counted)),
            ("outside", &whole(source.rows_outside)),
            ("other", &whole(other)),
            ("rejected", &whole(source.rows_rejected)),
        ],
    )
}

/// What the script needs beside the table.
fn data(words: &[Words<'_>], maps: &[Shapes], of_theme: &[usize]) -> Result<String> {
    let Some(first) = words.first() else {
        return Ok("{}".to_owned());
    };
    let language = first.language;
    let text = |key: Text| key.text(language);
    let classes: serde_json::Map<String, Value> = (-3..=3)
        .map(|class| {
            (
                kind(class).to_string(),
                Value::from(class_words(class, language)),
            )
        })
        .collect();
    let cells: usize = words
        .iter()
        .filter_map(|w| w.result.cells.as_ref())
        .map(CellTable::len)
        .sum();
    let themes: Vec<Value> = words
        .iter()
        .zip(of_theme)
        .map(|(words, &map)| {
            let cells = words
                .result
                .cells
                .as_ref()
                .filter(|_| cells <= MOST_CELLS && words.result.protection.is_none())
                .zip(maps.get(map))
                .filter(|(cells, shapes)| shapes.crs == Some(cells.grid.crs()))
                .map_or(Value::Null, |(cells, shapes)| packed(cells, shapes));
            json!({ "map": map, "cells": cells })
        })
        .collect();
    let maps: Vec<Value> = maps
        .iter()
        .map(|shapes| {
            json!({
                "metres": shapes.frame.metres,
                "width": shapes.frame.width,
                "height": shapes.frame.height,
            })
        })
        .collect();
    let all = json!({
        "language": language.code(),
        "maps": maps,
        "themes": themes,
        "words": {
            "cell": text(Text::CellTip),
            "classes": classes,
            "close": text(Text::Close),
            "count": text(Text::Count),
            "density": text(Text::DensityShort),
            "found": text(Text::Found),
            "groups": GROUPS.map(text),
            "hotspot": text(Text::Class),
            "noMatch": text(Text::NoMatch),
            "sorted": text(Text::SortedBy),
        },
    });
    let text = serde_json::to_string(&all).map_err(|e| Error::internal(e.to_string()))?;
    Ok(clean::json(&text))
}

/// One letter for a hotspot class, `d` for none.
fn kind(class: i8) -> char {
    char::from(b'a' + (class.clamp(-3, 3) + 3) as u8)
}

/// The figures of cells, as short as can be.
fn packed(cells: &CellTable, shapes: &Shapes) -> Value {
    let cols = cells.grid.cols();
    let bounds = cells.grid.bounds();
    let (left, top) = shapes.frame.place(bounds.min_x, bounds.max_y);
    let mut last = 0;
    let step: Vec<i64> = cells
        .row
        .iter()
        .zip(&cells.col)
        .map(|(row, col)| {
            let at = i64::from(*row) * cols as i64 + i64::from(*col);
            let step = at - last;
            last = at;
            step
        })
        .collect();
    let density: Vec<Value> = cells.density.iter().map(|d| three_digits(*d)).collect();
    let classes: String = cells
        .hotspot_class
        .iter()
        .zip(&cells.gi_z)
        .map(|(class, z)| if z.is_finite() { kind(*class) } else { 'x' })
        .collect();
    json!({
        "size": cells.grid.cell_size(),
        "side": cells.grid.cell_size() / shapes.frame.metres,
        "left": left,
        "top": top,
        "cols": cols,
        "step": step,
        "count": cells.count,
        "density": density,
        "kind": classes,
    })
}

/// A number in three digits; null when it is not defined.
fn three_digits(value: f64) -> Value {
    if !value.is_finite() {
        return Value::Null;
    }
    let short = format!("{value:.2e}").parse::<f64>().unwrap_or(0.0);
    if short.fract() == 0.0 && short.abs() < 1e15 {
        Value::from(short as i64)
    } else {
        Value::from(short)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filling_in_is_done_once() {
        let page = filled("<{{a}}|{{b}}|{{c}}>", &[("a", "{{b}}"), ("b", "x")]);
        assert_eq!(page, "<{{b}}|x|>");
    }

    #[test]
    fn script_and_style_hold_no_end_tag_and_no_import() {
        for text in [SCRIPT, STYLE] {
            assert!(!text.contains("</"), "an end tag in script or style");
            assert!(!text.contains("http://") || text.contains("www.w3.org"));
        }
        for forbidden in [
            "eval(",
            "innerHTML",
            "insertAdjacent",
            "document.write",
            "fetch(",
        ] {
            assert!(!SCRIPT.contains(forbidden), "{forbidden}");
        }
    }
}
