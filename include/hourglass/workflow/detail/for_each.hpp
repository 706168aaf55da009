#pragma once

// The preprocessor's loop over a list, and the dispatch on the forms an element can have. Two
// copies: one loop runs inside the other, and a macro is not expanded inside itself.

#define HOURGLASS_DETAIL_PARENS ()
#define HOURGLASS_DETAIL_EXPAND(...) \
    HOURGLASS_DETAIL_EXPAND3(HOURGLASS_DETAIL_EXPAND3(HOURGLASS_DETAIL_EXPAND3(__VA_ARGS__)))
#define HOURGLASS_DETAIL_EXPAND3(...) \
    HOURGLASS_DETAIL_EXPAND2(HOURGLASS_DETAIL_EXPAND2(HOURGLASS_DETAIL_EXPAND2(__VA_ARGS__)))
#define HOURGLASS_DETAIL_EXPAND2(...) \
    HOURGLASS_DETAIL_EXPAND1(HOURGLASS_DETAIL_EXPAND1(HOURGLASS_DETAIL_EXPAND1(__VA_ARGS__)))
#define HOURGLASS_DETAIL_EXPAND1(...) \
    HOURGLASS_DETAIL_EXPAND0(HOURGLASS_DETAIL_EXPAND0(HOURGLASS_DETAIL_EXPAND0(__VA_ARGS__)))
#define HOURGLASS_DETAIL_EXPAND0(...) __VA_ARGS__

/// macro(context, element) for each element.
#define HOURGLASS_DETAIL_FOR_EACH(macro, context, ...) \
    __VA_OPT__(HOURGLASS_DETAIL_EXPAND(HOURGLASS_DETAIL_STEP(macro, context, __VA_ARGS__)))
#define HOURGLASS_DETAIL_STEP(macro, context, element, ...) \
    macro(                                                  \
        context, element                                    \
    ) __VA_OPT__(HOURGLASS_DETAIL_STEP_AGAIN HOURGLASS_DETAIL_PARENS(macro, context, __VA_ARGS__))
#define HOURGLASS_DETAIL_STEP_AGAIN() HOURGLASS_DETAIL_STEP

#define HOURGLASS_DETAIL_INNER_EXPAND(...)                                          \
    HOURGLASS_DETAIL_INNER_EXPAND3(                                                 \
        HOURGLASS_DETAIL_INNER_EXPAND3(HOURGLASS_DETAIL_INNER_EXPAND3(__VA_ARGS__)) \
    )
#define HOURGLASS_DETAIL_INNER_EXPAND3(...)                                         \
    HOURGLASS_DETAIL_INNER_EXPAND2(                                                 \
        HOURGLASS_DETAIL_INNER_EXPAND2(HOURGLASS_DETAIL_INNER_EXPAND2(__VA_ARGS__)) \
    )
#define HOURGLASS_DETAIL_INNER_EXPAND2(...)                                         \
    HOURGLASS_DETAIL_INNER_EXPAND1(                                                 \
        HOURGLASS_DETAIL_INNER_EXPAND1(HOURGLASS_DETAIL_INNER_EXPAND1(__VA_ARGS__)) \
    )
#define HOURGLASS_DETAIL_INNER_EXPAND1(...)                                         \
    HOURGLASS_DETAIL_INNER_EXPAND0(                                                 \
        HOURGLASS_DETAIL_INNER_EXPAND0(HOURGLASS_DETAIL_INNER_EXPAND0(__VA_ARGS__)) \
    )
#define HOURGLASS_DETAIL_INNER_EXPAND0(...) __VA_ARGS__

/// The same inside of a loop.
#define HOURGLASS_DETAIL_INNER_FOR_EACH(macro, context, ...)                                    \
    __VA_OPT__(                                                                                 \
        HOURGLASS_DETAIL_INNER_EXPAND(HOURGLASS_DETAIL_INNER_STEP(macro, context, __VA_ARGS__)) \
    )
#define HOURGLASS_DETAIL_INNER_STEP(macro, context, element, ...)                              \
    macro(context, element) __VA_OPT__(                                                        \
        HOURGLASS_DETAIL_INNER_STEP_AGAIN HOURGLASS_DETAIL_PARENS(macro, context, __VA_ARGS__) \
    )
#define HOURGLASS_DETAIL_INNER_STEP_AGAIN() HOURGLASS_DETAIL_INNER_STEP

#define HOURGLASS_DETAIL_CAT(a, b) HOURGLASS_DETAIL_CAT_NOW(a, b)
#define HOURGLASS_DETAIL_CAT_NOW(a, b) a##b
// Expands the arguments first; one for each depth of nesting.
#define HOURGLASS_DETAIL_CALL_LIST(macro, ...) macro(__VA_ARGS__)
#define HOURGLASS_DETAIL_CALL_HANDLER(macro, ...) macro(__VA_ARGS__)
#define HOURGLASS_DETAIL_CALL_METHOD(macro, ...) macro(__VA_ARGS__)
#define HOURGLASS_DETAIL_SECOND(...) HOURGLASS_DETAIL_SECOND_NOW(__VA_ARGS__)
#define HOURGLASS_DETAIL_SECOND_NOW(first, second, ...) second

// The form of a handler: `approve`, `named(approve, "text")`, `validated(set, check)`,
// `validated(set, check, "text")`.
#define HOURGLASS_DETAIL_FORM(item) HOURGLASS_DETAIL_SECOND(HOURGLASS_DETAIL_FORM_##item, PLAIN, ~)
#define HOURGLASS_DETAIL_FORM_named(...) ~, NAMED
#define HOURGLASS_DETAIL_FORM_validated(...) ~, VALIDATED
#define HOURGLASS_DETAIL_PARTS_named(...) __VA_ARGS__
#define HOURGLASS_DETAIL_PARTS_validated(...) __VA_ARGS__
