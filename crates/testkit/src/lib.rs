//! Load generator, bare loop, fault proxy and history checker for tests and benchmarks.
