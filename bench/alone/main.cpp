/// Runs one job that needs no server and prints what it measured as one line of JSON.
///
///     turnaround PER_SECOND SECONDS   how long a workflow task takes to come back
///     throughput SECONDS PARALLEL     workflow tasks a second
///     cached RUNS                     memory of runs that wait
///     activations COUNT               whether memory stays where it is
///     history EVENTS FILE             no job: writes FILE.json and FILE.pb
///
/// The first four run a whole worker with Temporal Core, whose gRPC service is replaced by a
/// callback into this process. What that costs is in the figures: it decodes and encodes each
/// message once more.

#include "jobs.hpp"

#include <charconv>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace bench {
namespace {

constexpr std::string_view kUsage =
    "usage: turnaround PER_SECOND SECONDS | throughput SECONDS PARALLEL | cached RUNS | "
    "activations COUNT | history EVENTS FILE";

std::int64_t number(std::string_view text) {
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || value < 1) {
        throw std::invalid_argument{"'" + std::string{text} + "' is no number above 0"};
    }
    return value;
}

nlohmann::json run_job(const std::vector<std::string>& arguments) {
    const auto& job = arguments.at(0);
    if (job == "turnaround") {
        return turnaround(number(arguments.at(1)), number(arguments.at(2)));
    }
    if (job == "throughput") {
        return throughput(number(arguments.at(1)), number(arguments.at(2)));
    }
    if (job == "cached") {
        return cached(number(arguments.at(1)));
    }
    if (job == "activations") {
        return activations(number(arguments.at(1)));
    }
    if (job == "history") {
        return write_history(number(arguments.at(1)), arguments.at(2));
    }
    throw std::out_of_range{job};
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
    const std::vector<std::string> arguments{argv + 1, argv + argc};
    try {
        nlohmann::json line = bench::run_job(arguments);
        line["sdk"] = "cpp";
        line["job"] = arguments;
        std::cout << line.dump() << std::endl;
        return EXIT_SUCCESS;
    } catch (const std::out_of_range&) {
        std::cerr << bench::kUsage << "\n";
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << "\n";
    }
    return EXIT_FAILURE;
}
