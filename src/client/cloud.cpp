#include "hourglass/client/cloud.hpp"

#include "hourglass/base/error.hpp"

#include <google/protobuf/descriptor.h>

#include <string_view>
#include <utility>

namespace hourglass::cloud {

namespace {

constexpr const char* kVersionHeader = "temporal-cloud-api-version";

}  // namespace

ClientOptions client_options(CloudOptions options) {
    if (options.api_key.empty()) {
        throw ConfigurationError{
            "CloudOptions::api_key is empty; Temporal Cloud's API needs the key of a user or of a "
            "service account"
        };
    }
    if (options.api_version.empty()) {
        throw ConfigurationError{
            "CloudOptions::api_version is empty; leave it at its default, or name the version that "
            "the program is written for, such as \"v0.17.0\""
        };
    }
    ClientOptions made;
    made.address = std::move(options.address);
    made.tls = std::move(options.tls);
    made.api_key = std::move(options.api_key);
    made.headers = std::move(options.headers);
    made.headers[kVersionHeader] = std::move(options.api_version);
    made.rpc_timeout = options.rpc_timeout;
    made.http_proxy = std::move(options.http_proxy);
    return made;
}

CloudClient connect(CloudOptions options) {
    return CloudClient{Client::connect(client_options(std::move(options)))};
}

namespace detail {

std::string method_of(const google::protobuf::Descriptor& request) {
    constexpr std::string_view kPackage = "temporal.api.cloud.cloudservice.v1";
    constexpr std::string_view kEnd = "Request";
    const std::string& name = request.name();
    if (request.file()->package() != kPackage || !name.ends_with(kEnd)) {
        throw ConfigurationError{
            request.full_name() + " is no request of Temporal Cloud's API; those are in " +
            std::string{kPackage} + ", and their names end in Request"
        };
    }
    return name.substr(0, name.size() - kEnd.size());
}

}  // namespace detail

}  // namespace hourglass::cloud
