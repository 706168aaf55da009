// Code that the linter has nothing to say about: workflows that ask Hourglass, and code that is no
// workflow's.
#include <hourglass/workflow/workflow.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
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

struct Parcel {
    std::string name;
    int grams = 0;
};
struct Size {
    int width = 0;
    int height = 0;
};
struct Step {
    std::string name;
    hg::Task<int> (*run)(int number);
};
hg::Task<int> weigh(Parcel parcel) {
    co_return parcel.grams;
}
hg::Task<int> area(Size size) {
    co_return size.width* size.height;
}

class WritesWell {
public:
    hg::Task<int> run(std::string name) {
        const Parcel parcel{name, 1};
        int sum = co_await weigh(parcel);
        sum += co_await area({1, 2});  // nothing that has to be destroyed
        sum += co_await weigh(Parcel());
        const wf::ActivityOptions options{.start_to_close_timeout = 1s};
        sum += co_await wf::execute_activity<int>("price", options, name);
        sum += co_await wf::execute_activity<int>(
            "price", {.start_to_close_timeout = 1s, .summary = name}, name
        );
        co_await wf::wait_condition([this] { return light({"a", 1}); }, {.timeout = 1h});
        const Size size{co_await area({1, 2}), 3};
        if (co_await area(size) == 6) {  // in a coroutine that has variables
            co_return 1;
        }
        const auto without_captures = [](int number) -> hg::Task<int> {
            co_await wf::sleep(1s);
            co_return number;
        };
        const Step step{name, [](int number) -> hg::Task<int> {
                            co_await wf::sleep(1s);  // the lambda's, not of what is in the braces
                            co_return number;
                        }};
        sum += co_await step.run(1);
        const auto no_coroutine = [this](std::string of) { return text(std::move(of)); };
        const std::string text = co_await no_coroutine("this");
        co_return sum + static_cast<int>(text.size()) + co_await without_captures(1);
    }
    hg::Task<std::string> text(std::string of) { co_return of; }
    bool light(const Parcel& parcel) const { return parcel.grams < 2; }
};
HOURGLASS_WORKFLOW(WritesWell, run)

class ContinuesAsNew {
public:
    hg::Task<void> run(int round) {
        std::exception_ptr kept;
        try {
            wf::continue_as_new<&ContinuesAsNew::run>({}, round + 1);
        } catch (...) {
            kept = std::current_exception();
        }
        try {
            wf::continue_as_new<&ContinuesAsNew::run>({}, round + 1);
        } catch (...) {
            ++undone_;
            throw;
        }
        try {
            wf::continue_as_new<&ContinuesAsNew::run>({}, round + 1);
        } catch (const std::exception&) {  // lets it pass
            ++undone_;
        }
        try {
            wf::continue_as_new<&ContinuesAsNew::run>({}, round + 1);
        } catch (...) {
            tell_and_rethrow();
        }
        try {
            co_await wf::sleep(1s);
        } catch (...) {  // a cancellation; an eviction is none
            ++undone_;
        }
        std::rethrow_exception(kept);
    }

private:
    void tell_and_rethrow() {
        ++undone_;
        throw;
    }
    int undone_ = 0;
};
HOURGLASS_WORKFLOW(ContinuesAsNew, run)

// References that nobody keeps over an await: no coroutine has them.
class TakesValues {
public:
    hg::Task<int> run(std::vector<std::string> names) {
        int sum = 0;
        const auto count = [&sum](const std::string& name) {
            sum += static_cast<int>(name.size());
        };
        std::for_each(names.begin(), names.end(), count);
        co_return sum + co_await passes_on(names) + co_await reads(&names);
    }
    hg::Task<int> passes_on(const std::vector<std::string>& names) { return takes(names); }
    hg::Task<int> takes(std::vector<std::string> names) {
        co_return static_cast<int>(names.size());
    }
    hg::Task<int> reads(const std::vector<std::string>* names) {
        co_return static_cast<int>(names->size());
    }
};
HOURGLASS_WORKFLOW(TakesValues, run)

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
