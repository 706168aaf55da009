#pragma once

#include <hourglass/hourglass.hpp>

/// Search attributes for tests against a real server, which has room for a few of each type only.
namespace hourglass::test {

inline const auto kCustomer = search_attribute::keyword("HgCustomer");
inline const auto kTags = search_attribute::keyword_list("HgTags");
inline const auto kCents = search_attribute::integer("HgCents");
inline const auto kPaid = search_attribute::boolean("HgPaid");

/// Makes them on the server, as an operator does once, and returns when they can be used.
/// @throws std::runtime_error if they cannot after 20 s.
/// @threads any.
void make_search_attributes(const Client& client);

}  // namespace hourglass::test
