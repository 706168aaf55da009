#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/client/calls_about_nexus.hpp"
#include "hourglass/client/count.hpp"
#include "hourglass/client/paged.hpp"
#include "hourglass/convert/payload.hpp"

namespace hourglass::detail {

/// What a client's Nexus operations are shells of.
/// @threads any.
class NexusBackend {
public:
    NexusBackend() = default;
    NexusBackend(const NexusBackend&) = delete;
    NexusBackend& operator=(const NexusBackend&) = delete;
    virtual ~NexusBackend() = default;

    virtual Future<NexusOperationRef> start_nexus_operation(StartNexusOperationCall call) = 0;
    /// @returns one payload.
    virtual Future<Payloads> nexus_operation_result(NexusOperationResultCall call) = 0;
    virtual Future<NexusOperationDescription> describe_nexus_operation(
        DescribeNexusOperationCall call
    ) = 0;
    virtual Future<void> cancel_nexus_operation(CancelNexusOperationCall call) = 0;
    virtual Future<void> terminate_nexus_operation(TerminateNexusOperationCall call) = 0;
    virtual Future<void> remove_nexus_operation(DeleteNexusOperationCall call) = 0;
    virtual Future<Page<NexusOperationExecution>> list_nexus_operations_page(
        ListNexusOperationsCall call
    ) = 0;
    virtual Future<Count> count_nexus_operations(CountNexusOperationsCall call) = 0;
};

}  // namespace hourglass::detail
