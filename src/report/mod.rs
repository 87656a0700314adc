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
mod table;
mod texts;
mod words;

pub use page::{html, write_html};

#[cfg(test)]
mod tests;
