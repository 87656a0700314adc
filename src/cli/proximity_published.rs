//! What of the reports around facilities may be published.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::arguments::Proximity as Options;
use super::asked::Chosen;
use super::counting::{Round, people, protected};
use super::rates_table::Words;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::analysis::Counted;
use crate::error::Error;
use crate::index::NeighbourhoodIndex;
use crate::methods::proximity::{Proximity, ProximityBands, ProximityResult, Sites};
use crate::model::Neighbourhoods;
use crate::parallel::Workers;
use crate::publish::{Disclosure, Ledger, State};

/// What divides reports by their distance to facilities begins with this.
const KIND: &str = "distance to ";

/// The rings as they are published.
pub(super) struct Published {
    pub(super) bands: ProximityBands,
    /// Reports in the study area, and in the hours asked for.
    pub(super) incidents: u64,
    pub(super) states: Vec<State>,
}

/// What is measured: reports around facilities in areas.
pub(super) type Asked<'a> = (&'a Chosen, &'a Sites, &'a Neighbourhoods, &'a Proximity);

/// The reports of every ring, of all farther away and of all at other hours, as parts of those of all
/// areas, and quotients from what is published of them. What the places of reports alone could tell, such
/// as how it would be around moved facilities, is left out. Two divisions of the same reports by distance
/// are refused: their rings cut each other.
pub(super) fn published(
    words: &Words,
    (chosen, sites, areas, method): Asked<'_>,
    found: &ProximityResult,
    (options, rules, ledger): (&Options, &Disclosure, &mut Ledger),
    workers: &Workers,
    terminal: &mut Terminal,
) -> Result<Published, Stop> {
    let (theme, incidents) = (&chosen.theme, &chosen.incidents);
    let index = NeighbourhoodIndex::build(areas)?;
    let label = index.locate_all(incidents.x(), incidents.y(), workers)?;
    let people = people(theme, areas);
    let mut counted = Counted::new(theme, areas, &people);
    let shown = |_: usize| areas.len() == 1;
    let round = Round::of(&mut counted, chosen, &label, areas.len(), &shown)?;
    let everything: Vec<usize> = (0..areas.len()).collect();
    let all = round.total(&mut counted, &everything)?;
    let key = counted.table.keys()[all].clone();
    let by = by(found, sites, options);
    if ledger.divides(&key, std::slice::from_ref(&key)) || ledger.divides_otherwise(&key, KIND, &by)
    {
        return Err(Stop::bad(Error::disclosure(
            "reports of this theme and time went out before, divided by other distances, other \
             facilities or other hours, or over another time; what the two say together is not audited. \
             Ask the same again, or write it with --internal",
        )));
    }
    let rings = found.bands.from.len();
    let mut names: Vec<String> = (0..rings)
        .map(|k| format!("{} to {} m", found.bands.from[k], found.bands.to[k]))
        .collect();
    names.push("elsewhere".to_owned());
    let of = method.bands_of(incidents, sites)?;
    let places = round.reported.places();
    let inside = |i: usize| label[i] != NeighbourhoodIndex::NONE;
    let first = counted.divide(all, (&by, &names), (&of, &places), &inside)?;
    let mut staged = ledger.staged();
    let release = format!("proximity of {}", theme.name());
    let language = words.language();
    let told = protected(&counted, (rules, &mut staged), &release, language, terminal)?;
    ledger.adopt(staged)?;
    terminal.remark(words.of(
        "Wat rond andere plaatsen te verwachten is, en p, staan alleen in een intern bestand: ze volgen \
         uit de plaatsen van de meldingen.",
        "What to expect around other places, and p, are in an internal file only: they follow from the \
         places of the reports.",
    ));
    let states = told.states[first..first + rings].to_vec();
    // Those at other hours are in the last cell.
    let in_hours = &told.states[first..=first + rings];
    let sum: i64 = in_hours.iter().map(|state| state.filled(rules)).sum();
    let value = |state: &State| state.value().map(i64::unsigned_abs);
    let counts: Vec<Option<u64>> = states.iter().map(value).collect();
    let incidents = sum.unsigned_abs();
    Ok(Published {
        bands: method.counted_as(found, &counts, incidents),
        incidents,
        states,
    })
}

/// Which facilities, distances and hours: whatever differs is another division of the reports.
fn by(found: &ProximityResult, sites: &Sites, options: &Options) -> String {
    let mut hash = Sha256::new();
    for ([x, y], _) in sites.places() {
        hash.update(x.to_le_bytes());
        hash.update(y.to_le_bytes());
    }
    let mut out = format!("{KIND}{} places ", found.facilities);
    let digest = hash.finalize();
    // Writing to a string cannot fail.
    for byte in digest.iter().take(8) {
        let _ = write!(out, "{byte:02x}");
    }
    let _ = write!(out, " in rings to {:?} m", found.bands.to);
    if options.school_hours {
        let _ = write!(
            out,
            ", school hours without {}",
            options.holidays.join(", ")
        );
    }
    out
}
