//! The nouns: valid by construction, columns in input order.

mod area;
mod category;
mod counts;
mod crs;
mod detected;
mod edge;
mod exposure;
mod grid;
mod incidents;
mod neighbourhoods;
mod period;
mod projection;
mod rejected;
mod text;
mod theme;
mod times;
mod validity;
mod warning;

pub use area::Bounds;
pub use category::Categories;
pub use counts::Counts;
pub use crs::Crs;
pub use detected::Detected;
pub(crate) use edge::{RisingEdge, rings, rising_edges};
pub use exposure::Exposure;
pub use grid::Grid;
pub(crate) use incidents::most_on_one_location;
pub use incidents::{Incidents, IncidentsBuilder};
pub use neighbourhoods::Neighbourhoods;
pub use period::{Period, Step};
pub use projection::Projection;
pub use rejected::{RejectReason, Rejected, Rejections};
pub use text::TextColumn;
pub use theme::Theme;
pub use times::{TimeFlag, Times, Zone};
pub use warning::{Warning, WarningCode};
