// expect: A dynamic activity takes hourglass::Payloads: the arguments as they came.
#include <hourglass/activity/activity.hpp>

int forward(int number) {
    return number;
}

HOURGLASS_ACTIVITY(forward, dynamic);
