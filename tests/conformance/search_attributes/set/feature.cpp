#include "tests/conformance/harness/row.hpp"
#include "tests/support/search_attributes.hpp"

#include <vector>

namespace conformance::search_set {

using hg::test::kCents;
using hg::test::kCustomer;
using hg::test::kPaid;
using hg::test::kTags;

class ReadsItsAttributes {
public:
    hg::Task<std::vector<std::string>> run() {
        const auto& attributes = wf::info().search_attributes;
        std::vector<std::string> seen = attributes.get(kTags).value();
        seen.push_back(attributes.get(kCustomer).value());
        seen.push_back(std::to_string(attributes.get(kCents).value()));
        seen.push_back(attributes.get(kPaid).value() ? "paid" : "open");
        co_return seen;
    }
};

}  // namespace conformance::search_set

HOURGLASS_WORKFLOW(conformance::search_set::ReadsItsAttributes, run);

namespace conformance::search_set {

void run(Row& row) {
    hg::test::make_search_attributes(row.client());
    auto options = row.options();
    options.search_attributes = {
        kCustomer.set("ada"), kTags.set({"a", "b"}), kCents.set(5), kPaid.set(true)
    };
    const auto handle = row.client().start<&ReadsItsAttributes::run>(options);
    EXPECT_THAT(handle.result(), ElementsAre("a", "b", "ada", "5", "paid"));
    const auto attributes = handle.describe().search_attributes;
    EXPECT_EQ(attributes.get(kCustomer), "ada");
    EXPECT_THAT(attributes.get(kTags).value(), ElementsAre("a", "b"));
    EXPECT_EQ(attributes.get(kCents), 5);
    EXPECT_EQ(attributes.get(kPaid), true);
    row.replay(handle);
}

const Registration kRow{
    {.path = "search_attributes/set",
     .checks = "typed search attributes of the start are there in the workflow and in its "
               "description",
     .run = run}
};

}  // namespace conformance::search_set
