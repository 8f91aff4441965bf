//! The control thread: pumps events through the control driver, so that nothing else on the node
//! waits for the quorum or holds it up.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

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
use tokio::sync::{mpsc, watch};

use super::disk_pool::{DiskPool, Urgency};
use super::peers::{Outbound, Peers};

/// Longest wait of a stopping leader for its successor (Kafka: 5 s).
const HAND_OVER: Duration = Duration::from_secs(5);

/// Receives each new image's delta, in order, before the answers that depend on it leave.
pub trait Publish: Send {
    /// Makes the delta take effect on this node.
    fn publish(&mut self, delta: &MetadataDelta);
}

enum Input {
    Event(ControlEvent),
    Raft(RequestId, Request, Promise<Response>),
    /// The client of a request is gone.
    Dropped(RequestId),
    Stop(Promise<Option<Log>>),
}

/// Talks to the control thread.
#[derive(Clone)]
pub struct ControllerHandle {
    /// Requests in it each belong to a connection or a task that waits for the answer, at most one of each;
    /// the rest are ends of jobs and answers of peers, one for each that was begun. It grows no further.
    inputs: mpsc::UnboundedSender<Input>,
    quorum: watch::Receiver<Arc<QuorumView>>,
    next_request: Arc<AtomicU64>,
}

impl ControllerHandle {
    /// The quorum as this node sees it.
    pub fn quorum(&self) -> Arc<QuorumView> {
        self.quorum.borrow().clone()
    }

    /// Tells of changes of the quorum: its leader, epoch, voters.
    pub fn watch_quorum(&self) -> watch::Receiver<Arc<QuorumView>> {
        self.quorum.clone()
    }

    /// Asks the controller of this node; the answer comes once it is committed and published here.
    pub async fn ask(&self, command: Command) -> ControlAnswer {
        let (promise, awaited) = promise();
        let sent = self.inputs.send(Input::Event(ControlEvent::Command(command, promise)));
        let stopping = || Err(ApiError::plain(ErrorCode::NotController));
        if sent.is_err() {
            return stopping();
        }
        awaited.await.unwrap_or_else(|_| stopping())
    }

    /// A request of the quorum's APIs; `None` while the node stops. Dropping the future tells the
    /// quorum that nobody waits.
    pub async fn ask_quorum(&self, request: Request) -> Option<Response> {
        let (promise, awaited) = promise();
        let id = RequestId(self.next_request.fetch_add(1, Ordering::Relaxed));
        self.inputs.send(Input::Raft(id, request, promise)).ok()?;
        let mut asked = Asked { inputs: &self.inputs, open: Some(id) };
        let answer = awaited.await.ok();
        asked.open = None;
        answer
    }
}

/// A request whose client may go before its answer comes.
struct Asked<'a> {
    inputs: &'a mpsc::UnboundedSender<Input>,
    open: Option<RequestId>,
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.open {
            // A stopped control thread waits for nobody.
            let _ = self.inputs.send(Input::Dropped(id));
        }
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
        (clock, outbound): (Arc<dyn Clock>, Outbound),
        on_failure: impl FnOnce(&ControlFailure) + Send + 'static,
    ) -> std::io::Result<ControlThread> {
        let (inputs, inbox) = mpsc::unbounded_channel();
        let (told, quorum) = watch::channel(Arc::new(driver.quorum()));
        let next_request = Arc::new(AtomicU64::new(0));
        let handle = ControllerHandle { inputs: inputs.clone(), quorum, next_request };
        let pump = Pump {
            driver,
            pool,
            publish,
            clock,
            inputs,
            quorum: told,
            asked: HashMap::new(),
            peers: Peers::new(outbound),
            is_handed_over: false,
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
    quorum: watch::Sender<Arc<QuorumView>>,
    asked: HashMap<RequestId, Promise<Response>>,
    peers: Peers,
    /// The graceful stop of the quorum is over.
    is_handed_over: bool,
}

impl<R: ConfigRules + Send + 'static> Pump<R> {
    fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Input>) -> Result<(), ControlFailure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime needs an epoll descriptor, taken at start");
        let stopped = runtime.block_on(async {
            self.step(ControlEvent::Raft(RaftEvent::Start))?;
            let mut stop = None;
            loop {
                match self.next_input(&mut inbox).await {
                    Input::Event(event) => self.step(event)?,
                    Input::Raft(id, request, promise) => {
                        self.asked.insert(id, promise);
                        self.step(ControlEvent::Raft(RaftEvent::Request(id, request)))?;
                    }
                    Input::Dropped(id) => {
                        if self.asked.remove(&id).is_some() {
                            self.step(ControlEvent::Raft(RaftEvent::RequestDropped(id)))?;
                        }
                    }
                    Input::Stop(promise) => {
                        stop = Some(promise);
                        self.step(ControlEvent::Raft(RaftEvent::Shutdown(HAND_OVER)))?;
                    }
                }
                if let Some(promise) = stop.take_if(|_| self.is_handed_over) {
                    return Ok::<_, ControlFailure>(promise);
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
        self.tell_quorum();
        for waker in wake {
            waker.wake();
        }
        Ok(())
    }

    /// Those who watch learn of all but the high watermark, which moves with every commit.
    fn tell_quorum(&self) {
        let view = self.driver.quorum();
        self.quorum.send_if_modified(|told| {
            let is_news = QuorumView { high_watermark: told.high_watermark, ..view.clone() } != **told;
            *told = Arc::new(view);
            is_news
        });
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
            }
            RaftOutput::Send(to, correlation, request) => {
                let (inputs, peer) = (self.inputs.clone(), to.peer);
                self.peers.send(&to, request, move |response| {
                    let answer = RaftEvent::Response(peer, correlation, response);
                    // A stopped control thread expects no answers.
                    let _ = inputs.send(Input::Event(ControlEvent::Raft(answer)));
                });
            }
            RaftOutput::ShutdownComplete(outcome) => {
                tracing::debug!(?outcome, "quorum handed over");
                self.is_handed_over = true;
            }
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
