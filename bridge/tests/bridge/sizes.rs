//! What the patches of temporalio-protos do. A path that prost does not know boxes nothing, silently.

use std::mem::size_of;
use temporalio_common::protos::{
    coresdk::{workflow_activation::WorkflowActivationJob, workflow_commands::WorkflowCommand},
    temporal::api::{command::v1::Command, history::v1::HistoryEvent},
};

#[test]
fn what_a_task_is_made_of_is_as_small_as_its_patch_says() {
    if std::env::var_os("HOURGLASS_CORE_PATCHED").is_none() {
        return; // Core as it is.
    }
    assert_eq!(size_of::<HistoryEvent>(), 336);
    assert_eq!(size_of::<WorkflowActivationJob>(), 328);
    assert_eq!(size_of::<WorkflowCommand>(), 408);
    assert_eq!(size_of::<Command>(), 464);
}
