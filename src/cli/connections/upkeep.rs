//! Upkeep of the store: `dg connections doctor` and `rekey`.

use super::Desk;
use crate::cli::exit::{Exit, Stop};
use crate::cli::sources::read_text;
use crate::cli::table;
use crate::connections::{Home, Secret};

/// Tells what is wrong, each with its cure.
pub(super) fn doctor(home: &Home, desk: &Desk<'_>) -> Result<Exit, Stop> {
    let findings = desk.connections.examine(home, &desk.user);
    let mut rows: Vec<(&str, String)> = Vec::new();
    for finding in &findings {
        let mark = if finding.cure.is_some() { "! " } else { "" };
        rows.push((finding.name, format!("{mark}{}", finding.text)));
        if let Some(cure) = finding.cure.as_ref().filter(|cure| !cure.is_empty()) {
            rows.push(("", format!("  {cure}")));
        }
    }
    table::values(desk.out, &rows);
    let is_well = findings.iter().all(|finding| finding.cure.is_none());
    Ok(if is_well { Exit::Done } else { Exit::Connection })
}

/// Seals the store with another key.
pub(super) fn rekey(new_key: Option<&str>, desk: &Desk<'_>) -> Result<Exit, Stop> {
    let key = new_key.map(read_text).transpose()?.map(Secret::new);
    let changed = desk.connections.rekey(key.as_ref())?;
    let plural = if changed == 1 { "" } else { "s" };
    desk.out
        .line(&format!("sealed {changed} record{plural} with the new key"));
    if key.is_some() {
        desk.out
            .talk("from now on `DG_KEY`, or what `DG_KEY_COMMAND` prints, has to be the new key");
    }
    Ok(Exit::Done)
}
