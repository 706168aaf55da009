#pragma once

#include "subject.hpp"

#include <chrono>
#include <map>
#include <string>

/// The moments at which something is killed.
namespace chaos {

/// Brings the moment about, kills, and looks at what comes of it.
using Moment = void (*)(Subject&, const std::string& victim);

/// Of a node of the tree, by its id.
[[nodiscard]] const std::map<std::string, Moment>& node_moments();

/// Of one process that works, by the id of the supervisor above it: an activity's executor or a
/// workflow's evaluator.
[[nodiscard]] const std::map<std::string, Moment>& executor_moments();
[[nodiscard]] const std::map<std::string, Moment>& evaluator_moments();

/// Of a node, and of one handler's process: a Nexus request is in hand.
[[nodiscard]] const std::map<std::string, Moment>& nexus_moments();
[[nodiscard]] const std::map<std::string, Moment>& nexus_executor_moments();

/// Sleeps for a random time, so that a kill meets another state each time.
void sleep_at_most(std::chrono::microseconds longest);

}  // namespace chaos
