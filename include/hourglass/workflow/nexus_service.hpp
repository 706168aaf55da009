#pragma once

#include "hourglass/workflow/define.hpp"
#include "hourglass/workflow/detail/nexus_service.hpp"

/// Defines a Nexus service: a class whose member functions are its operations.
///
///     struct Greetings {
///         std::string greet(std::string name);
///         void forget(std::string name);
///     };
///     HOURGLASS_NEXUS_SERVICE(Greetings, operations(greet, named(forget, "forget-me")))
///
/// The functions say what an operation takes and gives; whoever calls the service needs no bodies
/// of them. An operation takes one value, or nothing, by value.
/// - `operations(a, named(b, "text"))`: the operations; without `named` their names are the
/// functions'.
/// - `name("greetings")`: the service's name; without it the class's without namespaces.
///
/// Stands at global scope, once for each class; in a header as a rule, which callers and handlers
/// share.
#define HOURGLASS_NEXUS_SERVICE(Service, ...)                                            \
    HOURGLASS_DETAIL_FOR_EACH(HOURGLASS_DETAIL_NAMES, Service, __VA_ARGS__)              \
    template <>                                                                          \
    struct hourglass::workflow::detail::DescribeNexusService<Service>                    \
        : hourglass::workflow::detail::NoOperations {                                    \
        using Subject =                                                                  \
            typename hourglass::workflow::detail::SubjectOf<DescribeNexusService>::Type; \
        HOURGLASS_DETAIL_FOR_EACH(HOURGLASS_DETAIL_LISTS, Service, __VA_ARGS__)          \
    };                                                                                   \
    static_assert(                                                                       \
        hourglass::workflow::detail::kNamesDiffer<                                       \
            hourglass::workflow::detail::DescribeNexusService<Service>::Operations>,     \
        "HOURGLASS_NEXUS_SERVICE(" #Service "): two operations have the same name"       \
    );

#define HOURGLASS_DETAIL_KNOWN_operations(...) ~, KNOWN
#define HOURGLASS_DETAIL_LIST_operations(...) OPERATIONS, __VA_ARGS__
#define HOURGLASS_DETAIL_NAMES_OPERATIONS(Service, ...) \
    HOURGLASS_DETAIL_INNER_FOR_EACH(HOURGLASS_DETAIL_NAME_HANDLER, Service, __VA_ARGS__)
#define HOURGLASS_DETAIL_LISTS_OPERATIONS(Service, ...)                                     \
    static_assert(kIsNexusService);                                                         \
    HOURGLASS_DETAIL_INNER_FOR_EACH(HOURGLASS_DETAIL_CHECK_OPERATION, Service, __VA_ARGS__) \
    using Operations = hourglass::workflow::detail::HandlersAfter<                          \
        hourglass::workflow::detail::NoHandler                                              \
            HOURGLASS_DETAIL_INNER_FOR_EACH(HOURGLASS_DETAIL_HANDLER, OperationOf, __VA_ARGS__)>;
#define HOURGLASS_DETAIL_CHECK_OPERATION(Service, item)                             \
    HOURGLASS_DETAIL_CALL_HANDLER(                                                  \
        HOURGLASS_DETAIL_CHECK_OPERATION_OF, Service, HOURGLASS_DETAIL_METHOD(item) \
    )
#define HOURGLASS_DETAIL_CHECK_OPERATION_OF(Service, method)                                      \
    static_assert(                                                                                \
        []<class S>() { return requires { &S::method; }; }.template operator()<Subject>(),        \
        "HOURGLASS_NEXUS_SERVICE(" #Service "): the class has no public member function " #method \
        ", or several of the name"                                                                \
    );                                                                                            \
    static_assert(                                                                                \
        hourglass::workflow::detail::kFitsOperation<&Subject::method>,                            \
        "HOURGLASS_NEXUS_SERVICE(" #Service "): the operation " #method                           \
        " must take one value or nothing, not by reference, and return its result, not a "        \
        "hourglass::Task"                                                                         \
    );
