//! How to connect, as C writes it and as Core wants it.

use crate::{
    bytes::HgBytesRef,
    call, handle,
    status::{Failure, HgResult},
    tls,
};
use std::{collections::HashMap, slice, time::Duration};
use temporalio_client::{
    ClientKeepAliveOptions, ClientTlsOptions, ConnectionOptions, DnsLoadBalancingOptions,
    GrpcCompression, HttpConnectProxyOptions, PayloadLimitsOptions, RetryOptions, TlsOptions, Url,
};
use tonic::metadata::{AsciiMetadataKey, AsciiMetadataValue, BinaryMetadataKey};

/// One entry of gRPC metadata. A key that ends in `-bin` has a binary value, any other an ASCII one.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct HgMetadata {
    /// Lower-case key.
    pub key: HgBytesRef,
    /// Value.
    pub value: HgBytesRef,
}

/// TLS; all bytes are PEM.
#[repr(C)]
#[derive(Debug)]
pub struct HgTlsOptions {
    /// The server's root certificate; empty: the system's.
    pub server_root_ca_cert: HgBytesRef,
    /// The name that is sent to the server, and that its certificate must have; empty: the target's
    /// host.
    pub domain: HgBytesRef,
    /// The name that the server's certificate must have instead; empty: the one that is sent.
    pub verification_server_name: HgBytesRef,
    /// The client's certificate; set both or neither of these two.
    pub client_cert: HgBytesRef,
    /// The client's private key.
    pub client_private_key: HgBytesRef,
}

/// How to repeat calls that failed for reasons that pass.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct HgRetryOptions {
    /// First pause.
    pub initial_interval_ms: u64,
    /// Part of a pause that is random, 0 to 1.
    pub randomization_factor: f64,
    /// Each pause is this much longer than the one before.
    pub multiplier: f64,
    /// Longest pause.
    pub max_interval_ms: u64,
    /// No attempt starts later than this after the first; 0: no limit.
    pub max_elapsed_time_ms: u64,
    /// Number of attempts; 0: no limit.
    pub max_attempts: u32,
}

/// How to connect.
#[repr(C)]
#[derive(Debug)]
pub struct HgConnectOptions {
    /// `host:port`, or a URL with the scheme http or https.
    pub target: HgBytesRef,
    /// Name of the SDK, sent with every call; empty: `temporal-cpp`.
    pub client_name: HgBytesRef,
    /// Version of the SDK; empty: the bridge's own.
    pub client_version: HgBytesRef,
    /// Who this is, shown in histories; workers need one.
    pub identity: HgBytesRef,
    /// TLS; null: none, unless the target's scheme is https.
    pub tls: *const HgTlsOptions,
    /// Sent as bearer token; empty: none.
    pub api_key: HgBytesRef,
    /// Metadata for every call.
    pub metadata: *const HgMetadata,
    /// Number of entries in `metadata`.
    pub metadata_len: usize,
    /// Pause between HTTP/2 keep-alive pings; 0: no pings.
    pub keep_alive_interval_ms: u64,
    /// How long a ping may remain unanswered.
    pub keep_alive_timeout_ms: u64,
    /// `host:port` (or `unix:/path`) of an HTTP CONNECT proxy; empty: none.
    pub proxy_target: HgBytesRef,
    /// User for the proxy; empty: no authentication.
    pub proxy_user: HgBytesRef,
    /// Password for the proxy.
    pub proxy_password: HgBytesRef,
    /// How long connecting may take, the first answer of the server included; 0: no limit.
    pub connect_timeout_ms: u64,
    /// The target's name is resolved again after this time, at least 1000, and calls are spread over
    /// all of its addresses; 0: they go to one address. Must be 0 with a proxy.
    pub dns_resolution_interval_ms: u64,
    /// From how many bytes on the log warns of payloads that are sent; 0: never.
    pub payloads_warn_size: u64,
    /// The same of a memo.
    pub memo_warn_size: u64,
    /// Whether to compress calls with gzip.
    pub gzip: bool,
    /// Whether to connect at the first call only.
    pub lazy: bool,
    /// How calls are repeated that ask for it.
    pub retry: HgRetryOptions,
}

/// Core's own choices; `target` is left to set.
#[unsafe(no_mangle)]
pub extern "C" fn hg_connect_options_default() -> HgConnectOptions {
    let payload_limits = PayloadLimitsOptions::default();
    HgConnectOptions {
        target: HgBytesRef::EMPTY,
        client_name: HgBytesRef::EMPTY,
        client_version: HgBytesRef::EMPTY,
        identity: HgBytesRef::EMPTY,
        tls: std::ptr::null(),
        api_key: HgBytesRef::EMPTY,
        metadata: std::ptr::null(),
        metadata_len: 0,
        keep_alive_interval_ms: 30_000,
        keep_alive_timeout_ms: 15_000,
        proxy_target: HgBytesRef::EMPTY,
        proxy_user: HgBytesRef::EMPTY,
        proxy_password: HgBytesRef::EMPTY,
        connect_timeout_ms: 10_000,
        dns_resolution_interval_ms: 30_000,
        payloads_warn_size: payload_limits.payloads_warn_size,
        memo_warn_size: payload_limits.memo_warn_size,
        gzip: true,
        lazy: false,
        retry: HgRetryOptions {
            initial_interval_ms: 100,
            randomization_factor: 0.2,
            multiplier: 1.7,
            max_interval_ms: 5_000,
            max_elapsed_time_ms: 10_000,
            max_attempts: 10,
        },
    }
}

/// Whether `options` (borrowed) can work, as far as can be told without a server: what
/// `hg_connect` refuses with the same message. Any thread.
///
/// # Safety
/// `options` and what it points to are readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_connect_options_check(options: *const HgConnectOptions) -> HgResult {
    call::guard(|| {
        // SAFETY: upheld by the caller.
        let given = unsafe { handle::read(options, "connection's options") }?;
        // SAFETY: upheld by the caller.
        unsafe { given.to_core() }?;
        Ok(Vec::new())
    })
}

/// Metadata, split as Core wants it.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// Text entries.
    pub text: HashMap<String, String>,
    /// Binary entries.
    pub binary: HashMap<String, Vec<u8>>,
}

impl Metadata {
    /// Reads and checks `len` entries.
    ///
    /// # Safety
    /// `entries` points to `len` entries whose bytes are readable.
    pub unsafe fn read(entries: *const HgMetadata, len: usize) -> Result<Self, Failure> {
        let mut metadata = Self::default();
        if len == 0 || entries.is_null() {
            return Ok(metadata);
        }
        // SAFETY: upheld by the caller; the null case is answered above.
        for entry in unsafe { slice::from_raw_parts(entries, len) } {
            // SAFETY: upheld by the caller.
            let key = unsafe { entry.key.as_text("a metadata key") }?;
            let wrong_key = |error: &dyn std::fmt::Display| {
                Failure::invalid(format!("metadata key \"{key}\": {error}"))
            };
            if key.ends_with("-bin") {
                key.parse::<BinaryMetadataKey>()
                    .map_err(|error| wrong_key(&error))?;
                // SAFETY: upheld by the caller.
                let value = unsafe { entry.value.as_slice() };
                metadata.binary.insert(key.to_owned(), value.to_vec());
            } else {
                key.parse::<AsciiMetadataKey>()
                    .map_err(|error| wrong_key(&error))?;
                // SAFETY: upheld by the caller.
                let value = unsafe { entry.value.as_text("a metadata value") }?;
                value.parse::<AsciiMetadataValue>().map_err(|error| {
                    Failure::invalid(format!("the value of metadata key \"{key}\": {error}"))
                })?;
                metadata.text.insert(key.to_owned(), value.to_owned());
            }
        }
        Ok(metadata)
    }
}

/// Reads and checks an API key: Core leaves one out, silently, that no header can carry.
///
/// # Safety
/// `api_key` is readable.
pub(crate) unsafe fn read_api_key(api_key: HgBytesRef) -> Result<Option<String>, Failure> {
    // SAFETY: upheld by the caller.
    let key = unsafe { api_key.as_optional_text("api_key") }?;
    if let Some(key) = &key
        && key.parse::<AsciiMetadataValue>().is_err()
    {
        return Err(Failure::invalid(
            "api_key has a character that no header can carry, such as a line break at its end",
        ));
    }
    Ok(key)
}

fn millis(value: u64) -> Option<Duration> {
    (value > 0).then(|| Duration::from_millis(value))
}

impl HgConnectOptions {
    /// The same as Core wants it, without a meter.
    ///
    /// # Safety
    /// All pointers are null or readable.
    pub(crate) unsafe fn to_core(&self) -> Result<ConnectionOptions, Failure> {
        // SAFETY: upheld by the caller.
        let tls = unsafe { self.tls() }?;
        // SAFETY: upheld by the caller.
        let target = parse_target(unsafe { self.target.as_text("address") }?, tls.is_some())?;
        // SAFETY: upheld by the caller.
        let name = unsafe { self.client_name.as_optional_text("client_name") }?;
        // SAFETY: upheld by the caller.
        let version = unsafe { self.client_version.as_optional_text("client_version") }?;
        let tls = tls.or_else(|| (target.scheme() == "https").then(TlsOptions::default));
        let mut options = ConnectionOptions::new(target)
            .client_name(name.unwrap_or_else(|| "temporal-cpp".to_owned()))
            .client_version(version.unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned()))
            .build();
        options.tls_options = tls;
        // SAFETY: upheld by the caller.
        options.identity = unsafe { self.identity.as_text("identity") }?.to_owned();
        // SAFETY: upheld by the caller.
        options.api_key = unsafe { read_api_key(self.api_key) }?;
        // SAFETY: upheld by the caller.
        let metadata = unsafe { Metadata::read(self.metadata, self.metadata_len) }?;
        options.headers = Some(metadata.text);
        options.binary_headers = Some(metadata.binary);
        options.keep_alive = millis(self.keep_alive_interval_ms).map(|interval| {
            ClientKeepAliveOptions::builder()
                .interval(interval)
                .timeout(Duration::from_millis(self.keep_alive_timeout_ms.max(1)))
                .build()
        });
        // SAFETY: upheld by the caller.
        options.http_connect_proxy = unsafe { self.proxy() }?;
        let proxied = options.http_connect_proxy.is_some();
        options.dns_load_balancing = self.dns_load_balancing(proxied)?;
        options.connect_timeout = millis(self.connect_timeout_ms);
        options.grpc_compression = if self.gzip {
            GrpcCompression::Gzip
        } else {
            GrpcCompression::None
        };
        options.payload_limits = PayloadLimitsOptions::builder()
            .payloads_warn_size(self.payloads_warn_size)
            .memo_warn_size(self.memo_warn_size)
            .build();
        options.retry_options = self.retry.to_core()?;
        Ok(options)
    }

    /// What Core would find out when it connects.
    fn dns_load_balancing(
        &self,
        proxied: bool,
    ) -> Result<Option<DnsLoadBalancingOptions>, Failure> {
        const SHORTEST: Duration = Duration::from_secs(1);
        let Some(interval) = millis(self.dns_resolution_interval_ms) else {
            return Ok(None);
        };
        if proxied {
            return Err(Failure::invalid(
                "dns_load_balancing and a proxy exclude each other: the proxy resolves the name",
            ));
        }
        if interval < SHORTEST {
            return Err(Failure::invalid(format!(
                "dns_load_balancing is {interval:?}, expected at least {SHORTEST:?}, or 0 for none"
            )));
        }
        Ok(Some(
            DnsLoadBalancingOptions::builder()
                .resolution_interval(interval)
                .build(),
        ))
    }

    /// # Safety
    /// All pointers are null or readable.
    unsafe fn tls(&self) -> Result<Option<TlsOptions>, Failure> {
        // SAFETY: upheld by the caller.
        let Some(tls) = (unsafe { self.tls.as_ref() }) else {
            return Ok(None);
        };
        // SAFETY: upheld by the caller.
        let (root, cert, key) = unsafe {
            (
                tls.server_root_ca_cert.as_slice().to_vec(),
                tls.client_cert.as_slice().to_vec(),
                tls.client_private_key.as_slice().to_vec(),
            )
        };
        if cert.is_empty() != key.is_empty() {
            return Err(Failure::invalid(
                "of client_certificate and client_private_key only one is set; TLS needs both or neither",
            ));
        }
        let client = (!cert.is_empty()).then(|| {
            ClientTlsOptions::builder()
                .client_cert(cert)
                .client_private_key(key)
                .build()
        });
        // SAFETY: upheld by the caller.
        let domain = unsafe { tls.domain.as_optional_text("server_name") }?;
        let mut options = TlsOptions::default();
        options.server_root_ca_cert = (!root.is_empty()).then_some(root);
        options.domain = domain;
        options.client_tls_options = client;
        tls::check(&options)?;
        // SAFETY: upheld by the caller.
        let name = unsafe {
            tls.verification_server_name
                .as_optional_text("verification_server_name")
        }?;
        if let Some(name) = name {
            // Core refuses roots beside a verifier, which has them.
            let roots = options.server_root_ca_cert.take();
            options.server_cert_verifier = Some(tls::verifier_of(&name, roots.as_deref())?);
        }
        Ok(Some(options))
    }

    /// # Safety
    /// All pointers are null or readable.
    unsafe fn proxy(&self) -> Result<Option<HttpConnectProxyOptions>, Failure> {
        // SAFETY: upheld by the caller.
        let (target, user, password) = unsafe {
            (
                self.proxy_target.as_optional_text("proxy_target")?,
                self.proxy_user.as_optional_text("proxy_user")?,
                self.proxy_password.as_text("proxy_password")?,
            )
        };
        let Some(target) = target else {
            return Ok(None);
        };
        if user.is_none() && !password.is_empty() {
            return Err(Failure::invalid(
                "the proxy has a password, but no user; set both or neither",
            ));
        }
        let mut proxy = HttpConnectProxyOptions::new(target).build();
        proxy.basic_auth = user.map(|user| (user, password.to_owned()));
        Ok(Some(proxy))
    }
}

impl HgRetryOptions {
    fn to_core(self) -> Result<RetryOptions, Failure> {
        if !(0.0..=1.0).contains(&self.randomization_factor) {
            return Err(Failure::invalid(format!(
                "retry.randomization_factor is {}, expected 0 to 1",
                self.randomization_factor
            )));
        }
        if !self.multiplier.is_finite() || self.multiplier < 1.0 {
            return Err(Failure::invalid(format!(
                "retry.multiplier is {}, expected 1 or more",
                self.multiplier
            )));
        }
        Ok(RetryOptions::builder()
            .initial_interval(Duration::from_millis(self.initial_interval_ms))
            .randomization_factor(self.randomization_factor)
            .multiplier(self.multiplier)
            .max_interval(Duration::from_millis(self.max_interval_ms))
            .max_elapsed_time(millis(self.max_elapsed_time_ms))
            .max_retries(self.max_attempts as usize)
            .build())
    }
}

fn parse_target(target: &str, tls: bool) -> Result<Url, Failure> {
    let expected = "expected host:port, http://host:port or https://host:port";
    if target.is_empty() {
        return Err(Failure::invalid(format!("address is empty, {expected}")));
    }
    if target.contains('@') {
        // Not shown: what stands before it may be a password.
        return Err(Failure::invalid(format!(
            "address has an @, {expected}, without a user"
        )));
    }
    let with_scheme = if target.contains("://") {
        target.to_owned()
    } else {
        format!("{}://{target}", if tls { "https" } else { "http" })
    };
    let url = Url::parse(&with_scheme).map_err(|error| {
        Failure::invalid(format!(
            "address \"{target}\" is wrong ({error}), {expected}"
        ))
    })?;
    match url.scheme() {
        "https" | "http" if url.has_host() => Ok(url),
        _ => Err(Failure::invalid(format!(
            "address \"{target}\" is wrong, {expected}"
        ))),
    }
}
