"""What goes to a workflow beside its arguments: a header that the client's interceptor writes, and a memo."""

import contextvars

import temporalio.client
import temporalio.converter
from temporalio import workflow

# What the client sends as header; nothing if it is empty.
tenant: contextvars.ContextVar[str] = contextvars.ContextVar("tenant", default="")


class WritesTenant(temporalio.client.OutboundInterceptor):
    async def start_workflow(self, input):
        if tenant.get():
            # By the values' converter alone: whether codecs get it, too, is the client's header_codec_behavior.
            payload = temporalio.converter.PayloadConverter.default.to_payload(tenant.get())
            input.headers = {**input.headers, "tenant": payload}
        return await super().start_workflow(input)


class SendsTenant(temporalio.client.Interceptor):
    def intercept_client(self, next):
        return WritesTenant(super().intercept_client(next))


@workflow.defn(name="Context")
class Context:
    @workflow.run
    async def run(self) -> dict[str, str]:
        header = workflow.info().headers.get("tenant")
        return {
            "tenant": workflow.payload_converter().from_payload(header, str) if header else "",
            "memo": workflow.memo_value("source", "", type_hint=str),
        }
