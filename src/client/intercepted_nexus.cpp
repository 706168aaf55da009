// The calls about Nexus operations, each through the interceptors.

#include "src/client/through.hpp"

#include <utility>

namespace hourglass::client {

Future<NexusOperationRef> RpcBackend::start_nexus_operation(StartNexusOperationCall call) {
    return through(
        0, &ClientInterceptor::start_nexus_operation, &RpcBackend::send, std::move(call)
    );
}

Future<Payloads> RpcBackend::nexus_operation_result(NexusOperationResultCall call) {
    return through(
        0, &ClientInterceptor::nexus_operation_result, &RpcBackend::send, std::move(call)
    );
}

Future<NexusOperationDescription> RpcBackend::describe_nexus_operation(
    DescribeNexusOperationCall call
) {
    return through(
        0, &ClientInterceptor::describe_nexus_operation, &RpcBackend::send, std::move(call)
    );
}

Future<void> RpcBackend::cancel_nexus_operation(CancelNexusOperationCall call) {
    return through(
        0, &ClientInterceptor::cancel_nexus_operation, &RpcBackend::send, std::move(call)
    );
}

Future<void> RpcBackend::terminate_nexus_operation(TerminateNexusOperationCall call) {
    return through(
        0, &ClientInterceptor::terminate_nexus_operation, &RpcBackend::send, std::move(call)
    );
}

Future<void> RpcBackend::remove_nexus_operation(DeleteNexusOperationCall call) {
    return through(
        0, &ClientInterceptor::delete_nexus_operation, &RpcBackend::send, std::move(call)
    );
}

Future<Page<NexusOperationExecution>> RpcBackend::list_nexus_operations_page(
    ListNexusOperationsCall call
) {
    return through(
        0, &ClientInterceptor::list_nexus_operations, &RpcBackend::send, std::move(call)
    );
}

Future<Count> RpcBackend::count_nexus_operations(CountNexusOperationsCall call) {
    return through(
        0, &ClientInterceptor::count_nexus_operations, &RpcBackend::send, std::move(call)
    );
}

}  // namespace hourglass::client
