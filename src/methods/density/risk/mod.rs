//! Where is one kind of incident frequent among another?

mod map;
mod null;
mod pool;
mod relabelled;
mod relative_risk;
mod risk_surface;
mod smoother;
mod squares;
mod tolerance;

pub use relative_risk::RelativeRisk;
pub use risk_surface::{RiskSurface, Unmapped};
pub use tolerance::Tolerance;

#[cfg(test)]
mod tests;
