//! The districts: how much for their people, and whether that changed.

use std::fmt::Write;

use super::clean::{escaped, html};
use super::numbers::NONE;
use super::texts::Text;
use super::words::Words;
use crate::analysis::Districts;
use crate::methods::rates::ChangeStatus;

impl Words<'_> {
    /// What can be said of a change, in a word or two.
    fn changed_status(&self, status: ChangeStatus) -> &'static str {
        self.text(match status {
            ChangeStatus::Lower => Text::SinceLower,
            ChangeStatus::Higher => Text::SinceHigher,
            ChangeStatus::NoClearChange => Text::SinceUnclear,
            ChangeStatus::CannotTell => Text::SinceUnknown,
        })
    }
}

/// A row per district, the highest rate first; nothing without districts.
pub(super) fn districts(words: &Words<'_>, out: &mut String) {
    let Some(found) = &words.result.districts else {
        return;
    };
    let mut order: Vec<usize> = (0..found.code.len()).collect();
    let key = |i: usize| {
        if found.rate[i].is_nan() {
            -1.0
        } else {
            found.rate[i]
        }
    };
    order.sort_by(|&a, &b| key(b).total_cmp(&key(a)).then(a.cmp(&b)));
    let mut heads = vec![
        words.text(Text::District).to_owned(),
        words.text(Text::DistrictAreas).to_owned(),
        words.text(Text::Count).to_owned(),
        words.text(Text::Rate).to_owned(),
    ];
    if let (Some(_), Some(baseline)) = (&found.change, words.baseline()) {
        heads.push(words.with(Text::Change, &[("baseline", &baseline)]));
        heads.push(words.text(Text::DistrictStatus).to_owned());
    }
    let _ = write!(
        out,
        "<section class=\"nature\"><h2>{}</h2><div class=\"tall\" tabindex=\"0\"><table><thead><tr>",
        escaped(words.text(Text::DistrictTitle))
    );
    for (place, head) in heads.iter().enumerate() {
        let class = if place == 0 || place == 5 {
            " class=\"t\""
        } else {
            ""
        };
        let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", escaped(head));
    }
    out.push_str("</tr></thead><tbody>");
    for i in order {
        row(words, found, i, out);
    }
    let _ = writeln!(
        out,
        "</tbody></table></div><p><small>{}</small></p></section>",
        escaped(&words.with(Text::DistrictNote, &[("unit", &words.unit())]))
    );
}

fn row(words: &Words<'_>, found: &Districts, i: usize, out: &mut String) {
    let numbers = words.numbers;
    let count = if found.is_withheld(i) {
        NONE.to_owned()
    } else {
        numbers.whole(found.count[i])
    };
    let interval = numbers.rate_range(found.rate_low[i], found.rate_high[i]);
    let rate = if found.rate[i].is_finite() {
        format!(
            "{} <small>{}</small>",
            escaped(&numbers.rate(found.rate[i])),
            interval.unwrap_or_default()
        )
    } else {
        NONE.to_owned()
    };
    let _ = write!(
        out,
        "<tr><th class=\"t\" scope=\"row\">{}</th><td>{}</td><td>{count}</td><td>{rate}</td>",
        html(&found.code[i]),
        numbers.whole(found.areas[i] as i64)
    );
    if let (Some(change), Some(_)) = (&found.change, words.baseline()) {
        let interval = numbers.change_interval(change.low[i], change.high[i]);
        let ratio = if change.ratio[i].is_finite() {
            format!(
                "{} <small>{}</small>",
                escaped(&numbers.change(change.ratio[i])),
                interval.unwrap_or_default()
            )
        } else {
            NONE.to_owned()
        };
        let status = escaped(words.changed_status(change.status[i]));
        let _ = write!(out, "<td>{ratio}</td><td class=\"t\">{status}</td>");
    }
    out.push_str("</tr>");
}
