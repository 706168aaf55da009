"""Failures as ../failures.json has them: made of a description, and described. Both know every kind."""

import json
import os
import pathlib
from datetime import timedelta
from typing import Any

import nexusrpc
from temporalio import activity, workflow
from temporalio.exceptions import (
    ActivityError, ApplicationError, ApplicationErrorCategory, CancelledError, ChildWorkflowError, FailureError,
    NexusOperationError, RetryState, ServerError, TerminatedError, TimeoutError, TimeoutType,
)

Chain = list[dict[str, Any]]


def cases() -> list[dict[str, Any]]:
    return json.loads(pathlib.Path(os.environ["INTEROP_FAILURES"]).read_text())


def application(message: str, layer: dict[str, Any]) -> ApplicationError:
    delay = layer.get("next_retry_delay_ms")
    benign = layer.get("category") == "benign"
    return ApplicationError(
        message, *layer.get("details", []), type=layer["type"], non_retryable=layer.get("non_retryable", False),
        next_retry_delay=timedelta(milliseconds=delay) if delay else None,
        category=ApplicationErrorCategory.BENIGN if benign else ApplicationErrorCategory.UNSPECIFIED,
    )  # fmt: skip


MAKERS = {
    "application": application,
    "cancelled": lambda message, layer: CancelledError(message, *layer.get("details", [])),
    "timeout": lambda message, layer: TimeoutError(
        message, type=TimeoutType[layer["type"].upper()], last_heartbeat_details=layer.get("details", [])
    ),
    "terminated": lambda message, layer: TerminatedError(message),
    "server": lambda message, layer: ServerError(message, non_retryable=layer.get("non_retryable", False)),
    "activity": lambda message, layer: ActivityError(
        message, scheduled_event_id=0, started_event_id=0, identity="", activity_type=layer["activity"],
        activity_id=layer["id"], retry_state=RetryState[layer["retry_state"].upper()],
    ),
    "child": lambda message, layer: ChildWorkflowError(
        message, namespace="", workflow_id=layer["id"], run_id="", workflow_type=layer["workflow"], initiated_event_id=0,
        started_event_id=0, retry_state=RetryState[layer["retry_state"].upper()],
    ),
    "nexus_operation": lambda message, layer: NexusOperationError(
        message, scheduled_event_id=0, endpoint=layer["endpoint"], service=layer["service"], operation=layer["operation"],
        operation_token=layer["id"],
    ),
    "nexus_handler": lambda message, layer: nexusrpc.HandlerError(
        message, type=layer["type"], retryable_override=not layer.get("non_retryable", False)
    ),
}  # fmt: skip


def made(chain: Chain) -> BaseException:
    """The exception that a chain describes."""
    top, *causes = chain
    error = MAKERS[top["kind"]](top.get("message", ""), top)
    error.__cause__ = made(causes) if causes else None
    return error


def lower(value: Any) -> str:
    return value.name.lower() if value is not None else ""


def layer_of(error: BaseException) -> dict[str, Any]:
    match error:
        case ApplicationError():
            delay = error.next_retry_delay
            return {
                "kind": "application", "message": error.message, "type": error.type, "details": list(error.details),
                "non_retryable": error.non_retryable,
                "next_retry_delay_ms": round(delay / timedelta(milliseconds=1)) if delay else 0,
                "category": "benign" if error.category == ApplicationErrorCategory.BENIGN else "",
            }
        case CancelledError():
            return {"kind": "cancelled", "message": error.message, "details": list(error.details)}
        case TimeoutError():
            details = list(error.last_heartbeat_details)
            return {"kind": "timeout", "message": error.message, "type": lower(error.type), "details": details}
        case TerminatedError():
            return {"kind": "terminated", "message": error.message}
        case ServerError():
            return {"kind": "server", "message": error.message, "non_retryable": error.non_retryable}
        case ActivityError():
            state = lower(error.retry_state)
            return {"kind": "activity", "activity": error.activity_type, "id": error.activity_id, "retry_state": state}
        case ChildWorkflowError():
            state = lower(error.retry_state)
            return {"kind": "child", "workflow": error.workflow_type, "id": error.workflow_id, "retry_state": state}
        case NexusOperationError():
            return {
                "kind": "nexus_operation", "message": error.message, "endpoint": error.endpoint, "service": error.service,
                "operation": error.operation, "id": error.operation_token,
            }
        case nexusrpc.HandlerError():
            final = error.retryable_override is False
            return {"kind": "nexus_handler", "message": error.message, "type": error.type.name, "non_retryable": final}
    return {"kind": type(error).__name__, "message": str(error)}


def described(error: BaseException | None) -> Chain:
    """An error and its causes as the code that handles it sees them; what is empty is left out."""
    seen = []
    while error is not None:
        layer = layer_of(error)
        seen.append({key: value for key, value in layer.items() if value not in ("", None, False, 0, [])})
        error = error.__cause__
    return seen


@workflow.defn(name="Fail")
class Fail:
    @workflow.run
    async def run(self, chain: Chain) -> None:
        raise made(chain)


@activity.defn(name="fail")
async def fail(chain: Chain) -> None:
    raise made(chain)
