#include "hourglass/convert/json_time.hpp"

#include "hourglass/convert/json.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace hourglass::detail {
namespace {

constexpr std::int64_t kExactIntegers = 9007199254740992;
constexpr double kInt64Limit = 9223372036854775808.0;

std::string tick_text(std::int64_t numerator, std::int64_t denominator) {
    return denominator == 1 ? std::to_string(numerator) + " s"
                            : std::to_string(numerator) + "/" + std::to_string(denominator) + " s";
}

[[noreturn]] void reject_ticks(const Json& json, std::int64_t numerator, std::int64_t denominator) {
    reject_time(
        "expected a duration in seconds that is a whole number of " +
        tick_text(numerator, denominator) + " within the type's range, got " + json.dump()
    );
}

class Reader {
public:
    explicit Reader(std::string_view text) : text_{text} {}

    // Exactly `digits` digits, or -1.
    int number(std::size_t digits) {
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (!at_digit()) {
                return -1;
            }
            value = value * 10 + (text_[at_++] - '0');
        }
        return value;
    }
    bool skip(std::string_view any_of) {
        if (at_ < text_.size() && any_of.find(text_[at_]) != std::string_view::npos) {
            ++at_;
            return true;
        }
        return false;
    }
    [[nodiscard]] bool at_digit() const {
        return at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9';
    }
    [[nodiscard]] char last() const { return text_[at_ - 1]; }
    [[nodiscard]] bool at_end() const { return at_ == text_.size(); }

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

bool read_fraction(Reader& reader, std::int64_t& nanoseconds) {
    if (!reader.at_digit()) {
        return false;
    }
    std::int64_t unit = 100'000'000;
    while (reader.at_digit()) {
        nanoseconds += unit * reader.number(1);  // digits beyond the ninth count nothing
        unit /= 10;
    }
    return true;
}

bool read_offset(Reader& reader, std::int64_t& seconds) {
    if (reader.skip("Zz")) {
        return true;
    }
    if (!reader.skip("+-")) {
        return false;
    }
    const int sign = reader.last() == '-' ? -1 : 1;
    const int hours = reader.number(2);
    const bool colon = reader.skip(":");
    const int minutes = reader.number(2);
    seconds = sign * (std::int64_t{hours} * 3600 + std::int64_t{minutes} * 60);
    return colon && hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60;
}

bool parse(std::string_view text, UnixTime& time) {
    using namespace std::chrono;
    Reader reader{text};
    const int year_number = reader.number(4);
    const bool dash = reader.skip("-");
    const int month_number = reader.number(2);
    const bool second_dash = reader.skip("-");
    const int day_number = reader.number(2);
    const bool separator = reader.skip("Tt ");
    const int hour = reader.number(2);
    const bool colon = reader.skip(":");
    const int minute = reader.number(2);
    const bool second_colon = reader.skip(":");
    const int second = reader.number(2);
    if (year_number < 0 || month_number < 0 || day_number < 0 || !dash || !second_dash ||
        !separator || !colon || !second_colon || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 60) {
        return false;
    }
    const year_month_day date{
        year{year_number},
        month{static_cast<unsigned>(month_number)},
        day{static_cast<unsigned>(day_number)}
    };
    std::int64_t offset = 0;
    if (!date.ok() || (reader.skip(".") && !read_fraction(reader, time.nanoseconds)) ||
        !read_offset(reader, offset) || !reader.at_end()) {
        return false;
    }
    // A leap second (60) is the next minute's first, as on every clock that does not know them.
    time.seconds = sys_days{date}.time_since_epoch().count() * std::int64_t{86400} +
                   std::int64_t{hour} * 3600 + std::int64_t{minute} * 60 + second - offset;
    return true;
}

}  // namespace

void reject_time(const std::string& what) {
    throw JsonMismatch{what};
}

Json ticks_to_json(std::int64_t count, std::int64_t numerator, std::int64_t denominator) {
    std::int64_t scaled = 0;
    if (!__builtin_mul_overflow(count, numerator, &scaled)) {
        if (scaled % denominator == 0) {
            return scaled / denominator;
        }
        if (scaled > -kExactIntegers && scaled < kExactIntegers) {
            return static_cast<double>(scaled) / static_cast<double>(denominator);
        }
        const std::int64_t whole = scaled / denominator;
        const std::int64_t rest = scaled % denominator;
        return static_cast<double>(whole) +
               static_cast<double>(rest) / static_cast<double>(denominator);
    }
    if (denominator == 1) {
        reject_time("the duration is longer than 2^63 seconds");
    }
    return static_cast<double>(count) *
           (static_cast<double>(numerator) / static_cast<double>(denominator));
}

std::int64_t ticks_from_json(const Json& json, std::int64_t numerator, std::int64_t denominator) {
    if (json.is_number_integer()) {
        const std::int64_t seconds = read_signed(
            json, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()
        );
        std::int64_t scaled = 0;
        if (__builtin_mul_overflow(seconds, denominator, &scaled) || scaled % numerator != 0) {
            reject_ticks(json, numerator, denominator);
        }
        return scaled / numerator;
    }
    const double seconds = seconds_from_json(json);
    const double approximate =
        seconds * static_cast<double>(denominator) / static_cast<double>(numerator);
    if (!(std::abs(approximate) < kInt64Limit)) {
        reject_ticks(json, numerator, denominator);
    }
    // The whole seconds apart from the rest: together they have more digits than a double, once
    // they are ticks.
    const double whole_seconds = numerator == 1 ? std::trunc(seconds) : 0;
    const double rest = (seconds - whole_seconds) * static_cast<double>(denominator) /
                        static_cast<double>(numerator);
    const double whole_rest = std::nearbyint(rest);
    // Decimal fractions have no exact double: 0.1 s is a whole number of nanoseconds all the same.
    // At most the spacing of doubles there is forgiven.
    const double spacing = (std::nextafter(std::abs(seconds), HUGE_VAL) - std::abs(seconds)) *
                           static_cast<double>(denominator) / static_cast<double>(numerator);
    if (std::abs(rest - whole_rest) > std::max(1e-3, spacing)) {
        reject_ticks(json, numerator, denominator);
    }
    std::int64_t ticks = 0;
    if (__builtin_mul_overflow(static_cast<std::int64_t>(whole_seconds), denominator, &ticks) ||
        __builtin_add_overflow(ticks, static_cast<std::int64_t>(whole_rest), &ticks)) {
        reject_ticks(json, numerator, denominator);
    }
    return ticks;
}

double seconds_from_json(const Json& json) {
    if (!json.is_number()) {
        reject_time(
            "expected a duration as a number of seconds, got " + std::string{json.type_name()}
        );
    }
    return json.get<double>();
}

std::string write_rfc3339(UnixTime time) {
    using namespace std::chrono;
    const auto since = seconds{time.seconds};
    const auto date_days = floor<days>(since);
    const year_month_day date{sys_days{date_days}};
    const int year_number = static_cast<int>(date.year());
    if (year_number < 0 || year_number > 9999) {
        reject_time("the point in time lies outside of the years 0 to 9999");
    }
    const hh_mm_ss clock{since - date_days};
    std::array<char, 64> text{};
    std::snprintf(
        text.data(),
        text.size(),
        "%04d-%02u-%02uT%02d:%02d:%02d",
        year_number,
        static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count())
    );
    std::string result = text.data();
    if (time.nanoseconds != 0) {
        // Groups of three digits: Python's parser takes no other number of them before 3.11.
        std::string digits = std::to_string(1'000'000'000 + time.nanoseconds).substr(1);
        while (digits.ends_with("000")) {
            digits.resize(digits.size() - 3);
        }
        result += "." + digits;
    }
    return result + "Z";
}

UnixTime read_rfc3339(const Json& json) {
    if (!json.is_string()) {
        reject_time("expected a point in time as text, got " + std::string{json.type_name()});
    }
    UnixTime time;
    if (!parse(json.get_ref<const std::string&>(), time)) {
        reject_time(
            "expected a point in time with its offset from UTC, such as 2024-02-29T12:00:00Z, got "
            "\"" +
            json.get_ref<const std::string&>().substr(0, 40) + "\""
        );
    }
    return time;
}

}  // namespace hourglass::detail
