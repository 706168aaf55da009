#pragma once

// The readers of single JSON values, and the error they share. Strict: a value that does not fit is
// an error.

#include "hourglass/base/error.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hourglass::detail {

using Json = nlohmann::json;

/// A JSON value that does not fit the C++ type. Each container it passes on its way out adds its
/// step to the path.
class JsonMismatch : public Error {
public:
    using Error::Error;

    void inside(std::string_view key);
    void inside(std::size_t index);
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

// The readers of single values: each throws JsonMismatch saying what was expected and what is
// there.
[[nodiscard]] bool read_bool(const Json& json);
[[nodiscard]] std::int64_t read_signed(const Json& json, std::int64_t min, std::int64_t max);
[[nodiscard]] std::uint64_t read_unsigned(const Json& json, std::uint64_t max);
[[nodiscard]] double read_floating(const Json& json, double max);
[[nodiscard]] std::string read_string(const Json& json);
/// The integer that a key spells, else the key as a string, which no reader of integers takes.
[[nodiscard]] Json number_in_key(const std::string& key);
void expect_null(const Json& json);
void expect_array(const Json& json);
void expect_array(const Json& json, std::size_t size);
void expect_object(const Json& json);
/// The number as an integer if it is a float; other values as they are.
[[nodiscard]] Json whole_number(const Json& json);
/// Throws unless the enumerator that was read writes itself as what was given, or as null.
void expect_same_enumerator(const Json& given, const Json& decoded);
[[noreturn]] void reject_alternatives(const Json& json, const std::string& reasons);

/// Throws if a number of `given` came back from the decoded value as another one that only cutting
/// it explains.
void expect_same_numbers(const Json& given, const Json& decoded);

/// In a handler: throws what is being handled as JsonMismatch; Temporal failures and lack of memory
/// pass as they are.
[[noreturn]] void rethrow_as_mismatch();
/// In a handler: one line on what is being handled.
[[nodiscard]] std::string reason_of_current_exception();

}  // namespace hourglass::detail
