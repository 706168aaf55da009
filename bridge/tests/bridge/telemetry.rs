use crate::support::{Outcome, Runtime, text};
use hourglass_bridge::{
    runtime::{HgRuntime, hg_runtime_metrics_drain, hg_runtime_prometheus_address},
    status::HgStatus,
    telemetry::{HgLogRecord, HgMetricUpdate},
};
use parking_lot::Mutex;
use std::{
    ffi::c_void,
    io::{Read, Write},
    net::TcpStream,
};
use temporalio_common::telemetry::metrics::TemporalMeter;

unsafe extern "C" fn keep_line(user_data: *mut c_void, record: *const HgLogRecord) {
    // SAFETY: the test's list outlives the runtime; the record lives for the call.
    let (lines, record) = unsafe { (&*user_data.cast::<Mutex<Vec<String>>>(), &*record) };
    // SAFETY: borrowed for the call.
    let (message, fields) = unsafe {
        (
            record.message.as_text("message").unwrap(),
            record.fields_json.as_text("fields").unwrap(),
        )
    };
    lines
        .lock()
        .push(format!("{:?} {message} {fields}", record.level));
}

#[test]
fn log_lines_of_the_runtime_reach_the_callback() {
    let lines: Mutex<Vec<String>> = Mutex::default();
    let mut options = Runtime::options();
    options.log_filter = text("info");
    options.log_callback = Some(keep_line);
    options.log_user_data = (&raw const lines).cast_mut().cast();
    let runtime = Runtime::with(&options);
    // SAFETY: it is alive.
    let shared = unsafe { HgRuntime::read(runtime.0) }.unwrap();
    shared.enter(|| tracing::warn!(task_queue = "tea", "entered"));
    tracing::error!("outside of any runtime");
    let on_thread = shared.handle().spawn(async { tracing::info!("spawned") });
    shared.handle().block_on(on_thread).unwrap();
    drop(runtime);
    let lines = lines.into_inner();
    assert!(
        lines
            .iter()
            .any(|line| line == "Warn entered {\"task_queue\":\"tea\"}"),
        "{lines:?}"
    );
    assert!(
        lines.iter().any(|line| line.starts_with("Info spawned")),
        "{lines:?}"
    );
    assert!(
        !lines.iter().any(|line| line.contains("outside")),
        "{lines:?}"
    );
}

type Kept = Vec<(String, f64, String)>;

unsafe extern "C" fn keep(user_data: *mut c_void, update: *const HgMetricUpdate) {
    // SAFETY: the test's list lives; the update lives for the call.
    let (kept, update) = unsafe { (&mut *user_data.cast::<Kept>(), &*update) };
    // SAFETY: borrowed for the call.
    let (name, labels) = unsafe {
        (
            update.name.as_text("name").unwrap(),
            update.attributes_json.as_text("json").unwrap(),
        )
    };
    kept.push((name.to_owned(), update.value, labels.to_owned()));
}

fn drain(runtime: &Runtime) -> Kept {
    let mut kept = Kept::new();
    // SAFETY: everything is alive.
    let drained =
        unsafe { hg_runtime_metrics_drain(runtime.0, Some(keep), (&raw mut kept).cast()) };
    assert_eq!(Outcome::from(drained).status, HgStatus::Ok);
    kept
}

fn with_buffer(size: u32) -> (Runtime, TemporalMeter) {
    let mut options = Runtime::options();
    options.metric_buffer = size;
    let runtime = Runtime::with(&options);
    // SAFETY: it is alive.
    let shared = unsafe { HgRuntime::read(runtime.0) }.unwrap();
    let meter = shared
        .core()
        .telemetry()
        .get_temporal_metric_meter()
        .unwrap();
    (runtime, meter)
}

#[test]
fn measurements_are_kept_until_they_are_drained() {
    let (runtime, meter) = with_buffer(100);
    let counter = meter.counter("cups".into());
    counter.add(3, meter.get_default_attributes());
    let kept = drain(&runtime);
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!((kept[0].0.as_str(), kept[0].1), ("temporal_cups", 3.0));
    assert!(kept[0].2.contains("service_name"), "{}", kept[0].2);
    assert_eq!(drain(&runtime), Kept::new());
}

#[test]
fn a_buffer_that_was_full_loses_what_was_dropped_and_nothing_else() {
    let (runtime, meter) = with_buffer(3); // the default attributes take one place
    let first = meter.counter("first".into());
    first.add(1, meter.get_default_attributes());
    let lost = meter.counter("lost".into()); // no place for what says its name
    let before = drain(&runtime);
    assert_eq!(before.len(), 1, "{before:?}");
    lost.add(1, meter.get_default_attributes());
    first.add(2, meter.get_default_attributes());
    let after = drain(&runtime);
    assert_eq!(after.len(), 1, "{after:?}");
    assert_eq!((after[0].0.as_str(), after[0].1), ("temporal_first", 2.0));
}

#[test]
fn prometheus_can_fetch_the_metrics() {
    let mut options = Runtime::options();
    options.prometheus_address = text("127.0.0.1:0");
    let runtime = Runtime::with(&options);
    // SAFETY: it is alive.
    let address = Outcome::from(unsafe { hg_runtime_prometheus_address(runtime.0) });
    let address = String::from_utf8(address.bytes).unwrap();
    let mut stream = TcpStream::connect(&address).unwrap();
    stream
        .write_all(b"GET /metrics HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
}
