// Handlers that are set at run time against the dev server.
#include "tests/integration/workflow/fixture.hpp"

#include <string>

namespace late {

class Late {
public:
    Late() {
        wf::set_dynamic_query_handler([this](std::string name, hg::Payloads /*arguments*/) {
            return name + " " + log_;
        });
    }
    hg::Task<std::string> run() {
        wf::set_current_details("*waits*");
        co_await wf::sleep(10ms);
        wf::set_signal_handler("add", [this](std::string text) { log_ += text; });
        wf::set_update_handler("finish", [this](std::string text) { return finish(text); });
        co_await wf::wait_condition([this] { return finishing_; });
        co_await wf::wait_condition(wf::all_handlers_finished);
        co_return log_;
    }

private:
    hg::Task<std::string> finish(std::string text) {
        finishing_ = true;
        co_await wf::sleep(10ms);
        log_ += text;
        co_return wf::current_update_info()->id;
    }
    std::string log_;
    bool finishing_ = false;
};

}  // namespace late

HOURGLASS_WORKFLOW(late::Late, run);

namespace {

class HandlersTest : public WorkflowTest {};

TEST_P(HandlersTest, GetWhatCameBeforeAndFinishBeforeTheWorkflow) {
    const auto handle = start<&late::Late::run>();
    handle.signal("add", "a");
    handle.signal("add", "b");
    ASSERT_TRUE(eventually([&] { return handle.query<std::string>("log") == "log ab"; }));
    EXPECT_EQ(handle.update_with<std::string>({.id = "the-update"}, "finish", "c"), "the-update");
    EXPECT_EQ(handle.result(), "abc");
}

TEST_P(HandlersTest, AreListedForUserInterfaces) {
    const auto handle = start<&late::Late::run>();
    ASSERT_TRUE(eventually([&] { return count_events(handle, "TIMER_FIRED") == 1; }));
    const auto metadata = handle.query<hg::RawValue>("__temporal_workflow_metadata").payload;
    EXPECT_THAT(metadata.data, HasSubstr("*waits*"));
    EXPECT_THAT(metadata.data, HasSubstr("\"finish\""));
    handle.update<std::string>("finish", "");
    handle.result();
}

INSTANTIATE_TEST_SUITE_P(Replay, HandlersTest, with_and_without_cache(), cache_name);

}  // namespace
