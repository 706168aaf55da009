#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// A job's argument. @throws std::invalid_argument if it is no number of `least` or more.
[[nodiscard]] std::int64_t number(std::string_view text, std::int64_t least = 1);

/// Runs a job by its name and arguments. @throws std::out_of_range if there is none like that.
using RunJob = nlohmann::json (*)(const std::vector<std::string>& arguments);

/// The `main` of a program of jobs: runs one, and prints what it answers as one line of JSON.
/// @returns the program's exit code.
[[nodiscard]] int run_program(int argc, char** argv, std::string_view usage, RunJob run_job);

}  // namespace bench
