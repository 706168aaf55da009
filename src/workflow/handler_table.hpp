#pragma once

#include "hourglass/workflow/handlers.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
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
    /// @param name  unset: every name that no other handler takes.
    void set(std::optional<std::string> name, Handler handler) {
        if (name) {
            by_name_.insert_or_assign(*std::move(name), std::move(handler));
        } else {
            for_every_name_ = std::move(handler);
        }
    }

    /// @param wrap  makes a Handler of a Definition's entry.
    /// @returns an empty one if nobody handles the name. Names of Temporal's own are never given to
    /// the one for every name.
    template <class Entry, class Wrap>
    [[nodiscard]] Handler find(std::string_view name, std::span<const Entry> definition, Wrap wrap)
        const {
        if (const auto found = by_name_.find(name); found != by_name_.end()) {
            return found->second;
        }
        for (const Entry& entry : definition) {
            if (entry.name == name) {
                return wrap(entry);
            }
        }
        return name.starts_with("__") ? Handler{} : for_every_name_;
    }

    template <class Entry>
    [[nodiscard]] std::set<std::string> sorted_names(std::span<const Entry> definition) const {
        std::set<std::string> names;
        for (const Entry& entry : definition) {
            names.emplace(entry.name);
        }
        for (const auto& [name, handler] : by_name_) {
            names.insert(name);
        }
        return names;
    }
    [[nodiscard]] bool handles_every_name() const noexcept {
        return static_cast<bool>(for_every_name_);
    }
    /// "a, b", or "none".
    template <class Entry>
    [[nodiscard]] std::string names(std::span<const Entry> definition) const {
        std::string names;
        for (const std::string& name : sorted_names(definition)) {
            names.append(names.empty() ? "" : ", ").append(name);
        }
        return names.empty() ? "none" : names;
    }

private:
    std::map<std::string, Handler, std::less<>> by_name_;
    Handler for_every_name_;
};

}  // namespace hourglass::workflow
