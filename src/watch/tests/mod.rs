//! Tests of what was seen and what it comes to.
