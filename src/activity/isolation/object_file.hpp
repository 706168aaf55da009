#pragma once

#include <string>

namespace hourglass::activity::isolation {

/// Names the file that a function's code was loaded from, and where to; "" if nothing is there. Of
/// two processes that were forked from one, each has the function if both say the same. Quick:
/// dladdr would also look for the function's name.
/// @threads any.
[[nodiscard]] std::string object_file_of(const void* function);

}  // namespace hourglass::activity::isolation
