#pragma once

#include "hourglass/codec/payload_context.hpp"
#include "hourglass/convert/payload.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hourglass {

/// How a driver finds a stored payload again; it travels in the history in the payload's place.
struct StorageClaim {
    std::map<std::string, std::string> data{};

    bool operator==(const StorageClaim&) const = default;
};

/// Keeps large payloads outside of the server: in a bucket, in a database, in files.
///
/// Payloads come after the codecs, so what is stored is compressed and encrypted. Both functions
/// may block; what they throw fails what needed the payload, as with a codec. A payload is stored
/// again when a call or task is tried again, so keys made from the content save space. Nothing here
/// deletes: the histories that need a payload live as long as the namespace's retention says.
/// @threads any, several calls at once.
class StorageDriver {
public:
    StorageDriver() = default;
    StorageDriver(const StorageDriver&) = delete;
    StorageDriver& operator=(const StorageDriver&) = delete;
    virtual ~StorageDriver() = default;

    /// Of this instance: it stands in the histories, and the driver is found by it.
    [[nodiscard]] virtual std::string name() const = 0;
    /// @returns a claim for each payload, in their order.
    [[nodiscard]] virtual std::vector<StorageClaim> store(
        const Payloads& payloads, const PayloadContext& context
    ) const = 0;
    /// @returns the payload of each claim, in their order.
    [[nodiscard]] virtual Payloads retrieve(const std::vector<StorageClaim>& claims) const = 0;
};

/// Which payloads are stored outside, and where.
struct ExternalStorage {
    /// With different names. Those that nothing is stored with any more are still needed to read.
    std::vector<std::shared_ptr<const StorageDriver>> drivers{};
    /// Picks one of `drivers`, or null to leave the payload where it is. Needed with several
    /// drivers.
    std::function<std::shared_ptr<const StorageDriver>(const Payload&, const PayloadContext&)>
        select{};
    /// In bytes, of the payload as it would travel, codecs applied; smaller ones stay.
    std::size_t threshold = 256 * 1024;
    /// How many payloads a driver is given or asked for in one call, at most: a driver may work on
    /// all of a call at the same time. What has more in it makes several calls, one after the
    /// other. 0: no limit.
    std::size_t payloads_per_call = 0;
};

}  // namespace hourglass
