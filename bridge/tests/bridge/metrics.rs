use crate::support::{Metrics, Outcome, Runtime, text};
use hourglass_bridge::{
    instruments::{HgInstrument, HgMetricLabel, hg_metrics_record},
    metrics::{
        HgMetrics, hg_metrics_drain, hg_metrics_free, hg_metrics_new, hg_metrics_prometheus_address,
    },
    runtime::HgRuntime,
    status::HgStatus,
    telemetry::{HgMetricKind, HgMetricUpdate},
};
use std::{
    ffi::c_void,
    io::{Read, Write},
    net::TcpStream,
    ptr,
    sync::mpsc,
    time::Duration,
};
use temporalio_common::telemetry::metrics::TemporalMeter;

pub type Kept = Vec<(String, f64, String)>;

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

pub fn drain(metrics: &Metrics) -> Kept {
    let mut kept = Kept::new();
    // SAFETY: everything is alive.
    let drained = unsafe { hg_metrics_drain(metrics.0, Some(keep), (&raw mut kept).cast()) };
    assert_eq!(Outcome::from(drained).status, HgStatus::Ok);
    kept
}

fn meter_of(runtime: &Runtime) -> TemporalMeter {
    // SAFETY: it is alive.
    let shared = unsafe { HgRuntime::read(runtime.0) }.unwrap();
    shared
        .core()
        .telemetry()
        .get_temporal_metric_meter()
        .unwrap()
}

pub fn label(name: &str, value: &str) -> HgMetricLabel {
    HgMetricLabel {
        name: text(name),
        value: text(value),
    }
}

pub fn instrument(kind: HgMetricKind, name: &str) -> HgInstrument {
    HgInstrument {
        kind,
        name: text(name),
        unit: text("cups"),
        description: text("What it measures"),
    }
}

pub fn record(
    metrics: &Metrics,
    instrument: HgInstrument,
    labels: &[HgMetricLabel],
    value: f64,
) -> Outcome {
    // SAFETY: everything is alive.
    Outcome::from(unsafe {
        hg_metrics_record(
            metrics.0,
            &raw const instrument,
            labels.as_ptr(),
            labels.len(),
            value,
        )
    })
}

pub fn recorded(metrics: &Metrics, instrument: HgInstrument, labels: &[HgMetricLabel], value: f64) {
    let outcome = record(metrics, instrument, labels, value);
    assert_eq!(outcome.status, HgStatus::Ok, "{}", outcome.message);
}

fn counted(metrics: &Metrics, name: &str, value: f64) {
    recorded(metrics, instrument(HgMetricKind::Counter, name), &[], value);
}

pub fn address_of(metrics: &Metrics) -> String {
    // SAFETY: they are alive.
    let address = Outcome::from(unsafe { hg_metrics_prometheus_address(metrics.0) });
    String::from_utf8(address.bytes).unwrap()
}

pub fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    page
}

#[test]
fn measurements_of_core_are_kept_until_they_are_drained() {
    let metrics = Metrics::with_buffer(100);
    let runtime = metrics.runtime();
    let meter = meter_of(&runtime);
    let counter = meter.counter("cups".into());
    counter.add(3, meter.get_default_attributes());
    let kept = drain(&metrics);
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!((kept[0].0.as_str(), kept[0].1), ("temporal_cups", 3.0));
    assert!(kept[0].2.contains("service_name"), "{}", kept[0].2);
    assert_eq!(drain(&metrics), Kept::new());
}

#[test]
fn a_buffer_that_was_full_loses_what_was_dropped_and_nothing_else() {
    let metrics = Metrics::with_buffer(3); // the default attributes take one place
    let runtime = metrics.runtime();
    let meter = meter_of(&runtime);
    let first = meter.counter("first".into());
    first.add(1, meter.get_default_attributes());
    let lost = meter.counter("lost".into()); // no place for what says its name
    let before = drain(&metrics);
    assert_eq!(before.len(), 1, "{before:?}");
    lost.add(1, meter.get_default_attributes());
    first.add(2, meter.get_default_attributes());
    let after = drain(&metrics);
    assert_eq!(after.len(), 1, "{after:?}");
    assert_eq!((after[0].0.as_str(), after[0].1), ("temporal_first", 2.0));
}

#[test]
fn what_one_runtime_measured_is_still_there_for_the_next() {
    let metrics = Metrics::served_at("127.0.0.1:0");
    let address = address_of(&metrics);
    for _ in 0..3 {
        let runtime = metrics.runtime();
        let meter = meter_of(&runtime);
        let counter = meter.counter("cups".into());
        counter.add(2, meter.get_default_attributes());
        recorded(
            &metrics,
            instrument(HgMetricKind::Counter, "host_runtimes"),
            &[label("of", "tea")],
            1.0,
        );
    }
    let page = get(&address, "/metrics");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(
        page.contains("temporal_cups{service_name=\"temporal-core-sdk\"} 6"),
        "{page}"
    );
    assert!(page.contains("host_runtimes{of=\"tea\"} 3"), "{page}");
    assert!(
        page.contains("# HELP host_runtimes What it measures"),
        "{page}"
    );
    assert!(page.contains("# TYPE host_runtimes counter"), "{page}");
    assert!(get(&address, "/other").starts_with("HTTP/1.1 404"));
}

#[test]
fn the_address_is_free_again_although_a_client_stays_connected() {
    let first = Metrics::served_at("127.0.0.1:0");
    let address = address_of(&first);
    let mut idle = TcpStream::connect(&address).unwrap();
    let taken = Metrics::try_new(&address, 0).0;
    assert_eq!(taken.status, HgStatus::InvalidArgument);
    assert!(taken.message.contains(&address), "{}", taken.message);
    drop(first);
    let second = Metrics::served_at(&address);
    counted(&second, "host_cups", 1.0);
    assert!(get(&address, "/metrics").contains("host_cups 1"));
    idle.set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    assert_eq!(idle.read(&mut [0; 1]).unwrap_or(0), 0, "it was closed");
}

#[test]
fn a_drain_that_hangs_holds_no_other_up() {
    unsafe extern "C" fn hang(user_data: *mut c_void, _: *const HgMetricUpdate) {
        // SAFETY: both ends live as long as the test.
        let (arrived, go) =
            unsafe { &*user_data.cast::<(mpsc::SyncSender<()>, mpsc::Receiver<()>)>() };
        arrived.send(()).unwrap();
        let _ = go.recv();
    }
    let metrics = Metrics::with_buffer(100);
    counted(&metrics, "first", 1.0);
    let (arrived, is_in_it) = mpsc::sync_channel::<()>(1);
    let (end, go) = mpsc::sync_channel::<()>(1);
    let pointer = metrics.0 as usize;
    let hanging = std::thread::spawn(move || {
        let mut ends = (arrived, go);
        // SAFETY: the metrics live until this thread was joined.
        let drained = unsafe {
            hg_metrics_drain(
                pointer as *const HgMetrics,
                Some(hang),
                (&raw mut ends).cast(),
            )
        };
        assert_eq!(Outcome::from(drained).status, HgStatus::Ok);
    });
    is_in_it.recv().unwrap();
    counted(&metrics, "second", 1.0);
    let kept = drain(&metrics);
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(kept[0].0, "second");
    end.send(()).unwrap();
    hanging.join().unwrap();
}

#[test]
fn what_cannot_work_is_refused_by_name() {
    let refuses = |outcome: &Outcome, about: &str| {
        assert_eq!(outcome.status, HgStatus::InvalidArgument);
        assert!(outcome.message.contains(about), "{}", outcome.message);
    };
    refuses(&Metrics::try_new("", 0).0, "neither");
    refuses(&Metrics::try_new("127.0.0.1:0", 5).0, "both");
    refuses(&Metrics::try_new("nowhere", 0).0, "\"nowhere\"");
    refuses(&Metrics::try_new("192.0.2.1:1", 0).0, "192.0.2.1:1"); // of no machine
    let metrics = Metrics::with_buffer(10);
    // SAFETY: null is what is asked about.
    unsafe {
        refuses(
            &hg_metrics_drain(metrics.0, None, ptr::null_mut()).into(),
            "callback",
        );
        refuses(&hg_metrics_new(ptr::null(), ptr::null_mut()).into(), "null");
        refuses(
            &hg_metrics_prometheus_address(ptr::null()).into(),
            "metrics",
        );
        hg_metrics_free(ptr::null_mut());
    }
}
