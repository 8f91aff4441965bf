//! Read buffers of one shard, lent to connections only while they have bytes: an idle connection
//! holds none.

use std::cell::RefCell;
use std::rc::Rc;

use bytes::BytesMut;

/// Capacity of a lent buffer: several small pipelined requests arrive in one read.
pub const WINDOW: usize = 64 * 1024;
/// Buffers kept for the next connection that becomes readable; more are freed.
const KEPT: usize = 4;
/// Larger ones are freed: their frames were rare.
const LARGEST_KEPT: usize = 640 * 1024;

/// The pool of one shard; single-threaded by design.
#[derive(Clone, Debug, Default)]
pub struct Buffers {
    free: Rc<RefCell<Vec<BytesMut>>>,
}

impl Buffers {
    /// An empty buffer of at least `window` bytes.
    pub fn take(&self, window: usize) -> BytesMut {
        let mut free = self.free.borrow_mut();
        match free.iter().rposition(|buffer| buffer.capacity() >= window) {
            Some(at) => free.swap_remove(at),
            None => BytesMut::with_capacity(window),
        }
    }

    /// Takes back an empty buffer that was taken for `window` bytes. Its memory may still be shared with
    /// frames in use: it is then freed by the last of them, and not kept here.
    pub fn give_back(&self, mut buffer: BytesMut, window: usize) {
        debug_assert!(buffer.is_empty());
        let mut free = self.free.borrow_mut();
        let whole = buffer.try_reclaim(window) || buffer.try_reclaim(WINDOW);
        if whole && buffer.capacity() <= LARGEST_KEPT {
            // The smallest makes room.
            if free.len() == KEPT
                && let Some(smallest) = (0..KEPT).min_by_key(|at| free[*at].capacity())
            {
                free.swap_remove(smallest);
            }
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
        let mut buffer = buffers.take(WINDOW);
        buffer.extend_from_slice(b"frame");
        let frame = buffer.split().freeze();
        drop(frame);
        let address = buffer.as_ptr() as usize;
        buffers.give_back(buffer, WINDOW);
        let again = buffers.take(WINDOW);
        assert!(again.capacity() >= WINDOW);
        assert!(again.as_ptr() as usize <= address);
    }

    #[test]
    fn a_wide_buffer_comes_back_as_wide_as_it_was() {
        let buffers = Buffers::default();
        let mut buffer = buffers.take(4 * WINDOW);
        buffer.extend_from_slice(&[7; 3 * WINDOW]);
        drop(buffer.split().freeze());
        buffers.give_back(buffer, 4 * WINDOW);
        assert!(buffers.free.borrow()[0].capacity() >= 4 * WINDOW);
    }

    #[test]
    fn a_buffer_still_shared_with_a_frame_is_not_lent() {
        let buffers = Buffers::default();
        let mut buffer = buffers.take(WINDOW);
        buffer.extend_from_slice(b"frame");
        let frame = buffer.split().freeze();
        buffers.give_back(buffer, WINDOW);
        assert!(buffers.free.borrow().is_empty());
        assert_eq!(&frame[..], b"frame");
    }
}
