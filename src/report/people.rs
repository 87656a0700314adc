//! Of which years the people are whom the rates divide by.

use super::texts::Text;
use super::words::Words;
use crate::analysis::PeopleFrom;

impl Words<'_> {
    /// Of which years the people of these years are, in one sentence; nothing where nobody is known.
    pub(super) fn people_used(&self, of: &[(i16, PeopleFrom)]) -> Option<String> {
        let mut kinds: Vec<(PeopleFrom, Vec<i16>)> = Vec::new();
        for &(year, from) in of {
            // Every year of its own people is alike.
            let is_own = |other: PeopleFrom, its: i16| {
                from == PeopleFrom::Year(year) && other == PeopleFrom::Year(its)
            };
            let same = kinds
                .iter_mut()
                .find(|(other, years)| *other == from || is_own(*other, years[0]));
            match same {
                Some((_, years)) => years.push(year),
                None if from == PeopleFrom::Nowhere => {}
                None => kinds.push((from, vec![year])),
            }
        }
        let list: Vec<String> = kinds
            .into_iter()
            .map(|(from, mut years)| {
                years.sort_unstable();
                let (key, ends) = match from {
                    PeopleFrom::Year(own) if own == years[0] => (Text::PeopleOwn, (own, own)),
                    PeopleFrom::Year(own) => (Text::PeopleOther, (own, own)),
                    PeopleFrom::Between(from, to) => (Text::PeopleLine, (from, to)),
                    PeopleFrom::NoYear | PeopleFrom::Nowhere => (Text::PeopleNoYear, (0, 0)),
                };
                let (from, to) = (ends.0.to_string(), ends.1.to_string());
                self.with(
                    key,
                    &[("from", &from), ("to", &to), ("years", &listed(&years))],
                )
            })
            .collect();
        let values = [("people", &*self.people()), ("list", &*list.join("; "))];
        (!list.is_empty()).then(|| self.with(Text::PeopleUsed, &values))
    }
}

/// Years, those that follow each other as one range, such as `2017, 2019–2022`.
fn listed(years: &[i16]) -> String {
    let runs = years.chunk_by(|a, b| a + 1 == *b);
    let told = runs.map(|run| match *run {
        [first, .., last] if run.len() > 2 => format!("{first}–{last}"),
        _ => run
            .iter()
            .map(i16::to_string)
            .collect::<Vec<_>>()
            .join(", "),
    });
    told.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_that_follow_each_other_are_a_range() {
        assert_eq!(listed(&[2017]), "2017");
        assert_eq!(listed(&[2017, 2018]), "2017, 2018");
        assert_eq!(
            listed(&[2015, 2017, 2018, 2019, 2022]),
            "2015, 2017–2019, 2022"
        );
    }
}
