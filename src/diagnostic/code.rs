//! Every message's stable code, with its general title, its longer story and an example that provokes it.
//!
//! This is the only list: `dg explain`, the reference and the tests read it.

macro_rules! codes {
    ($($name:ident = $number:literal, $title:literal, $story:literal, $example:literal;)*) => {
        /// A stable name for one kind of message. Codes are never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        impl Code {
            /// Every code, in the order of its number.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The code as people cite it: `DG` and four digits.
            pub const fn number(self) -> &'static str {
                match self { $(Code::$name => $number,)* }
            }

            /// What this kind of message is about, in a few words.
            pub const fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* }
            }

            /// The longer story: why it is so, and what to do.
            pub const fn story(self) -> &'static str {
                match self { $(Code::$name => $story,)* }
            }

            /// A small script that provokes the message; empty where no script alone can.
            pub const fn example(self) -> &'static str {
                match self { $(Code::$name => $example,)* }
            }
        }
    };
}

codes! {
    // Syntax.
    Syntax = "DG0101", "the text is not a Deluge statement",
        "From here on the text does not read as a statement: a word or sign is missing, is too much, or stands in the wrong place. The message says what would have fitted and which bracket is still open there. \
Where the line itself looks right, look at the end of the one before. Zoho calls this an improper statement.",
        "x = 1 + ;";
    MissingSemicolon = "DG0102", "a semicolon is missing",
        "Every simple statement ends with a semicolon; only task blocks such as `sendmail [ ... ]` may leave it out. A line break does not end a statement. Add the `;` where the message points.",
        "a = 1\nb = 2;";
    UnclosedBracket = "DG0103", "a bracket is never closed",
        "Every `(`, `[` and `{` needs its partner. The message points at the opener that has none: add the closing one where its part ends.",
        "if (true) {\n info 1;\n";
    StrayBracket = "DG0104", "a closing bracket has no opener",
        "A `)`, `]` or `}` stands where nothing is open, or where another bracket has to be closed first. Remove it, or add the opener that was forgotten further up.",
        "a = 1);";
    UnclosedText = "DG0105", "a text is never closed",
        "A text begins with a quote and ends with the same quote; a backslash before the quote keeps it inside. Add the closing quote. Where the line looks right, a quote is missing, or one too many, further up.",
        "a = \"hello;";
    UnclosedComment = "DG0106", "a comment is never closed",
        "A comment that begins with `/*` ends with `*/`; add it where the comment ends. Such comments do not nest.",
        "a = 1;\n/* never closed";
    UnknownCharacter = "DG0107", "a character that Deluge does not use",
        "Outside texts and comments only ASCII letters, digits, blanks and the usual signs occur. Typographic quotes often come from a word processor: write straight ones. Anything else belongs inside a text, in quotes.",
        "a = 1 § 2;";
    NotDeluge = "DG0108", "syntax of another language",
        "Words and signs of other languages: `let`, `function`, `switch`, `elif`, `?:`, `++`, `=>`, texts in backticks, `for (;;)`. The message names what to write instead; `dg doc` lists what there is.",
        "a = b ? 1 : 2;";
    TooDeep = "DG0109", "brackets or blocks nested too deeply",
        "Brackets, blocks and expressions may be nested a few hundred levels deep. Real scripts need fewer than twenty. Keep the inner parts in variables, or move inner blocks into functions.",
        "";
    NotUtf8 = "DG0110", "the file is not UTF-8",
        "Scripts are UTF-8 text, the way in which most editors keep files today. This file was saved in another one, so letters such as `é` would be read wrongly. Save it again as UTF-8; the message names the first byte that does not fit.",
        "";
    NumberTooLarge = "DG0111", "a number is too large",
        "A NUMBER is a whole number of 64 bits, from -9223372036854775808 to 9223372036854775807. Longer rows of digits, such as card numbers, are texts: put them in quotes.",
        "a = 9223372036854775808;";
    TooManyErrors = "DG0112", "too many errors",
        "After a hundred errors the rest of the file is not told; mend the first ones and check again.",
        "";
    ApplicationExport = "DG0113", "a whole application export",
        "The file is an export of a whole Creator application, as its first word `application` shows, and not a script. Cut its scripts out, each into a file of its own.",
        "";

    // Meaning.
    UndefinedVariable = "DG0201", "a variable is not defined",
        "The name is read, but nothing assigns it before: it is misspelt, or its quotes are missing, or the line that assigns it comes later. In a handler such names are inputs: give them with `--arg`, `--input` or, for `dg check`, `--inputs`.",
        "info total;";
    UnknownFunction = "DG0202", "no such function",
        "The name is neither a function of this file, nor of a loaded library, nor a built-in. Check how it is spelt; upper and lower case make no difference for built-ins. `dg doc --search WORD` looks for a built-in, `--lib FOLDER` loads functions of other files.",
        "x = nosuch(1);";
    UnknownMethod = "DG0203", "no such method",
        "No built-in method has this name. The message names the nearest one, or what people usually mean by it; `dg doc` lists them all.",
        "x = \"a,b\".split(\",\");";
    ArgumentCount = "DG0204", "a function called with the wrong number of arguments",
        "The function takes more or fewer values between its parentheses than it was given. `dg doc NAME` shows the parameters of a built-in; those of a function of your own stand in its header.",
        "int twice(int n)\n{\n return n * 2;\n}\nx = twice(1,2);";
    MissingReturn = "DG0205", "a path ends without returning a value",
        "A function whose header names a type promises a value, so every way through it has to end with `return` and a value: also the one on which no `if` holds. A function that gives nothing back begins with `void`.",
        "string f()\n{\n a = 1;\n}";
    VoidAsValue = "DG0206", "a void function is used as a value",
        "The function begins with `void`, so it gives nothing back that could be assigned or computed with. Call it on a line of its own, or change its header and let it return something.",
        "void say()\n{\n info 1;\n}\nx = say();";
    InvalidTarget = "DG0207", "this cannot be assigned to",
        "Only a variable, an element `x[i]` or a field can stand on the left of `=`. To compare two values, write `==`.",
        "1 = 2;";
    UnknownKey = "DG0208", "a task does not know this key",
        "The block of a task takes certain keys only; the message lists them, or names the one that is most likely meant.",
        "x = invokeurl [ url: \"http://127.0.0.1/\" typ: GET ];";
    MissingKey = "DG0209", "a task lacks a key it needs",
        "`invokeurl` needs `url`; `sendmail` needs `from`, `to`, `subject` and `message`. Add a line with the key that the message names.",
        "x = invokeurl [ type: GET ];";
    DuplicateName = "DG0210", "a name is defined twice",
        "Two functions of one program, or two parameters of one function, have the same name; or a task has the same key twice. Nobody could tell which one is meant: rename or remove one.",
        "void f()\n{\n info 1;\n}\nvoid f()\n{\n info 2;\n}\nf();";
    MisplacedStatement = "DG0211", "a statement in the wrong place",
        "`break` and `continue` end a loop or one turn of it, so they belong inside one; to end the whole script, write `return;`. A literal with pairs and values side by side is neither a list nor a map: write two.",
        "break;";
    NoSuchEntry = "DG0212", "nothing says what to run",
        "A file with several functions and no statement outside them does not say with which to begin. Choose one with `--call NAME`; the message lists them.",
        "";
    NeverEqual = "DG0213", "a comparison of types that are never equal",
        "The two sides have types that are never equal, so the condition has the same outcome whatever the data. Often one side has quotes that it should not have, or lacks them; otherwise convert one side first, for instance with `toString()`.",
        "if(true == \"yes\")\n{\n info 1;\n}";
    BadOperands = "DG0214", "an operator between kinds it does not take",
        "The operator is not defined between these two types, whatever their values. A date, for instance, is not moved with `+` but with `addDay(n)` and its kin.",
        "d = '15-Aug-1947';\nn = 2;\ninfo d + n;";
    UnusedValue = "DG0215", "an expression without effect",
        "The line computes a value, and nothing happens with it. Put `info` before it to print it, assign it to a variable, or remove it.",
        "\"text\";";
    ArgumentKind = "DG0216", "an argument of the wrong type",
        "The function's header names another type for this parameter. Zoho refuses to save such a call. Hand over a value of that type, or change the header.",
        "void f(list l)\n{\n info l;\n}\nf({\"a\":1});";

    // Warnings.
    EqualsInCondition = "DG0301", "a single `=` that compares",
        "Elsewhere `=` assigns. Inside a condition, an argument or a criterion it is read as `==`, as Zoho reads it. Write `==` to say so.",
        "a = 1;\nif(a = 1)\n{\n info a;\n}";
    NotPortable = "DG0302", "a script that Zoho would not accept",
        "`while`, index brackets on values and `timeout` in `invokeurl` are extensions of this runtime, and Zoho takes the result of a function only where it is used. Scripts that have to run in Zoho too must do without; elsewhere the warning can be ignored.",
        "a = 1;\nwhile(a < 3)\n{\n a = a + 1;\n}";
    MixedLogic = "DG0303", "`&&` and `||` without parentheses",
        "Zoho Creator binds `||` tighter than `&&`; other services do the opposite. Put parentheses around what belongs together, and all of them read it alike.",
        "a = true;\nif(a || a && false)\n{\n info 1;\n}";
    Unreachable = "DG0304", "a statement is never reached",
        "It stands behind a `return`, `throw`, `break` or `continue`, so it never runs. Move it up, or remove it.",
        "info 1;\nreturn;\ninfo 2;";
    PossibleInput = "DG0305", "a name that nothing assigns",
        "The name is read and never assigned, so it is an input that the caller has to supply. `--inputs a,b` declares inputs; a misspelt variable looks the same.",
        "info message;";
    UnknownConnection = "DG0306", "the store has no such connection",
        "The link name is not in the store of this machine, so the request will fail there. `dg connections list` shows what is there, `dg connections create` adds one.",
        "";
    LineBreakInText = "DG0307", "a text goes over several lines",
        "Zoho may reject it; `\\n` says the same on one line. Often it means that a quote is missing further up.",
        "a = \"one\ntwo\";\ninfo a;";
    NullCondition = "DG0308", "a condition is null",
        "A value that is not there decides a condition. It counts as false, which may not be what was meant: `isNull` asks for it, and `ifnull` gives a value in its place.",
        "m = {\"a\":1};\nif(m.get(\"b\"))\n{\n info 1;\n}";
    CredentialOverridden = "DG0309", "the connection's credential replaced the script's",
        "The script sets a header or parameter that the connection sets too. The connection's value is sent; leave the script's out, so that no secret stands in a script.",
        "";
    SwallowedError = "DG0310", "an error goes unnoticed",
        "The `catch` has an empty block: whatever goes wrong in its `try` leaves no trace. Print the error with `info e;`, or say in a comment why it may be ignored.",
        "try\n{\n info 1 / 0;\n}\ncatch (e)\n{\n}";
    UntypedJson = "DG0311", "JSON sent as plain text",
        "A text payload travels as `text/plain` unless a header `Content-Type` or the key `content-type` says otherwise. Zoho's own services read it all the same; others often refuse it. Add a header `Content-Type` with the value `application/json`.",
        "m = {\"a\":1};\nx = invokeurl [ url: \"http://127.0.0.1:1/\" type: POST parameters: m.toString() ];";
    UncheckedResponse = "DG0312", "a status that nobody looks at",
        "With `detailed:true` the answer is a map with `responseCode`. An answer of 4xx or 5xx raises no error, so the script has to look: `if(x.get(\"responseCode\") == 200)`.",
        "x = invokeurl [ url: \"http://127.0.0.1:1/\" type: GET detailed: true ];";
    NeverBoolean = "DG0313", "a condition that is neither true nor false",
        "A condition is BOOLEAN: true or false. This one always has another type, so it fails as soon as it is reached. Compare it with something. Both sides of `||` and `&&` are conditions of their own: not `state == \"open\" || \"new\"`, but `state == \"open\" || state == \"new\"`.",
        "n = 3;\nif(n * 2)\n{\n info 1;\n}";
    InvalidAddress = "DG0314", "a text that is no e-mail address",
        "The senders and receivers of a mail are addresses such as `name@host` or `Name <name@host>`, several in one text separated by commas.",
        "sendmail [ from: \"me@example.com\" to: \"somebody\" subject: \"a\" message: \"b\" ]";
    UnknownType = "DG0315", "a type that Deluge does not have",
        "The header of a function names a type for what it returns and for each parameter: `void`, `string`, `int`, `decimal`, `bool`, `date`, `list`, `map`, `collection`, `file` and a few more. \
This one is none of them, and looks like a slip or like a type of another language. Here nothing is checked against it; Zoho would not save the function. Write the type that the message names.",
        "strng greet(string name)\n{\n return \"Hello \" + name;\n}\ninfo greet(\"Amy\");";
    PayloadIgnored = "DG0320", "a GET request has no body",
        "What would have been the body of a GET request is not sent. Put it into `parameters` as KEY-VALUE, which travel in the URL, or send a POST if that is what the service wants.",
        "x = invokeurl [ url: \"https://api.example.com\" type: GET body: {\"a\": 1} ];";

    Unsuccessful = "DG0330", "a request was answered with an error",
        "A status of 4xx or 5xx, or a redirect that leads nowhere, raises no error in a script: the answer is the value of the task. 401 and 403 mean that the credentials are missing or may not do this, 404 that the address is wrong, 5xx that the service has a problem. \
`detailed : true` gives the status to the script as `responseCode`; `dg run --show-requests` shows what was sent.",
        "";

    // Running.
    NullOperand = "DG0401", "a null value where a value is needed",
        "A method was called on null, or an operator met null: a key that the map does not have, or an answer without the field. The message names the expression that is null. Check it first with `isNull`, or give a default with `ifnull`.",
        "m = Map();\ninfo m.get(\"a\").length();";
    WrongKind = "DG0402", "a value of the wrong type",
        "The operation needs another type than the value has. A text that holds JSON becomes a map with `toMap()`, a text of digits a number with `toLong()`. `info` shows what a variable holds.",
        "m = {\"a\":1};\nfor each x in m\n{\n info x;\n}";
    CannotConvert = "DG0403", "a value cannot be converted",
        "The text does not read as the wanted type: letters where digits are needed, for instance. Look at it with `info`, and ask first where it comes from outside: `isNumber()` tells whether a text is a number.",
        "info \"abc\".toLong();";
    DivideByZero = "DG0404", "division by zero",
        "The divisor is zero, and nothing can be divided by that. Check it before dividing: `if(divisor != 0)`.",
        "a = 0;\ninfo 1 / a;";
    Overflow = "DG0405", "a number grows out of range",
        "A NUMBER is a whole number of 64 bits, up to 9223372036854775807, and a result beyond that is an error rather than a wrong number. Compute with decimals where results grow larger.",
        "a = 9223372036854775807;\ninfo a + 1;";
    IndexOutOfRange = "DG0406", "an index past the end",
        "Lists and texts count from 0, so the last index is one less than the size. Compare with `size()` or `length()` first.",
        "l = {1,2};\ninfo l.get(5);";
    BadJson = "DG0407", "text that is not JSON",
        "The text could not be read as a JSON object or array. Zoho's lenient forms (bare words, single quotes) are accepted too. Look at the text with `info`: where a service fails, its answer is often a web page or empty.",
        "info \"{\\\"a\\\":\".toMap();";
    BadPattern = "DG0408", "a pattern that cannot be used",
        "A regular expression or a format pattern is malformed, or takes too long on this text. In a regular expression `( ) [ ] . * + ?` have a meaning of their own; `dg doc` tells of each function how a text is taken as it stands.",
        "info \"abc\".replaceAll(\"(\",\"\");";
    BadDate = "DG0409", "text that is not a date",
        "The text does not read as a date in any accepted format, or not in the pattern given; or there is no such day. Name the pattern, as in `\"31/12/2024\".toDate(\"dd/MM/yyyy\")`.",
        "info \"31-Feb-2024\".toDate();";
    Thrown = "DG0410", "the script threw an error",
        "A `throw` statement was reached and no `catch` took it. The message is what the script has to say; `try { ... } catch (e) { ... }` takes it where the script can go on.",
        "throw \"stock is empty\";";
    BadArgument = "DG0411", "an argument that does not fit",
        "The argument has the right type but a value that the built-in cannot use. `dg doc NAME` shows what it takes, with examples.",
        "info \"ab\".repeat(-1);";
    NotAvailable = "DG0412", "a task or built-in that is not available here",
        "The task or built-in needs a Zoho service or form that this runtime does not have. Call the service's API with `invokeurl` and a connection instead; a program that embeds the runtime can supply a function of this name.",
        "zoho.crm.getRecordById(\"Leads\",1);";
    MixedCollection = "DG0413", "keys and plain elements in one collection",
        "A collection holds either key-value pairs or plain elements, never both: the first one put in decides. Use two collections.",
        "c = Collection(\"a\");\nc.insert(\"k\":1);";
    ContainsItself = "DG0414", "a container nested too deeply, or in itself",
        "The value cannot be written as text: it contains itself, or is nested many hundred levels deep. Print a part of it, or leave it out of itself.",
        "l = List();\nl.add(l);\ninfo l;";
    ReturnKind = "DG0415", "a result of the wrong type",
        "The function's header promises another type than the value it returns, or `void` and a value is returned all the same. Change the type in the header, or what is returned.",
        "int f()\n{\n return \"x\";\n}\ninfo f();";
    BadXml = "DG0416", "XML or an XPath that cannot be read",
        "The text is not well-formed XML, or the path is not an XPath 1.0 expression. Look at the text with `info`: each element has to be closed. Document types and their entities are never obeyed.",
        "info \"<a>1</b>\".executeXPath(\"/a\");";
    BadArchive = "DG0417", "a zip file that cannot be read",
        "The file is damaged, needs a password, or is packed in a way that is not supported. Try to open it with another program, and pack it again without a password.",
        "";
    HostFailed = "DG0420", "a function of the host failed",
        "The program that runs the script gave it this function, and the function answered with an error. What it means is known to whoever wrote that program; a script may catch it with `try { ... } catch (e) { ... }`.",
        "";

    ReplyShape = "DG0421", "a reply that does not fit its handler",
        "The pages of Cliq say what each handler may answer, and with which entries. The message tells the place in the reply; the platform would show nothing, or only a part. \
`dg run FILE --handler NAME` checks it, and an embedding program does with `bots::Handler::check`.",
        "";

    // Limits.
    StatementLimit = "DG0451", "the run executes too many statements",
        "The run reached its limit of executed statements; each turn of a loop counts. `--limits local` has none; Zoho stops at 5,000, so a script that has to run there must do less in loops.",
        "";
    DepthLimit = "DG0452", "calls nested too deeply",
        "Functions call each other deeper than the limit: usually a function that calls itself and has no case in which it stops.",
        "int f(int n)\n{\n return f(n + 1);\n}\ninfo f(1);";
    MemoryLimit = "DG0453", "the run uses too much memory",
        "The values of the run together exceed the memory limit. Often a list or text grows in a loop; work through the data in portions.",
        "";
    OutputLimit = "DG0454", "the run prints too much",
        "The lines printed by `info` together exceed the limit. Print less, or return the result instead.",
        "";
    RequestLimit = "DG0455", "the run sends too many requests",
        "The run made more requests than its limit allows. Often a request stands inside a loop: fetch many records with one request, page by page.",
        "";
    TimeLimit = "DG0456", "the run took too long",
        "The run took longer than it may. Do less at once, or give it more time; a loop whose condition never becomes false looks the same.",
        "";
    Interrupted = "DG0457", "the run was interrupted",
        "The run was stopped from outside: with Ctrl-C, or by the program that started it. What it had sent and stored until then stays done.",
        "";

    // Requests.
    BadRequest = "DG0501", "a request that cannot be sent",
        "The URL, method, header or body is not usable, for the reason given. A URL is written whole, with `https://`; a text that becomes part of it goes through `encodeUrl`.",
        "x = invokeurl [ url: \"not a url\" type: GET ];";
    ConnectFailed = "DG0502", "no connection to the host",
        "The host could not be found or does not answer: its name is misspelt, there is no network, a firewall stands between, or its certificate is not trusted. The message has the reason; a browser shows whether the host answers at all.",
        "";
    Timeout = "DG0503", "the request took too long",
        "A request may take 40 seconds, 10 of them to connect, unless `timeout` says otherwise. Zoho calls this a socket timeout. Try again later, or ask for less at once.",
        "";
    ResponseTooLarge = "DG0504", "the answer is too large",
        "The answer, once unpacked, exceeds the size limit of the run. Ask for less at once, for instance page by page.",
        "";
    BadResponse = "DG0505", "an answer that cannot be read",
        "The server did not answer as HTTP demands, or sends the request in circles. Try again; if it stays, the URL leads to something else than an API, or the fault lies with the service.",
        "";
    Offline = "DG0506", "requests are switched off",
        "The run was started with `--offline`, or its host gives it no network. Run it without the flag where requests may be sent.",
        "";
    HostNotAllowed = "DG0507", "a host that the run may not reach",
        "Whoever started the run said which origins it may reach, and this is none of them. If the script may send there, add it with `--allow-host ORIGIN`.",
        "";
    MailFailed = "DG0508", "a mail that was not sent",
        "The outbox could not be written, or the mail server of the connection refused the message, for the reason given. Without `--mail` and without `connection` in the task, mail is kept in the outbox, a folder beside the store.",
        "";

    // Connections.
    ConnectionUnknown = "DG0601", "connection name was not found",
        "The store has no connection of that link name: it is misspelt, or it was never made on this machine. `dg connections list` shows what is there, `dg connections create` makes one.",
        "";
    ConnectionNotAuthorised = "DG0602", "the connection is not authorised",
        "Nobody has given this connection credentials yet, or they were revoked or refused. The message names the command that connects it.",
        "";
    OriginNotAllowed = "DG0603", "a host that the connection may not send to",
        "A connection sends its credentials to the allowed hosts of its service alone, over https; loopback may be plain http. The message names the command that adds a host.",
        "";
    PlacementImpossible = "DG0604", "the credential does not fit this request",
        "The service wants its credential in form data, but the request has a body of another kind. Send `parameters` as KEY-VALUE in a POST, PUT or PATCH, or change in the service where the credential goes.",
        "";
    RefreshFailed = "DG0605", "the access token could not be refreshed",
        "An access token lives for an hour or so and is then renewed. The provider could not be reached for that, or did not answer as OAuth 2 says (RFC 6749 section 5). The grant is kept: try again later.",
        "";
    ConsentNeeded = "DG0606", "this user has not authorised the connection",
        "The connection uses the login user's own credentials, and this user has given none. Each user connects once; the message names the command.",
        "";
    InvalidLinkName = "DG0607", "a name that cannot be a link name",
        "A link name begins with a lower-case letter and holds lower-case letters, digits and underscores, 50 at most. Often the display name was written, which may have blanks and capitals; `dg connections list` shows the link names.",
        "x = invokeurl [ url: \"https://api.example.com/\" connection: \"My Link\" ];";
    InvalidService = "DG0608", "a service or connection that cannot be made",
        "A field of the description is missing, malformed or contradicts another; the message names it. `dg help services create` tells the fields.",
        "";
    NoStore = "DG0609", "the run has no connections",
        "The run has no store, so it has no connections. `dg run` opens one by itself; a program that embeds the runtime has to give it one.",
        "";
    ServiceUnknown = "DG0610", "no such service",
        "Neither the store nor the catalogue has a service of that name. `dg services list` shows what is there.",
        "";
    NameTaken = "DG0611", "a link name is taken",
        "Link names are unique among services and among connections, and never change. The message names the command that changes what has the name.",
        "";
    ServiceInUse = "DG0612", "a service is in use",
        "A service stays while a connection uses it. The message names the connections: remove them first, or keep the service.",
        "";
    ConsentRefused = "DG0613", "nobody consented",
        "The user or the provider refused, or nobody answered in time. What was connected before still is; start again when somebody is at the browser.",
        "";
    ConsentMismatch = "DG0614", "an answer that belongs to another request",
        "What the browser brought back from the provider does not carry the proof that this request was given (`state`, `iss`, `oauth_token`), so it is not used. An old browser tab does that, and so would an attack. Start again, and answer in the window that opens.",
        "";
    CallbackUnusable = "DG0615", "the address for the provider's answer cannot be used",
        "The browser's answer is received at a port of this machine. The port is taken, or the service's callback URL leads elsewhere; `--paste` does without.",
        "";
    TokenRefused = "DG0616", "the provider gave no token",
        "The provider refused the token request (RFC 6749 section 5.2), could not be reached, or made no sense. Most often the client id, the client secret or the callback URL in the service are not those registered with the provider. What was connected before still is.",
        "";
    ReconnectNeeded = "DG0617", "the connection has to be connected again",
        "It was authorised once. Since then the provider refused its token, the service or the scopes were changed, or the token ended and cannot be refreshed; the message says which. What is stored is kept until somebody connects again.",
        "";
    ScopeMissing = "DG0618", "a scope is missing",
        "The credential is good, and may not do this: the consent does not cover a scope that is needed. As an error, the provider does not grant the scopes that the connection asks for; as a warning, a service answered that a scope is missing (RFC 6750 section 3.1; Zoho says OAUTH_SCOPE_MISMATCH or INVALID_OAUTHSCOPE). Add the scope to the connection and consent again.",
        "";

    // The store.
    StoreBusy = "DG0701", "the store is in use",
        "Another process holds the store. Commands hold it for milliseconds, so trying again usually helps; the message says who may have it.",
        "";
    StoreKey = "DG0702", "the store's key is missing or wrong",
        "The store is sealed with a key in its `key` file, in `DG_KEY` or with the command in `DG_KEY_COMMAND`. Without that very key nothing in it can be read, and a new key is never made for an old store.",
        "";
    StoreCorrupt = "DG0703", "the store cannot be read",
        "The files of the store are damaged. Nothing was deleted; the message says how to go on.",
        "";
    StoreFailed = "DG0704", "the store could not be used",
        "The system refused to read or write the store, for the reason given: a full disk, a folder that belongs to somebody else, or a store that a newer `dg` wrote.",
        "";

    // Outside the script.
    FileUnreadable = "DG0801", "a file cannot be read",
        "The system's reason is in the message. Check the name, the folder that the command is run in, and the permissions.",
        "";
    Usage = "DG0802", "the command line is not understood",
        "`dg help COMMAND` shows what a command takes.",
        "";
    Internal = "DG0901", "a fault in dg itself",
        "This should not happen whatever the script does, and it is not the fault of whoever wrote it. A report with the script and the message is welcome.",
        "";
    NoThread = "DG0902", "no thread to run on",
        "The system gave the embedding program no further thread, so the call was not started. Fewer calls at once, or a higher limit of the system, help.",
        "";
}

impl Code {
    /// The code with this number, whatever the case of its letters.
    pub fn find(number: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.number().eq_ignore_ascii_case(number.trim()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unique_and_ascend() {
        let numbers: Vec<_> = Code::ALL.iter().map(|code| code.number()).collect();
        assert!(numbers.is_sorted() && numbers.windows(2).all(|pair| pair[0] != pair[1]));
        assert_eq!(Code::find("dg0101"), Some(Code::Syntax));
        assert_eq!(Code::find("DG9999"), None);
    }
}
