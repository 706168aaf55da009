#pragma once

#include "hourglass/workflow/definition.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::workflow {

/// Workflow types by their Temporal names.
/// @threads one while it is filled, then any. The process's own is filled before `main` and while
/// libraries are loaded.
class Catalog {
public:
    /// What HOURGLASS_WORKFLOW adds to.
    [[nodiscard]] static Catalog& process();

    /// A second definition of a name is not added but remembered as a conflict.
    /// @returns whether it was added; the same definition may come twice.
    bool add(const Definition& definition);

    /// @returns the one of that name, else the dynamic one, else null.
    [[nodiscard]] const Definition* find(std::string_view name) const;
    /// In alphabetical order, without the dynamic one.
    [[nodiscard]] std::vector<std::string> names() const;
    /// Those whose definition says no versioning behaviour, the dynamic one as "dynamic()".
    [[nodiscard]] std::vector<std::string> without_versioning() const;
    /// Names that several definitions claim.
    [[nodiscard]] const std::vector<std::string>& conflicts() const noexcept { return conflicts_; }
    /// @throws DuplicateRegistrationError naming what several definitions claim.
    void check() const;

private:
    std::map<std::string, const Definition*, std::less<>> definitions_;
    const Definition* dynamic_ = nullptr;
    std::vector<std::string> conflicts_;
};

}  // namespace hourglass::workflow
