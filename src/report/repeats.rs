//! Whether one report is followed by another at the same address or nearby.

use std::fmt::Write;

use super::clean::escaped;
use super::numbers::NONE;
use super::texts::Text;
use super::words::Words;
use crate::methods::near_repeat::NearRepeatResult;

impl Words<'_> {
    /// What the nearest and soonest band says, in one sentence.
    fn followed(&self, found: &NearRepeatResult) -> String {
        let columns = found.days.len() - 1;
        let address = found.ratio.first().filter(|ratio| ratio.is_finite());
        let nearby = found.ratio.get(columns).filter(|ratio| ratio.is_finite());
        let say = |ratio: Option<&f64>, cell: usize| match ratio {
            None => self.text(Text::RepeatUnknown).to_owned(),
            Some(ratio) if found.stands_out[cell] => {
                let times = self.numbers.significant(*ratio, 2);
                self.with(Text::RepeatMore, &[("times", &times)])
            }
            Some(_) => self.text(Text::RepeatSame).to_owned(),
        };
        self.with(
            Text::RepeatLead,
            &[
                ("address", &say(address, 0)),
                ("street", &say(nearby, columns)),
            ],
        )
    }

    /// A band between two edges, as whole units from and to.
    fn band(&self, edges: &[f64], band: usize, unit: Text) -> String {
        let (from, to) = (edges[band], edges[band + 1] - 1.0);
        let whole = |edge: f64| self.numbers.fixed(edge, 0);
        self.with(unit, &[("from", &whole(from)), ("to", &whole(to))])
    }
}

/// The near-repeat table; nothing unless it was asked for.
pub(super) fn repeats(words: &Words<'_>, out: &mut String) {
    let Some(found) = &words.result.near_repeat else {
        return;
    };
    let title = escaped(words.text(Text::RepeatTitle));
    let lead = escaped(&words.followed(found));
    let _ = write!(
        out,
        "<section class=\"nature\"><h2>{title}</h2><p>{lead}</p>\
         <table><thead><tr><th class=\"t\" scope=\"col\">{}</th>",
        escaped(words.text(Text::RepeatDistance))
    );
    let columns = found.days.len() - 1;
    for column in 0..columns {
        let days = escaped(&words.band(&found.days, column, Text::RepeatDays));
        let _ = write!(out, "<th scope=\"col\">{days}</th>");
    }
    out.push_str("</tr></thead><tbody>");
    for row in 0..found.distances.len() - 1 {
        let metres = match row {
            0 => words.text(Text::RepeatAddress).to_owned(),
            _ => words.band(&found.distances, row, Text::RepeatMetres),
        };
        let metres = escaped(&metres);
        let _ = write!(out, "<tr><th class=\"t\" scope=\"row\">{metres}</th>");
        for cell in row * columns..(row + 1) * columns {
            let ratio = found.ratio[cell];
            let text = if ratio.is_finite() {
                words.numbers.significant(ratio, 2)
            } else {
                NONE.to_owned()
            };
            let mark = if found.stands_out[cell] { " ▲" } else { "" };
            let _ = write!(out, "<td>{}{mark}</td>", escaped(&text));
        }
        out.push_str("</tr>");
    }
    let n = words.numbers.whole(found.permutations as i64);
    let note = escaped(&words.with(Text::RepeatNote, &[("n", &n)]));
    let _ = writeln!(
        out,
        "</tbody></table><p><small>{note}</small></p></section>"
    );
}
