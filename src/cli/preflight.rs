//! All checks before a move.

use std::{path::PathBuf, str::FromStr, time::Duration};

use clap::{Args, ValueEnum};

use super::duration::term;
use crate::report::{Choice, Selection, Severity};

#[derive(Args, Debug)]
pub struct Preflight {
    /// The address that clients are to use [default: the inventory's endpoint, else the kubeconfig's server]
    #[arg(long, value_name = "URL|HOST[:PORT]")]
    pub to: Option<String>,

    /// Judge these files alone, and ask nobody: kubeconfigs, certificates, inventories, files of balancers
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["kubeconfig", "context", "node"])]
    pub offline: Vec<PathBuf>,

    /// Nothing but these checks: groups, checks or findings by their ids
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub only: Vec<Choice>,

    /// All but these
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub skip: Vec<Choice>,

    /// How bad a finding must be for exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "fail")]
    pub fail_on: Bar,

    /// A file of findings that are accepted, each until a day
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    /// Look again every five seconds until nothing fails, for this long at most, such as 5m
    #[arg(long, value_name = "DURATION", value_parser = term, conflicts_with = "offline")]
    pub wait: Option<Duration>,

    /// Write the result to a file as well, FORMAT being one of those of `--output`; may be given several times
    #[arg(long, value_name = "FORMAT=FILE")]
    pub report: Vec<ReportFile>,

    /// Write the result as a web page as well, in one file that loads nothing
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: PreflightFormat,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum PreflightFormat {
    Text,
    Json,
    Junit,
    Sarif,
    Github,
    Tap,
    Prometheus,
}

/// A file, and how the result is written to it.
#[derive(Clone, Debug)]
pub struct ReportFile {
    pub format: PreflightFormat,
    pub path: PathBuf,
}

impl FromStr for ReportFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (format, path) =
            text.split_once('=').ok_or("name a format and a file, such as `junit=preflight.xml`")?;
        let format = PreflightFormat::from_str(format, false)
            .map_err(|_| format!("`{format}` is no format; take one of {}", formats()))?;
        if path.is_empty() {
            return Err("name a file, such as `junit=preflight.xml`".into());
        }
        Ok(Self { format, path: path.into() })
    }
}

fn formats() -> String {
    let named = PreflightFormat::value_variants().iter().filter_map(PreflightFormat::to_possible_value);
    named.map(|value| format!("`{}`", value.get_name())).collect::<Vec<_>>().join(", ")
}

impl Preflight {
    pub fn selection(&self) -> Selection {
        Selection { only: self.only.clone(), skip: self.skip.clone() }
    }
}

/// How bad a finding must be for exit code 1, if any is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Bar {
    Warn,
    Fail,
    Never,
}

impl Bar {
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Warn => Some(Severity::Warn),
            Self::Fail => Some(Severity::Fail),
            Self::Never => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_names_a_format_and_a_file() {
        let read = |text: &str| text.parse::<ReportFile>().map(|report| (report.format, report.path));

        assert_eq!(read("sarif=a=b.sarif"), Ok((PreflightFormat::Sarif, "a=b.sarif".into())));
        for text in ["junit", "junit=", "html=page.html", "=x"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
