#pragma once

#include "src/core/status.hpp"

#include <functional>
#include <string_view>

struct HgServedCall;

namespace hourglass::core {

struct Bridge;

/// A call of Core's to a server in this process, and the duty to answer it. Dropped without an
/// answer it fails as unavailable. It may outlive its connection and its runtime.
/// @threads any, one at a time.
class ServedCall {
public:
    ServedCall(HgServedCall* handle, const Bridge& from) noexcept : handle_{handle}, from_{&from} {}
    ServedCall(ServedCall&& other) noexcept;
    ServedCall& operator=(ServedCall&& other) noexcept;
    ServedCall(const ServedCall&) = delete;
    ServedCall& operator=(const ServedCall&) = delete;
    ~ServedCall();

    /// Answers with a serialized response.
    /// @returns Cancelled if Core has given the call up; InvalidArgument if it was answered before.
    VoidResult answer(std::string_view response);
    /// @param grpc_code  1 to 16.
    /// @param details  a serialized google.rpc.Status; empty: none.
    VoidResult fail(int grpc_code, std::string_view message, std::string_view details = {});

private:
    HgServedCall* handle_;
    const Bridge* from_;
};

/// What Core asks; borrowed for the call.
struct ServedRequest {
    /// The full name: `temporal.api.workflowservice.v1.WorkflowService`.
    std::string_view service;
    /// As in the protos: `PollWorkflowTaskQueue`.
    std::string_view method;
    /// The serialized request.
    std::string_view body;
};

/// A server in this process: receives each call of Core's, several at once, on threads of Core. It
/// answers then or later, and may only post: no blocking, no throwing, no user code.
using Serve = std::function<void(ServedCall call, const ServedRequest& request)>;

}  // namespace hourglass::core
