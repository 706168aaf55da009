#include "tests/unit/workflow/harness.hpp"

#include <exception>
#include <string>

namespace {
const auto kCustomer = hg::search_attribute::keyword("Customer");
}  // namespace

struct Continues {
    hg::Task<void> run(int count) {
        if (count > 0) {
            wf::continue_as_new<&Continues::run>(
                {.task_queue = "other",
                 .run_timeout = 1s,
                 .task_timeout = 2s,
                 .retry_policy = hg::RetryPolicy{.maximum_attempts = 3},
                 .memo = {{"customer", hg::to_payload("ada")}},
                 .search_attributes = {kCustomer.set("ada")},
                 .start_delay = 4s,
                 .versioning = wf::ContinueAsNewVersioning::AutoUpgrade},
                count - 1
            );
        }
        wf::continue_as_new({});
        co_return;
    }
};
HOURGLASS_WORKFLOW(Continues, run)

TEST(ContinueAsNew, takes_every_option_and_leaves_unset_ones_to_the_server) {
    RunOf<Continues> all;
    const auto first = all.completion(Jobs{}.start("Continues", 5));
    const auto& command = first.successful().commands(0).continue_as_new_workflow_execution();
    EXPECT_EQ(command.workflow_type(), "Continues");
    EXPECT_EQ(command.arguments(0).data(), "4");
    EXPECT_EQ(command.task_queue(), "other");
    EXPECT_EQ(command.workflow_run_timeout().seconds(), 1);
    EXPECT_EQ(command.workflow_task_timeout().seconds(), 2);
    EXPECT_EQ(command.retry_policy().maximum_attempts(), 3);
    EXPECT_EQ(command.memo().at("customer").data(), R"("ada")");
    EXPECT_EQ(command.search_attributes().indexed_fields().at("Customer").data(), R"("ada")");
    EXPECT_EQ(command.backoff_start_interval().seconds(), 4);
    EXPECT_EQ(
        command.initial_versioning_behavior(),
        temporal::api::enums::v1::CONTINUE_AS_NEW_VERSIONING_BEHAVIOR_AUTO_UPGRADE
    );

    RunOf<Continues> none;
    const auto second = none.completion(Jobs{}.start("Continues", 0));
    const auto& plain = second.successful().commands(0).continue_as_new_workflow_execution();
    EXPECT_EQ(plain.workflow_type(), "Continues");
    EXPECT_EQ(plain.task_queue(), "");
    EXPECT_FALSE(plain.has_workflow_run_timeout());
    EXPECT_FALSE(plain.has_workflow_task_timeout());
    EXPECT_FALSE(plain.has_retry_policy());
    EXPECT_FALSE(plain.has_search_attributes());
    EXPECT_FALSE(plain.has_backoff_start_interval());
    EXPECT_TRUE(plain.memo().empty());
    EXPECT_EQ(
        plain.initial_versioning_behavior(),
        temporal::api::enums::v1::CONTINUE_AS_NEW_VERSIONING_BEHAVIOR_UNSPECIFIED
    );
}

struct Swallows {
    hg::Task<int> run(bool rethrows) {
        std::exception_ptr caught;
        try {
            wf::continue_as_new<&Swallows::run>({}, rethrows);
        } catch (...) {
            caught = std::current_exception();
        }
        co_await wf::sleep(1s);
        if (rethrows) {
            std::rethrow_exception(caught);
        }
        co_return 0;
    }
};
HOURGLASS_WORKFLOW(Swallows, run)

TEST(ContinueAsNew, that_is_swallowed_is_told_of_in_the_log) {
    const CapturedLog log;
    RunOf<Swallows> run;
    run.start(false);
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre("complete 0"));
    EXPECT_THAT(log.lines(), ElementsAre(HasSubstr("although continue_as_new() was called")));
}

TEST(ContinueAsNew, may_be_thrown_again_later) {
    RunOf<Swallows> run;
    run.start(true);
    EXPECT_THAT(
        run.activate(Jobs{}.fire(1)), ElementsAre(::testing::StartsWith("continue_as_new Swallows"))
    );
}

struct GoesToTheRamp {
    hg::Task<void> run() {
        wf::continue_as_new<&GoesToTheRamp::run>(
            {.versioning = wf::ContinueAsNewVersioning::UseRampingVersion}
        );
        co_return;
    }
};
HOURGLASS_WORKFLOW(GoesToTheRamp, run)

TEST(ContinueAsNew, may_go_to_the_ramping_version) {
    RunOf<GoesToTheRamp> run;
    const auto completion = run.completion(Jobs{}.start("GoesToTheRamp"));
    const auto& command = completion.successful().commands(0).continue_as_new_workflow_execution();
    EXPECT_EQ(
        command.initial_versioning_behavior(),
        temporal::api::enums::v1::CONTINUE_AS_NEW_VERSIONING_BEHAVIOR_USE_RAMPING_VERSION
    );
}

struct WatchesItsHistory {
    hg::Task<std::string> run() {
        std::string log = say();
        co_await wf::sleep(1s);
        log += say();
        co_return log;
    }
    static std::string say() {
        const auto& info = wf::info();
        std::string text = info.continue_as_new_suggested ? "long" : "short";
        for (const auto reason : info.continue_as_new_reasons) {
            text += " " + std::to_string(static_cast<int>(reason));
        }
        text += info.target_deployment_version_changed ? " changed" : "";
        if (info.deployment_version) {
            text += " " + info.deployment_version->deployment_name + "." +
                    info.deployment_version->build_id;
        }
        return text + "; ";
    }
};
HOURGLASS_WORKFLOW(WatchesItsHistory, run)

TEST(ContinueAsNew, is_suggested_with_the_reasons_and_the_version_of_the_current_task) {
    RunOf<WatchesItsHistory> run;
    Jobs first;
    first.start("WatchesItsHistory");
    auto& activation = first.activation();
    activation.set_continue_as_new_suggested(true);
    activation.add_suggest_continue_as_new_reasons(
        temporal::api::enums::v1::SUGGEST_CONTINUE_AS_NEW_REASON_TOO_MANY_HISTORY_EVENTS
    );
    activation.add_suggest_continue_as_new_reasons(
        static_cast<temporal::api::enums::v1::SuggestContinueAsNewReason>(77)
    );
    activation.set_target_worker_deployment_version_changed(true);
    activation.mutable_deployment_version_for_current_task()->set_deployment_name("shop");
    activation.mutable_deployment_version_for_current_task()->set_build_id("1.0");
    run.activate(first);
    EXPECT_THAT(
        run.activate(Jobs{}.fire(1)),
        ElementsAre(R"(complete "long 2 0 changed shop.1.0; short; ")")
    );
}
