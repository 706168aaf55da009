//! Core's logs, pushed to a callback, and its metrics, buffered until they are drained.

use crate::bytes::HgBytesRef;
use parking_lot::{Mutex, RwLock};
use std::{any::Any, collections::BTreeMap, ffi::c_void, fmt, sync::Arc};
use temporalio_common::telemetry::{
    CoreLog, CoreLogConsumer,
    metrics::{
        CoreMeter, MetricKeyValue, MetricValue,
        core::{
            BufferAttributes, BufferInstrumentRef, CustomMetricAttributes, MetricCallBufferer,
            MetricEvent, MetricKind, MetricUpdateVal,
        },
    },
};
use temporalio_sdk_core::telemetry::MetricsCallBuffer;

/// How serious a log record is.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HgLogLevel {
    /// The finest.
    Trace = 0,
    /// For whoever looks for a fault.
    Debug = 1,
    /// What happens in good order.
    Info = 2,
    /// Something is odd.
    Warn = 3,
    /// Something failed.
    Error = 4,
}

/// One log record of Core; everything in it is borrowed for the call.
#[repr(C)]
#[derive(Debug)]
pub struct HgLogRecord {
    /// How serious it is.
    pub level: HgLogLevel,
    /// When, in milliseconds since 1970.
    pub timestamp_ms: u64,
    /// The module it comes from, UTF-8.
    pub target: HgBytesRef,
    /// The text, UTF-8.
    pub message: HgBytesRef,
    /// The fields of the record and of the spans it is in: a JSON object.
    pub fields_json: HgBytesRef,
}

/// Receives Core's log records, on any thread that works for the runtime or calls this library.
/// It may only post: never block, never throw, never call this library.
pub type HgLogCallback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, record: *const HgLogRecord)>;

/// Where the records go, until `close`.
pub struct LogSink {
    target: RwLock<Option<LogTarget>>,
}

struct LogTarget {
    callback: unsafe extern "C" fn(*mut c_void, *const HgLogRecord),
    user_data: *mut c_void,
}

// SAFETY: the header tells callers that the callback runs on any thread with this user data.
unsafe impl Send for LogTarget {}
// SAFETY: as above; several threads may be in it at once.
unsafe impl Sync for LogTarget {}

impl fmt::Debug for LogSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LogSink")
    }
}

impl LogSink {
    /// A sink that calls `callback`.
    pub fn new(callback: HgLogCallback, user_data: *mut c_void) -> Arc<Self> {
        let target = callback.map(|callback| LogTarget {
            callback,
            user_data,
        });
        Arc::new(Self {
            target: RwLock::new(target),
        })
    }

    /// Ends the calls: once this returns, none is under way and none follows.
    pub fn close(&self) {
        *self.target.write() = None;
    }
}

impl CoreLogConsumer for LogSink {
    fn on_log(&self, log: CoreLog) {
        let target = self.target.read();
        let Some(target) = target.as_ref() else {
            return;
        };
        let fields = serde_json::to_string(&log.fields).unwrap_or_else(|_| "{}".to_owned());
        let level = match log.level {
            tracing::Level::TRACE => HgLogLevel::Trace,
            tracing::Level::DEBUG => HgLogLevel::Debug,
            tracing::Level::INFO => HgLogLevel::Info,
            tracing::Level::WARN => HgLogLevel::Warn,
            tracing::Level::ERROR => HgLogLevel::Error,
        };
        let record = HgLogRecord {
            level,
            timestamp_ms: u64::try_from(log.millis_since_epoch()).unwrap_or(u64::MAX),
            target: HgBytesRef::of(log.target.as_bytes()),
            message: HgBytesRef::of(log.message.as_bytes()),
            fields_json: HgBytesRef::of(fields.as_bytes()),
        };
        // SAFETY: the callback is the caller's, with the user data it came with; `close` has not
        // returned, so both are still alive.
        unsafe { (target.callback)(target.user_data, &record) };
    }
}

/// What an instrument measures, and so what an update's value means.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HgMetricKind {
    /// Only grows; the value is added.
    Counter = 0,
    /// The value replaces the one before.
    Gauge = 1,
    /// The value is one observation; durations are in milliseconds.
    Histogram = 2,
    /// Goes up and down; the value is added.
    UpDownCounter = 3,
}

/// One recorded measurement; everything in it is borrowed for the call.
#[repr(C)]
#[derive(Debug)]
pub struct HgMetricUpdate {
    /// What is measured.
    pub kind: HgMetricKind,
    /// See `kind`.
    pub value: f64,
    /// The instrument's name; Core's own begin with `temporal_`.
    pub name: HgBytesRef,
    /// Its unit, may be empty.
    pub unit: HgBytesRef,
    /// What it measures, may be empty.
    pub description: HgBytesRef,
    /// The labels: a JSON object.
    pub attributes_json: HgBytesRef,
}

/// Receives one measurement, on the thread that drains; must not throw or call this library.
pub type HgMetricCallback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, update: *const HgMetricUpdate)>;

/// An instrument of the buffer.
#[derive(Clone, Debug, Default)]
pub struct Instrument {
    name: String,
    unit: String,
    description: String,
    /// None: the event that said what it is was dropped, because the buffer was full.
    kind: Option<HgMetricKind>,
}

impl BufferInstrumentRef for Instrument {}

#[derive(Debug, Default)]
struct Attributes {
    values: BTreeMap<String, serde_json::Value>,
    json: String,
}

impl CustomMetricAttributes for Attributes {
    fn as_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

/// Measurements that wait to be drained.
pub struct MetricBuffer {
    buffer: Arc<MetricsCallBuffer<Instrument>>,
    /// Two drains at once would see updates of instruments that the other has not set up yet.
    draining: Mutex<()>,
}

/// A measurement on its way out.
struct Measured {
    instrument: Arc<Instrument>,
    kind: HgMetricKind,
    attributes: Option<Arc<Attributes>>,
    value: f64,
}

impl MetricBuffer {
    /// A buffer for `capacity` events; when it is full, Core drops and logs it.
    pub fn new(capacity: usize) -> Self {
        Self {
            buffer: Arc::new(MetricsCallBuffer::new(capacity)),
            draining: Mutex::new(()),
        }
    }

    /// The buffer as Core wants it.
    pub fn meter(&self) -> Arc<dyn CoreMeter> {
        self.buffer.clone()
    }

    /// Calls `each` for every measurement since the last drain, under no lock: one that hangs holds
    /// nobody else up.
    pub fn drain(&self, mut each: impl FnMut(&HgMetricUpdate)) {
        for measured in self.take() {
            let json = measured
                .attributes
                .as_ref()
                .map_or("{}", |known| known.json.as_str());
            each(&HgMetricUpdate {
                kind: measured.kind,
                value: measured.value,
                name: HgBytesRef::of(measured.instrument.name.as_bytes()),
                unit: HgBytesRef::of(measured.instrument.unit.as_bytes()),
                description: HgBytesRef::of(measured.instrument.description.as_bytes()),
                attributes_json: HgBytesRef::of(json.as_bytes()),
            });
        }
    }

    fn take(&self) -> Vec<Measured> {
        let _alone = self.draining.lock();
        let mut taken = Vec::new();
        for event in self.buffer.retrieve() {
            match event {
                MetricEvent::Create {
                    params,
                    populate_into,
                    kind,
                } => {
                    let _ = populate_into.set(Arc::new(Instrument {
                        name: params.name.into_owned(),
                        unit: params.unit.into_owned(),
                        description: params.description.into_owned(),
                        kind: Some(kind_of(kind)),
                    }));
                }
                MetricEvent::CreateAttributes {
                    populate_into,
                    append_from,
                    attributes,
                } => {
                    let _ = populate_into.set(extend(append_from, attributes));
                }
                MetricEvent::Update {
                    instrument,
                    attributes,
                    update,
                } => {
                    // A hole stays one when the buffer was too full for what fills it, and asking it
                    // panics; filling it does not. Its updates are lost, or lack their labels.
                    let _ = instrument.set(Arc::new(Instrument::default()));
                    let instrument = instrument.get();
                    let Some(kind) = instrument.kind else {
                        continue;
                    };
                    taken.push(Measured {
                        instrument: instrument.clone(),
                        kind,
                        attributes: downcast(&attributes),
                        value: value_of(update),
                    });
                }
            }
        }
        taken
    }
}

fn kind_of(kind: MetricKind) -> HgMetricKind {
    match kind {
        MetricKind::Counter => HgMetricKind::Counter,
        MetricKind::Gauge | MetricKind::GaugeF64 => HgMetricKind::Gauge,
        MetricKind::Histogram | MetricKind::HistogramF64 | MetricKind::HistogramDuration => {
            HgMetricKind::Histogram
        }
        MetricKind::UpDownCounter => HgMetricKind::UpDownCounter,
    }
}

#[allow(clippy::cast_precision_loss)] // Metrics: 53 bits are plenty.
fn value_of(update: MetricUpdateVal) -> f64 {
    match update {
        MetricUpdateVal::Delta(value) | MetricUpdateVal::Value(value) => value as f64,
        MetricUpdateVal::DeltaF64(value) | MetricUpdateVal::ValueF64(value) => value,
        MetricUpdateVal::Duration(value) => value.as_secs_f64() * 1000.0,
        MetricUpdateVal::SignedDelta(value) => value as f64,
    }
}

fn downcast(attributes: &BufferAttributes) -> Option<Arc<Attributes>> {
    let _ = attributes.set(Arc::new(Attributes::default()));
    attributes.get().clone().as_any().downcast().ok()
}

fn extend(base: Option<BufferAttributes>, added: Vec<MetricKeyValue>) -> Arc<Attributes> {
    let mut values = base
        .and_then(|base| downcast(&base))
        .map(|base| base.values.clone())
        .unwrap_or_default();
    for MetricKeyValue { key, value } in added {
        let value = match value {
            MetricValue::String(value) => value.into(),
            MetricValue::Int(value) => value.into(),
            MetricValue::Float(value) => value.into(),
            MetricValue::Bool(value) => value.into(),
        };
        values.insert(key, value);
    }
    let json = serde_json::to_string(&values).unwrap_or_else(|_| "{}".to_owned());
    Arc::new(Attributes { values, json })
}
