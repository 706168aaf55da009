#include "hourglass/codec/file_storage.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/codec/payload_codec.hpp"
#include "src/base/hexadecimal.hpp"
#include "src/base/unique_fd.hpp"
#include "src/codec/proto_bytes.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHash = "sha256";
constexpr std::size_t kHexDigits = 64;

std::string sha256(const std::string& bytes) {
    std::array<unsigned char, 32> digest{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw PayloadCodecError{"OpenSSL could not make the hash of a payload"};
    }
    return to_hexadecimal(digest);
}

/// Of one writing, so that nobody else writes into the same file: the writers may be on several
/// machines, or each the first process of its container.
std::string random_name() {
    std::array<unsigned char, 8> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        throw PayloadCodecError{"OpenSSL could not make a random name for a file"};
    }
    return to_hexadecimal(bytes);
}

/// Nothing if it cannot be read as a whole.
std::optional<std::string> contents(const fs::path& place) {
    std::error_code error;
    const auto size = fs::file_size(place, error);
    if (error) {
        return std::nullopt;
    }
    std::string bytes(size, '\0');
    std::ifstream file{place, std::ios::binary};
    if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) {
        return std::nullopt;
    }
    return bytes;
}

[[noreturn]] void cannot_write(const fs::path& path, const std::error_code& why) {
    throw PayloadCodecError{"cannot write " + path.string() + ": " + why.message()};
}

std::error_code last_error() {
    return {errno, std::generic_category()};
}

/// A new file that is on the disk, not only in the system's memory; 0 or why there is none.
std::error_code write_new_file(const fs::path& path, std::string_view bytes) {
    const UniqueFd file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)};
    if (!file) {
        return last_error();
    }
    while (!bytes.empty()) {
        const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            return last_error();
        }
    }
    return ::fsync(file.get()) == 0 ? std::error_code{} : last_error();
}

/// The names in the folder are on the disk then; not all file systems can, or need to.
void sync_folder(const fs::path& folder) {
    if (const UniqueFd opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)}) {
        static_cast<void>(::fsync(opened.get()));
    }
}

class FileStorage final : public StorageDriver {
public:
    FileStorage(fs::path folder, std::string name)
        : folder_{std::move(folder)}, name_{std::move(name)} {
        std::error_code error;
        fs::create_directories(folder_, error);
        std::error_code unknown;
        if (!fs::is_directory(folder_, unknown)) {
            throw ConfigurationError{
                "file_storage cannot make the folder " + folder_.string() + ": " +
                (error ? error : unknown).message()
            };
        }
    }

    [[nodiscard]] std::string name() const override { return name_; }

    [[nodiscard]] std::vector<StorageClaim> store(
        const Payloads& payloads, const PayloadContext& /*context*/
    ) const override {
        std::vector<StorageClaim> claims;
        for (const Payload& payload : payloads) {
            const std::string bytes = codec::to_bytes(payload);
            const std::string hash = sha256(bytes);
            write(hash, bytes);
            claims.push_back(StorageClaim{.data = {{kHash, hash}}});
        }
        return claims;
    }

    [[nodiscard]] Payloads retrieve(const std::vector<StorageClaim>& claims) const override {
        Payloads payloads;
        for (const StorageClaim& claim : claims) {
            payloads.push_back(read(claim));
        }
        return payloads;
    }

private:
    // A folder of its own for each of the first two digits: some file systems are slow in large
    // ones.
    [[nodiscard]] fs::path path_of(const std::string& hash) const {
        return folder_ / hash.substr(0, 2) / hash;
    }

    // Synced before it is in its place: a history that outlives the machine's power must find it.
    void write(const std::string& hash, const std::string& bytes) const {
        const fs::path place = path_of(hash);
        const fs::path folder = place.parent_path();
        if (contents(place) == bytes) {  // else it was damaged, and is written anew
            sync_folder(folder);         // whoever has put it there may not have come to that
            return;
        }
        std::error_code error;
        if (fs::create_directories(folder, error)) {
            sync_folder(folder_);
        } else if (error) {
            cannot_write(folder, error);
        }
        fs::path beside = place;
        beside += "." + random_name();
        error = write_new_file(beside, bytes);
        if (!error) {
            fs::rename(beside, place, error);
        }
        if (error) {
            std::error_code ignored;
            fs::remove(beside, ignored);
            cannot_write(place, error);
        }
        sync_folder(folder);
    }

    [[nodiscard]] Payload read(const StorageClaim& claim) const {
        const auto hash = claim.data.find(kHash);
        // What others wrote into a history must not lead out of the folder.
        if (hash == claim.data.end() || hash->second.size() != kHexDigits ||
            hash->second.find_first_not_of("0123456789abcdef") != std::string::npos) {
            throw PayloadCodecError{"the claim is none of this driver's: it has no sha256"};
        }
        const fs::path place = path_of(hash->second);
        const auto bytes = contents(place);
        if (!bytes) {
            throw PayloadCodecError{
                place.string() + " cannot be read; was it deleted, or is the folder another one?"
            };
        }
        auto payload = codec::from_bytes(*bytes);
        if (sha256(*bytes) != hash->second || !payload) {
            throw PayloadCodecError{place.string() + " is not what was stored: it was changed"};
        }
        return std::move(*payload);
    }

    const fs::path folder_;
    const std::string name_;
};

}  // namespace

std::shared_ptr<const StorageDriver> file_storage(fs::path folder, std::string name) {
    return std::make_shared<const FileStorage>(std::move(folder), std::move(name));
}

}  // namespace hourglass
