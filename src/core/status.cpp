#include "src/core/status.hpp"

#include "hourglass/base/log.hpp"
#include "src/core/trampoline.hpp"

#include <exception>
#include <memory>

namespace hourglass::core {
namespace {

constexpr bool same(Status ours, HgStatus theirs) {
    return static_cast<int>(ours) == static_cast<int>(theirs);
}
static_assert(same(Status::Ok, HG_STATUS_OK));
static_assert(same(Status::InvalidArgument, HG_STATUS_INVALID_ARGUMENT));
static_assert(same(Status::Panic, HG_STATUS_PANIC));
static_assert(same(Status::StaleHandle, HG_STATUS_STALE_HANDLE));
static_assert(same(Status::Shutdown, HG_STATUS_SHUTDOWN));
static_assert(same(Status::Rpc, HG_STATUS_RPC));
static_assert(same(Status::ConnectFailed, HG_STATUS_CONNECT_FAILED));
static_assert(same(Status::Validation, HG_STATUS_VALIDATION));
static_assert(same(Status::Cancelled, HG_STATUS_CANCELLED));
static_assert(same(Status::Timeout, HG_STATUS_TIMEOUT));
static_assert(same(Status::Internal, HG_STATUS_INTERNAL));

OwnedBytes own(const HgBytes& bytes, const Bridge& from) {
    return {bytes.data, bytes.len, bytes.capacity, from};
}

CallError error_of(HgStatus status, int grpc_code, const OwnedBytes& text, const OwnedBytes& rest) {
    return {static_cast<Status>(status), grpc_code, text.to_string(), rest.to_string()};
}

}  // namespace

std::string_view to_text(Status status) {
    switch (status) {
        case Status::Ok:
            return "Ok";
        case Status::InvalidArgument:
            return "InvalidArgument";
        case Status::Panic:
            return "Panic";
        case Status::StaleHandle:
            return "StaleHandle";
        case Status::Shutdown:
            return "Shutdown";
        case Status::Rpc:
            return "Rpc";
        case Status::ConnectFailed:
            return "ConnectFailed";
        case Status::Validation:
            return "Validation";
        case Status::Cancelled:
            return "Cancelled";
        case Status::Timeout:
            return "Timeout";
        case Status::Internal:
            return "Internal";
    }
    return "unknown";
}

BytesResult adopt(HgResult result, const Bridge& from) {
    OwnedBytes bytes = own(result.bytes, from);
    const OwnedBytes message = own(result.message, from);
    const OwnedBytes details = own(result.details, from);
    if (result.status != HG_STATUS_OK) {
        return failure(error_of(result.status, result.grpc_code, message, details));
    }
    return bytes;
}

VoidResult adopt_void(HgResult result, const Bridge& from) {
    BytesResult adopted = adopt(result, from);
    if (!adopted) {
        return failure(std::move(adopted.error()));
    }
    return {};
}

CallError of_another_build(std::string_view what) {
    return {
        .status = Status::StaleHandle,
        .message = "the " + std::string{what} + " was made by another build of the bridge"
    };
}

void report_escaped(const char* what) noexcept {
    try {
        log::error("a callback of the bridge threw, which it may not", {{"reason", what}});
    } catch (...) {  // out of memory: there is no way left to say it
        return;
    }
}

extern "C" void hg_cpp_bytes_done(void* user_data, HgResult result) noexcept {
    const std::unique_ptr<Waiting<BytesResult>> waiting{static_cast<Waiting<BytesResult>*>(user_data
    )};
    deliver(waiting->callback, adopt(result, waiting->from));
}

extern "C" void hg_cpp_void_done(void* user_data, HgResult result) noexcept {
    const std::unique_ptr<Waiting<VoidResult>> waiting{static_cast<Waiting<VoidResult>*>(user_data)
    };
    deliver(waiting->callback, adopt_void(result, waiting->from));
}

}  // namespace hourglass::core
