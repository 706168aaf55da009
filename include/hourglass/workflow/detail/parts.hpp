#pragma once

// The parts that HOURGLASS_WORKFLOW knows: `signals(add, remove)` becomes `SIGNALS, add, remove`,
// and what is none of them `UNKNOWN, ` and its text.

#include "hourglass/workflow/detail/for_each.hpp"

#define HOURGLASS_DETAIL_LIST(list)                                        \
    HOURGLASS_DETAIL_CAT(                                                  \
        HOURGLASS_DETAIL_LIST_IF_,                                         \
        HOURGLASS_DETAIL_SECOND(HOURGLASS_DETAIL_KNOWN_##list, UNKNOWN, ~) \
    )                                                                      \
    (list)
#define HOURGLASS_DETAIL_LIST_IF_KNOWN(...) HOURGLASS_DETAIL_LIST_##__VA_ARGS__
#define HOURGLASS_DETAIL_LIST_IF_UNKNOWN(...) UNKNOWN, __VA_ARGS__

#define HOURGLASS_DETAIL_KNOWN_name(...) ~, KNOWN
#define HOURGLASS_DETAIL_LIST_name(...) NAME, __VA_ARGS__
#define HOURGLASS_DETAIL_KNOWN_dynamic(...) ~, KNOWN
#define HOURGLASS_DETAIL_LIST_dynamic(...) DYNAMIC, __VA_ARGS__
#define HOURGLASS_DETAIL_KNOWN_versioning(...) ~, KNOWN
#define HOURGLASS_DETAIL_LIST_versioning(...) VERSIONING, __VA_ARGS__
#define HOURGLASS_DETAIL_KNOWN_failure_types(...) ~, KNOWN
#define HOURGLASS_DETAIL_LIST_failure_types(...) FAILURE_TYPES, __VA_ARGS__
#define HOURGLASS_DETAIL_KNOWN_describe(...) ~, KNOWN
#define HOURGLASS_DETAIL_LIST_describe(...) DESCRIBE, __VA_ARGS__
#define HOURGLASS_DETAIL_KNOWN_abandonable(...) ~, KNOWN
#define HOURGLASS_DETAIL_LIST_abandonable(...) ABANDONABLE, __VA_ARGS__
#define HOURGLASS_DETAIL_KNOWN_signals(...) ~, KNOWN
#define HOURGLASS_DETAIL_LIST_signals(...) SIGNALS, __VA_ARGS__
#define HOURGLASS_DETAIL_KNOWN_queries(...) ~, KNOWN
#define HOURGLASS_DETAIL_LIST_queries(...) QUERIES, __VA_ARGS__
#define HOURGLASS_DETAIL_KNOWN_updates(...) ~, KNOWN
#define HOURGLASS_DETAIL_LIST_updates(...) UPDATES, __VA_ARGS__

// The first of the passes over the parts says what is wrong; the others see nothing.
#define HOURGLASS_DETAIL_NAMES_UNKNOWN(Subject, ...)                                    \
    static_assert(                                                                      \
        false,                                                                          \
        "the definition of " #Subject " has a part `" #__VA_ARGS__                      \
        "`, which there is not: HOURGLASS_WORKFLOW takes signals(...), queries(...), "  \
        "updates(...), name(\"...\"), dynamic(), versioning(...), failure_types(...), " \
        "describe(...) and abandonable(...), HOURGLASS_NEXUS_SERVICE operations(...)"   \
    );
#define HOURGLASS_DETAIL_LISTS_UNKNOWN(Subject, ...)
#define HOURGLASS_DETAIL_REMARKS_UNKNOWN(Subject, ...)
