#pragma once

#include "hourglass/base/unique_function.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/versioning.hpp"
#include "hourglass/workflow/task.hpp"

#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string_view>

namespace hourglass::workflow {

/// A workflow object of any class.
using Instance = std::unique_ptr<void, void (*)(void*)>;

/// One update: the arguments are decoded, the handler has not run.
class UpdateCall {
public:
    UpdateCall() = default;
    UpdateCall(const UpdateCall&) = delete;
    UpdateCall& operator=(const UpdateCall&) = delete;
    virtual ~UpdateCall() = default;

    virtual void validate(const void* instance) const = 0;
    /// Once.
    virtual Task<Payload> start(void* instance) = 0;
};

/// One signal: the arguments are decoded, the handler has not run. Called once; gives a Task that
/// is not valid if the handler was no coroutine.
using SignalCall = UniqueFunction<Task<void>(void* instance)>;

/// What becomes of a handler that is under way when its workflow ends. It is abandoned in any case.
enum class UnfinishedPolicy : std::uint8_t {
    WarnAndAbandon,  ///< the log says so: somebody may wait for what it does
    Abandon          ///< nobody minds
};

struct SignalDefinition {
    std::string_view name;
    SignalCall (*prepare)(const Payloads& arguments) = nullptr;
    std::string_view description{};
    UnfinishedPolicy unfinished = UnfinishedPolicy::WarnAndAbandon;
};

struct QueryDefinition {
    std::string_view name;
    Payload (*call)(const void* instance, const Payloads& arguments) = nullptr;
    std::string_view description{};
};

struct UpdateDefinition {
    std::string_view name;
    std::unique_ptr<UpdateCall> (*prepare)(const Payloads& arguments) = nullptr;
    std::string_view description{};
    UnfinishedPolicy unfinished = UnfinishedPolicy::WarnAndAbandon;
};

/// A workflow type without its C++ types. Made by HOURGLASS_WORKFLOW; lives as long as the program.
struct Definition {
    std::string_view name;
    /// @param arguments  those of the run method.
    Instance (*create)(const Payloads& arguments) = nullptr;
    Task<Payload> (*run)(void* instance, Payloads arguments) = nullptr;
    std::span<const SignalDefinition> signals;
    std::span<const QueryDefinition> queries;
    std::span<const UpdateDefinition> updates;
    /// Whether it runs every type that has no definition of its own.
    bool dynamic = false;
    /// Unspecified: its worker's default.
    VersioningBehavior versioning = VersioningBehavior::Unspecified;
    /// Which exceptions fail the workflow, beside those that always do; null: none.
    bool (*fails_workflow)(const std::exception& error) = nullptr;
};

}  // namespace hourglass::workflow
