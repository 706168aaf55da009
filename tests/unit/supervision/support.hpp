#pragma once

#include "hourglass/base/log.hpp"
#include "hourglass/supervision/supervision.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hourglass::supervision::testing {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

/// What happened, in order. Shared by the processes of a test.
class Journal {
public:
    void add(std::string line) {
        const std::lock_guard lock{mutex_};
        lines_.push_back(std::move(line));
    }
    [[nodiscard]] Lines lines() const {
        const std::lock_guard lock{mutex_};
        return lines_;
    }
    Lines take() {
        const std::lock_guard lock{mutex_};
        return std::exchange(lines_, {});
    }
    [[nodiscard]] std::size_t count(std::string_view line) const {
        const std::lock_guard lock{mutex_};
        return static_cast<std::size_t>(std::ranges::count(lines_, line));
    }

private:
    mutable std::mutex mutex_;
    Lines lines_;
};
using JournalPtr = std::shared_ptr<Journal>;

/// A process that writes down what happens to it and does what the test says.
class Probe : public Process {
public:
    struct Plan {
        bool trap = false;
        bool refuse_stop = false;  ///< traps the order to stop and goes on living
        bool stop_later = false;   ///< traps the order to stop; `finish` ends it
        int failing_starts = 0;    ///< from the second start on, so many fail
        bool fail_first = false;
        bool ignore = false;
        bool defer = false;
    };

    /// Shared by all incarnations of one child.
    struct Shared {
        Plan plan = {};
        int starts = 0;
    };

    Probe(std::string name, JournalPtr journal, std::shared_ptr<Shared> shared = nullptr)
        : name_{std::move(name)},
          journal_{std::move(journal)},
          shared_{shared ? std::move(shared) : std::make_shared<Shared>()} {}
    ~Probe() override { journal_->add("gone " + name_); }

    void crash() { throw std::runtime_error{"boom"}; }
    void crash_with_int() { throw 42; }
    void end(ExitReason reason) { stop(std::move(reason)); }
    void exit_now(ExitReason reason) { exit(std::move(reason)); }
    void finish() { stop(stop_reason_); }
    void note(const std::string& text) { journal_->add(name_ + " " + text); }
    void trap(bool on) { trap_exit(on); }
    void link_to(const Pid& other) { link(other); }
    void unlink_from(const Pid& other) { unlink(other); }
    MonitorRef watch(const Pid& other) { return monitor(other); }
    bool unwatch(MonitorRef ref) { return demonitor(ref); }
    void send_exit(const Pid& other, const ExitReason& reason) { other.exit(reason); }
    TimerRef after(std::chrono::nanoseconds delay, const std::string& text) {
        return send_after(delay, [this, text] { note(text); });
    }
    bool cancel(TimerRef timer) { return cancel_timer(timer); }
    void done_with_init() { init_done(); }
    Pid me() const { return self(); }
    int value() const { return 7; }
    template <class T>
    void ask(Future<T> future) {
        when_ready(std::move(future), [this](Answer<T> answer) {
            note(answer.ok() ? "got an answer" : answer.error_text());
        });
    }
    void ask_value(const Ref<Probe>& other, std::chrono::nanoseconds timeout = 5s) {
        request(
            other,
            &Probe::value,
            [this](Answer<int> answer) {
                const auto error = answer.error_as<CallError>();
                note(
                    answer.ok() ? "got " + std::to_string(answer.value())
                                : "failed " + error->reason().text()
                );
            },
            timeout
        );
    }
    void keep(Reply<int> reply) { kept_.push_back(std::move(reply)); }
    void answer_kept(int value) {
        for (auto& reply : kept_) {
            reply.send(value);
        }
        kept_.clear();
    }
    std::vector<Reply<int>> take_kept() { return std::exchange(kept_, {}); }

protected:
    void init() override {
        const int start = ++shared_->starts;
        const Plan& plan = shared_->plan;
        trap_exit(plan.trap || plan.refuse_stop || plan.stop_later);
        if (plan.fail_first && start == 1) {
            throw std::runtime_error{"cannot start"};
        }
        if (start > 1 && start <= 1 + plan.failing_starts) {
            throw std::runtime_error{"cannot start again"};
        }
        if (plan.ignore) {
            ignore();
            return;
        }
        journal_->add("start " + name_);
        if (plan.defer) {
            defer_init();
        }
    }
    void terminate(const ExitReason& reason) noexcept override {
        journal_->add("end " + name_ + ": " + reason.text());
    }
    void handle_stop(const ExitReason& reason) override {
        const Plan& plan = shared_->plan;
        stop_reason_ = reason;
        if (plan.refuse_stop || plan.stop_later) {
            note("is asked to stop");
        } else {
            stop(reason);
        }
    }
    void handle_exit(const Pid& from, const ExitReason& reason) override {
        note("exit from " + from.text() + ": " + reason.text());
    }
    void handle_down(MonitorRef, const Pid& process, const ExitReason& reason) override {
        note("down " + process.text() + ": " + reason.text());
    }

private:
    std::string name_;
    JournalPtr journal_;
    std::shared_ptr<Shared> shared_;
    ExitReason stop_reason_;
    std::vector<Reply<int>> kept_;
};

/// Keeps what is logged, in place of stderr.
class CapturedLog final : public log::Sink {
public:
    void write(const log::Record& record) noexcept override {
        const std::lock_guard lock{mutex_};
        records_.push_back(record);
    }
    [[nodiscard]] std::vector<log::Record> records() const {
        const std::lock_guard lock{mutex_};
        return records_;
    }
    /// Those whose message contains `text`.
    [[nodiscard]] std::vector<log::Record> with(std::string_view text) const {
        auto found = records();
        std::erase_if(found, [text](const log::Record& record) {
            return record.message.find(text) == std::string::npos;
        });
        return found;
    }

private:
    mutable std::mutex mutex_;
    std::vector<log::Record> records_;
};

inline std::string field(const log::Record& record, std::string_view name) {
    for (const auto& each : record.fields) {
        if (each.name == name) {
            return each.value;
        }
    }
    return "(no such field)";
}

/// A virtual system, a journal and a captured log.
class SupervisionTest : public ::testing::Test {
protected:
    SupervisionTest() { log::set_sink(log_); }
    ~SupervisionTest() override { log::set_sink(nullptr); }

    std::shared_ptr<CapturedLog> log_ = std::make_shared<CapturedLog>();
    JournalPtr journal_ = std::make_shared<Journal>();
    VirtualSystem system_;

    Ref<Probe> probe(const std::string& name, Probe::Plan plan = {}) {
        auto shared = std::make_shared<Probe::Shared>();
        shared->plan = plan;
        auto ref = system_.spawn<Probe>(name, journal_, shared);
        system_.run_until_idle();
        return ref;
    }

    ChildSpec spec(
        const std::string& id, Probe::Plan plan = {}, Restart restart = Restart::Permanent
    ) {
        auto shared = std::make_shared<Probe::Shared>();
        shared->plan = plan;
        auto made = child<Probe>(id, id, journal_, shared);
        made.restart = restart;
        return made;
    }

    Ref<Supervisor> supervise(SupervisorSpec tree) {
        return system_.run(system_.start<Supervisor>(std::move(tree)));
    }

    Pid pid_of(const Ref<Supervisor>& supervisor, const std::string& id) {
        return system_.run(Supervisor::child(supervisor, id));
    }
    Ref<Probe> probe_of(const Ref<Supervisor>& supervisor, const std::string& id) {
        return pid_of(supervisor, id).as<Probe>();
    }

    template <class F>
    void in(const Ref<Probe>& process, F f) {
        process.cast(std::move(f));
        system_.run_until_idle();
    }

    /// How the process ended; fails the test if it lives.
    ExitReason end_of(const Pid& pid) {
        const auto ended = system_.ended(pid);
        system_.run_until_idle();
        EXPECT_TRUE(ended.ready()) << pid << " lives";
        return ended.ready() ? ended.get() : ExitReason{};
    }
};

/// Runs `f` and returns the error of type `E` that it throws; fails the test if it throws none.
template <class E, class F>
E error_of(F&& f) {
    try {
        std::forward<F>(f)();
    } catch (const E& error) {
        return error;
    }
    throw std::logic_error{"no error was thrown"};
}

}  // namespace hourglass::supervision::testing
