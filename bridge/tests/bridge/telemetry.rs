use crate::support::{Runtime, text};
use hourglass_bridge::{runtime::HgRuntime, telemetry::HgLogRecord};
use parking_lot::Mutex;
use std::ffi::c_void;

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
    let tokio = shared.enter(tokio::runtime::Handle::current);
    let on_thread = tokio.spawn(async { tracing::info!("spawned") });
    tokio.block_on(on_thread).unwrap();
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
