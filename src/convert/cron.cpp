#include "src/convert/cron.hpp"

#include "hourglass/base/error.hpp"
#include "src/convert/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace hourglass::convert {

namespace {

using Texts = std::vector<std::string_view>;

constexpr std::string_view kMonths[] = {
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december"
};
constexpr std::string_view kDays[] = {
    "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"
};

struct Field {
    const char* name;
    long lowest;
    long highest;
    std::span<const std::string_view> names = {};
    /// Letters of a name that a schedule needs at least; a workflow's names have three.
    std::size_t shortest = 0;
};

constexpr Field kSecond{"second", 0, 59};
constexpr Field kMinute{"minute", 0, 59};
constexpr Field kHour{"hour", 0, 23};
constexpr Field kDayOfMonth{"day of month", 1, 31};
constexpr Field kMonth{"month", 1, 12, kMonths, 3};
constexpr Field kDayOfWeek{"day of week", 0, 6, kDays, 3};
constexpr Field kDayOfWeekTo7{"day of week", 0, 7, kDays, 2};
constexpr Field kYear{"year", 2000, 2100};

/// Those of the Go function that the server separates fields with, as blanks.
std::string with_blanks(std::string_view text) {
    static constexpr std::string_view kOthers[] = {
        "\xC2\x85",
        "\xC2\xA0",
        "\xE1\x9A\x80",
        "\xE2\x80\x80",
        "\xE2\x80\x81",
        "\xE2\x80\x82",
        "\xE2\x80\x83",
        "\xE2\x80\x84",
        "\xE2\x80\x85",
        "\xE2\x80\x86",
        "\xE2\x80\x87",
        "\xE2\x80\x88",
        "\xE2\x80\x89",
        "\xE2\x80\x8A",
        "\xE2\x80\xA8",
        "\xE2\x80\xA9",
        "\xE2\x80\xAF",
        "\xE2\x81\x9F",
        "\xE3\x80\x80"
    };
    std::string blanks;
    while (!text.empty()) {
        const auto* other = std::ranges::find_if(kOthers, [&](std::string_view each) {
            return text.starts_with(each);
        });
        if (other != std::end(kOthers)) {
            blanks += ' ';
            text.remove_prefix(other->size());
            continue;
        }
        blanks += text.front() >= '\t' && text.front() <= '\r' ? ' ' : text.front();
        text.remove_prefix(1);
    }
    return blanks;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

Texts split(std::string_view text, char separator) {
    Texts parts;
    while (true) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(end + 1);
    }
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::optional<long> number(std::string_view text) {
    if (text.starts_with('+')) {
        text.remove_prefix(1);
    }
    long value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || value < 0 ||
        !is_digit(text.front())) {
        return std::nullopt;
    }
    return value;
}

std::string lower(std::string_view text) {
    std::string result{text};
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

std::optional<long> value(const Field& field, std::string_view text, CronOf whose) {
    const bool may_be_name =
        whose == CronOf::Workflow ? text.size() == 3 : text.size() >= field.shortest;
    if (may_be_name) {
        const auto found = std::ranges::find_if(field.names, [&](std::string_view name) {
            return name.starts_with(lower(text));
        });
        if (found != field.names.end()) {
            // Both start with the lowest: January is 1, Sunday is 0.
            return field.lowest + (found - field.names.begin());
        }
    }
    return number(text);
}

/// `*`, `5`, `1-5`, and each with a step, `/2`.
bool fits(const Field& field, std::string_view range, CronOf whose) {
    const Texts halves = split(range, '/');
    if (halves.size() > 2 || (halves.size() == 2 && number(halves[1]).value_or(0) < 1)) {
        return false;
    }
    const Texts ends = split(halves[0], '-');
    if (whose == CronOf::Workflow && (ends[0] == "*" || ends[0] == "?")) {
        return true;  // a workflow's may have anything behind a hyphen then
    }
    if (halves[0] == "*") {
        return true;
    }
    const auto first = value(field, ends[0], whose);
    const auto last = value(field, ends.back(), whose);
    return ends.size() <= 2 && first && last && *first >= field.lowest && *last >= *first &&
           *last <= field.highest;
}

std::optional<std::string> wrong_field(const Field& field, std::string_view text, CronOf whose) {
    for (const auto range : split(text, ',')) {
        if ((range.empty() && whose == CronOf::Workflow) || fits(field, range, whose)) {
            continue;  // a workflow may have a comma too many
        }
        std::string expected =
            "numbers from " + std::to_string(field.lowest) + " to " + std::to_string(field.highest);
        if (!field.names.empty()) {
            expected += " or names such as " + std::string{field.names[1].substr(0, 3)};
        }
        return "its " + std::string{field.name} + " has \"" + std::string{range} + "\", expected " +
               expected + ", one or first-last, or *, with or without a /step";
    }
    return std::nullopt;
}

/// Nanoseconds of what Go writes as "1h30m"; a schedule's may have days.
std::optional<double> duration(std::string_view text, CronOf whose) {
    static constexpr std::pair<std::string_view, double> kUnits[] = {
        {"ns", 1},
        {"us", 1e3},
        {"\xC2\xB5s", 1e3},
        {"\xCE\xBCs", 1e3},
        {"ms", 1e6},
        {"s", 1e9},
        {"m", 60e9},
        {"h", 3600e9},
        {"d", 24 * 3600e9}
    };
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    if (text == "0") {
        return 0;
    }
    if (text.empty()) {
        return std::nullopt;
    }
    double sum = 0;
    while (!text.empty()) {
        const auto digits = std::min(text.find_first_not_of("0123456789."), text.size());
        const auto unit_end = std::min(text.find_first_of("0123456789.", digits), text.size());
        const auto amount = text.substr(0, digits);
        const auto unit = text.substr(digits, unit_end - digits);
        const auto* found = std::ranges::find(kUnits, unit, [](auto each) { return each.first; });
        if (std::ranges::count(amount, '.') > 1 || std::ranges::none_of(amount, is_digit) ||
            found == std::end(kUnits) || (unit == "d" && whose == CronOf::Workflow)) {
            return std::nullopt;
        }
        double count = 0;
        std::from_chars(amount.data(), amount.data() + amount.size(), count);
        sum += count * found->second;
        text.remove_prefix(unit_end);
    }
    sum = std::trunc(sum);
    return negative ? -sum : sum;
}

constexpr std::string_view kEvery = "@every";

/// A workflow's shorter or negative ones are taken for 1 s.
std::optional<std::string> wrong_every(std::string_view text, CronOf whose) {
    const auto blank = text.find(' ');
    const auto given = blank == std::string_view::npos ? "" : text.substr(blank + 1);
    if (whose == CronOf::Workflow) {
        if (!duration(given, whose)) {
            return "\"" + std::string{given} + "\" is no duration, expected one such as 1h30m";
        }
        return std::nullopt;
    }
    const auto slash = given.find('/');
    const auto interval = duration(given.substr(0, slash), whose);
    const auto phase_text = slash == std::string_view::npos ? "" : given.substr(slash + 1);
    const auto phase = phase_text.empty() ? 0 : duration(phase_text, whose);
    if (!interval || !phase || *interval < 1e9 || *phase < 0 || *phase >= *interval) {
        return "\"" + std::string{given} +
               "\" is no interval, expected a duration of at least 1 s such as 1h30m, with or "
               "without an offset that is shorter, such as 1d/2h";
    }
    return std::nullopt;
}

bool is_named(std::string_view text) {
    static constexpr std::string_view kNames[] = {
        "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"
    };
    return std::ranges::find(kNames, text) != std::end(kNames);
}

struct Zoned {
    std::optional<std::string_view> zone;
    /// Nothing, if a zone is all there is.
    std::optional<std::string_view> rest;
};

Zoned split_zone(std::string_view text) {
    if (!text.starts_with("TZ=") && !text.starts_with("CRON_TZ=")) {
        return {.zone = std::nullopt, .rest = text};
    }
    const auto name = text.find('=') + 1;
    const auto blank = text.find(' ');
    if (blank == std::string_view::npos) {
        return {.zone = text.substr(name), .rest = std::nullopt};
    }
    return {.zone = text.substr(name, blank - name), .rest = trimmed(text.substr(blank))};
}

std::optional<std::string> wrong_zone(const Zoned& text) {
    const auto zone = text.zone.value_or("");
    if (zone.starts_with('/') || zone.starts_with('\\') ||
        zone.find("..") != std::string_view::npos) {
        return "\"" + std::string{zone} + "\" is no time zone, expected one such as Europe/Berlin";
    }
    if (!text.rest) {
        return "nothing follows its time zone, expected fields";
    }
    return std::nullopt;
}

std::optional<std::string> wrong_fields(
    std::string_view text, std::span<const Field* const> fields, CronOf whose
) {
    Texts given = split(text, ' ');
    std::erase(given, std::string_view{});
    const auto count = given.size();
    const auto most = whose == CronOf::Workflow ? 5U : 7U;
    if (count < 5 || count > most) {
        return "it has " + std::to_string(count) +
               (count == 1 ? " field, expected " : " fields, expected ") +
               (whose == CronOf::Workflow
                    ? "5: minute, hour, day of month, month, day of week"
                    : "5 to 7: minute, hour, day of month, month, day of week, with 6 also the "
                      "year, with 7 the second before them") +
               "; or @every with a duration, or @hourly, @daily, @weekly, @monthly or @yearly";
    }
    // The seconds, the first of the fields, are there if all are.
    fields = fields.subspan(count == 7 ? 0 : 1);
    for (std::size_t i = 0; i < count; ++i) {
        if (auto wrong = wrong_field(*fields[i], given[i], whose)) {
            return wrong;
        }
    }
    return std::nullopt;
}

std::optional<std::string> wrong_of_workflow(std::string_view text) {
    static constexpr std::array kFields{
        &kSecond, &kMinute, &kHour, &kDayOfMonth, &kMonth, &kDayOfWeek
    };
    const Zoned zoned = split_zone(text);
    if (auto wrong = wrong_zone(zoned)) {
        return wrong;
    }
    text = *zoned.rest;
    if (text.starts_with("@every ")) {
        return wrong_every(text, CronOf::Workflow);
    }
    if (is_named(text)) {
        return std::nullopt;
    }
    return wrong_fields(text, kFields, CronOf::Workflow);
}

std::optional<std::string> wrong_of_schedule(std::string_view text) {
    static constexpr std::array kFields{
        &kSecond, &kMinute, &kHour, &kDayOfMonth, &kMonth, &kDayOfWeekTo7, &kYear
    };
    constexpr std::size_t kLongestComment = 200;
    const Zoned zoned = split_zone(trimmed(text));
    text = zoned.rest.value_or("");
    const auto hash = text.find('#');
    const auto comment = hash == std::string_view::npos ? "" : trimmed(text.substr(hash + 1));
    text = trimmed(text.substr(0, hash));
    if (text.starts_with(kEvery)) {
        return wrong_every(text, CronOf::Schedule);  // for which no time zone counts
    }
    if (auto wrong = wrong_zone(zoned)) {
        return wrong;
    }
    if (comment.size() > kLongestComment) {
        return "its comment has " + std::to_string(comment.size()) + " bytes, expected at most " +
               std::to_string(kLongestComment);
    }
    if (is_named(text)) {
        return std::nullopt;
    }
    return wrong_fields(text, kFields, CronOf::Schedule);
}

}  // namespace

void check_cron(const std::string& field, std::string_view text, CronOf whose) {
    const auto refuse = [&](const std::string& why) {
        throw ConfigurationError{field + " is \"" + valid_utf8(text) + "\": " + why};
    };
    if (!is_utf8(text)) {
        refuse("it is not valid UTF-8");
    }
    const std::string blanks = with_blanks(text);
    const auto wrong =
        whose == CronOf::Workflow ? wrong_of_workflow(blanks) : wrong_of_schedule(blanks);
    if (wrong) {
        refuse(*wrong);
    }
}

}  // namespace hourglass::convert
