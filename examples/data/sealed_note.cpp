// A program whose payloads nobody reads on the server: compressed, encrypted, and in files if they
// are large.
#include <hourglass/codec/aes_gcm_codec.hpp>
#include <hourglass/codec/file_storage.hpp>
#include <hourglass/codec/zlib_codec.hpp>
#include <hourglass/hourglass.hpp>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

namespace hg = hourglass;

namespace sealed {

class Note {
public:
    hg::Task<std::string> run(std::string text) { co_return "kept: " + text; }
};

// [codec]
/// Puts the workflow's id before the data, and looks for it when they come back.
class Stamp final : public hg::PayloadCodec {
public:
    [[nodiscard]] std::string name() const override { return "stamp"; }

    [[nodiscard]] hg::Payloads encode(hg::Payloads payloads, const hg::PayloadContext& context)
        const override {
        for (hg::Payload& payload : payloads) {
            payload.metadata["stamp"] = context.workflow_id;
        }
        return payloads;
    }

    [[nodiscard]] hg::Payloads decode(hg::Payloads payloads, const hg::PayloadContext& context)
        const override {
        for (hg::Payload& payload : payloads) {
            const auto stamp = payload.metadata.extract("stamp");
            if (stamp && stamp.mapped() != context.workflow_id) {
                throw hg::PayloadCodecError{"it belongs to workflow " + stamp.mapped()};
            }
        }
        return payloads;
    }
};
// [codec]

hg::DataOptions data_options(const std::string& key) {
    // [options]
    hg::DataOptions data;
    data.codecs = {
        std::make_shared<Stamp>(),
        hg::zlib_codec(),  // first, because what is encrypted does not get smaller
        hg::aes_gcm_codec({.key_id = "2026", .keys = {{"2026", key}}}),
    };
    data.encode_failure_attributes = true;
    data.external_storage = hg::ExternalStorage{
        .drivers = {hg::file_storage(std::filesystem::temp_directory_path() / "sealed-notes")}
    };
    // [options]
    return data;
}

}  // namespace sealed

HOURGLASS_WORKFLOW(sealed::Note, run);

int main() {
    try {
        const char* key = std::getenv("SEALED_NOTE_KEY");
        if (key == nullptr) {
            std::cerr << "SEALED_NOTE_KEY must be a key of 32 bytes\n";
            return 2;
        }
        // [application]
        auto options = hg::ApplicationOptions::from_environment();
        options.client.data = sealed::data_options(key);  // for the client and the workers
        hg::Application app{options};
        // [application]
        const auto note =
            app.client().start<&sealed::Note::run>({.id = "note"}, "the safe is open");
        std::cout << note.result() << "\n";
        if (note.history().serialized().find("safe") != std::string::npos) {
            std::cerr << "the server can read it\n";
            return 1;
        }
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
        return 1;
    }
}
