//! Disclosure control: what may leave the house without exposing anybody.
mod atoms;
mod disclosure;
mod key;
mod knowledge;
mod ledger;
mod linear;
mod protect;
mod rounding;
mod rules;
mod system;
mod table;

pub use disclosure::Disclosure;
pub use key::CellKey;
pub use ledger::{Ledger, Release};
pub use protect::{Protected, State};
pub use rules::Why;
pub use table::CountTable;

#[cfg(test)]
mod tests;
