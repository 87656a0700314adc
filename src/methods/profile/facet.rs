//! One side from which reports are looked at.

use super::calendar::Moment;
use crate::error::{Error, Result};
use crate::model::Categories;

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const SEASONS: [&str; 4] = ["winter", "spring", "summer", "autumn"];
const PARTS_OF_DAY: [&str; 4] = ["night", "morning", "afternoon", "evening"];
const PARTS_OF_WEEK: [&str; 6] = [
    "weekday night",
    "weekday daytime",
    "weekday evening",
    "weekend night",
    "weekend daytime",
    "weekend evening",
];

/// One side from which reports are looked at: what kind, or when.
///
/// Times are those that local clocks and calendars showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Facet {
    /// The category.
    Category,
    /// The hour of the day, 0 to 23.
    Hour,
    /// The day of the week, from Monday.
    Weekday,
    /// The hour of the week, 0 to 167, from Monday midnight.
    HourOfWeek,
    /// Night (0 to 6), morning (6 to 12), afternoon (12 to 18) or evening (18 to 24).
    PartOfDay,
    /// Night (0 to 6), daytime (6 to 18) or evening (18 to 24), of Monday to Friday or of the weekend: six
    /// cells, for where hours and days would be too fine.
    PartOfWeek,
    /// The month, from January.
    Month,
    /// Winter (December to February), spring, summer or autumn.
    Season,
}

/// What a facet must know of an incident; of times, more and more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Needs {
    Category,
    Month,
    Day,
    Hour,
}

impl Facet {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Category,
        Self::Hour,
        Self::Weekday,
        Self::HourOfWeek,
        Self::PartOfDay,
        Self::PartOfWeek,
        Self::Month,
        Self::Season,
    ];

    /// Its name: `category`, `hour`, `weekday`, `hour_of_week`, `part_of_day`, `part_of_week`,
    /// `month`, `season`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Hour => "hour",
            Self::Weekday => "weekday",
            Self::HourOfWeek => "hour_of_week",
            Self::PartOfDay => "part_of_day",
            Self::PartOfWeek => "part_of_week",
            Self::Month => "month",
            Self::Season => "season",
        }
    }

    /// The facet of that name.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|f| f.name() == name)
            .ok_or_else(|| {
                let known: Vec<_> = Self::ALL.iter().map(|f| f.name()).collect();
                let expected = format!(
                    "{}, or two or three of them joined by ` x `",
                    known.join(", ")
                );
                Error::parameter("by", name, expected)
            })
    }

    pub(super) const fn needs(self) -> Needs {
        match self {
            Self::Category => Needs::Category,
            Self::Month | Self::Season => Needs::Month,
            Self::Weekday => Needs::Day,
            Self::Hour | Self::HourOfWeek | Self::PartOfDay | Self::PartOfWeek => Needs::Hour,
        }
    }

    /// The names of its cells in order.
    pub(super) fn labels(self, categories: Option<&Categories>) -> Vec<String> {
        let owned = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect();
        match self {
            Self::Category => categories.map_or_else(Vec::new, |c| c.labels().to_vec()),
            Self::Hour => (0..24).map(|h| format!("{h:02}")).collect(),
            Self::Weekday => owned(&WEEKDAYS),
            Self::HourOfWeek => (0..168)
                .map(|h| format!("{} {:02}", WEEKDAYS[h / 24], h % 24))
                .collect(),
            Self::PartOfDay => owned(&PARTS_OF_DAY),
            Self::PartOfWeek => owned(&PARTS_OF_WEEK),
            Self::Month => owned(&MONTHS),
            Self::Season => owned(&SEASONS),
        }
    }

    /// The cell of an incident of this category at this moment, `None` where that is not known.
    pub(super) fn cell(self, category: Option<u32>, moment: Option<Moment>) -> Option<usize> {
        let hour = || moment?.hour.map(usize::from);
        let weekday = || moment?.weekday.map(usize::from);
        Some(match self {
            Self::Category => category? as usize,
            Self::Hour => hour()?,
            Self::Weekday => weekday()?,
            Self::HourOfWeek => 24 * weekday()? + hour()?,
            Self::PartOfDay => hour()? / 6,
            Self::PartOfWeek => 3 * usize::from(weekday()? > 4) + [0, 1, 1, 2][hour()? / 6],
            Self::Month => usize::from(moment?.month),
            Self::Season => (usize::from(moment?.month) + 1) % 12 / 3,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_and_seasons_begin_with_december() {
        for facet in Facet::ALL {
            assert_eq!(Facet::named(facet.name()).unwrap(), facet);
        }
        assert!(
            Facet::named("year")
                .unwrap_err()
                .to_string()
                .contains("hour_of_week")
        );
        let season = |month| {
            let moment = Moment {
                month,
                weekday: None,
                hour: None,
            };
            Facet::Season.cell(None, Some(moment)).map(|s| SEASONS[s])
        };
        let seen: Vec<_> = [11, 0, 1, 2, 4, 5, 8, 10]
            .map(|m| season(m).unwrap())
            .into();
        let want = [
            "winter", "winter", "winter", "spring", "spring", "summer", "autumn", "autumn",
        ];
        assert_eq!(seen, want);
    }

    #[test]
    fn a_weekend_is_saturday_and_sunday() {
        let at = |weekday, hour| {
            let moment = Moment {
                month: 0,
                weekday: Some(weekday),
                hour: Some(hour),
            };
            let cell = Facet::PartOfWeek.cell(None, Some(moment)).unwrap();
            PARTS_OF_WEEK[cell]
        };
        assert_eq!(at(4, 23), "weekday evening");
        assert_eq!(at(5, 5), "weekend night");
        assert_eq!(at(6, 6), "weekend daytime");
        assert_eq!(at(6, 18), "weekend evening");
        assert_eq!(at(0, 0), "weekday night");
        assert_eq!(at(2, 17), "weekday daytime");
    }
}
