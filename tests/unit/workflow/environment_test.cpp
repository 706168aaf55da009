#include "tests/unit/workflow/harness.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

TEST(Random, makes_the_numbers_that_are_written_down_here_for_ever) {
    wf::Random random{42};
    EXPECT_EQ(random(), 1546998764402558742U);
    EXPECT_EQ(random(), 6990951692964543102U);
    EXPECT_EQ(random(), 12544586762248559009U);
}

TEST(Random, uniform_stays_in_its_range_and_reaches_both_ends) {
    wf::Random random{7};
    std::set<std::int64_t> seen;
    for (int i = 0; i < 1000; ++i) {
        seen.insert(random.uniform(-2, 3));
    }
    EXPECT_EQ(*seen.begin(), -2);
    EXPECT_EQ(*seen.rbegin(), 3);
    EXPECT_EQ(seen.size(), 6U);
    EXPECT_EQ(random.uniform(5, 5), 5);
    EXPECT_THROW(static_cast<void>(random.uniform(2, 1)), hg::ConfigurationError);
    static_cast<void>(random.uniform(INT64_MIN, INT64_MAX));
    for (int i = 0; i < 1000; ++i) {
        const double fraction = random.uniform01();
        ASSERT_GE(fraction, 0.0);
        ASSERT_LT(fraction, 1.0);
    }
}

TEST(Random, shuffle_keeps_the_elements) {
    wf::Random random{7};
    std::vector<int> numbers{1, 2, 3, 4, 5, 6, 7, 8};
    random.shuffle(numbers);
    EXPECT_FALSE(std::is_sorted(numbers.begin(), numbers.end()));
    std::sort(numbers.begin(), numbers.end());
    EXPECT_THAT(numbers, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
}

struct Dice {
    hg::Task<std::vector<std::string>> run() {
        std::vector<std::string> rolled{wf::uuid4(), std::to_string(wf::random()())};
        co_await wf::sleep(1s);
        rolled.push_back(std::to_string(wf::random()()));
        co_return rolled;
    }
};
HOURGLASS_WORKFLOW(Dice, run)

TEST(Random, of_a_workflow_comes_from_core_s_seed_and_changes_with_it) {
    const auto rolled = [](std::uint64_t seed) {
        RunOf<Dice> run;
        run.start();
        Jobs jobs;
        if (seed != 0) {
            jobs.seed(seed);
        }
        return run.activate(jobs.fire(1)).front();
    };
    EXPECT_EQ(rolled(0), rolled(0));
    EXPECT_NE(rolled(0), rolled(5));
    EXPECT_THAT(rolled(5), HasSubstr(std::to_string(wf::Random{5}())));
}

struct Streams {
    hg::Task<std::vector<std::string>> run(bool more) {
        std::vector<std::string> numbers;
        if (more) {
            static_cast<void>(wf::random_stream("other")());
            static_cast<void>(wf::random()());
        }
        numbers.push_back(std::to_string(wf::random_stream("mine")()));
        numbers.push_back(std::to_string(wf::random_stream("mine")()));
        co_await wf::sleep(1s);
        numbers.push_back(std::to_string(wf::random_stream("mine")()));
        co_return numbers;
    }
};
HOURGLASS_WORKFLOW(Streams, run)

TEST(RandomStream, depends_on_the_seed_and_its_name_alone) {
    const auto rolled = [](bool more, std::uint64_t seed) {
        RunOf<Streams> run;
        run.start(more);
        Jobs jobs;
        if (seed != 0) {
            jobs.seed(seed);
        }
        return run.activate(jobs.fire(1)).front();
    };
    EXPECT_EQ(rolled(false, 0), rolled(true, 0));
    EXPECT_NE(rolled(false, 0), rolled(false, 5));
    EXPECT_EQ(rolled(false, 5), rolled(true, 5));
    // Written down for ever: histories depend on them.
    EXPECT_THAT(rolled(false, 0), HasSubstr(R"(["15706633500496043654","8961693913875192795")"));
}

TEST(Uuid4, has_the_form_of_a_random_uuid) {
    RunOf<Dice> run;
    run.start();
    const std::string line = run.activate(Jobs{}.fire(1)).front();
    const std::string uuid = line.substr(line.find('"') + 1, 36);
    EXPECT_EQ(uuid[8], '-');
    EXPECT_EQ(uuid[13], '-');
    EXPECT_EQ(uuid[14], '4');
    EXPECT_EQ(uuid[18], '-');
    EXPECT_THAT(std::string{"89ab"}, HasSubstr(uuid.substr(19, 1)));
    EXPECT_EQ(uuid[23], '-');
}

struct TimeUuids {
    hg::Task<std::vector<std::string>> run() {
        std::vector<std::string> uuids{wf::uuid7()};
        co_await wf::sleep(1s);
        uuids.push_back(wf::uuid7());
        co_return uuids;
    }
};
HOURGLASS_WORKFLOW(TimeUuids, run)

TEST(Uuid7, begins_with_the_workflow_s_time_and_is_the_same_on_replay) {
    const auto made = [] {
        RunOf<TimeUuids> run;
        run.activate(Jobs{}.at(1).start("TimeUuids"));
        return run.activate(Jobs{}.at(2).fire(1)).front();
    };
    const std::string line = made();
    EXPECT_EQ(line, made());
    const auto uuids = nlohmann::json::parse(line.substr(line.find('[')));
    const std::string first = uuids[0];
    const std::string second = uuids[1];
    EXPECT_THAT(first, ::testing::MatchesRegex("00000000-03e8-7...-[89ab]...-............"));
    EXPECT_THAT(second, ::testing::MatchesRegex("00000000-07d0-7...-[89ab]...-............"));
}

struct GoesOnFromLast {
    hg::Task<std::string> run() {
        const auto& failure = wf::info().last_failure;
        co_return std::to_string(wf::last_result<int>().value_or(-1)) + " " +
            (failure ? failure->message() : "no failure");
    }
};
HOURGLASS_WORKFLOW(GoesOnFromLast, run)

TEST(Info, has_the_last_run_s_result_and_failure) {
    RunOf<GoesOnFromLast> first;
    EXPECT_THAT(first.start(), ElementsAre(R"(complete "-1 no failure")"));
    RunOf<GoesOnFromLast> second;
    Jobs jobs;
    jobs.start("GoesOnFromLast");
    auto& start = *jobs.activation().mutable_jobs(0)->mutable_initialize_workflow();
    hg::convert::to_proto(
        hg::encode_arguments(7), start.mutable_last_completion_result()->mutable_payloads()
    );
    start.mutable_continued_failure()->set_message("bad luck");
    EXPECT_THAT(second.activate(jobs), ElementsAre(R"(complete "7 bad luck")"));
}

struct Clock {
    hg::Task<std::vector<std::int64_t>> run() {
        std::vector<std::int64_t> seconds{now()};
        co_await wf::sleep(1s);
        seconds.push_back(now());
        co_return seconds;
    }
    static std::int64_t now() {
        return std::chrono::duration_cast<std::chrono::seconds>(wf::now().time_since_epoch())
            .count();
    }
};
HOURGLASS_WORKFLOW(Clock, run)

TEST(Now, is_the_time_of_the_activation) {
    RunOf<Clock> run;
    run.activate(Jobs{}.at(100).start("Clock"));
    EXPECT_THAT(run.activate(Jobs{}.at(160).fire(1)), ElementsAre("complete [100,160]"));
}

struct Introspective {
    hg::Task<std::string> run() {
        const wf::WorkflowInfo& info = wf::info();
        std::string text = info.workflow_namespace + " " + info.task_queue + " " +
                           info.workflow_type + " " + info.workflow_id + " " + info.run_id + " " +
                           info.first_execution_run_id + " " + info.continued_run_id + " " +
                           std::to_string(info.attempt) + " " + info.cron_schedule;
        text += info.run_timeout ? " timeout" : " no timeout";
        text += info.execution_timeout ? " timeout" : " no timeout";
        text += info.parent ? " child of " + info.parent->workflow_id : "";
        text += info.root ? " below " + info.root->workflow_id : "";
        text += " " + hg::from_payload<std::string>(info.memo.at("note"));
        co_await wf::sleep(1s);
        text += " " + std::to_string(info.history_length) + " " + std::to_string(info.history_size);
        text += info.continue_as_new_suggested ? " long" : " short";
        co_return text;
    }
};
HOURGLASS_WORKFLOW(Introspective, run)

TEST(Info, says_what_the_start_and_the_activation_say) {
    RunOf<Introspective> run;
    Jobs jobs;
    jobs.start("Introspective");
    auto& start = *jobs.activation().mutable_jobs(0)->mutable_initialize_workflow();
    start.set_first_execution_run_id("run-0");
    start.set_continued_from_execution_run_id("run-00");
    start.set_attempt(3);
    start.set_cron_schedule("@daily");
    start.mutable_workflow_run_timeout()->set_seconds(60);
    start.mutable_parent_workflow_info()->set_workflow_id("parent");
    start.mutable_root_workflow()->set_workflow_id("root");
    hg::convert::to_proto(
        hg::to_payload(std::string{"hello"}), &(*start.mutable_memo()->mutable_fields())["note"]
    );
    run.activate(jobs);
    Jobs next;
    next.fire(1).activation().set_history_length(12);
    next.activation().set_history_size_bytes(3456);
    next.activation().set_continue_as_new_suggested(true);
    EXPECT_THAT(
        run.activate(next),
        ElementsAre("complete \"default queue-1 Introspective workflow-1 run-1 run-0 run-00 3 "
                    "@daily timeout no timeout child of "
                    "parent below root hello 12 3456 long\"")
    );
}

struct AsksLate {
    hg::Task<std::string> run() {
        co_await wf::sleep(1s);
        co_await wf::sleep(1s);
        const wf::WorkflowInfo& info = wf::info();
        const std::string text = info.workflow_type + " " + info.workflow_id + " " + info.run_id +
                                 " " + info.first_execution_run_id + " " +
                                 hg::from_payload<std::string>(info.memo.at("note")) + " " +
                                 std::to_string(info.history_length) + " " +
                                 info.deployment_version->build_id;
        co_await wf::sleep(1s);
        co_return text + ", " + std::to_string(info.history_length);
    }
};
HOURGLASS_WORKFLOW(AsksLate, run)

TEST(Info, is_as_complete_for_who_asks_for_it_late_and_follows_the_tasks_from_then_on) {
    RunOf<AsksLate> run;
    Jobs jobs;
    jobs.start("AsksLate");
    auto& start = *jobs.activation().mutable_jobs(0)->mutable_initialize_workflow();
    start.set_first_execution_run_id("run-0");
    hg::convert::to_proto(
        hg::to_payload(std::string{"hello"}), &(*start.mutable_memo()->mutable_fields())["note"]
    );
    run.activate(jobs);
    const auto task = [&run](std::uint32_t number) {
        Jobs next;
        next.fire(number).activation().set_history_length(10 * number);
        next.activation().mutable_deployment_version_for_current_task()->set_build_id(
            "build-" + std::to_string(number)
        );
        return run.activate(next);
    };
    task(1);
    task(2);
    EXPECT_THAT(
        task(3), ElementsAre(R"(complete "AsksLate workflow-1 run-1 run-0 hello 20 build-2, 30")")
    );
}

struct KnowsItsOriginal {
    hg::Task<std::string> run() { co_return wf::info().original_run_id; }
};
HOURGLASS_WORKFLOW(KnowsItsOriginal, run)

TEST(Info, says_which_run_it_was_reset_from_and_else_its_own) {
    RunOf<KnowsItsOriginal> reset;
    Jobs jobs;
    jobs.start("KnowsItsOriginal");
    jobs.activation().mutable_jobs(0)->mutable_initialize_workflow()->set_original_execution_run_id(
        "run-0"
    );
    EXPECT_THAT(reset.activate(jobs), ElementsAre(R"(complete "run-0")"));
    RunOf<KnowsItsOriginal> other;
    EXPECT_THAT(other.start(), ElementsAre(R"(complete "run-1")"));
}

struct KnowsItsStart {
    hg::Task<std::int64_t> run() {
        co_await wf::sleep(1s);
        const auto began = wf::info().start_time.time_since_epoch();
        co_return std::chrono::duration_cast<std::chrono::milliseconds>(began).count();
    }
};
HOURGLASS_WORKFLOW(KnowsItsStart, run)

TEST(Info, says_when_the_run_was_started_which_is_before_its_first_task) {
    RunOf<KnowsItsStart> waited;
    Jobs jobs;
    jobs.at(100).start("KnowsItsStart");
    auto& start = *jobs.activation().mutable_jobs(0)->mutable_initialize_workflow();
    start.mutable_start_time()->set_seconds(40);
    start.mutable_start_time()->set_nanos(250'000'000);
    waited.activate(jobs);
    EXPECT_THAT(waited.activate(Jobs{}.at(160).fire(1)), ElementsAre("complete 40250"));
    RunOf<KnowsItsStart> unsaid;
    unsaid.activate(Jobs{}.at(100).start("KnowsItsStart"));
    EXPECT_THAT(unsaid.activate(Jobs{}.at(160).fire(1)), ElementsAre("complete 100000"));
}

struct Talker {
    hg::Task<void> run() {
        wf::logger().info("first", {{"step", "1"}});
        co_await wf::sleep(1s);
        wf::logger().info(wf::is_replaying() ? "replaying" : "not replaying");
        auto lost = wf::spawn(fail());
        co_await wf::sleep(1s);
    }
    hg::Task<void> fail() {
        throw hg::ApplicationError{"nobody hears this"};
        co_return;
    }
};
HOURGLASS_WORKFLOW(Talker, run)

TEST(Logger, names_the_workflow_and_is_silent_on_replay) {
    const CapturedLog log;
    {
        RunOf<Talker> run;
        run.activate(Jobs{}.start("Talker").replaying());
        run.activate(Jobs{}.fire(1));
        run.activate(Jobs{}.fire(2));
    }
    ASSERT_EQ(log.lines().size(), 2U);
    EXPECT_EQ(
        log.lines()[0],
        "info not replaying workflow_id=workflow-1 run_id=run-1 workflow_type=Talker"
    );
    EXPECT_THAT(log.lines()[1], HasSubstr("nobody hears this"));
}

namespace shop {
struct First {
    hg::Task<int> run(int number) { co_return number; }
    void poke() {}
    void poke_again() {}
    int value() const { return 1; }
    int change(int value) { return value; }
    void check(int /*value*/) const {}
};
}  // namespace shop
HOURGLASS_WORKFLOW(
    shop::First,
    run,
    name("the-first"),
    updates(validated(change, check, "change it")),
    signals(poke, named(poke_again, "poke again")),
    queries(value)
);

namespace {
struct Second {
    hg::Task<void> run() { co_return; }
};
}  // namespace
HOURGLASS_WORKFLOW(Second, run, name("the-first"))

static_assert(hg::detail::kNameOfType<shop::First> == "the-first");
static_assert(hg::detail::kNameOfFunction<&shop::First::poke_again> == "poke again");
static_assert(std::is_same_v<hg::detail::ResultOf<&shop::First::run>, int>);

TEST(Definition, takes_its_names_from_cpp_unless_they_are_given) {
    const wf::Definition& definition = wf::definition_of<shop::First>();
    EXPECT_EQ(definition.name, "the-first");
    EXPECT_EQ(definition.signals[0].name, "poke");
    EXPECT_EQ(definition.signals[1].name, "poke again");
    EXPECT_EQ(definition.queries[0].name, "value");
    EXPECT_EQ(definition.updates[0].name, "change it");
    EXPECT_TRUE(wf::definition_of<Clock>().signals.empty());
}

TEST(Catalog, has_every_defined_workflow_and_remembers_names_that_are_claimed_twice) {
    const wf::Catalog& catalog = wf::Catalog::process();
    EXPECT_EQ(catalog.find("Clock"), &wf::definition_of<Clock>());
    EXPECT_NE(catalog.find("the-first"), nullptr);
    EXPECT_THAT(catalog.conflicts(), ::testing::UnorderedElementsAre("dynamic()", "the-first"));
    try {
        catalog.check();
        FAIL();
    } catch (const hg::DuplicateRegistrationError& error) {
        EXPECT_THAT(error.what(), HasSubstr("'the-first'"));
    }
    wf::Catalog fine;
    EXPECT_TRUE(fine.add(wf::definition_of<Clock>()));
    EXPECT_FALSE(fine.add(wf::definition_of<Clock>()));
    EXPECT_NO_THROW(fine.check());
    EXPECT_THAT(fine.names(), ElementsAre("Clock"));
    EXPECT_EQ(fine.find("clock"), nullptr);
}

TEST(Options, written_inside_of_an_await_survive_it) {
    wf::ActivityOptions options{.summary = std::string(100, 'x')};
    const wf::ActivityOptions copy = options;
    options.summary = "short";
    const auto& same = options;
    options = same;
    EXPECT_EQ(copy.summary->size(), 100U);
    EXPECT_EQ(*options.summary, "short");
    EXPECT_TRUE(options.task_queue->empty());
}
