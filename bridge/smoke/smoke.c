/* The header compiles as C11, the library links, and what needs no server works. */
#include "hourglass_bridge.h"

#include <stdatomic.h>
#include <threads.h>
#include <time.h>

#include <stdio.h>
#include <string.h>

static int failures = 0;

static void check(bool holds, const char* what) {
    if (!holds) {
        ++failures;
        fprintf(stderr, "FAILED: %s\n", what);
    }
}

static HgBytesRef text(const char* value) {
    const HgBytesRef bytes = {(const uint8_t*)value, strlen(value)};
    return bytes;
}

typedef struct Answer {
    atomic_int calls;
    HgStatus status;
    int32_t grpc_code;
    HgConnection* connection;
} Answer;

static void keep(Answer* answer, HgResult result) {
    answer->status = result.status;
    answer->grpc_code = result.grpc_code;
    hg_result_free(result);
    atomic_fetch_add(&answer->calls, 1);
}

static void on_answer(void* user_data, HgResult result) {
    keep(user_data, result);
}

static void on_connect(void* user_data, HgConnection* connection, HgResult result) {
    ((Answer*)user_data)->connection = connection;
    keep(user_data, result);
}

static void await(Answer* answer, const char* what) {
    const struct timespec pause = {0, 1000000};
    for (int waited_ms = 0; atomic_load(&answer->calls) == 0 && waited_ms < 20000; ++waited_ms) {
        thrd_sleep(&pause, NULL);
    }
    check(atomic_load(&answer->calls) == 1, what);
}

static HgStatus status_of(HgResult result) {
    const HgStatus status = result.status;
    hg_result_free(result);
    return status;
}

int main(void) {
    HgRuntimeOptions options = hg_runtime_options_default();
    options.threads = 2;
    HgRuntime* runtime = NULL;
    check(status_of(hg_runtime_new(&options, &runtime)) == HG_STATUS_OK, "a runtime starts");
    check(
        hg_rpc_has_method(HG_SERVICE_WORKFLOW, text("StartWorkflowExecution")), "a method is known"
    );
    check(!hg_rpc_has_method(HG_SERVICE_WORKFLOW, text("Fly")), "another is not");

    HgConnectOptions connect = hg_connect_options_default();
    connect.target = text("127.0.0.1:1");
    connect.identity = text("smoke");
    connect.lazy = true;
    Answer connected = {0};
    hg_connect(runtime, &connect, on_connect, &connected);
    await(&connected, "a lazy connection is given, once");
    check(connected.connection != NULL, "it is there without a server");

    HgRpcRequest request = {0};
    request.service = HG_SERVICE_WORKFLOW;
    request.method = text("GetSystemInfo");
    request.timeout_ms = 2000;
    Answer called = {0};
    hg_rpc_call(connected.connection, &request, on_answer, &called);
    await(&called, "a call is answered, once");
    check(called.status == HG_STATUS_CONNECT_FAILED, "nobody listens");
    check(called.grpc_code == 14, "which is Unavailable");

    const uint64_t before = hg_generation();
    check(hg_generation_bump() == before + 1, "a new generation begins");
    Answer stale = {0};
    hg_rpc_call(connected.connection, &request, on_answer, &stale);
    await(&stale, "a stale call is answered, once");
    check(stale.status == HG_STATUS_STALE_HANDLE, "as stale");
    hg_connection_free(connected.connection);
    hg_runtime_free(runtime);

    runtime = NULL;
    check(status_of(hg_runtime_new(&options, &runtime)) == HG_STATUS_OK, "another runtime starts");
    hg_runtime_free(runtime);
    if (failures == 0) {
        puts("the bridge works");
    }
    return failures == 0 ? 0 : 1;
}
