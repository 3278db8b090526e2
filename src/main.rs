//! The binary `dg`.

use std::process::ExitCode;

fn main() -> ExitCode {
    dgscript::cli::run(std::env::args_os()).into()
}
