#pragma once

// Hand-made activations, and what comes back as text; and the names that every test here uses.

#include "hourglass/base/log.hpp"
#include "hourglass/convert/convert.hpp"
#include "hourglass/workflow/workflow.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/workflow/workflow_run.hpp"
#include "tests/unit/workflow/command_text.hpp"
#include "tests/unit/workflow/jobs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hg = hourglass;
namespace wf = hourglass::workflow;
using namespace std::chrono_literals;

namespace hourglass::workflow::testing {

inline const ActivityOptions kQuick{.start_to_close_timeout = 30s};

/// One run of a class made a workflow by HOURGLASS_WORKFLOW.
template <class W>
class RunOf {
public:
    /// @param metrics  where the run measures; null: nowhere.
    explicit RunOf(std::shared_ptr<hourglass::detail::MetricRecorder> metrics = nullptr)
        : run_{
              definition_of<W>(),
              "run-1",
              {.workflow_namespace = "default",
               .task_queue = "queue-1",
               .metrics = std::move(metrics)}
          } {}

    /// @param interceptors  makes them for the run.
    explicit RunOf(std::function<Interceptors(const WorkflowInfo&)> interceptors)
        : run_{
              definition_of<W>(),
              "run-1",
              {.workflow_namespace = "default",
               .task_queue = "queue-1",
               .make_interceptors = std::move(interceptors)}
          } {}

    template <class... A>
    Lines start(const A&... arguments) {
        return activate(Jobs{}.start(std::string{definition_of<W>().name}, arguments...));
    }
    Lines activate(Jobs& jobs) { return lines_of(completion(jobs)); }
    Lines activate(Jobs&& jobs) { return lines_of(completion(jobs)); }
    Completion completion(Jobs& jobs) { return run_.activate(jobs.activation()); }
    Completion completion(Jobs&& jobs) { return run_.activate(jobs.activation()); }
    [[nodiscard]] RunState state() const { return run_.state(); }
    [[nodiscard]] std::string running_place() const { return run_.running_place(); }

private:
    WorkflowRun run_;
};

/// What is logged while it lives, a record a line.
class CapturedLog {
public:
    CapturedLog() { log::set_sink(sink_); }
    ~CapturedLog() { log::set_sink(nullptr); }
    CapturedLog(const CapturedLog&) = delete;
    CapturedLog& operator=(const CapturedLog&) = delete;

    [[nodiscard]] const Lines& lines() const { return sink_->lines; }

private:
    struct Sink final : log::Sink {
        void write(const log::Record& record) noexcept override {
            std::string line = std::string{log::to_text(record.level)} + " " + record.message;
            for (const auto& field : record.fields) {
                line += " " + field.name + "=" + field.value;
            }
            lines.push_back(line);
        }
        Lines lines;
    };

    std::shared_ptr<Sink> sink_ = std::make_shared<Sink>();
};

}  // namespace hourglass::workflow::testing

using hg::workflow::testing::CapturedLog;
using hg::workflow::testing::Jobs;
using hg::workflow::testing::kQuick;
using hg::workflow::testing::RunOf;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
