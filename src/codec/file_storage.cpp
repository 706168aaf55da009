#include "hourglass/codec/file_storage.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/codec/payload_codec.hpp"
#include "src/base/hexadecimal.hpp"
#include "src/codec/proto_bytes.hpp"

#include <openssl/evp.h>

#include <array>
#include <atomic>
#include <fstream>
#include <iterator>
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

class FileStorage final : public StorageDriver {
public:
    FileStorage(fs::path folder, std::string name)
        : folder_{std::move(folder)}, name_{std::move(name)} {
        std::error_code error;
        fs::create_directories(folder_, error);
        if (!fs::is_directory(folder_)) {
            throw ConfigurationError{
                "file_storage cannot make the folder " + folder_.string() + ": " + error.message()
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

    void write(const std::string& hash, const std::string& bytes) const {
        static std::atomic<unsigned> written{0};
        const fs::path place = path_of(hash);
        if (fs::exists(place)) {
            return;
        }
        fs::create_directories(place.parent_path());
        fs::path beside = place;
        beside += "." + std::to_string(getpid()) + "." + std::to_string(++written);
        {
            std::ofstream file{beside, std::ios::binary};
            file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
            file.flush();
            if (!file) {
                std::error_code ignored;
                fs::remove(beside, ignored);
                throw PayloadCodecError{"cannot write " + beside.string() + "; is the disk full?"};
            }
        }
        fs::rename(beside, place);
    }

    [[nodiscard]] Payload read(const StorageClaim& claim) const {
        const auto hash = claim.data.find(kHash);
        // What others wrote into a history must not lead out of the folder.
        if (hash == claim.data.end() || hash->second.size() != kHexDigits ||
            hash->second.find_first_not_of("0123456789abcdef") != std::string::npos) {
            throw PayloadCodecError{"the claim is none of this driver's: it has no sha256"};
        }
        const fs::path place = path_of(hash->second);
        std::ifstream file{place, std::ios::binary};
        if (!file) {
            throw PayloadCodecError{
                place.string() + " cannot be read; was it deleted, or is the folder another one?"
            };
        }
        const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
        auto payload = codec::from_bytes(bytes);
        if (sha256(bytes) != hash->second || !payload) {
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
