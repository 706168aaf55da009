#include "program.hpp"

#include <charconv>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace bench {

std::int64_t number(std::string_view text, std::int64_t least) {
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || value < least) {
        throw std::invalid_argument{
            "'" + std::string{text} + "' is no number from " + std::to_string(least) + " on"
        };
    }
    return value;
}

int run_program(int argc, char** argv, std::string_view usage, RunJob run_job) {
    const std::vector<std::string> arguments{argv + 1, argv + argc};
    try {
        nlohmann::json line = run_job(arguments);
        line["sdk"] = "cpp";
        line["job"] = arguments;
        std::cout << line.dump() << std::endl;
        return EXIT_SUCCESS;
    } catch (const std::out_of_range&) {
        std::cerr << usage << "\n";
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << "\n";
    }
    return EXIT_FAILURE;
}

}  // namespace bench
