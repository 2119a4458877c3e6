//! Recordings as they are told, with a clock that stands still.
