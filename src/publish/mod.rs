//! May this be published? Disclosure control between results and the outside world.
//!
//! # What is protected, and against whom
//!
//! Somebody who reads everything that is published, now and earlier, and who knows these rules,
//! should not be able to work out how many reports a few people or addresses made. The attacker adds
//! and subtracts: the total less the other areas, a year less eleven months, all categories less
//! some, a rate times the people. [`Disclosure`] withholds what is small by itself and as much as is
//! needed to keep it uncertain, and proves it:
//!
//! 1. **Primary rules** withhold counts that are small, come from too few addresses, or mostly from one
//!    or two ([`Why`]).
//! 2. **Rounding** at random to a base, keyed so that the same cell is always rounded alike.
//! 3. **The interval audit.** Every published value bounds its count (a 15 to base 5 is 11 to 19); a
//!    withheld one is at least 1, or 0 where zeros are withheld too. Counts add up: areas in larger
//!    areas, categories in totals, periods in periods. The interval of a withheld count is what
//!    whole numbers that fit all of this leave it. Where it is narrower than the minimum count or
//!    the share that [`protection`](Disclosure::protection) asks for, the smallest published count next
//!    to it is withheld as well (**complementary suppression**), and the audit is done again.
//! 4. **The [`Ledger`]** holds all figures of earlier releases. They take part in the audit; where
//!    periods or sets of categories cross, so do the pieces they cut each other into.
//!
//! Intervals follow from bounds alone where relations form a forest, which is exact for whole
//! numbers. Elsewhere two linear programs per count find the ends. Their solutions are whole in
//! two-way tables; where one is not, as can happen in three-way tables, whole numbers are searched
//! for, and a count whose interval cannot be settled counts as exposed.
//!
//! Whatever is derived from counts (rates, intervals, classes, sentences) must come from the
//! published ones. [`Disclosure::surface`] publishes densities as classes, and only where enough
//! incidents and addresses make them.
//!
//! # What is not
//!
//! - Somebody who knows the reports of all but one address in a cell knows that one's from any
//!   published figure. That takes noise with a privacy budget, which would drown counts this small.
//! - Bounds say nothing of how likely the counts between them are. Rounding is at random, but 15 comes
//!   from 15 more often than from 11.
//! - That a count is withheld says that a rule is broken, for it or next to it. The intervals do not
//!   use what can be guessed from how the rules work, such as that a count with nothing small
//!   near it is small itself: the rules say so much in public.
//! - Whatever is published by others, or without the ledger.
//! - Figures of different area divisions are taken as unrelated.
//! - The shapes of areas, their populations and the theme are public.
//!
//! This is arithmetic, not legal advice: whether a table may be published is for the privacy officer.
//!
//! Sources: Hundepool et al., *Statistical Disclosure Control* (2012), doi 10.1002/9781118348239, for
//! rules, complementary suppression and audit; Fellegi (1972), doi 10.1080/01621459.1972.10481199, for
//! intervals; de Jonge & de Wolf (2016), doi 10.1007/978-3-319-45381-1_9, for surfaces.

mod atoms;
mod bounds;
mod disclosure;
mod dives;
mod key;
mod knowledge;
mod ledger;
mod linear;
mod merged;
mod moves;
mod protect;
mod rounding;
mod rules;
mod surface;
mod system;
mod table;

pub use bounds::{HotspotBounds, rate_bounds};
pub use disclosure::Disclosure;
pub use key::CellKey;
pub use ledger::{Ledger, Release};
pub use protect::{Protected, State};
pub use rounding::behind as published_bounds;
pub use rules::Why;
pub use surface::ProtectedSurface;
pub use table::CountTable;

#[cfg(test)]
mod tests;
