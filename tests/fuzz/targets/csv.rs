//! Delimited text through every reader of it.

use brandpunt::Crs;
use brandpunt::io::{IncidentReader, KeyFiguresReader, PoliceTableReader, PopulationReader};

use super::{NOW, check_incidents, checked};

const ENCODINGS: [&str; 4] = ["utf-8", "cp1252", "utf-16le", "latin1"];
const DELIMITERS: [char; 4] = [';', ',', '\t', 'x'];

pub fn feed(data: &[u8]) {
    let Some((&choice, text)) = data.split_first() else {
        return;
    };
    let mut incidents = IncidentReader::new().now(NOW).max_rejected_share(1.0);
    let mut people = PopulationReader::new();
    let pick = usize::from(choice >> 3) % 4;
    if choice & 1 != 0 {
        incidents = incidents.encoding(ENCODINGS[pick]);
        people = people.encoding(ENCODINGS[pick]);
    }
    if choice & 2 != 0 {
        incidents = incidents.delimiter(DELIMITERS[pick]);
    }
    if choice & 4 != 0 {
        incidents = incidents
            .crs(Crs::PLANAR)
            .decimal(if pick < 2 { ',' } else { '.' });
    }
    if let Some(found) = checked(incidents.read_bytes(text)) {
        check_incidents(&found);
    }
    if let Some(found) = checked(people.read_bytes(text)) {
        let n = found.codes().len();
        assert!(found.exposures().iter().all(|e| e.values.len() == n));
    }
    checked(KeyFiguresReader::new().read_bytes(text));
    checked(PoliceTableReader::new().read_bytes(text));
}
