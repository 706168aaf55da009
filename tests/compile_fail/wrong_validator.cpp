#include "hourglass/workflow/workflow.hpp"

#include <string>

// expect: the validator check must be const, return void and take the same parameters as the update
// set
struct Setting {
    hourglass::Task<void> run() { co_return; }
    void set(int value) { held = value; }
    void check(std::string /*value*/) const {}
    int held = 0;
};
HOURGLASS_WORKFLOW(Setting, run, updates(validated(set, check)))
