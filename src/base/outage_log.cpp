#include "src/base/outage_log.hpp"

#include <utility>

namespace hourglass {

void OutageLog::failed(
    const std::string& reason, std::chrono::milliseconds wait, std::vector<log::Field> fields
) {
    const bool news = !is_failing_ || reason != last_reason_;
    is_failing_ = true;
    last_reason_ = reason;
    fields.push_back({"reason", reason});
    fields.push_back({"next_try_in_ms", std::to_string(wait.count())});
    log::write(
        news ? log::Level::Warn : log::Level::Debug,
        failing_ + (news ? "; trying until it works" : "; still"),
        std::move(fields)
    );
}

void OutageLog::works(std::vector<log::Field> fields) {
    if (std::exchange(is_failing_, false)) {
        log::info(again_, std::move(fields));
    }
}

}  // namespace hourglass
