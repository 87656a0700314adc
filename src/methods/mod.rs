//! One folder, one question.

pub mod clusters;
pub mod concentration;
pub mod density;
pub mod effect;
pub mod emerging;
pub mod forecast;
pub mod local;
pub mod near_repeat;
pub mod pattern;
pub mod profile;
pub mod proximity;
pub mod rates;
pub mod scan;
pub mod stability;
