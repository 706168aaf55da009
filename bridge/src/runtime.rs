//! The runtime: the threads that Core runs on, with its logs.

use crate::{
    bytes::HgBytesRef,
    call,
    driven::Driven,
    generation::{self, Abandon},
    handle::{self, Handle},
    metrics::HgMetrics,
    status::{Failure, HgResult, HgStatus},
    telemetry::{HgLogCallback, LogSink},
};
use futures_util::FutureExt;
use parking_lot::Mutex;
use std::{
    ffi::c_void,
    future::Future,
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use temporalio_common::telemetry::{
    Logger, TelemetryOptions, construct_filter_string, remove_trace_subscriber_for_current_thread,
    set_trace_subscriber_for_current_thread, telemetry_init,
};
use temporalio_sdk_core::CoreRuntime;
use tracing_subscriber::EnvFilter;

/// How long freeing waits for work that cannot be interrupted.
const STOP_WITHIN: Duration = Duration::from_secs(10);

/// How to make a runtime.
#[repr(C)]
#[derive(Debug)]
pub struct HgRuntimeOptions {
    /// Number of threads; 0: what the variable TOKIO_WORKER_THREADS says, or else one for every two
    /// processors.
    pub threads: u32,
    /// No thread (and `threads` is 0): asynchronous calls go on only while a thread of the caller's is
    /// in `hg_runtime_drive`, and answer there.
    pub driven: bool,
    /// What of Core's log to forward, in the syntax of `RUST_LOG`; empty: Core's warnings and
    /// other libraries' errors.
    pub log_filter: HgBytesRef,
    /// Receives the log; null: no log.
    pub log_callback: HgLogCallback,
    /// For `log_callback`; in use until `hg_runtime_free` returns, for ever if it is stale then.
    pub log_user_data: *mut c_void,
    /// Where Core's metrics go, borrowed for the call; null: nothing is measured.
    pub metrics: *const HgMetrics,
    /// How often workers report themselves to the server, 1000 to 60000 ms; 0: never.
    pub worker_heartbeat_interval_ms: u64,
}

/// The options that Core itself would choose: no log, no metrics, a worker heartbeat each minute.
#[unsafe(no_mangle)]
pub extern "C" fn hg_runtime_options_default() -> HgRuntimeOptions {
    HgRuntimeOptions {
        threads: 0,
        driven: false,
        log_filter: HgBytesRef::EMPTY,
        log_callback: None,
        log_user_data: std::ptr::null_mut(),
        metrics: std::ptr::null(),
        worker_heartbeat_interval_ms: 60_000,
    }
}

/// Threads of Core, with everything that lives as long as they do.
pub struct HgRuntime(Handle<Arc<RuntimeShared>>);

impl HgRuntime {
    /// The runtime behind `pointer`.
    ///
    /// # Safety
    /// `pointer` is null or a live runtime.
    pub unsafe fn read<'a>(pointer: *const Self) -> Result<&'a Arc<RuntimeShared>, Failure> {
        // SAFETY: upheld by the caller.
        unsafe { handle::read(pointer, "runtime") }?
            .0
            .get("runtime")
    }
}

/// What a runtime shares with the connections and workers made from it.
pub struct RuntimeShared {
    generation: u64,
    /// Shared with threads that drive it.
    tokio: Mutex<Option<Arc<tokio::runtime::Runtime>>>,
    tokio_handle: tokio::runtime::Handle,
    /// If it is driven.
    driven: Option<Driven>,
    core: CoreRuntime,
    dispatch: tracing::Dispatch,
    logs: Arc<LogSink>,
    closed: AtomicBool,
}

impl RuntimeShared {
    /// The generation that made it.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Core's part.
    pub fn core(&self) -> &CoreRuntime {
        &self.core
    }

    /// Begins asynchronous work that ends by answering a call.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        match &self.driven {
            Some(driven) => driven.add(work),
            None => drop(self.tokio_handle.spawn(work)),
        }
    }

    /// Whether it takes no work any more.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Runs `f` as if on a thread of this runtime: it may spawn, and its log is forwarded.
    pub fn enter<T>(&self, f: impl FnOnce() -> T) -> T {
        let _in_tokio = self.tokio_handle.enter();
        tracing::dispatcher::with_default(&self.dispatch, f)
    }

    fn close(&self) {
        self.closed.store(true, Ordering::Release);
        if let Some(tokio) = self.take_tokio() {
            tokio.shutdown_timeout(STOP_WITHIN);
        }
        if let Some(driven) = &self.driven {
            driven.close();
        }
        self.logs.close();
    }

    /// The threads, to be ended; `None` if that is done, or left to the thread that drives them.
    fn take_tokio(&self) -> Option<tokio::runtime::Runtime> {
        let tokio = self.tokio.lock().take()?;
        Arc::into_inner(tokio)
    }

    fn drive(&self, limit: Duration) -> Result<Vec<u8>, Failure> {
        let Some(driven) = &self.driven else {
            return Err(Failure::invalid("this runtime has threads of its own"));
        };
        let over = || Failure::shutdown("the runtime is shut down");
        let tokio = self.tokio.lock().clone().ok_or_else(over)?;
        let run = async {
            if limit.is_zero() {
                return driven.run().now_or_never(); // Tokio's shortest time is a millisecond.
            }
            tokio::time::timeout(limit, driven.run()).await.ok()
        };
        let answered = tracing::dispatcher::with_default(&self.dispatch, || tokio.block_on(run));
        if let Some(ended) = Arc::into_inner(tokio) {
            ended.shutdown_background(); // It was given up meanwhile, and is this thread's to end.
        }
        match answered {
            Some(true) => Ok(Vec::new()),
            Some(false) => Err(over()),
            None => Err(Failure::new(
                HgStatus::Timeout,
                "no call was answered within the limit",
            )),
        }
    }
}

impl Abandon for RuntimeShared {
    /// Ends all work without waiting for it.
    fn abandon(&self) {
        self.closed.store(true, Ordering::Release);
        if let Some(tokio) = self.take_tokio() {
            tokio.shutdown_background();
        }
        if let Some(driven) = &self.driven {
            driven.close();
        }
    }
}

/// Gives a runtime in `*out`. Any thread.
///
/// # Safety
/// `options` and `out` point to what their types say; the bytes in `options` are readable, and its
/// metrics live if there are any.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_runtime_new(
    options: *const HgRuntimeOptions,
    out: *mut *mut HgRuntime,
) -> HgResult {
    call::guard(|| {
        // SAFETY: upheld by the caller.
        let options = unsafe { handle::read(options, "runtime's options") }?;
        if out.is_null() {
            return Err(Failure::invalid("out is null"));
        }
        generation::watch_forks();
        let generation = generation::current();
        // SAFETY: upheld by the caller.
        let shared = Arc::new(unsafe { build(options, generation) }?);
        let known: Arc<dyn Abandon> = shared.clone();
        generation::remember(Arc::downgrade(&known), generation);
        let runtime = HgRuntime(Handle::of_generation(generation, shared));
        // SAFETY: not null, and the caller says that it is writable.
        unsafe { out.write(Box::into_raw(Box::new(runtime))) };
        Ok(Vec::new())
    })
}

/// # Safety
/// The bytes in `options` are readable, and its metrics live if there are any.
unsafe fn build(options: &HgRuntimeOptions, generation: u64) -> Result<RuntimeShared, Failure> {
    let meter = if options.metrics.is_null() {
        None
    } else {
        // SAFETY: upheld by the caller.
        Some(unsafe { HgMetrics::read(options.metrics) }?.meter())
    };
    let heartbeat = (options.worker_heartbeat_interval_ms > 0)
        .then(|| Duration::from_millis(options.worker_heartbeat_interval_ms));
    if heartbeat.is_some_and(|interval| interval.as_secs() < 1 || interval.as_secs() > 60) {
        return Err(Failure::invalid(format!(
            "worker_heartbeat_interval_ms is {}, expected 0 or 1000 to 60000",
            options.worker_heartbeat_interval_ms
        )));
    }
    let logs = LogSink::new(options.log_callback, options.log_user_data);
    let logger = Logger::Push {
        // SAFETY: upheld by the caller.
        filter: unsafe { log_filter(options) }?,
        consumer: logs.clone(),
    };
    let telemetry = TelemetryOptions::builder()
        .maybe_logging(options.log_callback.is_some().then_some(logger))
        .maybe_metrics(meter)
        .build();
    let telemetry =
        telemetry_init(telemetry).map_err(|error| cannot_start("Core's log", &error))?;

    if options.driven && options.threads > 0 {
        return Err(Failure::invalid(format!(
            "threads is {}, expected 0: a driven runtime has none",
            options.threads
        )));
    }
    let mut builder = if options.driven {
        tokio::runtime::Builder::new_current_thread()
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    builder.enable_all().thread_name("hourglass-core");
    if !options.driven
        && let Some(threads) = threads(options)
    {
        builder.worker_threads(threads);
    }
    let subscriber = telemetry.trace_subscriber();
    builder.on_thread_start(move || {
        block_sigpipe();
        if let Some(subscriber) = &subscriber {
            set_trace_subscriber_for_current_thread(subscriber.clone());
        }
    });
    let tokio = builder
        .build()
        .map_err(|error| cannot_start("the runtime's threads", &error))?;
    let tokio_handle = tokio.handle().clone();
    let in_tokio = tokio_handle.enter();
    let dispatch = telemetry
        .trace_subscriber()
        .map_or_else(tracing::Dispatch::none, tracing::Dispatch::new);
    let core = CoreRuntime::new_assume_tokio_initialized_telem(telemetry, heartbeat);
    // Core made this thread log to the new runtime for good; `enter` does it for one call.
    remove_trace_subscriber_for_current_thread();
    drop(in_tokio);
    Ok(RuntimeShared {
        generation,
        tokio: Mutex::new(Some(Arc::new(tokio))),
        tokio_handle,
        driven: options.driven.then(Driven::default),
        core,
        dispatch,
        logs,
        closed: AtomicBool::new(false),
    })
}

/// How many threads Tokio is to have; `None`: it reads the variable.
///
/// Not one for each processor, as Tokio would have it: half of the work is not Core's, and a thread
/// that goes on alone wakes no other one, which would find little to do (docs/performance.md).
fn threads(options: &HgRuntimeOptions) -> Option<usize> {
    if options.threads > 0 {
        return Some(options.threads as usize);
    }
    if std::env::var_os("TOKIO_WORKER_THREADS").is_some() {
        return None;
    }
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    Some((processors / 2).max(1))
}

/// Rust's own programs ignore SIGPIPE; in a C++ one, writing to a connection that the server closed
/// would end the process. Blocked on the threads that write, it does not.
pub(crate) fn block_sigpipe() {
    // SAFETY: the set is made by `sigemptyset` before it is read.
    unsafe {
        let mut set = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, libc::SIGPIPE);
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut());
    }
}

fn cannot_start(what: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(
        HgStatus::Internal,
        format!("cannot start {what}: {error:#}"),
    )
}

/// # Safety
/// The bytes in `options` are readable.
unsafe fn log_filter(options: &HgRuntimeOptions) -> Result<String, Failure> {
    // SAFETY: upheld by the caller.
    let filter = unsafe { options.log_filter.as_text("log_filter") }?;
    if filter.is_empty() {
        return Ok(construct_filter_string(
            tracing::Level::WARN,
            tracing::Level::ERROR,
        ));
    }
    EnvFilter::try_new(filter)
        .map_err(|error| Failure::invalid(format!("log_filter \"{filter}\" is wrong: {error}")))?;
    Ok(filter.to_owned())
}

/// Lends this thread to `runtime`, which is driven: does what its asynchronous calls ask for until
/// one of them has been answered, by a callback on this thread, or `limit_ms` have passed
/// (`Timeout`); 0: only looks whether one has. `runtime` is borrowed. Any thread that no runtime
/// runs on; one at a time makes progress.
///
/// # Safety
/// `runtime` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_runtime_drive(runtime: *const HgRuntime, limit_ms: u64) -> HgResult {
    call::guard(|| {
        // SAFETY: upheld by the caller.
        unsafe { HgRuntime::read(runtime) }?.drive(Duration::from_millis(limit_ms))
    })
}

/// Ends `runtime` and its threads: asynchronous calls that are under way end with `Shutdown`, and
/// the log callback does not run any more once this returns. Waits for the threads, 10 seconds at
/// most; on a thread of a runtime (in a callback) it does not wait, and the rest happens on another
/// thread. Handles made from it answer `Shutdown` from now on. Stale or null is fine; one
/// that came through a fork leaks.
///
/// # Safety
/// `runtime` is null or came from `hg_runtime_new` and is not freed; no call with it is under way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_runtime_free(runtime: *mut HgRuntime) {
    if runtime.is_null() {
        return;
    }
    call::catch_free(|| {
        // SAFETY: it was made by `Box::into_raw`, and the caller gives it up.
        let runtime = unsafe { Box::from_raw(runtime) };
        let Some(shared) = runtime.0.into_content() else {
            return;
        };
        if tokio::runtime::Handle::try_current().is_ok() {
            shared.logs.close();
            std::thread::spawn(move || shared.close());
        } else {
            shared.close();
        }
    });
}
