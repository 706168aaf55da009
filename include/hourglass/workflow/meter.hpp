#pragma once

#include "hourglass/base/metric_meter.hpp"

namespace hourglass::workflow {

/// Measures with the attributes `namespace`, `task_queue` and `workflow_type`; silent on replay, so
/// that each measurement comes once.
/// `workflow::meter().counter("orders_charged").add()`
///
/// An instrument may be kept, as a member of the workflow for one, but measures in the code of
/// workflows only: elsewhere it throws OutsideWorkflowError.
/// @throws OutsideWorkflowError
[[nodiscard]] MetricMeter meter();

}  // namespace hourglass::workflow
