#include "hourglass/workflow/workflow.hpp"

// expect: HOURGLASS_WORKFLOW(TwinUpdates): two updates have the same name
struct TwinUpdates {
    hourglass::Task<void> run() { co_return; }
    void set() {}
    void put() {}
    void check() const {}
};
HOURGLASS_WORKFLOW(TwinUpdates, run, updates(set, validated(put, check, "set")))
