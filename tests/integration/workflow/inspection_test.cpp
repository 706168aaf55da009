// What a server, and people, see of a workflow's inside: where it stands, groups of its events, and
// what fails it.
#include "tests/integration/workflow/fixture.hpp"
#include "tests/integration/workflow/recorded_events.hpp"

#include <atomic>
#include <chrono>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace inspected {

class Seen {
public:
    hg::Task<std::string> run() {
        // [group]
        const wf::EventGroup packing{"packing"};
        co_await packing.run(pack());
        // [group]
        co_await wf::wait_condition([this] { return done_; });
        co_await wf::wait_condition(wf::all_handlers_finished);
        co_return "seen";
    }
    hg::Task<void> pack() { co_await wf::sleep(2ms); }
    hg::Task<void> finish() {
        co_await wf::sleep(3ms);
        done_ = true;
    }
    hg::Task<void> set() { co_await wf::sleep(4ms); }
    bool packed() const { return wf::info().history_length > 5; }

private:
    bool done_ = false;
};

/// The code of a run that is under way changes.
std::atomic<bool> changed{false};

class FailsIfChanged {
public:
    hg::Task<void> run() {
        if (changed) {
            co_await wf::execute_activity<int>("nobody's", {.start_to_close_timeout = 1s});
        }
        co_await wf::sleep(1ms);
        co_await wf::wait_condition([this] { return go_; });
        co_await wf::sleep(1ms);
    }
    void go() { go_ = true; }

private:
    bool go_ = false;
};

class FailsByItsBugs {
public:
    hg::Task<void> run() {
        co_await wf::sleep(1ms);
        throw std::out_of_range{"no such shelf"};
    }
};

std::binary_semaphore release{0};
std::atomic<bool> stuck{false};

class Stuck {
public:
    hg::Task<std::string> run() {
        co_await wf::sleep(1ms);
        if (!stuck.exchange(true)) {
            release.acquire();
        }
        co_return "out again";
    }
};

class Quick {
public:
    hg::Task<int> run() {
        co_await wf::sleep(1ms);
        co_return 1;
    }
};

}  // namespace inspected

HOURGLASS_WORKFLOW(inspected::Seen, run, signals(finish), updates(set), queries(packed));
HOURGLASS_WORKFLOW(
    inspected::FailsIfChanged,
    run,
    signals(go),
    failure_types(hourglass::workflow::NondeterminismError)
);
// [failure_types]
HOURGLASS_WORKFLOW(inspected::FailsByItsBugs, run, failure_types(std::logic_error));
// [failure_types]
HOURGLASS_WORKFLOW(inspected::Stuck, run);
HOURGLASS_WORKFLOW(inspected::Quick, run);

namespace {

using namespace inspected;

using hg::test::recorded_events;
using ::testing::AllOf;
using ::testing::UnorderedElementsAre;
namespace enums = temporal::api::enums::v1;

class InspectionTest : public WorkflowTest {
protected:
    /// Of each timer that the server recorded: how long it is, and what it is in.
    static std::vector<std::string> timers_and_groups(const hg::WorkflowHistory& history) {
        std::vector<std::string> lines;
        for (const auto& event : recorded_events(history, enums::EVENT_TYPE_TIMER_STARTED)) {
            const auto& time = event.timer_started_event_attributes().start_to_fire_timeout();
            std::string line = std::to_string(time.nanos() / 1'000'000) + " ms";
            for (const auto& marker : event.event_group_markers()) {
                line += " in ";
                if (marker.has_label()) {
                    line += marker.label().label().data();
                } else if (marker.has_inbound_event()) {
                    line += "event " + std::to_string(marker.inbound_event().inbound_event_id());
                } else {
                    line += "update " + marker.inbound_update().inbound_update_id();
                }
            }
            lines.push_back(line);
        }
        return lines;
    }
};

TEST_P(InspectionTest, SaysWhereEachRoutineStands) {
    const auto handle = start<&Seen::run>();
    ASSERT_TRUE(eventually([&] { return count_events(handle, "TIMER_FIRED") == 1; }));
    const auto text = handle.query<std::string>("__stack_trace");
    EXPECT_THAT(text, HasSubstr("run method\n"));
    EXPECT_THAT(text, HasSubstr("at inspected::Seen::run (" __FILE__ ":"));
    const auto enhanced = handle.query<hg::RawValue>("__enhanced_stack_trace").payload;
    EXPECT_THAT(enhanced.data, HasSubstr("\"functionName\":\"inspected::Seen::run\""));
    handle.signal<&Seen::finish>();
    EXPECT_EQ(handle.result(), "seen");
}

TEST_P(InspectionTest, GroupsEventsByLabelSignalAndUpdate) {
    const auto handle = start<&Seen::run>();
    handle.update<&Seen::set>();
    handle.signal<&Seen::finish>();
    EXPECT_EQ(handle.result(), "seen");
    const auto history = handle.history();
    const auto signals = recorded_events(history, enums::EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED);
    const auto updates =
        recorded_events(history, enums::EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED);
    ASSERT_EQ(signals.size(), 1U);
    ASSERT_EQ(updates.size(), 1U);
    const std::string update_id =
        updates[0].workflow_execution_update_accepted_event_attributes().protocol_instance_id();
    EXPECT_THAT(
        timers_and_groups(history),
        UnorderedElementsAre(
            R"(2 ms in "packing")",
            "3 ms in event " + std::to_string(signals[0].event_id()),
            "4 ms in update " + update_id
        )
    );
}

TEST_P(InspectionTest, FailsWithTheExceptionsThatItNames) {
    try {
        execute<&FailsByItsBugs::run>();
        FAIL() << "it throws";
    } catch (const hg::WorkflowFailedError& error) {
        ASSERT_NE(error.cause(), nullptr);
        EXPECT_THAT(error.cause()->what(), HasSubstr("no such shelf"));
    }
}

TEST_P(InspectionTest, FailsWithNondeterminismIfItSaysSo) {
    changed = false;
    const auto started = start<&FailsIfChanged::run>();
    ASSERT_TRUE(comes_to_rest(started));
    if (GetParam() != 0) {
        app_.reset();  // forget the run, so that it is replayed
        start_app();
    }
    changed = true;
    const auto handle = client_->handle<&FailsIfChanged::run>(started.id());
    handle.signal<&FailsIfChanged::go>();
    EXPECT_THROW(handle.result(), hg::WorkflowFailedError);
    EXPECT_THAT(handle.history().to_json(), HasSubstr("TMPRL1100"));
}

TEST_P(InspectionTest, GetsStuckAloneAndGoesOnWhenItsCodeReturns) {
    stuck = false;
    const auto handle = start<&Stuck::run>();
    ASSERT_TRUE(eventually([&] { return count_events(handle, "WORKFLOW_TASK_FAILED") > 0; }));
    EXPECT_THAT(
        handle.history().to_json(),
        AllOf(
            HasSubstr("[TMPRL1101] workflow 'Stuck'"),
            HasSubstr("had last come to:\\n    at inspected::Stuck::run (" __FILE__ ":")
        )
    );
    if (GetParam() !=
        0) {  // without a cache Core begins nothing else before a run's eviction is answered
        EXPECT_EQ(execute<&Quick::run>(), 1);
    }
    release.release();
    EXPECT_EQ(handle.result(), "out again");
}

INSTANTIATE_TEST_SUITE_P(Replay, InspectionTest, with_and_without_cache(), cache_name);

}  // namespace
