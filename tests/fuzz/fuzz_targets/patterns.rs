//! A pattern, a replacement and a text, apart by line ends: translated from Java's flavour and run in bounded time.
#![no_main]

use std::sync::LazyLock;

use dgscript::{Compiled, Runtime};
use libfuzzer_sys::fuzz_target;

const SCRIPT: &str = r#"
for each n in {1,2,3}
{
	try
	{
		if(n == 1) { info t.matches(p); }
		if(n == 2) { info t.replaceAll(p,r); }
		if(n == 3) { info t.replaceFirst(p,r); }
	}
	catch (e)
	{
		info e.message;
	}
}
"#;

static COMPILED: LazyLock<Compiled> = LazyLock::new(|| Runtime::builder().build().compile("t.dg", SCRIPT).expect("it compiles"));

fuzz_target!(|text: &str| {
    let mut parts = text.splitn(3, '\n');
    let mut next = || parts.next().unwrap_or_default();
    let call = COMPILED.call().input("p", next()).input("r", next()).input("t", next());
    call.run().expect("every error is caught");
});
