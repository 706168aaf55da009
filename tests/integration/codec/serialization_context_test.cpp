// A value that is bound to whose it is goes its whole way: client, workflow, activities, child and
// back, also where the workflow is replayed for each task.
#include "tests/support/test_server.hpp"
#include <hourglass/convert/serialization_context.hpp>
#include <hourglass/hourglass.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace hg = hourglass;
namespace wf = hourglass::workflow;
using namespace std::chrono_literals;
using hg::test::unique;

namespace bound {

/// Is read only for the workflow, and the activity, that it was written for.
struct Sealed {
    std::string text{};
};

std::string reader() {
    const hg::SerializationContext whose = hg::serialization_context();
    std::string text{whose.workflow_namespace};
    text.append("/").append(whose.workflow_id).append("/").append(whose.activity_id);
    text.append("/").append(whose.activity_type);
    return text;
}

}  // namespace bound

template <>
struct hourglass::PayloadFormat<bound::Sealed> {
    static Payload encode(const bound::Sealed& value) {
        Payload payload = to_payload(value.text);
        payload.metadata["bound-to"] = bound::reader();
        return payload;
    }
    static bound::Sealed decode(const Payload& payload) {
        if (payload.metadata.at("bound-to") != bound::reader()) {
            throw std::runtime_error{
                "it is bound to " + payload.metadata.at("bound-to") + ", not to " + bound::reader()
            };
        }
        return {from_payload<std::string>(payload)};
    }
};

namespace bound {

/// Fails at first, and goes on where its heartbeat says.
Sealed charge(Sealed card) {
    const auto seen = hg::activity::heartbeat_details<Sealed>();
    if (!seen) {
        hg::activity::heartbeat(Sealed{card.text + " charged"});
        throw hg::ApplicationError{"try again"};
    }
    return *seen;
}

Sealed shout(Sealed value) {
    return {value.text + "!"};
}

Sealed refuse(Sealed value) {
    throw hg::ApplicationError{
        "refused", {.non_retryable = true, .details = hg::encode_arguments(value)}
    };
}

const wf::ActivityOptions kTwice{
    .start_to_close_timeout = 10s, .retry_policy = hg::RetryPolicy{.initial_interval = 10ms}
};
const wf::LocalActivityOptions kLocal{.start_to_close_timeout = 10s};
const wf::ChildWorkflowOptions kChild;

class SealedChild {
public:
    hg::Task<Sealed> run(Sealed value) {
        co_await wf::wait_condition([this] { return said_.has_value(); });
        co_return with(value, said_->text);
    }
    void say(Sealed value) { said_ = std::move(value); }

private:
    static Sealed with(const Sealed& value, const std::string& more) {
        return {value.text + " and " + more};
    }
    std::optional<Sealed> said_;
};

class SealedFlow {
public:
    hg::Task<Sealed> run(Sealed card) {
        const Sealed charged = co_await wf::execute_activity<&charge>(kTwice, card);
        const Sealed loud = co_await wf::execute_local_activity<&shout>(kLocal, card);
        const auto child = wf::execute_child<&SealedChild::run>(kChild, card);
        co_await child.signal<&SealedChild::say>(card);
        const Sealed from_child = co_await child;
        const std::string refused = co_await detail_of(wf::execute_activity<&refuse>(kTwice, card));
        co_await wf::wait_condition([this] { return !said_.empty(); });
        co_return all(charged.text, loud.text, from_child.text, refused, said_);
    }
    Sealed ask(Sealed value) const { return value; }
    Sealed say(Sealed value) {
        said_ = value.text;
        return value;
    }

private:
    static hg::Task<std::string> detail_of(wf::ActivityHandle<Sealed> refused) {
        try {
            const Sealed result = co_await refused;
            co_return result.text;
        } catch (const hg::ActivityError& error) {
            co_return "refused " + error.find_cause<hg::ApplicationError>()->detail<Sealed>(0).text;
        }
    }
    template <class... Text>
    static Sealed all(const Text&... texts) {
        Sealed together;
        ((together.text += texts + "; "), ...);
        return together;
    }

    std::string said_;
};

}  // namespace bound

HOURGLASS_WORKFLOW(bound::SealedChild, run, signals(say));
HOURGLASS_WORKFLOW(bound::SealedFlow, run, queries(ask), updates(say));
HOURGLASS_ACTIVITY(bound::charge);
HOURGLASS_ACTIVITY(bound::shout);
HOURGLASS_ACTIVITY(bound::refuse);

namespace {

using bound::Sealed;
using bound::SealedFlow;

class BoundValues : public ::testing::TestWithParam<std::uint32_t> {
protected:
    BoundValues() {
        hg::ApplicationOptions options;
        options.client.address = hg::test::server_address();
        options.default_worker.task_queue = queue_;
        options.default_worker.max_cached_workflows = GetParam();
        app_ = std::make_unique<hg::Application>(options);
    }

    const std::string queue_ = unique("queue");
    std::unique_ptr<hg::Application> app_;
};

INSTANTIATE_TEST_SUITE_P(Replay, BoundValues, ::testing::Values(1000U, 0U), [](const auto& each) {
    return each.param == 0 ? "Replayed" : "Cached";
});

TEST_P(BoundValues, AreReadByThoseWhomTheyWereWrittenFor) {
    const hg::Client client = app_->client();
    const auto flow = client.start<&SealedFlow::run>(
        {.id = unique("sealed"), .task_queue = queue_}, Sealed{"card"}
    );
    EXPECT_EQ(flow.query<&SealedFlow::ask>(Sealed{"question"}).text, "question");
    EXPECT_EQ(flow.update<&SealedFlow::say>(Sealed{"word"}).text, "word");
    EXPECT_EQ(flow.result().text, "card charged; card!; card and card; refused card; word; ");
}

TEST_P(BoundValues, AreNotReadByOthers) {
    const hg::Client client = app_->client();
    const auto flow = client.start<&SealedFlow::run>(
        {.id = unique("sealed"), .task_queue = queue_}, Sealed{"card"}
    );
    static_cast<void>(flow.update<&SealedFlow::say>(Sealed{"word"}));
    const auto raw = flow.untyped().result<hg::RawValue>();
    EXPECT_THROW(static_cast<void>(hg::from_payload<Sealed>(raw.payload)), hg::ConversionError);
}

}  // namespace
