#include "hourglass/workflow/workflow.hpp"

// expect: the validator check must be const
struct Setting {
    hourglass::Task<void> run() { co_return; }
    void set(int value) { held = value; }
    void check(int /*value*/) { ++asked; }
    int held = 0;
    int asked = 0;
};
HOURGLASS_WORKFLOW(Setting, run, updates(validated(set, check)))
