#pragma once

#include <hourglass/hourglass.hpp>

#include <cstddef>
#include <exception>

namespace interop::peer {

/// The exception that a chain of failures.json describes.
/// @throws std::invalid_argument for a kind that is none.
[[nodiscard]] std::exception_ptr made(const nlohmann::json& chain, std::size_t index = 0);

/// A failure and its causes as code that handles it sees them, in the form of failures.json.
[[nodiscard]] nlohmann::json described(hourglass::FailureCause failure);

}  // namespace interop::peer
