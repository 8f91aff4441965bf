//! Record batches: the format of the log.
