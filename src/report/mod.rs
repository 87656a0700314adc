//! Results for people.
//!
//! [`terminal_table`] for the command line, [`summary`] for notebooks and mails, [`html`] for
//! everyone: one self-contained page with an interactive map, and [`columns`] for programs.
//! [`write_all`] puts them in a folder.
//!
//! Every text from outside is treated as hostile: it cannot steer a terminal, break out of a
//! table, or run in the page.

mod base64;
mod chart;
mod clean;
mod clusters;
mod columns;
mod districts;
mod files;
mod findings;
mod funnel;
mod history;
mod marks;
mod nature;
mod nature_by_area;
mod numbers;
mod page;
mod palette;
mod people;
mod raster;
mod repeats;
mod shapes;
mod since;
mod steady;
mod summary;
mod table;
mod target;
mod terminal;
mod texts;
mod withheld;
mod words;
mod years;

pub use columns::columns;
pub use files::write_all;
pub use page::{html, write_html};
pub use summary::summary;
pub use terminal::terminal_table;

#[cfg(test)]
mod tests;
