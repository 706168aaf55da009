//! Bytes that are borrowed for a call, and bytes that are handed over.

use crate::status::Failure;
use std::slice;

/// Bytes that belong to the caller and are read during the call only.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct HgBytesRef {
    /// First byte; may be null when `len` is 0.
    pub data: *const u8,
    /// Number of bytes.
    pub len: usize,
}

impl HgBytesRef {
    /// No bytes.
    pub const EMPTY: Self = Self {
        data: std::ptr::null(),
        len: 0,
    };

    /// A view of `bytes`, which must outlive it.
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            data: bytes.as_ptr(),
            len: bytes.len(),
        }
    }

    /// The bytes.
    ///
    /// # Safety
    /// `data` points to `len` readable bytes, which nobody changes while the slice is in use.
    pub unsafe fn as_slice<'a>(&self) -> &'a [u8] {
        if self.len == 0 || self.data.is_null() {
            return &[];
        }
        // SAFETY: upheld by the caller; the empty and the null case are answered above.
        unsafe { slice::from_raw_parts(self.data, self.len) }
    }

    /// The bytes as UTF-8 text; `what` names them in the error.
    ///
    /// # Safety
    /// As [`Self::as_slice`].
    pub unsafe fn as_text<'a>(&self, what: &str) -> Result<&'a str, Failure> {
        // SAFETY: upheld by the caller.
        let bytes = unsafe { self.as_slice() };
        str::from_utf8(bytes)
            .map_err(|error| Failure::invalid(format!("{what} is not UTF-8: {error}")))
    }

    /// The text, or `None` when it is empty.
    ///
    /// # Safety
    /// As [`Self::as_slice`].
    pub unsafe fn as_optional_text(&self, what: &str) -> Result<Option<String>, Failure> {
        // SAFETY: upheld by the caller.
        let text = unsafe { self.as_text(what) }?;
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }
}

/// Bytes that belong to whoever holds them, until `hg_bytes_free` ends them.
#[repr(C)]
#[derive(Debug)]
pub struct HgBytes {
    /// First byte; null when there is nothing to free.
    pub data: *mut u8,
    /// Number of bytes.
    pub len: usize,
    /// For `hg_bytes_free` only.
    pub capacity: usize,
}

// SAFETY: the bytes have one owner and no thread affinity.
unsafe impl Send for HgBytes {}

impl HgBytes {
    /// No bytes; need not be freed.
    pub const EMPTY: Self = Self {
        data: std::ptr::null_mut(),
        len: 0,
        capacity: 0,
    };
}

impl From<Vec<u8>> for HgBytes {
    fn from(bytes: Vec<u8>) -> Self {
        if bytes.capacity() == 0 {
            return Self::EMPTY;
        }
        let mut bytes = std::mem::ManuallyDrop::new(bytes);
        Self {
            data: bytes.as_mut_ptr(),
            len: bytes.len(),
            capacity: bytes.capacity(),
        }
    }
}

impl From<String> for HgBytes {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

/// Frees bytes that a call of this library handed out. Empty ones are fine; any thread.
///
/// # Safety
/// `bytes` came from this library and is not freed yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hg_bytes_free(bytes: HgBytes) {
    if !bytes.data.is_null() {
        // SAFETY: the three parts are those of the `Vec` that `From<Vec<u8>>` took apart.
        drop(unsafe { Vec::from_raw_parts(bytes.data, bytes.len, bytes.capacity) });
    }
}
