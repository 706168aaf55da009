#include "tests/conformance/harness/row.hpp"

#include <cctype>
#include <regex>

namespace conformance::activity_retry {

void always_fails() {
    throw hg::ApplicationError{
        "activity attempt " + std::to_string(hg::activity::info().attempt) + " failed"
    };
}

class FailsWithItsActivity {
public:
    hg::Task<void> run() {
        const wf::ActivityOptions options{
            .schedule_to_close_timeout = 1min,
            .retry_policy =
                hg::RetryPolicy{
                    .initial_interval = 1ms, .backoff_coefficient = 1, .maximum_attempts = 5
                }
        };
        co_await wf::execute_activity<&always_fails>(options);
    }
};

}  // namespace conformance::activity_retry

HOURGLASS_ACTIVITY(conformance::activity_retry::always_fails);
HOURGLASS_WORKFLOW(conformance::activity_retry::FailsWithItsActivity, run);

namespace conformance::activity_retry {

/// The names of enumerators as older tools wrote them: "EVENT_TYPE_TIMER_FIRED" as "TimerFired".
std::string with_old_names(const std::string& json) {
    static const std::regex name{"\"(EVENT_TYPE|TASK_QUEUE_KIND|RETRY_STATE)_([A-Z_]+)\""};
    std::string text;
    auto rest = json.cbegin();
    for (std::sregex_iterator it{json.begin(), json.end(), name}; it != std::sregex_iterator{};
         ++it) {
        text.append(rest, json.cbegin() + it->position());
        rest = json.cbegin() + it->position() + it->length();
        bool word_begins = true;
        text += '"';
        for (const char c : it->str(2)) {
            if (c != '_') {
                text += word_begins ? c : static_cast<char>(std::tolower(c));
            }
            word_begins = c == '_';
        }
        text += '"';
    }
    return text.append(rest, json.cend());
}

void run(Row& row) {
    const auto handle = row.start<&FailsWithItsActivity::run>();
    const auto error = failure_of(handle);
    EXPECT_EQ(error.status(), hg::WorkflowStatus::Failed);
    const auto activity = std::dynamic_pointer_cast<const hg::ActivityError>(error.cause());
    ASSERT_NE(activity, nullptr);
    EXPECT_EQ(activity->retry_state(), hg::RetryState::MaximumAttemptsReached);
    const auto cause = std::dynamic_pointer_cast<const hg::ApplicationError>(activity->cause());
    ASSERT_NE(cause, nullptr);
    EXPECT_EQ(cause->message(), "activity attempt 5 failed");
    EXPECT_EQ(Events::of(handle).first("ActivityTaskStarted").value("attempt", 0), 5);
    row.replay(handle);
    const std::string old = with_old_names(handle.history().to_json());
    EXPECT_THAT(old, HasSubstr("\"WorkflowExecutionStarted\""));
    EXPECT_THAT(old, testing::Not(HasSubstr("EVENT_TYPE_")));
    row.replay_history(hg::WorkflowHistory::from_json(old));
}

const Registration kRow{
    {.path = "activity/retry_on_error",
     .checks =
         "five attempts are made, and the failure of the last one fails the workflow; the history "
         "replays with the names of older tools (`WorkflowExecutionStarted`), too",
     .run = run}
};

}  // namespace conformance::activity_retry
