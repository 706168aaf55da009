//! Whether a worker can work.

use crate::{
    call::HgCallback,
    status::{Failure, HgStatus},
    worker::{HgWorker, with_worker},
};
use prost::Message;
use std::{ffi::c_void, time::Duration};
use temporalio_sdk_core::WorkerValidationError;

/// As Core's own retries: with ours, which are for answers, a registration would wait for an hour.
const VALIDATE_WITHIN: Duration = Duration::from_secs(10);

/// Asks the server whether `worker` (borrowed) can work: whether its namespace exists. Call it once,
/// before the first poll. Answers with a `coresdk.NamespaceInfo`. Asynchronous; any thread.
///
/// # Safety
/// `worker` is live.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_worker_validate(
    worker: *const HgWorker,
    callback: HgCallback,
    user_data: *mut c_void,
) {
    // SAFETY: upheld by the caller.
    unsafe {
        with_worker(worker, callback, user_data, |worker| {
            Ok(async move {
                let Ok(validated) = tokio::time::timeout(VALIDATE_WITHIN, worker.validate()).await
                else {
                    return Err(Failure::new(
                        HgStatus::Validation,
                        format!(
                            "no answer within {VALIDATE_WITHIN:?} whether the namespace \"{}\" exists",
                            worker.get_config().namespace
                        ),
                    )
                    .with_code(tonic::Code::Unavailable));
                };
                match validated {
                    Ok(info) => Ok(info.encode_to_vec()),
                    Err(WorkerValidationError::NamespaceDescribeError { source, namespace }) => {
                        let context = format!("the namespace \"{namespace}\" cannot be described");
                        Err(Failure::grpc(HgStatus::Validation, &context, &source))
                    }
                }
            })
        });
    }
}
