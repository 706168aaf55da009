#include "task.hpp"

#include "hourglass/workflow/catalog.hpp"
#include "src/convert/proto_payload.hpp"

#include <google/protobuf/arena.h>

#include <stdexcept>

namespace bench {

namespace hg = hourglass;
using hg::workflow::Activation;
using hg::workflow::Completion;

const hg::workflow::Definition& definition_of(const std::string& type) {
    return *hg::workflow::Catalog::process().find(type);
}

Activation begin(const std::string& type, const hg::Payloads& arguments) {
    Activation activation;
    activation.set_run_id("5f0c1f0e-31a5-4a4b-9a53-7d7a2c1b8f11");
    activation.mutable_timestamp()->set_seconds(1'800'000'000);
    activation.set_history_length(3);
    auto& job = *activation.add_jobs()->mutable_initialize_workflow();
    job.set_workflow_type(type);
    job.set_workflow_id("order-7");
    job.set_randomness_seed(42);
    job.set_attempt(1);
    hg::convert::to_proto(arguments, job.mutable_arguments());
    return activation;
}

std::size_t task(hg::workflow::WorkflowRun& run, const std::string& bytes) {
    google::protobuf::Arena arena;
    auto& activation = *google::protobuf::Arena::CreateMessage<Activation>(&arena);
    auto& completion = *google::protobuf::Arena::CreateMessage<Completion>(&arena);
    if (!activation.ParseFromString(bytes)) {
        throw std::logic_error{"the activation cannot be decoded"};
    }
    run.activate(activation, completion);
    if (completion.has_failed()) {
        throw std::logic_error{completion.failed().failure().message()};
    }
    return completion.SerializeAsString().size();
}

}  // namespace bench
