//! What the process has used.

use serde_json::{Value, json};
use std::{
    fs,
    time::{Duration, SystemTime},
};

pub struct Usage {
    at: SystemTime,
    cpu: f64,
    pub resident: i64,
}

pub fn now() -> Usage {
    // SAFETY: getrusage fills what it is given.
    let used = unsafe {
        let mut used: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut used);
        used
    };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    let statm = fs::read_to_string("/proc/self/statm").unwrap();
    let pages: i64 = statm.split(' ').nth(1).unwrap().parse().unwrap();
    Usage {
        at: SystemTime::now(),
        cpu: seconds(used.ru_utime) + seconds(used.ru_stime),
        resident: pages * 4096,
    }
}

/// When the process began: the 22nd field of its stat, in clock ticks since the machine did.
pub fn at_start() -> Usage {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let ticks: f64 = stat
        .rsplit_once(')')
        .unwrap()
        .1
        .split_whitespace()
        .nth(19)
        .unwrap()
        .parse()
        .unwrap();
    let uptime = fs::read_to_string("/proc/uptime").unwrap();
    let uptime: f64 = uptime.split(' ').next().unwrap().parse().unwrap();
    let age = Duration::from_secs_f64(uptime - ticks / 100.0);
    Usage {
        at: SystemTime::now() - age,
        cpu: 0.0,
        resident: 0,
    }
}

pub fn spent_since(before: &Usage) -> Value {
    let now = now();
    json!({
        "at": now.at.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs_f64(),
        "wall_s": now.at.duration_since(before.at).unwrap().as_secs_f64(),
        "cpu_s": now.cpu - before.cpu,
        "resident": now.resident,
    })
}
