// Workflows whose constructor takes what their run method takes.
#include "tests/unit/workflow/harness.hpp"

namespace {

class Basket {
public:
    Basket(std::string owner, int limit) : owner_{std::move(owner)}, limit_{limit} {}

    hg::Task<int> run(std::string /*owner*/, int /*limit*/) {
        co_await wf::wait_condition([this] { return done_; });
        co_return added_;
    }
    void add(int count) { added_ = std::min(limit_, added_ + count); }
    void close() { done_ = true; }
    std::string owner() const { return owner_; }

private:
    const std::string owner_;
    const int limit_;
    int added_ = 0;
    bool done_ = false;
};

class Picky {
public:
    explicit Picky(int number) {
        if (number < 0) {
            throw hg::ApplicationError{"no such number"};
        }
    }
    hg::Task<void> run(int /*number*/) { co_return; }
};

}  // namespace

namespace hourglass::workflow::testing {

/// As Basket, without the constructor.
struct TakesTheSame {
    Task<int> run(std::string /*owner*/, int limit) { co_return limit; }
};

}  // namespace hourglass::workflow::testing

HOURGLASS_WORKFLOW(wf::testing::TakesTheSame, run);
HOURGLASS_WORKFLOW(Basket, run, signals(add, close), queries(owner));
HOURGLASS_WORKFLOW(Picky, run);

namespace {

TEST(ConstructorWithArguments, RunsBeforeTheHandlersOfTheFirstTask) {
    RunOf<Basket> run;
    EXPECT_THAT(
        run.activate(Jobs{}.start("Basket", std::string{"ada"}, 5).signal("add", 7).signal("close")
        ),
        ElementsAre(HasSubstr("5"))
    );
    EXPECT_EQ(run.state(), wf::RunState::Closed);
}

TEST(ConstructorWithArguments, IsSeenByAQuery) {
    RunOf<Basket> run;
    run.start(std::string{"ada"}, 5);
    EXPECT_THAT(run.activate(Jobs{}.query("owner")), ElementsAre(HasSubstr("ada")));
}

TEST(ConstructorWithArguments, MayFailTheWorkflow) {
    RunOf<Picky> run;
    EXPECT_THAT(run.start(-1), ElementsAre(HasSubstr("no such number")));
    EXPECT_EQ(run.state(), wf::RunState::Closed);
}

TEST(ConstructorWithArguments, LeavesNobodyToAnswerQueriesWhereItHasFailed) {
    RunOf<Picky> run;
    run.start(-1);
    EXPECT_THAT(
        run.activate(Jobs{}.query("owner")),
        ElementsAre(AllOf(HasSubstr("query failed"), HasSubstr("'owner': its constructor failed")))
    );
    EXPECT_EQ(run.state(), wf::RunState::Closed);
}

TEST(ConstructorWithArguments, CannotTakeOthers) {
    RunOf<Basket> basket;
    const auto lines = basket.start(std::string{"ada"}, std::string{"many"});
    RunOf<wf::testing::TakesTheSame> plain;
    EXPECT_EQ(lines.size(), plain.start(std::string{"ada"}, std::string{"many"}).size());
    EXPECT_EQ(basket.state(), plain.state());
    EXPECT_THAT(lines, ElementsAre(HasSubstr("index 1")));
}

}  // namespace
