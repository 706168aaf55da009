// Needs no server: something of each library that a program links by itself.
#include <hourglass/cli/cli.hpp>
#include <hourglass/codec/zlib_codec.hpp>
#include <hourglass/hourglass.hpp>
#include <hourglass/raw.hpp>
#include <hourglass/testing/activity_environment.hpp>

#include "temporal/api/worker/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <string>

namespace hg = hourglass;

std::string greet(std::string name) {
    return "hello " + name;
}
HOURGLASS_ACTIVITY(greet);

int main() {
    const auto codec = hg::zlib_codec();
    temporal::api::workflowservice::v1::GetSystemInfoResponse response;
    response.set_server_version("1");
    const temporal::api::worker::v1::EnvironmentInfo_Platform platform;
    static_cast<void>(platform.linux());  // with GNU's extensions a macro, and no name
    hg::testing::ActivityEnvironment environment;
    if (codec == nullptr || environment.run<&greet>("ada") != "hello ada" ||
        response.server_version() != "1") {
        return 1;
    }
    char program[] = "tool";
    char help[] = "--help";
    char* arguments[] = {program, help, nullptr};
    return hg::cli::run(2, arguments);
}
