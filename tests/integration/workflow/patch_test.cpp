// Patches against the dev server: the code changes while its workflows run.
#include "tests/integration/workflow/fixture.hpp"

#include <atomic>
#include <string>

namespace patches {

enum class Code { Original, Patched, Deprecated, Final };

/// Which version of the program runs.
std::atomic<Code>& code() {
    static std::atomic<Code> running{Code::Original};
    return running;
}

class Changes {
public:
    hg::Task<std::string> run() {
        std::string way = "old";
        switch (code().load()) {
            case Code::Original:
                break;
            case Code::Patched:
                way = wf::patched("the-change") ? "new" : "old";
                break;
            case Code::Deprecated:
                wf::deprecate_patch("the-change");
                way = "new";
                break;
            case Code::Final:
                way = "new";
                break;
        }
        if (way == "new") {
            co_await wf::sleep(2ms);
            co_await wf::sleep(2ms);
        } else {
            co_await wf::sleep(1ms);
        }
        co_await wf::wait_condition([this] { return go_; });
        co_await wf::sleep(1ms);
        co_return way;
    }
    void go() { go_ = true; }

private:
    bool go_ = false;
};

}  // namespace patches

HOURGLASS_WORKFLOW(patches::Changes, run, signals(go));

namespace {

using patches::Changes;
using patches::Code;

class PatchTest : public WorkflowTest {
protected:
    hg::WorkflowHandle<&Changes::run> start_with(Code code) {
        patches::code() = code;
        auto handle = start<&Changes::run>();
        EXPECT_TRUE(comes_to_rest(handle));
        return handle;
    }
    static std::string finish_with(Code code, const hg::WorkflowHandle<&Changes::run>& handle) {
        patches::code() = code;
        handle.signal<&Changes::go>();
        return handle.result();
    }
};

TEST_P(PatchTest, LetsRunsFinishTheWayThatTheyBegan) {
    const auto original = start_with(Code::Original);
    const auto patched = start_with(Code::Patched);
    const auto both = start_with(Code::Patched);
    const auto deprecated = start_with(Code::Deprecated);
    EXPECT_EQ(finish_with(Code::Patched, original), "old");
    EXPECT_EQ(finish_with(Code::Patched, patched), "new");
    EXPECT_EQ(finish_with(Code::Deprecated, both), "new");
    EXPECT_EQ(finish_with(Code::Final, deprecated), "new");
    EXPECT_EQ(count_events(original, "MARKER_RECORDED"), 0);
    EXPECT_EQ(count_events(patched, "MARKER_RECORDED"), 1);
}

TEST_P(PatchTest, RunWithAMarkerIsNotReplayedByCodeThatForgotThePatch) {
    const auto patched = start_with(Code::Patched);
    if (GetParam() != 0) {
        app_.reset();  // forget the run, so that it is replayed
        start_app();
    }
    patches::code() = Code::Final;
    const auto outside = hg::Client::connect({.address = hg::test::server_address()});
    const auto handle = outside.handle<&Changes::run>(patched.id());
    handle.signal<&Changes::go>();
    EXPECT_TRUE(eventually([&] { return count_events(handle, "WORKFLOW_TASK_FAILED") > 0; }));
    EXPECT_THAT(handle.history().to_json(), HasSubstr("NON_DETERMINISTIC"));
    handle.terminate("test");
}

INSTANTIATE_TEST_SUITE_P(Replay, PatchTest, with_and_without_cache(), cache_name);

}  // namespace
