#include "tests/conformance/harness/runner.hpp"

#include "tests/conformance/harness/row.hpp"

#include <gtest/gtest-spi.h>

#include <exception>
#include <memory>
#include <semaphore>

namespace conformance {
namespace {

/// Rows at a time. They wait for most of their time; the server works.
constexpr std::ptrdiff_t kAtOnce = 24;

std::string what_is_handled() {
    try {
        throw;
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return "something that is no std::exception";
    }
}

/// Collects what fails on this thread, instead of blaming the test that happens to run.
Outcome run(const Feature& feature) {
    const auto begin = std::chrono::steady_clock::now();
    Outcome outcome;
    testing::TestPartResultArray parts;
    {
        const testing::ScopedFakeTestPartResultReporter reporter{
            testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &parts
        };
        try {
            Row row{Bench::shared()};
            feature.run(row);
            outcome.replayed = row.replayed();
        } catch (...) {
            outcome.failures.push_back({{}, 0, "it threw: " + what_is_handled()});
        }
    }
    for (int i = 0; i < parts.size(); ++i) {
        const auto& part = parts.GetTestPartResult(i);
        const char* const file = part.file_name();
        outcome.failures.push_back(
            {file == nullptr ? std::string{} : file, part.line_number(), part.message()}
        );
    }
    outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin
    );
    return outcome;
}

}  // namespace

void Runner::start(const std::vector<Feature>& features) {
    const auto slots = std::make_shared<std::counting_semaphore<>>(kAtOnce);
    for (const auto& feature : features) {
        std::promise<Outcome> promise;
        outcomes_.emplace(feature.path, promise.get_future().share());
        threads_.emplace_back([slots, feature, promise = std::move(promise)]() mutable {
            slots->acquire();
            promise.set_value(run(feature));
            slots->release();
        });
    }
}

const Outcome& Runner::outcome(const std::string& path) const {
    return outcomes_.at(path).get();
}

}  // namespace conformance
