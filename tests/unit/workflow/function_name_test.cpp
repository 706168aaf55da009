#include "src/workflow/function_name.hpp"

#include <gtest/gtest.h>

namespace hourglass::workflow {
namespace {

TEST(FunctionName, leaves_out_what_compilers_write_around_it) {
    EXPECT_EQ(
        function_name("hourglass::Task<std::__cxx11::basic_string<char> > shop::Cart::run(int)"),
        "shop::Cart::run"
    );
    EXPECT_EQ(
        function_name("Task<std::string> shop::Cart::run(int, Order) const"), "shop::Cart::run"
    );
    EXPECT_EQ(
        function_name("hourglass::Task<R> shop::twice(R, std::function<bool()>) [with R = int]"),
        "shop::twice"
    );
    EXPECT_EQ(function_name("T shop::twice(R) [R = double]"), "shop::twice");
    EXPECT_EQ(function_name("Task<void> free_function()"), "free_function");
}

TEST(FunctionName, knows_how_gcc_names_a_coroutine_s_first_await) {
    EXPECT_EQ(
        function_name("void shop::Cart::run(shop::Cart::run(int)::_ZN4shop4Cart3runEi.Frame*)"),
        "shop::Cart::run"
    );
}

TEST(FunctionName, of_a_lambda_says_where_it_stands) {
    EXPECT_EQ(function_name("fr()::<lambda()>"), "fr()::<lambda()>");
    EXPECT_EQ(
        function_name("void fr()::<lambda()>::operator()(fr()::_ZZ2frvENKUlvE_clEv.Frame*)"),
        "fr()::<lambda()>::operator()"
    );
    EXPECT_EQ(
        function_name("auto fr()::(anonymous class)::operator()() const"),
        "fr()::(anonymous class)::operator()"
    );
}

TEST(FunctionName, that_is_none_is_left_alone) {
    EXPECT_EQ(function_name(""), "");
    EXPECT_EQ(function_name("main"), "main");
    EXPECT_EQ(function_name(")"), ")");
}

}  // namespace
}  // namespace hourglass::workflow
