// A command of one's own with a codec that knows the namespace, and for workers with an interceptor
// that fails workflows by a std::logic_error, which those workers take for a failure of the
// workflow: its recorded `Fails` has no other cause. A plugin tells what is replayed.
#include <hourglass/cli/cli.hpp>
#include <hourglass/hourglass.hpp>
#include <hourglass/testing/replayer.hpp>

#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

namespace hg = hourglass;

struct Fails {
    hg::Task<void> run(std::string /*why*/) { co_return; }
};
HOURGLASS_WORKFLOW(Fails, run);

namespace {

struct Refuses final : hg::workflow::WorkflowInterceptor {
    hg::Task<hg::Payload> execute(
        hg::workflow::ExecuteWorkflowCall /*call*/,
        hg::Next<hg::workflow::ExecuteWorkflowCall, hg::Task<hg::Payload>> /*next*/
    ) override {
        throw std::logic_error{"as wanted"};
    }
};

struct RefusesAll final : hg::WorkerInterceptor {
    std::unique_ptr<hg::workflow::WorkflowInterceptor> workflow(
        const hg::workflow::WorkflowInfo& /*info*/
    ) override {
        return std::make_unique<Refuses>();
    }
};

/// Writes the namespace beside the data, and takes back what has it.
struct Stamp final : hg::PayloadCodec {
    [[nodiscard]] std::string name() const override { return "stamp"; }
    [[nodiscard]] hg::Payloads encode(hg::Payloads payloads, const hg::PayloadContext& context)
        const override {
        for (hg::Payload& payload : payloads) {
            payload.metadata["stamp"] = std::string{context.workflow_namespace};
        }
        return payloads;
    }
    [[nodiscard]] hg::Payloads decode(hg::Payloads payloads, const hg::PayloadContext& context)
        const override {
        for (hg::Payload& payload : payloads) {
            const auto stamp = payload.metadata.extract("stamp");
            if (stamp && stamp.mapped() != context.workflow_namespace) {
                throw hg::PayloadCodecError{"it belongs to " + stamp.mapped()};
            }
        }
        return payloads;
    }
};

/// Says of each history, beside what the command does with it, that it was told of it.
struct Tells final : hg::testing::ReplayPlugin {
    [[nodiscard]] std::string name() const override { return "tells"; }
    void configure_replayer(hg::testing::ReplayOptions& options) override {
        const auto of_the_command = options.on_result;
        options.on_result = [of_the_command](const hg::testing::ReplayResult& result) {
            of_the_command(result);
            std::cout << "the plugin was told of a history" << std::endl;
        };
    }
};

}  // namespace

int main(int argc, char** argv) {
    return hg::cli::run(
        argc,
        argv,
        {.data = {.codecs = {std::make_shared<Stamp>()}},
         .interceptors = {std::make_shared<RefusesAll>()},
         .fails_workflow = hg::workflow::failure_types<std::logic_error>(),
         .plugins = {std::make_shared<Tells>()}}
    );
}
