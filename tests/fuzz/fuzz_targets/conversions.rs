//! Any text is read as a number and as a date, without a pattern and with itself as one.
#![no_main]

use std::sync::LazyLock;

use dgscript::{Compiled, Runtime};
use libfuzzer_sys::fuzz_target;

const SCRIPT: &str = r#"
functions = {1,2,3,4,5,6,7,8};
for each n in functions
{
	try
	{
		if(n == 1) { info t.toLong(); }
		if(n == 2) { info t.toDecimal() + 1.5; }
		if(n == 3) { info t.toDate(); }
		if(n == 4) { info t.toDateTime().toString("yyyy-MM-dd'T'HH:mm:ssXXX","Asia/Kolkata"); }
		if(n == 5) { info "2024-02-29 10:30:00".toDateTime().toString(t); }
		if(n == 6) { info t.toDateTime(t); }
		if(n == 7) { info 1234567.891.toString(t); }
		if(n == 8) { info t.isNumber() + t.isDate(); }
	}
	catch (e)
	{
		info e.message;
	}
}
"#;

static COMPILED: LazyLock<Compiled> = LazyLock::new(|| Runtime::builder().build().compile("t.dg", SCRIPT).expect("it compiles"));

fuzz_target!(|text: &str| {
    COMPILED.call().input("t", text).run().expect("every error is caught");
});
