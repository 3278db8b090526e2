//! What reading and printing dates depends on: the application settings of Zoho.

use jiff::tz::TimeZone;

/// Which of day and month comes first where a numeric date leaves it open (DECISIONS: 19).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateOrder {
    /// `02/04/2020` is 4 February.
    #[default]
    MonthFirst,
    /// `02/04/2020` is 2 April: where the configured format puts a numeric day before a numeric month.
    DayFirst,
}

/// Zone and formats in which dates are read and printed.
#[derive(Clone, Debug)]
pub struct DateSettings {
    /// The zone in which dates without a zone are meant and printed.
    pub zone: TimeZone,
    /// The pattern of a DATE's text form, as Java's `SimpleDateFormat` reads it.
    pub date_format: String,
    /// The pattern of a DATE-TIME's text form.
    pub date_time_format: String,
    /// How ambiguous numeric dates are read.
    pub order: DateOrder,
}

/// The default pattern of a DATE.
pub(super) const DATE_FORMAT: &str = "dd-MMM-yyyy";

/// The default pattern of a DATE-TIME.
pub(super) const DATE_TIME_FORMAT: &str = "dd-MMM-yyyy HH:mm:ss";

impl Default for DateSettings {
    fn default() -> Self {
        Self {
            zone: TimeZone::UTC,
            date_format: DATE_FORMAT.to_owned(),
            date_time_format: DATE_TIME_FORMAT.to_owned(),
            order: DateOrder::MonthFirst,
        }
    }
}
