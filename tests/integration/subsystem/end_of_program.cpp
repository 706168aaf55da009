// A program that ends in the way its argument names, with an application and what belongs to it
// under way. It has to end with 0, and to print nothing but that it has come to its last
// destructor.
#include "flows.hpp"
#include "tests/support/test_server.hpp"

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using hg::test::unique;

using Waiting = hg::WorkflowHandle<&flows::Collector::run>;

/// The first object with static storage duration, and so the last that is destroyed.
struct LastWord {
    ~LastWord() {
        std::puts("the end");
        std::fflush(stdout);
    }
};
const LastWord last_word;

// Destroyed after main, from the back to the front.
std::array<std::shared_ptr<void>, 4> statics;

hg::ApplicationOptions options() {
    hg::ApplicationOptions options{.client = {.address = hg::test::server_address()}};
    options.default_worker.task_queue = unique("end");
    return options;
}

/// An application with a second worker and a workflow whose result somebody waits for, in which
/// something has died before.
struct Running {
    std::shared_ptr<hg::Application> app = std::make_shared<hg::Application>(options());
    std::shared_ptr<hg::Client> client = std::make_shared<hg::Client>(app->client());
    std::shared_ptr<Waiting> handle;
    std::shared_ptr<hg::Future<int>> result;

    Running() {
        const std::string queue = unique("end");
        app->start_worker({.task_queue = queue});
        handle = std::make_shared<Waiting>(
            client->start<&flows::Collector::run>({.id = unique("end"), .task_queue = queue}, 1)
        );
        result = std::make_shared<hg::Future<int>>(handle->result_async());
        app->kill("WorkerLauncher");
    }
};

/// The things of an application with static storage duration, destroyed in the order of the
/// letters: (a)pplication, (c)lient, (h)andle, (r)esult.
void statics_in_order(std::string_view order) {
    const Running running;
    for (std::size_t i = 0; i < statics.size(); ++i) {
        std::shared_ptr<void>& slot = statics[statics.size() - 1 - i];
        switch (order.at(i)) {
            case 'a':
                slot = running.app;
                break;
            case 'c':
                slot = running.client;
                break;
            case 'h':
                slot = running.handle;
                break;
            default:
                slot = running.result;
        }
    }
}

/// Where a leak checker finds what is never destroyed.
std::atomic<const Running*> never_destroyed{nullptr};

/// Nothing is ever destroyed.
void leaked() {
    never_destroyed = new Running;
}

/// std::exit destroys what is static, and not what main has.
[[noreturn]] void exit_in_the_middle() {
    const Running running;
    std::exit(0);
}

void on_another_thread() {
    auto running = std::make_unique<Running>();
    std::thread{[moved = std::move(running)]() mutable { moved.reset(); }}.join();
}

/// A thread waits in a call when main returns; the application, which is static, ends the call.
void call_under_way() {
    static std::thread caller;
    struct Joined {
        ~Joined() { caller.join(); }
    };
    static const Joined joined;  // destroyed after what comes next
    static const Running running;
    caller = std::thread{[client = *running.client, id = running.handle->id()] {
        try {
            client.handle<&flows::Collector::run>(id).result();
        } catch (const hg::UnavailableError&) {
            return;  // as it has to be
        }
        std::puts("the call has a result");
    }};
}

/// Nobody waits for a thread that calls in a loop, until after main.
void detached_caller() {
    static const Running running;
    std::thread{[client = *running.client, id = running.handle->id()] {
        try {
            while (true) {
                static_cast<void>(client.handle(id).describe());
            }
        } catch (const hg::UnavailableError&) {
            return;
        }
    }}.detach();
}

/// A client of its own, without an application, that is called once more after main.
void late_call() {
    struct Late {
        hg::Client client = hg::Client::connect({.address = hg::test::server_address()});
        ~Late() {
            try {
                static_cast<void>(client.handle("nobody").describe());
            } catch (const hg::WorkflowNotFoundError&) {
                return;  // so it was asked
            } catch (const std::exception& error) {
                std::fprintf(stderr, "%s\n", error.what());
            }
        }
    };
    static const Late late;
}

int run(std::string_view how) {
    if (how.starts_with("static-")) {
        statics_in_order(how.substr(7));
    } else if (how == "leaked") {
        leaked();
    } else if (how == "exit") {
        exit_in_the_middle();
    } else if (how == "thread") {
        on_another_thread();
    } else if (how == "call") {
        call_under_way();
    } else if (how == "detached") {
        detached_caller();
    } else if (how == "late") {
        late_call();
    } else {
        std::fprintf(stderr, "unknown: %s\n", std::string{how}.c_str());
        return 2;
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    hg::log::set_level(hg::log::Level::Off);
    try {
        return run(argc == 2 ? argv[1] : "nothing");
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
