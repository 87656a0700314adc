//! Who is a neighbour of whom.
