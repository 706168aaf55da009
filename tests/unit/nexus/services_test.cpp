#include "tests/unit/nexus/harness.hpp"
#include <hourglass/workflow/nexus_service.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace services_test {

/// What caller and handler share.
struct Greetings {
    virtual ~Greetings() = default;
    virtual std::string greet(std::string name) = 0;
    virtual void forget(const std::string name) = 0;
    virtual int count() const = 0;
    virtual std::optional<int> maybe(std::optional<int> number) = 0;
};

class Polite final : public Greetings {
public:
    explicit Polite(std::string word) : word_{std::move(word)} {}
    std::string greet(std::string name) override { return word_ + ", " + name; }
    void forget(const std::string name) override { forgotten = name; }
    int count() const override { return 7; }
    std::optional<int> maybe(std::optional<int> number) override { return number; }

    std::string forgotten;

private:
    std::string word_;
};

struct Sums {
    int add(std::vector<int> numbers) const {
        int sum = 0;
        for (const int each : numbers) {
            sum += each;
        }
        return sum;
    }
};

}  // namespace services_test

HOURGLASS_NEXUS_SERVICE(
    services_test::Greetings,
    operations(greet, named(forget, "forget-me"), count, maybe),
    name("greetings")
)
HOURGLASS_NEXUS_SERVICE(services_test::Sums, operations(add))

namespace hourglass::nexus {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ServicesTest : public ::testing::Test {
protected:
    template <class... Input>
    Payload call(const std::string& service, const std::string& operation, const Input&... input) {
        const Payloads payloads = encode_arguments(input...);
        return std::get<Payload>(
            services_.find(service, operation)(payloads.empty() ? null_payload() : payloads.front())
        );
    }
    std::string error_of(const std::string& service, const std::string& operation) {
        try {
            static_cast<void>(services_.find(service, operation));
        } catch (const HandlerError& error) {
            return error.type() + ": " + error.message();
        }
        return "none";
    }

    Services services_;
};

TEST_F(ServicesTest, CallsTheObjectThatHandlesAServiceByItsDeclaration) {
    const auto polite = std::make_shared<services_test::Polite>("good day");
    services_.add<services_test::Greetings>(polite);
    EXPECT_EQ(from_payload<std::string>(call("greetings", "greet", "ada")), "good day, ada");
    EXPECT_EQ(call("greetings", "forget-me", "bob"), null_payload());
    EXPECT_EQ(polite->forgotten, "bob");
    EXPECT_EQ(from_payload<int>(call("greetings", "count")), 7);
}

TEST_F(ServicesTest, TakesAnObjectThatIsLentOrMadeOnTheSpot) {
    services_test::Polite polite{"hello"};
    services_.add<services_test::Greetings>(std::ref(polite)).add<services_test::Sums>();
    EXPECT_EQ(from_payload<std::string>(call("greetings", "greet", "ada")), "hello, ada");
    EXPECT_EQ(from_payload<int>(call("Sums", "add", std::vector{1, 2, 4})), 7);
    EXPECT_THAT(services_.names(), ElementsAre("Sums", "greetings"));
}

TEST_F(ServicesTest, TakesSingleOperationsByName) {
    services_.add(
                 "orders", "double", [](int number) { return 2 * number; }
    ).add("orders", "ping", +[] { return std::string{"pong"}; });
    EXPECT_EQ(from_payload<int>(call("orders", "double", 4)), 8);
    EXPECT_EQ(from_payload<std::string>(call("orders", "ping")), "pong");
}

TEST_F(ServicesTest, AnInputThatMayBeMissingIsMissing) {
    services_.add<services_test::Greetings>(std::make_shared<services_test::Polite>("hi"));
    EXPECT_EQ(call("greetings", "maybe"), null_payload());
}

TEST_F(ServicesTest, AnInputThatDoesNotFitIsTheCallersFault) {
    services_.add<services_test::Sums>();
    try {
        call("Sums", "add", "no numbers");
        FAIL() << "it should have been refused";
    } catch (const HandlerError& error) {
        EXPECT_EQ(error.type(), "BAD_REQUEST");
        EXPECT_EQ(error.retry_behavior(), NexusRetryBehavior::NonRetryable);
        EXPECT_THAT(to_text(*error.cause()), HasSubstr("vector"));
    }
}

TEST_F(ServicesTest, WhatIsNotThereIsNotFoundAndSaysWhatIs) {
    EXPECT_EQ(
        error_of("greetings", "greet"),
        "NOT_FOUND: Nexus service 'greetings' is not registered on this worker; available "
        "services: none. Add it to WorkerOptions::nexus_services"
    );
    services_.add<services_test::Greetings>(std::make_shared<services_test::Polite>("hi"));
    EXPECT_EQ(
        error_of("greetings", "insult"),
        "NOT_FOUND: Nexus service 'greetings' has no operation 'insult'; available operations: "
        "count, forget-me, greet, maybe"
    );
}

TEST_F(ServicesTest, NamesAreUnique) {
    services_.add<services_test::Sums>();
    EXPECT_THROW(services_.add<services_test::Sums>(), DuplicateRegistrationError);
    services_.add("orders", "ping", [] {});
    EXPECT_THROW(services_.add("orders", "ping", [] {}), DuplicateRegistrationError);
    EXPECT_THROW(services_.add("orders", "", [] {}), ConfigurationError);
    EXPECT_THROW(services_.add("", "ping", [] {}), ConfigurationError);
    EXPECT_THROW(services_.add(std::shared_ptr<services_test::Greetings>{}), ConfigurationError);
}

}  // namespace
}  // namespace hourglass::nexus
