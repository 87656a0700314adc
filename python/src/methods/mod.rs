//! The questions.

pub(crate) mod local;
pub(crate) mod rates;
