//! What the jobs run.

use std::time::Duration;
use temporalio_macros::{activities, workflow, workflow_methods};
use temporalio_sdk::{
    ActivityOptions, SyncWorkflowContext, WorkflowContext, WorkflowResult,
    activities::{ActivityContext, ActivityError},
};

pub struct Activities;

#[activities]
impl Activities {
    #[activity(name = "Echo")]
    pub async fn echo(_context: ActivityContext, value: i64) -> Result<i64, ActivityError> {
        Ok(value)
    }
}

fn within_a_minute() -> ActivityOptions {
    ActivityOptions::start_to_close_timeout(Duration::from_secs(60))
}

#[workflow]
#[derive(Default)]
pub struct Sequential;

#[workflow_methods]
impl Sequential {
    #[run(name = "Sequential")]
    pub async fn run(context: &mut WorkflowContext<Self>, count: i64) -> WorkflowResult<i64> {
        let mut sum = 0;
        for index in 0..count {
            sum += context
                .execute_activity(Activities::echo, index, within_a_minute())
                .await?;
        }
        Ok(sum)
    }
}

#[workflow]
#[derive(Default)]
pub struct FanOut;

#[workflow_methods]
impl FanOut {
    #[run(name = "FanOut")]
    pub async fn run(context: &mut WorkflowContext<Self>, count: i64) -> WorkflowResult<i64> {
        let running: Vec<_> = (0..count)
            .map(|index| context.execute_activity(Activities::echo, index, within_a_minute()))
            .collect();
        let mut sum = 0;
        for activity in running {
            sum += activity.await?;
        }
        Ok(sum)
    }
}

#[workflow]
#[derive(Default)]
pub struct Waiter {
    gone: bool,
}

#[workflow_methods]
impl Waiter {
    #[run(name = "Waiter")]
    pub async fn run(context: &mut WorkflowContext<Self>) -> WorkflowResult<()> {
        context.wait_condition(|waiter| waiter.gone).await?;
        Ok(())
    }

    #[signal]
    pub fn go(&mut self, _context: &mut SyncWorkflowContext<Self>, _from: String) {
        self.gone = true;
    }
}
