#pragma once

#include "hourglass/workflow/handlers.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace hourglass::workflow {

/// The handlers of one kind: those that were set at run time come before those of the definition,
/// and one for every name last.
template <class Handler>
class HandlerTable {
public:
    struct Entry {
        Handler handler;
        HandlerOptions options;

        explicit operator bool() const noexcept { return static_cast<bool>(handler); }
    };

    /// @param name  unset: every name that no other handler takes.
    void set(std::optional<std::string> name, Entry entry) {
        if (!set_) {
            set_ = std::make_unique<Set>();
        }
        if (name) {
            set_->by_name.insert_or_assign(*std::move(name), std::move(entry));
        } else {
            set_->for_every_name = std::move(entry);
        }
    }

    /// @param wrap  makes an Entry of a Definition's.
    /// @returns an empty one if nobody handles the name. Names of Temporal's own are never given to
    /// the one for every name.
    template <class Defined, class Wrap>
    [[nodiscard]] Entry find(std::string_view name, std::span<const Defined> definition, Wrap wrap)
        const {
        if (set_) {
            if (const auto found = set_->by_name.find(name); found != set_->by_name.end()) {
                return found->second;
            }
        }
        for (const Defined& defined : definition) {
            if (defined.name == name) {
                return wrap(defined);
            }
        }
        const bool reserved = name.starts_with("__temporal_") ||
                              name.starts_with("__stack_trace") ||
                              name.starts_with("__enhanced_stack_trace");
        return set_ && !reserved ? set_->for_every_name : Entry{};
    }

    /// By name, in its order, what each says of itself.
    template <class Defined>
    [[nodiscard]] std::map<std::string_view, std::string_view> descriptions(
        std::span<const Defined> definition
    ) const {
        std::map<std::string_view, std::string_view> all;
        if (set_) {
            for (const auto& [name, entry] : set_->by_name) {
                all.emplace(name, entry.options.description);
            }
        }
        for (const Defined& defined : definition) {
            all.emplace(defined.name, defined.description);
        }
        return all;
    }
    /// The one for every name, or null.
    [[nodiscard]] const Entry* for_every_name() const noexcept {
        return set_ && set_->for_every_name ? &set_->for_every_name : nullptr;
    }
    /// "a, b", or "none".
    template <class Defined>
    [[nodiscard]] std::string names(std::span<const Defined> definition) const {
        std::string names;
        for (const auto& [name, description] : descriptions(definition)) {
            names.append(names.empty() ? "" : ", ").append(name);
        }
        return names.empty() ? "none" : names;
    }

private:
    struct Set {
        std::map<std::string, Entry, std::less<>> by_name;
        Entry for_every_name;
    };
    std::unique_ptr<Set> set_;  // most workflows set none, and memory holds many workflows
};

}  // namespace hourglass::workflow
