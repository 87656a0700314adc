//! Of what nature the reports are, in words and shares.

use std::fmt::Write;

use super::clean::{escaped, visible};
use super::nature_by_area::by_area;
use super::texts::{Text, facet_in_dutch};
use super::words::Words;
use crate::analysis::{Language, Nature, NatureTable};
use crate::methods::profile::{Breakdown, Facet};

/// Rows of a table; of more kinds, those with the most reports are shown.
const ROWS: usize = 8;

impl Words<'_> {
    /// The name of a cell of a breakdown, in the language of the report; those of categories are
    /// the data's own.
    pub(super) fn cell(&self, table: &NatureTable, cell: usize) -> String {
        let name = &table.cell[cell];
        let known = match self.language {
            Language::Dutch => facet_in_dutch(name),
            Language::English => None,
        };
        if table.breakdown == Breakdown::of(Facet::HourOfWeek) {
            return self.hour(name);
        }
        let is_category = table.breakdown.facets().any(|f| f == Facet::Category);
        match known {
            Some(known) if !is_category => known.to_owned(),
            _ => visible(name, 60),
        }
    }

    pub(super) fn share(&self, share: f64) -> String {
        if share.is_finite() {
            format!("{}%", self.numbers.fixed(100.0 * share, 0))
        } else {
            super::numbers::NONE.to_owned()
        }
    }

    /// What is more frequent where reports stand out, the greatest difference first.
    fn traits(&self, nature: &Nature) -> Option<String> {
        let mut found: Vec<(f64, String)> = Vec::new();
        for table in &nature.tables {
            for cell in (0..table.cell.len()).filter(|&c| table.mark[c] > 0) {
                let (here, there) = (table.share[cell], table.rest_share[cell]);
                let values = [
                    ("name", self.cell(table, cell)),
                    ("here", self.share(here)),
                    ("there", self.share(there)),
                ];
                let values = values.each_ref().map(|(k, v)| (*k, v.as_str()));
                found.push((here - there, self.with(Text::NatureTrait, &values)));
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        let list: Vec<String> = found.into_iter().take(3).map(|(_, text)| text).collect();
        (!list.is_empty()).then(|| self.with(Text::NatureMore, &[("list", &list.join(", "))]))
    }

    fn repeats(&self, nature: &Nature) -> Option<String> {
        let places = nature.places.as_ref()?;
        let which = usize::from(nature.standouts.is_empty());
        let share = *places.repeat_share.get(which)?;
        share.is_finite().then(|| {
            let key = if which == 0 {
                Text::NatureRepeatsHere
            } else {
                Text::NatureRepeats
            };
            self.with(
                key,
                &[
                    ("places", &self.numbers.whole(places.places[which] as i64)),
                    ("share", &self.share(share)),
                    ("busiest", &self.share(places.busiest_share[which])),
                ],
            )
        })
    }
}

/// What the reports are about and when they happen; nothing where the data do not know.
pub(super) fn nature(words: &Words<'_>, out: &mut String) {
    let Some(nature) = &words.result.nature else {
        return;
    };
    let _ = write!(
        out,
        "<section class=\"nature\"><h2>{}</h2>",
        escaped(words.text(Text::NatureTitle))
    );
    let alone = nature.standouts.is_empty();
    let lead = if alone {
        words.text(Text::NatureCity).to_owned()
    } else {
        let none = || words.text(Text::NatureSame).to_owned();
        words.traits(nature).unwrap_or_else(none)
    };
    let _ = write!(out, "<p>{}</p>", escaped(&lead));
    if let Some(repeats) = words.repeats(nature) {
        let _ = write!(out, "<p>{}</p>", escaped(&repeats));
    }
    for table in &nature.tables {
        rows(words, table, alone, out);
    }
    by_area(words, nature, out);
    if !alone {
        let note = escaped(words.text(Text::NatureNote));
        let _ = write!(out, "<p><small>{note}</small></p>");
    }
    if words.result.protection.is_some() {
        let key = if alone {
            Text::NatureCityProtected
        } else {
            Text::NatureProtected
        };
        let _ = write!(out, "<p><small>{}</small></p>", escaped(words.text(key)));
    }
    out.push_str("</section>\n");
}

/// An arrow for a difference that is more than chance.
pub(super) fn mark(mark: i8) -> &'static str {
    match mark {
        1 => " ▲",
        -1 => " ▼",
        _ => "",
    }
}

fn rows(words: &Words<'_>, table: &NatureTable, alone: bool, out: &mut String) {
    let facet = table.breakdown.facets().next().unwrap_or(Facet::Category);
    let title = words.text(match facet {
        Facet::PartOfDay => Text::NaturePartOfDay,
        Facet::PartOfWeek => Text::NaturePartOfWeek,
        Facet::Weekday => Text::NatureWeekday,
        Facet::Season => Text::NatureSeason,
        _ => Text::NatureCategory,
    });
    let _ = write!(
        out,
        "<table><thead><tr><th class=\"t\" scope=\"col\">{}</th>",
        escaped(title)
    );
    if !alone {
        let here = escaped(words.text(Text::NatureHere));
        let _ = write!(out, "<th scope=\"col\">{here}</th>");
    }
    let there = if alone {
        Text::NatureAll
    } else {
        Text::NatureThere
    };
    let there = escaped(words.text(there));
    let _ = write!(out, "<th scope=\"col\">{there}</th></tr></thead><tbody>");
    let mut order: Vec<usize> = (0..table.cell.len()).collect();
    if facet == Facet::Category {
        order.sort_by(|&a, &b| {
            table.rest_count[b]
                .cmp(&table.rest_count[a])
                .then(a.cmp(&b))
        });
        order.truncate(ROWS);
    }
    for cell in order {
        let name = escaped(&words.cell(table, cell));
        let _ = write!(out, "<tr><th class=\"t\" scope=\"row\">{name}</th>");
        if !alone {
            let mark = mark(table.mark[cell]);
            let _ = write!(out, "<td>{}{mark}</td>", words.share(table.share[cell]));
        }
        let _ = write!(out, "<td>{}</td></tr>", words.share(table.rest_share[cell]));
    }
    out.push_str("</tbody></table>\n");
}
