#pragma once

#include "hourglass/workflow/detail/list.hpp"
#include "hourglass/workflow/detail/ref.hpp"

#include <exception>
#include <string>

namespace hourglass::workflow::detail {

class Operation;
class Suspension;
struct OperationTag;
struct SuspensionTag;
struct ChildScopeTag;

/// What is cancelled together. A cancelled scope stays cancelled, and so does every scope below it
/// but a detached one.
class Scope : public RefCounted, public ListHook<ChildScopeTag> {
public:
    /// @param parent  null: nothing but its own `cancel` reaches the scope.
    explicit Scope(Ref<Scope> parent);
    ~Scope() override;

    [[nodiscard]] bool cancelled() const noexcept { return cancelled_; }
    [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

    /// Cancels the operations of the scope and of those below it in the order in which they were
    /// started, then wakes the coroutines that wait in them for something else.
    void cancel(const std::string& reason);

    /// A CancelledError that carries the reason.
    [[nodiscard]] std::exception_ptr cancelled_error() const;

    void add(Operation& operation) noexcept;
    void add(Suspension& suspension) noexcept;

private:
    void cancel_operations();
    void interrupt_suspensions();

    Ref<Scope> parent_;
    List<Scope, ChildScopeTag> children_;
    List<Operation, OperationTag> operations_;
    List<Suspension, SuspensionTag> suspensions_;
    bool cancelled_ = false;
    std::string reason_;
};

}  // namespace hourglass::workflow::detail
