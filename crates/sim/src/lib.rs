//! Deterministic simulation of the drivers: virtual clock, network and disk.
