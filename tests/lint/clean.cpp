// Code that the linter has nothing to say about: workflows that ask Hourglass, and code that is no
// workflow's.
#include <hourglass/workflow/workflow.hpp>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace hg = hourglass;
namespace wf = hourglass::workflow;
using namespace std::chrono_literals;

class Clean {
public:
    hg::Task<std::string> run(std::vector<std::string> names) {
        const auto began = wf::now();
        co_await wf::sleep(1s);
        counts_["found"] += 1;
        if (const auto found = counts_.find("found"); found != counts_.end()) {
            by_name_[found->first] = found->second;
        }
        for (const auto& [name, count] : by_name_) {
            names.push_back(name + std::to_string(count));
        }
        std::sort(names.begin(), names.end());
        const auto number = wf::random()();
        wf::logger().info("drawn", {{"number", std::to_string(number)}});
        co_return wf::uuid4() + std::to_string((wf::now() - began).count());
    }

private:
    std::unordered_map<std::string, int> counts_;
    std::map<std::string, int> by_name_;
};
HOURGLASS_WORKFLOW(Clean, run)

// An activity may do all that.
std::string price(std::string name) {
    const std::lock_guard lock{*new std::mutex};
    std::ifstream file{name};
    std::this_thread::sleep_for(1ms);
    std::cout << std::random_device{}()
              << std::chrono::system_clock::now().time_since_epoch().count();
    std::unordered_map<std::string, int> counts;
    for (const auto& [key, count] : counts) {
        name += key + std::to_string(count);
    }
    return name;
}
