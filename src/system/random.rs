//! The system's randomness.

use std::hash::{BuildHasher, RandomState};

use crate::host::Random;

/// Gives random bytes of the system.
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) {
        if getrandom::fill(buffer).is_ok() {
            return;
        }
        // A system that refuses its random bytes after start-up still gave some when the process began: the keys of the
        // standard library's hash maps. They serve what scripts use randomness for; no key is ever made from here.
        for (index, chunk) in buffer.chunks_mut(8).enumerate() {
            let bytes = RandomState::new().hash_one(index).to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_fillings_differ() {
        let (mut one, mut other) = ([0; 32], [0; 32]);
        SystemRandom.fill(&mut one);
        SystemRandom.fill(&mut other);
        assert_ne!(one, other);
    }
}
