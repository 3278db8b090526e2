//! OAuth 2: the access token in a header behind its prefix, or as `access_token` in query or form (RFC 6750 section 2;
//! the founding page names all three places).

use super::{Misplaced, Placement};
use crate::connections::credential::Secret;
use crate::connections::service::{OAuth2Endpoints, ParamType};

pub(super) fn place(
    endpoints: &OAuth2Endpoints,
    access: &Secret,
    param_type: ParamType,
    placement: &mut Placement<'_>,
) -> Result<(), Misplaced> {
    match param_type {
        ParamType::Header => {
            let prefix = endpoints.header_prefix.trim();
            let blank = if prefix.is_empty() { "" } else { " " };
            placement.header(&endpoints.header_name, &format!("{prefix}{blank}{}", access.expose()))
        }
        ParamType::Query | ParamType::Form => placement.place(param_type, "access_token", access.expose()),
    }
}
