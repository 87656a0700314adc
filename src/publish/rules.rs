//! Which counts expose somebody by themselves.

use super::disclosure::Disclosure;
use super::table::CountTable;
use crate::error::{Error, Result};

/// Why a count is withheld. For the analyst only: that a count is withheld may be known, but whether
/// it is small itself or stands in for a small one may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Why {
    /// The count is below the minimum.
    Few,
    /// Too few addresses reported.
    FewAddresses,
    /// Few addresses make up nearly all of it.
    Dominance,
    /// One address can estimate another.
    PPercent,
    /// Few people live there.
    FewPeople,
    /// It is all of its total.
    Group,
    /// Another withheld count could be worked out from it.
    Complement,
}

impl Why {
    /// Its name in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Few => "few",
            Self::FewAddresses => "few_addresses",
            Self::Dominance => "dominance",
            Self::PPercent => "p_percent",
            Self::FewPeople => "few_people",
            Self::Group => "group",
            Self::Complement => "complement",
        }
    }
}

/// The first rule that each count breaks.
pub(super) fn broken(rules: &Disclosure, table: &CountTable) -> Result<Vec<Option<Why>>> {
    let mut out = Vec::with_capacity(table.len());
    for cell in 0..table.len() {
        out.push(if table.is_kept_back(cell) {
            None
        } else {
            of_cell(rules, table, cell)?
        });
    }
    if rules.withhold_groups {
        for cell in groups(table) {
            out[cell].get_or_insert(Why::Group);
        }
    }
    Ok(out)
}

/// Positive cells that are all of a total of several.
pub(super) fn groups(table: &CountTable) -> Vec<usize> {
    let counts = table.counts();
    let mut out: Vec<usize> = table
        .relations()
        .iter()
        .filter(|r| r.parts.len() > 1 && counts[r.total] > 0)
        .flat_map(|r| r.parts.iter().filter(|&&p| counts[p] == counts[r.total]))
        .copied()
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

fn of_cell(rules: &Disclosure, table: &CountTable, cell: usize) -> Result<Option<Why>> {
    let count = table.counts()[cell];
    if count == 0 {
        return Ok(rules.withhold_zeros.then_some(Why::Few));
    }
    if count < rules.minimum_count {
        return Ok(Some(Why::Few));
    }
    match table.by_address(cell) {
        Some(by_address) => {
            if let Some(why) = of_addresses(rules, count, by_address) {
                return Ok(Some(why));
            }
        }
        // Without addresses dominance cannot be judged, which the documentation says; a minimum of
        // addresses was asked for.
        None if rules.minimum_addresses > 0 => {
            return Err(Error::disclosure(format!(
                "`{}` wants at least {} addresses in a cell, but the counts come without \
                 addresses; publish from reports instead of counts, or choose another preset \
                 such as cbs5",
                rules.name, rules.minimum_addresses
            )));
        }
        None => {}
    }
    let people = table.people(cell);
    Ok((people > 0.0 && people < rules.minimum_population).then_some(Why::FewPeople))
}

impl Disclosure {
    /// Whether incidents of so many from each address hide each other, as at a place of a map.
    #[must_use]
    pub fn hides(&self, mut by_address: Vec<i64>) -> bool {
        by_address.sort_unstable_by(|a, b| b.cmp(a));
        let count = by_address.iter().sum();
        count >= self.minimum_count && of_addresses(self, count, &by_address).is_none()
    }
}

/// Rules on contributions from the greatest to the least.
fn of_addresses(rules: &Disclosure, count: i64, by_address: &[i64]) -> Option<Why> {
    if by_address.len() < rules.minimum_addresses {
        return Some(Why::FewAddresses);
    }
    if let Some((n, k)) = rules.dominance {
        let greatest: i64 = by_address.iter().take(n).sum();
        if greatest as f64 > k * count as f64 {
            return Some(Why::Dominance);
        }
    }
    let p = rules.p_percent?;
    let at = |i: usize| by_address.get(i).copied().unwrap_or(0);
    let rest = (count - at(0) - at(1)) as f64;
    (rest < p * at(0) as f64).then_some(Why::PPercent)
}
