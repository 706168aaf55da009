#include "hourglass/codec/zlib_codec.hpp"

#include "src/codec/proto_bytes.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace hourglass {
namespace {

constexpr const char* kEncoding = "binary/zlib";
/// How many of the largest payloads one call may make: who has few bytes could send many of them.
constexpr std::size_t kLargestAtOnce = 16;

std::string compress(const std::string& bytes) {
    uLongf size = compressBound(static_cast<uLong>(bytes.size()));
    std::string out(size, '\0');
    const int status = ::compress(
        reinterpret_cast<Bytef*>(out.data()),
        &size,
        reinterpret_cast<const Bytef*>(bytes.data()),
        static_cast<uLong>(bytes.size())
    );
    if (status != Z_OK) {
        throw PayloadCodecError{"zlib could not compress: status " + std::to_string(status)};
    }
    out.resize(size);
    return out;
}

class Inflation {
public:
    Inflation() {
        if (inflateInit(&stream_) != Z_OK) {
            throw PayloadCodecError{"zlib could not be started"};
        }
    }
    ~Inflation() { inflateEnd(&stream_); }
    Inflation(const Inflation&) = delete;
    Inflation& operator=(const Inflation&) = delete;

    std::string run(const std::string& bytes, std::size_t max_size) {
        std::string out(std::min(std::max<std::size_t>(bytes.size() * 4, 1024), max_size), '\0');
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        stream_.avail_in = static_cast<uInt>(bytes.size());
        while (true) {
            stream_.next_out = reinterpret_cast<Bytef*>(out.data()) + stream_.total_out;
            stream_.avail_out = static_cast<uInt>(out.size() - stream_.total_out);
            const int status = inflate(&stream_, Z_NO_FLUSH);
            if (status == Z_STREAM_END) {
                out.resize(stream_.total_out);
                return out;
            }
            if (status != Z_OK || stream_.avail_out > 0) {
                throw PayloadCodecError{"the data are no whole zlib stream"};
            }
            if (out.size() >= max_size) {
                throw PayloadCodecError{
                    "the payload has more than " + std::to_string(max_size) +
                    " bytes; give zlib_codec a larger max_size if it is to be read"
                };
            }
            out.resize(std::min(out.size() * 2, max_size));
        }
    }

private:
    z_stream stream_{};
};

class ZlibCodec final : public PayloadCodec {
public:
    explicit ZlibCodec(std::size_t max_size)
        : max_size_{max_size},
          max_of_all_{
              std::min(max_size, std::numeric_limits<std::size_t>::max() / kLargestAtOnce) *
              kLargestAtOnce
          } {}

    [[nodiscard]] std::string name() const override { return "zlib"; }

    [[nodiscard]] Payloads encode(
        Payloads payloads, const PayloadContext& /*context*/
    ) const override {
        for (Payload& payload : payloads) {
            const std::string whole = codec::to_bytes(payload);
            std::string smaller = compress(whole);
            if (smaller.size() < whole.size()) {
                payload =
                    Payload{.metadata = {{"encoding", kEncoding}}, .data = std::move(smaller)};
            }
        }
        return payloads;
    }

    [[nodiscard]] Payloads decode(
        Payloads payloads, const PayloadContext& /*context*/
    ) const override {
        std::size_t all = 0;
        for (Payload& payload : payloads) {
            if (encoding_of(payload) != kEncoding) {
                continue;
            }
            const std::string bytes = Inflation{}.run(payload.data, max_size_);
            all += bytes.size();
            if (all > max_of_all_) {
                throw PayloadCodecError{
                    "the payloads have more than " + std::to_string(kLargestAtOnce) + " times " +
                    std::to_string(max_size_) +
                    " bytes together; give zlib_codec a larger max_size if they are to be read"
                };
            }
            auto whole = codec::from_bytes(bytes);
            if (!whole) {
                throw PayloadCodecError{"what was compressed is no payload"};
            }
            payload = std::move(*whole);
        }
        return payloads;
    }

private:
    const std::size_t max_size_;
    const std::size_t max_of_all_;
};

}  // namespace

std::shared_ptr<const PayloadCodec> zlib_codec(std::size_t max_size) {
    return std::make_shared<const ZlibCodec>(std::max<std::size_t>(max_size, 1));
}

}  // namespace hourglass
