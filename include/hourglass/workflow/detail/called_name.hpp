#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace hourglass::workflow::detail {

/// A name, and whether it lives as long as the program.
struct CalledName {
    std::string_view text;
    bool lasting = false;
};

/// A name that is kept; one that lasts anyway is not copied.
class KeptName {
public:
    KeptName() = default;
    explicit KeptName(CalledName name) : text_{name.text} {
        if (!name.lasting) {
            copy_ = std::make_unique<const std::string>(name.text);
            text_ = *copy_;
        }
    }

    [[nodiscard]] std::string_view text() const noexcept { return text_; }

private:
    std::string_view text_;
    std::unique_ptr<const std::string> copy_;
};

}  // namespace hourglass::workflow::detail
