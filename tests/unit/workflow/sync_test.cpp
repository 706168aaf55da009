#include "tests/unit/workflow/harness.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

struct Locked {
    hg::Task<std::string> run() {
        auto first = wf::spawn(work("a"));
        auto second = wf::spawn(work("b"));
        auto third = wf::spawn(work("c"));
        co_await wf::sleep(500ms);
        second.cancel();
        try {
            co_await second;
        } catch (const hg::CancelledError&) {
            log_ += "b cancelled ";
        }
        co_await first;
        co_await third;
        co_return log_ + (mutex_.locked() ? "locked" : "free");
    }
    hg::Task<void> work(std::string name) {
        const wf::MutexLock lock = co_await mutex_.lock();
        log_ += name + "( ";
        co_await wf::sleep(1s);
        log_ += ")" + name + " ";
    }

private:
    wf::Mutex mutex_;
    std::string log_;
};
HOURGLASS_WORKFLOW(Locked, run)

TEST(Mutex, lets_one_in_at_a_time_and_forgets_who_was_cancelled) {
    RunOf<Locked> run;
    EXPECT_THAT(run.start(), ElementsAre("start_timer 1 500ms", "start_timer 2 1000ms"));
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), IsEmpty());
    EXPECT_THAT(run.activate(Jobs{}.fire(2)), ElementsAre("start_timer 3 1000ms"));
    EXPECT_THAT(
        run.activate(Jobs{}.fire(3)), ElementsAre(R"(complete "a( b cancelled )a c( )c free")")
    );
}

struct LetsGo {
    hg::Task<std::string> run() {
        wf::MutexLock lock = co_await mutex_.lock();
        lock.unlock();
        const std::string after_unlock = mutex_.locked() ? "locked" : "free";
        lock.unlock();  // nothing any more
        wf::MutexLock again = co_await mutex_.lock();
        lock_ = std::move(again);
        co_await wf::sleep(1h);
        co_return after_unlock;
    }
    bool drop() const {
        lock_.reset();
        return mutex_.locked();
    }

private:
    wf::Mutex mutex_;
    mutable std::optional<wf::MutexLock> lock_;
};
HOURGLASS_WORKFLOW(LetsGo, run, queries(drop))

TEST(MutexLock, lets_go_when_it_is_told_to_and_when_it_ends_wherever_that_is) {
    RunOf<LetsGo> run;
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.query("drop")), ElementsAre("answer false"));
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre(R"(complete "free")"));
}

struct Crowd {
    hg::Task<int> run() {
        std::vector<wf::TaskHandle<void>> tasks;
        for (int i = 0; i < 5; ++i) {
            tasks.push_back(wf::spawn(work()));
        }
        co_await wf::all(tasks);
        co_return most_ * 100 + static_cast<int>(places_.available());
    }
    hg::Task<void> work() {
        co_await places_.acquire();
        most_ = std::max(most_, ++inside_);
        co_await wf::sleep(1s);
        --inside_;
        places_.release();
    }

private:
    wf::Semaphore places_{2};
    int inside_ = 0;
    int most_ = 0;
};
HOURGLASS_WORKFLOW(Crowd, run)

TEST(Semaphore, lets_as_many_in_as_it_has_places) {
    RunOf<Crowd> run;
    EXPECT_EQ(run.start().size(), 2U);
    EXPECT_EQ(run.activate(Jobs{}.fire(1).fire(2)).size(), 2U);
    EXPECT_EQ(run.activate(Jobs{}.fire(4)).size(), 1U);
    EXPECT_THAT(run.activate(Jobs{}.fire(3).fire(5)), ElementsAre("complete 202"));
    EXPECT_THROW(wf::Semaphore{0}, hg::ConfigurationError);
}

struct ReleasesTooOften {
    hg::Task<std::size_t> run() {
        co_await places_.acquire();
        places_.release();
        places_.release();
        co_return places_.available();
    }

private:
    wf::Semaphore places_{2};
};
HOURGLASS_WORKFLOW(ReleasesTooOften, run)

TEST(Semaphore, says_that_it_gets_back_what_nobody_had_taken) {
    const CapturedLog log;
    RunOf<ReleasesTooOften> run;
    EXPECT_THAT(run.start(), ElementsAre("complete 3"));
    EXPECT_THAT(log.lines(), ElementsAre(HasSubstr("none of its places is taken")));
}

struct ReleasesAtTheEnd {
    class Place {
    public:
        explicit Place(wf::Semaphore& places) : places_{places} {}
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place() {
            places_.release();
            free_after = places_.available();
        }

    private:
        wf::Semaphore& places_;
    };
    hg::Task<void> run() {
        co_await places_.acquire();
        const Place place{places_};
        co_await wf::sleep(1h);
    }
    static inline std::size_t free_after = 0;

private:
    wf::Semaphore places_{2};
};
HOURGLASS_WORKFLOW(ReleasesAtTheEnd, run)

TEST(Semaphore, takes_places_back_from_destructors_of_a_run_that_is_evicted) {
    RunOf<ReleasesAtTheEnd> run;
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.evict()), IsEmpty());
    EXPECT_EQ(ReleasesAtTheEnd::free_after, 2U);
}

struct Pipe {
    hg::Task<std::string> run() {
        auto producer = wf::spawn(produce());
        co_await wf::sleep(1s);
        std::string log = log_ + "| ";
        std::optional<int> value = co_await channel_.receive();
        while (value) {
            log += std::to_string(*value) + " ";
            value = co_await channel_.receive();
        }
        try {
            co_await producer;
        } catch (const hg::ConfigurationError&) {
            log += "refused";
        }
        co_return log;
    }
    hg::Task<void> produce() {
        for (int i = 0; i < 4; ++i) {
            co_await channel_.send(i);
            log_ += std::to_string(i) + " ";
        }
        log_ += channel_.try_send(9) ? "" : "full ";
        channel_.close();
        co_await channel_.send(5);
    }

private:
    wf::Channel<int> channel_{2};
    std::string log_;
};
HOURGLASS_WORKFLOW(Pipe, run)

TEST(Channel, keeps_the_order_makes_senders_wait_and_ends_when_it_is_closed) {
    RunOf<Pipe> run;
    EXPECT_THAT(run.start(), ElementsAre("start_timer 1 1000ms"));
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre(R"(complete "0 1 | 0 1 2 3 refused")"));
    EXPECT_THROW(wf::Channel<int>{0}, hg::ConfigurationError);
}

struct Receivers {
    hg::Task<std::string> run() {
        auto first = wf::spawn(receive("a"));
        auto second = wf::spawn(receive("b"));
        co_await wf::wait_condition([this] { return channel_.closed(); });
        co_await first;
        co_await second;
        co_return log_;
    }
    hg::Task<void> receive(std::string name) {
        std::optional<int> value = co_await channel_.receive();
        while (value) {
            log_ += name + std::to_string(*value) + " ";
            value = co_await channel_.receive();
        }
    }
    void put(int value) { log_ += channel_.try_send(value) ? "" : "full "; }
    void close() { channel_.close(); }

private:
    wf::Channel<int> channel_{1};
    std::string log_;
};
HOURGLASS_WORKFLOW(Receivers, run, signals(put, close))

TEST(Channel, serves_its_receivers_in_turn) {
    RunOf<Receivers> run;
    run.start();
    run.activate(Jobs{}.signal("put", 1));
    run.activate(Jobs{}.signal("put", 2));
    run.activate(Jobs{}.signal("put", 3).signal("put", 4));
    EXPECT_THAT(run.activate(Jobs{}.signal("close")), ElementsAre(R"(complete "a1 b2 full a3 ")"));
}

struct Senders {
    hg::Task<std::string> run() {
        co_await channel_.send("0");
        auto first = wf::spawn(send("a"));
        auto second = wf::spawn(send("b"));
        co_await wf::sleep(1s);
        std::string got;
        // It takes one, and wants to send before the first of those who wait goes on.
        got += channel_.try_receive().value_or("none");
        got += channel_.try_send("c") ? " c sent" : " full";
        auto third = wf::spawn(send("c"));
        co_await wf::sleep(1s);
        for (int i = 0; i < 3; ++i) {
            got += " " + co_await receive();
        }
        co_await wf::all(first, second, third);
        co_return got;
    }
    hg::Task<void> send(std::string value) { co_await channel_.send(std::move(value)); }
    hg::Task<std::string> receive() {
        const auto value = co_await channel_.receive();
        co_return value.value_or("none");
    }

private:
    wf::Channel<std::string> channel_{1};
};
HOURGLASS_WORKFLOW(Senders, run)

TEST(Channel, serves_its_senders_first_come_first_served) {
    RunOf<Senders> run;
    run.start();
    run.activate(Jobs{}.fire(1));
    EXPECT_THAT(run.activate(Jobs{}.fire(2)), ElementsAre(R"(complete "0 full a b c")"));
}

struct Grouped {
    hg::Task<std::string> run(bool fails) {
        std::string said = "done";
        wf::TaskGroup group;
        group.spawn(work("a", false));
        group.spawn(work("b", fails));
        group.spawn(work("c", false));
        try {
            co_await group.wait();
        } catch (const hg::ApplicationError& error) {
            said = error.message();
        }
        co_return log_ + said;
    }
    hg::Task<void> work(std::string name, bool fails) {
        try {
            co_await wf::sleep(fails ? 1s : 2s);
        } catch (const hg::CancelledError& error) {
            log_ += name + " stopped: " + error.message() + "; ";
            throw;
        }
        if (fails) {
            throw hg::ApplicationError{name + " failed"};
        }
        log_ += name + " ";
    }

private:
    std::string log_;
};
HOURGLASS_WORKFLOW(Grouped, run)

TEST(TaskGroup, waits_for_all_and_the_first_that_fails_cancels_the_others) {
    RunOf<Grouped> well;
    well.start(false);
    EXPECT_THAT(
        well.activate(Jobs{}.fire(1).fire(2).fire(3)), ElementsAre(R"(complete "a b c done")")
    );
    RunOf<Grouped> badly;
    badly.start(true);
    EXPECT_THAT(
        badly.activate(Jobs{}.fire(2)),
        ElementsAre(
            "cancel_timer 1",
            "cancel_timer 3",
            R"(complete "a stopped: another Task of the group failed; c stopped: another Task of the group failed; b failed")"
        )
    );
}
