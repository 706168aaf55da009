#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/base/next.hpp"
#include "hourglass/client/calls_about_nexus.hpp"
#include "hourglass/client/count.hpp"
#include "hourglass/client/paged.hpp"

#include <utility>

namespace hourglass {

/// The part of ClientInterceptor that stands around Nexus operations without a workflow.
class NexusCallInterceptor {
public:
    NexusCallInterceptor() = default;
    NexusCallInterceptor(const NexusCallInterceptor&) = delete;
    NexusCallInterceptor& operator=(const NexusCallInterceptor&) = delete;
    virtual ~NexusCallInterceptor() = default;

    /// `start`, and the start in `execute`.
    virtual Future<NexusOperationRef> start_nexus_operation(
        StartNexusOperationCall call, Next<StartNexusOperationCall, Future<NexusOperationRef>> next
    ) {
        return next(std::move(call));
    }
    /// The whole wait. Gives the result, one payload.
    virtual Future<Payloads> nexus_operation_result(
        NexusOperationResultCall call, Next<NexusOperationResultCall, Future<Payloads>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<NexusOperationDescription> describe_nexus_operation(
        DescribeNexusOperationCall call,
        Next<DescribeNexusOperationCall, Future<NexusOperationDescription>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> cancel_nexus_operation(
        CancelNexusOperationCall call, Next<CancelNexusOperationCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> terminate_nexus_operation(
        TerminateNexusOperationCall call, Next<TerminateNexusOperationCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<void> delete_nexus_operation(
        DeleteNexusOperationCall call, Next<DeleteNexusOperationCall, Future<void>> next
    ) {
        return next(std::move(call));
    }
    /// Each page.
    virtual Future<Page<NexusOperationExecution>> list_nexus_operations(
        ListNexusOperationsCall call,
        Next<ListNexusOperationsCall, Future<Page<NexusOperationExecution>>> next
    ) {
        return next(std::move(call));
    }
    virtual Future<Count> count_nexus_operations(
        CountNexusOperationsCall call, Next<CountNexusOperationsCall, Future<Count>> next
    ) {
        return next(std::move(call));
    }
};

}  // namespace hourglass
