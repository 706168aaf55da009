#include "hourglass/supervision/exit_reason.hpp"

#include "hourglass/supervision/answer.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <optional>
#include <ostream>
#include <typeinfo>
#include <utility>

namespace hourglass::supervision {

struct ExitReason::Data {
    Kind kind = Kind::Normal;
    std::string name = {};
    std::string detail = {};
    std::exception_ptr exception = {};
    std::string exception_type = {};
    std::optional<ExitReason> cause = {};
};

namespace {

std::string demangled(const std::type_info* type) {
    if (type == nullptr) {
        return "unknown exception";
    }
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> text{
        abi::__cxa_demangle(type->name(), nullptr, nullptr, &status), &std::free
    };
    return status == 0 ? text.get() : type->name();
}

}  // namespace

// The reasons that are made once are never destroyed: a tree may end while the program's statics
// are torn down.

ExitReason ExitReason::shutdown() {
    static const auto& data = *new auto{std::make_shared<const Data>(Data{.kind = Kind::Shutdown})};
    return ExitReason{data};
}

ExitReason ExitReason::shutdown(std::string detail) {
    return ExitReason{
        std::make_shared<const Data>(Data{.kind = Kind::Shutdown, .detail = std::move(detail)})
    };
}

ExitReason ExitReason::kill() {
    static const auto& data = *new auto{std::make_shared<const Data>(Data{.kind = Kind::Kill})};
    return ExitReason{data};
}

ExitReason ExitReason::killed() {
    static const auto& data = *new auto{std::make_shared<const Data>(Data{.kind = Kind::Killed})};
    return ExitReason{data};
}

ExitReason ExitReason::no_process() {
    static const auto& data =
        *new auto{std::make_shared<const Data>(Data{.kind = Kind::NoProcess})};
    return ExitReason{data};
}

ExitReason ExitReason::crashed(std::exception_ptr exception) {
    Data data{.kind = Kind::Crashed, .exception = exception};
    try {
        std::rethrow_exception(std::move(exception));
    } catch (const std::exception& error) {
        data.exception_type = demangled(&typeid(error));
        data.detail = error.what();
        if (const auto* nested = dynamic_cast<const std::nested_exception*>(&error);
            nested != nullptr && nested->nested_ptr()) {
            data.cause = crashed(nested->nested_ptr());
        }
    } catch (...) {  // anything can be thrown, `42` too; its type is all there is to say
        data.exception_type = demangled(abi::__cxa_current_exception_type());
    }
    return ExitReason{std::make_shared<const Data>(std::move(data))};
}

ExitReason ExitReason::crashed(std::string text) {
    return ExitReason{
        std::make_shared<const Data>(Data{.kind = Kind::Crashed, .detail = std::move(text)})
    };
}

ExitReason ExitReason::named(std::string name, std::string detail) {
    return ExitReason{std::make_shared<const Data>(
        Data{.kind = Kind::Named, .name = std::move(name), .detail = std::move(detail)}
    )};
}

ExitReason::Kind ExitReason::kind() const noexcept {
    return data_ ? data_->kind : Kind::Normal;
}

std::string_view ExitReason::name() const noexcept {
    switch (kind()) {
        case Kind::Normal:
            return "normal";
        case Kind::Shutdown:
            return "shutdown";
        case Kind::Kill:
            return "kill";
        case Kind::Killed:
            return "killed";
        case Kind::NoProcess:
            return "no_process";
        case Kind::Crashed:
            return "crashed";
        case Kind::Named:
            return data_->name;
    }
    return "unknown";
}

const std::string& ExitReason::detail() const noexcept {
    static const std::string none;
    return data_ ? data_->detail : none;
}

std::exception_ptr ExitReason::exception() const noexcept {
    return data_ ? data_->exception : nullptr;
}

const std::string& ExitReason::exception_type() const noexcept {
    static const std::string none;
    return data_ ? data_->exception_type : none;
}

const ExitReason* ExitReason::cause() const noexcept {
    return data_ && data_->cause ? &*data_->cause : nullptr;
}

ExitReason ExitReason::caused_by(ExitReason cause) const {
    Data data = data_ ? *data_ : Data{};
    data.cause = std::move(cause);
    return ExitReason{std::make_shared<const Data>(std::move(data))};
}

std::string ExitReason::text() const {
    std::string text{name()};
    if (!exception_type().empty()) {
        text.append(": ").append(exception_type());
    }
    if (!detail().empty()) {
        text.append(": ").append(detail());
    }
    if (const ExitReason* reason = cause()) {
        text.append("; caused by ").append(reason->text());
    }
    return text;
}

bool operator==(const ExitReason& left, const ExitReason& right) noexcept {
    return left.data_ == right.data_ ||
           (left.kind() == right.kind() && left.name() == right.name() &&
            left.detail() == right.detail());
}

std::ostream& operator<<(std::ostream& out, const ExitReason& reason) {
    return out << reason.text();
}

std::string detail::error_text(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& known) {
        return known.what();
    } catch (...) {  // only its type is known
        return demangled(abi::__cxa_current_exception_type());
    }
}

}  // namespace hourglass::supervision
