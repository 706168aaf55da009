//! Whether TLS can work with what was given, before anybody connects: Core finds out at the
//! handshake only, and takes a text without a certificate for a list of none.

use crate::status::Failure;
use rustls::{
    DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use std::sync::Arc;
use temporalio_client::TlsOptions;
use tonic::transport::{ClientTlsConfig, Endpoint, Identity};

/// Refuses certificates and keys that cannot be read or do not belong together.
pub fn check(options: &TlsOptions) -> Result<(), Failure> {
    if let Some(pem) = &options.server_root_ca_cert {
        let certificates = certificates("server_root_ca", pem)?;
        let mut roots = RootCertStore::empty();
        let (_, wrong) = roots.add_parsable_certificates(certificates);
        if wrong > 0 {
            return Err(Failure::invalid(format!(
                "server_root_ca holds {wrong} certificate(s) that are no X.509 certificates"
            )));
        }
    }
    if let Some(domain) = &options.domain {
        server_name("server_name", domain)?;
    }
    if let Some(client) = &options.client_tls_options {
        certificates("client_certificate", &client.client_cert)?;
        let identity = Identity::from_pem(&client.client_cert, &client.client_private_key);
        let config = ClientTlsConfig::new().identity(identity);
        Endpoint::from_static("https://localhost")
            .tls_config(config)
            .map_err(|error| {
                let cause = std::error::Error::source(&error)
                    .map_or_else(|| error.to_string(), ToString::to_string);
                Failure::invalid(format!(
                    "client_certificate and client_private_key cannot be used: {cause}"
                ))
            })?;
    }
    Ok(())
}

/// The certificates in `pem`, at least one.
fn certificates(option: &str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(Failure::invalid(format!(
            "{option} holds no certificate, expected PEM: -----BEGIN CERTIFICATE-----…"
        ))),
        // The error has the line: a key, if somebody mixed the two up.
        Err(_) => Err(Failure::invalid(format!(
            "{option} is no PEM that can be read, expected whole blocks, from -----BEGIN \
             CERTIFICATE----- to -----END CERTIFICATE-----"
        ))),
    }
}

fn server_name(option: &str, name: &str) -> Result<ServerName<'static>, Failure> {
    ServerName::try_from(name.to_owned()).map_err(|error| {
        Failure::invalid(format!(
            "{option} is \"{name}\", expected the name of a host: {error}"
        ))
    })
}

/// What verifies as without it, but that the certificate must have `name`, whatever name was sent.
/// `roots` are checked already; none: the system's.
pub fn verifier_of(
    name: &str,
    roots: Option<&[u8]>,
) -> Result<Arc<dyn ServerCertVerifier>, Failure> {
    let name = server_name("verification_server_name", name)?;
    let trusted = match roots {
        Some(pem) => certificates("server_root_ca", pem)?,
        None => rustls_native_certs::load_native_certs().certs,
    };
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(trusted);
    // As tonic chooses it.
    let provider = CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(ring::default_provider()));
    let usual = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider)
        .build()
        .map_err(|error| {
            Failure::invalid(format!(
                "verification_server_name is set, but there is nobody to trust: {error}. Set \
                 server_root_ca, or install the system's root certificates"
            ))
        })?;
    Ok(Arc::new(FixedName { usual, name }))
}

/// The usual verification, of a fixed name.
#[derive(Debug)]
struct FixedName {
    usual: Arc<WebPkiServerVerifier>,
    name: ServerName<'static>,
}

impl ServerCertVerifier for FixedName {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _sent: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.usual
            .verify_server_cert(end_entity, intermediates, &self.name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}
