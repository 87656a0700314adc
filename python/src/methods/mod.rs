//! The questions.

pub(crate) mod association;
pub(crate) mod concentration;
pub(crate) mod contours;
pub(crate) mod density;
pub(crate) mod effect;
pub(crate) mod emerging;
pub(crate) mod local;
pub(crate) mod network;
pub(crate) mod profile;
pub(crate) mod proximity;
pub(crate) mod rates;
pub(crate) mod risk;
pub(crate) mod scan;
pub(crate) mod space_time;
pub(crate) mod surface;
