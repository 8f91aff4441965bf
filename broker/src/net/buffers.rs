//! Read buffers of one shard, lent to connections only while they have bytes: an idle connection
//! holds none.

use std::cell::RefCell;
use std::rc::Rc;

use bytes::BytesMut;

/// Capacity of a lent buffer: several small pipelined requests arrive in one read.
pub const WINDOW: usize = 64 * 1024;
/// Buffers kept for the next connection that becomes readable; more are freed.
const KEPT: usize = 4;

/// The pool of one shard; single-threaded by design.
#[derive(Clone, Debug, Default)]
pub struct Buffers {
    free: Rc<RefCell<Vec<BytesMut>>>,
}

impl Buffers {
    /// An empty buffer of at least [`WINDOW`] bytes.
    pub fn take(&self) -> BytesMut {
        self.free.borrow_mut().pop().unwrap_or_else(|| BytesMut::with_capacity(WINDOW))
    }

    /// Takes back an empty buffer. Its memory may still be shared with frames in use: it is then
    /// freed by the last of them, and not kept here.
    pub fn give_back(&self, mut buffer: BytesMut) {
        debug_assert!(buffer.is_empty());
        let mut free = self.free.borrow_mut();
        if free.len() < KEPT && buffer.try_reclaim(WINDOW) && buffer.capacity() <= 2 * WINDOW {
            free.push(buffer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_whose_frames_are_gone_is_lent_again() {
        let buffers = Buffers::default();
        let mut buffer = buffers.take();
        buffer.extend_from_slice(b"frame");
        let frame = buffer.split().freeze();
        drop(frame);
        let address = buffer.as_ptr() as usize;
        buffers.give_back(buffer);
        let again = buffers.take();
        assert!(again.capacity() >= WINDOW);
        assert!(again.as_ptr() as usize <= address);
    }

    #[test]
    fn a_buffer_still_shared_with_a_frame_is_not_lent() {
        let buffers = Buffers::default();
        let mut buffer = buffers.take();
        buffer.extend_from_slice(b"frame");
        let frame = buffer.split().freeze();
        buffers.give_back(buffer);
        assert!(buffers.free.borrow().is_empty());
        assert_eq!(&frame[..], b"frame");
    }
}
