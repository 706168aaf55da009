#include "tests/unit/activity/isolated_bodies.hpp"

#include "hourglass/convert/failures.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <stop_token>
#include <thread>
#include <unistd.h>
#include <vector>

namespace isolated_bodies {

namespace activity = hourglass::activity;
using namespace std::chrono_literals;

namespace {

[[noreturn]] void wait_for_ever() {
    while (true) {
        ::pause();
    }
}

template <class First>
pid_t start_a_subprocess(First first) {
    const pid_t child = ::fork();
    if (child == 0) {
        first();
        wait_for_ever();
    }
    return child;
}

}  // namespace

int add(int a, int b) {
    return a + b;
}

long process_id() {
    return ::getpid();
}

hourglass::activity::Task<int> doubled(int value) {
    co_await activity::sleep_async(1ms);
    co_return 2 * value;
}

std::string beat(std::string detail) {
    activity::heartbeat(detail);
    return activity::heartbeat_details<std::string>().value_or("none");
}

std::string describe() {
    const activity::Info& info = activity::info();
    return info.activity_id + " " + info.task_token + " " + info.task_queue + " " +
           info.workflow_id.value_or("") + " " + std::to_string(info.attempt);
}

std::string marked(std::string argument) {
    const auto& headers = activity::info().headers;
    const auto mark = headers.find("mark");
    return mark == headers.end()
               ? "no mark, " + argument
               : hourglass::from_payload<std::string>(mark->second) + ", " + argument;
}

void log_a_line() {
    activity::logger().info("from the other side");
}

void measure() {
    const auto meter = activity::meter();
    meter.counter("cups").with_attributes({{"of", "tea"}}).add(2);
    meter.histogram<std::chrono::nanoseconds>("brewing").record(1500us);
    meter.gauge("level").set(-0.25);
}

void decline() {
    throw hourglass::ApplicationError{
        "no money",
        {.type = "Declined",
         .non_retryable = true,
         .details = hourglass::encode_arguments(7),
         .next_retry_delay = 3s}
    };
}

void complete_later() {
    activity::complete_async();
}

std::string wait_for_cancellation() {
    activity::heartbeat("waits");
    activity::wait_for_cancellation();
    return activity::to_text(activity::cancellation_details()->reason);
}

void sleep_until_cancelled() {
    activity::heartbeat("waits");
    activity::sleep(1h);
}

void ignore_cancellation() {
    activity::heartbeat("waits");
    wait_for_ever();
}

std::string wait_for_shutdown() {
    hourglass::Promise<void> promise;
    const auto told = promise.future();
    const std::stop_callback on_shutdown{activity::worker_shutdown(), [&promise] {
                                             promise.set_value();
                                         }};
    activity::heartbeat("waits");
    told.get();
    return "told";
}

void millisecond() {
    activity::sleep(1ms);
}

std::string large(int mebibytes) {
    return std::string(static_cast<std::size_t>(mebibytes) << 20, 'x');
}

void segfault() {
    // Not null: UndefinedBehaviorSanitizer would end the process before the signal.
    int* volatile nowhere = reinterpret_cast<int*>(16);
    *nowhere = 1;
}

namespace {

// Neither a tail call nor a loop: each call keeps its array.
int descend(int depth) {
    volatile char frame[4096];
    frame[0] = static_cast<char>(depth);
    return depth < 0 ? 0 : descend(depth + 1) + frame[0];
}

}  // namespace

void overflow_the_stack() {
    static_cast<void>(descend(1));
}

void abort_the_process() {
    std::abort();
}

void exit_with_three() {
    ::_exit(3);
}

void terminate_in_a_thread() {
    std::thread{[] { throw 1; }}.join();
}

void close_every_descriptor() {
    for (int descriptor = 3; descriptor < 100; ++descriptor) {
        ::close(descriptor);
    }
    activity::heartbeat("into nothing");
    wait_for_ever();
}

void write_into_every_descriptor() {
    const std::string garbage(64, '\xff');
    for (int descriptor = 3; descriptor < 100; ++descriptor) {
        static_cast<void>(!::write(descriptor, garbage.data(), garbage.size()));
    }
    wait_for_ever();
}

void start_a_subprocess_and_crash() {
    activity::heartbeat(static_cast<int>(start_a_subprocess([] {})));
    std::abort();
}

void start_a_subprocess_and_wait() {
    activity::heartbeat(static_cast<int>(start_a_subprocess([] {})));
    wait_for_ever();
}

void leave_a_daemon_behind(bool crash) {
    const pid_t daemon = start_a_subprocess([] { ::setsid(); });
    while (::getsid(daemon) != daemon) {
        std::this_thread::yield();
    }
    activity::heartbeat(static_cast<int>(daemon));
    if (crash) {
        std::abort();
    }
    wait_for_ever();
}

void take_memory(int mebibytes) {
    const std::string memory(static_cast<std::size_t>(mebibytes) << 20, 'x');
    activity::heartbeat(static_cast<int>(memory.back()));
}

void hold_memory(int mebibytes) {
    const std::string memory(static_cast<std::size_t>(mebibytes) << 20, 'x');
    activity::heartbeat(static_cast<int>(memory.back()));
    wait_for_ever();
}

void leak_memory(int mebibytes) {
    static std::vector<std::unique_ptr<std::string>> kept;
    for (int i = 0; i < 1024 * mebibytes; ++i) {
        kept.push_back(std::make_unique<std::string>(1024, 'x'));
    }
}

}  // namespace isolated_bodies
