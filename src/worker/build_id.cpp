#include "hourglass/worker/worker_options.hpp"
#include "src/base/hexadecimal.hpp"

#include <elf.h>
#include <link.h>

#include <cstddef>
#include <cstring>
#include <string>

namespace hourglass {
namespace {

// Names and contents of notes are padded to four bytes.
constexpr std::size_t padded(std::size_t size) {
    return (size + 3) / 4 * 4;
}

/// @returns empty if it is not among these notes.
std::string build_id_in(const unsigned char* notes, std::size_t size) {
    constexpr char kOwner[] = "GNU";
    std::size_t at = 0;
    while (at + sizeof(ElfW(Nhdr)) <= size) {
        ElfW(Nhdr) note;
        std::memcpy(&note, notes + at, sizeof note);
        const std::size_t name = at + sizeof note;
        const std::size_t content = name + padded(note.n_namesz);
        at = content + padded(note.n_descsz);
        if (at > size) {
            break;
        }
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof kOwner &&
            std::memcmp(notes + name, kOwner, sizeof kOwner) == 0) {
            return to_hexadecimal({notes + content, note.n_descsz});
        }
    }
    return {};
}

int read_program(dl_phdr_info* object, std::size_t /*size*/, void* result) {
    for (int i = 0; i < object->dlpi_phnum; ++i) {
        const ElfW(Phdr)& segment = object->dlpi_phdr[i];
        if (segment.p_type == PT_NOTE) {
            const auto* notes =
                reinterpret_cast<const unsigned char*>(object->dlpi_addr + segment.p_vaddr);
            auto& build_id = *static_cast<std::string*>(result);
            build_id = build_id_in(notes, segment.p_memsz);
            if (!build_id.empty()) {
                break;
            }
        }
    }
    return 1;  // the program comes first: no library is looked at
}

}  // namespace

std::string executable_build_id() {
    std::string build_id;
    ::dl_iterate_phdr(&read_program, &build_id);
    return build_id;
}

}  // namespace hourglass
