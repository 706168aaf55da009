#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/client/start_options.hpp"
#include "hourglass/client/workflow_description.hpp"
#include "hourglass/client/workflow_history.hpp"
#include "hourglass/convert/payload.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hourglass {

/// Some of a list's executions, and how to ask for the next ones.
struct WorkflowPage {
    std::vector<WorkflowExecution> executions = {};
    /// Empty: this is the last page.
    std::string next_page_token = {};
};

namespace detail {

/// One execution, or the newest one of an id.
struct ExecutionRef {
    std::string workflow_id = {};
    /// Empty: whichever run is the newest when the call arrives.
    std::string run_id = {};
    /// Where waiting for a result begins; empty: as `run_id`.
    std::string result_run_id = {};
    /// If set, cancel and terminate refuse executions of other chains.
    std::string first_execution_run_id = {};
};

/// What a Client and its handles are typed shells of: each call of the server, its values encoded.
///
/// The Futures fail with the exceptions of client/errors.hpp. They are settled on threads where
/// user code may run and block.
/// @threads any.
class ClientBackend {
public:
    ClientBackend() = default;
    ClientBackend(const ClientBackend&) = delete;
    ClientBackend& operator=(const ClientBackend&) = delete;
    virtual ~ClientBackend() = default;

    [[nodiscard]] virtual const std::string& address() const = 0;
    [[nodiscard]] virtual const std::string& namespace_name() const = 0;
    [[nodiscard]] virtual const std::string& identity() const = 0;

    /// @returns the execution that was started, or that had the id already, if the conflict policy
    /// says so.
    virtual Future<ExecutionRef> start(
        std::string type, StartOptions options, Payloads arguments
    ) = 0;
    virtual Future<void> signal(ExecutionRef target, std::string name, Payloads arguments) = 0;
    virtual Future<Payloads> query(
        ExecutionRef target, std::string name, QueryOptions options, Payloads arguments
    ) = 0;
    virtual Future<Payloads> update(
        ExecutionRef target, std::string name, UpdateOptions options, Payloads arguments
    ) = 0;
    virtual Future<void> cancel(ExecutionRef target, std::string reason) = 0;
    virtual Future<void> terminate(ExecutionRef target, std::string reason, Payloads details) = 0;
    virtual Future<WorkflowDescription> describe(ExecutionRef target) = 0;
    virtual Future<Payloads> result(ExecutionRef target, ResultOptions options) = 0;
    virtual Future<WorkflowHistory> history(ExecutionRef target) = 0;
    virtual Future<WorkflowPage> list_page(
        std::string query, int page_size, std::string page_token
    ) = 0;
    virtual Future<std::int64_t> count(std::string query) = 0;
    /// @param service  "workflow", "operator", "test" or "health".
    virtual Future<std::string> raw_call(
        std::string service, std::string method, std::string request
    ) = 0;
};

}  // namespace detail
}  // namespace hourglass
