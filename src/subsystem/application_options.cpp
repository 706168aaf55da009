#include "hourglass/subsystem/application_options.hpp"

#include <utility>

namespace hourglass {

ApplicationOptions ApplicationOptions::from_environment(DataOptions data) {
    ApplicationOptions options;
    options.client = ClientOptions::from_environment(std::move(data));
    return options;
}

}  // namespace hourglass
