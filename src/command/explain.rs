//! `cpctl explain [ID]`.

use crate::{cli::Explain, outcome::Outcome, report::Code};

pub fn run(args: &Explain) -> Outcome {
    Outcome::Explained(args.id.map_or_else(|| Code::ALL.to_vec(), |code| vec![code]))
}
