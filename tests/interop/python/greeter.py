"""A workflow that takes messages."""

import dataclasses
from datetime import timedelta
from typing import Any

import failures
from settings import CPP_QUEUE
from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError


@dataclasses.dataclass
class Parcel:
    id: str
    weight: float
    tags: list[str]
    note: str | None = None


@activity.defn(name="weigh")
async def weigh(parcel: Parcel) -> Parcel:
    return dataclasses.replace(parcel, weight=parcel.weight * 2, tags=[*parcel.tags, "python"])


@workflow.defn(name="Greeter")
class Greeter:
    def __init__(self) -> None:
        self.names: list[str] = []
        self.done = False

    @workflow.run
    async def run(self, parcel: Parcel) -> dict[str, Any]:
        await workflow.wait_condition(lambda: self.done)
        weighed = await workflow.execute_activity(
            "weigh", parcel, task_queue=CPP_QUEUE, result_type=Parcel, start_to_close_timeout=timedelta(seconds=30)
        )
        return {"names": self.names, "parcel": dataclasses.asdict(weighed)}

    @workflow.signal
    def greet(self, name: str) -> None:
        self.names.append(name)

    @workflow.query
    def greeted(self) -> list[str]:
        return self.names

    @workflow.query
    def stumble(self, message: str) -> int:
        raise ApplicationError(message, type="QueryTrouble")

    @workflow.update
    def finish(self, last: str) -> int:
        self.names.append(last)
        self.done = True
        return len(self.names)

    @finish.validator
    def check_finish(self, last: str) -> None:
        if not last:
            raise ApplicationError("nobody has an empty name", "empty", type="BadName")

    @workflow.update
    def fail(self, chain: list[dict[str, Any]]) -> None:
        raise failures.made(chain)
