#include "hourglass/codec/file_storage.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/codec/payload_codec.hpp"
#include "hourglass/convert/convert.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace hourglass {
namespace {

namespace fs = std::filesystem;

class FileStorageTest : public ::testing::Test {
protected:
    ~FileStorageTest() override { fs::remove_all(outer_); }

    std::vector<fs::path> files() const {
        std::vector<fs::path> found;
        for (const auto& entry : fs::recursive_directory_iterator{folder_}) {
            if (entry.is_regular_file()) {
                found.push_back(entry.path());
            }
        }
        return found;
    }

    const fs::path outer_ = test::new_temporary_folder();
    const fs::path folder_ = outer_ / "payloads";
};

TEST_F(FileStorageTest, GivesBackWhatItStored) {
    const auto storage = file_storage(folder_);
    const Payloads payloads = encode_arguments("large", 2);
    const auto claims = storage->store(payloads, {});
    ASSERT_EQ(claims.size(), 2U);
    EXPECT_EQ(
        file_storage(folder_)->retrieve({claims[1], claims[0]}), encode_arguments(2, "large")
    );
}

TEST_F(FileStorageTest, StoresTheSameOnce) {
    const auto storage = file_storage(folder_);
    const auto claims = storage->store(encode_arguments("large"), {});
    EXPECT_EQ(storage->store(encode_arguments("large"), {}), claims);
    EXPECT_EQ(files().size(), 1U);
}

TEST_F(FileStorageTest, WritesAnewWhatWasDamaged) {
    const auto storage = file_storage(folder_);
    const auto claims = storage->store(encode_arguments("large"), {});
    // What a power failure leaves, and a disk that has forgotten.
    for (const std::string& damaged :
         {std::string{}, std::string(fs::file_size(files()[0]), '\0')}) {
        std::ofstream{files().front(), std::ios::trunc} << damaged;
        EXPECT_THROW(static_cast<void>(storage->retrieve(claims)), PayloadCodecError);
        EXPECT_EQ(storage->store(encode_arguments("large"), {}), claims);
        EXPECT_EQ(storage->retrieve(claims), encode_arguments("large"));
        EXPECT_EQ(files().size(), 1U) << "nothing is left beside it";
    }
}

TEST_F(FileStorageTest, StoresTheSameFromSeveralThreads) {
    const auto storage = file_storage(folder_);
    const Payloads payloads = encode_arguments(std::string(300'000, 'a'));
    std::vector<std::vector<StorageClaim>> claims(8);
    {
        std::vector<std::jthread> threads;
        for (auto& each : claims) {
            threads.emplace_back([&] { each = storage->store(payloads, {}); });
        }
    }
    for (const auto& each : claims) {
        EXPECT_EQ(storage->retrieve(each), payloads);
    }
    EXPECT_EQ(files().size(), 1U);
}

TEST_F(FileStorageTest, NamesThePlaceWhereItCannotWrite) {
    const auto storage = file_storage(folder_);
    static_cast<void>(storage->store(encode_arguments("large"), {}));
    const fs::path place = files().front();
    fs::remove_all(place.parent_path());
    std::ofstream{place.parent_path()} << "a file is in the way";
    try {
        static_cast<void>(storage->store(encode_arguments("large"), {}));
        FAIL() << "it was stored";
    } catch (const PayloadCodecError& error) {
        EXPECT_NE(std::string{error.what()}.find(place.parent_path().string()), std::string::npos);
    }
    fs::remove(place.parent_path());
    fs::create_directories(place / "a folder is in the way");
    EXPECT_THROW(
        static_cast<void>(storage->store(encode_arguments("large"), {})), PayloadCodecError
    );
    EXPECT_TRUE(files().empty()) << "nothing is left beside it";
}

TEST_F(FileStorageTest, NoticesThatAFileWasChangedOrDeleted) {
    const auto storage = file_storage(folder_);
    const auto claims = storage->store(encode_arguments("large"), {});
    std::ofstream{files().front(), std::ios::app} << "more";
    EXPECT_THROW(static_cast<void>(storage->retrieve(claims)), PayloadCodecError);
    fs::remove(files().front());
    EXPECT_THROW(static_cast<void>(storage->retrieve(claims)), PayloadCodecError);
}

TEST_F(FileStorageTest, DoesNotLeaveItsFolder) {
    const auto storage = file_storage(folder_);
    for (const char* const claim : {"../../etc/passwd", "", "..", "ABCD"}) {
        EXPECT_THROW(
            static_cast<void>(storage->retrieve({StorageClaim{.data = {{"sha256", claim}}}})),
            PayloadCodecError
        );
    }
    EXPECT_THROW(static_cast<void>(storage->retrieve({StorageClaim{}})), PayloadCodecError);
}

TEST_F(FileStorageTest, NeedsAFolder) {
    std::ofstream{folder_} << "a file is in its place";
    EXPECT_THROW(static_cast<void>(file_storage(folder_)), ConfigurationError);
}

}  // namespace
}  // namespace hourglass
