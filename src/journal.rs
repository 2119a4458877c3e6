//! An append-only account of one run, enough to resume or undo it after a crash.
