#include "tests/conformance/harness/row.hpp"

namespace conformance::query_unknown {

class Waits {
public:
    hg::Task<void> run() {
        co_await wf::wait_condition([this] { return finish_; });
    }
    void finish() { finish_ = true; }
    bool known_query() const { return true; }

private:
    bool finish_ = false;
};

}  // namespace conformance::query_unknown

HOURGLASS_WORKFLOW(
    conformance::query_unknown::Waits,
    run,
    name("QueryUnknown"),
    signals(finish),
    queries(known_query)
);

namespace conformance::query_unknown {

void run(Row& row) {
    const auto handle = row.start<&Waits::run>();
    try {
        handle.query<bool>("nonexistent");
        ADD_FAILURE() << "there is no such query";
    } catch (const hg::QueryFailedError& error) {
        EXPECT_THAT(error.what(), HasSubstr("nonexistent"));
        EXPECT_THAT(error.what(), HasSubstr("known_query")) << "what there is";
    }
    handle.signal<&Waits::finish>();
    handle.result();
    EXPECT_EQ(Events::of(handle).count("WorkflowTaskFailed"), 0U);
    row.replay(handle);
}

const Registration kRow{
    {.path = "query/unexpected_query_type_name",
     .checks = "a query of an unknown name fails, says which ones there are, and fails no workflow "
               "task",
     .run = run}
};

}  // namespace conformance::query_unknown
