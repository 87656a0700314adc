//! How much for its people?
