//! Is the city on the way to its target?

use std::fmt::Write;

use super::clean::escaped;
use super::texts::Text;
use super::words::Words;
use crate::analysis::TargetProgress;
use crate::methods::rates::TargetStatus;

impl Words<'_> {
    /// The target and what can be said of it, in a line; nothing without a target or a rate then.
    pub(super) fn target_line(&self) -> Option<String> {
        let target = self.result.target.as_ref().filter(|t| t.rate.is_finite())?;
        let values = [
            ("year", target.year.to_string()),
            ("rate", self.numbers.rate(target.rate)),
            ("status", self.target_status(target)),
        ];
        let values = values.each_ref().map(|(k, v)| (*k, v.as_str()));
        Some(self.with(Text::TargetCard, &values))
    }

    /// The target in one sentence, such as at most 8 per 1,000 in 2026, 20% less than in 2017.
    fn target(&self, target: &TargetProgress) -> String {
        let key = if (target.share - 1.0).abs() < 1e-9 {
            Text::TargetSame
        } else if target.share < 1.0 {
            Text::TargetLess
        } else {
            Text::TargetMore
        };
        let change = 100.0 * (target.share - 1.0).abs();
        self.with(
            key,
            &[
                ("year", &target.year.to_string()),
                ("rate", &self.numbers.rate(target.rate)),
                ("unit", &self.unit()),
                ("change", &self.numbers.trimmed(change)),
                ("baseline", &self.baseline().unwrap_or_default()),
            ],
        )
    }

    /// Whether it is reached, or the city is on course.
    fn target_status(&self, target: &TargetProgress) -> String {
        let over = target.years_left == 0;
        self.text(match target.status {
            TargetStatus::Reached => Text::TargetReached,
            TargetStatus::OnCourse => Text::TargetOnCourse,
            TargetStatus::NotReached if over => Text::TargetNotReached,
            TargetStatus::NotReached => Text::TargetOffCourse,
            TargetStatus::CannotTell => Text::TargetUnclear,
        })
        .to_owned()
    }

    /// Where the city stands.
    fn target_now(&self, target: &TargetProgress) -> String {
        let city = &self.result.city;
        let period = self.result.period.as_ref().map(|p| self.period(p));
        let interval = self.numbers.rate_interval(city.rate_low, city.rate_high);
        let values = [
            ("period", period.unwrap_or_default()),
            ("rate", self.numbers.rate(city.rate)),
            ("interval", interval.unwrap_or_default()),
            ("so_far", self.numbers.yearly(target.so_far)),
        ];
        let values = values.each_ref().map(|(k, v)| (*k, v.as_str()));
        self.with(Text::TargetNow, &values)
    }

    /// What it takes each year from now; nothing when no year is left or the target is reached.
    fn target_needed(&self, target: &TargetProgress) -> Option<String> {
        if !target.needed.is_finite() || target.status == TargetStatus::Reached {
            return None;
        }
        let key = match (target.needed > 1.0, target.years_left) {
            (true, _) => Text::TargetRoom,
            (false, 1) => Text::TargetNeededOne,
            (false, _) => Text::TargetNeeded,
        };
        let values = [
            ("needed", self.numbers.yearly(target.needed)),
            ("n", self.numbers.whole(i64::from(target.years_left))),
            ("year", target.year.to_string()),
        ];
        let values = values.each_ref().map(|(k, v)| (*k, v.as_str()));
        Some(self.with(key, &values))
    }
}

/// The target, where the city stands and what it still takes; nothing without a target or a rate then.
pub(super) fn target(words: &Words<'_>, out: &mut String) {
    let Some(target) = words.result.target.as_ref().filter(|t| t.rate.is_finite()) else {
        return;
    };
    let _ = write!(
        out,
        "<section class=\"target\"><h2>{}</h2><p><strong>{}</strong></p><ul>",
        escaped(words.text(Text::TargetTitle)),
        escaped(&words.target_status(target))
    );
    let mut lines = vec![words.target(target)];
    if words.result.city.rate.is_finite() {
        lines.push(words.target_now(target));
    }
    lines.extend(words.target_needed(target));
    for line in lines {
        let _ = write!(out, "<li>{}</li>", escaped(&line));
    }
    let _ = writeln!(
        out,
        "</ul><p><small>{}</small></p></section>",
        escaped(words.text(Text::TargetNote))
    );
}
