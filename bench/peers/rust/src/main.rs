//! The jobs of ../../jobs with Temporal's Rust SDK.

mod flows;
mod usage;

use anyhow::{Context, Result, anyhow, bail, ensure};
use flows::{Activities, FanOut, Sequential, Waiter};
use futures::{StreamExt, stream};
use serde_json::{Value, json};
use std::{future::Future, time::Duration};
use temporalio_client::{
    Client, ClientOptions, Connection, WorkflowGetResultOptions, WorkflowStartOptions,
    envconfig::LoadClientConfigProfileOptions,
};
use temporalio_common::protos::temporal::api::history::v1::History;
use temporalio_sdk::{
    Runtime, Worker, WorkerOptions,
    workflow_replayer::{WorkflowReplayer, WorkflowReplayerOptions},
};

async fn replay(file: &str, times: usize) -> Result<Value> {
    let history = <History as prost::Message>::decode(&std::fs::read(file)?[..])?;
    let options = WorkflowReplayerOptions::new()
        .register_workflow::<Sequential>()?
        .register_workflow::<FanOut>()?
        .build();
    let replayer = WorkflowReplayer::new(options)?;
    replayer.replay_workflow(history.clone().into()).await?;
    let before = usage::now();
    for _ in 0..times {
        replayer.replay_workflow(history.clone().into()).await?;
    }
    let mut line = usage::spent_since(&before);
    line["runs"] = json!(times);
    Ok(line)
}

/// Runs `job` beside a worker.
async fn with_worker<J, F>(cached: Option<usize>, job: J) -> Result<Value>
where
    J: FnOnce(Client, String) -> F,
    F: Future<Output = Result<Value>> + Send + 'static,
{
    let runtime = Runtime::from_current_tokio(Default::default())?;
    let (connect, client) =
        ClientOptions::load_from_config(LoadClientConfigProfileOptions::default())
            .map_err(|error| anyhow!("{error}"))?;
    let client = Client::new(Connection::connect(connect).await?, client)?;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let queue = format!("bench-rust-{}", now.as_nanos());
    let options = WorkerOptions::new(queue.clone())
        .register_workflow::<Sequential>()?
        .register_workflow::<FanOut>()?
        .register_workflow::<Waiter>()?
        .register_activities(Activities);
    let options = match cached {
        Some(count) => options.max_cached_workflows(count).build(),
        None => options.build(),
    };
    let mut worker = Worker::new(&runtime, client.clone(), options)?;
    let job = tokio::spawn(job(client, queue));
    let local = tokio::task::LocalSet::new();
    tokio::select! {
        done = job => done?,
        ended = local.run_until(async { worker.run().await }) => {
            ended?;
            Err(anyhow!("the worker ended"))
        }
    }
}

async fn execute(client: &Client, queue: &str, index: usize, name: &str, count: i64) -> Result<()> {
    let options = WorkflowStartOptions::new(queue.to_owned(), format!("{queue}-{index}")).build();
    let sum = if name == "Sequential" {
        let started = client
            .start_workflow(Sequential::run, count, options)
            .await?;
        started
            .get_result(WorkflowGetResultOptions::default())
            .await?
    } else {
        let started = client.start_workflow(FanOut::run, count, options).await?;
        started
            .get_result(WorkflowGetResultOptions::default())
            .await?
    };
    ensure!(
        sum == count * (count - 1) / 2,
        "a workflow's result is wrong"
    );
    Ok(())
}

/// What every SDK does before it is measured, so that none is charged for the start of its worker.
async fn warm_up(client: &Client, queue: &str) -> Result<()> {
    execute(client, queue, usize::MAX, "Sequential", 1).await
}

/// Gives `one` each index below `count`, `parallel` at a time.
async fn each<F>(count: usize, parallel: usize, one: impl Fn(usize) -> F) -> Result<()>
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    let mut done =
        stream::iter((0..count).map(|index| tokio::spawn(one(index)))).buffer_unordered(parallel);
    while let Some(outcome) = done.next().await {
        outcome??;
    }
    Ok(())
}

async fn run(name: String, workflows: usize, activities: i64, parallel: usize) -> Result<Value> {
    with_worker(None, move |client, queue| async move {
        warm_up(&client, &queue).await?;
        let before = usage::now();
        each(workflows, parallel, |index| {
            let (client, queue, name) = (client.clone(), queue.clone(), name.clone());
            async move { execute(&client, &queue, index, &name, activities).await }
        })
        .await?;
        let mut line = usage::spent_since(&before);
        line["workflows"] = json!(workflows);
        line["activities"] = json!(activities);
        Ok(line)
    })
    .await
}

async fn cache(workflows: usize) -> Result<Value> {
    with_worker(Some(workflows + 10), move |client, queue| async move {
        warm_up(&client, &queue).await?;
        let before = usage::now();
        each(workflows, 32, |index| {
            let (client, queue) = (client.clone(), queue.clone());
            async move {
                let options =
                    WorkflowStartOptions::new(queue.clone(), format!("{queue}-{index}")).build();
                client.start_workflow(Waiter::run, (), options).await?;
                Ok(())
            }
        })
        .await?;
        tokio::time::sleep(Duration::from_secs(5)).await;
        let mut line = usage::spent_since(&before);
        let grown = line["resident"].as_i64().unwrap() - before.resident;
        line["workflows"] = json!(workflows);
        line["bytes_per_workflow"] = json!(grown / workflows as i64);
        Ok(line)
    })
    .await
}

async fn first() -> Result<Value> {
    with_worker(None, |client, queue| async move {
        execute(&client, &queue, 0, "Sequential", 1).await?;
        Ok(usage::spent_since(&usage::at_start()))
    })
    .await
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let texts: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut line = match texts[..] {
        ["replay", file, times] => replay(file, times.parse()?).await?,
        ["run", name, workflows, activities, parallel] => {
            run(
                name.to_owned(),
                workflows.parse()?,
                activities.parse()?,
                parallel.parse()?,
            )
            .await?
        }
        ["cache", workflows] => cache(workflows.parse().context("WORKFLOWS")?).await?,
        ["first"] => first().await?,
        _ => bail!("unknown job {arguments:?}"),
    };
    line["sdk"] = json!("rust");
    line["job"] = json!(arguments);
    println!("{line}");
    std::process::exit(0); // open workflows would keep the worker
}
