#pragma once

#include <type_traits>

/// Declared again where a definition macro stands: in a namespace that makes another type.
struct HourglassGlobalScope;

/// Begins what must stand at global scope, because it specialises templates, with a sentence that
/// says so: compilers' own messages name Hourglass's templates and not the macro.
#define HOURGLASS_DETAIL_AT_GLOBAL_SCOPE(definition, subject)                                    \
    struct HourglassGlobalScope;                                                                 \
    static_assert(                                                                               \
        std::is_same_v<HourglassGlobalScope, ::HourglassGlobalScope>,                            \
        definition "(" subject                                                                   \
                   ") must stand at global scope: close the namespace before it, and write the " \
                   "full name, as in " definition "(shop::" subject ", ...)"                     \
    );
