// What a workflow costs while it waits. A binary of its own: it counts the bytes of the heap.
#include "tests/unit/workflow/harness.hpp"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>
#include <new>
#include <string>
#include <vector>

namespace {

/// As malloc rounds them up, without what it keeps of each piece for itself.
std::atomic<std::ptrdiff_t> held{0};

void* counted(void* memory) {
    if (memory == nullptr) {
        throw std::bad_alloc{};
    }
    held += static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
    return memory;
}
void uncounted(void* memory) noexcept {
    held -= static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
    std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
    return counted(std::malloc(size));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    const auto to = static_cast<std::size_t>(alignment);
    return counted(std::aligned_alloc(to, (size + to - 1) / to * to));
}
void operator delete(void* memory) noexcept {
    uncounted(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
    uncounted(memory);
}
void operator delete(void* memory, std::align_val_t /*alignment*/) noexcept {
    uncounted(memory);
}
void operator delete(
    void* memory, std::size_t /*size*/, std::align_val_t /*alignment*/
) noexcept {
    uncounted(memory);
}

namespace footprint {

class Waits {
public:
    hg::Task<void> run() { co_await wf::sleep(1h); }
};

}  // namespace footprint

HOURGLASS_WORKFLOW(footprint::Waits, run);

namespace {

std::unique_ptr<wf::WorkflowRun> waiting_run() {
    static const auto options = std::make_shared<const wf::RunOptions>(
        wf::RunOptions{.workflow_namespace = "default", .task_queue = "queue-1"}
    );
    auto run =
        std::make_unique<wf::WorkflowRun>(*wf::Catalog::process().find("Waits"), "run-1", options);
    wf::Completion completion;
    run->activate(Jobs{}.start("Waits").activation(), completion);
    EXPECT_THAT(wf::testing::lines_of(completion), ElementsAre("start_timer 1 3600000ms"));
    return run;
}

std::ptrdiff_t threads() {
    return std::distance(
        std::filesystem::directory_iterator{"/proc/self/task"},
        std::filesystem::directory_iterator{}
    );
}

}  // namespace

// With g++ 12 and without optimisation 0.6 kB are the frames of two coroutines (the workflow's, and
// the one around it that encodes its result), 0.6 kB the engine's own tables, the rest the timer,
// the scope and the routine.
TEST(Footprint, of_a_run_that_waits_is_under_2_kB) {
    constexpr std::ptrdiff_t kRuns = 100;
    constexpr std::ptrdiff_t kLimit = 2000;
    static_cast<void>(waiting_run());  // what is made once is made
    std::vector<std::unique_ptr<wf::WorkflowRun>> runs(kRuns);
    const std::ptrdiff_t before = held;
    std::ranges::generate(runs, waiting_run);
    const std::ptrdiff_t each = (held - before) / kRuns;
    RecordProperty("bytes_of_a_run", static_cast<int>(each));
    EXPECT_LT(each, kLimit);
    EXPECT_GT(each, 0) << "else nothing was counted";
}

TEST(Footprint, is_no_thread) {
    const std::ptrdiff_t before = threads();
    std::vector<std::unique_ptr<wf::WorkflowRun>> runs(100);
    std::ranges::generate(runs, waiting_run);
    EXPECT_EQ(threads(), before);
}

TEST(Footprint, is_given_back) {
    static_cast<void>(waiting_run());
    const std::ptrdiff_t before = held;
    static_cast<void>(waiting_run());
    EXPECT_EQ(held, before);
}
