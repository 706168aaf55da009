#include "tests/unit/workflow/harness.hpp"

#include <string>

struct Anything {
    hg::Task<std::string> run(hg::Payloads arguments) {
        std::string text = wf::info().workflow_type;
        for (const auto& argument : arguments) {
            text += " " + argument.data;
        }
        co_return text;
    }
    int count() const { return 1; }
};
HOURGLASS_WORKFLOW(Anything, run, dynamic(), queries(count))

struct AnotherAnything {
    explicit AnotherAnything(const hg::Payloads& arguments) : count{arguments.size()} {}
    hg::Task<std::size_t> run(hg::Payloads /*arguments*/) { co_return count; }
    std::size_t count;
};
HOURGLASS_WORKFLOW(AnotherAnything, run, name("another"), dynamic())

struct Something {
    hg::Task<void> run() { co_return; }
};
HOURGLASS_WORKFLOW(Something, run)

TEST(DynamicWorkflow, gets_the_type_and_the_arguments_as_they_came) {
    RunOf<Anything> run;
    EXPECT_THAT(
        run.activate(Jobs{}.start("NobodyElse", 5, "x")),
        ElementsAre(R"(complete "NobodyElse 5 \"x\"")")
    );
    EXPECT_THAT(run.activate(Jobs{}.query("count")), ElementsAre("answer 1"));
}

TEST(DynamicWorkflow, may_take_the_arguments_in_its_constructor) {
    RunOf<AnotherAnything> run;
    EXPECT_THAT(
        run.activate(Jobs{}.start("NobodyElse", 5, "x", true)), ElementsAre(HasSubstr("3"))
    );
}

TEST(Catalog, gives_the_dynamic_workflow_for_what_has_no_definition_of_its_own) {
    wf::Catalog catalog;
    EXPECT_EQ(catalog.find("NobodyElse"), nullptr);
    EXPECT_TRUE(catalog.add(wf::definition_of<Anything>()));
    EXPECT_FALSE(catalog.add(wf::definition_of<Anything>()));
    EXPECT_TRUE(catalog.add(wf::definition_of<Something>()));
    EXPECT_EQ(catalog.find("NobodyElse"), &wf::definition_of<Anything>());
    EXPECT_EQ(catalog.find("Something"), &wf::definition_of<Something>());
    EXPECT_THAT(catalog.names(), ElementsAre("Something"));
    EXPECT_NO_THROW(catalog.check());
    EXPECT_FALSE(catalog.add(wf::definition_of<AnotherAnything>()));
    EXPECT_THROW(catalog.check(), hg::DuplicateRegistrationError);
}
