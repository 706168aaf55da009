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

#[test]
fn measurements_are_kept_until_they_are_drained() {
    unsafe extern "C" fn keep(user_data: *mut c_void, update: *const HgMetricUpdate) {
        // SAFETY: the test's list lives; the update lives for the call.
        let (kept, update) = unsafe {
            (
                &mut *user_data.cast::<Vec<(String, f64, String)>>(),
                &*update,
            )
        };
        // SAFETY: borrowed for the call.
        let (name, labels) = unsafe {
            (
                update.name.as_text("name").unwrap(),
                update.attributes_json.as_text("json").unwrap(),
            )
        };
        kept.push((name.to_owned(), update.value, labels.to_owned()));
    }
    let mut options = Runtime::options();
    options.metric_buffer = 100;
    let runtime = Runtime::with(&options);
    // SAFETY: it is alive.
    let shared = unsafe { HgRuntime::read(runtime.0) }.unwrap();
    let meter = shared
        .core()
        .telemetry()
        .get_temporal_metric_meter()
        .unwrap();
    let counter = meter.counter("cups".into());
    counter.add(3, meter.get_default_attributes());
    let mut kept: Vec<(String, f64, String)> = Vec::new();
    for _ in 0..2 {
        // SAFETY: everything is alive.
        let drained =
            unsafe { hg_runtime_metrics_drain(runtime.0, Some(keep), (&raw mut kept).cast()) };
        assert_eq!(Outcome::from(drained).status, HgStatus::Ok);
    }
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!((kept[0].0.as_str(), kept[0].1), ("temporal_cups", 3.0));
    assert!(kept[0].2.contains("service_name"), "{}", kept[0].2);
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
