//! A token that cancels calls.

use crate::{
    call, generation, handle,
    handle::Handle,
    status::{Failure, HgResult},
};
use tokio_util::sync::CancellationToken;

/// Cancels the calls it was given to.
pub struct HgCancelToken(Handle<CancellationToken>);

impl HgCancelToken {
    /// The token behind `pointer`, or one that is never cancelled for null.
    ///
    /// # Safety
    /// `pointer` is null or a live token.
    pub(crate) unsafe fn read(pointer: *const Self) -> Result<CancellationToken, Failure> {
        // SAFETY: upheld by the caller.
        match unsafe { pointer.as_ref() } {
            None => Ok(CancellationToken::new()),
            Some(token) => token.0.get("cancel token").cloned(),
        }
    }
}

/// Gives a token. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn hg_cancel_token_new() -> *mut HgCancelToken {
    generation::watch_forks();
    Box::into_raw(Box::new(HgCancelToken(Handle::new(
        CancellationToken::new(),
    ))))
}

/// Cancels every call that was given `token` (borrowed), now and later: they end with `Cancelled`.
///
/// # Safety
/// `token` came from `hg_cancel_token_new` and is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_cancel_token_cancel(token: *const HgCancelToken) -> HgResult {
    call::guard(|| {
        // SAFETY: upheld by the caller.
        let token = unsafe { handle::read(token, "cancel token") }?;
        token.0.get("cancel token")?.cancel();
        Ok(Vec::new())
    })
}

/// Ends `token`; the calls that were given it go on. Null is fine.
///
/// # Safety
/// `token` is null or came from `hg_cancel_token_new` and is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_cancel_token_free(token: *mut HgCancelToken) {
    if token.is_null() {
        return;
    }
    call::catch_free(|| {
        // SAFETY: it was made by `Box::into_raw`, and the caller gives it up.
        let token = unsafe { Box::from_raw(token) };
        drop(token.0.into_content());
    });
}
