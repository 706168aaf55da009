#include "hourglass/base/future.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <coroutine>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace hourglass {
namespace {

using namespace std::chrono_literals;

/// A coroutine that starts at once and that nobody waits for.
struct Detached {
    struct promise_type {
        Detached get_return_object() { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { std::terminate(); }
    };
};

Detached store_result(Future<int> future, std::shared_ptr<int> into) {
    const int value = co_await future;
    *into = value;
}

TEST(Future, GivesTheValueThatThePromiseSet) {
    Promise<int> promise;
    const auto future = promise.future();
    EXPECT_FALSE(future.ready());
    EXPECT_TRUE(promise.set_value(7));
    EXPECT_TRUE(future.ready());
    EXPECT_EQ(future.get(), 7);
    EXPECT_EQ(future.get(), 7);
}

TEST(Future, TakesTheFirstOfSeveralAnswers) {
    Promise<int> promise;
    EXPECT_TRUE(promise.set_value(1));
    EXPECT_FALSE(promise.set_value(2));
    EXPECT_FALSE(promise.set_error(std::make_exception_ptr(std::runtime_error{"late"})));
    EXPECT_EQ(promise.future().get(), 1);
}

TEST(Future, ThrowsTheErrorThatThePromiseSet) {
    Promise<void> promise;
    promise.set_error(std::make_exception_ptr(std::runtime_error{"no"}));
    EXPECT_THROW(promise.future().get(), std::runtime_error);
}

TEST(Future, OfADroppedPromiseThrowsBrokenPromise) {
    Future<int> future;
    {
        const Promise<int> promise;
        future = promise.future();
    }
    EXPECT_THROW(future.get(), BrokenPromiseError);
}

TEST(Future, OfAnOverwrittenPromiseThrowsBrokenPromise) {
    Promise<int> promise;
    const auto first = promise.future();
    promise = Promise<int>{};
    EXPECT_THROW(first.get(), BrokenPromiseError);
}

TEST(Future, WaitsNoLongerThanAsked) {
    const Promise<int> promise;
    EXPECT_FALSE(promise.future().wait_for(0ms));
    EXPECT_THROW(promise.future().get_for(0ms), WaitTimeoutError);
}

TEST(Future, MayBeWaitedForForEver) {
    Promise<int> promise;
    const auto future = promise.future();
    std::thread other{[promise = std::move(promise)]() mutable { promise.set_value(7); }};
    EXPECT_TRUE(future.wait_for(std::chrono::hours::max()));
    EXPECT_EQ(future.get_for(std::chrono::milliseconds::max()), 7);
    other.join();
}

TEST(Future, RunsItsCallbackOnceWhetherReadyOrNot) {
    Promise<int> promise;
    int calls = 0;
    promise.future().on_ready([&calls] { ++calls; });
    promise.set_value(1);
    promise.future().on_ready([&calls] { ++calls; });
    EXPECT_EQ(calls, 2);
}

TEST(Future, ResumesACoroutineThatAwaitsIt) {
    Promise<int> promise;
    const auto result = std::make_shared<int>(0);
    store_result(promise.future(), result);
    EXPECT_EQ(*result, 0);
    promise.set_value(5);
    EXPECT_EQ(*result, 5);
}

TEST(Future, CarriesAMoveOnlyValueToItsFirstReader) {
    Promise<std::unique_ptr<int>> promise;
    promise.set_value(std::make_unique<int>(3));
    EXPECT_EQ(*promise.future().get(), 3);
}

TEST(Future, TakesAValueThatCouldAlsoBeMadeFromAListAsItIs) {
    struct ListLike {
        ListLike(std::size_t one) : size{one} {}  // NOLINT(google-explicit-constructor)
        ListLike(std::initializer_list<ListLike> several)
            : size{several.size()} {}  // as JSON libraries have it
        std::size_t size;
    };
    Promise<ListLike> promise;
    promise.set_value(ListLike(std::size_t{7}));
    EXPECT_EQ(promise.future().get().size, 7u);
}

TEST(Future, WakesAThreadThatWaits) {
    Promise<std::string> promise;
    std::string seen;
    {
        std::jthread waiting{[&seen, future = promise.future()] { seen = future.get(); }};
        promise.set_value("there");
    }
    EXPECT_EQ(seen, "there");
}

}  // namespace
}  // namespace hourglass
