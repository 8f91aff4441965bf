//! Metadata records, the cluster image with its deltas, and the controller's decisions; pure.
