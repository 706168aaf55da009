#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/client/activity_backend.hpp"
#include "hourglass/client/call_options.hpp"
#include "hourglass/client/calls.hpp"
#include "hourglass/client/client_options.hpp"
#include "hourglass/client/count.hpp"
#include "hourglass/client/nexus_backend.hpp"
#include "hourglass/client/paged.hpp"
#include "hourglass/client/schedule_backend.hpp"
#include "hourglass/client/start_options.hpp"
#include "hourglass/client/workflow_admin.hpp"
#include "hourglass/client/workflow_description.hpp"
#include "hourglass/client/workflow_history.hpp"
#include "hourglass/convert/payload.hpp"

#include <map>
#include <memory>
#include <string>

namespace hourglass::detail {

using ExecutionRef = WorkflowRef;
using UpdateRef = WorkflowUpdateRef;

/// A call of the server's API as it is.
struct RawCall {
    /// "workflow", "operator", "cloud", "test" or "health".
    std::string service = {};
    std::string method = {};
    /// A serialized protobuf message.
    std::string request = {};
    /// What the call is for, for texts of errors: "cannot …"; empty: the method's name.
    std::string action = {};
    /// Encodes the payloads in the request and decodes those in the response, as
    /// ClientOptions::data says; else they are the caller's business.
    bool codes_payloads = false;
};

/// What a Client and its handles are typed shells of: each call of the server, its values encoded.
///
/// The Futures fail with the exceptions of client/errors.hpp. They are settled on threads where
/// user code may run and block.
/// @threads any.
class ClientBackend : public ScheduleBackend, public ActivityBackend, public NexusBackend {
public:
    [[nodiscard]] virtual const std::string& address() const = 0;
    [[nodiscard]] virtual const std::string& namespace_name() const = 0;
    [[nodiscard]] virtual const std::string& identity() const = 0;

    /// A backend of the same connection that makes its calls with these options on top of its own.
    /// @throws ConfigurationError if they are not usable.
    [[nodiscard]] virtual std::shared_ptr<ClientBackend> with(CallOptions options) const = 0;
    /// A backend whose calls have, from now on and all together, the time that one call has.
    [[nodiscard]] virtual std::shared_ptr<ClientBackend> as_one_call() const = 0;
    /// The same of another namespace.
    /// @throws ConfigurationError if the name is empty.
    [[nodiscard]] virtual std::shared_ptr<ClientBackend> in_namespace(std::string name) const = 0;
    virtual Future<void> replace_credentials(Credentials credentials) = 0;
    /// @throws ConfigurationError if they are not usable.
    virtual void replace_headers(std::map<std::string, std::string> headers) = 0;

    /// @returns the execution that was started, or that had the id already, if the conflict policy
    /// says so.
    virtual Future<ExecutionRef> start(StartWorkflowCall call) = 0;
    virtual Future<ExecutionRef> signal_with_start(SignalWithStartCall call) = 0;
    virtual Future<StartedWithUpdate> update_with_start(UpdateWithStartCall call) = 0;

    virtual Future<void> signal(SignalWorkflowCall call) = 0;
    virtual Future<Payloads> query(QueryWorkflowCall call) = 0;
    virtual Future<UpdateRef> start_update(UpdateWorkflowCall call) = 0;
    virtual Future<Payloads> update_result(UpdateRef update, UpdateResultOptions options) = 0;
    /// Sends an update and waits for its outcome.
    virtual Future<Payloads> update(UpdateWorkflowCall call) = 0;

    virtual Future<void> cancel(ExecutionRef target, std::string reason) = 0;
    virtual Future<void> terminate(ExecutionRef target, std::string reason, Payloads details) = 0;
    virtual Future<void> pause(ExecutionRef target, std::string reason) = 0;
    virtual Future<void> unpause(ExecutionRef target, std::string reason) = 0;
    /// @returns the new run's id.
    virtual Future<std::string> reset(ExecutionRef target, ResetOptions options) = 0;
    virtual Future<ExecutionOptions> update_options(
        ExecutionRef target, ExecutionOptionsUpdate update
    ) = 0;
    virtual Future<void> remove(ExecutionRef target) = 0;

    virtual Future<WorkflowDescription> describe(ExecutionRef target) = 0;
    virtual Future<Payloads> result(ExecutionRef target, ResultOptions options) = 0;
    virtual Future<WorkflowHistory> history(ExecutionRef target) = 0;
    virtual Future<Page<WorkflowExecution>> list_page(
        std::string query, int page_size, std::string page_token
    ) = 0;
    virtual Future<Count> count(std::string query) = 0;

    /// @returns the serialized response.
    virtual Future<std::string> raw_call(RawCall call) = 0;
};

}  // namespace hourglass::detail
