//! The pump of one fetcher: one connection to one leader, one fetch under way at a time; opening, cutting and asking for
//! offsets go on beside it.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use klamm_client::net::{Connection, Dial};
use klamm_client::{ClientConfig, ClientError};
use klamm_config::HostPort;
use klamm_model::{BrokerId, Instant, LeaderEpoch, TopicIdPartition};
use klamm_node::fetcher::{FetcherDriver, FetcherSettings, Work, WorkFailure, WorkKind};
use klamm_node::partition::{FetchPosition, FollowRefusal, PartitionHandle};
use klamm_protocol::messages::FetchResponse;
use klamm_storage::OpenLogError;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::exchange::{self, Client};
use crate::node::Node;
use crate::pumps::disk_pool::Urgency;

/// What a fetcher is told.
#[derive(Debug)]
pub(super) enum FetcherNews {
    /// To follow a partition in this epoch.
    Follow(PartitionHandle, LeaderEpoch),
    /// To follow a partition no more.
    Unfollow(TopicIdPartition),
    /// The leader registered anew, or was fenced.
    LeaderChanged,
}

type Flight = Pin<Box<dyn Future<Output = Result<FetchResponse, ClientError>> + Send>>;
type Done = ((TopicIdPartition, LeaderEpoch), Result<FetchPosition, WorkFailure>);

/// See the module. Ends once it follows nothing.
pub(super) struct Fetcher {
    node: Arc<Node>,
    leader: BrokerId,
    inbox: mpsc::UnboundedReceiver<FetcherNews>,
    driver: FetcherDriver,
    client: Client,
    /// Longest wait for an answer (`replica.socket.timeout.ms`).
    patience: Duration,
    line: Option<(HostPort, Connection)>,
    work: JoinSet<Done>,
}

/// What happened.
enum Event {
    News(Option<FetcherNews>),
    Answer(Result<FetchResponse, ClientError>),
    Worked(Done),
    Time,
}

impl Fetcher {
    pub(super) fn new(
        node: Arc<Node>,
        leader: BrokerId,
        inbox: mpsc::UnboundedReceiver<FetcherNews>,
    ) -> Fetcher {
        let layers = node.settings.layers();
        let replication = &layers.effective().replication;
        let bytes = |bytes: u32| i32::try_from(bytes).unwrap_or(i32::MAX);
        let settings = FetcherSettings {
            broker: node.broker_id(),
            wait_max_ms: i32::try_from(replication.fetch_wait_max.as_millis()).unwrap_or(i32::MAX),
            min_bytes: bytes(replication.fetch_min_bytes),
            response_max_bytes: bytes(replication.fetch_response_max_bytes),
            partition_max_bytes: bytes(replication.fetch_max_bytes),
            backoff: replication.fetch_backoff,
        };
        let client = ClientConfig {
            client_id: format!("broker-{}-fetcher-0", node.id),
            receive_buffer_bytes: replication.socket_receive_buffer_bytes.map_or(-1, bytes),
            ..ClientConfig::default()
        };
        let patience = replication.socket_timeout;
        Fetcher {
            driver: FetcherDriver::new(settings).throttled(node.throttles.follower.clone()),
            client: Arc::new(client),
            patience,
            node,
            leader,
            inbox,
            line: None,
            work: JoinSet::new(),
        }
    }

    /// Runs until nothing is followed, or aborted.
    pub(super) async fn run(mut self) {
        let mut flight: Option<Flight> = None;
        loop {
            self.start_work();
            if flight.is_none() {
                flight = self.take_off();
            }
            match self.select(&mut flight).await {
                Event::News(None) => return,
                Event::News(Some(news)) => {
                    self.on_news(news);
                    // All there are, before the next fetch.
                    while let Ok(news) = self.inbox.try_recv() {
                        self.on_news(news);
                    }
                }
                Event::Answer(answer) => {
                    flight = None;
                    self.on_answer(answer);
                }
                Event::Worked((which, result)) => {
                    self.driver.on_work(self.now(), which, result);
                    while let Some(Ok((which, result))) = self.work.try_join_next() {
                        self.driver.on_work(self.now(), which, result);
                    }
                }
                Event::Time => self.driver.on_time(self.now()),
            }
            if self.driver.is_empty() && self.inbox.is_empty() {
                return;
            }
        }
    }

    async fn select(&mut self, flight: &mut Option<Flight>) -> Event {
        let now = self.now();
        let request = if flight.is_none() { self.driver.request_due() } else { None };
        let due = [request, self.driver.next_deadline()].into_iter().flatten().min();
        let time = async {
            match due {
                Some(due) => tokio::time::sleep(due.since(now)).await,
                None => std::future::pending().await,
            }
        };
        let answer = async {
            match flight {
                Some(flight) => flight.await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            news = self.inbox.recv() => Event::News(news),
            Some(worked) = self.work.join_next() => match worked {
                Ok(done) => Event::Worked(done),
                Err(error) => std::panic::resume_unwind(Box::new(error.to_string())),
            },
            answer = answer => Event::Answer(answer),
            () = time => Event::Time,
        }
    }

    fn on_news(&mut self, news: FetcherNews) {
        match news {
            FetcherNews::Follow(handle, epoch) => self.driver.follow(handle, epoch),
            FetcherNews::Unfollow(id) => self.driver.unfollow(id),
            FetcherNews::LeaderChanged => {
                if let Some((known, line)) = &self.line
                    && self.address().as_ref() != Some(known)
                {
                    line.poison(lost(line, "the broker registered another address"));
                }
            }
        }
    }

    fn on_answer(&mut self, answer: Result<FetchResponse, ClientError>) {
        let now = self.now();
        match answer {
            Ok(response) => self.driver.on_answer(now, response),
            Err(error) => {
                tracing::debug!(leader = %self.leader, %error, "fetch failed");
                if let Some((_, line)) = self.line.take() {
                    line.poison(lost(&line, "a fetch failed"));
                }
                self.driver.on_failure(now);
            }
        }
    }

    /// The next fetch, if it is time and the leader can be reached.
    fn take_off(&mut self) -> Option<Flight> {
        let now = self.now();
        if self.driver.request_due().is_none_or(|due| due > now) {
            return None;
        }
        let image = self.node.image.load();
        let registered = image.cluster().broker(self.node.broker_id()).map(|broker| broker.epoch);
        let Some((line, epoch)) = self.line().zip(registered) else {
            self.driver.on_failure(now);
            return None;
        };
        let request = self.driver.next_request(epoch);
        Some(Box::pin(exchange::fetch(line, request, (exchange::fetch_version(&image), self.patience))))
    }

    /// Where the leader is reached by other brokers.
    fn address(&self) -> Option<HostPort> {
        let image = self.node.image.load();
        let layers = self.node.settings.layers();
        let listener = &layers.effective().listeners.inter_broker_name;
        let endpoint = image.cluster().broker(self.leader)?.endpoint(listener)?;
        Some(HostPort { host: endpoint.host.to_string(), port: endpoint.port })
    }

    fn line(&mut self) -> Option<Connection> {
        if let Some((_, line)) = &self.line
            && !line.is_poisoned()
        {
            return Some(line.clone());
        }
        let target = self.address()?;
        let dial = Dial { target: target.clone(), after: Duration::ZERO };
        let line = Connection::open(dial, self.client.clone());
        self.line = Some((target, line.clone()));
        Some(line)
    }

    fn start_work(&mut self) {
        for work in self.driver.take_work() {
            let line = if work.kind == WorkKind::FindRange { self.line() } else { None };
            let job = Job { node: self.node.clone(), line, patience: self.patience, work };
            self.work.spawn(job.run());
        }
    }

    fn now(&self) -> Instant {
        self.node.clock.instant()
    }
}

fn lost(line: &Connection, reason: &str) -> ClientError {
    ClientError::Disconnected { address: line.address().to_owned(), reason: reason.to_owned() }
}

struct Job {
    node: Arc<Node>,
    line: Option<Connection>,
    patience: Duration,
    work: Work,
}

impl Job {
    async fn run(self) -> Done {
        let which = (self.work.handle.id(), self.work.epoch);
        let result = match self.work.kind {
            WorkKind::Prepare => self.prepare().await,
            WorkKind::Cut(leader) => {
                self.on_pool(move |handle, epoch| handle.cut_to_agree(epoch, leader)).await
            }
            WorkKind::FindRange => self.find_range().await,
        };
        (which, result)
    }

    async fn prepare(&self) -> Result<FetchPosition, WorkFailure> {
        let handle = &self.work.handle;
        let mut opened = self.node.open(handle).await;
        if matches!(opened, Err(OpenLogError::Damaged { .. })) {
            self.begin_anew().await?;
            opened = self.node.open(handle).await;
        }
        opened.map_err(|error| WorkFailure::Other(format!("its log cannot be opened: {error}")))?;
        // Nothing to be cut, so nothing to wait for.
        if handle.view().is_some_and(|view| !view.epochs().is_empty()) {
            return Ok(handle.begin_following(self.work.epoch)?);
        }
        self.on_pool(|handle, epoch| handle.begin_following(epoch)).await
    }

    /// Sets a damaged log aside, once the controller can no longer elect this replica: an empty one must not lead.
    async fn begin_anew(&self) -> Result<(), WorkFailure> {
        if !self.node.is_barred_from_leading(self.work.handle.id()) {
            return Err(WorkFailure::Other(
                "it is damaged, and the controller has not taken note yet".to_owned(),
            ));
        }
        let (handle, epoch) = (self.work.handle.clone(), self.work.epoch);
        let done = self.node.pool.run(Urgency::Waited, move || handle.set_damaged_aside(epoch)).await;
        Ok(done.map_err(|stopping| WorkFailure::Other(stopping.to_string()))??)
    }

    async fn find_range(&self) -> Result<FetchPosition, WorkFailure> {
        let Some(line) = &self.line else {
            return Err(WorkFailure::Other("the leader is not registered".to_owned()));
        };
        let asker = (self.node.broker_id(), self.patience);
        let range = exchange::range(line, asker, (self.work.handle.name(), self.work.epoch)).await;
        let range = range.map_err(|error| WorkFailure::Other(error.to_string()))?;
        self.on_pool(move |handle, epoch| handle.reconcile_range(epoch, range)).await
    }

    async fn on_pool(
        &self,
        change: impl FnOnce(&PartitionHandle, LeaderEpoch) -> Result<FetchPosition, FollowRefusal>
        + Send
        + 'static,
    ) -> Result<FetchPosition, WorkFailure> {
        let (handle, epoch) = (self.work.handle.clone(), self.work.epoch);
        let done = self.node.pool.run(Urgency::Waited, move || change(&handle, epoch)).await;
        Ok(done.map_err(|stopping| WorkFailure::Other(stopping.to_string()))??)
    }
}
