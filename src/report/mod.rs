//! Results for people.
//!
//! A ranked table for the terminal, a summary in Markdown, and one self-contained HTML page with
//! an interactive map.

mod base64;
mod chart;
mod clean;
mod findings;
mod numbers;
mod page;
mod palette;
mod raster;
mod shapes;
mod summary;
mod table;
mod terminal;
mod texts;
mod words;

pub use page::{html, write_html};
pub use summary::summary;
pub use terminal::terminal_table;

#[cfg(test)]
mod tests;
