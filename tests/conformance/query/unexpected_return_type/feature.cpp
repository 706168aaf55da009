#include "tests/conformance/harness/row.hpp"

namespace conformance::query_other_type {

class Waits {
public:
    hg::Task<void> run() {
        co_await wf::wait_condition([this] { return finish_; });
    }
    void finish() { finish_ = true; }
    std::string text() const { return "hi bob"; }

private:
    bool finish_ = false;
};

}  // namespace conformance::query_other_type

HOURGLASS_WORKFLOW(
    conformance::query_other_type::Waits,
    run,
    name("QueryOtherType"),
    signals(finish),
    queries(text)
);

namespace conformance::query_other_type {

void run(Row& row) {
    const auto handle = row.start<&Waits::run>();
    EXPECT_THROW(static_cast<void>(handle.query<int>("text")), hg::ConversionError);
    EXPECT_EQ(handle.query<std::string>("text"), "hi bob");
    handle.signal<&Waits::finish>();
    handle.result();
    row.replay(handle);
}

const Registration kRow{
    {.path = "query/unexpected_return_type",
     .checks = "a query's answer of another type than expected is a ConversionError to the client",
     .run = run}
};

}  // namespace conformance::query_other_type
