#include "src/core/replayer.hpp"

#include "src/core/raw_worker_options.hpp"
#include "src/core/trampoline.hpp"

#include <utility>

namespace hourglass::core {

Result<std::shared_ptr<Replayer>, CallError> Replayer::create(
    std::shared_ptr<Runtime> runtime, const WorkerOptions& options
) {
    const Bridge& from = runtime->from();
    const RawWorkerOptions raw{options, from};
    HgWorker* handle = nullptr;
    HgHistoryFeeder* feeder = nullptr;
    auto made = adopt_void(from.replayer_new(runtime->handle(), raw.get(), &handle, &feeder), from);
    if (!made) {
        return failure(std::move(made.error()));
    }
    std::shared_ptr<CoreWorker> worker{new CoreWorker{runtime, from, handle}};
    return std::shared_ptr<Replayer>{new Replayer{std::move(runtime), std::move(worker), feeder}};
}

Replayer::Replayer(
    std::shared_ptr<Runtime> runtime, std::shared_ptr<CoreWorker> worker, HgHistoryFeeder* feeder
) noexcept
    : runtime_{std::move(runtime)}, worker_{std::move(worker)}, feeder_{feeder} {}

Replayer::~Replayer() {
    close();
}

void Replayer::push(std::string_view workflow_id, std::string_view history, VoidCallback callback) {
    runtime_->from().replayer_push(
        feeder_,
        borrow(workflow_id),
        borrow(history),
        &hg_cpp_void_done,
        into_user_data(std::move(callback), runtime_->from())
    );
}

void Replayer::close() {
    runtime_->from().replayer_feeder_free(std::exchange(feeder_, nullptr));
}

}  // namespace hourglass::core
