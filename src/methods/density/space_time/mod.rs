//! Where and when is it dense?

mod rhythm;
mod space_time_density;
mod space_time_surface;
mod timed;
mod when;

pub use space_time_density::SpaceTimeDensity;
pub use space_time_surface::SpaceTimeSurface;

#[cfg(test)]
mod tests;
