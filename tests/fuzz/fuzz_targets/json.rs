//! Any text is read as JSON, leniently; what it gives, written and read again, is the same text.
#![no_main]

use std::sync::LazyLock;

use dgscript::{Compiled, Runtime};
use libfuzzer_sys::fuzz_target;

const SCRIPT: &str = r#"
same = true;
for each n in {1,2}
{
	try
	{
		value = if(n == 1,t.toMap(),t.toJSONList());
		written = value.toString();
		again = if(n == 1,written.toMap(),written.toJSONList());
		if(again.toString() != written)
		{
			same = false;
		}
	}
	catch (e)
	{
		info e.message;
	}
}
return same;
"#;

static COMPILED: LazyLock<Compiled> = LazyLock::new(|| Runtime::builder().build().compile("t.dg", SCRIPT).expect("it compiles"));

fuzz_target!(|text: &str| {
    let outcome = COMPILED.call().input("t", text).run().expect("every error is caught");
    assert_eq!(outcome.result, dgscript::value::Data::from(true));
});
