#include "src/base/fork.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/base/future.hpp"
#include "hourglass/base/log.hpp"
#include "src/base/per_process.hpp"
#include "tests/support/forked.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fcntl.h>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace hourglass::fork {
namespace {

using namespace std::chrono_literals;
using test::end_of;
using test::forked;

struct Counted {
    Counted() { ++made; }
    ~Counted() { ++ended; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    static inline std::atomic<int> made{0};
    static inline std::atomic<int> ended{0};
};

TEST(PerProcess, IsMadeAtItsFirstUseAndOnceInEachProcess) {
    PerProcess<Counted> each;
    const int made = Counted::made;
    EXPECT_EQ(each.find(), nullptr);
    Counted* const mine = &each.get();
    EXPECT_EQ(&each.get(), mine);
    EXPECT_EQ(Counted::made, made + 1);
    EXPECT_EQ(
        end_of(forked([&] {
            const bool none_yet = each.find() == nullptr;
            Counted* const its = &each.get();
            return none_yet && its != mine && its == &each.get() && Counted::made == made + 2 ? 0
                                                                                              : 1;
        })),
        "status 0"
    );
    EXPECT_EQ(each.find(), mine);
}

TEST(PerProcess, DestroysOnlyWhatThisProcessMade) {
    auto each = std::make_unique<PerProcess<Counted>>();
    each->get();
    EXPECT_EQ(
        end_of(forked([&] {
            const int ended = Counted::ended;
            each.reset();
            return Counted::ended == ended ? 0 : 1;
        })),
        "status 0"
    );
    EXPECT_EQ(
        end_of(forked([&] {
            const int ended = Counted::ended;
            each->get();
            each.reset();
            return Counted::ended == ended + 1 ? 0 : 1;
        })),
        "status 0"
    );
    const int ended = Counted::ended;
    each.reset();
    EXPECT_EQ(Counted::ended, ended + 1);
}

TEST(Future, OfAnOperationThatTheParentBeganIsLostInAChild) {
    Promise<int> under_way;
    const auto future = under_way.future();
    EXPECT_EQ(
        end_of(forked([&] {
            bool told = false;
            future.on_ready([&told] { told = true; });
            try {
                return future.get();
            } catch (const BrokenPromiseError& error) {
                const std::string text = error.what();
                return told && text.find("begin it again here") != std::string::npos ? 0 : 1;
            }
        })),
        "status 0"
    );
    under_way.set_value(7);
    EXPECT_EQ(future.get(), 7);
    EXPECT_EQ(end_of(forked([&] { return future.get(); })), "status 7") << "it was there";
}

TEST(Future, OfAChildsOwnOperationWorks) {
    EXPECT_EQ(
        end_of(forked([] {
            Promise<int> promise;
            promise.set_value(3);
            return promise.future().get();
        })),
        "status 3"
    );
}

// Others hold the locks most of the time, the child takes all of them.
TEST(LeafMutex, IsFreeInAChildAndItsDataWholeWhoeverHeldIt) {
    LeafMutex mutex;
    std::string data = "0";
    std::atomic<bool> done{false};
    std::vector<std::jthread> others;
    for (int i = 0; i < 3; ++i) {
        others.emplace_back([&] {
            while (!done) {
                const std::lock_guard lock{mutex};
                data = "";  // half done
                data = std::string(100, 'x');
            }
        });
    }
    for (int i = 0; i < 100; ++i) {
        ASSERT_EQ(
            end_of(forked(
                [&] {
                    const std::lock_guard lock{mutex};
                    return data.empty() ? 1 : 0;
                },
                10s
            )),
            "status 0"
        );
    }
    done = true;
}

/// As a sink of a program's own: it knows nothing of forks.
class LockedSink final : public log::Sink {
public:
    void write(const log::Record& record) noexcept override {
        const std::lock_guard lock{mutex_};
        last_ = record.message;
    }

private:
    std::mutex mutex_;
    std::string last_;
};

TEST(Log, CanBeWrittenInAChildWhoeverWasWriting) {
    log::set_sink(std::make_shared<LockedSink>());
    std::atomic<bool> done{false};
    std::vector<std::jthread> others;
    for (int i = 0; i < 3; ++i) {
        others.emplace_back([&] {
            while (!done) {
                log::warn("from one of several threads");
            }
        });
    }
    for (int i = 0; i < 100; ++i) {
        ASSERT_EQ(
            end_of(forked(
                [] {
                    log::warn("from the child");
                    return 0;
                },
                10s
            )),
            "status 0"
        );
    }
    done = true;
    others.clear();
    log::set_sink(nullptr);
}

class ForkingSink final : public log::Sink {
public:
    void write(const log::Record& /*record*/) noexcept override {
        end = end_of(forked([] { return 0; }));
    }
    std::string end;
};

TEST(Log, DoesNotHoldAForkUpForEverThatItsOwnSinkMakes) {
    const auto sink = std::make_shared<ForkingSink>();
    log::set_sink(sink);
    log::warn("fork");
    log::set_sink(nullptr);
    EXPECT_EQ(sink->end, "status 0");
}

TEST(ClosedInChild, IsClosedThereAndOpenHere) {
    const int closed = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int left = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    {
        const ClosedInChild registered{closed};
        {
            const ClosedInChild no_more{left};
        }
        EXPECT_EQ(
            end_of(forked([&] {
                const bool is_closed = ::fcntl(closed, F_GETFD) == -1;
                return is_closed && ::fcntl(left, F_GETFD) != -1 ? 0 : 1;
            })),
            "status 0"
        );
        EXPECT_NE(::fcntl(closed, F_GETFD), -1);
    }
    ::close(closed);
    ::close(left);
}

TEST(ForkStays, EndsAChildThatComesBackOut) {
    int output[2];
    ASSERT_EQ(::pipe(output), 0);
    const pid_t parent = ::getpid();
    pid_t child = 0;
    {
        const ForkStays stays{"a test"};
        child = ::fork();
        if (child == 0) {
            ::dup2(output[1], STDERR_FILENO);
        }
    }
    if (::getpid() != parent) {
        ::_exit(1);  // it came out
    }
    ::close(output[1]);
    std::string said(1000, '\0');
    said.resize(static_cast<std::size_t>(::read(output[0], said.data(), said.size())));
    for (ssize_t more = 1; more > 0;) {
        char next = 0;
        more = ::read(output[0], &next, 1);
        said += more > 0 ? std::string{next} : "";
    }
    ::close(output[0]);
    EXPECT_EQ(end_of(child), "status 70");
    EXPECT_THAT(said, ::testing::HasSubstr("forked in a test came back out of it"));
}

}  // namespace
}  // namespace hourglass::fork
