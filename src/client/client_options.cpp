#include "hourglass/client/client_options.hpp"

#include "hourglass/client/profile.hpp"
#include "src/client/identity.hpp"

#include <string>
#include <unistd.h>
#include <utility>

namespace hourglass {

ClientOptions ClientOptions::from_environment(DataOptions data) {
    return load_profile().client_options(std::move(data));
}

namespace client {

std::string default_identity() {
    char host[256] = {};
    if (gethostname(host, sizeof host - 1) != 0 || host[0] == '\0') {
        return std::to_string(getpid()) + "@unknown";
    }
    return std::to_string(getpid()) + '@' + host;
}

std::string identity_in_child(const std::string& given) {
    return given.empty() ? default_identity() : given + '#' + std::to_string(getpid());
}

}  // namespace client
}  // namespace hourglass
