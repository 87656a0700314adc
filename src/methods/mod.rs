//! One folder, one question.

pub mod density;
pub mod local;
pub mod rates;
