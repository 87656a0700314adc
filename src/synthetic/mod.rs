//! A seeded city with planted hotspots.
