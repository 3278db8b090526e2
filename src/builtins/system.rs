//! Variables that tell who runs a script and where: users, application, device, environment.

use super::{Builtin, Call, example};
use crate::host::{Evaluated, UserName};
use crate::value::{Kind, Value};

/// The table of this family. On a person's own machine the owner of the application is the login user, unless the
/// settings name another.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::variable("zoho.loginuser", login_user)
        .returns(Kind::Text)
        .doc("The name of the user who runs the script.")
        .examples(&[example("zoho.loginuser == zoho.loginuser.name", "true")])
        .source("creator/newhelp/script/deluge-system-variables.html"),
    Builtin::variable("zoho.loginuser.name", login_user)
        .returns(Kind::Text)
        .doc("The full name of the user who runs the script.")
        .examples(&[example("zoho.loginuser.name.isEmpty()", "false")])
        .source("deluge/help/zoho-variables.html"),
    Builtin::variable("zoho.loginuserid", login_user_id)
        .returns(Kind::Text)
        .doc("The e-mail address of the user who runs the script.")
        .examples(&[example("zoho.loginuserid.contains(\"@\")", "true")])
        .source("creator/newhelp/script/deluge-system-variables.html"),
    Builtin::variable("zoho.adminuser", admin_user)
        .returns(Kind::Text)
        .doc("The name of the owner of the application.")
        .examples(&[example("zoho.adminuser.isEmpty()", "false")])
        .source("deluge/help/zoho-variables.html"),
    Builtin::variable("zoho.adminuserid", admin_user_id)
        .returns(Kind::Text)
        .doc("The e-mail address of the owner of the application.")
        .examples(&[example("zoho.adminuserid.contains(\"@\")", "true")])
        .source("developer/help/scripting/expressions.html"),
    Builtin::variable("zoho.appname", app_name)
        .returns(Kind::Text)
        .doc("The link name of the application.")
        .examples(&[example("zoho.appname.isNull()", "false")])
        .source("deluge/help/zoho-variables.html"),
    Builtin::variable("zoho.appuri", app_uri)
        .returns(Kind::Text)
        .doc("The path of the application: its owner and its link name between slashes.")
        .examples(&[example("zoho.appuri.endsWith(\"/\" + zoho.appname + \"/\")", "true")])
        .source("deluge/help/zoho-variables.html"),
    Builtin::variable("zoho.ipaddress", ip_address)
        .returns(Kind::Text)
        .doc("The address of the user's machine; here it is the one that runs the script.")
        .examples(&[example("zoho.ipaddress", "127.0.0.1")])
        .source("deluge/help/zoho-variables.html"),
    Builtin::variable("zoho.device.type", device_type)
        .returns(Kind::Text)
        .doc("What the user sits at: web, phone or tablet. `web` where nobody can tell.")
        .examples(&[example("zoho.device.type", "web")])
        .source("deluge/help/zoho-variables.html"),
    Builtin::variable("thisapp.environment.type", environment)
        .returns(Kind::Text)
        .doc("The environment that the application runs in; here it is `development`.")
        .examples(&[example("thisapp.environment.type", "development")])
        .source("deluge/help/environment-attributes.html"),
    Builtin::variable("thisapp.environment.linkname", environment)
        .returns(Kind::Text)
        .doc("The link name of the environment; here it is `development`.")
        .examples(&[example("thisapp.environment.linkname", "development")])
        .source("deluge/help/environment-attributes.html"),
];

/// What a user without a name is called, as Zoho calls visitors.
const NOBODY: &str = "Public";

/// What the application is called where the settings do not say.
const APPLICATION: &str = "dg";

/// The name of the login user: as the settings tell it, else his id.
fn user_name<'c>(call: &'c Call<'_, '_>) -> &'c str {
    let user = call.context.user.as_str();
    let known = known_user(call).map_or("", |known| &known.name);
    let names = [known, user, NOBODY];
    names.into_iter().find(|name| !name.is_empty()).unwrap_or(NOBODY)
}

/// The address of the login user; without one in the settings, his id where it is one, else a local one.
fn user_address(call: &Call<'_, '_>) -> String {
    let user = call.context.user.as_str();
    let known = known_user(call).map_or("", |known| &known.address);
    match (known.is_empty(), user.contains('@')) {
        (false, _) => known.to_owned(),
        (true, true) => user.to_owned(),
        (true, false) => format!("{}@localhost", if user.is_empty() { "public" } else { user }),
    }
}

/// What the settings say of the login user; nothing of one on whose behalf this run alone is.
fn known_user<'c>(call: &'c Call<'_, '_>) -> Option<&'c UserName> {
    let context = &call.context;
    (*context.user == context.host.user).then_some(&context.settings.login_user)
}

fn admin<'c>(call: &'c Call<'_, '_>) -> &'c UserName {
    &call.context.settings.admin_user
}

fn admin_name<'c>(call: &'c Call<'_, '_>) -> &'c str {
    match admin(call).name.as_str() {
        "" => user_name(call),
        name => name,
    }
}

fn application<'c>(call: &'c Call<'_, '_>) -> &'c str {
    match call.context.settings.app_name.as_str() {
        "" => APPLICATION,
        name => name,
    }
}

fn login_user(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::text(user_name(call)))
}

fn login_user_id(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::from_string(user_address(call)))
}

fn admin_user(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::text(admin_name(call)))
}

fn admin_user_id(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(match admin(call).address.as_str() {
        "" => Value::from_string(user_address(call)),
        address => Value::text(address),
    })
}

fn app_name(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::text(application(call)))
}

fn app_uri(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::from_string(format!(
        "/{}/{}/",
        admin_name(call),
        application(call)
    )))
}

fn ip_address(_call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::text("127.0.0.1"))
}

fn device_type(_call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::text("web"))
}

fn environment(_call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::text("development"))
}

#[cfg(test)]
mod tests;
