#pragma once

#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/payload.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hourglass {

/// The executions of a count that have the same value of what the query groups by.
struct CountGroup {
    /// The values that the group shares, in the order of the query's GROUP BY.
    Payloads values = {};
    std::int64_t count = 0;

    /// @throws ConversionError if the value is no T; std::out_of_range if there are fewer values.
    template <class T>
    [[nodiscard]] T value(std::size_t index = 0) const {
        return from_payload<T>(values.at(index));
    }
};

/// How many executions match a query, approximately.
struct Count {
    std::int64_t total = 0;
    /// Empty without GROUP BY.
    std::vector<CountGroup> groups = {};
};

}  // namespace hourglass
