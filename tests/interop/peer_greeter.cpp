// A workflow of the C++ worker that takes messages from the client with another SDK.
#include "cpp_side.hpp"
#include "peer_failures.hpp"

#include <chrono>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace interop::peer {

using namespace std::chrono_literals;
namespace wf = hg::workflow;

Parcel weigh(Parcel parcel) {
    parcel.weight *= 2;
    parcel.tags.push_back("cpp");
    return parcel;
}

class Greeter {
public:
    hg::Task<nlohmann::json> run(Parcel parcel) {
        co_await wf::wait_condition([this] { return done_; });
        const wf::ActivityOptions options{
            .start_to_close_timeout = 30s, .task_queue = peer_queue()
        };
        const Parcel weighed = co_await wf::execute_activity<&weigh>(options, parcel);
        nlohmann::json result{{"names", names_}, {"parcel", weighed}};
        co_return result;
    }
    void greet(std::string name) { names_.push_back(std::move(name)); }
    std::vector<std::string> greeted() const { return names_; }
    int stumble(std::string message) const {
        throw hg::ApplicationError{message, {.type = "QueryTrouble"}};
    }
    int finish(std::string last) {
        names_.push_back(std::move(last));
        done_ = true;
        return static_cast<int>(names_.size());
    }
    void check_finish(std::string last) const {
        if (last.empty()) {
            throw hg::ApplicationError{
                "nobody has an empty name",
                {.type = "BadName", .details = hg::encode_arguments("empty")}
            };
        }
    }
    void fail(nlohmann::json chain) { std::rethrow_exception(made(chain)); }

private:
    std::vector<std::string> names_;
    bool done_ = false;
};

}  // namespace interop::peer

HOURGLASS_WORKFLOW(
    interop::peer::Greeter,
    run,
    signals(greet),
    queries(greeted, stumble),
    updates(fail, validated(finish, check_finish))
);
HOURGLASS_ACTIVITY(interop::peer::weigh);
