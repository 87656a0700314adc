//! Is that more than chance?
