#include "tests/support/grpc_hop.hpp"

#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_server.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace hourglass::test {

namespace {

/// Into place at once: the hop reads while we write.
void write(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::path part = file;
    part += ".new";
    std::ofstream{part} << text;
    std::filesystem::rename(part, file);
}

}  // namespace

GrpcHop::GrpcHop(std::uint16_t upstream) : folder_{new_temporary_folder()} {
    process_.emplace(
        std::vector<std::string>{
            HOURGLASS_GRPC_PYTHON, HOURGLASS_GRPC_HOP, folder_.string(), std::to_string(upstream)
        },
        (folder_ / "log").string()
    );
    const auto listening = [this] { return std::filesystem::exists(folder_ / "port"); };
    if (!eventually([&] { return listening() || !process_->runs(); }) || !listening()) {
        throw std::runtime_error{
            "grpc_hop.py does not listen; its log is " + (folder_ / "log").string() +
            ". It needs the Python package grpcio, which scripts/setup installs"
        };
    }
    std::ifstream{folder_ / "port"} >> port_;
}

GrpcHop::~GrpcHop() {
    process_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void GrpcHop::require_api_key(const std::string& key) const {
    write(folder_ / "api_key", key);
}

void GrpcHop::hold_calls_with_api_key(const std::string& key) const {
    write(folder_ / "held_api_key", key);
}

void GrpcHop::serve(const std::string& service) const {
    write(folder_ / "unserved", service);
}

std::vector<GrpcHop::Metadata> GrpcHop::calls_of(const std::string& method) const {
    std::vector<Metadata> calls;
    std::ifstream lines{folder_ / "calls"};
    for (std::string line; std::getline(lines, line) && !lines.eof();) {
        const auto call = nlohmann::json::parse(line);
        if (call.at("method").get<std::string>().ends_with('/' + method)) {
            calls.push_back(call.at("metadata").get<Metadata>());
        }
    }
    return calls;
}

}  // namespace hourglass::test
