//! Time zones by the names scripts give them: those of the TZ database, offsets, and Java's old three-letter ids.

use std::cell::RefCell;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// Java's three-letter ids that the TZ database lacks or means otherwise.
const SHORT_IDS: [(&str, &str); 25] = [
    ("ACT", "Australia/Darwin"),
    ("AET", "Australia/Sydney"),
    ("AGT", "America/Argentina/Buenos_Aires"),
    ("ART", "Africa/Cairo"),
    ("AST", "America/Anchorage"),
    ("BET", "America/Sao_Paulo"),
    ("BST", "Asia/Dhaka"),
    ("CAT", "Africa/Harare"),
    ("CNT", "America/St_Johns"),
    ("CST", "America/Chicago"),
    ("CTT", "Asia/Shanghai"),
    ("EAT", "Africa/Addis_Ababa"),
    ("ECT", "Europe/Paris"),
    ("EDT", "America/New_York"),
    ("IET", "America/Indiana/Indianapolis"),
    ("IST", "Asia/Kolkata"),
    ("JST", "Asia/Tokyo"),
    ("MIT", "Pacific/Apia"),
    ("NET", "Asia/Yerevan"),
    ("NST", "Pacific/Auckland"),
    ("PDT", "America/Los_Angeles"),
    ("PLT", "Asia/Karachi"),
    ("PNT", "America/Phoenix"),
    ("PST", "America/Los_Angeles"),
    ("VST", "Asia/Ho_Chi_Minh"),
];

/// The long names of zones, by abbreviation. Others have no long name in the TZ database.
const LONG_NAMES: [(&str, &str); 22] = [
    ("UTC", "Coordinated Universal Time"),
    ("GMT", "Greenwich Mean Time"),
    ("BST", "British Summer Time"),
    ("IST", "India Standard Time"),
    ("PST", "Pacific Standard Time"),
    ("PDT", "Pacific Daylight Time"),
    ("MST", "Mountain Standard Time"),
    ("MDT", "Mountain Daylight Time"),
    ("CST", "Central Standard Time"),
    ("CDT", "Central Daylight Time"),
    ("EST", "Eastern Standard Time"),
    ("EDT", "Eastern Daylight Time"),
    ("WET", "Western European Time"),
    ("WEST", "Western European Summer Time"),
    ("CET", "Central European Time"),
    ("CEST", "Central European Summer Time"),
    ("EET", "Eastern European Time"),
    ("EEST", "Eastern European Summer Time"),
    ("JST", "Japan Standard Time"),
    ("AEST", "Australian Eastern Standard Time"),
    ("AEDT", "Australian Eastern Daylight Time"),
    ("NZST", "New Zealand Standard Time"),
];

/// How many names a thread remembers.
const REMEMBERED: usize = 16;

/// The zone of a name: `Asia/Kolkata`, `GMT+5:30`, `+05:30`, `PST`; letter case does not count.
pub fn find(name: &str) -> Option<TimeZone> {
    thread_local! {
        static KNOWN: RefCell<Vec<(String, Option<TimeZone>)>> = const { RefCell::new(Vec::new()) };
    }
    let remembered = KNOWN.try_with(|known| {
        let known = known.borrow();
        known
            .iter()
            .find(|(text, _)| text == name)
            .map(|(_, zone)| zone.clone())
    });
    if let Ok(Some(zone)) = remembered {
        return zone;
    }
    let zone = look_up(name.trim());
    let _ = KNOWN.try_with(|known| {
        let mut known = known.borrow_mut();
        known.truncate(REMEMBERED - 1);
        known.insert(0, (name.to_owned(), zone.clone()));
    });
    zone
}

/// The zone of a name; GMT where there is none of that name, as Java and Zoho have it
/// (deluge/help/functions/datetime/unix-epoch.html).
pub fn find_or_gmt(name: &str) -> TimeZone {
    find(name).unwrap_or(TimeZone::UTC)
}

fn look_up(name: &str) -> Option<TimeZone> {
    if name.eq_ignore_ascii_case("Z") || name.eq_ignore_ascii_case("GMT") {
        return Some(TimeZone::UTC);
    }
    let offset = match name.get(..3) {
        Some(prefix) if prefix.eq_ignore_ascii_case("GMT") || prefix.eq_ignore_ascii_case("UTC") => name.get(3..)?,
        _ => name,
    };
    if let Some((seconds, "")) = read_offset(offset) {
        return Offset::from_seconds(seconds).ok().map(TimeZone::fixed);
    }
    let short = SHORT_IDS.iter().find(|(id, _)| id.eq_ignore_ascii_case(name));
    TimeZone::get(short.map_or(name, |(_, full)| full)).ok()
}

/// Reads `+hh`, `+h:mm`, `+hhmm` or `+hh:mm` at the start of a text; gives the seconds and the rest.
pub fn read_offset(text: &str) -> Option<(i32, &str)> {
    let sign = match text.bytes().next()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, rest) = digits(text.get(1..)?, 2)?;
    let minutes = match rest.strip_prefix(':') {
        Some(behind) => digits(behind, 2),
        None => digits(rest, 2).filter(|(_, behind)| rest.len() - behind.len() == 2),
    };
    let (minutes, rest) = minutes.unwrap_or((0, rest));
    (hours <= 23 && minutes <= 59).then_some((sign * (hours * 3600 + minutes * 60), rest))
}

/// Up to `most` digits at the start of a text, as a number, and the rest.
fn digits(text: &str, most: usize) -> Option<(i32, &str)> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let number = text.get(..count)?.parse().ok()?;
    Some((number, text.get(count..)?))
}

/// The name of a zone at an instant: `PST`, `GMT+05:30`, or the long form.
pub fn name(zone: &TimeZone, millis: i64, long: bool) -> String {
    let timestamp = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH);
    let info = zone.to_offset_info(timestamp);
    let short = info.abbreviation();
    if !short.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        let seconds = info.offset().seconds();
        let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
        return format!("GMT{}{hours:02}:{minutes:02}", if seconds < 0 { '-' } else { '+' });
    }
    let known = LONG_NAMES
        .iter()
        .find(|(abbreviation, _)| long && *abbreviation == short);
    known.map_or(short, |(_, name)| name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_have_many_names() {
        let offset = |name: &str| find(name).map(|zone| zone.to_offset(Timestamp::UNIX_EPOCH).seconds());
        for (name, expected) in [
            ("Asia/Kolkata", Some(19_800)),
            ("asia/kolkata", Some(19_800)),
            ("IST", Some(19_800)),
            ("PST", Some(-28_800)),
            ("GMT", Some(0)),
            ("UTC", Some(0)),
            ("GMT+5:30", Some(19_800)),
            ("gmt-08:00", Some(-28_800)),
            ("+0530", Some(19_800)),
            ("-08", Some(-28_800)),
            ("GMT+25", None),
            ("Mars/Olympus", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(offset(name), expected, "{name}");
            assert_eq!(offset(name), expected, "{name}, remembered");
        }
        assert_eq!(find_or_gmt("nowhere"), TimeZone::UTC);
    }

    #[test]
    fn names_follow_the_season() {
        let zone = find("America/Los_Angeles").unwrap();
        assert_eq!(name(&zone, 0, false), "PST");
        assert_eq!(name(&zone, 1_720_000_000_000, true), "Pacific Daylight Time");
        assert_eq!(name(&find("+05:30").unwrap(), 0, false), "GMT+05:30");
    }
}
