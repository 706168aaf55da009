#pragma once

// A part of HOURGLASS_WORKFLOW: whether what is remarked on is a handler.

#include "hourglass/workflow/detail/for_each.hpp"
#include "hourglass/workflow/detail/handler_list.hpp"
#include "hourglass/workflow/detail/parts.hpp"

// Third pass, when the lists are known: whether what is remarked on is in them.
#define HOURGLASS_DETAIL_REMARKS(WorkflowClass, list)                           \
    HOURGLASS_DETAIL_CALL_LIST(                                                 \
        HOURGLASS_DETAIL_REMARKS_OF, WorkflowClass, HOURGLASS_DETAIL_LIST(list) \
    )
#define HOURGLASS_DETAIL_REMARKS_OF(WorkflowClass, kind, ...) \
    HOURGLASS_DETAIL_CAT(HOURGLASS_DETAIL_REMARKS_, kind)(WorkflowClass, __VA_ARGS__)
#define HOURGLASS_DETAIL_REMARKS_NAME(WorkflowClass, ...)
#define HOURGLASS_DETAIL_REMARKS_DYNAMIC(WorkflowClass, ...)
#define HOURGLASS_DETAIL_REMARKS_VERSIONING(WorkflowClass, ...)
#define HOURGLASS_DETAIL_REMARKS_FAILURE_TYPES(WorkflowClass, ...)
#define HOURGLASS_DETAIL_REMARKS_SIGNALS(WorkflowClass, ...)
#define HOURGLASS_DETAIL_REMARKS_QUERIES(WorkflowClass, ...)
#define HOURGLASS_DETAIL_REMARKS_UPDATES(WorkflowClass, ...)
#define HOURGLASS_DETAIL_REMARKS_DESCRIBE(WorkflowClass, method, text)                \
    static_assert(                                                                    \
        hourglass::workflow::detail::kHandles<WorkflowClass, &WorkflowClass::method>, \
        "HOURGLASS_WORKFLOW(" #WorkflowClass "): describe(" #method                   \
        ", ...): the workflow has no signal, query or update of this method"          \
    );
#define HOURGLASS_DETAIL_REMARKS_ABANDONABLE(WorkflowClass, ...) \
    HOURGLASS_DETAIL_INNER_FOR_EACH(HOURGLASS_DETAIL_REMARK_ABANDONABLE, WorkflowClass, __VA_ARGS__)
#define HOURGLASS_DETAIL_REMARK_ABANDONABLE(WorkflowClass, method)                            \
    static_assert(                                                                            \
        hourglass::workflow::detail::kMayBeUnfinished<WorkflowClass, &WorkflowClass::method>, \
        "HOURGLASS_WORKFLOW(" #WorkflowClass "): abandonable(" #method                        \
        "): the workflow has no signal or update of this method"                              \
    );
