#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hourglass::convert {

/// Temporal reads the two in different ways.
enum class CronOf : std::uint8_t {
    Workflow,  ///< five fields, `@every 1h30m`, `@daily` and the like; with a time zone before them
    Schedule,  ///< also a field of years, one of seconds, a comment, `@every 1d/2h`, longer names
};

/// Refuses what the server would: it does not say which field is wrong, or, if a workflow asks,
/// fails its task again and again. Whether it knows the time zone is the server's to say.
/// @param field  whose it is and what it is called: "cannot start workflow \"a\": cron_schedule".
/// @throws ConfigurationError naming the field, the text and the part of it that is wrong.
void check_cron(const std::string& field, std::string_view text, CronOf whose);

}  // namespace hourglass::convert
