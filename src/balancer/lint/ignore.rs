//! Comments that keep a finding quiet: `# cpctl: ignore[ID] until=YYYY-MM-DD reason`.

use jiff::civil::Date;

use super::{Source, Spot};
use crate::report::{Code, Finding};

const MARK: &str = "cpctl: ignore[";

/// A comment that asks for quiet.
struct Ignore<'a> {
    source: &'a Source,
    line: usize,
    asked: Result<Asked, &'static str>,
}

struct Asked {
    code: Code,
    until: Date,
}

/// What stays of the findings, and what is to say of the comments themselves.
pub(super) fn apply(sources: &[Source], findings: Vec<Finding>, today: Date) -> Vec<Finding> {
    let ignores: Vec<Ignore<'_>> = sources.iter().flat_map(read).collect();
    let told = ignores.iter().filter_map(|ignore| ignore.told(&findings, today)).collect::<Vec<_>>();
    let is_loud = |finding: &Finding| !ignores.iter().any(|ignore| ignore.quiets(finding, today));
    findings.into_iter().filter(is_loud).chain(told).collect()
}

fn read(source: &Source) -> impl Iterator<Item = Ignore<'_>> {
    source.text.lines().enumerate().filter_map(move |(index, text)| {
        let (before, rest) = text.split_once(MARK)?;
        let is_comment = before.trim_end().ends_with(['#', ';', '!', '/']);
        is_comment.then(|| Ignore { source, line: index + 1, asked: asked(rest) })
    })
}

/// What follows the bracket: `ID] until=DATE reason`.
fn asked(text: &str) -> Result<Asked, &'static str> {
    let (id, rest) = text.split_once(']').ok_or("the bracket after `ignore` does not close")?;
    let code = Code::of(id.trim()).ok_or("there is no finding of this name")?;
    let mut words = rest.split_whitespace();
    let until = words.next().and_then(|word| word.strip_prefix("until="));
    let until = until.ok_or("it does not say until when")?;
    let until = until.parse().map_err(|_| "the date after `until=` is none")?;
    words.next().ok_or("it gives no reason")?;
    Ok(Asked { code, until })
}

impl Ignore<'_> {
    fn quiets(&self, finding: &Finding, today: Date) -> bool {
        self.asked.as_ref().is_ok_and(|asked| asked.until >= today && self.is_meant(asked, finding))
    }

    fn is_meant(&self, asked: &Asked, finding: &Finding) -> bool {
        let is_near = |line: usize| line == self.line || line == self.line + 1;
        finding.code == asked.code
            && finding.subject == self.source.name
            && finding.at.as_ref().is_some_and(|at| is_near(at.line))
    }

    fn told(&self, findings: &[Finding], today: Date) -> Option<Finding> {
        let form = "# cpctl: ignore[ID] until=YYYY-MM-DD reason";
        let (code, spot) = match &self.asked {
            Err(why) => (
                Code::IgnoreUnclear,
                Spot::new(self.line, format!("nothing is ignored: {why}")).instead(form),
            ),
            Ok(asked) if asked.until < today => {
                let why = format!("the time that this was to be ignored is over since {}", asked.until);
                (
                    Code::IgnoreExpired,
                    Spot::new(self.line, why).instead("mend what it speaks of, and remove the comment"),
                )
            }
            Ok(asked) if !findings.iter().any(|finding| self.is_meant(asked, finding)) => {
                let why = "nothing is found here that could be ignored";
                (Code::IgnoreUnused, Spot::new(self.line, why).instead("remove the comment"))
            }
            Ok(_) => return None,
        };
        Some(self.source.finding(code, spot))
    }
}
