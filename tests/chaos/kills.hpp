#pragma once

#include "subject.hpp"

#include <chrono>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

/// How parts of the tree are killed, and what may restart for it.
namespace chaos {

/// The restarts of the Subsystem's five children, by id.
using Restarts = std::map<std::string, std::size_t>;

/// One more for each that restarts when `child` dies, by the table of docs/architecture.md; those
/// below the five and beside the Subsystem cost none of them one.
void expect_restarts_of(const std::string& child, Restarts& restarts);

/// The restarts that were expected, and no others.
void expect_restarts(const Subject& subject, const Restarts& expected);

/// Between none and `times` more for each that restarts when `child` dies, and none for the others:
/// for kills that meet a restart which is on its way.
void expect_restarts_up_to(
    const Subject& subject, const std::string& child, const Restarts& before, std::size_t times
);

/// Kills the node `id`, waiting for it if it is on its way.
void kill(Subject& subject, const std::string& id);

/// Kills the node `id` and waits until the subject polls again.
void kill_and_heal(Subject& subject, const std::string& id);

/// The short-lived processes below one supervisor: evaluators, or executors.
class Processes {
public:
    Processes(const Subject& subject, const std::string& supervisor);

    /// Kills one of them as soon as there is one.
    /// @returns nobody's Pid if there is none within twenty seconds.
    [[nodiscard]] Pid kill_one() const;

    /// Kills one after the other until one has ended by that, see `died_of_it`.
    /// @returns false if none had when `finished` was requested.
    [[nodiscard]] bool kill_until_one_dies(const std::stop_token& finished) const;

    [[nodiscard]] std::vector<Pid> now() const;

private:
    Pid supervisor_;
};

/// Kills one process.
/// @returns false if it had ended before.
bool kill_process(const Pid& process);

/// Whether it ended by its kill. An evaluation that has begun cannot be interrupted: it ends by
/// itself, with its answer, and hears of the kill too late.
[[nodiscard]] bool died_of_it(const Pid& process);

}  // namespace chaos
