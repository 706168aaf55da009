#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

/// What the fuzzers share.
namespace hourglass::fuzz {

/// Ends the program with a report if what must hold does not.
inline void require(bool holds, const char* what, const std::string& detail = {}) {
    if (!holds) {
        std::fprintf(stderr, "does not hold: %s\n%s\n", what, detail.c_str());
        std::abort();
    }
}

}  // namespace hourglass::fuzz
