//! Long lists on several lines, each of them whole.

/// Columns that a line may fill before the next item goes to the next line; the same on every terminal and in every file.
const WIDTH: usize = 110;

/// A text that is broken after commas, where `column` characters stand before it; further lines are indented to `indent`.
pub(super) fn broken(text: &str, column: usize, indent: usize) -> String {
    let (mut lines, mut used) = (String::new(), column);
    for item in text.split_inclusive(", ") {
        let length = item.trim_end().chars().count();
        if used > column.max(indent) && used + length > WIDTH {
            lines.truncate(lines.trim_end().len());
            lines.push('\n');
            lines.push_str(&" ".repeat(indent));
            used = indent;
        }
        lines.push_str(item);
        used += item.chars().count();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_broken_after_commas_and_nowhere_else() {
        let items: Vec<String> = (0..40).map(|number| format!("node-{number}.example.com")).collect();
        let list = items.join(", ");

        let lines = broken(&list, 11, 11);

        assert!(lines.lines().all(|line| line.chars().count() <= WIDTH), "{lines}");
        assert_eq!(lines.lines().count(), 10);
        assert_eq!(lines.replace("\n           ", " "), list);
        assert_eq!(broken("one, two", 4, 4), "one, two");
    }

    #[test]
    fn an_item_that_is_too_long_stays_whole() {
        let long = "x".repeat(WIDTH * 2);

        assert_eq!(broken(&format!("{long}, {long}"), 2, 4), format!("{long},\n    {long}"));
    }
}
