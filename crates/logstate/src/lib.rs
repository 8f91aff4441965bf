//! Pure structures derived from a log: leader-epoch history, producer state, aborted transactions.
