//! Tests of the C interface that need no server and leave the generation alone.

#![allow(missing_docs)]

#[path = "../support/mod.rs"]
mod support;

mod arguments;
mod calls;
mod driven;
mod in_process;
mod instruments;
mod metrics;
mod replay;
mod rpc;
mod sizes;
mod telemetry;
mod wire;
mod worker_options;
