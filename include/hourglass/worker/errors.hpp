#pragma once

#include "hourglass/base/error.hpp"

#include <string>

namespace hourglass {

/// A worker for that task queue runs in this process already; Core allows one a queue and
/// connection.
class WorkerAlreadyRunningError : public Error {
public:
    explicit WorkerAlreadyRunningError(const std::string& task_queue)
        : Error{
              "a worker for the task queue '" + task_queue +
              "' runs in this process already; stop it first"
          } {}
};

class WorkerNotRunningError : public Error {
public:
    explicit WorkerNotRunningError(const std::string& task_queue)
        : Error{"no worker for the task queue '" + task_queue + "' runs in this process"} {}
};

}  // namespace hourglass
