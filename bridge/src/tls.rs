//! Whether TLS can work with what was given, before anybody connects: Core finds out at the
//! handshake only, and takes a text without a certificate for a list of none.

use crate::status::Failure;
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use temporalio_client::TlsOptions;
use tonic::transport::{ClientTlsConfig, Endpoint, Identity};

/// Refuses certificates and keys that cannot be read or do not belong together.
pub fn check(options: &TlsOptions) -> Result<(), Failure> {
    if let Some(pem) = &options.server_root_ca_cert {
        let certificates = certificates("server_root_ca_cert", pem)?;
        let mut roots = RootCertStore::empty();
        let (_, wrong) = roots.add_parsable_certificates(certificates);
        if wrong > 0 {
            return Err(Failure::invalid(format!(
                "server_root_ca_cert holds {wrong} certificate(s) that are no X.509 certificates"
            )));
        }
    }
    if let Some(domain) = &options.domain {
        ServerName::try_from(domain.as_str()).map_err(|error| {
            Failure::invalid(format!(
                "domain is \"{domain}\", expected the name of a host: {error}"
            ))
        })?;
    }
    if let Some(client) = &options.client_tls_options {
        certificates("client_cert", &client.client_cert)?;
        let identity = Identity::from_pem(&client.client_cert, &client.client_private_key);
        let config = ClientTlsConfig::new().identity(identity);
        Endpoint::from_static("https://localhost")
            .tls_config(config)
            .map_err(|error| {
                let cause = std::error::Error::source(&error)
                    .map_or_else(|| error.to_string(), ToString::to_string);
                Failure::invalid(format!(
                    "client_cert and client_private_key cannot be used: {cause}"
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
        Err(error) => Err(Failure::invalid(format!(
            "{option} is no PEM that can be read: {error}"
        ))),
    }
}
