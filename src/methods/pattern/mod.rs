//! Clustered at what scale?
//!
//! [`Ripley`] counts how many others an incident has within a distance (K and L), and
//! [`PairCorrelation`] how many at a distance (g); [`Spacing`] tells how far the next one is from an
//! incident and from anywhere (G, F and J). All are corrected for the border of the study area,
//! whatever its shape, and compared with simulated patterns: thrown at random, of an uneven
//! intensity, or with the labels dealt anew.

mod arc_cosine;
mod between;
mod bins;
mod cells;
mod correction;
mod counting;
mod envelope;
mod intensity;
mod null;
mod options;
mod overlap;
mod pair_correlation;
mod pairs;
mod places;
mod ripley;
mod spacing;
mod studied;
mod window;

#[cfg(test)]
mod tests;

pub use correction::EdgeCorrection;
pub use envelope::Envelope;
pub use intensity::Intensity;
pub use pair_correlation::{PairCorrelation, PairCorrelationResult};
pub use ripley::{Ripley, RipleyResult};
pub use spacing::{Spacing, SpacingCorrection, SpacingResult};
