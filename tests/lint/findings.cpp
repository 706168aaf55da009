// Workflow code that does what it must not: the linter has to find each line that says so, and no
// other.
#include <hourglass/workflow/workflow.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <unistd.h>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace hg = hourglass;
namespace wf = hourglass::workflow;
using namespace std::chrono_literals;

struct Customer {
    std::string name;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Customer, name)

// Called by workflow code: found where it is called.
long seconds_now() {
    return std::time(nullptr);
}

class DoesAllOfIt {
public:
    hg::Task<int> run(Customer customer) {
        const auto now = std::chrono::system_clock::now();               // finds: clock
        const auto later = std::chrono::steady_clock::now() + 1s;        // finds: clock
        const long seconds = std::time(nullptr);                         // finds: clock
        const long more = seconds_now();                                 // finds: clock
        const int dice = std::rand();                                    // finds: random
        std::random_device device;                                       // finds: random
        std::mt19937 engine;                                             // finds: random
        std::ranlux24 luxury;                                            // finds: random
        std::knuth_b shuffled;                                           // finds: random
        std::independent_bits_engine<std::mt19937, 8, unsigned> bits;    // finds: random
        const unsigned number = std::random_device{}();                  // finds: random
        std::thread worker{[] {}};                                       // finds: thread
        auto answer = std::async(std::launch::async, [] { return 1; });  // finds: thread
        const std::lock_guard lock{mutex_};
        std::this_thread::sleep_for(1ms);                          // finds: sleep
        ::usleep(1);                                               // finds: sleep
        std::ifstream file{"prices.txt"};                          // finds: io
        std::FILE* other = std::fopen("prices.txt", "r");          // finds: io
        const bool there = std::filesystem::exists("prices.txt");  // finds: io
        std::printf("%d\n", dice);                                 // finds: output
        std::cout << customer.name << "\n";                        // finds: output
        const char* home = std::getenv("HOME");                    // finds: environment
        int sum = 0;
        for (const auto& [name, cents] : prices_) {  // finds: unordered
            sum += cents;
        }
        const std::vector<std::string> names(names_.begin(), names_.end());  // finds: unordered
        const auto first = std::begin(names_);                               // finds: unordered
        std::ranges::copy(names_, std::back_inserter(sorted_));              // finds: unordered
        std::set<const Customer*> customers;                                 // finds: pointer-key
        std::set<std::shared_ptr<Customer>> shared;                          // finds: pointer-key
        customers.insert(&customer);
        const auto in_a_lambda = [] { return std::chrono::steady_clock::now(); };  // finds: clock
        static_cast<void>(in_a_lambda());
        worker.join();
        sum += static_cast<int>(seconds + more + number + names.size() + customers.size());
        sum += static_cast<int>(shared.size() + (first == names_.end() ? 0U : 1U));
        sum += static_cast<int>(
            engine() + luxury() + shuffled() + bits() +
            (now.time_since_epoch() + later.time_since_epoch()).count()
        );
        co_return sum + answer.get() + (there && other != nullptr && home != nullptr);
    }
    void priced(std::string name) { prices_[name] = std::rand(); }  // finds: random
    int drawn() const { return static_cast<int>(std::clock()); }    // finds: clock

private:
    std::mutex mutex_;                  // finds: thread
    std::map<Customer*, int> bonuses_;  // finds: pointer-key
    std::unordered_map<std::string, int> prices_;
    std::unordered_set<std::string> names_;
    std::vector<std::string> sorted_;
};
HOURGLASS_WORKFLOW(DoesAllOfIt, run, signals(priced), queries(drawn))

// A routine that no class has.
hg::Task<void> waits_badly() {
    ::sleep(1);  // finds: sleep
    co_return;
}

class Suppresses {
public:
    hg::Task<int> run() {
        // lint-workflows: allow(clock): only measured, never decided on
        const auto began = std::chrono::steady_clock::now();
        const auto ended =
            std::chrono::steady_clock::now();  // lint-workflows: allow(clock): as above
        const int dice =
            std::rand();  // lint-workflows: allow(clock): another rule  // finds: random
        // lint-workflows: allow(random)  // finds: allow
        const int more = std::rand();  // finds: random
        // lint-workflows: allow(rnadom): a slip  // finds: allow
        co_return dice + more + static_cast<int>((ended - began).count());
    }
};
HOURGLASS_WORKFLOW(Suppresses, run)

// What is written in braces, or captured, beside an await: g++ 12 destroys it twice.
struct Parcel {
    std::string name;
    int grams = 0;
};
hg::Task<int> weigh(Parcel parcel) {
    co_return parcel.grams;
}
int grams_of(const Parcel& parcel) {
    return parcel.grams;
}

class WritesBesideAnAwait {
public:
    hg::Task<int> run(std::string name) {
        int sum = co_await weigh({name, 1});                            // finds: aggregate
        sum += co_await weigh(Parcel{name, 1});                         // finds: aggregate
        sum += co_await weigh({.grams = 1});                            // finds: aggregate
        sum += co_await weigh(Parcel{});                                // finds: aggregate
        sum += grams_of({name, 1}) + co_await one();                    // finds: aggregate
        co_await wf::wait_condition([name] { return !name.empty(); });  // finds: aggregate
        const Parcel parcel{name, co_await one()};                      // finds: aggregate
        const Parcel other{co_await text(), 1};                         // finds: aggregate
        co_return sum + parcel.grams + other.grams;
    }
    hg::Task<int> one() { co_return 1; }
    hg::Task<std::string> text() { co_return "text"; }
};
HOURGLASS_WORKFLOW(WritesBesideAnAwait, run)

// A condition in a coroutine without a variable: g++ 12 loses the await.
class DecidesAtOnce {
public:
    hg::Task<int> run(int number) {
        if (co_await twice(number) == 2) {  // finds: condition
            co_return 1;
        }
        while (co_await twice(number) < 10) {  // finds: condition
            ++number;
        }
        switch (co_await twice(number)) {  // finds: condition
            case 1:
                co_return 2;
            default:
                co_return 3;
        }
    }
    hg::Task<int> twice(int number) { co_return 2 * number; }
};
HOURGLASS_WORKFLOW(DecidesAtOnce, run)

class NeverEnds {
public:
    hg::Task<void> run(int round) {
        try {
            wf::continue_as_new<&NeverEnds::run>({}, round + 1);
        } catch (...) {  // finds: catch-all
            ++swallowed_;
        }
        try {
            co_await next(round);
        } catch (const std::exception&) {
            ++swallowed_;
        } catch (...) {  // finds: catch-all
            throw hg::ApplicationError{"another one"};
        }
    }
    hg::Task<void> next(int round) {
        co_await wf::sleep(1s);
        wf::continue_as_new<&NeverEnds::run>({}, round + 1);
    }

private:
    int swallowed_ = 0;
};
HOURGLASS_WORKFLOW(NeverEnds, run)

class LeavesItsCaptures {
public:
    hg::Task<int> run(int number, std::string name) {
        const auto later = [number]() -> hg::Task<int> {  // finds: lambda
            co_await wf::sleep(1s);
            co_return number;
        };
        auto handle = wf::spawn(later());
        const auto mine = [this]() -> hg::Task<void> {  // finds: lambda
            co_await wf::sleep(1s);
            ++count_;
        };
        co_await mine();
        // The await is the lambda's: none stands beside it.
        auto third = wf::spawn([name]() -> hg::Task<void> {  // finds: lambda
            co_await wf::sleep(1s);
            wf::logger().info(name);
        }());
        co_await third;
        co_return co_await handle;
    }

private:
    int count_ = 0;
};
HOURGLASS_WORKFLOW(LeavesItsCaptures, run)

// A reference that a coroutine takes: right only as long as what it refers to is there.
hg::Task<std::size_t> later(const std::string& text) {  // finds: reference
    co_await wf::sleep(1s);
    co_return text.size();
}
template <class T>
hg::Task<void> forgets(T&& value) {  // finds: reference
    co_await wf::sleep(1s);
    value.clear();
}

class TakesReferences {
public:
    hg::Task<std::size_t> run(std::string text) {
        const auto adds = [](int& sum) -> hg::Task<void> {  // finds: reference
            co_await wf::sleep(1s);
            ++sum;
        };
        int sum = 0;
        co_await adds(sum);
        co_await forgets(std::string{text});
        auto handle = wf::spawn(later("gone with this line"));
        co_return co_await handle + co_await counts(text);
    }
    hg::Task<std::size_t> counts(const std::string& text) {  // finds: reference
        counted_ += co_await later(text);
        co_return counted_;
    }

private:
    std::size_t counted_ = 0;
};
HOURGLASS_WORKFLOW(TakesReferences, run)
