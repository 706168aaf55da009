#include "src/workflow/prepare_signal.hpp"

#include "hourglass/convert/conversion_error.hpp"
#include "hourglass/convert/failures.hpp"
#include "hourglass/workflow/logger.hpp"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

namespace hourglass::workflow {
namespace {

/// @param index  of the argument that cannot be read, if it is one of them.
void log_dropped(
    const std::string& signal, const std::exception& error, std::optional<std::size_t> index
) {
    std::vector<log::Field> fields{{"signal", signal}};
    if (index) {
        fields.push_back({"index", std::to_string(*index)});
    }
    fields.push_back({"reason", error.what()});
    logger().error(
        "a signal came with arguments that its handler cannot take; it is dropped",
        std::move(fields)
    );
}

bool nulls_only_from(std::size_t index, const Payloads& arguments) {
    return index < arguments.size() && std::all_of(
                                           arguments.begin() + static_cast<std::ptrdiff_t>(index),
                                           arguments.end(),
                                           hourglass::detail::is_null_payload
                                       );
}

/// Go's SDK has no signal without an argument: it sends a null, which a handler without parameters
/// must take for nothing.
SignalCall decode(
    const detail::PrepareSignal& handler, const std::string& name, Payloads arguments
) {
    std::size_t accepted = 0;
    try {
        return handler(name, arguments);
    } catch (const ArgumentCountError& error) {
        accepted = error.accepted();
        if (!nulls_only_from(accepted, arguments)) {
            throw;
        }
    }
    arguments.resize(accepted);
    return handler(name, arguments);
}

}  // namespace

SignalCall prepare_signal(
    const detail::PrepareSignal& handler, const std::string& name, Payloads arguments
) {
    try {
        return decode(handler, name, std::move(arguments));
    } catch (const ConversionError& error) {
        log_dropped(name, error, error.fault().index);
    } catch (const FailureError& error) {
        log_dropped(name, error, std::nullopt);  // thrown by an argument's own conversion
    }
    return {};
}

}  // namespace hourglass::workflow
