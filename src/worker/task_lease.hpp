#pragma once

#include "src/core/bytes.hpp"
#include "src/core/status.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass::worker {

class Registration;

enum class TaskKind : std::uint8_t { Workflow, Activity, Nexus };
inline constexpr std::size_t kTaskKinds = 3;

[[nodiscard]] constexpr const char* text_of(TaskKind kind) {
    switch (kind) {
        case TaskKind::Workflow:
            return "workflow";
        case TaskKind::Activity:
            return "activity";
        case TaskKind::Nexus:
            break;
    }
    return "nexus";
}

/// A task that Core handed out, and the duty to answer it. Whoever holds the last reference without
/// having answered answers by dropping it: a workflow task fails, an activity attempt fails, and
/// who asked for a Nexus operation is told to ask again, because Core never hands a task out again
/// and a run without an answer would be stuck for ever.
///
/// @threads one at a time, except `fail_unanswered`'s own care.
class TaskLease : public std::enable_shared_from_this<TaskLease> {
public:
    using Look = std::function<void(std::string_view serialized_completion)>;

    TaskLease(std::shared_ptr<Registration> registration, TaskKind kind, core::OwnedBytes bytes);
    ~TaskLease();
    TaskLease(const TaskLease&) = delete;
    TaskLease& operator=(const TaskLease&) = delete;

    [[nodiscard]] TaskKind kind() const { return kind_; }
    /// The serialized WorkflowActivation, ActivityTask or NexusTask, with its payloads decoded if
    /// that was done.
    [[nodiscard]] std::string_view bytes() const {
        return decoded_ ? std::string_view{*decoded_} : bytes_.view();
    }
    [[nodiscard]] const std::shared_ptr<Registration>& registration() const {
        return registration_;
    }

    /// Decodes the payloads of the task, then runs `then`: at once if there is nothing to decode,
    /// else on a thread of the codecs. If they cannot be decoded the task is answered with that,
    /// and `then` is dropped.
    void decode(std::function<void()> then);
    /// The same on this thread.
    /// @throws PayloadCodecError; the task still has to be answered.
    void decode_now();

    /// Answers with a serialized completion, once the payloads in it are encoded. The result of an
    /// activity that Core does not take, because the registration was revoked or its handle is
    /// stale, goes to the server by its task token.
    /// @param look  sees the completion as it is sent, with its payloads encoded, if that comes to
    /// pass; on the thread that encodes it.
    /// @returns false if the registration was revoked (`worker_not_registered`): Core had another
    /// answer for an activation already.
    bool answer(std::string serialized_completion, Look look = {});
    /// Needs no answer (the cancellation of an activity or a request): dropping it is right.
    void dismiss();

    /// Says that the task is an attempt of a local activity: nobody but this registration's worker
    /// could take its result, so it is not reported late.
    void mark_local() noexcept { local_ = true; }

    /// The attempt's newest heartbeat that went past Core, serialized: if the attempt fails, the
    /// server hears of it together with that, for the next one.
    void keep_heartbeat(std::string serialized) { heartbeat_ = std::move(serialized); }

    /// The run id of an activation, or the task token of another task: decoded when asked for.
    /// Empty if the task needs no answer.
    [[nodiscard]] std::string key() const;

private:
    /// `answer` with payloads that are encoded.
    bool send(std::string serialized_completion);
    void encode_and_send(const std::string& serialized_completion, const Look& look);
    /// Fails the task: a codec could not do its work.
    void fail_coding(const char* what, const std::string& why);
    void fail_unanswered(std::string_view why) noexcept;

    std::shared_ptr<Registration> registration_;
    TaskKind kind_;
    core::OwnedBytes bytes_;
    std::optional<std::string> decoded_;
    std::string heartbeat_;
    bool answered_ = false;
    bool local_ = false;
};

}  // namespace hourglass::worker
