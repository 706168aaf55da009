#pragma once

#include "hourglass/base/global_scope.hpp"
#include "hourglass/base/name_of.hpp"
#include "hourglass/workflow/catalog.hpp"
#include "hourglass/workflow/detail/for_each.hpp"
#include "hourglass/workflow/detail/handlers.hpp"
#include "hourglass/workflow/detail/parts.hpp"
#include "hourglass/workflow/detail/remarks.hpp"
#include "hourglass/workflow/failure_types.hpp"

/// Defines a workflow: its class, its run method, then in any order the lists of its handlers.
///
///     HOURGLASS_WORKFLOW(shop::Checkout, run, signals(approve), queries(approver), updates(add,
///     validated(set, check_set)))
///
/// - `signals(a, b)`: methods that return void or Task<void>. A signal whose arguments cannot be
/// decoded is dropped, with an error in the log.
/// - `queries(a, b)`: const methods that return a value at once.
/// - `updates(a, validated(b, check_b))`: methods of any result or Task; the validator is const,
/// returns void, takes the same
///   parameters and throws to reject the update.
/// - `name("checkout")`: the Temporal name of the workflow; without it the class's name without
/// namespaces.
/// - `dynamic()`: the workflow runs every type that has no definition of its own, one in the whole
/// program. Its run method takes hourglass::Payloads, and finds the type in info().
/// - `versioning(Pinned)` or `versioning(AutoUpgrade)`: what becomes of it when its worker
/// deployment gets a new version; without it, what its worker says (WorkerOptions::deployment).
/// - `failure_types(std::logic_error, shop::Declined)`: exceptions that fail the workflow, beside
/// every FailureError; others fail its task. See FailsWorkflow.
/// - `describe(approve, "Lets the order through")`: what user interfaces show of a handler, in one
/// line or more, the first of which is a summary.
/// - `abandonable(approve, add)`: signals and updates that may be under way when the workflow ends,
/// without a warning in the log.
/// - In the lists, `named(a, "text")` and `validated(b, check_b, "text")` name a handler; else its
/// name is the method's.
///
/// The class has a default constructor, or else one that takes what the run method takes: it gets
/// the arguments too, before any handler runs, and `run` gets them once more. The methods are
/// public and not overloaded; handlers may be inherited, the run method not. Stands at global
/// scope, once for each class, in a source file or in a header that any number of files include;
/// adds the definition to the process's catalog.
#define HOURGLASS_WORKFLOW(WorkflowClass, run_method, ...)                                        \
    HOURGLASS_DETAIL_AT_GLOBAL_SCOPE("HOURGLASS_WORKFLOW", #WorkflowClass)                        \
    HOURGLASS_DETAIL_FOR_EACH(HOURGLASS_DETAIL_NAMES, WorkflowClass, __VA_ARGS__)                 \
    template <>                                                                                   \
    struct hourglass::workflow::detail::Describe<WorkflowClass>                                   \
        : hourglass::workflow::detail::NoHandlers {                                               \
        using Subject = typename hourglass::workflow::detail::SubjectOf<Describe>::Type;          \
        HOURGLASS_DETAIL_HAS_METHOD(WorkflowClass, run_method)                                    \
        static constexpr auto kRun = &Subject::run_method;                                        \
        static_assert(                                                                            \
            hourglass::workflow::detail::kCanBegin<Subject, &Subject::run_method>,                \
            "HOURGLASS_WORKFLOW(" #WorkflowClass                                                  \
            "): the class needs a public constructor that "                                       \
            "takes nothing, or what its run method " #run_method " takes"                         \
        );                                                                                        \
        static_assert(                                                                            \
            hourglass::detail::kFitsRun<&Subject::run_method>,                                    \
            "HOURGLASS_WORKFLOW(" #WorkflowClass "): the run method " #run_method                 \
            " must be a coroutine that returns hourglass::Task<Result>"                           \
        );                                                                                        \
        static_assert(                                                                            \
            std::is_same_v<hourglass::workflow::detail::ClassOf<&Subject::run_method>, Subject>,  \
            "HOURGLASS_WORKFLOW(" #WorkflowClass "): the run method " #run_method                 \
            " is inherited: start<&" #WorkflowClass "::" #run_method                              \
            ">() would name the base class. Declare it in " #WorkflowClass " itself"              \
        );                                                                                        \
        HOURGLASS_DETAIL_SAFE_PARAMETERS(WorkflowClass, run_method)                               \
        HOURGLASS_DETAIL_FOR_EACH(HOURGLASS_DETAIL_LISTS, WorkflowClass, __VA_ARGS__)             \
    };                                                                                            \
    static_assert(                                                                                \
        hourglass::workflow::detail::kNamesDiffer<                                                \
            hourglass::workflow::detail::Describe<WorkflowClass>::Signals>,                       \
        "HOURGLASS_WORKFLOW(" #WorkflowClass "): two signals have the same name"                  \
    );                                                                                            \
    static_assert(                                                                                \
        hourglass::workflow::detail::kNamesDiffer<                                                \
            hourglass::workflow::detail::Describe<WorkflowClass>::Queries>,                       \
        "HOURGLASS_WORKFLOW(" #WorkflowClass "): two queries have the same name"                  \
    );                                                                                            \
    static_assert(                                                                                \
        hourglass::workflow::detail::kNamesDiffer<                                                \
            hourglass::workflow::detail::Describe<WorkflowClass>::Updates>,                       \
        "HOURGLASS_WORKFLOW(" #WorkflowClass "): two updates have the same name"                  \
    );                                                                                            \
    HOURGLASS_DETAIL_FOR_EACH(HOURGLASS_DETAIL_REMARKS, WorkflowClass, __VA_ARGS__)               \
    /* `Subject`: the class's own name would be looked for in Hourglass's namespaces first. */    \
    template <>                                                                                   \
    inline const bool hourglass::workflow::detail::Registration<WorkflowClass>::kAdded =          \
        hourglass::workflow::Catalog::process().add(hourglass::workflow::definition_of<Subject>() \
        );

// First pass: the names that are given, as specialisations that must come before their first use.
#define HOURGLASS_DETAIL_NAMES(WorkflowClass, list)                           \
    HOURGLASS_DETAIL_CALL_LIST(                                               \
        HOURGLASS_DETAIL_NAMES_OF, WorkflowClass, HOURGLASS_DETAIL_LIST(list) \
    )
#define HOURGLASS_DETAIL_NAMES_OF(WorkflowClass, kind, ...) \
    HOURGLASS_DETAIL_CAT(HOURGLASS_DETAIL_NAMES_, kind)(WorkflowClass, __VA_ARGS__)
#define HOURGLASS_DETAIL_NAMES_NAME(WorkflowClass, text) \
    template <>                                          \
    inline constexpr std::string_view hourglass::detail::kTypeNameOverride<WorkflowClass> = text;
#define HOURGLASS_DETAIL_NAMES_DYNAMIC(WorkflowClass, ...)
#define HOURGLASS_DETAIL_NAMES_VERSIONING(WorkflowClass, behavior)
#define HOURGLASS_DETAIL_NAMES_FAILURE_TYPES(WorkflowClass, ...)
#define HOURGLASS_DETAIL_NAMES_DESCRIBE(WorkflowClass, method, text) \
    template <>                                                      \
    inline constexpr std::string_view                                \
        hourglass::workflow::detail::kDescription<WorkflowClass, &WorkflowClass::method> = text;
#define HOURGLASS_DETAIL_NAMES_ABANDONABLE(WorkflowClass, ...) \
    HOURGLASS_DETAIL_INNER_FOR_EACH(HOURGLASS_DETAIL_NAME_ABANDONABLE, WorkflowClass, __VA_ARGS__)
#define HOURGLASS_DETAIL_NAME_ABANDONABLE(WorkflowClass, method)                          \
    template <>                                                                           \
    inline constexpr hourglass::workflow::UnfinishedPolicy                                \
        hourglass::workflow::detail::kUnfinished<WorkflowClass, &WorkflowClass::method> = \
            hourglass::workflow::UnfinishedPolicy::Abandon;
#define HOURGLASS_DETAIL_NAMES_SIGNALS(WorkflowClass, ...) \
    HOURGLASS_DETAIL_INNER_FOR_EACH(HOURGLASS_DETAIL_NAME_HANDLER, WorkflowClass, __VA_ARGS__)
#define HOURGLASS_DETAIL_NAMES_QUERIES(WorkflowClass, ...) \
    HOURGLASS_DETAIL_INNER_FOR_EACH(HOURGLASS_DETAIL_NAME_HANDLER, WorkflowClass, __VA_ARGS__)
#define HOURGLASS_DETAIL_NAMES_UPDATES(WorkflowClass, ...) \
    HOURGLASS_DETAIL_INNER_FOR_EACH(HOURGLASS_DETAIL_NAME_HANDLER, WorkflowClass, __VA_ARGS__)
#define HOURGLASS_DETAIL_NAME_HANDLER(WorkflowClass, item) \
    HOURGLASS_DETAIL_CAT(HOURGLASS_DETAIL_NAME_, HOURGLASS_DETAIL_FORM(item))(WorkflowClass, item)
#define HOURGLASS_DETAIL_NAME_PLAIN(WorkflowClass, item)
#define HOURGLASS_DETAIL_NAME_NAMED(WorkflowClass, item)                           \
    HOURGLASS_DETAIL_CALL_HANDLER(                                                 \
        HOURGLASS_DETAIL_NAME_METHOD, WorkflowClass, HOURGLASS_DETAIL_PARTS_##item \
    )
#define HOURGLASS_DETAIL_NAME_VALIDATED(WorkflowClass, item)                                 \
    HOURGLASS_DETAIL_CALL_HANDLER(                                                           \
        HOURGLASS_DETAIL_NAME_VALIDATED_METHOD, WorkflowClass, HOURGLASS_DETAIL_PARTS_##item \
    )
#define HOURGLASS_DETAIL_NAME_VALIDATED_METHOD(WorkflowClass, method, validator, ...) \
    __VA_OPT__(HOURGLASS_DETAIL_NAME_METHOD(WorkflowClass, method, __VA_ARGS__))
#define HOURGLASS_DETAIL_NAME_METHOD(WorkflowClass, method, text) \
    template <>                                                   \
    inline constexpr std::string_view                             \
        hourglass::detail::kFunctionNameOverride<&WorkflowClass::method> = text;

// Second pass: the lists, inside of the description.
#define HOURGLASS_DETAIL_LISTS(WorkflowClass, list)                           \
    HOURGLASS_DETAIL_CALL_LIST(                                               \
        HOURGLASS_DETAIL_LISTS_OF, WorkflowClass, HOURGLASS_DETAIL_LIST(list) \
    )
#define HOURGLASS_DETAIL_LISTS_OF(WorkflowClass, kind, ...) \
    HOURGLASS_DETAIL_CAT(HOURGLASS_DETAIL_LISTS_, kind)(WorkflowClass, __VA_ARGS__)
#define HOURGLASS_DETAIL_LISTS_NAME(WorkflowClass, text)
#define HOURGLASS_DETAIL_LISTS_DYNAMIC(WorkflowClass, ...)          \
    static constexpr bool kDynamic = true;                          \
    static_assert(                                                  \
        hourglass::workflow::detail::kTakesPayloads<kRun>,          \
        "HOURGLASS_WORKFLOW(" #WorkflowClass                        \
        "): it is dynamic(), so that its run method "               \
        "must take hourglass::Payloads: the arguments as they came" \
    );
#define HOURGLASS_DETAIL_LISTS_VERSIONING(WorkflowClass, behavior)                              \
    static constexpr auto kVersioning = hourglass::VersioningBehavior::behavior;                \
    static_assert(                                                                              \
        kVersioning != hourglass::VersioningBehavior::Unspecified,                              \
        "HOURGLASS_WORKFLOW(" #WorkflowClass                                                    \
        "): versioning() takes Pinned or AutoUpgrade; leave it out to get the worker's default" \
    );
#define HOURGLASS_DETAIL_LISTS_FAILURE_TYPES(WorkflowClass, ...)           \
    static constexpr bool (*kFailsWorkflow)(const std::exception& error) = \
        &hourglass::workflow::is_any_of<__VA_ARGS__>;
#define HOURGLASS_DETAIL_LISTS_DESCRIBE(WorkflowClass, ...)
#define HOURGLASS_DETAIL_LISTS_ABANDONABLE(WorkflowClass, ...)
#define HOURGLASS_DETAIL_LISTS_SIGNALS(WorkflowClass, ...)                                     \
    HOURGLASS_DETAIL_INNER_FOR_EACH(HOURGLASS_DETAIL_CHECK_SIGNAL, WorkflowClass, __VA_ARGS__) \
    using Signals = hourglass::workflow::detail::HandlersAfter<                                \
        hourglass::workflow::detail::NoHandler                                                 \
            HOURGLASS_DETAIL_INNER_FOR_EACH(HOURGLASS_DETAIL_HANDLER, SignalOf, __VA_ARGS__)>;
#define HOURGLASS_DETAIL_LISTS_QUERIES(WorkflowClass, ...)                                    \
    HOURGLASS_DETAIL_INNER_FOR_EACH(HOURGLASS_DETAIL_CHECK_QUERY, WorkflowClass, __VA_ARGS__) \
    using Queries = hourglass::workflow::detail::HandlersAfter<                               \
        hourglass::workflow::detail::NoHandler                                                \
            HOURGLASS_DETAIL_INNER_FOR_EACH(HOURGLASS_DETAIL_HANDLER, QueryOf, __VA_ARGS__)>;
#define HOURGLASS_DETAIL_LISTS_UPDATES(WorkflowClass, ...)                                     \
    HOURGLASS_DETAIL_INNER_FOR_EACH(HOURGLASS_DETAIL_CHECK_UPDATE, WorkflowClass, __VA_ARGS__) \
    using Updates = hourglass::workflow::detail::HandlersAfter<                                \
        hourglass::workflow::detail::NoHandler                                                 \
            HOURGLASS_DETAIL_INNER_FOR_EACH(HOURGLASS_DETAIL_HANDLER, UpdateOf, __VA_ARGS__)>;

#define HOURGLASS_DETAIL_HANDLER(Kind, item) \
    , hourglass::workflow::detail::Kind<Subject, HOURGLASS_DETAIL_METHODS(item)>
// `&Subject::method`, and `, &Subject::validator` where there is one.
#define HOURGLASS_DETAIL_METHODS(item) \
    HOURGLASS_DETAIL_CAT(HOURGLASS_DETAIL_METHODS_, HOURGLASS_DETAIL_FORM(item))(item)
#define HOURGLASS_DETAIL_METHODS_PLAIN(item) &Subject::item
#define HOURGLASS_DETAIL_METHODS_NAMED(item) &Subject::HOURGLASS_DETAIL_METHOD(item)
#define HOURGLASS_DETAIL_METHODS_VALIDATED(item)                             \
    HOURGLASS_DETAIL_CALL_HANDLER(                                           \
        HOURGLASS_DETAIL_METHOD_AND_VALIDATOR, HOURGLASS_DETAIL_PARTS_##item \
    )
#define HOURGLASS_DETAIL_METHOD_AND_VALIDATOR(method, validator, ...) \
    &Subject::method, &Subject::validator
// The method's name alone.
#define HOURGLASS_DETAIL_METHOD(item) \
    HOURGLASS_DETAIL_CAT(HOURGLASS_DETAIL_METHOD_, HOURGLASS_DETAIL_FORM(item))(item)
#define HOURGLASS_DETAIL_METHOD_PLAIN(item) item
#define HOURGLASS_DETAIL_METHOD_NAMED(item) \
    HOURGLASS_DETAIL_CALL_METHOD(HOURGLASS_DETAIL_FIRST, HOURGLASS_DETAIL_PARTS_##item)
#define HOURGLASS_DETAIL_METHOD_VALIDATED(item) \
    HOURGLASS_DETAIL_CALL_METHOD(HOURGLASS_DETAIL_FIRST, HOURGLASS_DETAIL_PARTS_##item)
#define HOURGLASS_DETAIL_FIRST(first, ...) first

// The checks.
#define HOURGLASS_DETAIL_HAS_METHOD(WorkflowClass, method)                                 \
    static_assert(                                                                         \
        []<class W>() { return requires { &W::method; }; }.template operator()<Subject>(), \
        "HOURGLASS_WORKFLOW(" #WorkflowClass "): the class has no public method " #method  \
        ", or several of the name"                                                         \
    );
#define HOURGLASS_DETAIL_SAFE_PARAMETERS(WorkflowClass, method)                               \
    static_assert(                                                                            \
        hourglass::workflow::detail::kSafeParameters<&Subject::method>,                       \
        "HOURGLASS_WORKFLOW(" #WorkflowClass "): " #method                                    \
        " is a coroutine and takes a reference: it must take values, since what a reference " \
        "points to "                                                                          \
        "is gone when the coroutine goes on"                                                  \
    );
#define HOURGLASS_DETAIL_CHECK_SIGNAL(WorkflowClass, item)                                 \
    HOURGLASS_DETAIL_CALL_HANDLER(                                                         \
        HOURGLASS_DETAIL_CHECK_SIGNAL_METHOD, WorkflowClass, HOURGLASS_DETAIL_METHOD(item) \
    )
#define HOURGLASS_DETAIL_CHECK_SIGNAL_METHOD(WorkflowClass, method)   \
    HOURGLASS_DETAIL_HAS_METHOD(WorkflowClass, method)                \
    static_assert(                                                    \
        hourglass::detail::kFitsSignal<&Subject::method>,             \
        "HOURGLASS_WORKFLOW(" #WorkflowClass "): the signal " #method \
        " must return void or hourglass::Task<void>"                  \
    );                                                                \
    HOURGLASS_DETAIL_SAFE_PARAMETERS(WorkflowClass, method)
#define HOURGLASS_DETAIL_CHECK_QUERY(WorkflowClass, item)                                 \
    HOURGLASS_DETAIL_CALL_HANDLER(                                                        \
        HOURGLASS_DETAIL_CHECK_QUERY_METHOD, WorkflowClass, HOURGLASS_DETAIL_METHOD(item) \
    )
#define HOURGLASS_DETAIL_CHECK_QUERY_METHOD(WorkflowClass, method)                    \
    HOURGLASS_DETAIL_HAS_METHOD(WorkflowClass, method)                                \
    static_assert(                                                                    \
        hourglass::detail::kFitsQuery<&Subject::method>,                              \
        "HOURGLASS_WORKFLOW(" #WorkflowClass "): the query " #method                  \
        " must be a const method that returns a value at once: no void, no coroutine" \
    );
#define HOURGLASS_DETAIL_CHECK_UPDATE(WorkflowClass, item)                             \
    HOURGLASS_DETAIL_CAT(HOURGLASS_DETAIL_CHECK_UPDATE_, HOURGLASS_DETAIL_FORM(item))( \
        WorkflowClass, item                                                            \
    )
#define HOURGLASS_DETAIL_CHECK_UPDATE_PLAIN(WorkflowClass, item) \
    HOURGLASS_DETAIL_CHECK_UPDATE_METHOD(WorkflowClass, item)
#define HOURGLASS_DETAIL_CHECK_UPDATE_NAMED(WorkflowClass, item)                           \
    HOURGLASS_DETAIL_CALL_HANDLER(                                                         \
        HOURGLASS_DETAIL_CHECK_UPDATE_METHOD, WorkflowClass, HOURGLASS_DETAIL_METHOD(item) \
    )
#define HOURGLASS_DETAIL_CHECK_UPDATE_VALIDATED(WorkflowClass, item)                   \
    HOURGLASS_DETAIL_CALL_HANDLER(                                                     \
        HOURGLASS_DETAIL_CHECK_VALIDATED, WorkflowClass, HOURGLASS_DETAIL_PARTS_##item \
    )
#define HOURGLASS_DETAIL_CHECK_UPDATE_METHOD(WorkflowClass, method) \
    HOURGLASS_DETAIL_HAS_METHOD(WorkflowClass, method)              \
    HOURGLASS_DETAIL_SAFE_PARAMETERS(WorkflowClass, method)
#define HOURGLASS_DETAIL_CHECK_VALIDATED(WorkflowClass, method, validator, ...)             \
    HOURGLASS_DETAIL_CHECK_UPDATE_METHOD(WorkflowClass, method)                             \
    HOURGLASS_DETAIL_HAS_METHOD(WorkflowClass, validator)                                   \
    static_assert(                                                                          \
        hourglass::workflow::detail::kFitsValidator<&Subject::method, &Subject::validator>, \
        "HOURGLASS_WORKFLOW(" #WorkflowClass "): the validator " #validator                 \
        " must be const, return void and take the same parameters as the update " #method   \
    );
