//! Which column is which, from its name.

use crate::error::{Error, Fault, Result, coded, quoted};
use crate::model::Detected;

/// Letters and digits in lower case: `Datum_Tijd` and `datum tijd` are one name.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

pub(super) const X: &[&str] = &[
    "x",
    "xcoord",
    "xcoordinaat",
    "xcoordinate",
    "xco",
    "xrd",
    "rdx",
    "xrdnew",
    "rdnewx",
    "coordx",
    "coordinaatx",
    "pointx",
    "easting",
    "oosting",
    "xcoordinaatrd",
];
pub(super) const Y: &[&str] = &[
    "y",
    "ycoord",
    "ycoordinaat",
    "ycoordinate",
    "yco",
    "yrd",
    "rdy",
    "yrdnew",
    "rdnewy",
    "coordy",
    "coordinaaty",
    "pointy",
    "northing",
    "noording",
    "ycoordinaatrd",
];
pub(super) const LON: &[&str] = &[
    "lon",
    "lng",
    "long",
    "longitude",
    "lengtegraad",
    "lengte",
    "lonwgs84",
    "wgs84lon",
    "geolon",
];
pub(super) const LAT: &[&str] = &[
    "lat",
    "latitude",
    "breedtegraad",
    "breedte",
    "latwgs84",
    "wgs84lat",
    "geolat",
];
/// Columns that may hold points as text.
pub(super) const POINT: &[&str] = &[
    "geom",
    "geometrie",
    "geometry",
    "wkt",
    "thegeom",
    "shape",
    "punt",
    "point",
    "locatie",
    "location",
];
const TIME: &[&str] = &[
    "datumtijd",
    "datetime",
    "datumentijd",
    "tijdstip",
    "timestamp",
    "occurredat",
    "occurred",
    "pleegdatum",
    "datumpleging",
    "begindatum",
    "begindatumtijd",
    "startdatum",
    "meldingsdatum",
    "datummelding",
    "gemeldop",
    "aanmaakdatum",
    "datumaanmaak",
    "registratiedatum",
    "datum",
    "date",
    "time",
    "created",
    "createdat",
    "tijd",
    "maand",
    "month",
    "t",
];
const CATEGORY: &[&str] = &[
    "categorie",
    "category",
    "hoofdcategorie",
    "subcategorie",
    "subslug",
    "subcategory",
    "subcategoriecode",
    "categoriecode",
    "incidenttype",
    "typeincident",
    "incidentklasse",
    "klasse",
    "maatschappelijkeklasse",
    "soort",
    "soortmelding",
    "meldingsoort",
    "type",
    "class",
    "crimetype",
    "offence",
    "offense",
    "feit",
    "delict",
    "onderwerp",
    "overlast",
];
const SOURCE: &[&str] = &[
    "bron",
    "source",
    "meldbron",
    "kanaal",
    "meldkanaal",
    "meldingskanaal",
    "channel",
    "herkomst",
    "herkomstmelding",
];
const WEIGHT: &[&str] = &["weight", "gewicht"];
const ID: &[&str] = &[
    "iddisplay",
    "id",
    "incidentid",
    "incidentnummer",
    "meldingid",
    "meldingsnummer",
    "meldingnummer",
    "zaaknummer",
    "registratienummer",
    "volgnummer",
    "kenmerk",
    "caseid",
    "casenumber",
    "crimeid",
    "persistentid",
    "uuid",
    "identificatie",
    "nummer",
    "objectid",
    "fid",
];
const AREA_CODE: &[&str] = &[
    "code",
    "buurtcode",
    "bucode",
    "wijkcode",
    "wkcode",
    "gemeentecode",
    "gmcode",
    "statcode",
    "gwbcode",
    "gwbcode10",
    "gwbcode8",
    "regiocode",
    "regio",
    "wijkenenbuurten",
    "codering3",
    "wardcode",
    "areacode",
    "lsoacode",
    "lsoa11cd",
    "lsoa21cd",
    "msoacode",
    "geoid",
    "buurtcodegemeente",
    "gebiedcode",
    "gebiedscode",
    "identificatie",
    "id",
    "objectid",
    "fid",
];
const AREA_YEAR: &[&str] = &["jrstatcode", "jaarstatcode", "jaar", "indelingsjaar"];
const AREA_NAME: &[&str] = &[
    "naam",
    "name",
    "buurtnaam",
    "bunaam",
    "buurt",
    "wijknaam",
    "wknaam",
    "statnaam",
    "regionaam",
    "gwbnaam",
    "gemeentenaam",
    "gmnaam",
    "gebiednaam",
    "wardname",
    "areaname",
    "lsoaname",
    "wijk",
    "omschrijving",
    "label",
];
const POPULATION: &[&str] = &[
    "inwoners",
    "aantalinwoners",
    "aantalinwoners5",
    "ainw",
    "population",
    "bevolking",
    "bevolkingtotaal",
    "totalebevolking",
    "inwonertal",
    "pop",
    "populationtotal",
    "residents",
    "populatie",
];

coded! {
    /// What a column can be, so that its name tells it.
    Role {
        /// Eastings.
        X = "x",
        /// Northings.
        Y = "y",
        /// Longitudes.
        Longitude = "longitude",
        /// Latitudes.
        Latitude = "latitude",
        /// When a report happened.
        Time = "time",
        /// What kind of report it is.
        Category = "category",
        /// By which way a report came.
        Source = "source",
        /// How heavily a report counts.
        Weight = "weight",
        /// The name of a report.
        Id = "id",
        /// The code of an area.
        AreaCode = "code",
        /// The name of an area for people.
        AreaName = "name",
        /// Inhabitants.
        Population = "population",
    }
}

impl Role {
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::X => X,
            Self::Y => Y,
            Self::Longitude => LON,
            Self::Latitude => LAT,
            Self::Time => TIME,
            Self::Category => CATEGORY,
            Self::Source => SOURCE,
            Self::Weight => WEIGHT,
            Self::Id => ID,
            Self::AreaCode => AREA_CODE,
            Self::AreaName => AREA_NAME,
            Self::Population => POPULATION,
        }
    }

    /// The position of the column that readers take for this by its name, whatever its case and
    /// punctuation; `None` where there is no such name.
    ///
    /// ```
    /// use brandpunt::io::Role;
    ///
    /// let columns = ["BU_CODE", "Datum Tijd"].map(str::to_owned);
    /// assert_eq!(Role::Time.find(&columns), Some(1));
    /// assert_eq!(Role::Category.find(&columns), None);
    /// ```
    #[must_use]
    pub fn find(self, columns: &[String]) -> Option<usize> {
        find(columns, self.names())
    }
}

/// The position of the first of `names` that a column has, by rank of the name.
pub(super) fn find(columns: &[String], names: &[&str]) -> Option<usize> {
    let plain: Vec<String> = columns.iter().map(|c| plain(c)).collect();
    names
        .iter()
        .find_map(|name| plain.iter().position(|c| c == name))
}

/// The position of a column the user named: exactly, else ignoring case and punctuation.
pub(super) fn named(columns: &[String], option: &'static str, name: &str) -> Result<usize> {
    columns
        .iter()
        .position(|c| c == name)
        .or_else(|| columns.iter().position(|c| plain(c) == plain(name)))
        .ok_or_else(|| {
            Error::input(
                Fault::MissingColumn,
                format!(
                    "there is no column `{}` for {option}=; {}",
                    quoted(name),
                    listed(columns)
                ),
            )
        })
}

/// The columns that exist, for a message.
pub(super) fn listed(columns: &[String]) -> String {
    const SHOWN: usize = 15;
    let names: Vec<String> = columns
        .iter()
        .take(SHOWN)
        .map(|c| {
            let short: String = c.chars().take(24).collect();
            format!("`{}`", quoted(&short))
        })
        .collect();
    let more = if columns.len() > SHOWN { ", …" } else { "" };
    format!("the columns are {}{more}", names.join(", "))
}

/// The names a user may give to the columns of incidents.
#[derive(Debug, Clone, Default)]
pub(super) struct IncidentNames {
    pub(super) x: Option<String>,
    pub(super) y: Option<String>,
    pub(super) time: Option<String>,
    pub(super) category: Option<String>,
    pub(super) source: Option<String>,
    pub(super) weight: Option<String>,
    pub(super) id: Option<String>,
}

/// The positions of the columns that are not coordinates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Roles {
    pub(super) time: Option<usize>,
    pub(super) category: Option<usize>,
    pub(super) source: Option<usize>,
    pub(super) weight: Option<usize>,
    pub(super) id: Option<usize>,
}

impl Roles {
    pub(super) fn of(
        columns: &[String],
        names: &IncidentNames,
        detected: &mut Vec<Detected>,
    ) -> Result<Self> {
        let mut one = |option, given: &Option<String>, known: &[&str]| match given {
            Some(name) => named(columns, option, name).map(Some),
            None => Ok(guess(columns, option, known, detected)),
        };
        Ok(Self {
            time: one("time", &names.time, TIME)?,
            category: one("category", &names.category, CATEGORY)?,
            source: one("source", &names.source, SOURCE)?,
            weight: one("weight", &names.weight, WEIGHT)?,
            id: one("id", &names.id, ID)?,
        })
    }
}

/// A column found by its name, reported.
pub(super) fn guess(
    columns: &[String],
    role: &str,
    known: &[&str],
    detected: &mut Vec<Detected>,
) -> Option<usize> {
    let at = find(columns, known)?;
    detected.push(Detected::new(
        format!("column {role}"),
        quoted(&columns[at]),
        "by its name",
    ));
    Some(at)
}

/// How many of the two coordinates a header names.
pub(super) fn coordinates_named(columns: &[String]) -> usize {
    [X, Y, LON, LAT, POINT, AREA_CODE]
        .iter()
        .filter(|names| find(columns, names).is_some())
        .count()
}

pub(super) fn area_code(columns: &[String], detected: &mut Vec<Detected>) -> Option<usize> {
    guess(columns, "code", AREA_CODE, detected)
}

pub(super) fn area_name(columns: &[String], detected: &mut Vec<Detected>) -> Option<usize> {
    guess(columns, "name", AREA_NAME, detected)
}

pub(super) fn area_year(columns: &[String]) -> Option<usize> {
    find(columns, AREA_YEAR)
}

pub(super) fn population(columns: &[String], detected: &mut Vec<Detected>) -> Option<usize> {
    guess(columns, "population", POPULATION, detected)
}
