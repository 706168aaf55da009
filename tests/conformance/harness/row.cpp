#include "tests/conformance/harness/row.hpp"

namespace conformance {

void Row::replay_history(const hg::WorkflowHistory& history) {
    expect_replayed(bench_.replay(history));
}

void Row::replay_history(const hg::WorkflowHistory& history, hg::testing::Replayer& replayer) {
    expect_replayed(replayer.replay(history));
}

void Row::expect_replayed(const hg::testing::ReplayResult& result) {
    EXPECT_TRUE(result.ok()) << result;
    ++replayed_;
}

OwnWorker::OwnWorker(Row& row, hg::WorkerOptions options)
    : application_{row.application()}, worker_{std::move(options)} {
    worker_.task_queue = unique("own-queue");
    start();
}

OwnWorker::~OwnWorker() {
    if (running_) {
        stop();
    }
}

void OwnWorker::start() {
    application_.start_worker(worker_);
    running_ = true;
    if (!application_.wait_until_polling(queue(), 20s)) {
        throw std::runtime_error{"the worker of " + queue() + " is not registered after 20 s"};
    }
}

void OwnWorker::stop() {
    running_ = false;
    application_.stop_worker(queue());
}

}  // namespace conformance
