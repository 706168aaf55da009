#include "tests/conformance/harness/registry.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace conformance {
namespace {

std::vector<Feature>& entered() {
    static std::vector<Feature> features;
    return features;
}

}  // namespace

Registration::Registration(Feature feature) {
    entered().push_back(std::move(feature));
}

std::vector<Feature> features() {
    std::vector<Feature> sorted = entered();
    std::ranges::sort(sorted, {}, &Feature::path);
    const auto twice = std::ranges::adjacent_find(sorted, {}, &Feature::path);
    if (twice != sorted.end()) {
        throw std::logic_error{"two conformance rows have the path " + twice->path};
    }
    return sorted;
}

}  // namespace conformance
