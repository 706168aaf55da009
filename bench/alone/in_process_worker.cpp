#include "in_process_worker.hpp"

#include <cstdlib>
#include <iostream>
#include <utility>

namespace bench {
namespace {

namespace hg = hourglass;

hg::ApplicationOptions options_for(const std::string& queue, std::uint32_t max_cached_workflows) {
    hg::ApplicationOptions options;
    options.client.address = "in-process:7233";  // nobody resolves it
    options.default_worker.task_queue = queue;
    options.default_worker.max_cached_workflows = max_cached_workflows;
    return options;
}

}  // namespace

InProcessWorker::InProcessWorker(std::uint32_t max_cached_workflows)
    : tree_{options_for(queue_, max_cached_workflows), frontend_->connector()} {}

InProcessWorker::~InProcessWorker() {
    tree_.close();
}

void InProcessWorker::offer(hg::testing::TaskOffer offer) {
    static_cast<void>(frontend_->offer(std::move(offer)));
}

std::size_t InProcessWorker::cached_runs() {
    return tree_.directory()->runs.get()->size();
}

void give_up(const std::string& why) {
    std::cerr << "error: " << why << std::endl;
    std::_Exit(EXIT_FAILURE);
}

}  // namespace bench
