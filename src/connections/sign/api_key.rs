//! API key: fixed values under the service's own names.

use super::{Misplaced, Placement};
use crate::connections::credential::Secret;
use crate::connections::service::{ApiKeyParam, ParamType};

pub(super) fn place(
    params: &[ApiKeyParam],
    values: &[(String, Secret)],
    param_type: ParamType,
    placement: &mut Placement<'_>,
) -> Result<(), Misplaced> {
    for param in params {
        let Some((_, value)) = values.iter().find(|(key, _)| *key == param.key) else {
            return Err(Misplaced::new(format!("it has no value for `{}`", param.key)).help("connect it again"));
        };
        let value = format!("{}{}", param.prefix, value.expose());
        placement.place(param_type, &param.key, &value)?;
    }
    Ok(())
}
