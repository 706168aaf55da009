#include <gtest/gtest.h>
#include "hourglass/supervision/supervision.hpp"
using namespace hourglass::supervision;
using namespace std::chrono_literals;
class Counter : public Process {
public:
    explicit Counter(int start) : n_{start} {}
    void add(int k) { n_ += k; }
    int value() const { return n_; }
    void boom() { throw std::runtime_error{"boom"}; }
private:
    int n_;
};
TEST(Smoke, Virtual) {
    VirtualSystem system;
    auto c = system.spawn<Counter>(1);
    auto f = c.call(&Counter::value);
    system.run_until_idle();
    EXPECT_EQ(f.get(), 1);
    auto sup = system.run(system.start<Supervisor>(SupervisorSpec{.name="app",.strategy = Strategy::RestForOne, .children = {
        child<Counter>("a", 1), child<DynamicSupervisor>("workers"), child<TaskSupervisor>("tasks"), supervisor_child("sub", {.children = {child<Counter>("b", 2)}})}}));
    std::cout << tree_text(system.run(SupervisorBase::report(sup)));
    auto a = system.run(Supervisor::child(sup, "a"));
    a.as<Counter>().cast(&Counter::boom);
    system.run_until_idle();
    std::cout << tree_text(system.run(SupervisorBase::report(sup)));
}
TEST(Smoke, Threads) {
    ThreadedSystem system;
    auto c = system.spawn<Counter>(1);
    EXPECT_EQ(c.call(&Counter::value).get(), 1);
    auto sup = system.start<Supervisor>(SupervisorSpec{.name="app",.strategy = Strategy::RestForOne, .children = {
        child<Counter>("a", 1), child<DynamicSupervisor>("workers"), child<TaskSupervisor>("tasks"), supervisor_child("sub", {.children = {child<Counter>("b", 2)}})}}).get();
    std::cout << tree_text(SupervisorBase::report(sup).get());
}
