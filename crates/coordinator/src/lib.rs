//! Groups and transactions as record state machines; pure.
