//! Targets as they are asked for.

use super::arguments::Question;
use crate::error::{Error, Result, quoted};
use crate::model::Theme;

/// A share of the rate of the baseline, for one theme or for all.
struct Target<'a> {
    theme: Option<&'a str>,
    share: f64,
}

fn read(text: &str) -> Result<Target<'_>> {
    let (theme, share) = match text.split_once('=') {
        Some((name, share)) => (Some(name.trim()), share),
        None => (None, text),
    };
    let share = share.trim().parse().map_err(|_| {
        let expected = "a share of the rate of the baseline such as 0.8, or youth_nuisance=0.8";
        Error::parameter("target", quoted(text), expected)
    })?;
    Ok(Target { theme, share })
}

/// The target of a theme: its own, or else the one for all.
pub(super) fn of(theme: &Theme, question: &Question) -> Result<Option<f64>> {
    let mut own = None;
    let mut general = None;
    for text in &question.targets {
        let target = read(text)?;
        match target.theme {
            None => general = Some(target.share),
            Some(name) if name == theme.name() => own = Some(target.share),
            Some(_) => {}
        }
    }
    Ok(own.or(general))
}

/// Refuses a target for a theme that is not looked at.
pub(super) fn check(themes: &[Theme], question: &Question) -> Result<()> {
    for text in &question.targets {
        let Some(name) = read(text)?.theme else {
            continue;
        };
        if !themes.iter().any(|theme| theme.name() == name) {
            let known: Vec<&str> = themes.iter().map(Theme::name).collect();
            let expected = format!(
                "a target of a theme that is looked at: {}",
                known.join(", ")
            );
            return Err(Error::parameter("target", quoted(text), expected));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_has_its_own_target_or_the_one_for_all() {
        let question = Question {
            targets: vec!["youth_nuisance = 0.7".into(), "1".into()],
            ..Question::default()
        };
        let themes = [Theme::youth_nuisance(), Theme::housing_nuisance()];
        assert_eq!(of(&themes[0], &question).unwrap(), Some(0.7));
        assert_eq!(of(&themes[1], &question).unwrap(), Some(1.0));
        assert_eq!(of(&themes[0], &Question::default()).unwrap(), None);
        check(&themes, &question).unwrap();
        let error = check(&themes[1..], &question).unwrap_err().to_string();
        assert!(error.contains("housing_nuisance"), "{error}");
        let wrong = Question {
            targets: vec!["a fifth".into()],
            ..Question::default()
        };
        assert!(of(&themes[0], &wrong).is_err() && check(&themes, &wrong).is_err());
    }
}
