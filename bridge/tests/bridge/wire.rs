//! What calls look like on the wire, to a server that only listens.

use crate::support::{self, Runtime, call, on_answer};
use hourglass_bridge::rpc::{HgRpcRequest, hg_rpc_call};
use std::{
    io::Read,
    net::{TcpListener, TcpStream},
    thread,
};

const PREFACE: usize = 24;
const FRAME_HEAD: usize = 9;
const DATA: u8 = 0;
const HEADERS: u8 = 1;

/// The types of the frames in `read`, which a connection begins with its preface.
fn frames(mut read: &[u8]) -> Vec<u8> {
    if read.starts_with(b"PRI * HTTP/2.0") {
        read = &read[PREFACE..];
    }
    let mut types = Vec::new();
    while let [high, middle, low, kind, ..] = *read {
        types.push(kind);
        let length = u32::from_be_bytes([0, high, middle, low]) as usize;
        read = &read[FRAME_HEAD + length..];
    }
    types
}

/// What comes in one read with the head of the first request.
fn with_the_first_head(mut client: TcpStream) -> Vec<u8> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = client.read(&mut buffer).unwrap();
        assert_ne!(count, 0, "closed before there was a request");
        let types = frames(&buffer[..count]);
        if types.contains(&HEADERS) {
            return types;
        }
    }
}

#[test]
fn a_request_is_one_write() {
    if std::env::var_os("HOURGLASS_CORE_PATCHED").is_none() {
        return; // hyper as it is: the head comes first, alone.
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = thread::spawn(move || with_the_first_head(listener.accept().unwrap().0));
    let runtime = Runtime::new();
    let connection = runtime.lazy_connection_to(&address);
    let request = HgRpcRequest {
        timeout_ms: 1000,
        ..support::request("GetSystemInfo")
    };
    // SAFETY: everything is alive.
    call(|to| unsafe { hg_rpc_call(connection.0, &request, Some(on_answer), to) });
    let types = server.join().unwrap();
    assert!(types.contains(&DATA), "the frames {types:?} came alone");
}
