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

#include "bench/jobs/program.hpp"
#include "jobs.hpp"

#include <stdexcept>
#include <string_view>
#include <vector>

namespace bench {
namespace {

constexpr std::string_view kUsage =
    "usage: turnaround PER_SECOND SECONDS | throughput SECONDS PARALLEL | cached RUNS | "
    "activations COUNT | history EVENTS FILE";

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
    return bench::run_program(argc, argv, bench::kUsage, bench::run_job);
}
