//! The page of checks.

use cpctl::outcome::Shape;

use super::{samples, text};

#[test]
fn the_page_is_whole_and_loads_nothing() {
    for sample in samples() {
        let page = text(Shape::Html, &sample);

        for outside in ["http:", "https:", "src=", "href", "url(", "@import", "<script", "<link", "<b onload"]
        {
            assert!(!page.contains(outside), "{outside}: {page}");
        }
        for tag in ["main", "section", "div", "table", "tr", "td", "th", "h1", "h2", "h3", "p", "pre", "code"]
        {
            let opened =
                page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
            assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
        }
        assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"), "{page}");
    }
}

#[test]
fn the_matrix_tells_what_is_served_from_what_lies_on_a_disk_and_what_is_asked() {
    let page = text(Shape::Html, &samples()[0]);

    let row = page.lines().find(|line| line.contains("<th class=\"name\">vip.example.com</th>")).unwrap();

    let words: Vec<&str> =
        row.split("<td class=\"").skip(1).map(|cell| cell.split(['>', '<']).nth(1).unwrap()).collect();
    assert_eq!(words, ["served", "disk", "asked"]);
}
