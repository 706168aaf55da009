#include "hourglass/workflow/meter.hpp"

#include "src/workflow/engine.hpp"

#include <memory>

namespace hourglass::workflow {
namespace {

/// Asks at each measurement whether it is made for the first time: an instrument lives as long as
/// its workflow, through replays and past them.
class FirstTimeRecorder final : public hourglass::detail::MetricRecorder {
public:
    void record(
        const hourglass::detail::MetricInstrument& instrument,
        const MetricAttributes& attributes,
        double value
    ) override {
        const Engine& engine = Engine::current("meter()");
        const auto& metrics = engine.options().metrics;
        if (metrics && !engine.silent()) {
            metrics->record(instrument, attributes, value);
        }
    }
};

}  // namespace

MetricMeter meter() {
    // Never destroyed: a workflow may run while the program's statics are torn down.
    static const auto& recorder =
        *new std::shared_ptr<FirstTimeRecorder>{std::make_shared<FirstTimeRecorder>()};
    const Engine& engine = Engine::current("meter()");
    if (!engine.options().metrics) {
        return MetricMeter{recorder};
    }
    return MetricMeter{
        recorder,
        {{"namespace", engine.options().workflow_namespace},
         {"task_queue", engine.options().task_queue},
         {"workflow_type", engine.workflow_type()}}
    };
}

}  // namespace hourglass::workflow
