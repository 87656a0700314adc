//! What is not shown, and that it is not.

#[cfg(feature = "raster")]
use std::path::PathBuf;

use serde_json::{Value, json};

use super::clean::escaped;
use super::texts::Text;
use super::words::Words;
use crate::analysis::{HotspotResult, InputFile};
use crate::error::Result;
use crate::io::{Column, Table};
#[cfg(feature = "raster")]
use crate::methods::density::{DensityClasses, Surface};
use crate::publish::State;

/// The mark of a page that may not be published; nothing on one that may.
pub(super) fn mark(words: &Words<'_>) -> String {
    if words.result.protection.is_some() {
        return String::new();
    }
    format!(
        "<p class=\"internal\"><strong>{}</strong> {}</p>\n",
        escaped(words.text(Text::InternalMark)),
        escaped(words.text(Text::InternalWhy))
    )
}

/// What was withheld, by which rule; nothing on a page that may not be published.
pub(super) fn block(words: &Words<'_>) -> String {
    let Some(protection) = &words.result.protection else {
        return String::new();
    };
    let whole = |n: i64| words.numbers.whole(n);
    let withheld = protection.withheld();
    let key = match withheld {
        0 => Text::WithheldNone,
        1 => Text::WithheldOne,
        _ => Text::WithheldMany,
    };
    let total = whole(protection.states.len() as i64);
    let mut lines = vec![words.with(key, &[("n", &whole(withheld as i64)), ("total", &total)])];
    lines.push(words.with(
        Text::WithheldRule,
        &[
            ("preset", &protection.preset),
            ("minimum", &whole(protection.minimum_count)),
        ],
    ));
    if protection.minimum_addresses > 0 {
        let n = whole(protection.minimum_addresses as i64);
        lines.push(words.with(Text::WithheldAddresses, &[("n", &n)]));
    }
    if protection.rounding > 1 {
        let base = whole(protection.rounding);
        lines.push(words.with(Text::WithheldRounded, &[("base", &base)]));
    }
    lines.push(words.text(Text::WithheldDerived).to_owned());
    lines.extend(robust(words));
    lines.push(words.text(Text::WithheldParts).to_owned());
    if protection.years_withheld {
        lines.push(words.text(Text::WithheldYears).to_owned());
    }
    match &words.result.nature {
        None if words.result.surface.is_some() => {
            lines.push(words.text(Text::WithheldNature).to_owned());
        }
        Some(nature) if nature.kinds_withheld => {
            lines.push(words.text(Text::WithheldKind).to_owned());
        }
        _ => {}
    }
    let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
    let lines = lines.join("</li><li>");
    format!(
        "<section class=\"withheld\"><h2>{}</h2><ul><li>{lines}</li></ul></section>\n",
        escaped(words.text(Text::WithheldTitle))
    )
}

/// How many hotspots do not depend on what is withheld, and how many more there can be; nothing where
/// nothing is withheld.
fn robust(words: &Words<'_>) -> Option<String> {
    let protection = words.result.protection.as_ref()?;
    let (bounds, hot) = (&protection.hotspots, &words.findings.hot);
    if protection.withheld() == 0 || words.findings.gi_tests == 0 {
        return None;
    }
    let sure = hot.iter().filter(|&&i| bounds.hot_lower[i]).count();
    let can = (0..bounds.hot_upper.len()).filter(|i| bounds.hot_upper[*i] && !hot.contains(i));
    let more = can.count();
    let whole = |n: usize| words.numbers.whole(n as i64);
    let values = [
        ("n", whole(hot.len())),
        ("sure", whole(sure)),
        ("more", whole(more)),
    ];
    let values = values.each_ref().map(|(k, v)| (*k, v.as_str()));
    Some(words.with(Text::RobustSome, &values))
}

impl Words<'_> {
    /// Whether the count of the baseline may not be shown.
    pub(super) fn is_baseline_withheld(&self, i: usize) -> bool {
        let protection = self.result.protection.as_ref();
        let states = protection.and_then(|p| p.baseline_states.as_ref());
        states
            .and_then(|s| s.get(i))
            .is_some_and(State::is_withheld)
    }

    /// What an area without a figure is called in a legend.
    pub(super) fn undefined(&self) -> Text {
        match &self.result.protection {
            Some(protection) if protection.withheld() > 0 => Text::LegendWithheld,
            _ => Text::LegendUndefined,
        }
    }
}

/// The counts, empty where they are withheld.
pub(super) fn counts(results: &[&HotspotResult]) -> Column {
    let all = || {
        results
            .iter()
            .flat_map(|r| (0..r.neighbourhoods.len()).map(move |i| (r, i)))
    };
    if results.iter().all(|r| r.protection.is_none()) {
        return Column::Integer(all().map(|(r, i)| r.neighbourhoods.count[i]).collect());
    }
    let count = |(r, i): (&&HotspotResult, usize)| {
        if r.is_withheld(i) {
            f64::NAN
        } else {
            r.neighbourhoods.count[i] as f64
        }
    };
    Column::Float(all().map(count).collect())
}

/// Adds what is known of each count, where results are protected.
pub(super) fn columns(table: Table, results: &[&HotspotResult]) -> Result<Table> {
    let protections: Option<Vec<_>> = results.iter().map(|r| r.protection.as_ref()).collect();
    let Some(protections) = protections else {
        return Ok(table);
    };
    let (mut state, mut low, mut high) = (Vec::new(), Vec::new(), Vec::new());
    let (mut hot_lower, mut hot_upper, mut robust) = (Vec::new(), Vec::new(), Vec::new());
    for protection in protections {
        let whole = |flags: &[bool]| flags.iter().map(|f| i64::from(*f)).collect::<Vec<_>>();
        hot_lower.extend(whole(&protection.hotspots.hot_lower));
        hot_upper.extend(whole(&protection.hotspots.hot_upper));
        robust.extend(whole(&protection.hotspots.robust));
        for (name, (from, to)) in protection.states.iter().map(|s| protection.known(*s)) {
            state.push(name.to_owned());
            low.push(from);
            high.push(to);
        }
    }
    table
        .with_text("count_state", state)?
        .with_float("count_low", low)?
        .with_float("count_high", high)?
        .with_integer("hot_lower", hot_lower)?
        .with_integer("hot_upper", hot_upper)?
        .with_integer("robust", robust)
}

/// What was withheld, for a program; null in a result that may not be published.
pub(super) fn account(result: &HotspotResult) -> Value {
    let Some(protection) = &result.protection else {
        return Value::Null;
    };
    json!({
        "preset": protection.preset,
        "minimum_count": protection.minimum_count,
        "minimum_addresses": protection.minimum_addresses,
        "rounding": protection.rounding,
        "neighbourhoods": protection.states.len(),
        "withheld": protection.withheld(),
        "critical_z": protection.critical_z,
    })
}

/// Files without the numbers of their rows.
pub(super) fn inputs(files: &[InputFile]) -> Value {
    let file = |f: &InputFile| json!({ "name": f.name, "sha256": f.sha256 });
    files.iter().map(file).collect()
}

/// Writes a surface whose values are ends of classes.
#[cfg(feature = "raster")]
pub(super) fn write_classes(path: PathBuf, surface: &Surface) -> Result<()> {
    let values: Vec<f64> = surface.values().iter().copied().collect();
    let description = format!(
        "density in classes, lower ends, 0 for few or none; {} kernel, bandwidth {} m",
        surface.kernel().name(),
        surface.bandwidth()
    );
    let band = crate::io::Band::new(&description, DensityClasses::UNIT);
    crate::io::write_geotiff(path, surface.grid(), &values, &band)
}
