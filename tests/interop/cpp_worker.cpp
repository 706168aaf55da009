// The C++ worker of the interoperability test: its workflows are run by a Python client, call
// Python activities, and its activity is called by a Python workflow.
#include "cpp_side.hpp"

#include <chrono>
#include <exception>
#include <iostream>
#include <utility>

namespace interop {

using namespace std::chrono_literals;
namespace wf = hg::workflow;

Parcel cpp_weigh(Parcel parcel) {
    parcel.weight *= 3;
    parcel.tags.push_back("cpp");
    return parcel;
}

class CppEcho {
public:
    hg::Task<nlohmann::json> run(nlohmann::json value) { co_return value; }
};

class CppEchoBytes {
public:
    hg::Task<hg::Bytes> run(hg::Bytes value) { co_return value; }
};

class CppGreeter {
public:
    hg::Task<nlohmann::json> run(Parcel parcel) {
        co_await wf::wait_condition([this] { return done_; });
        Parcel weighed = co_await wf::execute_activity<Parcel>(
            "python_weigh", {.start_to_close_timeout = 10s, .task_queue = kPythonQueue}, parcel
        );
        nlohmann::json result{{"names", names_}, {"parcel", weighed}};
        co_return result;
    }
    void greet(std::string name) { names_.push_back(std::move(name)); }
    std::vector<std::string> greeted() const { return names_; }
    int finish(std::string last) {
        names_.push_back(std::move(last));
        done_ = true;
        return static_cast<int>(names_.size());
    }
    void check_finish(std::string last) const {
        if (last.empty()) {
            throw hg::ApplicationError{"nobody has an empty name", {.type = "BadName"}};
        }
    }

private:
    std::vector<std::string> names_;
    bool done_ = false;
};

class CppFail {
public:
    hg::Task<void> run(std::string message) {
        std::exception_ptr failure;
        try {
            co_await wf::execute_activity<void>(
                "python_fail", {.start_to_close_timeout = 10s, .task_queue = kPythonQueue}, message
            );
        } catch (const hg::ActivityError&) {
            failure = std::current_exception();
        }
        throw hg::ApplicationError{
            "outer",
            {.type = "CppTrouble",
             .non_retryable = true,
             .details = hg::encode_arguments(message, 3),
             .cause = hg::as_failure(failure)}
        };
    }
};

}  // namespace interop

HOURGLASS_WORKFLOW(interop::CppEcho, run);
HOURGLASS_WORKFLOW(interop::CppEchoBytes, run);
HOURGLASS_WORKFLOW(
    interop::CppGreeter,
    run,
    signals(greet),
    queries(greeted),
    updates(validated(finish, check_finish))
);
HOURGLASS_WORKFLOW(interop::CppFail, run);
HOURGLASS_ACTIVITY(interop::cpp_weigh);

int main() {
    try {
        auto options = hourglass::ApplicationOptions::from_environment();
        options.client = interop::client_options();
        options.default_worker.task_queue = interop::kCppQueue;
        options.default_worker.nexus_services = interop::nexus_services();
        hourglass::Application app{options};
        app.run();
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
        return 70;
    }
}
