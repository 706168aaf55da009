// What becomes of those who wait, for a place, for a value or for a group, when they are cancelled.
#include "tests/unit/workflow/harness.hpp"

#include <optional>
#include <string>

struct GivesUpItsPlace {
    hg::Task<std::string> run() {
        co_await places_.acquire();
        auto first = wf::spawn(enter("a"));
        auto second = wf::spawn(enter("b"));
        co_await wf::sleep(1s);
        first.cancel("a left");
        places_.release();  // at once: what was cancelled is still in the queue
        co_await wf::all(first, second);
        auto third = wf::spawn(enter("c"));
        co_await wf::sleep(1s);
        third.cancel("c left");
        places_.release();
        const std::string free = std::to_string(places_.available());
        co_await third;
        co_return log_ + free;
    }
    hg::Task<void> enter(std::string name) {
        try {
            co_await places_.acquire();
            log_ += name + " in; ";
        } catch (const hg::CancelledError& error) {
            log_ += name + ": " + error.message() + "; ";
        }
    }

private:
    wf::Semaphore places_{1};
    std::string log_;
};
HOURGLASS_WORKFLOW(GivesUpItsPlace, run)

TEST(Semaphore, gives_no_place_to_who_was_cancelled_while_it_waited) {
    RunOf<GivesUpItsPlace> run;
    EXPECT_THAT(run.start(), ElementsAre("start_timer 1 1000ms"));
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre("start_timer 2 1000ms"));
    EXPECT_THAT(
        run.activate(Jobs{}.fire(2)), ElementsAre(R"(complete "a: a left; b in; c: c left; 1")")
    );
}

struct SenderGivesUp {
    hg::Task<std::string> run() {
        co_await channel_.send("0");
        auto first = wf::spawn(send("a"));
        auto second = wf::spawn(send("b"));
        co_await wf::sleep(1s);
        first.cancel();
        std::string got = channel_.try_receive().value_or("none");
        co_await wf::all(first, second);
        got += " " + channel_.try_receive().value_or("none");
        got += " " + channel_.try_receive().value_or("none");
        got += channel_.try_send("c") ? ", then room" : ", then full";
        co_return log_ + got;
    }
    hg::Task<void> send(std::string value) {
        try {
            co_await channel_.send(value);
            log_ += value + " sent; ";
        } catch (const hg::CancelledError&) {
            log_ += value + " cancelled; ";
        }
    }

private:
    wf::Channel<std::string> channel_{1};
    std::string log_;
};
HOURGLASS_WORKFLOW(SenderGivesUp, run)

TEST(Channel, does_not_send_what_a_sender_was_cancelled_with_and_keeps_no_room_for_it) {
    RunOf<SenderGivesUp> run;
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.fire(1)),
        ElementsAre(R"(complete "a cancelled; b sent; 0 b none, then room")")
    );
}

struct ReceiverGivesUp {
    hg::Task<std::string> run() {
        auto first = wf::spawn(receive("a"));
        auto second = wf::spawn(receive("b"));
        co_await wf::sleep(1s);
        first.cancel();
        log_ += channel_.try_send(1) ? "" : "full; ";
        co_await wf::all(first, second);
        log_ += channel_.try_send(2) ? "" : "full; ";
        const int left = channel_.try_receive().value_or(0);
        co_return log_ + std::to_string(left);
    }
    hg::Task<void> receive(std::string name) {
        try {
            const std::optional<int> value = co_await channel_.receive();
            log_ += name + " got " + std::to_string(value.value_or(0)) + "; ";
        } catch (const hg::CancelledError&) {
            log_ += name + " cancelled; ";
        }
    }

private:
    wf::Channel<int> channel_{1};
    std::string log_;
};
HOURGLASS_WORKFLOW(ReceiverGivesUp, run)

TEST(Channel, hands_no_value_to_a_receiver_that_was_cancelled_while_it_waited) {
    RunOf<ReceiverGivesUp> run;
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre(R"(complete "a cancelled; b got 1; 2")"));
}

struct CancelsItsGroup {
    hg::Task<std::string> run() {
        std::string said = "done";
        wf::TaskGroup group;
        group.spawn(work("a"));
        group.spawn(work("b"));
        co_await wf::sleep(1s);
        group.cancel("enough");
        try {
            co_await group.wait();
        } catch (const hg::CancelledError& error) {
            said = error.message() + ", " + error.cause()->message();
        }
        co_return log_ + said;
    }
    hg::Task<void> work(std::string name) {
        try {
            co_await wf::sleep(1h);
        } catch (const hg::CancelledError& error) {
            log_ += name + ": " + error.message() + "; ";
            throw hg::CancelledError{name + " stopped"};
        }
    }

private:
    std::string log_;
};
HOURGLASS_WORKFLOW(CancelsItsGroup, run)

TEST(TaskGroup, that_is_cancelled_stops_its_tasks_and_throws_the_first_cancellation) {
    RunOf<CancelsItsGroup> run;
    EXPECT_THAT(
        run.start(),
        ElementsAre("start_timer 1 1000ms", "start_timer 2 3600000ms", "start_timer 3 3600000ms")
    );
    EXPECT_THAT(
        run.activate(Jobs{}.fire(1)),
        ElementsAre(
            "cancel_timer 2",
            "cancel_timer 3",
            R"(complete "a: enough; b: enough; enough, a stopped")"
        )
    );
}

struct WaitsForItsGroup {
    hg::Task<std::string> run() {
        std::string said = "done";
        wf::TaskGroup group;
        group.spawn(work());
        try {
            co_await group.wait();
        } catch (const hg::CancelledError& error) {
            said = error.message() + ", " + error.cause()->message();
        }
        co_return said;
    }
    hg::Task<void> work() {
        bool stopped = false;
        try {
            co_await wf::sleep(1h);
        } catch (const hg::CancelledError&) {
            stopped = true;
        }
        if (stopped) {
            co_await wf::shield(undo());
            throw hg::CancelledError{"undone"};
        }
    }
    hg::Task<void> undo() { co_await wf::sleep(1s); }
};
HOURGLASS_WORKFLOW(WaitsForItsGroup, run)

TEST(TaskGroup, is_waited_for_until_its_tasks_have_undone_what_they_did_if_who_waits_is_cancelled) {
    RunOf<WaitsForItsGroup> run;
    EXPECT_THAT(run.start(), ElementsAre("start_timer 1 3600000ms"));
    EXPECT_THAT(
        run.activate(Jobs{}.cancel("too late")),
        ElementsAre("cancel_timer 1", "start_timer 2 1000ms")
    );
    EXPECT_THAT(run.activate(Jobs{}.fire(2)), ElementsAre(R"(complete "too late, undone")"));
}

struct GroupGrows {
    hg::Task<std::string> run() {
        group_.emplace();
        group_->spawn(first());
        co_await group_->wait();
        co_return log_;
    }
    hg::Task<void> first() {
        co_await wf::sleep(1s);
        group_->spawn(second());
        log_ += "first ";
    }
    hg::Task<void> second() {
        co_await wf::sleep(1s);
        log_ += "second";
    }

private:
    std::optional<wf::TaskGroup> group_;
    std::string log_;
};
HOURGLASS_WORKFLOW(GroupGrows, run)

TEST(TaskGroup, is_waited_for_with_the_tasks_that_were_spawned_meanwhile) {
    RunOf<GroupGrows> run;
    run.start();
    EXPECT_THAT(run.activate(Jobs{}.fire(1)), ElementsAre("start_timer 2 1000ms"));
    EXPECT_THAT(run.activate(Jobs{}.fire(2)), ElementsAre(R"(complete "first second")"));
}
