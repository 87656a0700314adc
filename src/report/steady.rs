//! Whether the hotspots hold with other settings.

use std::fmt::Write;

use super::clean::{escaped, visible};
use super::texts::Text;
use super::words::Words;
use crate::methods::stability::{StabilityLabel, StabilityResult};

impl Words<'_> {
    /// How much of a neighbourhood remains in the runs.
    pub(super) fn verdict_of(&self, found: &StabilityResult, area: usize) -> &'static str {
        self.text(match found.label[area] {
            StabilityLabel::Stable => Text::LabelStable,
            StabilityLabel::Moderate => Text::LabelModerate,
            StabilityLabel::Unstable => Text::LabelUnstable,
            StabilityLabel::Never => Text::LabelNever,
            StabilityLabel::Unknown => return super::numbers::NONE,
        })
    }
}

/// What remains of the neighbourhoods that stand out; nothing unless it was asked for.
pub(super) fn steady(words: &Words<'_>, out: &mut String) {
    const LISTED: usize = 20;
    let Some(stability) = &words.result.stability else {
        return;
    };
    let whole = |n: usize| words.numbers.whole(n as i64);
    let resampled_only = stability.grids.is_empty();
    let (what, note) = if resampled_only {
        (Text::SteadyWhatPublished, Text::SteadyNotePublished)
    } else {
        (Text::SteadyWhat, Text::SteadyNote)
    };
    let what = words.with(
        what,
        &[
            ("grids", &whole(stability.grids.len().saturating_sub(1))),
            ("bandwidths", &whole(stability.bandwidths.len())),
            ("resamples", &whole(stability.resampled.hot.len() - 1)),
        ],
    );
    let _ = write!(
        out,
        "<section class=\"nature\"><h2>{}</h2><p>{}</p>",
        escaped(words.text(Text::SteadyTitle)),
        escaped(&what)
    );
    let found = &words.findings;
    let stands_out = |i: &&usize| found.hot.contains(i) || found.high.contains(i);
    let areas: Vec<usize> = found.order.iter().filter(stands_out).copied().collect();
    if areas.is_empty() {
        let none = escaped(words.text(Text::SteadyNone));
        let _ = writeln!(out, "<p>{none}</p></section>");
        return;
    }
    let mut ways = vec![(Text::SteadyResampled, &stability.resampled)];
    if !resampled_only {
        ways.push((Text::SteadyGrid, &stability.grid));
        ways.push((Text::SteadyBandwidth, &stability.bandwidth));
    }
    let name = escaped(words.text(Text::Neighbourhood));
    let _ = write!(
        out,
        "<table><thead><tr><th class=\"t\" scope=\"col\">{name}</th>"
    );
    for (way, _) in &ways {
        let way = escaped(words.text(*way));
        let _ = write!(out, "<th class=\"t\" scope=\"col\">{way}</th>");
    }
    out.push_str("</tr></thead><tbody>");
    for &area in areas.iter().take(LISTED) {
        let name = escaped(&visible(words.name(area), 60));
        let _ = write!(out, "<tr><th class=\"t\" scope=\"row\">{name}</th>");
        for (_, found) in &ways {
            let label = escaped(words.verdict_of(found, area));
            let _ = write!(out, "<td class=\"t\">{label}</td>");
        }
        out.push_str("</tr>");
    }
    let note = escaped(words.text(note));
    let _ = writeln!(
        out,
        "</tbody></table><p><small>{note}</small></p></section>"
    );
}
