//! Where metrics go: Core's own, and what the host measures beside them.
//!
//! They are no part of a runtime, so that they outlive each of them: what was counted before a runtime
//! was replaced is still there, and the address where Prometheus fetches them stays the same.

use crate::{
    bytes::HgBytesRef,
    call,
    generation::{self, Abandon},
    handle::{self, Handle},
    instruments::Instruments,
    runtime::block_sigpipe,
    status::{Failure, HgResult},
    telemetry::{HgMetricCallback, MetricBuffer},
};
use parking_lot::Mutex;
use std::{
    ffi::c_void,
    net::SocketAddr,
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
};
use temporalio_common::telemetry::{
    PrometheusExporterOptions, metrics::CoreMeter, start_prometheus_metric_exporter,
};
use tokio::sync::oneshot;

/// Where metrics are to go: one of the two.
#[repr(C)]
#[derive(Debug)]
pub struct HgMetricsOptions {
    /// `IP:port` where Prometheus can fetch them at `/metrics` (port 0: a free one); empty: nowhere.
    pub prometheus_address: HgBytesRef,
    /// Number of events to keep for `hg_metrics_drain`, when there are more they are dropped; 0:
    /// none.
    pub buffer: u32,
}

/// A place for metrics, for one runtime after the other.
pub struct HgMetrics(Handle<Arc<MetricsShared>>);

impl HgMetrics {
    /// The place behind `pointer`.
    ///
    /// # Safety
    /// `pointer` is null or live.
    pub unsafe fn read<'a>(pointer: *const Self) -> Result<&'a Arc<MetricsShared>, Failure> {
        // SAFETY: upheld by the caller.
        unsafe { handle::read(pointer, "metrics") }?
            .0
            .get("metrics handle")
    }
}

/// What is behind an [`HgMetrics`].
pub struct MetricsShared {
    sink: Sink,
    instruments: Instruments,
}

enum Sink {
    Buffer(MetricBuffer),
    Prometheus(PrometheusServer),
}

impl MetricsShared {
    fn new(sink: Sink) -> Self {
        let keep_instruments = matches!(sink, Sink::Prometheus(_));
        Self {
            sink,
            instruments: Instruments::new(keep_instruments),
        }
    }

    /// What the host measures with.
    pub fn instruments(&self) -> &Instruments {
        &self.instruments
    }

    /// The meter, as Core wants it.
    pub fn meter(&self) -> Arc<dyn CoreMeter> {
        match &self.sink {
            Sink::Buffer(buffer) => buffer.meter(),
            Sink::Prometheus(server) => server.meter.clone(),
        }
    }
}

impl Abandon for MetricsShared {
    fn make_room(&self) {
        if let Sink::Prometheus(server) = &self.sink {
            server.stop(); // its address is free then
        }
    }

    fn abandon(&self) {
        self.make_room();
    }
}

/// Serves metrics from a thread of its own.
struct PrometheusServer {
    meter: Arc<dyn CoreMeter>,
    address: SocketAddr,
    running: Mutex<Option<Running>>,
}

struct Running {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

type Started = Result<(Arc<dyn CoreMeter>, SocketAddr), String>;

impl PrometheusServer {
    fn start(address: SocketAddr) -> Result<Self, Failure> {
        let cannot =
            |error: String| Failure::invalid(format!("cannot serve metrics on {address}: {error}"));
        let (tell, started) = mpsc::sync_channel(1);
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("hg-metrics".to_owned())
            .spawn(move || serve(address, &tell, stopped))
            .map_err(|error| cannot(error.to_string()))?;
        let (meter, bound) = started
            .recv()
            .unwrap_or_else(|_| Err("its thread ended".to_owned()))
            .map_err(cannot)?;
        Ok(Self {
            meter,
            address: bound,
            running: Mutex::new(Some(Running { stop, thread })),
        })
    }

    /// Nobody listens once this returns. Idempotent.
    fn stop(&self) {
        if let Some(running) = self.running.lock().take() {
            let _ = running.stop.send(());
            let _ = running.thread.join();
        }
    }
}

impl Drop for PrometheusServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The server's thread: until `stopped` is told or dropped. The end of the executor then closes the
/// listener and all connections.
fn serve(address: SocketAddr, tell: &mpsc::SyncSender<Started>, stopped: oneshot::Receiver<()>) {
    block_sigpipe();
    let executor = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(executor) => executor,
        Err(error) => {
            let _ = tell.send(Err(error.to_string()));
            return;
        }
    };
    executor.block_on(async {
        let options = PrometheusExporterOptions::builder()
            .socket_addr(address)
            .build();
        match start_prometheus_metric_exporter(options) {
            Ok(server) => {
                let meter: Arc<dyn CoreMeter> = server.meter;
                let _ = tell.send(Ok((meter, server.bound_addr)));
                let _ = stopped.await;
            }
            Err(error) => {
                let _ = tell.send(Err(format!("{error:#}")));
            }
        }
    });
}

/// Gives a place for metrics in `*out`. Any thread.
///
/// # Safety
/// `options` and `out` point to what their types say; the bytes in `options` are readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_metrics_new(
    options: *const HgMetricsOptions,
    out: *mut *mut HgMetrics,
) -> HgResult {
    call::guard(|| {
        // SAFETY: upheld by the caller.
        let options = unsafe { handle::read(options, "options of the metrics") }?;
        if out.is_null() {
            return Err(Failure::invalid("out is null"));
        }
        // SAFETY: upheld by the caller.
        let address = unsafe { options.prometheus_address.as_text("prometheus_address") }?;
        generation::watch_forks();
        let generation = generation::current();
        let sink = match (address, options.buffer) {
            ("", 0) => {
                return Err(Failure::invalid(
                    "neither prometheus_address nor buffer says where the metrics are to go",
                ));
            }
            ("", buffer) => Sink::Buffer(MetricBuffer::new(buffer as usize)),
            (address, 0) => Sink::Prometheus(PrometheusServer::start(parsed(address)?)?),
            _ => {
                return Err(Failure::invalid(
                    "prometheus_address and buffer are both set, but Core has one place for metrics",
                ));
            }
        };
        let shared = Arc::new(MetricsShared::new(sink));
        let known: Arc<dyn Abandon> = shared.clone();
        generation::remember(Arc::downgrade(&known), generation);
        let metrics = HgMetrics(Handle::of_generation(generation, shared));
        // SAFETY: not null, and the caller says that it is writable.
        unsafe { out.write(Box::into_raw(Box::new(metrics))) };
        Ok(Vec::new())
    })
}

fn parsed(address: &str) -> Result<SocketAddr, Failure> {
    address.parse().map_err(|error| {
        Failure::invalid(format!(
            "prometheus_address \"{address}\" is not IP:port: {error}"
        ))
    })
}

/// Calls `callback` for every measurement since the last drain, on this thread. Without a `buffer`
/// there is none. `metrics` is borrowed; any thread.
///
/// # Safety
/// `metrics` is live; `callback` keeps its rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_metrics_drain(
    metrics: *const HgMetrics,
    callback: HgMetricCallback,
    user_data: *mut c_void,
) -> HgResult {
    call::guard(|| {
        // SAFETY: upheld by the caller.
        let shared = unsafe { HgMetrics::read(metrics) }?;
        let callback = callback.ok_or_else(|| Failure::invalid("the callback is null"))?;
        if let Sink::Buffer(buffer) = &shared.sink {
            // SAFETY: the callback is the caller's, with the user data it came with.
            buffer.drain(|update| unsafe { callback(user_data, update) });
        }
        Ok(Vec::new())
    })
}

/// Answers with the `IP:port` where Prometheus can fetch the metrics, empty without one. `metrics`
/// is borrowed; any thread.
///
/// # Safety
/// `metrics` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_metrics_prometheus_address(metrics: *const HgMetrics) -> HgResult {
    call::guard(|| {
        // SAFETY: upheld by the caller.
        let shared = unsafe { HgMetrics::read(metrics) }?;
        Ok(match &shared.sink {
            Sink::Buffer(_) => Vec::new(),
            Sink::Prometheus(server) => server.address.to_string().into_bytes(),
        })
    })
}

/// Ends `metrics`: once this returns nobody listens at its address. Runtimes that were made with it
/// go on, and measure for nobody. Stale or null is fine; one that came
/// through a fork leaks.
///
/// # Safety
/// `metrics` is null or came from `hg_metrics_new` and is not freed; no call with it is under way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_metrics_free(metrics: *mut HgMetrics) {
    if metrics.is_null() {
        return;
    }
    call::catch_free(|| {
        // SAFETY: it was made by `Box::into_raw`, and the caller gives it up.
        let metrics = unsafe { Box::from_raw(metrics) };
        drop(metrics.0.into_content());
    });
}
