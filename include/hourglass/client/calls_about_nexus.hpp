#pragma once

// What a client asks the server for about Nexus operations, values encoded: what interceptors see
// and may change.

#include "hourglass/client/nexus_operation.hpp"
#include "hourglass/convert/payload.hpp"

#include <string>

namespace hourglass {

/// One standalone Nexus operation, or the newest one of an id.
struct NexusOperationRef {
    std::string id = {};
    std::string run_id = {};
};

struct StartNexusOperationCall {
    std::string endpoint = {};
    std::string service = {};
    std::string operation = {};
    /// With the id and the headers.
    StartNexusOperationOptions options = {};
    Payload input = {};
};

struct NexusOperationResultCall {
    NexusOperationRef operation = {};
    NexusOperationResultOptions options = {};
};

struct DescribeNexusOperationCall {
    NexusOperationRef operation = {};
};

struct CancelNexusOperationCall {
    NexusOperationRef operation = {};
    std::string reason = {};
};

struct TerminateNexusOperationCall {
    NexusOperationRef operation = {};
    std::string reason = {};
};

struct DeleteNexusOperationCall {
    NexusOperationRef operation = {};
};

/// One page.
struct ListNexusOperationsCall {
    std::string query = {};
    int page_size = 0;
    /// Empty: the first page.
    std::string page_token = {};
};

struct CountNexusOperationsCall {
    std::string query = {};
};

}  // namespace hourglass
