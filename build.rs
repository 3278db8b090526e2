//! Turns `grammar/deluge.lalrpop` into the tables of two parsers, one without the rules for errors and one with them.
//! Nothing else happens at build time.

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::var("OUT_DIR")?;
    println!("cargo::rerun-if-changed=grammar/deluge.lalrpop");
    for (folder, features) in [("plain", &[][..]), ("mending", &["mending".to_owned()])] {
        lalrpop::Configuration::new()
            .set_features(features.iter().cloned())
            .set_in_dir("grammar")
            .set_out_dir(Path::new(&out).join(folder))
            .process()?;
    }
    Ok(())
}
