#pragma once

#include <string_view>

namespace hourglass {

/// Whose value is converted. What is not known is empty.
///
/// For what goes to a workflow or comes from it, both sides see the same namespace and workflow id,
/// so a format may bind what it writes to them; docs/data.md has the exceptions.
struct SerializationContext {
    std::string_view workflow_namespace{};
    /// Of the workflow that gets or gave the value: for a child's arguments and result the child.
    /// Empty for an activity that no workflow started.
    std::string_view workflow_id{};
    /// Signals, queries and updates from outside do not know it.
    std::string_view workflow_type{};
    /// Of the activity whose arguments, heartbeats or result these are.
    std::string_view activity_id{};
    /// Who asks for a result by the activity's id alone does not know it.
    std::string_view activity_type{};
    bool is_local_activity = false;
    /// Of the Nexus operation whose input or result this is; the caller's namespace and workflow on
    /// the caller's side, the namespace alone on the handler's.
    std::string_view nexus_endpoint{};
    std::string_view nexus_service{};
    std::string_view nexus_operation{};

    bool operator==(const SerializationContext&) const = default;
};

/// Whose value this thread converts, for a PayloadFormat, a `to_json` or `from_json`, or a
/// ValueEncoding; all empty where nobody is known. In a workflow, an activity or a handler of a
/// Nexus operation it is that one, unless the value goes to another or comes from there. The texts
/// are valid until the conversion ends.
/// @threads any.
[[nodiscard]] SerializationContext serialization_context();

namespace detail {

/// Who knows whose values are converted. Asked only if a conversion asks, so that it costs nothing
/// as a rule.
class ContextSource {
public:
    /// Texts that live as long as this object.
    [[nodiscard]] virtual SerializationContext context() const = 0;

protected:
    ContextSource() = default;
    ContextSource(const ContextSource&) = default;
    ContextSource& operator=(const ContextSource&) = default;
    ~ContextSource() = default;
};

/// A context that is there already; its texts are the caller's.
class GivenContext final : public ContextSource {
public:
    explicit GivenContext(const SerializationContext& given) noexcept : given_{given} {}
    [[nodiscard]] SerializationContext context() const override { return given_; }

private:
    SerializationContext given_;
};

/// While it lives, the values that this thread converts are those of `source`, which must outlive
/// it; null: nobody's. Never across a suspension: a coroutine may go on on another thread.
class ConversionScope {
public:
    explicit ConversionScope(const ContextSource* source) noexcept;
    ~ConversionScope();
    ConversionScope(const ConversionScope&) = delete;
    ConversionScope& operator=(const ConversionScope&) = delete;

private:
    const ContextSource* previous_;
};

}  // namespace detail
}  // namespace hourglass
