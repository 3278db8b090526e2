//! What the clock shows, and instants as numbers.

use super::super::conversion::{beyond_the_calendar, zone_arg};
use super::super::{Builtin, Call, example, optional};
use super::date_of;
use crate::diagnostic::Code;
use crate::host::Evaluated;
use crate::value::{Kind, Moment, Value, date_text};

/// The table of this family.
pub(in crate::builtins) const TABLE: &[Builtin] = &[
    Builtin::variable("zoho.currentdate", today)
        .aliases(&["today"])
        .returns(Kind::Date)
        .doc("The date of today.")
        .examples(&[
            example("zoho.currentdate.toString(\"HH:mm:ss\")", "00:00:00"),
            example("today == zoho.currentdate", "true"),
        ])
        .source("creator/newhelp/script/deluge-system-variables.html"),
    Builtin::variable("zoho.currenttime", now)
        .aliases(&["now"])
        .returns(Kind::DateTime)
        .doc("The date and time of now.")
        .examples(&[example("zoho.currenttime >= zoho.currentdate", "true")])
        .source("creator/newhelp/script/deluge-system-variables.html"),
    Builtin::method(&[Kind::Text], "unixEpoch", unix_epoch)
        .params(&[optional("timeZone", Kind::Text)])
        .doc(
            "The milliseconds from 1970-01-01 00:00:00 GMT to the date that the text spells, which is meant in the time \
zone. Text that is no date stays as it is.",
        )
        .examples(&[
            example("\"01-Jan-1970 00:00:01\".unixEpoch(\"GMT\")", "1000"),
            example("\"01-Jan-1970 05:30:00\".unixEpoch(\"Asia/Kolkata\")", "0"),
        ])
        .source("deluge/help/functions/datetime/unix-epoch.html"),
];

fn here(call: &Call<'_, '_>) -> Evaluated<Moment> {
    let millis = call.context.host.clock.now_millis();
    Moment::from_millis(millis, &call.context.dates().zone).ok_or_else(beyond_the_calendar)
}

fn today(call: &mut Call<'_, '_>) -> Evaluated {
    date_of(call, here(call)?.day())
}

fn now(call: &mut Call<'_, '_>) -> Evaluated {
    here(call).map(Value::DateTime)
}

fn unix_epoch(call: &mut Call<'_, '_>) -> Evaluated {
    let Some(text) = call.receiver.as_text() else {
        let message = format!("`unixEpoch` is called on TEXT, not on {}", call.receiver.kind().name());
        return Err(call
            .fail(Code::WrongKind, message)
            .help("`toLong()` gives the milliseconds of a date"));
    };
    let dates = call.context.dates();
    let meant = zone_arg(call, 0)?;
    let read = date_text::read_in(text, dates, meant.as_ref().unwrap_or(&dates.zone));
    Ok(match read {
        Ok(reading) => Value::Number(reading.moment.millis()),
        Err(_) => call.receiver.clone(),
    })
}
