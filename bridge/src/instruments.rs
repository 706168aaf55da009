//! What the host measures, beside Core: it names an instrument with each measurement, and holds no
//! handle of one.

use crate::{
    bytes::HgBytesRef,
    call, handle,
    metrics::HgMetrics,
    status::{Failure, HgResult},
    telemetry::HgMetricKind,
};
use parking_lot::Mutex;
use std::{
    collections::{HashMap, hash_map::Entry},
    slice,
};
use temporalio_common::telemetry::metrics::{
    CoreMeter, Counter, GaugeF64, HistogramF64, MetricAttributes, MetricKeyValue, MetricParameters,
    NewAttributes, UpDownCounter,
};

/// What is measured; everything in it is borrowed for the call.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct HgInstrument {
    /// What its values mean. A name has one kind, as long as its metrics live.
    pub kind: HgMetricKind,
    /// Its name: letters, digits and `_`, no digit first. `temporal_` is for Core's own.
    pub name: HgBytesRef,
    /// Its unit, UTF-8, such as "ms"; may be empty. Prometheus is not told.
    pub unit: HgBytesRef,
    /// What it measures, UTF-8; may be empty.
    pub description: HgBytesRef,
}

/// A label of a measurement.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct HgMetricLabel {
    /// Its name: letters, digits and `_`, no digit first.
    pub name: HgBytesRef,
    /// Its value, UTF-8.
    pub value: HgBytesRef,
}

/// Up to here each whole number is a number of its own.
const MOST_COUNTED: f64 = 9_007_199_254_740_992.0;
/// The label of a histogram's buckets.
const BUCKETS: &str = "le";

/// Core's instruments for the host's names.
pub struct Instruments {
    /// Those of a buffer are made anew for each measurement: when it is full, what says their names
    /// is dropped, and who kept the instrument would be silent for ever.
    keep: bool,
    known: Mutex<HashMap<String, Known>>,
}

struct Known {
    kind: HgMetricKind,
    kept: Option<Instrument>,
}

#[derive(Clone)]
enum Instrument {
    Counter(Counter),
    Gauge(GaugeF64),
    Histogram(HistogramF64),
    UpDownCounter(UpDownCounter),
}

/// An [`HgInstrument`] whose texts are checked.
struct Described<'a> {
    kind: HgMetricKind,
    name: &'a str,
    unit: &'a str,
    description: &'a str,
}

impl Instruments {
    /// None yet. With `keep` the first description of a name holds for all that follow, which
    /// Prometheus needs: it would serve a second series otherwise.
    pub fn new(keep: bool) -> Self {
        Self {
            keep,
            known: Mutex::new(HashMap::new()),
        }
    }

    /// Under no lock but the table's.
    fn find(
        &self,
        described: &Described<'_>,
        meter: &dyn CoreMeter,
    ) -> Result<Instrument, Failure> {
        let mut known = self.known.lock();
        match known.entry(described.name.to_owned()) {
            Entry::Occupied(entry) => {
                let Known { kind, kept } = entry.get();
                if *kind != described.kind {
                    return Err(Failure::invalid(format!(
                        "\"{}\" is a {kind:?} already and cannot be a {:?} too; give one of them \
                         another name",
                        described.name, described.kind
                    )));
                }
                Ok(kept
                    .clone()
                    .unwrap_or_else(|| Instrument::new(described, meter)))
            }
            Entry::Vacant(place) => {
                let made = Instrument::new(described, meter);
                place.insert(Known {
                    kind: described.kind,
                    kept: self.keep.then(|| made.clone()),
                });
                Ok(made)
            }
        }
    }
}

impl Instrument {
    fn new(described: &Described<'_>, meter: &dyn CoreMeter) -> Self {
        let parameters = MetricParameters::builder()
            .name(described.name.to_owned())
            .unit(described.unit.to_owned())
            .description(described.description.to_owned())
            .build();
        match described.kind {
            HgMetricKind::Counter => Self::Counter(meter.counter(parameters)),
            HgMetricKind::Gauge => Self::Gauge(meter.gauge_f64(parameters)),
            HgMetricKind::Histogram => Self::Histogram(meter.histogram_f64(parameters)),
            HgMetricKind::UpDownCounter => Self::UpDownCounter(meter.up_down_counter(parameters)),
        }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `check_value` has seen it.
    fn record(&self, value: f64, attributes: &MetricAttributes) {
        match self {
            Self::Counter(counter) => counter.add(value as u64, attributes),
            Self::Gauge(gauge) => gauge.record(value, attributes),
            Self::Histogram(histogram) => histogram.record(value, attributes),
            Self::UpDownCounter(counter) => counter.add(value as i64, attributes),
        }
    }
}

/// Records one measurement beside Core's own: adds `value` to the counter of that name and those
/// labels, where 0 makes it known, sets the gauge, or lets the histogram observe it, a duration in
/// milliseconds. Counters take whole numbers, up to 2^53. With Prometheus the first call says what
/// the instrument's description is. Everything is borrowed; any thread; does not block.
///
/// # Safety
/// `metrics` is live; `instrument` points to one whose `kind` is of the enumeration; `labels` points
/// to `label_count` labels; all bytes are readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_metrics_record(
    metrics: *const HgMetrics,
    instrument: *const HgInstrument,
    labels: *const HgMetricLabel,
    label_count: usize,
    value: f64,
) -> HgResult {
    call::guard(|| {
        // SAFETY: upheld by the caller.
        let shared = unsafe { HgMetrics::read(metrics) }?;
        // SAFETY: upheld by the caller.
        let described = unsafe { describe(instrument) }?;
        check_value(&described, value)?;
        // SAFETY: upheld by the caller.
        let labels = unsafe { read_labels(&described, labels, label_count) }?;
        let meter = shared.meter();
        let instrument = shared.instruments().find(&described, &meter)?;
        instrument.record(value, &meter.new_attributes(NewAttributes::new(labels)));
        Ok(Vec::new())
    })
}

/// # Safety
/// `instrument` is null or live, with readable bytes.
unsafe fn describe<'a>(instrument: *const HgInstrument) -> Result<Described<'a>, Failure> {
    // SAFETY: upheld by the caller.
    let instrument: &'a HgInstrument = unsafe { handle::read(instrument, "instrument") }?;
    // SAFETY: upheld by the caller.
    let described = unsafe {
        Described {
            kind: instrument.kind,
            name: instrument.name.as_text("the instrument's name")?,
            unit: instrument.unit.as_text("the instrument's unit")?,
            description: instrument
                .description
                .as_text("the instrument's description")?,
        }
    };
    check_name("the instrument's name", described.name)?;
    if described.name.starts_with("temporal_") {
        return Err(Failure::invalid(format!(
            "the instrument's name is \"{}\", but names that begin with temporal_ are Core's",
            described.name
        )));
    }
    Ok(described)
}

/// # Safety
/// `labels` points to `count` labels, whose bytes are readable.
unsafe fn read_labels(
    described: &Described<'_>,
    labels: *const HgMetricLabel,
    count: usize,
) -> Result<Vec<MetricKeyValue>, Failure> {
    if count == 0 {
        return Ok(Vec::new());
    }
    if labels.is_null() {
        return Err(Failure::invalid("the labels are null"));
    }
    // SAFETY: not null, and upheld by the caller.
    let labels = unsafe { slice::from_raw_parts(labels, count) };
    labels
        .iter()
        .map(|label| {
            // SAFETY: upheld by the caller.
            let (name, value) = unsafe {
                (
                    label.name.as_text("a label's name")?,
                    label.value.as_text("a label's value")?,
                )
            };
            check_name("a label's name", name)?;
            if described.kind == HgMetricKind::Histogram && name == BUCKETS {
                return Err(Failure::invalid(format!(
                    "a label's name is \"{BUCKETS}\", which says a bucket of the histogram \"{}\"",
                    described.name
                )));
            }
            Ok(MetricKeyValue::new(name, value.to_owned()))
        })
        .collect()
}

/// Core would drop what Prometheus does not take, and only log it.
fn check_name(what: &str, name: &str) -> Result<(), Failure> {
    let fine = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    fine.then_some(()).ok_or_else(|| {
        Failure::invalid(format!(
            "{what} is \"{name}\", expected letters, digits and _, and no digit first"
        ))
    })
}

fn check_value(described: &Described<'_>, value: f64) -> Result<(), Failure> {
    let whole = value.fract() == 0.0 && value.abs() <= MOST_COUNTED;
    let (fine, expected) = match described.kind {
        HgMetricKind::Counter => (whole && value >= 0.0, "a whole number from 0 to 2^53"),
        HgMetricKind::UpDownCounter => (whole, "a whole number of 2^53 at most"),
        HgMetricKind::Gauge | HgMetricKind::Histogram => (value.is_finite(), "a finite number"),
    };
    fine.then_some(()).ok_or_else(|| {
        Failure::invalid(format!(
            "\"{}\", a {:?}, cannot take {value}, expected {expected}",
            described.name, described.kind
        ))
    })
}
