//! Along which streets is it dense?

mod joined;
mod lixels;
mod network_density;
mod network_surface;
mod paths;
mod street_network;

pub use network_density::{NetworkDensity, Split};
pub use network_surface::NetworkSurface;
pub use street_network::{OnStreet, StreetNetwork};

#[cfg(test)]
mod tests;
