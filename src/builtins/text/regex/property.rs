//! `\p{...}` as Java names it. POSIX classes are ASCII, Unicode ones have an `Is`, `In` or a short name.

/// The content of a bracketed class for a property; `None` for a name that Java does not know either, or that only
/// Java knows.
pub(super) fn class_of(name: &str) -> Option<String> {
    if let Some((_, class)) = NAMED.iter().find(|(known, _)| *known == name) {
        return Some((*class).to_owned());
    }
    let lower = name.to_ascii_lowercase().replace([' ', '_', '-'], "");
    let block = lower.strip_prefix("in").or_else(|| value_of(&lower, &["block", "blk"]));
    if let Some(block) = block
        && let Some((_, class)) = BLOCKS.iter().find(|(known, _)| *known == block)
    {
        return Some((*class).to_owned());
    }
    let wanted = value_of(name, &["script", "sc", "general_category", "gc"])
        .or_else(|| name.strip_prefix("Is").or_else(|| name.strip_prefix("is")))
        .unwrap_or(name);
    let wanted = match wanted.to_ascii_lowercase().as_str() {
        "digit" => "Nd",
        "titlecase" => "Lt",
        "assigned" => return Some("\\P{Cn}".to_owned()),
        _ => wanted,
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (!wanted.is_empty() && wanted.bytes().all(plain)).then(|| format!("\\p{{{wanted}}}"))
}

fn value_of<'n>(name: &'n str, keys: &[&str]) -> Option<&'n str> {
    let (key, value) = name.split_once('=')?;
    keys.iter()
        .any(|known| known.eq_ignore_ascii_case(key))
        .then_some(value)
}

/// Names whose meaning is spelt out (java.util.regex.Pattern).
const NAMED: &[(&str, &str)] = &[
    ("Lower", "a-z"),
    ("Upper", "A-Z"),
    ("ASCII", "\\x00-\\x7F"),
    ("Alpha", "a-zA-Z"),
    ("Digit", "0-9"),
    ("Alnum", "a-zA-Z0-9"),
    ("Punct", "\\x21-\\x2F\\x3A-\\x40\\x5B-\\x60\\x7B-\\x7E"),
    ("Graph", "\\x21-\\x7E"),
    ("Print", "\\x20-\\x7E"),
    ("Blank", "\\x20\\x09"),
    ("Cntrl", "\\x00-\\x1F\\x7F"),
    ("XDigit", "0-9a-fA-F"),
    ("Space", "\\x20\\x09-\\x0D"),
    ("L1", "\\x{0}-\\x{FF}"),
    ("LC", "\\p{Lu}\\p{Ll}\\p{Lt}"),
    ("LD", "\\p{L}\\p{Nd}"),
    ("all", "\\x{0}-\\x{10FFFF}"),
    ("javaLowerCase", "\\p{Lowercase}"),
    ("javaUpperCase", "\\p{Uppercase}"),
    ("javaTitleCase", "\\p{Lt}"),
    ("javaAlphabetic", "\\p{Alphabetic}"),
    ("javaLetter", "\\p{L}"),
    ("javaDigit", "\\p{Nd}"),
    ("javaLetterOrDigit", "\\p{L}\\p{Nd}"),
    ("javaSpaceChar", "\\p{Z}"),
    (
        "javaWhitespace",
        "\\x09-\\x0D\\x1C-\\x20\\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200A}\\x{2028}\\x{2029}\\x{205F}\\x{3000}",
    ),
    ("javaISOControl", "\\x{0}-\\x{1F}\\x{7F}-\\x{9F}"),
];

/// The blocks that scripts may name, without blanks and underscores.
const BLOCKS: &[(&str, &str)] = &[
    ("basiclatin", "\\x{0}-\\x{7F}"),
    ("latin1supplement", "\\x{80}-\\x{FF}"),
    ("latinextendeda", "\\x{100}-\\x{17F}"),
    ("latinextendedb", "\\x{180}-\\x{24F}"),
    ("combiningdiacriticalmarks", "\\x{300}-\\x{36F}"),
    ("greek", "\\x{370}-\\x{3FF}"),
    ("greekandcoptic", "\\x{370}-\\x{3FF}"),
    ("cyrillic", "\\x{400}-\\x{4FF}"),
    ("hebrew", "\\x{590}-\\x{5FF}"),
    ("arabic", "\\x{600}-\\x{6FF}"),
    ("devanagari", "\\x{900}-\\x{97F}"),
    ("tamil", "\\x{B80}-\\x{BFF}"),
    ("thai", "\\x{E00}-\\x{E7F}"),
    ("generalpunctuation", "\\x{2000}-\\x{206F}"),
    ("currencysymbols", "\\x{20A0}-\\x{20CF}"),
    ("letterlikesymbols", "\\x{2100}-\\x{214F}"),
    ("arrows", "\\x{2190}-\\x{21FF}"),
    ("mathematicaloperators", "\\x{2200}-\\x{22FF}"),
    ("miscellaneoussymbols", "\\x{2600}-\\x{26FF}"),
    ("dingbats", "\\x{2700}-\\x{27BF}"),
    ("hiragana", "\\x{3040}-\\x{309F}"),
    ("katakana", "\\x{30A0}-\\x{30FF}"),
    ("cjkunifiedideographs", "\\x{4E00}-\\x{9FFF}"),
    ("hangulsyllables", "\\x{AC00}-\\x{D7AF}"),
    ("emoticons", "\\x{1F600}-\\x{1F64F}"),
    ("miscellaneoussymbolsandpictographs", "\\x{1F300}-\\x{1F5FF}"),
    ("transportandmapsymbols", "\\x{1F680}-\\x{1F6FF}"),
    ("supplementalsymbolsandpictographs", "\\x{1F900}-\\x{1F9FF}"),
];
