#include "tests/conformance/harness/row.hpp"

namespace conformance::query_successful {

class Counts {
public:
    hg::Task<void> run() {
        co_await wf::wait_condition([this] { return finish_; });
    }
    void increment() { ++count_; }
    void finish() { finish_ = true; }
    int count() const { return count_; }
    int count_plus(int more) const { return count_ + more; }

private:
    int count_ = 0;
    bool finish_ = false;
};

}  // namespace conformance::query_successful

HOURGLASS_WORKFLOW(
    conformance::query_successful::Counts,
    run,
    name("QueryCounts"),
    signals(increment, finish),
    queries(count, named(count_plus, "the sum"))
);

namespace conformance::query_successful {

void run(Row& row) {
    const auto handle = row.start<&Counts::run>();
    EXPECT_EQ(handle.query<&Counts::count>(), 0);
    for (int i = 1; i <= 3; ++i) {
        handle.signal<&Counts::increment>();
        EXPECT_EQ(handle.query<&Counts::count>(), i) << "a query sees the signals before it";
    }
    EXPECT_EQ(handle.query<int>("the sum", 10), 13);
    handle.signal<&Counts::finish>();
    handle.result();
    EXPECT_EQ(handle.query<&Counts::count>(), 3) << "of a closed workflow";
    row.replay(handle);
}

const Registration kRow{
    {.path = "query/successful_query",
     .checks = "queries see the state before and after each signal, and after the end; a query may "
               "have a name and arguments of its own",
     .run = run}
};

}  // namespace conformance::query_successful
