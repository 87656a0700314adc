//! Along which streets is it dense?

mod joined;
mod lixels;
mod network_density;
mod network_surface;
mod paths;
mod split;
mod street_network;

pub use network_density::NetworkDensity;
pub use network_surface::NetworkSurface;
pub use split::Split;
pub use street_network::{OnStreet, StreetNetwork};

#[cfg(test)]
mod tests;
