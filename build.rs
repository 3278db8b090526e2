//! Turns `grammar/deluge.lalrpop` into the parser's tables, and tells the linker how `dg` is laid out.

use std::env;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = env::var("OUT_DIR")?;
    println!("cargo::rerun-if-changed=grammar/deluge.lalrpop");
    lalrpop::Configuration::new()
        .set_in_dir("grammar")
        .set_out_dir(out)
        .process()?;
    if has_usual_linker() {
        // At a fixed address nothing has to be relocated before `main`: 34,000 addresses on 150 pages.
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
    Ok(())
}

/// Whether the binary is linked with what Rust takes on Linux by itself, dynamically. Who chose otherwise knows why.
fn has_usual_linker() -> bool {
    let variable = |name| env::var(name).unwrap_or_default();
    let chosen = variable("RUSTC_LINKER") + &variable("CARGO_ENCODED_RUSTFLAGS");
    variable("CARGO_CFG_TARGET_OS") == "linux"
        && variable("CARGO_CFG_TARGET_ENV") == "gnu"
        && !variable("CARGO_CFG_TARGET_FEATURE").contains("crt-static")
        && !chosen.contains("link")
}
