//! The control thread: pumps events through the control driver, so that nothing else on the node
//! waits for the quorum or holds it up.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use arc_swap::ArcSwap;
use klamm_metadata::controller::{Command, ConfigRules};
use klamm_metadata::{ApiError, MetadataDelta};
use klamm_model::Instant;
use klamm_node::clock::Clock;
use klamm_node::control::{ControlAnswer, ControlDriver, ControlEvent, ControlFailure, ControlOutput};
use klamm_node::promise::{Promise, promise};
use klamm_node::raft::{RaftEvent, RaftOutput};
use klamm_protocol::ErrorCode;
use klamm_raft::{QuorumView, Request, RequestId, Response};
use klamm_storage::Log;
use tokio::sync::mpsc;

use super::disk_pool::{DiskPool, Urgency};

/// Receives each new image's delta, in order, before the answers that depend on it leave.
pub trait Publish: Send {
    /// Makes the delta take effect on this node.
    fn publish(&mut self, delta: &MetadataDelta);
}

enum Input {
    Event(ControlEvent),
    Raft(Request, Promise<Response>),
    Stop(Promise<Option<Log>>),
}

/// Talks to the control thread.
#[derive(Clone)]
pub struct ControllerHandle {
    inputs: mpsc::UnboundedSender<Input>,
    quorum: Arc<ArcSwap<QuorumView>>,
}

impl ControllerHandle {
    /// The quorum as this node sees it.
    pub fn quorum(&self) -> Arc<QuorumView> {
        self.quorum.load_full()
    }

    /// Asks the controller; the answer comes once it is committed and published here.
    pub async fn ask(&self, command: Command) -> ControlAnswer {
        let (promise, awaited) = promise();
        let sent = self.inputs.send(Input::Event(ControlEvent::Command(command, promise)));
        let stopping = || Err(ApiError::plain(ErrorCode::NotController));
        if sent.is_err() {
            return stopping();
        }
        awaited.await.unwrap_or_else(|_| stopping())
    }

    /// A request of the quorum's APIs; `None` while the node stops.
    pub async fn ask_quorum(&self, request: Request) -> Option<Response> {
        let (promise, awaited) = promise();
        self.inputs.send(Input::Raft(request, promise)).ok()?;
        awaited.await.ok()
    }
}

/// The thread and its handle.
pub struct ControlThread {
    handle: ControllerHandle,
    thread: JoinHandle<Result<(), ControlFailure>>,
}

impl ControlThread {
    /// Starts the quorum. `on_failure` is called if it cannot go on: the node has to stop.
    pub fn start<R: ConfigRules + Send + 'static>(
        driver: ControlDriver<R>,
        pool: DiskPool,
        publish: Box<dyn Publish>,
        clock: Arc<dyn Clock>,
        on_failure: impl FnOnce(&ControlFailure) + Send + 'static,
    ) -> std::io::Result<ControlThread> {
        let (inputs, inbox) = mpsc::unbounded_channel();
        let quorum = Arc::new(ArcSwap::from_pointee(driver.quorum()));
        let handle = ControllerHandle { inputs: inputs.clone(), quorum };
        let pump = Pump {
            driver,
            pool,
            publish,
            clock,
            inputs,
            quorum: handle.quorum.clone(),
            asked: HashMap::new(),
            next_request: 0,
        };
        let thread = std::thread::Builder::new().name("klamm-control".into()).spawn(move || {
            let result = pump.run(inbox);
            if let Err(failure) = &result {
                on_failure(failure);
            }
            result
        })?;
        Ok(ControlThread { handle, thread })
    }

    /// Its handle.
    pub fn handle(&self) -> ControllerHandle {
        self.handle.clone()
    }

    /// Ends the thread; the metadata log comes back to be closed.
    pub fn stop(self) -> Option<Log> {
        let (promise, mut awaited) = promise();
        drop(self.handle.inputs.send(Input::Stop(promise)));
        drop(self.handle);
        match self.thread.join() {
            Ok(Ok(())) => awaited.try_take().and_then(Result::ok).flatten(),
            Ok(Err(_)) => None,
            Err(_) => {
                tracing::error!("the control thread panicked");
                None
            }
        }
    }
}

struct Pump<R> {
    driver: ControlDriver<R>,
    pool: DiskPool,
    publish: Box<dyn Publish>,
    clock: Arc<dyn Clock>,
    inputs: mpsc::UnboundedSender<Input>,
    quorum: Arc<ArcSwap<QuorumView>>,
    asked: HashMap<RequestId, Promise<Response>>,
    next_request: u64,
}

impl<R: ConfigRules + Send + 'static> Pump<R> {
    fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Input>) -> Result<(), ControlFailure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let runtime = runtime.expect("a runtime without sockets needs only memory");
        self.step(ControlEvent::Raft(RaftEvent::Start))?;
        let stopped = runtime.block_on(async {
            loop {
                match self.next_input(&mut inbox).await {
                    Input::Event(event) => self.step(event)?,
                    Input::Raft(request, promise) => self.ask_quorum(request, promise)?,
                    Input::Stop(promise) => return Ok::<_, ControlFailure>(promise),
                }
            }
        })?;
        let log = self.driver.into_raft().into_log().into_log();
        drop(stopped.give(Some(log)));
        Ok(())
    }

    async fn next_input(&self, inbox: &mut mpsc::UnboundedReceiver<Input>) -> Input {
        let wait = self.driver.next_deadline().map_or(Duration::MAX, |deadline| self.until(deadline));
        let received = match wait {
            Duration::MAX => Ok(inbox.recv().await),
            wait => tokio::time::timeout(wait, inbox.recv()).await,
        };
        match received {
            Ok(Some(input)) => input,
            Ok(None) | Err(_) => Input::Event(ControlEvent::Timeout),
        }
    }

    fn until(&self, deadline: Instant) -> Duration {
        deadline.since(self.clock.instant())
    }

    fn ask_quorum(&mut self, request: Request, promise: Promise<Response>) -> Result<(), ControlFailure> {
        let id = RequestId(self.next_request);
        self.next_request += 1;
        self.asked.insert(id, promise);
        self.step(ControlEvent::Raft(RaftEvent::Request(id, request)))
    }

    fn step(&mut self, event: ControlEvent) -> Result<(), ControlFailure> {
        let mut outputs = Vec::new();
        let wake = self.driver.step(event, &mut outputs)?;
        for output in outputs {
            match output {
                ControlOutput::Raft(output) => self.carry_out(output),
                ControlOutput::Publish(delta) => self.publish.publish(&delta),
                ControlOutput::Snapshot(job) => {
                    self.in_pool(Urgency::Background, move || {
                        let id = job.id();
                        let written = job.run();
                        match &written {
                            Ok(_) => tracing::info!(offset = id.offset.get(), "metadata snapshot written"),
                            Err(error) => tracing::error!(%error, "metadata snapshot failed"),
                        }
                        ControlEvent::SnapshotWritten(written.ok())
                    });
                }
            }
        }
        for waker in wake {
            waker.wake();
        }
        Ok(())
    }

    fn carry_out(&mut self, output: RaftOutput) {
        match output {
            RaftOutput::Flush(token, job) => self
                .in_pool(Urgency::Waited, move || ControlEvent::Raft(RaftEvent::Flushed(token, job.run()))),
            RaftOutput::Background(job) => {
                let inputs = self.inputs.clone();
                self.pool.run_after(job.delay(), move || {
                    let done = ControlEvent::Raft(RaftEvent::JobDone(job.run()));
                    drop(inputs.send(Input::Event(done)));
                });
            }
            RaftOutput::Persist(token, store, state) => self.in_pool(Urgency::Waited, move || {
                ControlEvent::Raft(RaftEvent::Persisted(token, store.write(&state)))
            }),
            RaftOutput::Reply(id, response) => {
                if let Some(waker) = self.asked.remove(&id).and_then(|promise| promise.give(response)) {
                    waker.wake();
                }
            }
            RaftOutput::LeaderChanged { epoch, leader } => {
                tracing::info!(
                    epoch = epoch.get(),
                    leader = leader.map(klamm_model::NodeId::get),
                    "quorum leader"
                );
                self.quorum.store(Arc::new(self.driver.quorum()));
            }
            RaftOutput::Send(to, _, _) => {
                tracing::error!(?to, "the quorum of one has nobody to send to");
            }
            RaftOutput::ShutdownComplete(outcome) => tracing::debug!(?outcome, "quorum handed over"),
            RaftOutput::Committed(_)
            | RaftOutput::BecameLeader { .. }
            | RaftOutput::Resigned(_)
            | RaftOutput::LoadSnapshot(_) => unreachable!("the control driver keeps these"),
        }
    }

    fn in_pool(&self, urgency: Urgency, job: impl FnOnce() -> ControlEvent + Send + 'static) {
        let inputs = self.inputs.clone();
        drop(self.pool.run(urgency, move || drop(inputs.send(Input::Event(job())))));
    }
}
