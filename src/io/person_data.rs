//! Which columns seem to hold data about persons?
//!
//! Such data are never needed here, so a file that carries them is refused before anything is
//! read into a result.

use super::records::{Splitter, sample};
use crate::error::{Error, Fault, Result, quoted};

/// Rows whose values are looked at.
const SAMPLE: usize = 1000;

/// Values that a column needs before its pattern says anything.
const LEAST_VALUES: usize = 10;

/// What a column seems to hold, whole words of its name; parts may be joined or not.
const WORDS: [(&str, &[&str]); 7] = [
    (
        "the name of a person",
        &[
            "voornaam",
            "voornamen",
            "achternaam",
            "tussenvoegsel",
            "voorletters",
            "geslachtsnaam",
            "naammelder",
            "meldernaam",
            "naamverdachte",
            "naambetrokkene",
            "naamslachtoffer",
            "volledigenaam",
            "firstname",
            "lastname",
            "surname",
            "familyname",
            "fullname",
            "givenname",
            "personname",
            "reportername",
            "suspectname",
            "victimname",
        ],
    ),
    (
        "a citizen service number",
        &["bsn", "burgerservicenummer", "sofinummer", "sofinr"],
    ),
    (
        "a date of birth",
        &[
            "geboortedatum",
            "geboortedag",
            "gebdatum",
            "geboortejaar",
            "dateofbirth",
            "birthdate",
            "birthday",
            "birthyear",
            "dob",
        ],
    ),
    (
        "a telephone number",
        &[
            "telefoon",
            "telefoonnummer",
            "telefoonnr",
            "telnr",
            "mobiel",
            "mobielnummer",
            "phone",
            "phonenumber",
            "telephone",
            "mobilenumber",
        ],
    ),
    (
        "an e-mail address",
        &[
            "email",
            "emailadres",
            "emailaddress",
            "mailadres",
            "mailaddress",
        ],
    ),
    (
        "a licence plate",
        &[
            "kenteken",
            "kentekennummer",
            "licenseplate",
            "licenceplate",
            "numberplate",
        ],
    ),
    (
        "a nationality or descent",
        &[
            "nationaliteit",
            "nationality",
            "etniciteit",
            "ethnicity",
            "geboorteland",
            "countryofbirth",
        ],
    ),
];

/// Refuses a column that seems to hold data about persons, by its name or its values.
///
/// A name counts as a whole or as one of its words (`melder_email`); values count when at least
/// nine in ten of ten or more look like e-mail addresses, citizen service numbers (by their
/// check), telephone numbers or licence plates. Names of streets and areas do not.
///
/// # Errors
/// [`Fault::PersonData`] with the column and what to do.
///
/// ```
/// use brandpunt::io::check_person_data;
///
/// assert!(check_person_data("straatnaam", ["Grote Markt"]).is_ok());
/// assert!(check_person_data("melder_email", ["x"]).is_err());
/// ```
pub fn check_person_data<'a>(
    column: &str,
    values: impl IntoIterator<Item = &'a str>,
) -> Result<()> {
    let what = by_name(column)
        .map(|what| (what, "its name says so".to_owned()))
        .or_else(|| by_values(values));
    match what {
        None => Ok(()),
        Some((what, why)) => Err(Error::input(
            Fault::PersonData,
            format!(
                "column `{}` seems to hold {what} ({why}); data about persons are not needed here: \
                 leave the column out of the file, or name it in allow_columns if it holds \
                 something else",
                quoted(column)
            ),
        )),
    }
}

/// Checks all columns of delimited text.
pub(super) fn check_text(
    header: &[String],
    splitter: &Splitter,
    text: &[u8],
    start: usize,
    allowed: &[String],
) -> Result<()> {
    let rows = sample(splitter, text, start, SAMPLE);
    for (at, column) in header.iter().enumerate() {
        if !allowed.contains(column) {
            check_person_data(
                column,
                rows.iter()
                    .filter_map(|row| row.get(at).map(String::as_str)),
            )?;
        }
    }
    Ok(())
}

fn by_name(column: &str) -> Option<&'static str> {
    let words: Vec<String> = words(column);
    let whole = words.concat();
    WORDS.iter().find_map(|(what, names)| {
        names
            .iter()
            .any(|name| {
                whole == *name
                    || words.iter().any(|word| word == name)
                    // Long enough not to be a part of another word.
                    || (name.len() >= 10 && whole.contains(name))
                    || words.windows(2).any(|pair| pair.concat() == *name)
            })
            .then_some(*what)
    })
}

/// The words of a name, in lower case: parted by signs, or by a capital after a small letter.
fn words(name: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        if !c.is_alphabetic() || (c.is_uppercase() && small) {
            out.push(String::new());
        }
        small = c.is_lowercase();
        if c.is_alphabetic()
            && let Some(last) = out.last_mut()
        {
            last.extend(c.to_lowercase());
        }
    }
    out.retain(|word| !word.is_empty());
    out
}

type Pattern = (&'static str, fn(&str) -> bool);

fn by_values<'a>(values: impl IntoIterator<Item = &'a str>) -> Option<(&'static str, String)> {
    const PATTERNS: [Pattern; 4] = [
        ("e-mail addresses", is_email),
        ("citizen service numbers", is_bsn),
        ("telephone numbers", is_phone),
        ("licence plates", is_plate),
    ];
    let mut fits = [0_usize; 4];
    let mut n = 0;
    for value in values.into_iter().map(str::trim).filter(|v| !v.is_empty()) {
        n += 1;
        for (fit, (_, is)) in fits.iter_mut().zip(&PATTERNS) {
            *fit += usize::from(is(value));
        }
    }
    if n < LEAST_VALUES {
        return None;
    }
    PATTERNS
        .iter()
        .zip(fits)
        .find(|(_, fit)| 10 * fit >= 9 * n)
        .map(|((what, _), fit)| (*what, format!("{fit} of {n} values look like it")))
}

fn is_email(value: &str) -> bool {
    value.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && !value.contains(char::is_whitespace)
            && host
                .rsplit_once('.')
                .is_some_and(|(name, top)| !name.is_empty() && top.len() >= 2)
    })
}

/// Nine digits (or eight, without the leading zero) that pass the eleven test.
fn is_bsn(value: &str) -> bool {
    let digits: Vec<i32> = value
        .chars()
        .filter(|c| *c != '.')
        .map_while(|c| c.to_digit(10).and_then(|d| i32::try_from(d).ok()))
        .collect();
    let signs = value.chars().filter(|c| *c != '.').count();
    if digits.len() != signs || !(8..=9).contains(&digits.len()) {
        return false;
    }
    let sum: i32 = digits
        .iter()
        .rev()
        .zip([-1, 2, 3, 4, 5, 6, 7, 8, 9])
        .map(|(digit, weight)| digit * weight)
        .sum();
    sum % 11 == 0 && digits.iter().any(|d| *d > 0)
}

/// A Dutch number of ten digits, or its form with the country in front.
fn is_phone(value: &str) -> bool {
    let bare: String = value
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.'))
        .collect();
    let rest = ["+31", "0031", "0"]
        .iter()
        .find_map(|prefix| bare.strip_prefix(prefix));
    rest.is_some_and(|rest| {
        let rest = rest.strip_prefix('0').unwrap_or(rest);
        rest.len() == 9 && !rest.starts_with('0') && rest.bytes().all(|b| b.is_ascii_digit())
    })
}

/// Three groups of letters or digits with hyphens, six signs in all, as on a Dutch plate.
///
/// Plates without hyphens are not told from postcodes.
fn is_plate(value: &str) -> bool {
    let groups: Vec<&str> = value.split('-').collect();
    let one_kind = |group: &&str| {
        (1..=3).contains(&group.len())
            && (group.bytes().all(|b| b.is_ascii_digit())
                || group.bytes().all(|b| b.is_ascii_alphabetic()))
    };
    groups.len() == 3
        && groups.concat().len() == 6
        && groups.iter().all(one_kind)
        && value.bytes().any(|b| b.is_ascii_alphabetic())
        && value.bytes().any(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(column: &str, values: &[&str]) -> bool {
        let result = check_person_data(column, values.iter().copied());
        let error = result.err();
        if let Some(error) = &error {
            assert_eq!(error.fault(), Some(Fault::PersonData));
            assert!(error.to_string().contains("allow_columns"), "{error}");
        }
        error.is_some()
    }

    #[test]
    fn names_of_columns_tell() {
        for column in [
            "voornaam",
            "Achternaam",
            "naam_melder",
            "BSN",
            "bsn_verdachte",
            "Geboortedatum",
            "geboorte_datum",
            "DateOfBirth",
            "melder_telefoon",
            "telefoonNummer",
            "reporter.email",
            "e-mail",
            "E-mailadres",
            "kenteken",
            "license plate",
            "Nationaliteit",
        ] {
            assert!(refused(column, &[]), "{column}");
        }
        for column in [
            "naam",
            "name",
            "straatnaam",
            "buurtnaam",
            "wijknaam",
            "gebiedsnaam",
            "categorie",
            "datum",
            "x",
            "id",
            "hotel",
            "plaats",
            "mobiliteit",
            "aantal_personen",
            "nationale_feestdag",
            "kanaal",
        ] {
            assert!(!refused(column, &[]), "{column}");
        }
    }

    /// Nine digits that pass the eleven test, made by counting.
    fn numbers(n: usize) -> Vec<String> {
        (100_000_000_u32..)
            .map(|v| v.to_string())
            .filter(|v| is_bsn(v))
            .take(n)
            .collect()
    }

    #[test]
    fn values_tell_when_nearly_all_of_them_do() {
        let own = |values: &[String]| {
            let texts: Vec<&str> = values.iter().map(String::as_str).collect();
            refused("kolom", &texts)
        };
        assert!(own(&numbers(20)));
        assert!(!own(&numbers(9)), "too few to say");
        let series: Vec<String> = (200_000_000..200_000_050).map(|v| v.to_string()).collect();
        assert!(!own(&series), "ids in a row");
        let phones: Vec<String> = (0..20).map(|i| format!("06-123456{i:02}")).collect();
        assert!(own(&phones));
        let abroad: Vec<String> = (0..20).map(|i| format!("+31 36 53998{i:02}")).collect();
        assert!(own(&abroad));
        let mails: Vec<String> = (0..20).map(|i| format!("m{i}@example.org")).collect();
        assert!(own(&mails));
        let plates: Vec<String> = (10..30).map(|i| format!("{i}-ABC-1")).collect();
        assert!(own(&plates));
        let postcodes: Vec<String> = (10..30).map(|i| format!("13{i}AB")).collect();
        assert!(!own(&postcodes));
        let dates: Vec<String> = (10..30).map(|i| format!("{i}-05-23")).collect();
        assert!(!own(&dates));
        let metres: Vec<String> = (0..20).map(|i| format!("1437{i:02}")).collect();
        assert!(!own(&metres));
        let mut mixed = numbers(17);
        mixed.extend(["a", "b", "c"].map(str::to_owned));
        assert!(!own(&mixed), "17 of 20 are not nearly all");
    }

    #[test]
    fn the_eleven_test_weighs_the_last_digit_against_the_others() {
        // 9*1 + 8*1 + 7*1 + 6*2 + 5*2 + 4*2 + 3*3 + 2*3 - 3 = 66.
        assert!(is_bsn("111222333"));
        assert!(!is_bsn("111222334"));
        assert!(!is_bsn("000000000") && !is_bsn("11122233a"));
    }
}
