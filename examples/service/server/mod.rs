//! From a request to an answer.

mod answers;
mod city;
mod failure;
mod jobs;
mod live;
mod tile;

pub(crate) use answers::{Service, routes};
pub(crate) use city::City;
pub(crate) use jobs::Jobs;
pub(crate) use live::Live;
