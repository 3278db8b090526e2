//! Comparing and finding without regard to letter case, in time linear in both texts.

use std::ops::Range;

/// One character without its case, as `String.equalsIgnoreCase` of Java compares: upper-cased, then lower-cased, each
/// where that gives a single character. So `ß` is not `SS`, and both small sigmas are one.
fn fold(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    let upper = single(character.to_uppercase(), character);
    single(upper.to_lowercase(), upper)
}

fn single(mut mapped: impl Iterator<Item = char>, otherwise: char) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => otherwise,
    }
}

/// Whether two texts are equal but for letter case.
pub(super) fn equal(left: &str, right: &str) -> bool {
    left.chars().map(fold).eq(right.chars().map(fold))
}

/// Whether a text begins with another, but for letter case.
pub(super) fn starts_with(text: &str, start: &str) -> bool {
    let mut characters = text.chars().map(fold);
    start.chars().map(fold).all(|wanted| characters.next() == Some(wanted))
}

/// Whether a text ends with another, but for letter case.
pub(super) fn ends_with(text: &str, end: &str) -> bool {
    let mut characters = text.chars().rev().map(fold);
    end.chars()
        .rev()
        .map(fold)
        .all(|wanted| characters.next() == Some(wanted))
}

/// Where the first occurrence of a text stands in another, but for letter case, in bytes.
pub(super) fn find(text: &str, wanted: &str) -> Option<Range<usize>> {
    let folded: String = text.chars().map(fold).collect();
    let wanted_folded: String = wanted.chars().map(fold).collect();
    let start = folded.find(&wanted_folded)?;
    let end = start + wanted_folded.len();
    if text.is_ascii() {
        return Some(start..end);
    }
    // Folding keeps the number of characters, not that of their bytes.
    let (before, within) = (count(&folded, 0..start), count(&folded, start..end));
    let mut offsets = text.char_indices().map(|(offset, _)| offset).chain([text.len()]);
    let from = offsets.nth(before)?;
    let to = if within == 0 { from } else { offsets.nth(within - 1)? };
    Some(from..to)
}

fn count(text: &str, range: Range<usize>) -> usize {
    text.get(range).map_or(0, |part| part.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_does_not_count_and_offsets_are_those_of_the_text() {
        assert_eq!(find("Hello WORLD", "world"), Some(6..11));
        // The Kelvin sign has three bytes and folds to a letter of one.
        assert_eq!(find("\u{212A}elvin K", "elvin k"), Some(3..10));
        assert_eq!(find("aİb😀C", "😀c"), Some(4..9));
        assert_eq!(find("abc", ""), Some(0..0));
        assert_eq!(find("abc", "abcd"), None);
        assert!(!equal("Straße", "STRASSE") && equal("ΣΑΣ é", "σας É"));
        assert!(starts_with("Éa", "é") && !starts_with("", "é") && starts_with("a", ""));
        assert!(ends_with("aÉ", "é") && !ends_with("é", "aé") && ends_with("a", ""));
    }

    proptest! {
        #[test]
        fn what_is_found_equals_what_was_wanted(before in "[aBé😀K\u{212A}]{0,6}", wanted in "[aBé😀k]{1,4}", after in "[aBék]{0,6}") {
            let text = format!("{before}{}{after}", wanted.to_uppercase());
            let found = find(&text, &wanted).unwrap();
            prop_assert!(equal(&text[found.clone()], &wanted));
            prop_assert!(found.start <= before.len());
            prop_assert!(starts_with(&text[found.start..], &wanted) && ends_with(&text[..found.end], &wanted));
        }
    }
}
