//! The tests of `dg` as a whole: the real binary, the embedding API, and the shape of the sources.

mod architecture;
mod builtins;
mod cli;
mod corpus;
mod explain;
mod support;
