//! What happened step by step: in words, and as a small line.

use std::fmt::Write;

use super::texts::Text;
use super::words::Words;
use crate::analysis::{History, Language};
use crate::methods::emerging::Category;
use crate::model::Step;

/// Height of the line, and the width that all its steps share, in pixels.
const HEIGHT: i64 = 18;
const WIDTH: usize = 72;

/// A category in words.
pub(super) fn category_words(category: Category, language: Language) -> String {
    let (hot, dutch) = match category {
        Category::NewHot | Category::NewCold => (category == Category::NewHot, "nieuwe"),
        Category::ConsecutiveHot | Category::ConsecutiveCold => {
            (category == Category::ConsecutiveHot, "doorlopende")
        }
        Category::IntensifyingHot | Category::IntensifyingCold => {
            (category == Category::IntensifyingHot, "toenemende")
        }
        Category::PersistentHot | Category::PersistentCold => {
            (category == Category::PersistentHot, "blijvende")
        }
        Category::DiminishingHot | Category::DiminishingCold => {
            (category == Category::DiminishingHot, "afnemende")
        }
        Category::SporadicHot | Category::SporadicCold => {
            (category == Category::SporadicHot, "wisselende")
        }
        Category::OscillatingHot | Category::OscillatingCold => {
            (category == Category::OscillatingHot, "omgeslagen")
        }
        Category::HistoricalHot | Category::HistoricalCold => {
            (category == Category::HistoricalHot, "voormalige")
        }
        Category::NoPattern => return Text::ClassNone.text(language).to_owned(),
    };
    match language {
        Language::Dutch if hot => format!("{dutch} hotspot"),
        Language::Dutch => format!("{dutch} coldspot"),
        Language::English => category.name(),
    }
}

/// By what categories are sorted: hot ones that last or grow first, cold ones last.
pub(super) fn order(category: Category) -> f64 {
    // From new, 1, to historical, 8.
    const URGENCY: [f64; 9] = [0.0, 5.0, 6.0, 8.0, 7.0, 3.0, 4.0, 2.0, 1.0];
    let number = category.number();
    let place = URGENCY[usize::from(number.unsigned_abs())];
    if number < 0 { -place } else { place }
}

/// The counts of a neighbourhood as a line over the steps at which it was hot or cold, as a small
/// drawing without words.
pub(super) fn line(history: &History, i: usize) -> String {
    let steps = history.periods.len();
    if i >= history.count.nrows() || steps < 2 {
        return String::new();
    }
    let wide = (WIDTH / steps).clamp(2, 8);
    let mut out = format!(
        "<svg class=\"spark\" width=\"{}\" aria-hidden=\"true\">",
        wide * steps
    );
    for (sign, class) in [(1, "h"), (-1, "c")] {
        let mut runs = String::new();
        let mut step = 0;
        for run in history.sign.row(i).to_vec().chunk_by(|a, b| a == b) {
            if run[0] == sign {
                let width = run.len() * wide;
                let _ = write!(runs, "M{} 0h{width}v{HEIGHT}h-{width}z", step * wide);
            }
            step += run.len();
        }
        if !runs.is_empty() {
            let _ = write!(out, "<path class=\"{class}\" d=\"{runs}\"/>");
        }
    }
    let counts = history.count.row(i);
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let height = |count: i64| HEIGHT - 1 - (count * (HEIGHT - 2) + most / 2) / most;
    let mut last = 0;
    for (step, &count) in counts.iter().enumerate() {
        let y = height(count);
        if step == 0 {
            let _ = write!(out, "<path d=\"m{} {y}", wide / 2);
        } else {
            let _ = write!(out, " {wide} {}", y - last);
        }
        last = y;
    }
    out.push_str("\"/></svg>");
    out
}

impl Words<'_> {
    /// The category of a neighbourhood in words; `None` without one.
    pub(super) fn pattern(&self, i: usize) -> Option<String> {
        let category = *self.result.history.as_ref()?.category.get(i)?;
        Some(category_words(category?, self.language))
    }

    /// `12 quarters`.
    pub(super) fn steps(&self, history: &History) -> String {
        let key = match history.step {
            Step::Week => Text::Weeks,
            Step::Month => Text::Months,
            Step::Quarter => Text::Quarters,
            Step::Year => Text::Years,
        };
        let n = self.numbers.whole(history.periods.len() as i64);
        self.with(key, &[("n", &n)])
    }

    /// How many neighbourhoods have which category, in one sentence.
    pub(super) fn patterns(&self) -> Option<String> {
        let history = self.result.history.as_ref()?;
        let steps = self.steps(history);
        let mut found: Vec<(Category, usize)> = Category::ALL
            .into_iter()
            .filter(|c| *c != Category::NoPattern)
            .map(|c| {
                (
                    c,
                    history.category.iter().filter(|o| **o == Some(c)).count(),
                )
            })
            .filter(|(_, n)| *n > 0)
            .collect();
        if found.is_empty() {
            return Some(self.with(Text::PatternNone, &[("steps", &steps)]));
        }
        found.sort_by(|a, b| order(b.0).total_cmp(&order(a.0)));
        let list: Vec<String> = found
            .iter()
            .map(|(category, n)| {
                let n = self.numbers.whole(*n as i64);
                format!("{} ({n})", category_words(*category, self.language))
            })
            .collect();
        let list = list.join(", ");
        Some(self.with(Text::PatternSome, &[("steps", &steps), ("list", &list)]))
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;
    use crate::methods::emerging::MannKendall;
    use crate::methods::local::Inference;
    use crate::model::{Period, Times, Zone};

    fn history(count: Array2<i64>, sign: Array2<i8>) -> History {
        let zone = Zone::utc();
        let months = count.ncols() as i64;
        let times = Times::from_utc_seconds(vec![0, (months - 1) * 2_635_200], zone);
        let periods = Period::steps(&times, Step::Month);
        assert_eq!(periods.len(), count.ncols());
        let trend = MannKendall::new().run(&[1.0, 2.0, 3.0]).unwrap();
        let n = count.nrows();
        History {
            step: Step::Month,
            look_back: 1,
            periods,
            count,
            sign,
            category: vec![Some(Category::NewHot); n],
            hot_steps: vec![0; n],
            cold_steps: vec![0; n],
            trend: vec![trend; n],
            inference: Inference::Exact,
        }
    }

    #[test]
    fn a_line_goes_through_the_counts_over_its_hot_and_cold_steps() {
        let history = history(array![[0, 8, 4, 4]], array![[-1, 0, 1, 1]]);
        assert_eq!(
            line(&history, 0),
            "<svg class=\"spark\" width=\"32\" aria-hidden=\"true\">\
             <path class=\"h\" d=\"M16 0h16v18h-16z\"/>\
             <path class=\"c\" d=\"M0 0h8v18h-8z\"/>\
             <path d=\"m4 17 8 -16 8 8 8 0\"/></svg>"
        );
        assert_eq!(line(&history, 1), "");
    }

    #[test]
    fn a_long_line_stays_short() {
        let count = Array2::from_shape_fn((1, 40), |(_, step)| (step as i64 * 7919) % 1000);
        let sign = Array2::from_shape_fn((1, 40), |(_, step)| i8::from(step > 30));
        assert!(line(&history(count, sign), 0).len() < 420);
    }

    #[test]
    fn every_category_has_its_own_words_and_place() {
        for language in [Language::Dutch, Language::English] {
            let mut all: Vec<String> = Category::ALL
                .into_iter()
                .map(|c| category_words(c, language))
                .collect();
            all.sort();
            all.dedup();
            assert_eq!(all.len(), 17);
        }
        let mut places: Vec<f64> = Category::ALL.into_iter().map(order).collect();
        places.sort_by(f64::total_cmp);
        assert!(places.windows(2).all(|p| p[0] < p[1]));
        let dutch = |c| category_words(c, Language::Dutch);
        assert_eq!(dutch(Category::NewHot), "nieuwe hotspot");
        assert_eq!(dutch(Category::HistoricalCold), "voormalige coldspot");
    }
}
