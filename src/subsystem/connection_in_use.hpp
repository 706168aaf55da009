#pragma once

#include "hourglass/base/unique_function.hpp"
#include "src/core/connection.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace hourglass::subsystem {

/// The connection that worked last, and who waits for one: an application that has just begun has
/// none for some milliseconds, and a call made then is not to be told so, and to try again after a
/// backoff that is a hundred times as long.
///
/// There is none before the first one, after one that was stale, and after the end. It is not
/// cleared when its holder dies: calls by task token and by clients may still go over it until the
/// successor has one.
/// @threads any; the lock is a leaf, callbacks run outside it.
class ConnectionInUse {
public:
    using Pointer = std::shared_ptr<core::Connection>;
    using Id = std::uint64_t;
    /// Gets null where none came about: `trouble` may know why.
    using Then = UniqueFunction<void(Pointer)>;

    [[nodiscard]] Pointer get() const {
        const std::lock_guard lock{mutex_};
        return connection_;
    }

    /// Why the last try to connect failed; empty once one has not, and while a new holder makes its
    /// first. A call without a connection says so in its error.
    [[nodiscard]] std::string trouble() const {
        const std::lock_guard lock{mutex_};
        return trouble_;
    }

    /// Runs `then` once: before this returns if there is a connection, if the last try to connect
    /// failed, or after the end; otherwise on the thread that ends the wait.
    /// @returns what `give_up` takes; 0 if it has run.
    [[nodiscard]] Id when_tried(Then then) {
        Pointer connection;
        {
            const std::lock_guard lock{mutex_};
            if (!connection_ && trouble_.empty() && !ended_) {
                waiting_.emplace(++last_, std::move(then));
                return last_;
            }
            connection = connection_;
        }
        then(std::move(connection));
        return 0;
    }

    /// Ends that wait without a connection, unless it has ended.
    void give_up(Id id) {
        Then then;
        {
            const std::lock_guard lock{mutex_};
            const auto found = waiting_.find(id);
            if (found == waiting_.end()) {
                return;
            }
            then = std::move(found->second);
            waiting_.erase(found);
        }
        then(nullptr);
    }

    void works(Pointer connection) {
        const Pointer now = connection;
        {
            const std::lock_guard lock{mutex_};
            trouble_.clear();
            connection_.swap(connection);  // the last one ends after the lock is released
        }
        answer_all(now);
    }

    /// A try to connect has failed; what there was before stays.
    /// @param why  not empty.
    void failed(std::string why) {
        {
            const std::lock_guard lock{mutex_};
            trouble_ = std::move(why);
        }
        answer_all(nullptr);
    }

    /// The next try is another holder's: who calls now waits for that.
    void tried_anew() {
        const std::lock_guard lock{mutex_};
        trouble_.clear();
    }

    /// It is stale, and another one will come; or nobody needs it any more.
    void drop() {
        Pointer dropped;
        const std::lock_guard lock{mutex_};
        connection_.swap(dropped);
    }

    /// None comes any more; one that is there stays. Idempotent.
    void end() {
        {
            const std::lock_guard lock{mutex_};
            ended_ = true;
        }
        answer_all(nullptr);
    }

private:
    /// One at a time: what waits stays here until it is answered.
    void answer_all(const Pointer& connection) {
        while (true) {
            Then then;
            {
                const std::lock_guard lock{mutex_};
                if (waiting_.empty()) {
                    return;
                }
                then = std::move(waiting_.extract(waiting_.begin()).mapped());
            }
            then(connection);
        }
    }

    mutable std::mutex mutex_;
    Pointer connection_;
    std::string trouble_;
    bool ended_ = false;
    std::map<Id, Then> waiting_;  // answered in the order in which they came
    Id last_ = 0;
};

}  // namespace hourglass::subsystem
