//! Carries out a plan, step by step, journalling as it goes; and takes it back.
