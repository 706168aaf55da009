#include "src/base/outage_log.hpp"

#include <cctype>
#include <string>
#include <utility>

namespace hourglass {
namespace {

std::string without_numbers(std::string reason) {
    std::erase_if(reason, [](unsigned char each) { return std::isdigit(each) != 0; });
    return reason;
}

}  // namespace

void OutageLog::failed(
    const std::string& reason, std::chrono::milliseconds wait, std::vector<log::Field> fields
) {
    std::string gist = without_numbers(reason);
    const bool news = !is_failing_ || gist != last_gist_;
    is_failing_ = true;
    last_gist_ = std::move(gist);
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
