//! Where is it dense?

mod kernel;
mod surface;

pub use kernel::Kernel;
pub use surface::Surface;
