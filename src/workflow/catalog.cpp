#include "hourglass/workflow/catalog.hpp"

#include "hourglass/base/error.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hourglass::workflow {

// Never destroyed: workers may look types up while the program's statics are torn down.
Catalog& Catalog::process() {
    static Catalog& instance = *new Catalog;
    return instance;
}

bool Catalog::add(const Definition& definition) {
    if (definition.dynamic) {
        if (dynamic_ != nullptr && dynamic_ != &definition) {
            conflicts_.emplace_back("dynamic()");
            return false;
        }
        return std::exchange(dynamic_, &definition) == nullptr;
    }
    const auto [place, added] = definitions_.emplace(std::string{definition.name}, &definition);
    if (!added && place->second != &definition &&
        std::find(conflicts_.begin(), conflicts_.end(), definition.name) == conflicts_.end()) {
        conflicts_.emplace_back(definition.name);
    }
    return added;
}

const Definition* Catalog::find(std::string_view name) const {
    const auto found = definitions_.find(name);
    return found == definitions_.end() ? dynamic_ : found->second;
}

std::vector<std::string> Catalog::names() const {
    std::vector<std::string> names;
    names.reserve(definitions_.size());
    for (const auto& [name, definition] : definitions_) {
        names.push_back(name);
    }
    return names;
}

std::vector<std::string> Catalog::without_versioning() const {
    std::vector<std::string> names;
    for (const auto& [name, definition] : definitions_) {
        if (definition->versioning == VersioningBehavior::Unspecified) {
            names.push_back(name);
        }
    }
    if (dynamic_ != nullptr && dynamic_->versioning == VersioningBehavior::Unspecified) {
        names.emplace_back("dynamic()");
    }
    return names;
}

void Catalog::check() const {
    if (conflicts_.empty()) {
        return;
    }
    std::string names;
    for (const auto& name : conflicts_) {
        names += (names.empty() ? "'" : ", '") + name + "'";
    }
    throw DuplicateRegistrationError{
        "several workflow classes claim one name: " + names +
        "; give all but one of them another name with name(\"...\") in HOURGLASS_WORKFLOW"
    };
}

}  // namespace hourglass::workflow
