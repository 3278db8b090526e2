use super::super::testing::evaluate;
use crate::host::{Settings, UserName};

fn user(name: &str, address: &str) -> UserName {
    UserName {
        name: name.to_owned(),
        address: address.to_owned(),
    }
}

#[track_caller]
fn check(settings: &Settings, expected: &[(&str, &str)]) {
    for (variable, text) in expected {
        let (result, settings) = evaluate(variable, None, &[], settings.clone());
        assert_eq!(result.unwrap().to_text(&settings.dates).unwrap(), *text, "{variable}");
    }
}

#[test]
fn the_settings_name_the_users_and_the_application() {
    let settings = Settings {
        login_user: user("Amy", "amy@example.com"),
        admin_user: user("Bob", "bob@example.com"),
        app_name: "orders".to_owned(),
        ..Settings::default()
    };
    check(
        &settings,
        &[
            ("zoho.loginuser", "Amy"),
            ("zoho.loginuser.name", "Amy"),
            ("zoho.loginuserid", "amy@example.com"),
            ("zoho.adminuser", "Bob"),
            ("zoho.adminuserid", "bob@example.com"),
            ("zoho.appname", "orders"),
            ("zoho.appuri", "/Bob/orders/"),
        ],
    );
}

#[test]
fn without_an_administrator_the_login_user_owns_the_application() {
    let settings = Settings {
        login_user: user("Amy", "amy@example.com"),
        ..Settings::default()
    };
    check(
        &settings,
        &[
            ("zoho.adminuser", "Amy"),
            ("zoho.adminuserid", "amy@example.com"),
            ("zoho.appname", "dg"),
            ("zoho.appuri", "/Amy/dg/"),
        ],
    );
}

#[test]
fn a_user_without_an_address_gets_a_local_one() {
    let nameless = Settings::default();
    let (result, settings) = evaluate("zoho.loginuserid", None, &[], nameless);
    let address = result.unwrap().to_text(&settings.dates).unwrap().to_string();
    assert!(address.ends_with("@localhost"), "{address}");
}
