#pragma once

#include <hourglass/hourglass.hpp>
#include <hourglass/testing/replayer.hpp>

#include <mutex>
#include <string>

namespace conformance {

/// What all rows share: one application with one worker, which runs all that the rows define, and
/// one replayer.
/// @threads any.
class Bench {
public:
    /// The one of the process; made at the first use.
    static Bench& shared();

    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    [[nodiscard]] hourglass::Application& application() { return application_; }
    /// No call or wait of it takes longer than a minute, so that no row waits for ever.
    [[nodiscard]] const hourglass::Client& client() const { return client_; }
    [[nodiscard]] const std::string& queue() const { return queue_; }

    [[nodiscard]] hourglass::testing::ReplayResult replay(const hourglass::WorkflowHistory& history
    );

private:
    Bench();

    std::string queue_;
    hourglass::Application application_;
    hourglass::Client client_;
    std::mutex replaying_;
    hourglass::testing::Replayer replayer_;
};

/// The bench's client, for activities.
[[nodiscard]] inline const hourglass::Client& client() {
    return Bench::shared().client();
}

}  // namespace conformance
