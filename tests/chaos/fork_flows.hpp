#pragma once

#include "subject.hpp"

#include <string>

/// What the workflows of the fork test do that others do not.
namespace chaos {

/// The process that the isolated activity's process came from.
long ask_for_server();

class AsksForItsServer {
public:
    hg::Task<long> run();
};

/// Whose client the children of `fork_inside` use.
Subject*& application_of_activities();

/// Forks twice: a child that uses the Application and ends, and one that returns from the activity.
/// "status 0, status 70"
std::string fork_inside();

class ForksInside {
public:
    hg::Task<std::string> run();
};

/// The same as the second of these, in its own code.
class ForksInItsCode {
public:
    hg::Task<std::string> run();
};

}  // namespace chaos

HOURGLASS_ACTIVITY(chaos::ask_for_server, isolated);
HOURGLASS_ACTIVITY(chaos::fork_inside);
HOURGLASS_WORKFLOW(chaos::AsksForItsServer, run);
HOURGLASS_WORKFLOW(chaos::ForksInside, run);
HOURGLASS_WORKFLOW(chaos::ForksInItsCode, run);
