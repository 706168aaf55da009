// Messages that come when nobody, or nobody yet, handles them, and runs that end among them: what
// interceptors see.
#include "hourglass/workflow/interceptor.hpp"
#include "tests/unit/workflow/interceptors.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

using hg::workflow::testing::made_by;

struct ListensLate {
    hg::Task<std::string> run() {
        co_await wf::sleep(1s);
        wf::set_signal_handler("late", [this](std::string by) { heard_ += by; });
        co_await wf::wait_condition([this] { return heard_.size() > 1; });
        co_return heard_;
    }

private:
    std::string heard_;
};
HOURGLASS_WORKFLOW(ListensLate, run)

namespace {

std::vector<std::string> seen;

struct Ends {
    std::string name;
    ~Ends() { seen.push_back("end of " + name); }
};

/// Tells which messages pass, and what becomes of its coroutines.
class Sees final : public wf::WorkflowInterceptor {
public:
    hg::Task<void> handle_signal(
        wf::HandleSignalCall call, hg::Next<wf::HandleSignalCall, hg::Task<void>> next
    ) override {
        seen.push_back("signal " + call.name);
        const Ends frame{"signal " + call.name};
        hg::Task<void> rest = next(std::move(call));
        co_await std::move(rest);
        seen.push_back("done");
    }
    void validate_update(wf::HandleUpdateCall call, hg::Next<wf::HandleUpdateCall, void> next)
        override {
        seen.push_back("validate " + call.name);
        next(std::move(call));
    }
    hg::Task<hg::Payload> handle_update(
        wf::HandleUpdateCall call, hg::Next<wf::HandleUpdateCall, hg::Task<hg::Payload>> next
    ) override {
        seen.push_back("update " + call.name);
        const Ends frame{"update " + call.name};
        hg::Task<hg::Payload> rest = next(std::move(call));
        hg::Payload result = co_await std::move(rest);
        seen.push_back("done");
        co_return result;
    }
};

class InterceptedMessages : public ::testing::Test {
protected:
    InterceptedMessages() { seen.clear(); }
    static auto sees() {
        return made_by([] { return std::make_unique<Sees>(); });
    }
};

}  // namespace

struct HandlesSlowly {
    hg::Task<void> run() { co_await wf::sleep(1h); }
    hg::Task<void> note() { co_await wf::sleep(1h); }
    hg::Task<int> count() {
        co_await wf::sleep(1h);
        co_return 1;
    }
};
HOURGLASS_WORKFLOW(HandlesSlowly, run, signals(note), updates(count))

TEST_F(InterceptedMessages, that_wait_for_their_handler_pass_when_it_is_set_in_their_order) {
    RunOf<ListensLate> run{sees()};
    run.start();
    run.activate(Jobs{}.signal("late", "a"));
    run.activate(Jobs{}.signal("late", "b"));
    EXPECT_THAT(seen, IsEmpty()) << "nobody handles them yet";
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre(R"(complete "ab")"));
    EXPECT_THAT(
        seen,
        ElementsAre(
            "signal late", "done", "end of signal late", "signal late", "done", "end of signal late"
        )
    );
}

TEST_F(InterceptedMessages, updates_that_nobody_handles_are_rejected_where_the_chain_ends) {
    RunOf<HandlesSlowly> run{sees()};
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.update("U", "absent", 1)),
        ElementsAre(AllOf(HasSubstr("rejected protocol-U"), HasSubstr("absent")))
    );
    EXPECT_THAT(seen, ElementsAre("validate absent")) << "it might have given it another name";
}

TEST_F(InterceptedMessages, that_are_being_handled_when_their_run_is_evicted_end_with_it) {
    RunOf<HandlesSlowly> run{sees()};
    run.start();
    run.activate(Jobs{}.signal("note").update("U", "count"));
    EXPECT_THAT(
        seen, ::testing::UnorderedElementsAre("signal note", "validate count", "update count")
    );
    seen.clear();
    run.activate(Jobs{}.evict());
    EXPECT_THAT(seen, ::testing::UnorderedElementsAre("end of signal note", "end of update count"))
        << "and nothing that comes after their await";
    EXPECT_EQ(run.state(), wf::RunState::Evicted);
}
