// Child workflows against the dev server.
#include "tests/integration/workflow/fixture.hpp"

#include <atomic>
#include <set>
#include <string>
#include <vector>

namespace children {

/// What the children of a test do, by what they are told.
class Child {
public:
    hg::Task<std::string> run(std::string what) {
        std::string answer = "done";
        if (what == "fail") {
            throw hg::ApplicationError{
                "no money", {.type = "Declined", .details = hg::encode_arguments("card", 5)}
            };
        }
        if (what == "wait") {
            try {
                co_await wf::wait_condition([this] { return !by_.empty(); });
                answer = "poked by " + by_;
            } catch (const hg::CancelledError&) {
                answer = "";
            }
            if (answer.empty()) {
                co_await wf::shield(clean_up());
                throw hg::CancelledError{"cleaned up", {.details = hg::encode_arguments("all")}};
            }
        } else if (what == "ignore cancellation") {
            co_await wf::shield(clean_up());
            answer = "done all the same";
        } else if (what == "attempt") {
            if (wf::info().attempt < 3) {
                throw hg::ApplicationError{"not yet"};
            }
            answer = std::to_string(wf::info().attempt);
        } else if (what == "parent") {
            answer = wf::info().parent->workflow_id;
        }
        co_return answer;
    }
    void poke(std::string by) { by_ = std::move(by); }

private:
    hg::Task<void> clean_up() { co_await wf::sleep(300ms); }
    std::string by_;
};

wf::ChildWorkflowOptions with_id(std::string id) {
    return {.id = std::move(id)};
}

class Starts {
public:
    hg::Task<std::vector<std::string>> run(std::string id) {
        const wf::ChildWorkflowOptions options{
            .id = id, .memo = {{"note", hg::to_payload("hello")}}, .static_summary = "a child"
        };
        const auto child = wf::execute_child<&Child::run>(options, "parent");
        const std::string run_id = co_await child.started();
        const std::string parent = co_await child;
        co_return std::vector<std::string>{child.id(), run_id, parent};
    }
};

class FansOut {
public:
    hg::Task<std::vector<std::string>> run(int count) {
        std::vector<wf::ChildWorkflowHandle<std::string>> handles;
        for (int i = 0; i < count; ++i) {
            handles.push_back(wf::execute_child<&Child::run>({}, "plain"));
        }
        static_cast<void>(co_await wf::all(handles));
        std::vector<std::string> ids;
        for (const auto& handle : handles) {
            ids.push_back(handle.id());
        }
        co_return ids;
    }
};

class Fails {
public:
    hg::Task<std::string> run(std::string what) {
        std::string said;
        try {
            if (what == "twice") {
                const std::string id = wf::info().workflow_id + "-child";
                const wf::ChildWorkflowOptions options = with_id(id);
                const auto first = wf::execute_child<&Child::run>(options, "wait");
                static_cast<void>(co_await first.started());
                const auto second = wf::execute_child<&Child::run>(options, "wait");
                static_cast<void>(co_await second.started());
            } else if (what == "timeout") {
                const wf::ChildWorkflowOptions options{.run_timeout = 1s};
                said = co_await wf::execute_child<&Child::run>(options, "wait");
            } else {
                const wf::ChildWorkflowOptions options{};
                said = co_await wf::execute_child<std::string>("Child", options, what);
            }
        } catch (const wf::ChildAlreadyStartedError& error) {
            said = "already started: " + error.workflow_type();
        } catch (const hg::ChildWorkflowError& error) {
            said = error.workflow_type() + ": ";
            if (const auto timeout = error.find_cause<hg::TimeoutError>()) {
                said += "timeout";
            }
            if (const auto cause = error.find_cause<hg::ApplicationError>()) {
                said += cause->type() + " " + cause->message() + " " +
                        cause->detail<std::string>(0) + std::to_string(cause->detail<int>(1));
            }
        }
        co_return said;
    }
};

class Retries {
public:
    hg::Task<std::string> run() {
        const wf::ChildWorkflowOptions options{
            .retry_policy = hg::RetryPolicy{.initial_interval = 10ms, .maximum_attempts = 3}
        };
        const std::string attempt = co_await wf::execute_child<&Child::run>(options, "attempt");
        co_return attempt;
    }
};

class Cancels {
public:
    hg::Task<std::string> run(std::string child_id, int type, std::string what) {
        const wf::ChildWorkflowOptions options{
            .id = child_id,
            .cancellation_type = static_cast<wf::ChildWorkflowCancellationType>(type),
            .parent_close_policy = wf::ParentClosePolicy::Abandon
        };
        const auto child = wf::execute_child<&Child::run>(options, what);
        static_cast<void>(co_await child.started());
        child.cancel("enough");
        std::string said;
        try {
            said = co_await child;
        } catch (const hg::ChildWorkflowError& error) {
            said = wf::is_cancelled_error(error) ? "cancelled" : "failed";
        }
        // The server forgets requests of a workflow that ends with the same task.
        co_await wf::sleep(100ms);
        co_return said;
    }
};

class Leaves {
public:
    hg::Task<void> run(std::string child_id, int policy) {
        const wf::ChildWorkflowOptions options{
            .id = child_id, .parent_close_policy = static_cast<wf::ParentClosePolicy>(policy)
        };
        const auto child = wf::execute_child<&Child::run>(options, "wait");
        static_cast<void>(co_await child.started());
    }
};

class Signals {
public:
    hg::Task<std::string> run(std::string child_id) {
        const auto child = wf::execute_child<&Child::run>({.id = child_id}, "wait");
        co_await child.signal<&Child::poke>("ada");  // before the start is known of
        std::string said = co_await child;
        try {
            co_await child.signal("poke", "bob");
        } catch (const wf::ExternalWorkflowError& error) {
            said += error.reason() == wf::ExternalFailure::WorkflowNotFound ? ", gone" : ", ?";
        }
        co_return said;
    }
};

/// Talks to a workflow that it did not start.
class Outsider {
public:
    hg::Task<std::string> run(std::string id, bool cancel) {
        const auto other = wf::external_workflow<&Child::run>(id);
        if (cancel) {
            co_await other.cancel("an outsider's reason");
        } else {
            co_await other.signal<&Child::poke>("outsider");
        }
        std::string said = "arrived";
        const auto nobody = wf::external_workflow("nobody-" + id);
        try {
            co_await nobody.signal("poke");
        } catch (const wf::ExternalWorkflowError& error) {
            said += error.reason() == wf::ExternalFailure::WorkflowNotFound ? ", nobody" : ", ?";
        }
        try {
            co_await nobody.cancel();
        } catch (const wf::ExternalWorkflowError& error) {
            said += error.reason() == wf::ExternalFailure::WorkflowNotFound ? ", nobody" : ", ?";
        }
        co_return said;
    }
};

}  // namespace children

HOURGLASS_WORKFLOW(children::Child, run, signals(poke));
HOURGLASS_WORKFLOW(children::Starts, run);
HOURGLASS_WORKFLOW(children::FansOut, run);
HOURGLASS_WORKFLOW(children::Fails, run);
HOURGLASS_WORKFLOW(children::Retries, run);
HOURGLASS_WORKFLOW(children::Cancels, run);
HOURGLASS_WORKFLOW(children::Leaves, run);
HOURGLASS_WORKFLOW(children::Signals, run);
HOURGLASS_WORKFLOW(children::Outsider, run);

namespace {

using children::Child;
using wf::ChildWorkflowCancellationType;
using wf::ParentClosePolicy;

class ChildTest : public WorkflowTest {
protected:
    /// Runs Cancels with a child that waits, and says how the child ended.
    std::string cancel(ChildWorkflowCancellationType type, const std::string& what = "wait") {
        child_id_ = unique("child");
        return execute<&children::Cancels::run>(child_id_, static_cast<int>(type), what);
    }
    hg::WorkflowStatus leave(ParentClosePolicy policy) {
        child_id_ = unique("child");
        execute<&children::Leaves::run>(child_id_, static_cast<int>(policy));
        if (policy != ParentClosePolicy::Abandon) {
            EXPECT_TRUE(eventually([this] {
                return client_->handle(child_id_).status() != hg::WorkflowStatus::Running;
            }));
        }
        return client_->handle(child_id_).status();
    }
    std::string child_id_;
};

TEST_P(ChildTest, GivesItsIdItsRunAndItsResult) {
    const std::string id = unique("child");
    const auto parent = start<&children::Starts::run>(id);
    const auto said = parent.result();
    const auto child = client_->handle(id).describe();
    EXPECT_EQ(said, (std::vector<std::string>{id, child.run_id, parent.id()}));
    EXPECT_EQ(child.parent_id, parent.id());
    EXPECT_EQ(hg::from_payload<std::string>(child.memo.at("note")), "hello");
    EXPECT_EQ(child.static_summary, "a child");
}

TEST_P(ChildTest, SeveralWithoutIdsRunSideBySide) {
    const auto ids = execute<&children::FansOut::run>(10);
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 10U);
}

TEST_P(ChildTest, SaysWhyThereIsNoResult) {
    EXPECT_EQ(execute<&children::Fails::run>("fail"), "Child: Declined no money card5");
    EXPECT_EQ(execute<&children::Fails::run>("timeout"), "Child: timeout");
    EXPECT_EQ(execute<&children::Fails::run>("twice"), "already started: Child");
}

TEST_P(ChildTest, IsRunAgainAsItsRetryPolicySays) {
    EXPECT_EQ(execute<&children::Retries::run>(), "3");
}

TEST_P(ChildTest, IsCancelledAsItsTypeSays) {
    EXPECT_EQ(cancel(ChildWorkflowCancellationType::WaitCancellationCompleted), "cancelled");
    EXPECT_EQ(client_->handle(child_id_).status(), hg::WorkflowStatus::Canceled);
    EXPECT_EQ(
        cancel(ChildWorkflowCancellationType::WaitCancellationCompleted, "ignore cancellation"),
        "done all the same"
    );
    EXPECT_EQ(cancel(ChildWorkflowCancellationType::WaitCancellationRequested), "cancelled");
    EXPECT_EQ(cancel(ChildWorkflowCancellationType::TryCancel), "cancelled");
    EXPECT_TRUE(eventually([this] {
        return client_->handle(child_id_).status() == hg::WorkflowStatus::Canceled;
    }));
    EXPECT_EQ(cancel(ChildWorkflowCancellationType::Abandon), "cancelled");
    const auto abandoned = client_->handle(child_id_).describe();
    EXPECT_EQ(abandoned.status, hg::WorkflowStatus::Running);
    EXPECT_FALSE(abandoned.cancel_requested);
    client_->handle(child_id_).terminate("test");
}

TEST_P(ChildTest, EndsWithItsParentAsItsPolicySays) {
    EXPECT_EQ(leave(ParentClosePolicy::Terminate), hg::WorkflowStatus::Terminated);
    EXPECT_EQ(leave(ParentClosePolicy::RequestCancel), hg::WorkflowStatus::Canceled);
    EXPECT_EQ(leave(ParentClosePolicy::Abandon), hg::WorkflowStatus::Running);
    client_->handle(child_id_).terminate("test");
}

TEST_P(ChildTest, TakesSignalsOfItsParent) {
    EXPECT_EQ(execute<&children::Signals::run>(unique("child")), "poked by ada, gone");
}

TEST_P(ChildTest, AnotherWorkflowCanBeSignalledAndCancelled) {
    const auto signalled = start<&Child::run>("wait");
    EXPECT_EQ(execute<&children::Outsider::run>(signalled.id(), false), "arrived, nobody, nobody");
    EXPECT_EQ(signalled.result(), "poked by outsider");
    const auto cancelled = start<&Child::run>("wait");
    EXPECT_EQ(execute<&children::Outsider::run>(cancelled.id(), true), "arrived, nobody, nobody");
    try {
        cancelled.result();
        ADD_FAILURE() << "it should have been cancelled";
    } catch (const hg::WorkflowFailedError& error) {
        const auto* cause = dynamic_cast<const hg::CancelledError*>(error.cause().get());
        ASSERT_NE(cause, nullptr);
        EXPECT_EQ(cause->detail<std::string>(0), "all");
    }
    EXPECT_EQ(cancelled.status(), hg::WorkflowStatus::Canceled);
    EXPECT_THAT(cancelled.history().to_json(), HasSubstr("an outsider's reason"));
}

INSTANTIATE_TEST_SUITE_P(Replay, ChildTest, with_and_without_cache(), cache_name);

}  // namespace
