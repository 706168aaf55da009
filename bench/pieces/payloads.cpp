// What a value costs on its way to a payload and back.

#include "hourglass/convert/convert.hpp"

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace bench {

struct Line {
    std::string article;
    int count = 0;
    double price = 0;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Line, article, count, price)

struct Order {
    std::string id;
    std::vector<Line> lines;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Order, id, lines)

namespace {

namespace hg = hourglass;

const Order kOrder{
    "order-7",
    {{"propeller", 1, 129.5}, {"rotor", 2, 58.25}, {"bolt M6", 120, 0.07}, {"nut M6", 120, 0.05}}
};

void number_there_and_back(benchmark::State& state) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(hg::from_payload<std::int64_t>(hg::to_payload(std::int64_t{1999}))
        );
    }
}
BENCHMARK(number_there_and_back);

void struct_to_payload(benchmark::State& state) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(hg::to_payload(kOrder));
    }
}
BENCHMARK(struct_to_payload);

void struct_from_payload(benchmark::State& state) {
    const auto payload = hg::to_payload(kOrder);
    for (auto _ : state) {
        benchmark::DoNotOptimize(hg::from_payload<Order>(payload));
    }
}
BENCHMARK(struct_from_payload);

}  // namespace
}  // namespace bench
