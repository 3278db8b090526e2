//! What the built-ins and the statements that build things up cost on inputs of once, ten and a hundred times a size:
//! `cargo bench --bench growth [-- WORD]`.
//!
//! What is linear, or nearly, costs about ten times as much at each step. A row that grows faster is marked, and the
//! built-ins that no row names are listed at the end.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark prints, and one that cannot go on stops"
)]

use std::time::{Duration, Instant};

use dgscript::Runtime;
use dgscript::builtins;

/// Operations on one input, which a script makes of the size `n`.
struct Group {
    /// What the input is.
    name: &'static str,
    /// The smallest size.
    size: usize,
    /// Makes the input.
    setup: &'static str,
    /// Expressions, or statements where they end like one.
    operations: &'static [&'static str],
}

/// Operations on a text `t`.
const ON_TEXT: &[&str] = &[
    "t.contains(\"zz!\")",
    "t.notContains(\"zz!\")",
    "t.containsIgnoreCase(\"ZZ!\")",
    "t.startsWith(t)",
    "t.startsWithIgnoreCase(t)",
    "t.endsWith(t)",
    "t.endsWithIgnoreCase(t)",
    "t.equalsIgnoreCase(t)",
    "t.indexOf(\"zz!\")",
    "t.lastIndexOf(\"zz!\")",
    "t.getOccurenceCount(\"b\")",
    "t.length()",
    "t.isAscii()",
    "t.getPrefix(\"zz!\")",
    "t.getPrefixIgnoreCase(\"zz!\")",
    "t.getSuffix(\",\")",
    "t.getSuffixIgnoreCase(\"Z!\")",
    "t.left(n - 3)",
    "t.right(n - 3)",
    "t.subString(3,n - 3)",
    "t.trim()",
    "t.ltrim()",
    "t.rtrim()",
    "t.getAlpha()",
    "t.getAlphaNumeric()",
    "t.removeAllAlpha()",
    "t.removeAllAlphaNumeric()",
    "t.remove(\"b\")",
    "t.removeFirstOccurence(\"zz!\")",
    "t.removeLastOccurence(\"zz!\")",
    "t.toUpperCase()",
    "t.toLowerCase()",
    "t.proper()",
    "t.leftpad(n * 2)",
    "t.rightpad(n * 2)",
    "t.repeat(3)",
    "t.reverse()",
    "t.concat(t)",
    "t.textToHex().hexToText()",
    "t.matches(\"[a-z]+ .*\")",
    "t.replaceAll(\"b\",\"xx\")",
    "t.replaceAll(\"b\",\"xx\",true)",
    "t.replaceAll(\"(b)\",\"$1$1\")",
    "t.replaceAll(\"b(?=.)\",\"x\")",
    "t.replaceAll(\"(\\\\w)(?=\\\\w*,)\",\"-\")",
    "t.replaceAll(\"x*\",\"-\")",
    "t.replaceAllIgnoreCase(\"B\",\"xx\")",
    "t.replaceFirst(\"(?=z)z!\",\"x\")",
    "t.replaceFirstIgnoreCase(\"zz!\",\"x\")",
    "t.toString()",
    "t.isNumber()",
    "t.isBlank()",
    "t.isEmpty()",
    "t.equals(t + \"\")",
    "t.toList()",
    "t.toListString()",
    "List(t)",
    "t.encodeUrl()",
    "zoho.encryption.urlDecode(zoho.encryption.urlEncode(t))",
    "zoho.encryption.base64Decode(zoho.encryption.base64Encode(t))",
    "zoho.encryption.base32Decode(zoho.encryption.base32Encode(t))",
    "zoho.encryption.htmlDecode(zoho.encryption.htmlEncode(t))",
    "zoho.encryption.md5(t)",
    "zoho.encryption.sha1(t)",
    "zoho.encryption.sha256(t)",
    "zoho.encryption.sha512(t)",
    "zoho.encryption.hmacsha1(\"k\",t)",
    "zoho.encryption.hmacsha256(\"k\",t)",
    "zoho.encryption.hmacsha512(\"k\",t)",
    "try { x = zoho.encryption.aesDecode128(\"k\",zoho.encryption.aesEncode128(\"k\",t)); } catch (e) { y = e; }",
    "zoho.encryption.aesDecode(\"k\",zoho.encryption.aesEncode(\"k\",t))",
    "t.toFile(\"a.txt\").compress(\"a.zip\").extract()",
    "for each x in t { y = x; }",
    "t.isText() || t.isDate() || t.isFile() || t.isNull()",
    "ifNull(t,1)",
    "(t == t + \"\")",
    "t.matches(\"([a-z]|[0-9])*\")",
    "t.matches(\"(?i)(\\\\w+\\\\W?)+\")",
    "t.replaceAll(\"(a|b|c)+\",\"x\")",
    "t.replaceAll(\"[^,]*,\",\"x\")",
    "t.replaceAll(\"^.\",\"\")",
    "t.replaceAll(\"\\\\s+$\",\"\")",
    "t.replaceAll(\".*zz\",\"\")",
    "try { x = t.toMap(); } catch (e) { y = e; }",
    "try { x = t.toLong(); } catch (e) { y = e; }",
    "try { x = t.toDate(); } catch (e) { y = e; }",
    "try { x = t.toJSONList(); } catch (e) { y = e; }",
    "try { x = t.executeXPath(\"/a\"); } catch (e) { y = e; }",
    "try { x = postUrl(\"https://example.com/\",t); } catch (e) { y = e; }",
    "try { x = getUrl(\"https://example.com/\" + t); } catch (e) { y = e; }",
    "try { x = invokeurl [ url :\"https://example.com/\" type :POST body :t ]; } catch (e) { y = e; }",
    "try { throw t; } catch (e) { y = e.message; }",
];

/// Operations on a list `l`.
const ON_LIST: &[&str] = &[
    "l.contains(-1)",
    "l.indexOf(-1)",
    "l.lastIndexOf(-1)",
    "l.distinct()",
    "l.intersect(l)",
    "l.sort()",
    "l.sort(false)",
    "l.subList(1,n - 2)",
    "l.reverse()",
    "l.toString()",
    "l.toString(\";\")",
    "l.toList()",
    "l.toListString()",
    "l.toXml()",
    "l.toJSONList()",
    "List(l)",
    "Collection(l)",
    "(l == l.subList(0,n))",
    "l.encodeUrl()",
    "l.addAll(l);",
    "l.removeAll(l.subList(0,n / 2));",
    "for each index i in l { x = l.get(i); }",
    "for each x in List(l) { y = l.remove(0); }",
    "for each x in List(l) { y = l.remove(l.size() - 1); }",
    "for each x in List(l) { l.removeElement(x); }",
];

/// Operations on a collection `c`.
const ON_COLLECTION: &[&str] = &[
    "c.getKey(-1)",
    "c.getLastKey(-1)",
    "c.containsValue(-1)",
    "c.notContains(-1)",
    "c.keys()",
    "c.distinct()",
    "c.intersect(c)",
    "c.sort();",
    "c.sortKey();",
    "c.duplicate()",
    "c.toString()",
    "c.reverse();",
    "c.average()",
    "c.median()",
    "c.largest()",
    "c.smallest()",
    "c.nthLargest(n / 2)",
    "c.nthSmallest(4)",
    "d = Collection(); d.insertAll(c); d.deleteAll(c.values());",
    "for each x in c.values() { c.delete(x); }",
    "for each x in c.keys() { c.update(if(x.isNumber(),0,x),5); }",
    "for each x in c.keys() { y = c.containsKey(x); }",
    "for each x in c.keys() { try { c.deleteKey(x); } catch (e) { y = e; } }",
    "d = c.duplicate(); try { d.deleteKeys(c.keys()); } catch (e) { y = e; }",
];

/// Operations on a long number in a text `t`.
const ON_DIGITS: &[&str] = &[
    "t.isNumber()",
    "try { x = t.toLong(); } catch (e) { y = e; }",
    "try { x = t.toNumber(); } catch (e) { y = e; }",
    "try { x = t.toDecimal(); } catch (e) { y = e; }",
    "try { x = t.abs(); } catch (e) { y = e; }",
    "try { x = t.ceil() + t.floor() + t.round(2) + t.truncate(2) + t.frac(); } catch (e) { y = e; }",
    "try { x = t.power(2) + t.sqrt() + t.log() + t.exp(); } catch (e) { y = e; }",
    "try { x = t.sin() + t.cos() + t.tan(); } catch (e) { y = e; }",
    "try { x = t.isEven(); } catch (e) { y = e; }",
    "try { x = t.isOdd(); } catch (e) { y = e; }",
    "try { x = t.randomNumber(); } catch (e) { y = e; }",
    "try { x = t.min(1) + t.max(1); } catch (e) { y = e; }",
    "try { x = t + 1; } catch (e) { y = e; }",
    "try { x = t > 1; } catch (e) { y = e; }",
    "try { x = t.toHex(); } catch (e) { y = e; }",
    "try { x = (\"1.\" + t).toDecimal(); } catch (e) { y = e; }",
    "try { x = (\"[\" + t + \"]\").toJSONList(); } catch (e) { y = e; }",
    "try { x = t.toDate(\"yyyy\"); } catch (e) { y = e; }",
    "try { x = t.toTime(); } catch (e) { y = e; }",
];

/// Operations on a file `f` with a text of the size.
const ON_FILE: &[&str] = &[
    "f.getFileContent()",
    "f.getFileName()",
    "f.getFileSize()",
    "f.getFileType()",
    "f.setFileName(\"b.csv\");",
    "f.setFileType(\"text/plain\");",
    "f.setCharset(\"UTF-16\"); x = f.getFileContent();",
    "f.setParamName(\"p\");",
    "f.isFile()",
    "for each row in f { x = row.get(0); }",
    "f.compress(\"a.zip\").extract()",
    "zoho.encryption.base64DecodeToFile(zoho.encryption.base64Encode(f.getFileContent()),\"c.txt\")",
    "try { x = f.convertToPDF(); } catch (e) { y = e; }",
];

/// Operations on JSON in a text `t`.
const ON_JSON: &[&str] = &[
    "t.toJSONList()",
    "t.toJSONList().toString()",
    "t.toJSONList().toXml()",
    "t.getJSON(0)",
    "t.toList()",
    "try { x = t.toMap(); } catch (e) { y = e; }",
    "List(t.toJSONList()).distinct()",
    "(t.toJSONList() == t.toJSONList())",
    "try { x = (t + \"]\").toJSONList(); } catch (e) { y = e; }",
    "try { x = t.subString(0,t.length() - 1).toJSONList(); } catch (e) { y = e; }",
];

const GROUPS: &[Group] = &[
    Group {
        name: "text",
        size: 20_000,
        setup: "t = \"abcd efgh,\".repeat(n / 10);",
        operations: ON_TEXT,
    },
    Group {
        name: "text beyond ASCII",
        size: 20_000,
        setup: "t = \"añb😀 xyz,\".repeat(n / 10);",
        operations: ON_TEXT,
    },
    Group {
        name: "list of numbers",
        size: 2_000,
        setup: "l = List(); for each index i in \"x,\".repeat(n).toList() { l.add((i * 7919) % 1000003); }",
        operations: ON_LIST,
    },
    Group {
        name: "list of texts",
        size: 2_000,
        setup: "l = List(); for each index i in \"x,\".repeat(n).toList() { l.add(\"k\" + ((i * 7919) % 1000003)); }",
        operations: ON_LIST,
    },
    Group {
        name: "map",
        size: 2_000,
        setup: "m = Map(); for each index i in \"x,\".repeat(n).toList() { m.put(\"k\" + i,i); }",
        operations: &[
            "m.keys()",
            "m.containKey(\"zz\")",
            "m.containValue(-1)",
            "Map(m)",
            "(m == Map(m))",
            "m.toXml().executeXPath(\"/root/k5/text()\")",
            "m.toString().toMap()",
            "m.toString().getJSON(\"k7\")",
            "x = Map(); x.putAll(m); m.clear();",
            "for each k in m.keys() { x = m.get(k); }",
            "for each k in m.keys() { m.remove(k); }",
            "for each k in m.keys().reverse() { m.remove(k); }",
            "for each k in m.keys() { m.put(k,m.get(k) + 1); }",
            "for each k in m.keys() { x = m.containsKey(k) || m.size() == 0; }",
            "m.toString()",
            "m.isEmpty()",
            "try { x = m.toJSONList(); } catch (e) { y = e; }",
            "try { x = postUrl(\"https://example.com/\",m); } catch (e) { y = e; }",
        ],
    },
    Group {
        name: "number in a text",
        size: 5_000,
        setup: "t = \"7\".repeat(n);",
        operations: ON_DIGITS,
    },
    Group {
        name: "file",
        size: 5_000,
        setup: "f = \"a,b c,\\\"d\\\"\\n\".repeat(n / 10).toFile(\"a.csv\");",
        operations: ON_FILE,
    },
    Group {
        name: "JSON of records",
        size: 500,
        setup: "t = \"[\" + \"{'a':1,'b':'x y','c':[1.5,null]},\".repeat(n - 1) + \"{}]\";",
        operations: ON_JSON,
    },
    Group {
        name: "JSON of one map",
        size: 500,
        setup: "it = \"x,\".repeat(n).toList(); t = \"{\"; for each index i in it { t = t + \"\\\"key\" + i + \"\\\":\" + i + \",\"; } t = t + \"\\\"z\\\":1}\";",
        operations: &[
            "t.toMap()",
            "t.getJSON(\"z\")",
            "t.toMap().toString()",
            "t.toMap().keys()",
            "(t.toMap() == t.toMap())",
        ],
    },
    Group {
        name: "collection",
        size: 1_000,
        setup: "c = Collection(); for each index i in \"x,\".repeat(n).toList() { c.insert((i * 7919) % 1000003); }",
        operations: ON_COLLECTION,
    },
    Group {
        name: "collection with keys",
        size: 1_000,
        setup: "c = Collection(); for each index i in \"x,\".repeat(n).toList() { c.insert(\"k\" + i : i); }",
        operations: ON_COLLECTION,
    },
    Group {
        name: "XML",
        size: 500,
        setup: "t = \"<r>\" + \"<a k='1'><b>x</b></a>\".repeat(n) + \"</r>\";",
        operations: &[
            "t.executeXPath(\"/r/a/b/text()\")",
            "t.executeXPath(\"//a[@k='1']\")",
            "t.executeXPath(\"/r/a[last()]\")",
            "t.executeXPath(\"/r/a | //b\")",
            "t.executeXPath(\"//a//b\")",
            "t.executeXPath(\"/r/a[1]/following-sibling::a\")",
            "t.toXmlList()",
        ],
    },
    Group {
        name: "building up",
        size: 500,
        setup: "it = \"x,\".repeat(n).toList();",
        operations: &[
            "s = \"\"; for each i in it { s = s + \"ab\"; }",
            "s = \"\"; for each i in it { s += \"é😀\"; }",
            "s = \"\"; for each index i in it { s = s + \"ab\" + i + \",\"; }",
            "s = \"\"; for each i in it { s = s.concat(\"ab\"); }",
            "s = \"\"; for each i in it { s = concat(s,\"ab\"); }",
            "s = \"\"; for each i in it { s = \"ab\" + s; }",
            "s = \"\"; for each i in it { s = \"<\" + s + \">\"; }",
            "s = \"\"; for each i in it { s = s.leftpad(s.length() + 2); }",
            "s = \"\"; for each i in it { t = s + \"ab\"; s = t; }",
            "m = {\"k\" : \"\"}; for each i in it { m.put(\"k\",m.get(\"k\") + \"ab\"); }",
            "m = Map(); for each i in it { m.put(\"k\",ifnull(m.get(\"k\"),\"\") + \"ab\"); }",
            "l = {\"\"}; for each i in it { l[0] = l.get(0) + \"ab\"; }",
            "l = List(); for each i in it { l.add(i); }",
            "l = List(); for each i in it { l.add(i); x = l.size(); y = l.get(l.size() - 1); }",
            "l = List(it); while(l.size() > 0) { x = l.get(0); l.remove(0); }",
            "l = List(it); while(!l.isEmpty()) { l.remove(l.size() - 1); }",
            "s = \"ab\".repeat(it.size()); while(s.length() > 0) { s = s.subString(2); }",
            "s = \"ab\".repeat(it.size()); while(s.length() > 0) { s = s.right(s.length() - 2); }",
            "s = \"ab\".repeat(it.size()); while(s.length() > 0) { s = s.left(s.length() - 2); }",
            "s = \"ab\".repeat(it.size()); while(s.length() > 0) { s = s.removeFirstOccurence(\"ab\"); }",
            "s = \"a,\".repeat(it.size()); while(s.contains(\",\")) { s = s.getSuffix(\",\"); }",
            "m = Map(); for each index i in it { m.put(i,i); x = m.keys().size(); }",
            "m = Map(); for each index i in it { m.put(i,i); y = m.keys().get(i); }",
            "l = List(); b = {1,2}; for each i in it { l.addAll(b); }",
            "m = Map(); for each index i in it { m.put(i,i); }",
            "l = List(); for each i in it { q = Map(); q.put(\"a\",i); l.add(q); } s = l.toString();",
            "for each i in it { try { x = 1 / 0; } catch (e) { y = e.message; } }",
        ],
    },
    Group {
        name: "looking into one text again and again",
        size: 1_000,
        setup: "t = \"abcdefghij\".repeat(n / 10); it = \"x,\".repeat(n - 1).toList();",
        operations: &[
            "for each index i in it { x = t.subString(i,i + 1); }",
            "for each i in it { x = t.left(5) + t.right(5); }",
            "for each i in it { x = t.length(); }",
            "at = 0; for each i in it { at = t.indexOf(\"b\",at + 1) % n; }",
            "for each index i in it { x = t[i]; }",
            "for each i in it { x = t.startsWith(\"zz\") || t.endsWith(\"zz\"); }",
        ],
    },
    Group {
        name: "days",
        size: 500,
        setup: "d = \"2020-01-01\".toDate();",
        operations: &[
            "d.workDaysList(d.addDay(n))",
            "d.workDaysBetween(d.addDay(n))",
            "d.addBusinessDay(n)",
            "d.subBusinessDay(n)",
            "d.workday(n)",
            "\"2020-01-01 10:00:00\".toTime().addBusinessHour(n * 8)",
            "d.addMonth(n).addWeek(n).addYear(n / 100)",
            "d.addHour(n).addMinutes(n).addSeconds(n)",
            "d.subDay(n).subWeek(n).subMonth(n).subYear(n / 100)",
            "d.subHour(n).subMinutes(n).subSeconds(n)",
            "d.edate(n).eomonth(n / 100)",
            "d.getDate() + \"\" + d.getDay() + d.getMonth() + d.getYear() + d.getDayOfYear() + d.getWeekOfYear()",
            "d.getHour() + d.getMinutes() + d.getSeconds() + d.addDay(n).toString().unixEpoch(\"GMT\")",
            "d.addDay(n).toStartOfMonth().toStartOfWeek().nextWeekDay(\"Monday\").previousWeekDay(\"Monday\")",
            "d.daysBetween(d.addDay(n)) + d.hoursBetween(d.addDay(n))",
            "d.monthsBetween(d.addDay(n)) + d.monthsDiff(d.addDay(n)) + d.totalMonths(d.addDay(n))",
            "d.yearsBetween(d.addDay(n)) + d.yearsDiff(d.addDay(n)) + d.totalYears(d.addDay(n))",
            "d.addDay(n).toString(\"dd-MMM-yyyy\".repeat(n))",
            "d.toDateTimeString(\"dd-MMM-yyyy\".repeat(n))",
        ],
    },
];

/// How a row is written that grows faster than it should.
const STEEP: f64 = 30.0;

/// What takes less is not told from noise.
const NOISE: Duration = Duration::from_millis(3);

fn main() {
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    println!("{:>10}{:>10}{:>10}  ms for 1x, 10x, 100x", "1x", "10x", "100x");
    for group in GROUPS {
        println!("{} ({} and up)", group.name, group.size);
        for operation in group.operations {
            let told = format!("{} {operation}", group.name);
            if wanted.as_ref().is_none_or(|word| told.contains(word.as_str())) {
                row(group, operation);
            }
        }
    }
    let rows: Vec<String> = GROUPS
        .iter()
        .flat_map(|group| group.operations)
        .map(|row| row.to_ascii_lowercase())
        .collect();
    let unnamed = builtins::all().map(|builtin| builtin.name).filter(|name| {
        let call = format!("{}(", name.to_ascii_lowercase());
        !rows.iter().any(|row| row.contains(&call))
    });
    println!(
        "without a row, most of them of one size: {}",
        unnamed.collect::<Vec<_>>().join(", ")
    );
}

fn row(group: &Group, operation: &str) {
    let measured = || -> Result<_, String> {
        let mut costs = [Duration::MAX; 3];
        // What looks steep is measured again: a busy machine makes a row steep as well.
        for _ in 0..3 {
            for (cost, times) in costs.iter_mut().zip([1, 10, 100]) {
                *cost = (*cost).min(self::cost(group, operation, group.size * times)?);
            }
            if steepness(costs) <= STEEP {
                break;
            }
        }
        Ok(costs)
    };
    let costs = match measured() {
        Ok(costs) => costs,
        Err(title) => return println!("{:>30}  {operation}: {title}", "fails"),
    };
    let last = steepness(costs);
    let [once, ten, hundred] = costs.map(|cost| cost.as_secs_f64() * 1e3);
    let mark = if last > STEEP {
        "  << grows faster than it should"
    } else {
        ""
    };
    println!("{once:>10.1}{ten:>10.1}{hundred:>10.1}  {operation}{mark}");
}

/// How much more the largest input costs than the one of a tenth of its size.
fn steepness([_, ten, hundred]: [Duration; 3]) -> f64 {
    hundred.max(NOISE).as_secs_f64() / ten.max(NOISE).as_secs_f64()
}

/// What an operation costs on an input of this size: the quicker of two runs, the making of the input not counted.
fn cost(group: &Group, operation: &str, size: usize) -> Result<Duration, String> {
    let operation = if operation.ends_with([';', '}']) {
        operation.to_owned()
    } else {
        format!("x = {operation};")
    };
    let made = format!("n = {size};\n{}\n", group.setup);
    let quickest = |script: &str| time(script).and_then(|once| Ok(once.min(time(script)?)));
    Ok(quickest(&format!("{made}{operation}\n"))?.saturating_sub(quickest(&made)?))
}

/// How long a script runs; the title of its error where it fails.
fn time(script: &str) -> Result<Duration, String> {
    let compiled = Runtime::builder()
        .build()
        .compile("growth.dg", script)
        .map_err(|refused| format!("{refused:?}"))?;
    let began = Instant::now();
    match compiled.call().run() {
        Ok(_) => Ok(began.elapsed()),
        Err(failure) => Err(failure.diagnostic.title.clone()),
    }
}
