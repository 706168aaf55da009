#include "hourglass/convert/serialization_context.hpp"

#include "hourglass/convert/in_context.hpp"
#include "hourglass/convert/operation_failures.hpp"
#include "hourglass/convert/value_encoding.hpp"
#include "src/convert/failure_converter.hpp"
#include "tests/support/probe.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace contexts {

struct Stamped {
    std::string stamp{};
};
inline void to_json(nlohmann::json& json, const Stamped& /*value*/) {
    json = probe::text_of(hourglass::serialization_context());
}
inline void from_json(const nlohmann::json& json, Stamped& value) {
    value.stamp =
        json.get<std::string>() + " read by " + probe::text_of(hourglass::serialization_context());
}

}  // namespace contexts

namespace hourglass {
namespace {

using detail::ConversionScope;
using detail::GivenContext;
using probe::Probe;
using probe::text_of;

const SerializationContext kOrder{
    .workflow_namespace = "shop", .workflow_id = "order-7", .workflow_type = "Checkout"
};

TEST(SerializationContext, IsEmptyWhereNobodyIsKnown) {
    EXPECT_EQ(serialization_context(), SerializationContext{});
    EXPECT_EQ(from_payload<std::string>(to_payload(Probe{})), "-/- -");
}

TEST(SerializationContext, IsTheInnermostAndComesBackAlsoAfterAnException) {
    const GivenContext order{kOrder};
    const GivenContext other{{.workflow_namespace = "other"}};
    const ConversionScope outer{&order};
    EXPECT_EQ(serialization_context(), kOrder);
    try {
        const ConversionScope inner{&other};
        EXPECT_EQ(serialization_context().workflow_namespace, "other");
        EXPECT_EQ(serialization_context().workflow_id, "") << "nothing of the outer one";
        const ConversionScope nobodys{nullptr};
        EXPECT_EQ(serialization_context(), SerializationContext{});
        throw std::runtime_error{"out of all of them"};
    } catch (const std::runtime_error&) {
        EXPECT_EQ(serialization_context(), kOrder);
    }
}

TEST(SerializationContext, IsOfItsThread) {
    const GivenContext order{kOrder};
    const ConversionScope scope{&order};
    SerializationContext elsewhere = kOrder;
    std::thread{[&elsewhere] { elsewhere = serialization_context(); }}.join();
    EXPECT_EQ(elsewhere, SerializationContext{});
}

TEST(SerializationContext, IsAskedOnlyIfAConversionAsks) {
    struct Counting final : detail::ContextSource {
        [[nodiscard]] SerializationContext context() const override {
            ++asked;
            return kOrder;
        }
        mutable int asked = 0;
    };
    const Counting source;
    static_cast<void>(detail::encode_arguments_in(source, 1, std::string{"two"}, true));
    EXPECT_EQ(source.asked, 0);
    static_cast<void>(detail::encode_arguments_in(source, Probe{}));
    EXPECT_EQ(source.asked, 1);
}

TEST(SerializationContext, ReachesFormatsInsideOfOptionalsAndEachArgument) {
    const GivenContext order{kOrder};
    const Payloads payloads =
        detail::encode_arguments_in(order, Probe{}, std::optional<Probe>{Probe{}});
    for (const Payload& payload : payloads) {
        EXPECT_EQ(from_payload<std::string>(payload), "shop/order-7 Checkout");
    }
    const auto read = detail::from_payload_in<std::optional<Probe>>(
        GivenContext{{.workflow_id = "reader"}}, payloads[1]
    );
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->encoded, "shop/order-7 Checkout");
    EXPECT_EQ(read->decoded, "-/reader -");
}

TEST(SerializationContext, ReachesJsonOfOnesOwn) {
    const Payload written =
        detail::encode_arguments_in(GivenContext{kOrder}, contexts::Stamped{}).front();
    const auto read = detail::from_payload_in<contexts::Stamped>(
        GivenContext{{.workflow_id = "reader"}}, written
    );
    EXPECT_EQ(read.stamp, "shop/order-7 Checkout read by -/reader -");
}

TEST(SerializationContext, ReachesValueEncodings) {
    struct Stamping final : ValueEncoding {
        [[nodiscard]] std::string name() const override { return "text/stamped"; }
        [[nodiscard]] std::optional<std::string> encode(const nlohmann::json& value
        ) const override {
            return text_of(serialization_context()) + "|" + value.dump();
        }
        [[nodiscard]] nlohmann::json decode(const std::string& data) const override {
            const auto bar = data.find('|');
            if (data.substr(0, bar) != text_of(serialization_context())) {
                throw std::runtime_error{"it is another's"};
            }
            return nlohmann::json::parse(data.substr(bar + 1));
        }
    };
    set_value_encodings({std::make_shared<const Stamping>()});
    const GivenContext order{kOrder};
    const Payload written = detail::encode_arguments_in(order, 42).front();
    EXPECT_EQ(written.data, "shop/order-7 Checkout|42");
    EXPECT_EQ(detail::from_payload_in<int>(order, written), 42);
    EXPECT_THROW(static_cast<void>(from_payload<int>(written)), ConversionError);
    set_value_encodings({});
}

/// As it comes back from the server.
template <class E>
std::exception_ptr received(const E& error) {
    convert::ProtoFailure failure;
    convert::to_failure(error, &failure);
    return convert::from_failure(std::move(failure));
}

/// Whose the detail of the innermost failure is when it is read.
std::string reader_of(const std::exception_ptr& error) {
    FailureCause cause = as_failure(error);
    while (cause->cause()) {
        cause = cause->cause();
    }
    if (const auto timeout = std::dynamic_pointer_cast<const TimeoutError>(cause)) {
        return timeout->last_heartbeat_detail<Probe>(0).decoded;
    }
    if (const auto cancelled = std::dynamic_pointer_cast<const CancelledError>(cause)) {
        return cancelled->detail<Probe>(0).decoded;
    }
    return std::dynamic_pointer_cast<const ApplicationError>(cause)->detail<Probe>(0).decoded;
}

FailureCause declined() {
    return std::make_shared<const ApplicationError>(
        "declined", ApplicationErrorOptions{.details = encode_arguments(Probe{})}
    );
}

TEST(SerializationContext, OfDetailsIsThatOfTheActivityOrChildThatFailed) {
    const GivenContext caller{kOrder};
    const ConversionScope scope{&caller};
    EXPECT_EQ(
        reader_of(received(ActivityError{
            "activity failed",
            ActivityFailureInfo{.activity_type = "charge", .activity_id = "5"},
            FailureContext{.cause = declined()}
        })),
        "shop/order-7 Checkout, activity 5 charge"
    );
    EXPECT_EQ(
        reader_of(received(ChildWorkflowError{
            "child failed",
            ChildWorkflowFailureInfo{
                .workflow_namespace = "shop", .workflow_id = "invoice-7", .workflow_type = "Invoice"
            },
            FailureContext{.cause = declined()}
        })),
        "shop/invoice-7 Invoice"
    );
    EXPECT_EQ(
        reader_of(received(NexusOperationError{
            "operation failed",
            NexusOperationFailureInfo{.endpoint = "e", .service = "s", .operation = "o"},
            FailureContext{.cause = declined()}
        })),
        "shop/order-7 Checkout, operation e/s/o"
    );
}

TEST(SerializationContext, OfDetailsStaysWhatItWasWhenTheFailureCame) {
    const Payloads details = encode_arguments(Probe{});
    std::vector<std::exception_ptr> failures;
    {
        std::string id = "order-7";  // gone when they are read
        const GivenContext order{{.workflow_namespace = "shop", .workflow_id = id}};
        const ConversionScope scope{&order};
        failures = {
            received(ApplicationError{"declined", {.details = details}}),
            received(CancelledError{"cancelled", {.details = details}}),
            received(TimeoutError{"late", TimeoutType::Heartbeat, details})
        };
    }
    for (const auto& failure : failures) {
        EXPECT_EQ(reader_of(failure), "shop/order-7 -");
    }
}

TEST(SerializationContext, OfDetailsOfAFailureMadeHereIsThatOfWhoReadsThem) {
    const GivenContext order{kOrder};
    const ConversionScope scope{&order};
    EXPECT_EQ(
        reader_of(std::make_exception_ptr(
            ApplicationError{"declined", {.details = encode_arguments(Probe{})}}
        )),
        "shop/order-7 Checkout"
    );
}

}  // namespace
}  // namespace hourglass
