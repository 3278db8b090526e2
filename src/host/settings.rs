//! What a run takes for granted: dialect, dates, who is who.

use crate::syntax::Profile;
use crate::value::DateSettings;

/// The settings of a run.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Which dialect.
    pub profile: Profile,
    /// Zone and formats of dates.
    pub dates: DateSettings,
    /// The login user, as `zoho.loginuser` and `zoho.loginuserid` tell.
    pub login_user: UserName,
    /// The administrator, as `zoho.adminuser` and `zoho.adminuserid` tell.
    pub admin_user: UserName,
    /// The name behind `zoho.appname`.
    pub app_name: String,
    /// The domain ending of the data centre that `invokeapi` reaches: `eu`, `in`, `com.au`; empty for `com`.
    pub zoho_domain: String,
    /// Whether scripts are compiled to report each statement to the log. Without it a run spends nothing on that.
    pub trace: bool,
}

/// A user as scripts see one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserName {
    /// The display name.
    pub name: String,
    /// The e-mail address.
    pub address: String,
}
