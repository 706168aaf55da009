#include <hourglass/activity/activity.hpp>

#include <string>

int charge(int cents) {
    return cents;
}
int charge(std::string card) {
    return static_cast<int>(card.size());
}

// expect: HOURGLASS_ACTIVITY(charge): there are several functions of this name
HOURGLASS_ACTIVITY(charge, "charge-card");
