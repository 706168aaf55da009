"""What workflow code must not do, as clang-query's matchers: each rule has a name, what is wrong, and what to do instead.

A rule of your own: add it to RULES. `@` stands for "in workflow code".
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Rule:
    name: str
    wrong: str
    instead: str
    matchers: tuple[str, ...]


def names(*wanted: str) -> str:
    return "hasAnyName(" + ", ".join(f'"::{name}"' for name in wanted) + ")"


def calls(function: str) -> str:
    return f"callExpr(callee(functionDecl({function})), @)"


def declares(type_of: str) -> str:
    """A variable, a member, a parameter, or an object without a name of such a type."""
    return f"valueDecl(hasType(hasUnqualifiedDesugaredType({type_of})), @)"


def class_of(declaration: str) -> str:
    return f"recordType(hasDeclaration(cxxRecordDecl({declaration})))"


UNORDERED = class_of(names("std::unordered_map", "std::unordered_set", "std::unordered_multimap", "std::unordered_multiset"))


def keyed_by(key: str) -> str:
    """An ordered container whose keys are of the type."""
    containers = names("std::map", "std::set", "std::multimap", "std::multiset")
    return (
        f"recordType(hasDeclaration(classTemplateSpecializationDecl({containers}, "
        f"hasTemplateArgument(0, refersToType(hasCanonicalType({key}))))))"
    )


POINTERS = ("pointerType()", class_of(names("std::shared_ptr", "std::unique_ptr")))
ENGINES = names(
    "std::mersenne_twister_engine", "std::linear_congruential_engine", "std::subtract_with_carry_engine",
    "std::discard_block_engine", "std::shuffle_order_engine", "std::independent_bits_engine",
)

# A coroutine of workflows, a member function of a class that has one, or a member of such a class.
TASK = 'hasCanonicalType(hasDeclaration(namedDecl(hasName("::hourglass::Task"))))'
WORKFLOW_CLASS = f"cxxRecordDecl(hasMethod(returns({TASK})))"
IN_WORKFLOW = (
    f"anyOf(hasAncestor(functionDecl(anyOf(returns({TASK}), cxxMethodDecl(ofClass({WORKFLOW_CLASS}))))), "
    f"hasParent({WORKFLOW_CLASS}))"
)

# A function of the program that is no workflow code itself: what is in it would be found twice.
HELPER = (
    'unless(isExpansionInSystemHeader()), unless(matchesName("^::hourglass::")), '
    f"unless(returns({TASK})), unless(cxxMethodDecl(ofClass(anyOf(isLambda(), {WORKFLOW_CLASS}))))"
)

# What stands in a full expression with an await, and no lambda in between: its ancestors are not only those of its function,
# and an await below it may be a lambda's. What is bound to a name that is no rule's is not reported.
COROUTINE = "forFunction(functionDecl(hasBody(coroutineBodyStmt())))"
ITS_COROUTINE = 'forFunction(functionDecl(hasBody(coroutineBodyStmt())).bind("its_coroutine"))'
AWAIT_OF_IT = 'hasDescendant(coawaitExpr(forFunction(functionDecl(equalsBoundNode("its_coroutine")))))'
BESIDE_AN_AWAIT = f"{ITS_COROUTINE}, hasAncestor(exprWithCleanups({AWAIT_OF_IT}))"
# Hourglass's options are made to bear it: include/hourglass/base/held.hpp.
BEARS_COPIES = class_of('has(fieldDecl(hasType(hasUnqualifiedDesugaredType(' + class_of('hasName("::hourglass::detail::Held")') + "))))")

# What ends a run passes through here, and is thrown: continue_as_new() itself, or a function of this file that calls it.
CONTINUES_AS_NEW = f"callExpr(callee(functionDecl({names('hourglass::workflow::continue_as_new')})))"
MAY_CONTINUE_AS_NEW = f"anyOf({CONTINUES_AS_NEW}, callExpr(callee(functionDecl(hasDescendant({CONTINUES_AS_NEW})))))"
RETHROWS = (
    "anyOf(hasDescendant(cxxThrowExpr(unless(has(expr())))), "
    f"hasDescendant(callExpr(callee(functionDecl({names('std::current_exception', 'std::rethrow_exception')})))))"
)
# By itself, or by a function that it calls.
PASSES_IT_ON = f"anyOf({RETHROWS}, hasDescendant(callExpr(callee(functionDecl(unless(isExpansionInSystemHeader()), {RETHROWS})))))"

RULES = (
    Rule(
        "clock", "the clock of the machine: a replay reads another time", "use workflow::now()",
        (
            calls('matchesName("^::std::chrono::.*_clock::now$")'),
            calls(names("time", "clock", "gettimeofday", "clock_gettime", "timespec_get", "ftime")),
        ),
    ),
    Rule(
        "random", "random numbers of the process: a replay gets others", "use workflow::random() or workflow::uuid4()",
        (
            calls(names("rand", "srand", "rand_r", "random", "srandom", "drand48", "lrand48", "getrandom", "arc4random")),
            declares(class_of(names("std::random_device"))),
            f"cxxTemporaryObjectExpr(hasType(hasUnqualifiedDesugaredType({class_of(names('std::random_device'))})), @)",
            f"cxxConstructExpr(hasDeclaration(cxxConstructorDecl(isDefaultConstructor(), ofClass({ENGINES}))), @)",
        ),
    ),
    Rule(
        "thread", "threads and what waits for them: their order is not in the history",
        "use spawn(), all(), race(), wait_condition(), workflow::Mutex; blocking work belongs into an activity",
        (
            declares(class_of(names(
                "std::thread", "std::jthread", "std::mutex", "std::timed_mutex", "std::recursive_mutex",
                "std::recursive_timed_mutex", "std::shared_mutex", "std::shared_timed_mutex",
                "std::condition_variable", "std::condition_variable_any", "std::future", "std::shared_future",
                "std::promise", "std::packaged_task", "std::counting_semaphore", "std::barrier", "std::latch",
            ))),
            calls(names("std::async", "pthread_create", "pthread_mutex_lock", "fork", "vfork")),
        ),
    ),
    Rule(
        "sleep", "a wait of the thread: it holds up the worker, and is not in the history", "use co_await workflow::sleep()",
        (
            calls(names(
                "std::this_thread::sleep_for", "std::this_thread::sleep_until", "std::this_thread::yield",
                "sleep", "usleep", "nanosleep", "clock_nanosleep", "sched_yield",
            )),
        ),
    ),
    Rule(
        "io", "input or output: what it gives is not in the history", "do it in an activity",
        (
            declares(class_of(names("std::basic_ifstream", "std::basic_ofstream", "std::basic_fstream"))),
            calls(names(
                "fopen", "freopen", "fread", "fwrite", "fgets", "fclose", "open", "openat", "creat", "read", "write", "close",
                "socket", "connect", "bind", "listen", "accept", "send", "sendto", "recv", "recvfrom", "poll", "select",
                "system", "popen", "execv", "execve", "execvp", "posix_spawn", "unlink", "rename", "stat",
                "getaddrinfo", "scanf", "getline", "std::getline",
            )),
            calls('matchesName("^::std::filesystem::"), unless(cxxMethodDecl()), unless(hasOverloadedOperatorName("/"))'),
        ),
    ),
    Rule(
        "output", "output: it comes again with each replay", "use workflow::logger()",
        (
            calls(names("printf", "fprintf", "vprintf", "puts", "fputs", "putchar", "perror", "syslog")),
            f"declRefExpr(to(varDecl({names('std::cout', 'std::cerr', 'std::clog')})), @)",
        ),
    ),
    Rule(
        "environment", "the environment of the process: a replay may run elsewhere",
        "pass it as an argument, or ask for it in an activity",
        (calls(names("getenv", "secure_getenv", "setenv", "gethostname", "getpid", "gettid", "uname", "getcwd")),),
    ),
    Rule(
        "unordered", "the order of an unordered container: another build or process has another one",
        "use std::map or std::set, or sort first",
        (
            f"cxxForRangeStmt(hasRangeInit(expr(hasType(hasUnqualifiedDesugaredType({UNORDERED})))), @)",
            "cxxMemberCallExpr(callee(cxxMethodDecl(hasAnyName(\"begin\", \"cbegin\"))), "
            f"on(expr(hasType(hasUnqualifiedDesugaredType({UNORDERED})))), @)",
            f"callExpr(callee(functionDecl({names('std::begin', 'std::cbegin')})), "
            f"hasArgument(0, expr(hasType(hasUnqualifiedDesugaredType({UNORDERED})))), @)",
            # What searches or counts gives the same in any order.
            "cxxOperatorCallExpr(hasArgument(0, declRefExpr(to(varDecl(matchesName("
            '"^::std::ranges::.*(begin|for_each|copy|transform|fold_left)$"))))), '
            f"hasArgument(1, expr(hasType(hasUnqualifiedDesugaredType({UNORDERED})))), @)",
        ),
    ),
    Rule(
        "pointer-key", "pointers as keys: their order is where the objects happened to be",
        "use an id of the object as the key",
        tuple(declares(keyed_by(pointer)) for pointer in POINTERS),
    ),
    # clang does right what the next two find; g++ 12, with which the same code may be built, does not.
    Rule(
        "aggregate", "g++ 12 destroys twice what is written with braces, or captured, in an expression that awaits",
        "give it a name before, and write only the name there",
        (
            # With a member, or a capture, that owns something: nothing else has to be destroyed.
            f"cxxBindTemporaryExpr({BESIDE_AN_AWAIT}, has(initListExpr(unless(hasType(hasUnqualifiedDesugaredType({BEARS_COPIES}))))))",
            f"cxxBindTemporaryExpr({BESIDE_AN_AWAIT}, has(lambdaExpr()))",
            f"cxxBindTemporaryExpr({BESIDE_AN_AWAIT}, has(cxxFunctionalCastExpr(has(initListExpr()))))",
            f"varDecl(hasInitializer(ignoringImplicit(initListExpr({ITS_COROUTINE}, {AWAIT_OF_IT}, "
            "anyOf(has(cxxBindTemporaryExpr()), has(cxxConstructExpr()), "
            "has(coawaitExpr(hasType(hasUnqualifiedDesugaredType(recordType())))))))))",
        ),
    ),
    Rule(
        "condition", "g++ 12 loses an await in a condition, if nothing is declared in the coroutine",
        "give what was awaited a name before",
        tuple(
            f"{statement}(hasCondition(expr(hasDescendant(coawaitExpr()), {COROUTINE})), hasAncestor(coroutineBodyStmt(hasBody("
            "compoundStmt(unless(anyOf(hasDescendant(declStmt()), hasDescendant(lambdaExpr()), hasDescendant(cxxTryStmt()))))))))"
            for statement in ("ifStmt", "switchStmt", "whileStmt", "doStmt", "forStmt")
        ),
    ),
    Rule(
        "catch-all", "continue_as_new() throws what ends the run: this swallows it, and the run goes on",
        "catch const std::exception&, or rethrow",
        (
            f"cxxCatchStmt(isCatchAll(), unless({PASSES_IT_ON}), "
            f"hasParent(cxxTryStmt(has(compoundStmt(hasDescendant({MAY_CONTINUE_AS_NEW}))))))",
        ),
    ),
    Rule(
        "lambda", "a coroutine that is a lambda with captures: they are gone with the lambda, before the coroutine ends",
        "make it a member function, or pass what it needs as parameters",
        (f"cxxMethodDecl(returns({TASK}), hasBody(coroutineBodyStmt()), ofClass(cxxRecordDecl(isLambda(), has(fieldDecl()))))",),
    ),
    Rule(
        "reference", "a reference as a parameter of a coroutine: what it refers to may be gone when the coroutine goes on",
        "take it by value",
        (f"parmVarDecl(hasType(hasCanonicalType(referenceType())), hasDeclContext(functionDecl(returns({TASK}), hasBody(coroutineBodyStmt()))))",),
    ),
)


def commands(headers: bool) -> str:
    """What clang-query is told, for the file alone or its headers too; the name of what it finds is the rule's with `_` for `-`."""
    here = "unless(isExpansionInSystemHeader())" if headers else "isExpansionInMainFile()"
    lines = ["set bind-root false", "set output diag"]
    for rule in RULES:
        for matcher in rule.matchers:
            # The place first: it leaves the least to look at.
            kind, _, rest = matcher.partition("(")
            at_home = f"{kind}({here}, {rest}".replace("@", IN_WORKFLOW)
            lines.append(f'match {at_home}.bind("{rule.name.replace("-", "_")}")')
            # The same in a function that workflow code calls: found where it is called.
            if matcher.startswith("callExpr("):
                inner = matcher.replace(", @)", ")")
                lines.append(
                    f"match callExpr({here}, {IN_WORKFLOW}, callee(functionDecl({HELPER}, "
                    f'hasDescendant({inner})))).bind("{rule.name.replace("-", "_")}")'
                )
    return "\n".join(lines) + "\n"
