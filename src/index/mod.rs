//! What is near, what is inside.
