//! Turns `grammar/deluge.lalrpop` into the tables of two parsers, one without the rules for errors and one with them, and
//! tells the linker how to lay out `dg` so that it starts quickly.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = env::var("OUT_DIR")?;
    println!("cargo::rerun-if-changed=grammar/deluge.lalrpop");
    for (folder, features) in [("plain", &[][..]), ("mending", &["mending".to_owned()])] {
        lalrpop::Configuration::new()
            .set_features(features.iter().cloned())
            .set_in_dir("grammar")
            .set_out_dir(Path::new(&out).join(folder))
            .process()?;
    }
    println!("cargo::rerun-if-changed=src/layout.ld");
    println!("cargo::rerun-if-env-changed={PLAIN}");
    let layout = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("src/layout.ld");
    if has_usual_linker() && takes(&layout, Path::new(&out)) {
        lay_out(&layout);
    }
    Ok(())
}

/// Where this variable is set, the binary is linked as Rust links any other: at no fixed address.
const PLAIN: &str = "DG_PLAIN_LINK";

/// Whether the binary is linked with what Rust takes on Linux by itself, dynamically. Who chose otherwise knows why.
fn has_usual_linker() -> bool {
    let variable = |name| env::var(name).unwrap_or_default();
    let flags = variable("CARGO_ENCODED_RUSTFLAGS");
    variable("CARGO_CFG_TARGET_OS") == "linux"
        && variable("CARGO_CFG_TARGET_ENV") == "gnu"
        && !variable("CARGO_CFG_TARGET_FEATURE").contains("crt-static")
        && variable("HOST") == variable("TARGET")
        && variable("RUSTC_LINKER").is_empty()
        && variable(PLAIN).is_empty()
        && !["link", "relocation-model", "sanitizer"]
            .iter()
            .any(|chosen| flags.contains(chosen))
}

/// Whether the linker of this machine takes the layout: not every one reads such scripts.
fn takes(layout: &Path, folder: &Path) -> bool {
    let (source, tried) = (folder.join("tried.c"), folder.join("tried"));
    let linked = || {
        fs::write(&source, "int main(void) { return 0; }").ok()?;
        let mut compiler = Command::new("cc");
        compiler
            .arg(&source)
            .arg("-o")
            .arg(&tried)
            .arg("-no-pie")
            .arg("-T")
            .arg(layout);
        compiler.output().ok()
    };
    linked().is_some_and(|linked| linked.status.success())
}

fn lay_out(layout: &Path) {
    // At a fixed address nothing has to be relocated before `main`: 34,000 addresses on 150 pages.
    println!("cargo::rustc-link-arg-bins=-no-pie");
    println!("cargo::rustc-link-arg-bins=-T{}", layout.display());
    if has_unwinder() {
        // The unwinder as part of the binary is one library less to find and to load.
        println!("cargo::rustc-link-arg-bins=-Wl,--push-state,--whole-archive,-lgcc_eh,--pop-state");
    }
}

/// Whether the compiler that links has the unwinder as an archive: it prints the path of what it finds, else the bare name.
fn has_unwinder() -> bool {
    let found = Command::new("cc").arg("-print-file-name=libgcc_eh.a").output();
    found.is_ok_and(|found| Path::new(String::from_utf8_lossy(&found.stdout).trim()).is_absolute())
}
