#pragma once

#include "tests/conformance/harness/registry.hpp"
#include "tests/conformance/harness/runner.hpp"

#include <map>
#include <string>

namespace conformance {

/// The rows of docs/conformance.md by their path, of what the runner has run and of what is absent.
[[nodiscard]] std::map<std::string, std::string> table_rows(const Runner& runner);

/// The whole document.
[[nodiscard]] std::string document(const std::map<std::string, std::string>& rows);

/// The rows of a document.
[[nodiscard]] std::map<std::string, std::string> rows_of(const std::string& document);

}  // namespace conformance
