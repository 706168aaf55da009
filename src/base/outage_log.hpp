#pragma once

#include "hourglass/base/log.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace hourglass {

/// Logs an outage that is waited for: a warning when it begins and when its reason changes, an info
/// line when it is over, and each try in between at the level Debug. Two reasons that differ in
/// their numbers only are the same one: "the certificate expired 7 seconds ago" is said once.
/// @threads one at a time.
class OutageLog {
public:
    /// @param failing  what cannot be done for the moment, e.g. "the server cannot be reached".
    /// @param again  that it can be done again, e.g. "connected to the server".
    OutageLog(std::string failing, std::string again)
        : failing_{std::move(failing)}, again_{std::move(again)} {}

    void failed(
        const std::string& reason, std::chrono::milliseconds wait, std::vector<log::Field> fields
    );
    /// Says nothing unless something failed before.
    void works(std::vector<log::Field> fields);

private:
    std::string failing_;
    std::string again_;
    bool is_failing_ = false;
    std::string last_gist_;
};

}  // namespace hourglass
