//! Every call that a Temporal server takes, with its messages as bytes.
//!
//! A crate of its own because it is optimised for size: the same few lines for each of two hundred
//! methods, of which a program calls few.

mod methods;

pub use methods::{Service, find, has};

use futures_util::future::BoxFuture;
use prost::Message;
use std::time::Duration;
use temporalio_client::{Connection, RetryOptions, request_extensions::RetryConfigForCall};
use tonic::metadata::MetadataMap;

/// A request that is decoded and waits for a connection.
pub type Call = Box<
    dyn FnOnce(Connection, Settings) -> BoxFuture<'static, Result<Vec<u8>, tonic::Status>> + Send,
>;

/// The outcome of decoding a request.
pub type Prepared = Result<Call, prost::DecodeError>;

/// What a call adds to its request.
pub struct Settings {
    /// Over the connection's own.
    pub metadata: MetadataMap,
    /// How long the server may take.
    pub timeout: Option<Duration>,
    /// In place of the connection's.
    pub retry: Option<RetryOptions>,
}

/// Decodes a request from the caller's memory and binds it to the method that sends it.
fn prepare<Req, Resp, F>(request: &[u8], method: F) -> Prepared
where
    Req: Message + Default + 'static,
    Resp: Message + 'static,
    F: for<'a> FnOnce(
            &'a mut Connection,
            tonic::Request<Req>,
        ) -> BoxFuture<'a, Result<tonic::Response<Resp>, tonic::Status>>
        + Send
        + 'static,
{
    let message = Req::decode(request)?;
    Ok(Box::new(move |mut connection, settings| {
        Box::pin(async move {
            let mut request = tonic::Request::new(message);
            settings.apply(&mut request);
            let response = method(&mut connection, request).await?;
            Ok(response.into_inner().encode_to_vec())
        })
    }))
}

impl Settings {
    fn apply<T>(self, request: &mut tonic::Request<T>) {
        *request.metadata_mut() = self.metadata;
        if let Some(timeout) = self.timeout {
            request.set_timeout(timeout);
        }
        if let Some(retry) = self.retry {
            request.extensions_mut().insert(RetryConfigForCall(retry));
        }
    }
}
