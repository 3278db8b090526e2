//! Randomness.

/// Gives random bytes.
pub trait Random: Send + Sync {
    /// Fills a buffer with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}
