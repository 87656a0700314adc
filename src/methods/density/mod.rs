//! Where is it dense?
//!
//! [`KernelDensity`] spreads every incident over its surroundings and adds up, exactly, on a
//! raster or at given points. Polynomial kernels are summed by a sweep along each raster row
//! whose cost does not depend on the bandwidth; small bandwidths, and kernels that are no
//! polynomials, are summed cell by cell.

mod estimate;
mod gaussian;
mod kernel;
mod prepared;
mod scatter;
mod surface;
mod sweep;

pub use estimate::KernelDensity;
pub use kernel::Kernel;
pub use surface::Surface;
