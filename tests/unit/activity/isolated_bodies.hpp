#pragma once

#include "hourglass/activity/activity.hpp"

#include <string>

/// Bodies for a process of their own. They are functions, since the process finds a body by its
/// address.
namespace isolated_bodies {

int add(int a, int b);
long process_id();
hourglass::activity::Task<int> doubled(int value);
/// Heartbeats, and gives the detail of the last attempt back.
std::string beat(std::string detail);
/// What it was told about itself.
std::string describe();
/// The header "mark", and its argument.
std::string marked(std::string argument);
void log_a_line();
void measure();
void decline();
void complete_later();
/// Says with a heartbeat that it has begun, as all of those that wait do.
std::string wait_for_cancellation();
void sleep_until_cancelled();
void ignore_cancellation();
std::string wait_for_shutdown();
void millisecond();
std::string large(int mebibytes);

void segfault();
void overflow_the_stack();
void abort_the_process();
void exit_with_three();
void terminate_in_a_thread();
void close_every_descriptor();
void write_into_every_descriptor();
void start_a_subprocess_and_crash();
void start_a_subprocess_and_wait();
/// Starts a process that leaves the process group and holds every descriptor open, and heartbeats
/// its number. Then it crashes, or ignores its cancellation.
void leave_a_daemon_behind(bool crash);
void take_memory(int mebibytes);
void hold_memory(int mebibytes);
void leak_memory(int mebibytes);

}  // namespace isolated_bodies

// [lines]
HOURGLASS_ACTIVITY(isolated_bodies::add, isolated);
HOURGLASS_ACTIVITY(isolated_bodies::describe, "tell", isolated);
HOURGLASS_ACTIVITY(
    isolated_bodies::take_memory, isolated({.memory_limit = 64 << 20, .cancellation_grace = {}})
);
// [lines]
