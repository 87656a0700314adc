//! Which themes are asked for.

use super::arguments::Question;
use crate::error::{Error, Fault, Result};
use crate::model::{Incidents, Neighbourhoods, Theme};

/// The themes to analyse, and a sentence when they were not given.
///
/// Without a choice: every built-in theme whose categories occur and whose people the areas know,
/// else all reports.
pub(super) fn choose(
    question: &Question,
    incidents: &Incidents,
    areas: &Neighbourhoods,
) -> Result<(Vec<Theme>, Option<String>)> {
    if let Some(themes) = given(question)? {
        return Ok((themes, None));
    }
    let occurs = |theme: &Theme| {
        incidents
            .categories()
            .is_some_and(|c| c.labels().iter().any(|label| theme.matches(label)))
    };
    let people = |theme: &Theme| {
        let kind = question
            .exposure
            .as_deref()
            .unwrap_or(theme.exposure_kind());
        kind == "inhabitants" || areas.exposure(kind, None).is_some()
    };
    let found: Vec<Theme> = Theme::built_ins().into_iter().filter(occurs).collect();
    if found.is_empty() {
        let why = if incidents.categories().is_some() {
            "no category of a built-in theme occurs"
        } else {
            "the reports have no category"
        };
        let told = format!("theme: all reports, because {why}; choose with --theme or --category");
        return Ok((adjusted(vec![Theme::all()], question), Some(told)));
    }
    let (known, unknown): (Vec<Theme>, Vec<Theme>) = found.into_iter().partition(people);
    let mut told = format!("themes: {}, because their categories occur", names(&known));
    for theme in &unknown {
        told.push_str("; not ");
        told.push_str(theme.name());
        told.push_str(", because the areas do not know their ");
        told.push_str(theme.exposure_kind());
    }
    if known.is_empty() {
        return Err(Error::input(Fault::MissingExposure, told));
    }
    Ok((adjusted(known, question), Some(told)))
}

fn names(themes: &[Theme]) -> String {
    themes
        .iter()
        .map(Theme::name)
        .collect::<Vec<_>>()
        .join(", ")
}

/// The theme of counts that a register gives per area.
pub(super) fn of_counts(question: &Question, column: &str) -> Result<Theme> {
    let theme = match given(question)?.as_deref() {
        None => Theme::new(column, [column]),
        Some([one]) => one.clone(),
        Some(many) => {
            return Err(Error::parameter(
                "theme",
                names(many),
                "one theme, because --counts gives one column",
            ));
        }
    };
    Ok(theme)
}

fn given(question: &Question) -> Result<Option<Vec<Theme>>> {
    let themes = if question.categories.is_empty() {
        question
            .themes
            .iter()
            .map(|name| Theme::named(name))
            .collect::<Result<Vec<_>>>()?
    } else {
        vec![Theme::new(&question.theme_name, &question.categories)]
    };
    Ok((!themes.is_empty()).then(|| adjusted(themes, question)))
}

/// The themes with the size of group that was asked for.
fn adjusted(themes: Vec<Theme>, question: &Question) -> Vec<Theme> {
    match question.per {
        Some(per) => themes.into_iter().map(|t| t.per(per)).collect(),
        None => themes,
    }
}
