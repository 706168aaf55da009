// expect: An isolated activity is a function: a member function's object lives in the worker's
#include <hourglass/activity/activity.hpp>

struct Orders {
    int charge(int cents) { return cents; }
};

HOURGLASS_ACTIVITY(Orders::charge, isolated);
