#include "src/convert/own_failures.hpp"

#include "hourglass/base/log.hpp"
#include "hourglass/convert/failure_converter.hpp"

#include <atomic>
#include <exception>
#include <utility>

namespace hourglass {
namespace {

struct Own {
    std::shared_ptr<const FailureConverter> converter;
    /// What was in force before: never destroyed, because somebody may still ask it.
    const Own* before = nullptr;
};

std::atomic<const Own*>& current() {
    static std::atomic<const Own*> own{nullptr};
    return own;
}

const FailureConverter* converter() {
    const Own* const own = current().load(std::memory_order_acquire);
    return own == nullptr ? nullptr : own->converter.get();
}

/// What `ask` gives; a default value if it throws.
template <class Ask>
auto unless_it_throws(const char* function, Ask ask) -> decltype(ask()) {
    std::string reason = "something that is no std::exception";
    try {
        return ask();
    } catch (const std::exception& error) {
        reason = error.what();
    } catch (...) {  // as above
    }
    log::error(
        "the FailureConverter threw; the usual way is taken instead",
        {{"function", function}, {"reason", reason}}
    );
    return {};
}

bool is_foreign(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const FailureError&) {
        return false;
    } catch (const std::exception&) {
        return true;
    } catch (...) {
        return false;  // what Hourglass itself throws to end a run or an attempt, too
    }
}

/// What this thread asks the converter about while it lives. A converter that calls as_failure()
/// with what it was given gets the usual way, and not itself again.
class Asked {
public:
    explicit Asked(const std::exception_ptr& error) noexcept
        : error_{error}, outer_{std::exchange(innermost, this)} {}
    ~Asked() { innermost = outer_; }
    Asked(const Asked&) = delete;
    Asked& operator=(const Asked&) = delete;

    [[nodiscard]] static bool about(const std::exception_ptr& error) noexcept {
        const Asked* asked = innermost;
        while (asked != nullptr && asked->error_ != error) {
            asked = asked->outer_;
        }
        return asked != nullptr;
    }

private:
    static thread_local const Asked* innermost;

    const std::exception_ptr& error_;
    const Asked* const outer_;
};
thread_local const Asked* Asked::innermost = nullptr;

}  // namespace

void set_failure_converter(std::shared_ptr<const FailureConverter> converter) {
    auto* const own = new Own{std::move(converter), current().load()};
    while (!current().compare_exchange_weak(own->before, own)) {
    }
}

namespace convert {

FailureCause own_failure(const std::exception_ptr& error) {
    const FailureConverter* const own = converter();
    if (own == nullptr || !is_foreign(error) || Asked::about(error)) {
        return nullptr;
    }
    const Asked asked{error};
    return unless_it_throws("to_failure", [&] { return own->to_failure(error); });
}

std::exception_ptr own_exception(std::exception_ptr failure) {
    const FailureConverter* const own = converter();
    if (own == nullptr) {
        return failure;
    }
    const FailureCause read = as_failure(failure);
    const std::exception_ptr made =
        unless_it_throws("from_failure", [&] { return own->from_failure(*read); });
    return made ? made : failure;
}

}  // namespace convert
}  // namespace hourglass
