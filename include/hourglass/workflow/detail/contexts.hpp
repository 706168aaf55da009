#pragma once

// Whose values a workflow converts that are not its own.

#include "hourglass/convert/in_context.hpp"
#include "hourglass/convert/serialization_context.hpp"
#include "hourglass/workflow/detail/called_name.hpp"

#include <array>
#include <string>
#include <string_view>

namespace hourglass::workflow::detail {

using hourglass::detail::encode_arguments_in;
using hourglass::detail::encode_for_in;
using hourglass::detail::from_payload_in;

class ActivityOperation;
class ChildWorkflowOperation;
class NexusOperation;
struct ExternalTarget;
struct NexusTarget;

/// Room for the digits of an activity's number.
using NumberText = std::array<char, 10>;

/// Of an activity that is about to be scheduled: of its arguments.
class ActivityToCall final : public hourglass::detail::ContextSource {
public:
    /// @param id  empty: the activity's number.
    ActivityToCall(CalledName type, const std::string& id, bool is_local) noexcept
        : type_{type.text}, id_{id}, is_local_{is_local} {}
    [[nodiscard]] SerializationContext context() const override;

private:
    std::string_view type_;
    const std::string& id_;
    bool is_local_;
    mutable NumberText number_;
};

/// Of one that was scheduled: of its result.
class ActivityCalled final : public hourglass::detail::ContextSource {
public:
    explicit ActivityCalled(const ActivityOperation& activity) noexcept : activity_{activity} {}
    [[nodiscard]] SerializationContext context() const override;

private:
    const ActivityOperation& activity_;
    mutable NumberText number_;
};

/// Of a child that is about to be started: of its arguments.
class ChildToStart final : public hourglass::detail::ContextSource {
public:
    /// @param id  empty: the UUID that it will get.
    ChildToStart(CalledName type, const std::string& id) noexcept : type_{type.text}, id_{id} {}
    [[nodiscard]] SerializationContext context() const override;

private:
    std::string_view type_;
    const std::string& id_;
    mutable std::string uuid_;
};

/// Of one that was: of its result, and of signals to it.
class ChildStarted final : public hourglass::detail::ContextSource {
public:
    explicit ChildStarted(const ChildWorkflowOperation& child) noexcept : child_{child} {}
    [[nodiscard]] SerializationContext context() const override;

private:
    const ChildWorkflowOperation& child_;
};

/// Of another workflow: of signals to it.
class OtherWorkflow final : public hourglass::detail::ContextSource {
public:
    explicit OtherWorkflow(const ExternalTarget& target) noexcept : target_{target} {}
    [[nodiscard]] SerializationContext context() const override;

private:
    const ExternalTarget& target_;
};

/// Of a Nexus operation that is about to be called: of its input.
class NexusToCall final : public hourglass::detail::ContextSource {
public:
    NexusToCall(const NexusTarget& target, std::string_view operation) noexcept
        : target_{target}, operation_{operation} {}
    [[nodiscard]] SerializationContext context() const override;

private:
    const NexusTarget& target_;
    std::string_view operation_;
};

/// Of one that was: of its result.
class NexusCalled final : public hourglass::detail::ContextSource {
public:
    explicit NexusCalled(const NexusOperation& operation) noexcept : operation_{operation} {}
    [[nodiscard]] SerializationContext context() const override;

private:
    const NexusOperation& operation_;
};

}  // namespace hourglass::workflow::detail
