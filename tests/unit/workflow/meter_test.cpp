// What workflows measure: each time once, whatever is replayed.
#include "tests/support/measured.hpp"
#include "tests/unit/workflow/harness.hpp"

#include <memory>
#include <optional>
#include <string>

using hg::test::Measured;

struct Brews {
    hg::Task<void> run() {
        cups_ = wf::meter().counter("cups");
        cups_->with_attributes({{"of", "tea"}}).add();
        co_await wf::sleep(1s);
        cups_->add(2);
        co_await wf::sleep(1s);
        wf::meter().histogram<std::chrono::nanoseconds>("brewing").record(3s);
    }
    int asked() const {
        wf::meter().counter("questions").add();
        return 1;
    }
    void check() const { wf::meter().counter("checks").add(); }
    void poured() {}

    std::optional<hg::MetricCounter> cups_;
};

struct Misnames {
    hg::Task<void> run() {
        wf::meter().counter("cups-of-tea").add();
        co_return;
    }
};

static hg::MetricCounter& leaked() {
    static hg::MetricCounter counter = hg::MetricMeter{}.counter("none");
    return counter;
}

struct Leaks {
    hg::Task<void> run() {
        leaked() = wf::meter().counter("cups");
        co_return;
    }
};

static const std::string kHere = "namespace=default,task_queue=queue-1,workflow_type=Brews";

HOURGLASS_WORKFLOW(Brews, run, queries(asked), updates(validated(poured, check)))
HOURGLASS_WORKFLOW(Misnames, run)
HOURGLASS_WORKFLOW(Leaks, run)

TEST(WorkflowMeter, KnowsItsWorkflowAndMeasuresAsItRuns) {
    const auto measured = std::make_shared<Measured>();
    RunOf<Brews> run{measured};
    run.start();
    run.activate(Jobs{}.fire(1));
    run.activate(Jobs{}.fire(2));
    EXPECT_THAT(
        measured->lines(),
        ElementsAre(
            "counter cups{" + kHere + ",of=tea} 1",
            "counter cups{" + kHere + "} 2",
            "histogram brewing{" + kHere + "} 3000 ms"
        )
    );
}

TEST(WorkflowMeter, IsSilentOnReplayAndSoAreItsInstruments) {
    const auto measured = std::make_shared<Measured>();
    RunOf<Brews> run{measured};
    run.activate(Jobs{}.start("Brews").replaying());
    run.activate(Jobs{}.fire(1).replaying());
    EXPECT_THAT(measured->lines(), IsEmpty());
    run.activate(Jobs{}.fire(2));
    EXPECT_THAT(measured->lines(), ElementsAre("histogram brewing{" + kHere + "} 3000 ms"));
}

TEST(WorkflowMeter, MeasuresInQueriesAndValidatorsToo) {
    const auto measured = std::make_shared<Measured>();
    RunOf<Brews> run{measured};
    run.start();
    run.activate(Jobs{}.query("asked"));
    run.activate(Jobs{}.update("update-1", "poured"));
    EXPECT_THAT(
        measured->lines(),
        ElementsAre(
            "counter cups{" + kHere + ",of=tea} 1",
            "counter questions{" + kHere + "} 1",
            "counter checks{" + kHere + "} 1"
        )
    );
}

TEST(WorkflowMeter, ChangesNothingIfNobodyIsTold) {
    RunOf<Brews> run;
    run.start();
    run.activate(Jobs{}.fire(1));
    EXPECT_THAT(run.activate(Jobs{}.fire(2)), ElementsAre("complete null"));
}

TEST(WorkflowMeter, FailsTheTaskForANameThatMetricsCannotHave) {
    RunOf<Misnames> run;
    EXPECT_THAT(
        run.start(), ElementsAre(AllOf(HasSubstr("task failed"), HasSubstr("cups-of-tea")))
    );
}

TEST(WorkflowMeter, GivesInstrumentsThatWorkInWorkflowsOnly) {
    RunOf<Leaks> run{std::make_shared<Measured>()};
    run.start();
    EXPECT_THROW(leaked().add(), wf::OutsideWorkflowError);
}
