//! Everything that is tested from outside the library: the binary, the documents, the rooms, the lab.

mod controls;
mod docs;
mod harness;
mod lab;
mod main_job;
mod rooms;
