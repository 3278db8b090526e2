//! The handlers of bots and their kin, as Zoho Cliq calls them: what each is given, and what it may answer.
//!
//! A platform calls a handler with a JSON payload; [`Event`] makes inputs of it, the documented arguments that are missing
//! included. The script is called with them on behalf of the user who wrote, and [`Handler::check`] looks at what it
//! returned before it goes back.
//!
//! ```
//! use dgscript::{Runtime, bots};
//!
//! let runtime = Runtime::builder().build();
//! let script = runtime.compile("hello.dg", r#"return {"text":"Hello " + user.get("first_name")};"#)?;
//! let handler = bots::find("bot", "message_handler").expect("a handler of the table");
//! let payload = serde_json::json!({ "message": "hi", "user": { "id": "7", "first_name": "Ada" } });
//! let event = bots::Event::of(handler, payload)?;
//! let outcome = event.into_call(&script).run()?;
//! let reply = handler.check(outcome.result)?;
//! assert_eq!(reply.data.to_json()["text"], "Hello Ada");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod handlers;
mod payload;
mod reply;
mod shape;
mod shapes;

pub use handlers::{Argument, Handler, all, find, named};
pub use payload::{Attachment, Event, PayloadError};
pub use reply::{Problem, Reply, ReplyError, ReplyKind};
