//! Which column of a police table is which.

use super::columns;
use crate::error::{Error, Fault, Result};
use crate::model::Detected;

const CLASS: &[&str] = &[
    "soortmisdrijf",
    "overlast",
    "soortoverlast",
    "soortregistratie",
    "soortincident",
    "misdrijf",
    "incidenttypecode",
    "incidenttype",
    "typeofcrime",
    "typeofnuisance",
];
const AREA: &[&str] = &[
    "wijkenenbuurten",
    "regios",
    "regio",
    "codering3",
    "buurtcode",
    "bucode",
    "wijkcode",
    "wkcode",
    "gemeentecode",
    "gmcode",
    "gwbcode",
    "statcode",
    "regiocode",
    "districtsandneighbourhoods",
    "regions",
];
const PERIOD: &[&str] = &["perioden", "periode", "periods", "period", "jaar", "year"];
const STATUS: &[&str] = &["status", "periodenstatus", "periodestatus", "periodsstatus"];
const COUNT: &[&str] = &["aantal", "count", "incidentcount", "registraties"];

/// The names a user may give.
#[derive(Debug, Clone, Default)]
pub(super) struct PoliceNames {
    pub(super) class: Option<String>,
    pub(super) area: Option<String>,
    pub(super) period: Option<String>,
    pub(super) count: Option<String>,
}

/// Positions of columns; without one of areas, all is the country.
#[derive(Debug, Clone, Copy)]
pub(super) struct PoliceColumns {
    pub(super) class: usize,
    pub(super) area: Option<usize>,
    pub(super) period: usize,
    pub(super) status: Option<usize>,
    pub(super) count: usize,
}

impl PoliceColumns {
    pub(super) fn of(
        header: &[String],
        names: &PoliceNames,
        detected: &mut Vec<Detected>,
    ) -> Result<Self> {
        let mut one = |role, option, given: &Option<String>, known: &[&str]| match given {
            Some(name) => columns::named(header, option, name).map(Some),
            None => Ok(columns::guess(header, role, known, detected)),
        };
        let class = one("class", "class", &names.class, CLASS)?;
        let area = one("area", "area", &names.area, AREA)?;
        let period = one("period", "period", &names.period, PERIOD)?;
        let status = one("status", "status", &None, STATUS)?;
        let mut count = one("count", "count", &names.count, COUNT)?;
        if count.is_none() {
            // The measure's name ends in its number, as in `GeregistreerdeOverlast_1`.
            count = header.iter().position(|c| {
                let name = c.to_lowercase();
                name.starts_with("geregistreerde") || name.starts_with("totaal geregistreerde")
            });
            if let Some(at) = count {
                detected.push(Detected::new("column count", &header[at], "by its name"));
            }
        }
        let missing = |what: &str| {
            Error::input(
                Fault::MissingColumn,
                format!(
                    "no column of {what} was recognised; {}; name it",
                    columns::listed(header)
                ),
            )
        };
        let class = class.ok_or_else(|| missing("classes (class=)"))?;
        if area.is_none() {
            detected.push(Detected::new(
                "area",
                "NL00",
                "there is no column of areas, so all is the country",
            ));
        }
        Ok(Self {
            class,
            area,
            status,
            period: period.ok_or_else(|| missing("periods (period=)"))?,
            count: count.ok_or_else(|| missing("counts (count=)"))?,
        })
    }
}
