#include "hourglass/activity/definitions.hpp"

#include "hourglass/activity/catalog.hpp"
#include "hourglass/base/error.hpp"
#include "hourglass/convert/failures.hpp"
#include "src/activity/text_list.hpp"
#include "src/base/fork.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <utility>

namespace hourglass::activity {
namespace {

constexpr std::string_view kReservedPrefix = "__temporal_";

std::string missing_object_text(
    const std::string& activity, const std::string& class_name, const Objects& objects
) {
    return "activity '" + activity + "' is a member function of " + class_name +
           ", and the worker was given no object of that class: give it one with "
           "objects.add(std::make_shared<" +
           class_name + ">(...)). It has " + text_list(objects.classes(), "none");
}

bool same_isolation(const Definition& a, const Definition& b) {
    return a.isolated.has_value() == b.isolated.has_value() &&
           (!a.isolated || a.isolated->bounds == b.isolated->bounds);
}

bool same_function(const Definition& a, const Definition& b) {
    return a.function && b.function && *a.function == *b.function && same_isolation(a, b);
}

void check_bounds(const Definition& definition) {
    const Isolation& bounds = definition.isolated->bounds;
    if (bounds.memory_limit && *bounds.memory_limit == 0) {
        throw ConfigurationError{
            "the memory_limit of the isolated activity '" + definition.name +
            "' is 0 bytes; it must be more, or unset for no limit"
        };
    }
    if (bounds.cancellation_grace.count() < 0) {
        throw ConfigurationError{
            "the cancellation_grace of the isolated activity '" + definition.name +
            "' is negative; it must be 0 ms or more"
        };
    }
}

}  // namespace

std::shared_ptr<void> Objects::find(std::type_index type) const {
    const auto found = entries_.find(type);
    return found == entries_.end() ? nullptr : found->second.object;
}

std::vector<std::string> Objects::classes() const {
    std::map<std::string, int> sorted;
    for (const auto& [type, entry] : entries_) {
        sorted.emplace(entry.class_name, 0);
    }
    std::vector<std::string> names;
    names.reserve(sorted.size());
    for (const auto& [name, unused] : sorted) {
        names.push_back(name);
    }
    return names;
}

void Objects::put(std::type_index type, std::string class_name, std::shared_ptr<void> object) {
    if (!object) {
        throw ConfigurationError{"objects.add was given a null pointer to " + class_name};
    }
    const auto [entry, added] =
        entries_.try_emplace(type, Entry{std::move(class_name), std::move(object)});
    if (!added) {
        throw DuplicateRegistrationError{
            "there is an object of class " + entry->second.class_name +
            " already; a worker has at most one of each class"
        };
    }
}

Definitions& Definitions::add(Definition definition) {
    if (definition.name.empty()) {
        throw ConfigurationError{
            "an activity's name is empty; give it one: definitions.add(\"name\", ...)"
        };
    }
    if (definition.name.starts_with(kReservedPrefix)) {
        throw ConfigurationError{
            "the activity's name '" + definition.name + "' begins with " +
            std::string{kReservedPrefix} + ", which Temporal keeps for itself; choose another one"
        };
    }
    if (definition.isolated) {
        check_bounds(definition);
    }
    if (definition.dynamic) {
        add_dynamic_definition(std::move(definition));
        return *this;
    }
    const auto taken = by_name_.find(definition.name);
    if (taken == by_name_.end()) {
        std::string name = definition.name;
        by_name_.emplace(
            std::move(name), std::make_shared<const Definition>(std::move(definition))
        );
    } else if (!same_function(*taken->second, definition)) {
        throw DuplicateRegistrationError{
            "two activities are called '" + definition.name +
            (same_isolation(*taken->second, definition) ? "'" : "' (and isolated differently)") +
            " on one worker; give one of them another name: HOURGLASS_ACTIVITY(function, \"name\")"
        };
    }
    return *this;
}

void Definitions::add_dynamic_definition(Definition definition) {
    if (dynamic_ && !same_function(*dynamic_, definition)) {
        throw DuplicateRegistrationError{
            "two dynamic activities are on one worker: '" + dynamic_->name + "' and '" +
            definition.name + "'; what runs the types that nothing else defines can be one only"
        };
    }
    dynamic_ = std::make_shared<const Definition>(std::move(definition));
}

Definitions& Definitions::add(const Definitions& others) {
    for (const auto& definition : others.all()) {
        add(Definition{*definition});
    }
    return *this;
}

std::vector<std::shared_ptr<const Definition>> Definitions::all() const {
    std::vector<std::shared_ptr<const Definition>> definitions;
    definitions.reserve(size());
    for (const auto& [name, definition] : by_name_) {
        definitions.push_back(definition);
    }
    if (dynamic_) {
        definitions.push_back(dynamic_);
    }
    return definitions;
}

std::shared_ptr<const Definition> Definitions::find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? dynamic_ : found->second;
}

std::vector<std::string> Definitions::names() const {
    std::vector<std::string> names;
    names.reserve(by_name_.size());
    for (const auto& [name, definition] : by_name_) {
        names.push_back(name);
    }
    return names;
}

bool Definitions::any_isolated() const noexcept {
    return (dynamic_ && dynamic_->isolated) ||
           std::any_of(by_name_.begin(), by_name_.end(), [](const auto& entry) {
               return entry.second->isolated.has_value();
           });
}

std::vector<std::string> Definitions::unusable_with(const Objects& objects) const {
    std::vector<std::string> texts;
    for (const auto& definition : all()) {
        if (definition->needs_object && !objects.find(definition->needs_object->type)) {
            texts.push_back(
                missing_object_text(definition->name, definition->needs_object->class_name, objects)
            );
        }
    }
    return texts;
}

namespace {

struct CatalogState {
    fork::LeafMutex mutex;
    Definitions definitions;
    std::exception_ptr fault;
};

// Never destroyed: a worker may still look while the program's statics are torn down. A function's
// static, because other files' static initialisers use it.
CatalogState& catalog() {
    static CatalogState& instance = *new CatalogState;
    return instance;
}

}  // namespace

Definitions Catalog::definitions() {
    const std::lock_guard lock{catalog().mutex};
    if (catalog().fault) {
        std::rethrow_exception(catalog().fault);
    }
    return catalog().definitions;
}

}  // namespace hourglass::activity

namespace hourglass::detail {
namespace {

// The type stays what it would be if the body had thrown it, for retry policies that name it.
[[noreturn]] void rethrow_conversion_error(const std::string& what_failed) {
    const auto error = std::current_exception();
    try {
        std::rethrow_exception(error);
    } catch (const ConversionError& conversion) {
        const FailureCause failure = as_failure(error);
        const auto* application = dynamic_cast<const ApplicationError*>(failure.get());
        throw ApplicationError{
            what_failed + conversion.what(),
            {.type = application ? application->type() : "ConversionError"}
        };
    }
}

}  // namespace

bool enter_in_activity_catalog(activity::Definition definition) noexcept {
    auto& catalog = activity::catalog();
    const std::lock_guard lock{catalog.mutex};
    try {
        catalog.definitions.add(std::move(definition));
    } catch (...) {
        if (!catalog.fault) {
            catalog.fault = std::current_exception();
        }
    }
    return true;
}

void rethrow_argument_error(const std::string& activity) {
    rethrow_conversion_error("activity '" + activity + "' cannot read its arguments: ");
}

void rethrow_result_error(const std::string& activity) {
    rethrow_conversion_error("the result of activity '" + activity + "' cannot be encoded: ");
}

void reject_missing_object(
    const std::string& activity, const std::string& class_name, const activity::Objects& objects
) {
    throw ApplicationError{
        activity::missing_object_text(activity, class_name, objects), {.type = "MissingObject"}
    };
}

}  // namespace hourglass::detail
