#include <hourglass/activity/activity.hpp>

// expect: HOURGLASS_ACTIVITY(charge) must stand at global scope: close the namespace before it
namespace shop {
int charge(int cents) {
    return cents;
}
HOURGLASS_ACTIVITY(charge);
}  // namespace shop
