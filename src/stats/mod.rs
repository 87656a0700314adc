//! Arithmetic without geography.
