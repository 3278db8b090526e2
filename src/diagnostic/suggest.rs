//! Nearest names, for "there is a similar name".

/// The candidate most like `name`, if one is near enough to be a likely slip: at most a third of its letters differ.
/// Letter case counts for less than a wrong letter.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = name.chars().collect();
    let allowed = (wanted.len() * 2 / 3).max(2);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= 4)
        .map(|candidate| (distance(&wanted, candidate), candidate))
        .filter(|(cost, candidate)| *cost <= allowed.min(candidate.chars().count()) && *candidate != name)
        .min_by_key(|(cost, _)| *cost)
        .map(|(_, candidate)| candidate)
}

/// Whether one name is the other with a single slip: a letter put in, left out or changed, or two swapped.
pub fn is_slip(name: &str, meant: &str) -> bool {
    name != meant && name.len().abs_diff(meant.len()) <= 1 && distance(&name.chars().collect::<Vec<_>>(), meant) <= 2
}

/// Edits between two names, in halves: 2 for a letter put in, left out or changed, or for two swapped; 1 for another case.
fn distance(wanted: &[char], candidate: &str) -> usize {
    let given: Vec<char> = candidate.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=given.len()).map(|count| count * 2).collect();
    for (i, a) in wanted.iter().enumerate() {
        let mut next = vec![(i + 1) * 2];
        for (j, b) in given.iter().enumerate() {
            let change = if a == b {
                0
            } else if a.eq_ignore_ascii_case(b) {
                1
            } else {
                2
            };
            let mut best = (row[j] + change).min(row[j + 1] + 2).min(next[j] + 2);
            if i > 0 && j > 0 && wanted[i - 1] == *b && given[j - 1] == *a {
                best = best.min(before[j - 1] + 2);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[given.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let names = ["containKey", "toList", "leftPad", "size"];
        assert_eq!(nearest("containsKey", names), Some("containKey"));
        assert_eq!(nearest("tolist", names), Some("toList"));
        assert_eq!(nearest("sise", names), Some("size"));
        assert_eq!(nearest("szie", names), Some("size"));
        assert_eq!(nearest("frobnicate", names), None);
        assert_eq!(nearest("x", ["y"]), None);
    }
}
