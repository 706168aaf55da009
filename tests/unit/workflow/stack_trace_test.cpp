#include "tests/unit/workflow/harness.hpp"

#include <nlohmann/json.hpp>

#include <atomic>
#include <semaphore>
#include <source_location>
#include <string>
#include <thread>

// An await costs one store for it, and a coroutine one pointer.
static_assert(sizeof(std::atomic<std::source_location>) == sizeof(void*));
static_assert(std::atomic<std::source_location>::is_always_lock_free);

struct Standing {
    static constexpr int kInner = __LINE__ + 1;
    hg::Task<void> inner() { co_await wf::execute_activity<int>("never", kQuick); }
    static constexpr int kRun = __LINE__ + 4;
    hg::Task<void> run() {
        co_await wf::sleep(1s);
        static_cast<void>(wf::spawn(beside()));
        co_await inner();
    }
    static constexpr int kBeside = __LINE__ + 2;
    hg::Task<void> beside() {
        co_await wf::wait_condition([] { return false; });
    }
    static constexpr int kSlow = __LINE__ + 1;
    hg::Task<void> slow(int /*number*/) { co_await wf::sleep(1h); }
    static constexpr int kSet = __LINE__ + 1;
    hg::Task<void> set() { co_await wf::sleep(1h); }
};
HOURGLASS_WORKFLOW(Standing, run, signals(slow), updates(set))

namespace {

std::string at(const char* function, int line) {
    return std::string{"    at "} + function + " (" + __FILE__ + ":" + std::to_string(line) + ")\n";
}

std::string text_answer(const wf::Completion& completion) {
    const auto& answer = completion.successful().commands(0).respond_to_query().succeeded();
    return hg::from_payload<std::string>(hg::convert::from_proto(answer.response()));
}

}  // namespace

TEST(StackTrace, names_what_each_routine_awaits_with_file_and_line) {
    RunOf<Standing> run;
    run.start();
    EXPECT_EQ(
        text_answer(run.completion(Jobs{}.query("__stack_trace"))),
        "run method\n" + at("Standing::run", Standing::kRun - 2)
    );
    run.activate(Jobs{}.fire(1).signal("slow", 1).update("u", "set"));
    const std::string text = text_answer(run.completion(Jobs{}.query("__stack_trace")));
    EXPECT_THAT(
        text,
        HasSubstr(
            "run method\n" + at("Standing::inner", Standing::kInner) +
            at("Standing::run", Standing::kRun) + "\n"
        )
    );
    EXPECT_THAT(text, HasSubstr("signal 'slow'\n" + at("Standing::slow", Standing::kSlow) + "\n"));
    EXPECT_THAT(text, HasSubstr("update 'set'\n" + at("Standing::set", Standing::kSet) + "\n"));
    EXPECT_THAT(text, HasSubstr("spawned Task\n    at hourglass::workflow::"));
    EXPECT_THAT(text, HasSubstr("::wait_condition")) << "what the user wrote";
    EXPECT_TRUE(text.ends_with(at("Standing::beside", Standing::kBeside))) << text;
}

TEST(StackTrace, enhanced_has_the_same_as_json_and_marks_what_is_not_the_user_s) {
    RunOf<Standing> run;
    run.start();
    run.activate(Jobs{}.fire(1));
    const auto completion = run.completion(Jobs{}.query("__enhanced_stack_trace"));
    const auto& answer = completion.successful().commands(0).respond_to_query().succeeded();
    EXPECT_EQ(answer.response().metadata().at("encoding"), "json/protobuf");
    const auto trace = nlohmann::json::parse(answer.response().data());
    EXPECT_EQ(trace["sdk"]["name"], "temporal-cpp");
    ASSERT_EQ(trace["stacks"].size(), 2U);
    const auto& main = trace["stacks"][0]["locations"];
    EXPECT_EQ(main[0]["functionName"], "Standing::inner");
    EXPECT_EQ(main[0]["filePath"], __FILE__);
    EXPECT_EQ(main[0]["line"], Standing::kInner);
    EXPECT_FALSE(main[0].contains("internalCode"));
    EXPECT_EQ(main[1]["functionName"], "Standing::run");
    ASSERT_GT(main.size(), 2U);
    EXPECT_EQ(main.back()["internalCode"], true);
}

TEST(StackTrace, of_a_workflow_that_has_ended_is_empty) {
    RunOf<Standing> run;
    run.activate(Jobs{}.start("Standing").signal("slow", 1));
    run.activate(Jobs{}.cancel("enough"));
    EXPECT_EQ(run.state(), wf::RunState::Closed);
    EXPECT_EQ(text_answer(run.completion(Jobs{}.query("__stack_trace"))), "");
}

struct DeepStanding {
    hg::Task<void> run() { co_await below(10'000); }
    hg::Task<void> below(int depth) {
        if (depth > 0) {
            co_await below(depth - 1);
        } else {
            co_await wf::sleep(1h);
        }
    }
};
HOURGLASS_WORKFLOW(DeepStanding, run)

TEST(StackTrace, of_a_deep_chain_is_cut_and_says_so) {
    RunOf<DeepStanding> run;
    run.start();
    const std::string text = text_answer(run.completion(Jobs{}.query("__stack_trace")));
    EXPECT_LT(text.size(), 100'000U);
    EXPECT_THAT(text, HasSubstr("more that await these"));
}

struct ManyStanding {
    hg::Task<void> run() {
        for (int i = 0; i < 600; ++i) {
            static_cast<void>(wf::spawn(one()));
        }
        co_await wf::sleep(1h);
    }
    hg::Task<void> one() { co_await wf::sleep(1h); }
};
HOURGLASS_WORKFLOW(ManyStanding, run)

TEST(StackTrace, of_very_many_tasks_is_cut_and_says_so) {
    RunOf<ManyStanding> run;
    run.start();
    const std::string text = text_answer(run.completion(Jobs{}.query("__stack_trace")));
    EXPECT_THAT(text, HasSubstr("\n... and 101 more\n"));
}

namespace {

std::binary_semaphore stuck{0};
std::binary_semaphore looked{0};

}  // namespace

struct StuckIn {
    hg::Task<void> run(std::string where) { co_await middle(std::move(where)); }
    static constexpr int kMiddle = __LINE__ + 3;
    hg::Task<void> middle(std::string where) {
        co_await wf::sleep(1s);
        co_await last(std::move(where));
    }
    static constexpr int kLast = __LINE__ + 2;
    hg::Task<void> last(std::string where) {
        co_await wf::sleep(1s);
        if (where == "coroutine") {
            wait();
        }
    }
    int query() const {
        wait();
        return 1;
    }
    static void wait() {
        stuck.release();
        looked.acquire();
    }
};
HOURGLASS_WORKFLOW(StuckIn, run, queries(query))

TEST(RunningPlace, of_code_that_does_not_return_is_seen_by_another_thread) {
    RunOf<StuckIn> run;
    run.start("coroutine");
    run.activate(Jobs{}.fire(1));
    EXPECT_EQ(run.running_place(), "");
    std::thread worker{[&run] { run.activate(Jobs{}.fire(2)); }};
    stuck.acquire();
    const std::string place = run.running_place();
    looked.release();
    worker.join();
    EXPECT_THAT(place, HasSubstr(at("StuckIn::last", StuckIn::kLast)));
    EXPECT_THAT(place, HasSubstr(at("StuckIn::middle", StuckIn::kMiddle)));
    EXPECT_EQ(run.running_place(), "");
}

struct StuckAtOnce {
    hg::Task<void> run() {
        StuckIn::wait();
        co_return;
    }
};
HOURGLASS_WORKFLOW(StuckAtOnce, run)

TEST(RunningPlace, of_code_before_its_first_await_says_so) {
    RunOf<StuckAtOnce> run;
    std::thread worker{[&run] { run.start(); }};
    stuck.acquire();
    const std::string place = run.running_place();
    looked.release();
    worker.join();
    EXPECT_EQ(place, "    (it has come to no await yet)\n");
}

TEST(RunningPlace, outside_of_coroutines_says_what_runs) {
    RunOf<StuckIn> run;
    run.start("query");
    std::thread worker{[&run] { run.activate(Jobs{}.query("query")); }};
    stuck.acquire();
    const std::string place = run.running_place();
    looked.release();
    worker.join();
    EXPECT_EQ(place, "    in the query\n");
}

struct AwaitsForEver {
    hg::Task<void> run() {
        co_await wf::sleep(1s);
        while (!stop) {
            co_await nothing();
        }
    }
    hg::Task<void> nothing() { co_return; }
    static inline std::atomic<bool> stop{false};
};
HOURGLASS_WORKFLOW(AwaitsForEver, run)

TEST(RunningPlace, of_a_coroutine_that_goes_from_await_to_await_can_be_looked_at) {
    RunOf<AwaitsForEver> run;
    run.start();
    std::thread worker{[&run] { run.activate(Jobs{}.fire(1)); }};
    std::string place;
    while (place.find("AwaitsForEver::run") == std::string::npos) {
        place = run.running_place();
    }
    AwaitsForEver::stop = true;
    worker.join();
    EXPECT_EQ(run.state(), wf::RunState::Closed);
}
