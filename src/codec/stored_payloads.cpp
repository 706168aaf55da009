#include "src/codec/stored_payloads.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/codec/payload_codec.hpp"
#include "hourglass/convert/conversion_error.hpp"
#include "hourglass/convert/protobuf.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/utf8.hpp"

#include "temporal/api/sdk/v1/external_storage.pb.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <set>
#include <utility>

namespace hourglass::codec {
namespace {

using Reference = temporal::api::sdk::v1::ExternalStorageReference;
using DriverPtr = std::shared_ptr<const StorageDriver>;

constexpr const char* kMark = "__temporal_external_storage_reference";
/// How the first SDKs wrote references, before there was a message for them.
constexpr const char* kOldEncoding = "json/external-storage-reference";

std::string metadata_of(const Payload& payload, const char* key) {
    const auto found = payload.metadata.find(key);
    return found == payload.metadata.end() ? std::string{} : found->second;
}

bool is_old_reference(const Payload& payload) {
    return encoding_of(payload) == kOldEncoding;
}

[[noreturn]] void throw_unreadable(const char* why) {
    throw PayloadCodecError{
        std::string{"[TMPRL1106] a reference to a payload in the external storage cannot be read: "
        } +
        why
    };
}

Reference read_reference(const Payload& payload) {
    Reference reference;
    try {
        if (!is_old_reference(payload)) {
            return from_payload<Reference>(payload);
        }
        const auto json = nlohmann::json::parse(payload.data);
        reference.set_driver_name(json.at("driver_name").get<std::string>());
        for (const auto& [key, value] : json.at("driver_claim").at("claim_data").items()) {
            (*reference.mutable_claim_data())[key] = value.get<std::string>();
        }
    } catch (const nlohmann::json::exception& error) {
        throw_unreadable(error.what());
    } catch (const ConversionError& error) {
        throw_unreadable(error.what());
    }
    return reference;
}

Payload write_reference(const StorageDriver& driver, const StorageClaim& claim, std::size_t size) {
    Reference reference;
    reference.set_driver_name(driver.name());
    for (const auto& [key, value] : claim.data) {
        // Protobuf writes it all the same, and no reader takes it.
        if (!convert::is_utf8(key) || !convert::is_utf8(value)) {
            throw PayloadCodecError{
                "the storage driver \"" + driver.name() +
                "\" made a claim that cannot be written: its keys and values must be UTF-8"
            };
        }
        (*reference.mutable_claim_data())[key] = value;
    }
    Payload payload = to_payload(reference);
    payload.external_sizes = {static_cast<std::int64_t>(size)};
    return payload;
}

std::size_t size_of(const Payload& payload) {
    convert::ProtoPayload proto;
    convert::to_proto(payload, &proto);
    return proto.ByteSizeLong();
}

[[noreturn]] void rethrow_as_storage_error(const std::string& driver, const char* what) {
    try {
        throw;
    } catch (const std::exception& error) {
        throw PayloadCodecError{
            "the storage driver \"" + driver + "\" could not " + what + ": " + error.what()
        };
    } catch (...) {
        throw PayloadCodecError{
            "the storage driver \"" + driver + "\" could not " + what +
            ", and threw something that is no std::exception"
        };
    }
}

void expect_as_many(
    const StorageDriver& driver, const char* what, std::size_t got, std::size_t wanted
) {
    if (got != wanted) {
        throw PayloadCodecError{
            "the storage driver \"" + driver.name() + "\" returned " + std::to_string(got) + " " +
            what + " for " + std::to_string(wanted) + "; it must return one for each"
        };
    }
}

DriverPtr driver_for(
    const ExternalStorage& storage, const Payload& payload, const PayloadContext& context
) {
    if (!storage.select) {
        return storage.drivers.front();
    }
    DriverPtr driver;
    try {
        driver = storage.select(payload, context);
    } catch (const std::exception& error) {
        throw PayloadCodecError{
            std::string{"ExternalStorage::select could not pick a driver: "} + error.what()
        };
    } catch (...) {
        throw PayloadCodecError{"ExternalStorage::select threw something that is no std::exception"
        };
    }
    if (driver && std::ranges::find(storage.drivers, driver) == storage.drivers.end()) {
        throw PayloadCodecError{
            "ExternalStorage::select picked the driver \"" + driver->name() +
            "\", which is not in ExternalStorage::drivers; nobody could read what it stores"
        };
    }
    return driver;
}

/// One call of a driver: the places of its payloads.
template <class Item>
struct CallOfDriver {
    DriverPtr driver;
    std::vector<std::size_t> places;
    std::vector<Item> items;
};

/// The call that has room for one more payload of the driver's.
/// @param limit  of a call; 0: none.
template <class Item>
CallOfDriver<Item>& call_of(
    std::vector<CallOfDriver<Item>>& calls, const DriverPtr& driver, std::size_t limit
) {
    // Of a driver's calls all but the last one are full.
    const auto last =
        std::ranges::find(calls.rbegin(), calls.rend(), driver, &CallOfDriver<Item>::driver);
    if (last != calls.rend() && (limit == 0 || last->items.size() < limit)) {
        return *last;
    }
    return calls.emplace_back(CallOfDriver<Item>{.driver = driver, .places = {}, .items = {}});
}

DriverPtr driver_named(const ExternalStorage& storage, const std::string& name) {
    for (const DriverPtr& driver : storage.drivers) {
        if (driver->name() == name) {
            return driver;
        }
    }
    throw PayloadCodecError{
        "a payload is stored with the driver \"" + name +
        "\", which is not in ExternalStorage::drivers; add it there to read the payload"
    };
}

}  // namespace

bool is_reference(const Payload& payload) {
    return is_old_reference(payload) ||
           (encoding_of(payload) == "json/protobuf" &&
            metadata_of(payload, "messageType") == Reference::descriptor()->full_name());
}

bool is_encoded_reference(const Payload& payload) {
    return metadata_of(payload, kMark) == "true";
}

Payload without_mark(Payload payload) {
    payload.metadata.erase(kMark);
    payload.external_sizes.clear();
    return payload;
}

void check(const ExternalStorage& storage) {
    if (storage.drivers.empty()) {
        throw ConfigurationError{
            "ExternalStorage::drivers is empty; give it a driver, or leave external_storage unset"
        };
    }
    std::set<std::string> names;
    for (const DriverPtr& driver : storage.drivers) {
        if (!driver) {
            throw ConfigurationError{"ExternalStorage::drivers has a null in it"};
        }
        if (!names.insert(driver->name()).second) {
            throw ConfigurationError{
                "ExternalStorage::drivers has two drivers with the name \"" + driver->name() +
                "\"; payloads are found by the driver's name, so give each its own"
            };
        }
    }
    if (storage.drivers.size() > 1 && !storage.select) {
        throw ConfigurationError{
            "ExternalStorage has several drivers but no select, which says where a payload goes"
        };
    }
}

void store(const ExternalStorage& storage, Payloads& payloads, const PayloadContext& context) {
    std::vector<CallOfDriver<Payload>> calls;
    for (std::size_t i = 0; i < payloads.size(); ++i) {
        if (size_of(payloads[i]) < storage.threshold) {
            continue;
        }
        if (const DriverPtr driver = driver_for(storage, payloads[i], context)) {
            auto& call = call_of(calls, driver, storage.payloads_per_call);
            call.places.push_back(i);
            call.items.push_back(std::move(payloads[i]));
        }
    }
    for (const auto& [driver, places, items] : calls) {
        std::vector<StorageClaim> claims;
        try {
            claims = driver->store(items, context);
        } catch (...) {
            rethrow_as_storage_error(driver->name(), "store a payload");
        }
        expect_as_many(*driver, "claims", claims.size(), places.size());
        for (std::size_t i = 0; i < places.size(); ++i) {
            payloads[places[i]] = write_reference(*driver, claims[i], size_of(items[i]));
        }
    }
}

void retrieve(const ExternalStorage& storage, Payloads& payloads) {
    std::vector<CallOfDriver<StorageClaim>> calls;
    for (std::size_t i = 0; i < payloads.size(); ++i) {
        if (!is_reference(payloads[i])) {
            continue;
        }
        const Reference reference = read_reference(payloads[i]);
        auto& call = call_of(
            calls, driver_named(storage, reference.driver_name()), storage.payloads_per_call
        );
        call.places.push_back(i);
        const auto& data = reference.claim_data();
        call.items.push_back(StorageClaim{.data = {data.begin(), data.end()}});
    }
    for (const auto& [driver, places, claims] : calls) {
        Payloads stored;
        try {
            stored = driver->retrieve(claims);
        } catch (...) {
            rethrow_as_storage_error(driver->name(), "retrieve a payload");
        }
        expect_as_many(*driver, "payloads", stored.size(), places.size());
        for (std::size_t i = 0; i < places.size(); ++i) {
            payloads[places[i]] = std::move(stored[i]);
        }
    }
}

}  // namespace hourglass::codec
