#include "src/subsystem/http_loop.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <utility>

namespace hourglass::subsystem {
namespace {

using namespace std::chrono_literals;
using State = HttpConnection::State;

constexpr std::size_t kThreads = 4;
constexpr std::size_t kMaxConnections = 64;
// Probes wait meanwhile.
constexpr BackoffPolicy kAcceptAgain{.first = 10ms, .longest = 500ms};
constexpr auto kPollAgain = 100ms;
constexpr std::ptrdiff_t kOwnEvents = 2;  // the listener's and the wake's

UniqueFd make_wake() {
    UniqueFd wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (!wake) {
        throw std::system_error{errno, std::generic_category(), "the status page cannot start"};
    }
    return wake;
}

}  // namespace

HttpLoop::HttpLoop(
    UniqueFd listener, std::string address, std::chrono::milliseconds limit, Answer answer
)
    : listener_{std::move(listener)},
      listener_is_mine_alone_{std::in_place, listener_.get()},
      address_{std::move(address)},
      limit_{limit},
      answer_{std::move(answer)},
      wake_{make_wake()},
      backoff_{kAcceptAgain} {}

void HttpLoop::run() {
    threads_.emplace(kThreads);
    while (!ended_) {
        std::vector<pollfd> events = what_to_wait_for();
        wait(events);
        take_answered();
        auto event = events.begin() + kOwnEvents;
        for (const Connection& connection : connections_) {
            if (event->revents != 0) {
                connection->move();
                if (connection->state() == State::Answering) {
                    hand_over(connection);
                }
            }
            ++event;
        }
        const auto now = std::chrono::steady_clock::now();
        std::erase_if(connections_, [now](const Connection& connection) {
            return connection->state() == State::Over ||
                   (connection->state() != State::Answering && connection->deadline() <= now);
        });
        if (events[0].revents != 0) {
            accept_all();
        }
    }
    listener_is_mine_alone_.reset();
    listener_.reset();
    connections_.clear();
    threads_->shutdown();
    answered_.clear();
}

void HttpLoop::end() noexcept {
    ended_ = true;
    const std::uint64_t one = 1;
    static_cast<void>(!::write(wake_.get(), &one, sizeof one));
}

std::vector<pollfd> HttpLoop::what_to_wait_for() const {
    const bool accepts = accepts_again_ <= std::chrono::steady_clock::now();
    // `poll` passes over what is negative.
    std::vector<pollfd> events{
        {accepts ? listener_.get() : -1, POLLIN, 0}, {wake_.get(), POLLIN, 0}
    };
    for (const Connection& connection : connections_) {
        const short waits_for = connection->waits_for();
        events.push_back({waits_for != 0 ? connection->descriptor() : -1, waits_for, 0});
    }
    return events;
}

void HttpLoop::wait(std::vector<pollfd>& events) const {
    const auto now = std::chrono::steady_clock::now();
    auto until = HttpConnection::TimePoint::max();
    if (accepts_again_ > now) {
        until = accepts_again_;
    }
    for (const Connection& connection : connections_) {
        if (connection->state() != State::Answering) {
            until = std::min(until, connection->deadline());
        }
    }
    int timeout = -1;
    if (until != HttpConnection::TimePoint::max()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now);
        timeout = static_cast<int>(std::max(left, 0ms).count());
    }
    if (::poll(events.data(), events.size(), timeout) < 0) {
        for (pollfd& event : events) {
            event.revents = 0;
        }
        if (errno != EINTR) {
            std::this_thread::sleep_for(kPollAgain);  // the system has no memory for it
        }
    }
}

void HttpLoop::accept_all() {
    for (std::size_t i = 0; i < kMaxConnections; ++i) {
        UniqueFd socket{::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
        const int error = socket ? 0 : errno;
        if (error == EINTR || error == ECONNABORTED) {
            continue;
        }
        if (error != 0 && error != EAGAIN) {
            const auto wait = backoff_.next();
            accepts_again_ = std::chrono::steady_clock::now() + wait;
            outage_.failed(std::generic_category().message(error), wait, {{"address", address_}});
            return;
        }
        backoff_.reset();
        outage_.works({{"address", address_}});
        if (!socket) {
            return;
        }
        if (make_place()) {
            connections_.push_back(std::make_shared<HttpConnection>(
                std::move(socket), std::chrono::steady_clock::now() + limit_
            ));
        }
    }
}

bool HttpLoop::make_place() {
    if (connections_.size() < kMaxConnections) {
        return true;
    }
    const auto oldest = std::ranges::find_if(connections_, [](const Connection& connection) {
        return connection->state() != State::Answering;
    });
    if (oldest == connections_.end()) {
        return false;
    }
    connections_.erase(oldest);
    return true;
}

void HttpLoop::hand_over(const Connection& connection) {
    threads_->enqueue([this, connection] {
        if (ended_) {
            return;
        }
        answer_(*connection);
        {
            const std::lock_guard lock{mutex_};
            answered_.push_back(connection);
        }
        const std::uint64_t one = 1;
        static_cast<void>(!::write(wake_.get(), &one, sizeof one));
    });
}

void HttpLoop::take_answered() {
    std::uint64_t ignored = 0;
    static_cast<void>(!::read(wake_.get(), &ignored, sizeof ignored));
    std::vector<Connection> answered;
    {
        const std::lock_guard lock{mutex_};
        answered.swap(answered_);
    }
    for (const Connection& connection : answered) {
        connection->answered();
    }
}

}  // namespace hourglass::subsystem
