#![allow(clippy::unwrap_used)]
use std::io::Read as _;

use super::*;

fn decompress(codec: Codec, bytes: &[u8]) -> Result<Vec<u8>, std::io::Error> {
    let mut out = Vec::new();
    Decompressor::new(codec, bytes, Limits::NONE)?.read_to_end(&mut out)?;
    Ok(out)
}

fn bodies() -> Vec<Vec<u8>> {
    let text = b"the quick brown fox jumps over the lazy dog; ".repeat(9000);
    let mut state = 7u64;
    let noise: Vec<u8> = (0..200_000)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        })
        .collect();
    vec![vec![], vec![1], text[..100].to_vec(), text.clone(), noise, vec![0; 1_000_000]]
}

#[test]
fn what_is_compressed_is_read_back_at_every_codec() {
    for codec in Codec::ALL {
        for body in bodies() {
            let mut out = vec![9];
            compress(codec.into(), &body, &mut out);
            assert_eq!(out[0], 9, "compressed bytes are appended");
            assert_eq!(decompress(codec, &out[1..]).unwrap(), body, "{codec}");
        }
    }
}
