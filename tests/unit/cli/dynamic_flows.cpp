// No workflow but one for every type: the recorded history of Fails is one that it takes, too.
#include <hourglass/hourglass.hpp>

namespace anything {

class Fails {
public:
    hourglass::Task<void> run(hourglass::Payloads /*arguments*/) {
        throw hourglass::ApplicationError{"as wanted", {.type = "Wanted", .non_retryable = true}};
        co_return;
    }
};

}  // namespace anything

HOURGLASS_WORKFLOW(anything::Fails, run, dynamic());
