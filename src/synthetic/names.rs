//! Invented names of districts and neighbourhoods.

use rand::RngExt;

use super::plan::Domain;

const FIRST: [&str; 36] = [
    "Wilgen",
    "Zilver",
    "Kievits",
    "Linden",
    "Reiger",
    "Dijk",
    "Sluis",
    "Molen",
    "Vaart",
    "Berken",
    "Elzen",
    "Hazel",
    "Klaver",
    "Riet",
    "Schelpen",
    "Zeggen",
    "Otter",
    "Lepelaar",
    "Duinroos",
    "Meerkoet",
    "Populieren",
    "Kamille",
    "Essen",
    "Varen",
    "Gruttos",
    "Braam",
    "Vlinder",
    "Kwel",
    "Bies",
    "Zwaluw",
    "Iepen",
    "Wulpen",
    "Kreek",
    "Polder",
    "Libellen",
    "Honing",
];
const SECOND: [&str; 20] = [
    "hof", "veld", "kamp", "oord", "wijk", "weide", "burg", "donk", "horst", "lust", "mark",
    "kade", "dreef", "zoom", "land", "rode", "gaard", "haven", "stede", "bosch",
];
const PARTS: [&str; 9] = [
    "Centrum", "Noord", "Oost", "Zuid", "West", "Midden", "Buiten", "Park", "Rand",
];

/// The names of one city.
#[derive(Debug)]
pub(super) struct Names {
    /// Places in the list of all pairs of a first and a second part, in random order.
    order: Vec<usize>,
}

impl Names {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Domain::Names.stream(seed, 0);
        let mut all: Vec<(u64, usize)> = (0..FIRST.len() * SECOND.len())
            .map(|i| (random.random(), i))
            .collect();
        all.sort_unstable();
        Self {
            order: all.into_iter().map(|(_, i)| i).collect(),
        }
    }

    /// Name of a neighbourhood by its district and its place in it, both from 0; no two are equal.
    pub(super) fn neighbourhood(&self, district: usize, within: usize) -> String {
        let pair = self.order[district % self.order.len()];
        let (first, second) = (FIRST[pair / SECOND.len()], SECOND[pair % SECOND.len()]);
        let part = PARTS[within % PARTS.len()];
        let again = |round: usize| match round {
            0 => String::new(),
            more => format!(" {}", more + 1),
        };
        format!(
            "{first}{second}{} {part}{}",
            again(district / self.order.len()),
            again(within / PARTS.len())
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique() {
        let names = Names::new(1);
        let all: BTreeSet<String> = (0..900)
            .flat_map(|d| (0..20).map(move |w| (d, w)))
            .map(|(d, w)| names.neighbourhood(d, w))
            .collect();
        assert_eq!(all.len(), 900 * 20);
    }
}
