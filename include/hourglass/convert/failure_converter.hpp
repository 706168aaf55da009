#pragma once

#include "hourglass/convert/failures.hpp"

#include <exception>
#include <memory>

namespace hourglass {

/// What exceptions are sent as that are none of Hourglass's, and what failures that come are thrown
/// as, where the usual way is not enough: exceptions of a library get a type that retry policies
/// know, failures of a type become a class of one's own.
///
/// It is asked in workflows, too: the same exception or failure gives the same each time. What it
/// throws is logged, and the usual way taken.
/// @threads any, several calls at once.
class FailureConverter {
public:
    FailureConverter() = default;
    FailureConverter(const FailureConverter&) = delete;
    FailureConverter& operator=(const FailureConverter&) = delete;
    virtual ~FailureConverter() = default;

    /// What is sent for an exception that is no FailureError; null: as_failure()'s usual way, which
    /// as_failure(error) gives here, too.
    /// @param error  derived from std::exception; also one that another brings as a cause, by
    /// std::throw_with_nested.
    [[nodiscard]] virtual FailureCause to_failure(const std::exception_ptr& /*error*/) const {
        return nullptr;
    }
    /// What a failure that came is thrown as, or becomes as another one's cause, with its own
    /// causes converted already; null: itself. An exception that gets `failure.context()` keeps
    /// causes and stack trace, and is sent on as it came.
    /// @returns an exception that is a FailureError; as a cause, another one is put into an
    /// ApplicationError.
    [[nodiscard]] virtual std::exception_ptr from_failure(const FailureError& /*failure*/) const {
        return nullptr;
    }
};

/// Sets the converter of this process; null takes it away. To be called before there is a client or
/// Application.
/// @threads any; not together with conversions.
void set_failure_converter(std::shared_ptr<const FailureConverter> converter);

}  // namespace hourglass
