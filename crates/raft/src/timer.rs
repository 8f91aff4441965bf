//! Seeded jitter for elections and bootstrap choice.
