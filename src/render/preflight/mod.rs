//! What checks came to, in every shape that somebody reads.

use std::io::{self, Write};

use super::json;
use crate::outcome::{Preflight, Shape};

mod github;
mod html;
mod junit;
mod names;
mod prometheus;
mod sarif;
mod style;
mod tap;
mod text;
mod words;

pub(super) fn write(shape: Shape, preflight: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    match shape {
        Shape::Text => text::write(preflight, out),
        Shape::Json => json::preflight(preflight, out),
        Shape::Junit => junit::write(preflight, out),
        Shape::Sarif => sarif::write(preflight, out),
        Shape::Github => github::write(preflight, out),
        Shape::Tap => tap::write(preflight, out),
        Shape::Prometheus => prometheus::write(preflight, out),
        Shape::Html => html::write(preflight, out),
    }
}
