#include "tests/conformance/harness/row.hpp"

namespace conformance::update_async {

class Blocks {
public:
    hg::Task<std::string> run() {
        co_await wf::wait_condition([this] { return finish_; });
        co_return "done";
    }
    hg::Task<int> work(bool succeed) {
        co_await wf::wait_condition([this] { return unblocked_; });
        unblocked_ = false;
        if (!succeed) {
            throw hg::ApplicationError{"failed on purpose", {.type = "OnPurpose"}};
        }
        co_return 123;
    }
    void unblock() { unblocked_ = true; }
    void finish() { finish_ = true; }

private:
    bool unblocked_ = false;
    bool finish_ = false;
};

}  // namespace conformance::update_async

HOURGLASS_WORKFLOW(
    conformance::update_async::Blocks,
    run,
    name("UpdateAsyncAccepted"),
    signals(unblock, finish),
    updates(work)
);

namespace conformance::update_async {

void run(Row& row) {
    const auto handle = row.start<&Blocks::run>();
    const std::string id = unique("update");
    const auto good = handle.start_update<&Blocks::work>({.id = id}, true);
    EXPECT_EQ(good.id(), id);
    EXPECT_THROW(static_cast<void>(good.result({.timeout = 1s})), hg::WaitTimeoutError)
        << "it is accepted, and blocked";
    handle.signal<&Blocks::unblock>();
    EXPECT_EQ(good.result(), 123);
    EXPECT_EQ(handle.update_handle<&Blocks::work>(id).result(), 123) << "by its id alone";

    const auto bad = handle.start_update<&Blocks::work>({}, false);
    handle.signal<&Blocks::unblock>();
    try {
        bad.result();
        ADD_FAILURE() << "the handler was to fail";
    } catch (const hg::UpdateFailedError& error) {
        const auto cause = std::dynamic_pointer_cast<const hg::ApplicationError>(error.cause());
        ASSERT_NE(cause, nullptr);
        EXPECT_EQ(cause->message(), "failed on purpose");
        EXPECT_EQ(cause->type(), "OnPurpose");
    }
    handle.signal<&Blocks::finish>();
    EXPECT_EQ(handle.result(), "done");
    row.replay(handle);
}

const Registration kRow{
    {.path = "update/async_accepted",
     .checks = "an update is accepted first and has its outcome later, a result or a failure; a "
               "wait of 1 s for it times out",
     .run = run}
};

}  // namespace conformance::update_async
