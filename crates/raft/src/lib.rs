//! KRaft's quorum as a pure state machine: roles, votes, high watermark, voter changes.
