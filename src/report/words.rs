//! A result in plain sentences.

use super::clean::visible;
use super::findings::Findings;
use super::numbers::Numbers;
use super::texts::{Text, warning_in_dutch};
use crate::analysis::{HotspotResult, Language};
use crate::model::{Period, Theme, Warning};

/// How many names a sentence holds.
const NAMED: usize = 4;

/// The longest name in a sentence.
const NAME: usize = 60;

/// A result with the language, the numbers and the findings its sentences need.
#[derive(Debug)]
pub(super) struct Words<'a> {
    pub(super) result: &'a HotspotResult,
    pub(super) language: Language,
    pub(super) numbers: Numbers,
    pub(super) findings: Findings,
}

/// A city's change, as far as it can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Up,
    Down,
    Unclear,
    Undefined,
}

impl<'a> Words<'a> {
    pub(super) fn new(result: &'a HotspotResult, language: Language) -> Self {
        Self {
            result,
            language,
            numbers: Numbers::new(language, result.city.rate),
            findings: Findings::of(result),
        }
    }

    pub(super) fn text(&self, key: Text) -> &'static str {
        key.text(self.language)
    }

    pub(super) fn with(&self, key: Text, values: &[(&str, &str)]) -> String {
        key.with(self.language, values)
    }

    /// The theme as a title.
    pub(super) fn title(&self) -> String {
        theme_title(&self.result.theme, self.language)
    }

    /// The theme in a sentence.
    fn theme(&self) -> String {
        match (self.result.theme.name(), self.language) {
            ("all", Language::Dutch) => "meldingen".to_owned(),
            ("all", Language::English) => "reports".to_owned(),
            ("youth_nuisance" | "housing_nuisance" | "youth_crime", _) => {
                self.title().to_lowercase()
            }
            _ => self.title(),
        }
    }

    /// Whom the rate is about.
    pub(super) fn people(&self) -> String {
        match (self.result.theme.exposure_kind(), self.language) {
            ("inhabitants", Language::Dutch) => "inwoners".to_owned(),
            ("youths", Language::Dutch) => "jongeren".to_owned(),
            ("dwellings", Language::Dutch) => "woningen".to_owned(),
            (other, _) => visible(other, NAME),
        }
    }

    /// `per 1,000 inhabitants`.
    pub(super) fn unit(&self) -> String {
        let per = self.result.theme.per_people();
        let per = self.numbers.trimmed(per);
        self.with(Text::Unit, &[("per", &per), ("people", &self.people())])
    }

    /// Whether there is any rate.
    pub(super) fn has_rates(&self) -> bool {
        self.result
            .neighbourhoods
            .rate
            .iter()
            .any(|r| r.is_finite())
    }

    /// What people call the period compared with.
    pub(super) fn baseline(&self) -> Option<String> {
        Some(self.period(self.result.baseline.as_ref()?))
    }

    /// What people call a period. Two days have an English word between them.
    pub(super) fn period(&self, period: &Period) -> String {
        let label = match (self.language, period.label.split_once(" to ")) {
            (Language::Dutch, Some((first, last))) => format!("{first} tot en met {last}"),
            _ => period.label.replace("..", "–"),
        };
        visible(&label, NAME)
    }

    /// Period, and baseline if there is one.
    pub(super) fn when(&self) -> String {
        let period = self.result.period.as_ref().map(|p| self.period(p));
        match (period, self.baseline()) {
            (Some(period), Some(baseline)) => self.with(
                Text::Compared,
                &[("period", &period), ("baseline", &baseline)],
            ),
            (Some(period), None) => period,
            (None, _) => String::new(),
        }
    }

    /// The name of a neighbourhood, or its code where it has none.
    pub(super) fn name(&self, i: usize) -> &'a str {
        let table = &self.result.neighbourhoods;
        let name = table.name.get(i).map_or("", String::as_str);
        if name.trim().is_empty() {
            table.code.get(i).map_or("", String::as_str)
        } else {
            name
        }
    }

    /// The first names of a list, safe to print.
    pub(super) fn names(&self, which: &[usize]) -> String {
        // "And one more" is no shorter than the name.
        let room = if which.len() == NAMED + 1 {
            NAMED + 1
        } else {
            NAMED
        };
        let shown: Vec<String> = which
            .iter()
            .take(room)
            .map(|&i| visible(self.name(i), NAME))
            .collect();
        let more = which.len().saturating_sub(shown.len());
        match (shown.as_slice(), more) {
            ([one], 0) => one.clone(),
            ([front @ .., last], 0) => {
                format!("{} {} {last}", front.join(", "), self.text(Text::And))
            }
            (all, _) => format!(
                "{} {}",
                all.join(", "),
                self.with(Text::More, &[("n", &self.numbers.whole(more as i64))])
            ),
        }
    }

    /// Do high values cluster? In one sentence.
    pub(super) fn hot(&self) -> String {
        let found = &self.findings;
        let total = self.numbers.whole(self.result.neighbourhoods.len() as i64);
        let theme = self.theme();
        if found.gi_tests == 0 {
            return self.with(Text::HotUndefined, &[("theme", &theme)]);
        }
        let key = match found.hot.len() {
            0 => Text::HotNone,
            1 => Text::HotOne,
            _ => Text::HotMany,
        };
        self.with(
            key,
            &[
                ("n", &self.numbers.whole(found.hot.len() as i64)),
                ("total", &total),
                ("theme", &theme),
                ("names", &self.names(&found.hot)),
            ],
        )
    }

    /// The first thing to read. Where nothing clusters, single high rates come with it, so that
    /// "no hotspots" is not taken for "nothing the matter".
    pub(super) fn lead(&self) -> String {
        if self.findings.hot.is_empty() && !self.findings.high.is_empty() {
            return format!("{} {}", self.hot(), self.high());
        }
        self.hot()
    }

    /// What else is known about clustering: weak signs, cold areas, cells, Moran's I.
    pub(super) fn around(&self) -> Vec<String> {
        let found = &self.findings;
        let mut out = Vec::new();
        if !found.weak.is_empty() {
            out.push(self.with(Text::HotWeak, &[("names", &self.names(&found.weak))]));
        }
        match found.cold.len() {
            0 => {}
            1 => out.push(self.text(Text::HotColdOne).to_owned()),
            n => out.push(self.with(Text::HotCold, &[("n", &self.numbers.whole(n as i64))])),
        }
        if let Some(cells) = self.result.cells.as_ref().filter(|_| found.hot_cells > 0) {
            let key = if found.hot_cells == 1 {
                Text::HotCellOne
            } else {
                Text::HotCells
            };
            out.push(self.with(
                key,
                &[
                    ("n", &self.numbers.whole(found.hot_cells as i64)),
                    ("size", &self.numbers.significant(cells.grid.cell_size(), 3)),
                ],
            ));
        }
        let city = &self.result.city;
        if city.moran.is_finite() && city.moran_p.is_finite() {
            let how = if city.moran_p > found.level {
                Text::MoranRandom
            } else if city.moran > 0.0 {
                Text::MoranTogether
            } else {
                Text::MoranApart
            };
            out.push(self.with(
                Text::Moran,
                &[
                    ("how", self.text(how)),
                    ("value", &self.numbers.fixed(city.moran, 2)),
                    ("p", &self.numbers.probability(city.moran_p)),
                ],
            ));
        }
        out
    }

    /// Which own rates are high? In one sentence.
    pub(super) fn high(&self) -> String {
        if !self.has_rates() {
            return self.text(Text::HighUndefined).to_owned();
        }
        let high = &self.findings.high;
        let key = match high.len() {
            0 => Text::HighNone,
            1 => Text::HighOne,
            _ => Text::HighMany,
        };
        self.with(
            key,
            &[
                ("n", &self.numbers.whole(high.len() as i64)),
                ("names", &self.names(high)),
            ],
        )
    }

    /// Which own rates are low? In one sentence, if any.
    pub(super) fn low(&self) -> Option<String> {
        match self.findings.low.len() {
            0 => None,
            1 => Some(self.text(Text::LowOne).to_owned()),
            n => Some(self.with(Text::LowMany, &[("n", &self.numbers.whole(n as i64))])),
        }
    }

    /// The city's count and rate with its interval.
    pub(super) fn city(&self) -> String {
        let city = &self.result.city;
        let count = self.numbers.whole(city.count);
        match self.numbers.rate_interval(city.rate_low, city.rate_high) {
            Some(interval) if city.rate.is_finite() => self.with(
                Text::CityLine,
                &[
                    ("count", &count),
                    ("rate", &self.numbers.rate(city.rate)),
                    ("unit", &self.unit()),
                    ("interval", &interval),
                ],
            ),
            _ => self.with(Text::CityCountOnly, &[("count", &count)]),
        }
    }

    /// Which way the city went; `None` without a baseline.
    pub(super) fn direction(&self) -> Option<Direction> {
        self.result.baseline.as_ref()?;
        let city = &self.result.city;
        Some(
            if !(city.change.is_finite() && city.change_low.is_finite()) {
                Direction::Undefined
            } else if city.change_p <= 0.05 {
                if city.change > 1.0 {
                    Direction::Up
                } else {
                    Direction::Down
                }
            } else {
                Direction::Unclear
            },
        )
    }

    /// The city's change, `None` without a baseline.
    pub(super) fn change(&self) -> Option<String> {
        let baseline = self.baseline()?;
        let city = &self.result.city;
        let key = match self.direction()? {
            Direction::Up => Text::ChangeUp,
            Direction::Down => Text::ChangeDown,
            Direction::Unclear => Text::ChangeNone,
            Direction::Undefined => Text::ChangeUndefined,
        };
        let interval = self
            .numbers
            .change_interval(city.change_low, city.change_high)
            .unwrap_or_default();
        Some(self.with(
            key,
            &[
                ("baseline", &baseline),
                ("change", &self.numbers.change(city.change)),
                ("interval", &interval),
            ],
        ))
    }

    /// The answer: clustering, own rates, the city, its change.
    pub(super) fn answer(&self) -> Vec<String> {
        let mut out = vec![self.hot(), self.high(), self.city()];
        out.extend(self.change());
        out
    }

    /// A hotspot class in words; a dash where Gi* is not defined.
    pub(super) fn class(&self, i: usize) -> String {
        let table = &self.result.neighbourhoods;
        if table.gi_z.get(i).is_none_or(|z| !z.is_finite()) {
            return super::numbers::NONE.to_owned();
        }
        class_words(
            table.hotspot_class.get(i).copied().unwrap_or(0),
            self.language,
        )
    }

    /// The count of a neighbourhood, unless it is withheld.
    pub(super) fn count(&self, i: usize) -> Option<i64> {
        let count = self
            .result
            .neighbourhoods
            .count
            .get(i)
            .copied()
            .unwrap_or(0);
        (!self.result.is_withheld(i)).then_some(count)
    }

    /// A warning as sentence and, in Dutch, the English detail.
    pub(super) fn warning(&self, warning: &Warning) -> (String, Option<String>) {
        let detail = visible(&warning.message, 600);
        match self.language {
            Language::English => (detail, None),
            Language::Dutch => {
                let mut sentence = warning_in_dutch(warning.code).to_owned();
                if let Some(value) = warning.value.filter(|v| v.is_finite()) {
                    let value = if value.fract() == 0.0 {
                        self.numbers.fixed(value, 0)
                    } else {
                        self.numbers.significant(value, 3)
                    };
                    sentence.push(' ');
                    sentence.push_str(&self.with(Text::ValueIs, &[("value", &value)]));
                }
                (sentence, Some(detail))
            }
        }
    }
}

/// A theme as a title.
pub(super) fn theme_title(theme: &Theme, language: Language) -> String {
    let known = match (theme.name(), language) {
        ("youth_nuisance", Language::Dutch) => "Jeugdoverlast",
        ("youth_nuisance", Language::English) => "Youth nuisance",
        ("housing_nuisance", Language::Dutch) => "Woonoverlast",
        ("housing_nuisance", Language::English) => "Housing nuisance",
        ("youth_crime", Language::Dutch) => "Jeugdcriminaliteit",
        ("youth_crime", Language::English) => "Youth crime",
        ("all", Language::Dutch) => "Alle meldingen",
        ("all", Language::English) => "All reports",
        (other, _) => return visible(other, NAME),
    };
    known.to_owned()
}

/// A hotspot class in words.
pub(super) fn class_words(class: i8, language: Language) -> String {
    let level = match class.unsigned_abs() {
        0 => return Text::ClassNone.text(language).to_owned(),
        1 => "90",
        2 => "95",
        _ => "99",
    };
    let key = if class > 0 {
        Text::ClassHot
    } else {
        Text::ClassCold
    };
    key.with(language, &[("level", level)])
}
