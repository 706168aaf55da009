#include "hourglass/subsystem/application_options.hpp"

namespace hourglass {

ApplicationOptions ApplicationOptions::from_environment() {
    ApplicationOptions options;
    options.client = ClientOptions::from_environment();
    return options;
}

}  // namespace hourglass
