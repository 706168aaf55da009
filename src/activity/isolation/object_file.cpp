#include "src/activity/isolation/object_file.hpp"

#include <dlfcn.h>
#include <link.h>

#include <cstdint>

namespace hourglass::activity::isolation {

std::string object_file_of(const void* function) {
    dl_find_object found{};
    if (::_dl_find_object(const_cast<void*>(function), &found) != 0) {
        return {};
    }
    // The program itself has no name here.
    return "'" + std::string{found.dlfo_link_map->l_name} + "' at " +
           std::to_string(reinterpret_cast<std::uintptr_t>(found.dlfo_map_start));
}

}  // namespace hourglass::activity::isolation
