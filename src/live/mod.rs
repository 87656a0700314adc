//! What happens now? A window of time that slides along, followed incident by incident.
//!
//! [`LiveSettings`] opens a [`LiveWindow`] on areas. Incidents enter and leave one by one or
//! together, and leave by themselves when the clock moves on; each costs microseconds, however many
//! the window holds. A [`LiveView`] is an unchanging picture of the window: counts, density, Gi*
//! classes of cells, and which areas have more than they should. Many threads read the latest
//! picture through a [`LiveReader`] while one writes. A [`LiveSnapshot`] is what is kept between
//! two processes.
//!
//! After any sequence of changes a window is what it would be if it had been filled afresh: counts
//! are whole numbers, and so are the sums of kernels, in units so small that nothing is lost.

mod alarm;
mod kernel_sums;
mod live_moment;
mod live_settings;
mod live_snapshot;
mod live_view;
mod live_window;

pub use live_moment::LiveMoment;
pub use live_settings::LiveSettings;
pub use live_snapshot::LiveSnapshot;
pub use live_view::{LiveReader, LiveView};
pub use live_window::{Arrivals, LiveWindow};
