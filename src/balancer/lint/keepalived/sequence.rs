//! Lines of which keepalived makes several: `~SEQ`, `~SEQx` and `~LST` before what is repeated.
//! <https://github.com/acassen/keepalived/blob/master/doc/man/man5/keepalived.conf.5.in>

use super::super::words::Statement;

/// More than any list has; a range may be as long as somebody likes.
const MOST: usize = 4_096;

/// The lines that keepalived reads of one, which is mostly that one; `None` where that is not known here.
pub(super) fn lines(it: &Statement<'_>) -> Option<Vec<String>> {
    let words: Vec<&str> = it.words.iter().map(|word| word.text).collect();
    let mut lines = vec![words.join(" ")];
    while lines.first().is_some_and(|line| line.starts_with('~')) {
        let mut more = vec![];
        for line in &lines {
            more.extend(once(line)?);
            if more.len() > MOST {
                return None;
            }
        }
        lines = more;
    }
    Some(lines)
}

/// What the first of its ranges makes of a line.
fn once(line: &str) -> Option<Vec<String>> {
    let (head, rest) = line.split_once(')')?;
    let (kind, list) = head.split_once('(')?;
    let (name, list) = list.split_once(',')?;
    let name = name.trim();
    let listed: Vec<&str> = list.split(',').map(str::trim).collect();
    let values: Vec<String> = match kind {
        "~SEQ" => range(&listed)?.iter().map(i64::to_string).collect(),
        "~SEQx" => range(&listed)?.iter().map(|value| format!("{value:x}")).collect(),
        "~LST" if !name.starts_with('{') => listed.into_iter().map(str::to_owned).collect(),
        _ => return None,
    };
    Some(values.iter().map(|value| with(rest.trim_start(), name, value)).collect())
}

fn with(line: &str, name: &str, value: &str) -> String {
    let bare = format!("${name}");
    let filled = line.replace(&format!("${{{name}}}"), value);
    let words = filled.split(' ').map(|word| if word == bare { value } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// `END`, `START, END` or `START, STEP, END`.
fn range(listed: &[&str]) -> Option<Vec<i64>> {
    let numbers: Option<Vec<i64>> = listed.iter().map(|text| number(text)).collect();
    let (start, step, end) = match numbers?[..] {
        [end] => (end.signum(), end.signum(), end),
        [start, end] => (start, if end < start { -1 } else { 1 }, end),
        [start, step, end] => (start, step, end),
        _ => return None,
    };
    if step == 0 {
        return None;
    }
    let steps = std::iter::successors(Some(start), |value| value.checked_add(step));
    let values: Vec<i64> = steps
        .take_while(|value| if step > 0 { *value <= end } else { *value >= end })
        .take(MOST + 1)
        .collect();
    (values.len() <= MOST).then_some(values)
}

/// Decimal, or hexadecimal behind `0x`; what else begins with a zero is taken for octal by some.
fn number(text: &str) -> Option<i64> {
    match text.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16).ok(),
        None if text.len() > 1 && text.starts_with('0') => None,
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::parse::parse, *};

    fn read(line: &str) -> Option<Vec<String>> {
        lines(&parse(line).statements[0])
    }

    #[test]
    fn a_range_and_a_list_are_as_many_lines_as_keepalived_makes_of_them() {
        for (line, read_as) in [
            ("10.0.0.9/24 dev eth0", vec!["10.0.0.9/24 dev eth0"]),
            ("~SEQ(N, 0, 2) 10.0.${N}.1", vec!["10.0.0.1", "10.0.1.1", "10.0.2.1"]),
            ("~SEQ(N,2) 10.0.${N}.1", vec!["10.0.1.1", "10.0.2.1"]),
            ("~SEQ(N, 8, -4, 1) 10.0.${N}.1", vec!["10.0.8.1", "10.0.4.1"]),
            ("~SEQ(N, 3, 2) x $N y", vec!["x 3 y", "x 2 y"]),
            ("~SEQx(N, 0x90, 0x10, 0xa0) fe80::${N}", vec!["fe80::90", "fe80::a0"]),
            ("~LST(N, 7, 9) 10.0.0.${N}", vec!["10.0.0.7", "10.0.0.9"]),
            ("~LST(A, 1, 2) ~SEQ(B, 3, 4) ${A}.${B}", vec!["1.3", "1.4", "2.3", "2.4"]),
            ("~SEQ(N, 1, -1, 5) 10.0.${N}.1", vec![]),
        ] {
            assert_eq!(read(line).unwrap(), read_as, "{line}");
        }
    }

    #[test]
    fn what_is_not_known_or_has_no_end_is_not_read() {
        for line in [
            "~SEQ(N, 1, 0, 5) x",
            "~SEQ(N, 1, 1000000000) x",
            "~SEQ(A, 1, 100) ~SEQ(B, 1, 100) x",
            "~SEQ(N, 1, 4000) ~SEQ(M, 1, 4000) 10.${N}.${M}.1",
            "~SEQ(N, 010) x",
            "~SEQ(N, $FROM, 4) x",
            "~LST({A, B}, {1, 2}) x",
            "~NEW(N, 1) x",
            "~SEQ",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
