#include "src/subsystem/status_html.hpp"

#include "tests/unit/subsystem/status_samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hourglass::subsystem {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string page(const StatusSnapshot& snapshot) {
    return status_html(snapshot, {});
}

TEST(EscapeHtml, LeavesNothingThatMeansMarkup) {
    EXPECT_EQ(escape_html("a<b>&\"c'"), "a&lt;b&gt;&amp;&quot;c&#39;");
    EXPECT_EQ(escape_html("naïve"), "naïve");
}

TEST(StatusHtml, EscapesNamesAndExitReasons) {
    const std::string html = page(test::sample());
    EXPECT_THAT(html, Not(HasSubstr("<img")));
    EXPECT_THAT(html, Not(HasSubstr("<script>alert")));
    EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
    EXPECT_THAT(html, HasSubstr("<h3 class=\"id\">&lt;img src=x onerror=&quot;"));
}

TEST(StatusHtml, ShowsTheTreeWithoutJavaScript) {
    const std::string html = page(test::sample());
    EXPECT_THAT(
        html,
        HasSubstr("<b class=\"id\">BridgeHolder</b><span class=\"restarts\">2 restarts</span>"
                  "<span class=\"facts\">running for 5 min · mailbox 7</span>"
                  "<span class=\"exit\">last exit: crashed: ")
    );
    EXPECT_THAT(html, HasSubstr("3 of 150"));
    EXPECT_THAT(html, HasSubstr("2.5 activities a second in the whole queue"));
}

TEST(StatusHtml, ShowsTheCountersThatAreNotZero) {
    const std::string html = page(test::sample());
    EXPECT_THAT(
        html,
        HasSubstr("<td class=\"count\">2</td><td class=\"name\">hourglass_restarts</td>"
                  "<td class=\"id\">child BridgeHolder</td>")
    );
    EXPECT_THAT(
        html,
        HasSubstr("<td class=\"count\">3</td><td class=\"name\">hourglass_late_completions</td>"
                  "<td class=\"id\">kind activity, outcome reported</td>")
    );
    EXPECT_THAT(html, HasSubstr("<td class=\"id\">child &lt;img src=x onerror="));
    EXPECT_THAT(html, Not(HasSubstr("child Runtime")));
    EXPECT_THAT(page({}), HasSubstr("<p class=\"limits\">nothing</p>"));
}

TEST(StatusHtml, TakesNothingFromElsewhere) {
    const std::string html = page(test::sample());
    EXPECT_THAT(html, Not(HasSubstr("http:")));
    EXPECT_THAT(html, Not(HasSubstr("https:")));
    EXPECT_THAT(html, Not(HasSubstr(" style=")));
}

TEST(StatusHtml, SaysWhenTheRootDoesNotAnswer) {
    EXPECT_THAT(page({}), HasSubstr("The root of the tree does not answer."));
}

TEST(StatusHtml, CountsPassingProcessesBeyondTheFirstSix) {
    StatusSnapshot snapshot;
    snapshot.tree_answers = true;
    supervision::ChildReport attempt = test::running("attempt");
    attempt.restart = supervision::Restart::Temporary;
    snapshot.tree.children.assign(10, attempt);
    EXPECT_THAT(page(snapshot), HasSubstr("and 4 more"));
}

}  // namespace
}  // namespace hourglass::subsystem
