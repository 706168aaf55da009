#pragma once

// Clients and workflows call by the same rules.
#include "hourglass/convert/typed_calls.hpp"
