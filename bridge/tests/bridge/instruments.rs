use crate::{
    metrics::{Kept, address_of, drain, get, instrument, label, record, recorded},
    support::{Metrics, Outcome, text},
};
use hourglass_bridge::{
    bytes::HgBytesRef,
    instruments::{HgInstrument, HgMetricLabel, hg_metrics_record},
    metrics::HgMetrics,
    status::HgStatus,
    telemetry::HgMetricKind,
};
use std::ptr;

const KINDS: [HgMetricKind; 4] = [
    HgMetricKind::Counter,
    HgMetricKind::Gauge,
    HgMetricKind::Histogram,
    HgMetricKind::UpDownCounter,
];

fn refuses(outcome: &Outcome, about: &str) {
    assert_eq!(outcome.status, HgStatus::InvalidArgument);
    assert!(outcome.message.contains(about), "{}", outcome.message);
}

#[test]
fn the_host_measures_beside_core_under_names_of_its_own() {
    let metrics = Metrics::with_buffer(100);
    let counter = instrument(HgMetricKind::Counter, "host_cups");
    recorded(&metrics, counter, &[label("kind", "te\"a")], 2.0);
    recorded(&metrics, counter, &[], 0.0);
    let histogram = instrument(HgMetricKind::Histogram, "host_size");
    recorded(&metrics, histogram, &[], 0.25);
    let gauge = instrument(HgMetricKind::Gauge, "host_level");
    recorded(&metrics, gauge, &[label("of", "tea")], -1.5);
    let up_down = instrument(HgMetricKind::UpDownCounter, "host_guests");
    recorded(&metrics, up_down, &[], -3.0);
    let kept = drain(&metrics);
    let expected: Kept = [
        ("host_cups", 2.0, "{\"kind\":\"te\\\"a\"}"),
        ("host_cups", 0.0, "{}"),
        ("host_size", 0.25, "{}"),
        ("host_level", -1.5, "{\"of\":\"tea\"}"),
        ("host_guests", -3.0, "{}"),
    ]
    .map(|(name, value, labels)| (name.to_owned(), value, labels.to_owned()))
    .into();
    assert_eq!(kept, expected);
}

#[test]
fn prometheus_is_served_all_kinds() {
    let metrics = Metrics::served_at("127.0.0.1:0");
    let tea = [label("of", "tea")];
    for value in [30.0, 70.0, 0.5] {
        for kind in [HgMetricKind::Histogram, HgMetricKind::Gauge] {
            recorded(
                &metrics,
                instrument(kind, &format!("host_{kind:?}")),
                &tea,
                value,
            );
        }
    }
    let guests = instrument(HgMetricKind::UpDownCounter, "host_guests");
    recorded(&metrics, guests, &[], 5.0);
    recorded(&metrics, guests, &[], -2.0);
    let page = get(&address_of(&metrics), "/metrics");
    for line in [
        "# TYPE host_Histogram histogram",
        "host_Histogram_bucket{of=\"tea\",le=\"50\"} 2",
        "host_Histogram_bucket{of=\"tea\",le=\"100\"} 3",
        "host_Histogram_sum{of=\"tea\"} 100.5",
        "host_Histogram_count{of=\"tea\"} 3",
        "# TYPE host_Gauge gauge",
        "host_Gauge{of=\"tea\"} 0.5",
        "host_guests 3",
    ] {
        assert!(page.lines().any(|each| each == line), "{line}\n{page}");
    }
}

#[test]
fn the_first_description_holds_so_that_a_series_is_served_once() {
    let metrics = Metrics::served_at("127.0.0.1:0");
    let first = instrument(HgMetricKind::Counter, "host_cups");
    let second = HgInstrument {
        description: text("What it measures now"),
        ..first
    };
    recorded(&metrics, first, &[], 1.0);
    recorded(&metrics, second, &[], 1.0);
    recorded(&metrics, second, &[label("of", "tea")], 1.0);
    let page = get(&address_of(&metrics), "/metrics");
    assert!(
        page.contains("# HELP host_cups What it measures\n"),
        "{page}"
    );
    assert!(page.contains("host_cups 2\n"), "{page}");
    assert!(page.contains("host_cups{of=\"tea\"} 1\n"), "{page}");
}

#[test]
fn a_name_has_one_kind() {
    for metrics in [Metrics::with_buffer(100), Metrics::served_at("127.0.0.1:0")] {
        for first in KINDS {
            let name = format!("host_{first:?}");
            recorded(&metrics, instrument(first, &name), &[], 1.0);
            for second in KINDS {
                let outcome = record(&metrics, instrument(second, &name), &[], 1.0);
                if first == second {
                    assert_eq!(outcome.status, HgStatus::Ok, "{}", outcome.message);
                } else {
                    refuses(&outcome, &format!("\"{name}\" is a {first:?} already"));
                    refuses(&outcome, &format!("{second:?}"));
                }
            }
        }
    }
}

#[test]
fn an_instrument_whose_name_was_dropped_speaks_again_once_there_is_room() {
    let metrics = Metrics::with_buffer(3);
    let counter = |name| instrument(HgMetricKind::Counter, name);
    recorded(&metrics, counter("first"), &[], 1.0);
    recorded(&metrics, counter("lost"), &[], 1.0); // all that is said of it
    assert_eq!(drain(&metrics).len(), 1);
    recorded(&metrics, counter("lost"), &[], 2.0);
    let kept = drain(&metrics);
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!((kept[0].0.as_str(), kept[0].1), ("lost", 2.0));
}

#[test]
fn many_threads_measure_at_once_and_nothing_is_lost() {
    let metrics = Metrics::served_at("127.0.0.1:0");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let pointer = metrics.0 as usize;
            scope.spawn(move || {
                let counter = instrument(HgMetricKind::Counter, "host_cups");
                for _ in 0..500 {
                    // SAFETY: alive until the scope ends.
                    let outcome = Outcome::from(unsafe {
                        hg_metrics_record(
                            pointer as *const HgMetrics,
                            &raw const counter,
                            ptr::null(),
                            0,
                            1.0,
                        )
                    });
                    assert_eq!(outcome.status, HgStatus::Ok);
                }
            });
        }
    });
    assert!(get(&address_of(&metrics), "/metrics").contains("host_cups 2000"));
}

#[test]
fn what_cannot_be_measured_is_refused_by_name() {
    let metrics = Metrics::with_buffer(10);
    let counter = instrument(HgMetricKind::Counter, "cups");
    for name in ["", "1st", "a-b", "a b", "a:b", "ä"] {
        let named = instrument(HgMetricKind::Counter, name);
        refuses(&record(&metrics, named, &[], 1.0), "instrument's name");
        let labels = [label(name, "")];
        refuses(&record(&metrics, counter, &labels, 1.0), "label's name");
    }
    let cores = instrument(HgMetricKind::Counter, "temporal_cups");
    refuses(&record(&metrics, cores, &[], 1.0), "Core's");
    let histogram = instrument(HgMetricKind::Histogram, "sizes");
    refuses(
        &record(&metrics, histogram, &[label("le", "")], 1.0),
        "bucket",
    );
    let bad = HgMetricLabel {
        name: text("a"),
        value: HgBytesRef::of(&[0xff]),
    };
    refuses(&record(&metrics, counter, &[bad], 1.0), "UTF-8");
    for (kind, value) in [
        (HgMetricKind::Counter, -1.0),
        (HgMetricKind::Counter, 0.5),
        (HgMetricKind::Counter, 1e300),
        (HgMetricKind::Counter, f64::NAN),
        (HgMetricKind::UpDownCounter, 0.5),
        (HgMetricKind::UpDownCounter, f64::NEG_INFINITY),
        (HgMetricKind::Gauge, f64::INFINITY),
        (HgMetricKind::Histogram, f64::NAN),
    ] {
        let odd = record(&metrics, instrument(kind, "odd"), &[], value);
        refuses(&odd, &format!("\"odd\", a {kind:?}, cannot take {value}"));
    }
    // SAFETY: null is what is asked about.
    unsafe {
        let no_labels = hg_metrics_record(metrics.0, &raw const counter, ptr::null(), 1, 1.0);
        refuses(&no_labels.into(), "labels");
        let nothing = hg_metrics_record(metrics.0, ptr::null(), ptr::null(), 0, 1.0);
        refuses(&nothing.into(), "instrument");
    }
    assert_eq!(drain(&metrics), Kept::new(), "nothing was measured");
}
