//! One partition's leader and follower logic as a pure state machine: ISR, high watermark, truncation.
