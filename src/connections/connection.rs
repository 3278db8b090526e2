//! A connection: a named use of a service, owned by somebody.

use crate::host::{LinkName, UserId};

/// What a script names in `connection:`. The link name never changes; the display name may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The name that scripts use.
    pub link_name: LinkName,
    /// The display name, 50 characters at most.
    pub name: String,
    /// The link name of the service.
    pub service: LinkName,
    /// The scopes it was made with.
    pub scopes: Vec<String>,
    /// Who made it; whose grant serves everybody unless `per_user`.
    pub owner: UserId,
    /// "Use credentials of login user": every user needs a grant of his own.
    pub per_user: bool,
    /// What stands for the placeholders of its service.
    pub values: Vec<(String, String)>,
}

impl Connection {
    /// Whose grant a run of this user needs (DECISIONS: 29). `user_access` is what the task says: true asks for the
    /// user's own grant, false never widens access to the owner's.
    pub fn grantee<'a>(&'a self, login: &'a UserId, user_access: Option<bool>) -> &'a UserId {
        if self.per_user || user_access == Some(true) {
            login
        } else {
            &self.owner
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_toggle_decides_and_useraccess_only_narrows() {
        let (owner, login) = (UserId::new("ada"), UserId::new("ben"));
        let grantee = |per_user, user_access| {
            let link = LinkName::new("crm").unwrap();
            let connection = Connection {
                link_name: link.clone(),
                name: String::new(),
                service: link,
                scopes: Vec::new(),
                owner: owner.clone(),
                per_user,
                values: Vec::new(),
            };
            connection.grantee(&login, user_access).clone()
        };
        for (per_user, user_access, whose) in [
            (false, None, &owner),
            (false, Some(false), &owner),
            (false, Some(true), &login),
            (true, None, &login),
            (true, Some(true), &login),
            (true, Some(false), &login),
        ] {
            assert_eq!(&grantee(per_user, user_access), whose, "{per_user} {user_access:?}");
        }
    }
}
