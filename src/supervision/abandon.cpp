#include "src/supervision/abandon.hpp"

#include "src/supervision/cell.hpp"

namespace hourglass::supervision {

Pid running_process() {
    detail::Cell* const cell = detail::Cell::current();
    return cell == nullptr ? Pid{} : cell->pid();
}

void abandon(const Pid& process, const ExitReason& reason) {
    if (const auto& cell = detail::CellAccess::cell(process)) {
        cell->kill_now(reason);
    }
}

}  // namespace hourglass::supervision
