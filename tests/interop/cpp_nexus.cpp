// A C++ workflow that calls the operations of a Nexus service that Python or Go handles, and the
// same service handled by C++ for them.
#include "cpp_side.hpp"

#include <chrono>
#include <string>

namespace interop {

using namespace std::chrono_literals;
namespace wf = hg::workflow;

// [service]
struct Greetings {
    std::string greet(std::string name);
    std::string refuse(std::string how);
    hg::nexus::Operation<std::string> wait(std::string how);
};

}  // namespace interop

HOURGLASS_NEXUS_SERVICE(
    interop::Greetings, operations(greet, refuse, named(wait, "wait-for-it")), name("greetings")
)
// [service]

namespace interop {

/// What `wait-for-it` is.
class CppWaits {
public:
    hg::Task<std::string> run(std::string how) {
        if (how.starts_with("quick")) {
            co_return "waited: " + how;
        }
        try {
            co_await wf::wait_condition([] { return false; });
        } catch (const hg::CancelledError&) {
            if (!how.starts_with("stubborn")) {
                throw;
            }
        }
        co_return "done all the same: " + how;
    }
};

/// Calls one operation as it is told, and says how that ended.
class CppNexus {
public:
    hg::Task<std::string> run(std::string operation, std::string input) {
        std::string said;
        try {
            if (operation == "greet") {
                said = co_await greet(input);
            } else if (operation == "refuse") {
                said = co_await greetings_.execute<&Greetings::refuse>(kPatient, input);
            } else if (operation == "time out") {
                const wf::NexusOperationOptions options{.start_to_close_timeout = 1s};
                said = co_await greetings_.execute<&Greetings::wait>(options, input);
            } else {
                said = co_await wait(input);
            }
        } catch (const hg::NexusOperationError& error) {
            said = told(error);
        }
        co_return said;
    }

    hg::Task<std::string> cancel(int type, std::string input) {
        const wf::NexusOperationOptions options{
            .schedule_to_close_timeout = 60s,
            .cancellation_type = static_cast<wf::NexusOperationCancellationType>(type)
        };
        const auto called = greetings_.execute<&Greetings::wait>(options, input);
        static_cast<void>(co_await called.started());
        called.cancel();
        std::string said;
        try {
            said = co_await called;
        } catch (const hg::NexusOperationError& error) {
            said = told(error);
        }
        co_return said;
    }

private:
    static inline const wf::NexusOperationOptions kPatient{.schedule_to_close_timeout = 60s};

    // [call]
    hg::Task<std::string> greet(std::string name) {
        const wf::NexusOperationOptions options{
            .schedule_to_close_timeout = 60s, .headers = {{"tenant", "blue"}}, .summary = "hello"
        };
        const auto called = greetings_.execute<&Greetings::greet>(options, name);
        const std::string token = co_await called.started();
        const std::string text = co_await called;
        co_return text + (token.empty() ? ", at once" : ", later");
    }
    // [call]
    hg::Task<std::string> wait(std::string how) {
        const auto called = greetings_.execute<&Greetings::wait>(kPatient, how);
        const std::string token = co_await called.started();
        const std::string text = co_await called;
        co_return text + (token.empty() ? ", at once" : ", later");
    }
    static std::string told(const hg::NexusOperationError& error) {
        std::string said = error.service() + "/" + error.operation() + ": ";
        if (const auto handler = error.find_cause<hg::NexusHandlerError>()) {
            said += "handler error " + handler->type();
        } else if (error.find_cause<hg::TimeoutError>()) {
            said += "timeout";
        } else if (wf::is_cancelled_error(error)) {
            said += "cancelled";
        } else if (const auto application = error.find_cause<hg::ApplicationError>()) {
            said += "application error " + application->message();
        }
        return said;
    }

    wf::NexusClient<Greetings> greetings_ = wf::nexus_client<Greetings>(peer_queue());
};

/// Cancels an operation that has started, as it is told.
class CppNexusCancel : public CppNexus {
public:
    hg::Task<std::string> run(int type, std::string input) { return cancel(type, input); }
};

}  // namespace interop

HOURGLASS_WORKFLOW(interop::CppWaits, run);
HOURGLASS_WORKFLOW(interop::CppNexus, run);
HOURGLASS_WORKFLOW(interop::CppNexusCancel, run);

namespace interop {

namespace nexus = hg::nexus;

std::string Greetings::greet(std::string name) {
    const auto& headers = nexus::info().headers;
    const auto tenant = headers.find("tenant");
    return "hello " + name + " of " + (tenant == headers.end() ? "nobody" : tenant->second);
}

std::string Greetings::refuse(std::string how) {
    if (how == "handler") {
        throw nexus::HandlerError{"no such name", nexus::ErrorType::NotFound};
    }
    throw nexus::OperationError{"no money"};
}

nexus::Operation<std::string> Greetings::wait(std::string how) {
    return nexus::workflow_run<&CppWaits::run>(
        {.id = "interop-cpp-nexus-" + peer_queue() + how, .task_queue = kCppQueue}, how
    );
}

nexus::Services nexus_services() {
    return nexus::Services{}.add<Greetings>();
}

}  // namespace interop
