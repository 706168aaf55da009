// Where nothing may change: queries, validators, conditions. Each operation is tried in each.
#include "hourglass/workflow/interceptor.hpp"
#include "tests/unit/workflow/harness.hpp"
#include "tests/unit/workflow/interceptors.hpp"

#include <cctype>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

hg::Task<void> nothing() {
    co_return;
}

}  // namespace

/// g++ gives a lambda of a lambda no linkage, and so none to a coroutine that takes one.
struct DoesNothing {
    void operator()() const {}
};

/// Keeps something of each kind, so that it can be asked for something.
struct Touchable {
    hg::Task<void> run() {
        activity_ = wf::execute_activity<int>("activity", kQuick);
        local_ = wf::execute_local_activity<int>("local", {.start_to_close_timeout = 1s});
        timer_ = wf::start_timer(1h);
        child_ = wf::execute_child<int>("Child", {.id = "child"});
        task_ = wf::spawn(waits());
        scope_ = wf::CancellationScope{};
        signal_ = child_->signal("poke");
        group_.emplace("group");
        wf::MutexLock lock = co_await mutex_.lock();
        lock_ = std::make_unique<wf::MutexLock>(std::move(lock));
        co_await wf::sleep(1s);
        if (!in_condition_.empty()) {
            co_await wf::wait_condition([this] {
                touch(in_condition_);
                return true;
            });
        }
        co_await wf::sleep(1h);
    }
    hg::Task<void> waits() { co_await wf::sleep(1h); }
    void set_condition(std::string operation) { in_condition_ = std::move(operation); }
    bool query(std::string operation) const {
        touch(operation);
        return true;
    }
    void update(std::string /*operation*/) {}
    void validate(std::string operation) const { touch(operation); }

    void touch(const std::string& operation) const { operations().at(operation)(*this); }

    using Operation = std::function<void(const Touchable&)>;
    static const std::map<std::string, Operation>& operations();

    std::optional<wf::ActivityHandle<int>> activity_;
    std::optional<wf::ActivityHandle<int>> local_;
    std::optional<wf::TimerHandle> timer_;
    std::optional<wf::ChildWorkflowHandle<int>> child_;
    std::optional<wf::TaskHandle<void>> task_;
    std::optional<wf::CancellationScope> scope_;
    std::optional<wf::RequestHandle> signal_;
    std::optional<wf::EventGroup> group_;
    wf::Mutex mutex_;
    std::unique_ptr<wf::MutexLock> lock_;
    std::string in_condition_;
};
HOURGLASS_WORKFLOW(
    Touchable, run, signals(set_condition), queries(query), updates(validated(update, validate))
)

const std::map<std::string, Touchable::Operation>& Touchable::operations() {
    static const auto kKey = hg::search_attribute::keyword("Customer");
    using T = const Touchable&;
    static const std::map<std::string, Operation> kAll{
        {"execute_activity()",
         [](T) { static_cast<void>(wf::execute_activity<int>("activity", kQuick)); }},
        {"execute_local_activity()",
         [](T) {
             static_cast<void>(
                 wf::execute_local_activity<int>("local", {.start_to_close_timeout = 1s})
             );
         }},
        {"start_timer()", [](T) { static_cast<void>(wf::sleep(1s)); }},
        {"execute_child()", [](T) { static_cast<void>(wf::execute_child<int>("Child", {})); }},
        {"ChildWorkflowHandle::signal()", [](T t) { static_cast<void>(t.child_->signal("poke")); }},
        {"ExternalWorkflowHandle::cancel()",
         [](T) { static_cast<void>(wf::external_workflow("other").cancel()); }},
        {"spawn()", [](T) { static_cast<void>(wf::spawn(nothing())); }},
        {"all()", [](T) { static_cast<void>(wf::all(nothing())); }},
        {"race()", [](T) { static_cast<void>(wf::race(nothing())); }},
        {"random()", [](T) { static_cast<void>(wf::random()); }},
        {"random_stream()", [](T) { static_cast<void>(wf::random_stream("dice")); }},
        {"uuid4()", [](T) { static_cast<void>(wf::uuid4()); }},
        {"uuid7()", [](T) { static_cast<void>(wf::uuid7()); }},
        {"patched()", [](T) { static_cast<void>(wf::patched("a change")); }},
        {"deprecate_patch()", [](T) { wf::deprecate_patch("a change"); }},
        {"upsert_memo()", [](T) { wf::upsert_memo({{"note", hg::to_payload(1)}}); }},
        {"upsert_search_attributes()", [](T) { wf::upsert_search_attributes({kKey.set("ada")}); }},
        {"set_current_details()", [](T) { wf::set_current_details("text"); }},
        {"set_signal_handler()", [](T) { wf::set_signal_handler("late", [] {}); }},
        {"set_query_handler()", [](T) { wf::set_query_handler("late", [] { return 1; }); }},
        {"set_update_handler()", [](T) { wf::set_update_handler("late", DoesNothing{}); }},
        {"continue_as_new()", [](T) { wf::continue_as_new({}); }},
        {"EventGroup()", [](T) { static_cast<void>(wf::EventGroup{"group"}); }},
        {"ActivityHandle::cancel()", [](T t) { t.activity_->cancel(); }},
        {"ActivityHandle::cancel() ", [](T t) { t.local_->cancel(); }},
        {"TimerHandle::cancel()", [](T t) { t.timer_->cancel(); }},
        {"ChildWorkflowHandle::cancel()", [](T t) { t.child_->cancel(); }},
        {"TaskHandle::cancel()", [](T t) { t.task_->cancel(); }},
        {"CancellationScope::cancel()", [](T t) { t.scope_->cancel(); }},
        {"RequestHandle::cancel()", [](T t) { t.signal_->cancel(); }},
        {"ExternalWorkflowHandle::signal()",
         [](T) { static_cast<void>(wf::external_workflow("other").signal("poke")); }},
        {"Channel::try_send()", [](T) { static_cast<void>(wf::Channel<int>{1}.try_send(1)); }},
        {"Channel::try_receive()", [](T) { static_cast<void>(wf::Channel<int>{1}.try_receive()); }},
        {"Channel::close()", [](T) { wf::Channel<int>{1}.close(); }},
        {"Semaphore::try_acquire()", [](T) { static_cast<void>(wf::Semaphore{1}.try_acquire()); }},
        {"MutexLock::unlock()", [](T t) { t.lock_->unlock(); }},
    };
    return kAll;
}

namespace {

/// The name of the operation, and what the message has to say of the place.
auto refusal(std::string operation, const std::string& place) {
    operation.erase(operation.find_last_not_of(' ') + 1);
    return HasSubstr(operation + " was called in " + place + " of workflow 'Touchable'");
}

class ReadOnlyCode : public ::testing::TestWithParam<std::string> {
protected:
    ReadOnlyCode() { run_.start(); }
    RunOf<Touchable> run_;
};

TEST_P(ReadOnlyCode, of_a_query_is_refused_and_the_query_fails) {
    EXPECT_THAT(
        run_.activate(Jobs{}.query("query", GetParam())),
        ElementsAre(AllOf(HasSubstr("query failed"), refusal(GetParam(), "the query 'query'")))
    );
    EXPECT_THAT(run_.activate(Jobs{}.update("u", "update", "nothing")), ::testing::SizeIs(1))
        << "the run goes on";
}

TEST_P(ReadOnlyCode, of_a_validator_is_refused_and_the_task_fails) {
    EXPECT_THAT(
        run_.activate(Jobs{}.update("u", "update", GetParam())),
        ElementsAre(
            AllOf(HasSubstr("task failed"), refusal(GetParam(), "the validator of update 'update'"))
        )
    );
}

TEST_P(ReadOnlyCode, of_a_condition_is_refused_and_the_task_fails) {
    run_.activate(Jobs{}.signal("set_condition", GetParam()));
    EXPECT_THAT(
        run_.activate(Jobs{}.fire(2)),
        ElementsAre(
            AllOf(HasSubstr("task failed"), refusal(GetParam(), "a condition of wait_condition()"))
        )
    );
}

std::vector<std::string> names_of_operations() {
    std::vector<std::string> names;
    for (const auto& [name, operation] : Touchable::operations()) {
        names.push_back(name);
    }
    return names;
}

INSTANTIATE_TEST_SUITE_P(
    All,
    ReadOnlyCode,
    ::testing::ValuesIn(names_of_operations()),
    [](const auto& operation) {
        std::string name;
        for (const char each : operation.param) {
            name += std::isalnum(static_cast<unsigned char>(each)) != 0 ? std::string{each} : "";
        }
        return name + (operation.param.back() == ' ' ? "Local" : "");
    }
);

}  // namespace

struct AsksWhetherItReplays {
    hg::Task<std::string> run() {
        const std::string before = say();
        co_await wf::sleep(1s);
        co_return before;
    }
    std::string query() const { return say(); }
    static std::string say() {
        return std::string{wf::is_replaying() ? "replays " : "is new "} +
               (wf::is_replaying_history_events() ? "events " : "") +
               (wf::is_read_only() ? "reads" : "writes");
    }
};
HOURGLASS_WORKFLOW(AsksWhetherItReplays, run, queries(query))

TEST(ReadOnly, code_knows_that_it_is_and_whether_what_it_does_is_history) {
    RunOf<AsksWhetherItReplays> run;
    static_cast<void>(run.activate(Jobs{}.start("AsksWhetherItReplays").replaying()));
    EXPECT_THAT(
        run.activate(Jobs{}.query("query").replaying()), ElementsAre(HasSubstr("replays reads"))
    );
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre(R"(complete "replays events writes")"));
}

struct IsAsked {
    hg::Task<void> run() { co_await wf::sleep(1h); }
    int query() const { return 1; }
    void update() {}
    void validated_update() {}
    void validate() const {}
};
HOURGLASS_WORKFLOW(
    IsAsked, run, queries(query), updates(update, validated(validated_update, validate))
)

namespace {

struct Write {
    std::string name;
    std::function<void()> operation;
};

const std::vector<Write> kWrites{
    {"start_timer()", [] { static_cast<void>(wf::sleep(1s)); }},
    {"execute_activity()", [] { static_cast<void>(wf::execute_activity<int>("activity", kQuick)); }
    },
    {"execute_child()", [] { static_cast<void>(wf::execute_child<int>("Child", {})); }},
    {"spawn()", [] { static_cast<void>(wf::spawn(nothing())); }},
    {"upsert_memo()", [] { wf::upsert_memo({{"note", hg::to_payload(1)}}); }},
    {"patched()", [] { static_cast<void>(wf::patched("a change")); }},
    {"random()", [] { static_cast<void>(wf::random()); }},
};

enum class When { Before, After };

/// Writes before or after the rest, and notes what goes outwards.
class Writes final : public wf::WorkflowInterceptor {
public:
    Writes(Write write, When when, std::vector<std::string>* outwards)
        : write_{std::move(write)}, when_{when}, outwards_{outwards} {}

    hg::Payload handle_query(
        wf::HandleQueryCall call, hg::Next<wf::HandleQueryCall, hg::Payload> next
    ) override {
        write_if(When::Before);
        hg::Payload answer = next(std::move(call));
        write_if(When::After);
        return answer;
    }
    void validate_update(wf::HandleUpdateCall call, hg::Next<wf::HandleUpdateCall, void> next)
        override {
        write_if(When::Before);
        next(std::move(call));
        write_if(When::After);
    }
    void start_timer(wf::StartTimerCall& /*call*/) override { outwards_->push_back("timer"); }
    void schedule_activity(wf::ScheduleActivityCall& call) override {
        outwards_->push_back(call.type);
    }
    void start_child(wf::StartChildCall& call) override { outwards_->push_back(call.type); }

private:
    void write_if(When now) const {
        if (now == when_) {
            write_.operation();
        }
    }

    const Write write_;
    const When when_;
    std::vector<std::string>* const outwards_;
};

class ReadOnlyInterceptor : public ::testing::Test {
protected:
    /// A run with such an interceptor answers these jobs with one line: it begins so, and says
    /// what was refused where.
    static void expect_refused(
        const std::function<Jobs()>& jobs, const std::string& begin, const std::string& place
    ) {
        for (const When when : {When::Before, When::After}) {
            for (const Write& write : kWrites) {
                std::vector<std::string> outwards;
                RunOf<IsAsked> run{hg::workflow::testing::made_by([&] {
                    return std::make_unique<Writes>(write, when, &outwards);
                })};
                run.start();
                ASSERT_THAT(outwards, ElementsAre("timer")) << "the run's own";
                EXPECT_THAT(
                    run.activate(jobs()),
                    ElementsAre(AllOf(
                        HasSubstr(begin),
                        HasSubstr(write.name + " was called in " + place + " of workflow 'IsAsked'")
                    ))
                );
                EXPECT_THAT(outwards, ElementsAre("timer"));
            }
        }
    }
};

}  // namespace

TEST_F(ReadOnlyInterceptor, around_a_query_is_refused_and_the_query_fails) {
    expect_refused([] { return Jobs{}.query("query"); }, "query failed", "the query 'query'");
}

TEST_F(ReadOnlyInterceptor, around_a_validator_is_refused_and_the_task_fails) {
    for (const std::string& update : std::vector<std::string>{"validated_update", "update"}) {
        expect_refused(
            [&] { return Jobs{}.update("u", update); },
            "task failed",
            "the validator of update '" + update + "'"
        );
    }
}
