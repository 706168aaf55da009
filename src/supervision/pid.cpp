#include "hourglass/supervision/pid.hpp"

#include "src/supervision/cell.hpp"

#include <ostream>

namespace hourglass::supervision {

bool Pid::alive() const {
    return cell_ && cell_->alive();
}

std::size_t Pid::mailbox_length() const {
    return cell_ ? cell_->mailbox_length() : 0;
}

std::uint64_t Pid::id() const noexcept {
    return cell_ ? cell_->id() : 0;
}

const std::string& Pid::name() const noexcept {
    static const std::string none;
    return cell_ ? cell_->name() : none;
}

std::string Pid::text() const {
    return cell_ ? "<0." + std::to_string(cell_->id()) + ".0>" : "<none>";
}

bool Pid::exit(ExitReason reason) const {
    if (!cell_) {
        return false;
    }
    detail::Cell* sender = detail::Cell::current();
    return cell_->signal_exit(
        sender != nullptr ? sender->pid() : Pid{}, std::move(reason), detail::ExitOrigin::Plain
    );
}

std::strong_ordering operator<=>(const Pid& left, const Pid& right) noexcept {
    if (const auto by_id = left.id() <=> right.id(); by_id != 0) {
        return by_id;
    }
    return std::compare_three_way{}(left.cell_.get(), right.cell_.get());
}

std::ostream& operator<<(std::ostream& out, const Pid& pid) {
    return out << pid.text();
}

bool detail::post(const Pid& target, Message&& message) {
    const auto& cell = CellAccess::cell(target);
    return cell && cell->post(std::move(message));
}

void detail::check_type(
    const Pid& target, bool (*accepts)(const Process&), const std::type_info& wanted
) {
    if (const auto& cell = CellAccess::cell(target)) {
        cell->check_type(accepts, wanted);
    }
}

}  // namespace hourglass::supervision
