//! Words that were probably meant.

/// How many letters must be inserted, dropped, replaced or swapped with their neighbour to get from one word to the other.
pub(super) fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<_>, Vec<_>) = (one.chars().collect(), other.chars().collect());
    let mut above_that = vec![];
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut least = (above[j] + usize::from(a != b)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                let before: &Vec<usize> = &above_that;
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        above_that = std::mem::replace(&mut above, row);
    }
    above[other.len()]
}

/// The nearest of some words, where it is near enough for a slip of the fingers.
pub(super) fn nearest<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['_', '-', ' '], "");
    let asked = plain(word);
    let bound = if asked.chars().count() <= 5 { 1 } else { 2 };
    among
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= 4)
        .map(|candidate| (distance(&asked, &plain(candidate)), candidate))
        .filter(|(far, _)| *far <= bound)
        .min_by_key(|(far, _)| *far)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_count_one_each() {
        for (one, other, far) in [
            ("", "", 0),
            ("server", "server", 0),
            ("sever", "server", 1),
            ("serverr", "server", 1),
            ("sevrer", "server", 1),
            ("surfer", "server", 2),
            ("", "abc", 3),
            ("ключ", "клич", 1),
        ] {
            assert_eq!(distance(one, other), far, "{one} {other}");
            assert_eq!(distance(other, one), far, "{other} {one}");
        }
    }

    #[test]
    fn only_near_words_are_offered() {
        let names = ["prod", "staging", "dev-eu-1"];

        assert_eq!(nearest("prdo", names), Some("prod"));
        assert_eq!(nearest("Staging", names), Some("staging"));
        assert_eq!(nearest("dev_eu_1", names), Some("dev-eu-1"));
        assert_eq!(nearest("qa", names), None);
    }
}
