//! The C interface of Temporal Core, as Hourglass uses it.
//!
//! `include/hourglass_bridge.h` is generated from this crate and documents the rules that every
//! caller has to keep; they are written down in `cbindgen.toml`, from where they reach the header.
//!
//! | module | what is in it |
//! |---|---|
//! | [`status`], [`bytes`] | what every call answers with |
//! | [`generation`], [`handle`] | handles that know whether their process still has their threads |
//! | [`call`] | the panic guard and the asynchronous call |
//! | [`runtime`], [`driven`], [`telemetry`], [`metrics`], [`instruments`] | threads, logs, metrics |
//! | [`connection`], [`tls`], [`rpc`] | a connection to a server and the calls on it |
//! | [`in_process`] | a server that is a callback |
//! | [`worker`], [`worker_options`], [`replay`] | workers and replaying ones |

pub mod bytes;
pub mod call;
pub mod cancel;
pub mod connection;
pub mod connection_options;
pub mod driven;
pub mod generation;
pub mod handle;
pub mod in_process;
pub mod instruments;
pub mod metrics;
pub mod replay;
pub mod rpc;
pub mod runtime;
pub mod status;
pub mod telemetry;
pub mod tls;
pub mod worker;
pub mod worker_options;
pub mod worker_validation;
