#include "subject.hpp"

#include "tests/support/http.hpp"
#include "tests/support/process_view.hpp"
#include "tests/support/test_server.hpp"
#include <hourglass/raw.hpp>

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <ostream>

namespace chaos {
namespace {

using hg::test::entries;
using nlohmann::json;

json status(const hg::Application& app) {
    return json::parse(hg::test::http(app.status_page_address(), "/tree.json").body);
}

}  // namespace

hg::ApplicationOptions subject_options(const std::string& queue) {
    hg::ApplicationOptions options;
    options.client.address = hg::test::server_address();
    options.default_worker.task_queue = queue;
    options.max_restarts = 1'000'000;  // the test is the fault, not the tree
    options.threads = 6;               // gated workflow code blocks some
    options.status_page.enabled = true;
    return options;
}

Subject::Subject(hg::ApplicationOptions options)
    : queue_{options.default_worker.task_queue}, app_{std::move(options)}, client_{app_.client()} {}

std::vector<Pid> Subject::pids(const std::string& id) const {
    return hg::test::pids_of(app_, id);
}

std::map<std::string, std::size_t> Subject::restarts() const {
    std::map<std::string, std::size_t> counts;
    for (const auto& child : app_.which_children()) {
        counts[child.id] = child.restarts;
    }
    return counts;
}

bool Subject::polls(std::chrono::milliseconds timeout) const {
    return app_.wait_until_polling(queue_, timeout);
}

Work Subject::work() const {
    const json tree = status(app_);
    Work work{
        .cached_runs = tree["cached_workflows"], .running_activities = tree["running_activities"]
    };
    for (const json& worker : tree["workers"]) {
        work.tasks_in_hand += worker["tasks_in_hand"].get<std::size_t>();
    }
    return work;
}

bool Subject::registered(const std::string& queue) const {
    return std::ranges::any_of(status(app_)["workers"], [&](const json& worker) {
        return worker["task_queue"] == queue && worker["registered"] == true;
    });
}

std::vector<Poller> Subject::pollers(const std::string& queue) const {
    using namespace temporal::api;
    std::vector<Poller> all;
    for (const auto type :
         {enums::v1::TASK_QUEUE_TYPE_WORKFLOW, enums::v1::TASK_QUEUE_TYPE_ACTIVITY}) {
        workflowservice::v1::DescribeTaskQueueRequest request;
        request.set_namespace_("default");
        request.mutable_task_queue()->set_name(queue);
        request.set_task_queue_type(type);
        workflowservice::v1::DescribeTaskQueueResponse response;
        response.ParseFromString(
            hg::raw_call(client_, "workflow", "DescribeTaskQueue", request.SerializeAsString())
        );
        for (const auto& poller : response.pollers()) {
            const auto& time = poller.last_access_time();
            all.push_back(
                {.identity = poller.identity(),
                 .last_poll =
                     std::chrono::system_clock::time_point{
                         std::chrono::seconds{time.seconds()} +
                         std::chrono::nanoseconds{time.nanos()}
                     }}
            );
        }
    }
    return all;
}

std::ostream& operator<<(std::ostream& out, const Work& work) {
    return out << work.cached_runs << " cached runs, " << work.running_activities
               << " running activities, " << work.tasks_in_hand << " tasks in hand";
}

hg::StartOptions Subject::start_options(const std::string& id, const std::string& queue) const {
    // A workflow task that got lost on its way is the server's to time out: soon, because each cell
    // may have to wait for it.
    return {
        .id = id,
        .task_queue = queue.empty() ? queue_ : queue,
        .task_timeout = std::chrono::seconds{3}
    };
}

OrderHandle Subject::start_order(const std::string& id) const {
    auto order = client_.start<&Order::run>(start_options(id), id);
    order.signal<&Order::add>(1);
    order.signal<&Order::add>(10);
    return order;
}

Resources Resources::now() {
    return {
        .threads = entries("/proc/self/task"),
        .files = entries("/proc/self/fd"),
        .connections = hg::test::connections_to(hg::test::server_address())
    };
}

int rounds() {
    const char* text = std::getenv("HOURGLASS_CHAOS_ROUNDS");
    return text != nullptr ? std::stoi(text) : 1;
}

}  // namespace chaos
