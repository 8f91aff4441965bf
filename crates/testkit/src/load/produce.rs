//! Produce load: many connections on one thread, several requests in flight on each.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::LoadError;
use super::batches::{Template, stamp_producer};
use super::pace::{Pace, Schedule, Span};
use super::produce_frame::{ProduceFrame, read_answer};
use super::report::{LoadReport, latency_histogram};
use super::socket::Socket;
use super::tiling::Tiling;
use super::topic::{Producer, Topic};
use crate::process::{BrokerUse, Observer, Watched};

/// Longest silence of a broker that has requests to answer.
const SILENCE: Duration = Duration::from_secs(60);

/// What a producer sends.
#[derive(Clone, Debug)]
pub struct ProduceLoad {
    /// Where to.
    pub topic: Topic,
    /// What, in turn.
    pub templates: Vec<Template>,
    /// How many connections; request `n` goes by connection `n mod connections` to the partition that
    /// follows.
    pub connections: usize,
    /// Unanswered requests of one connection, at most.
    pub in_flight: usize,
    /// When.
    pub pace: Pace,
    /// How long.
    pub span: Span,
    /// One producer id per connection, with sequences, instead of none.
    pub idempotent: bool,
    /// The broker's process.
    pub watched: Option<Watched>,
}

impl ProduceLoad {
    /// Runs to the end of the span and until all is answered. The first wrong or refused answer ends
    /// it as an error.
    pub fn run(&self) -> Result<LoadReport, LoadError> {
        Run::begin(self)?.finish()
    }
}

struct Sent {
    due: Instant,
    frame: usize,
}

struct Connection {
    socket: Socket,
    in_flight: VecDeque<Sent>,
    next_correlation_id: i32,
    oldest_correlation_id: i32,
    /// Place among the frames of the next request.
    next_frame: usize,
    producer: Option<Producer>,
    /// Next sequence by partition.
    sequences: Vec<i32>,
}

impl Connection {
    fn has_room(&self, most_in_flight: usize) -> bool {
        self.in_flight.len() < most_in_flight && self.socket.takes_more()
    }
}

/// The measured part of a run.
struct Window {
    begin: Instant,
    observer: Option<Observer>,
    /// Its length and what the broker used, once over. Requests due in it and answered later still
    /// count for the latency.
    closed: Option<(Duration, Option<BrokerUse>)>,
    latency: Histogram<u64>,
    requests: u64,
    records: u64,
    bytes: u64,
}

struct Run<'l> {
    load: &'l ProduceLoad,
    /// All templates for all partitions, so that a step of one changes both.
    frames: Vec<ProduceFrame>,
    connections: Vec<Connection>,
    tilings: Vec<Tiling>,
    schedule: Option<Schedule>,
    /// Due requests for which no connection had room.
    backlog: VecDeque<Instant>,
    turn: usize,
    measure_from: Instant,
    window: Option<Window>,
    last_answer: Instant,
}

impl<'l> Run<'l> {
    fn begin(load: &'l ProduceLoad) -> Result<Run<'l>, LoadError> {
        let partitions = usize::try_from(load.topic.partitions).unwrap_or(1).max(1);
        let mut frames = Vec::new();
        // As many frames as both counts need to meet in every combination.
        for n in 0..partitions * load.templates.len() {
            let partition = i32::try_from(n % partitions).unwrap_or(0);
            frames.push(ProduceFrame::new(&load.topic, partition, &load.templates[n / partitions])?);
        }
        let mut connections = Vec::new();
        for n in 0..load.connections {
            let producer = if load.idempotent { Some(Producer::begin(load.topic.broker)?) } else { None };
            connections.push(Connection {
                socket: Socket::connect(load.topic.broker)?,
                in_flight: VecDeque::new(),
                next_correlation_id: 0,
                oldest_correlation_id: 0,
                next_frame: n % frames.len(),
                producer,
                sequences: vec![0; partitions],
            });
        }
        // Else the kernel wakes this thread up to 50 µs after a due time; a refusal only costs precision.
        let _ = rustix::thread::set_current_timer_slack(std::num::NonZeroU64::new(1));
        let now = Instant::now();
        let schedule = match load.pace {
            Pace::Closed => None,
            Pace::Open(per_second) => Some(Schedule::new(now, per_second)),
        };
        Ok(Run {
            load,
            frames,
            connections,
            tilings: (0..partitions).map(|_| Tiling::default()).collect(),
            schedule,
            backlog: VecDeque::new(),
            turn: 0,
            measure_from: now + load.span.warm_up,
            window: None,
            last_answer: now,
        })
    }

    fn finish(mut self) -> Result<LoadReport, LoadError> {
        loop {
            let now = Instant::now();
            if self.window.is_none() && now >= self.measure_from {
                self.window = Some(self.open_window(now)?);
            }
            if let Some(window) = &mut self.window
                && window.is_over(self.load.span, now)
            {
                window.close(now)?;
            }
            let ends = self.window.as_ref().is_some_and(|window| window.closed.is_some());
            if !ends {
                self.feed(now);
            } else if self.connections.iter().all(|connection| connection.in_flight.is_empty()) {
                break;
            }
            for connection in &mut self.connections {
                if connection.socket.has_output() {
                    connection.socket.write()?;
                }
            }
            self.wait(now)?;
        }
        let gap = self.tilings.iter().position(|tiling| !tiling.is_whole());
        match (gap, self.window.and_then(Window::report)) {
            (Some(partition), _) => {
                Err(LoadError::Wrong(format!("offsets of partition {partition} have a gap")))
            }
            (None, Some(report)) => Ok(report),
            (None, None) => unreachable!("the loop ends with a closed window"),
        }
    }

    fn open_window(&self, now: Instant) -> Result<Window, LoadError> {
        let observer = self.load.watched.as_ref().map(Watched::observe).transpose()?;
        Ok(Window {
            begin: now,
            observer,
            closed: None,
            latency: latency_histogram(),
            requests: 0,
            records: 0,
            bytes: 0,
        })
    }

    /// Puts what is due on connections that have room.
    fn feed(&mut self, now: Instant) {
        let Some(schedule) = &mut self.schedule else {
            for at in 0..self.connections.len() {
                while self.connections[at].has_room(self.load.in_flight) {
                    self.send(at, now);
                }
            }
            return;
        };
        while let Some(due) = schedule.take_due(now) {
            self.backlog.push_back(due);
        }
        while let Some(&due) = self.backlog.front() {
            let count = self.connections.len();
            let room = |at: &usize| self.connections[*at].has_room(self.load.in_flight);
            let Some(at) = (0..count).map(|n| (self.turn + n) % count).find(room) else { break };
            self.turn = at + 1;
            self.backlog.pop_front();
            self.send(at, due);
        }
    }

    fn send(&mut self, at: usize, due: Instant) {
        let connection = &mut self.connections[at];
        let at = connection.next_frame;
        let frame = &self.frames[at];
        let id = connection.next_correlation_id;
        let sequence = &mut connection.sequences[usize::try_from(frame.partition).unwrap_or(0)];
        frame.append_to(connection.socket.output(), id, |batch| {
            if let Some(producer) = connection.producer {
                stamp_producer(batch, producer, *sequence);
                *sequence = sequence.wrapping_add_unsigned(frame.records) & i32::MAX;
            }
        });
        connection.next_correlation_id = id.wrapping_add(1);
        connection.next_frame = (at + 1) % self.frames.len();
        connection.in_flight.push_back(Sent { due, frame: at });
    }

    /// Until an answer comes, a socket takes bytes again, or the clock wants something.
    fn wait(&mut self, now: Instant) -> Result<(), LoadError> {
        if now.duration_since(self.last_answer) > SILENCE {
            return Err(LoadError::TooLate("any answer"));
        }
        let timeout = self.next_event(now);
        let timeout = Timespec {
            tv_sec: i64::try_from(timeout.as_secs()).unwrap_or(1),
            tv_nsec: i64::from(timeout.subsec_nanos()),
        };
        let mut readable = Vec::with_capacity(self.connections.len());
        {
            let mut fds: Vec<_> = self
                .connections
                .iter()
                .map(|connection| {
                    let output = connection.socket.has_output();
                    let flags = if output { PollFlags::IN | PollFlags::OUT } else { PollFlags::IN };
                    PollFd::new(&connection.socket, flags)
                })
                .collect();
            match poll(&mut fds, Some(&timeout)) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(LoadError::Io(error.into())),
            }
            let input = PollFlags::IN | PollFlags::HUP | PollFlags::ERR;
            readable.extend(fds.iter().map(|fd| fd.revents().intersects(input)));
        }
        for (at, _) in readable.iter().enumerate().filter(|(_, readable)| **readable) {
            self.receive(at)?;
        }
        Ok(())
    }

    fn next_event(&self, now: Instant) -> Duration {
        let due = self.schedule.as_ref().map(Schedule::next_due);
        let mut until = now + Duration::from_secs(1);
        if self.backlog.is_empty()
            && let Some(due) = due
        {
            until = until.min(due);
        }
        until = until.min(match &self.window {
            Some(window) if window.closed.is_none() => window.begin + self.load.span.measured,
            Some(_) => until,
            None if self.measure_from > now => self.measure_from,
            None => until,
        });
        until.saturating_duration_since(now)
    }

    fn receive(&mut self, at: usize) -> Result<(), LoadError> {
        let Connection { socket, in_flight, oldest_correlation_id, .. } = &mut self.connections[at];
        let (frames, tilings, window) = (&self.frames, &mut self.tilings, &mut self.window);
        let mut came = None;
        socket.read(|bytes| {
            let now = *came.get_or_insert_with(Instant::now);
            let answer = read_answer(bytes)?;
            let sent = in_flight.pop_front();
            let sent = sent.ok_or_else(|| LoadError::Wrong("an answer without a request".into()))?;
            let frame = &frames[sent.frame];
            let expected = (*oldest_correlation_id, frame.partition);
            if (answer.correlation_id, answer.partition) != expected {
                return Err(LoadError::Wrong(format!("{answer:?} came for {expected:?}")));
            }
            *oldest_correlation_id = oldest_correlation_id.wrapping_add(1);
            let tiling = &mut tilings[usize::try_from(frame.partition).unwrap_or(0)];
            let added = tiling.add(answer.base_offset, frame.records);
            added.map_err(|what| LoadError::Wrong(format!("partition {}: {what}", frame.partition)))?;
            if let Some(window) = window {
                window.add(frame, now.duration_since(sent.due));
            }
            Ok(())
        })?;
        self.last_answer = came.unwrap_or(self.last_answer);
        Ok(())
    }
}

impl Window {
    fn is_over(&self, span: Span, now: Instant) -> bool {
        let full = self.bytes >= span.most_bytes || now.duration_since(self.begin) >= span.measured;
        full && self.closed.is_none()
    }

    fn add(&mut self, frame: &ProduceFrame, latency: Duration) {
        self.latency.saturating_record(u64::try_from(latency.as_micros()).unwrap_or(u64::MAX));
        if self.closed.is_none() {
            self.requests += 1;
            self.records += u64::from(frame.records);
            self.bytes += frame.batch_len() as u64;
        }
    }

    fn close(&mut self, now: Instant) -> Result<(), LoadError> {
        let broker = self.observer.take().map(Observer::end).transpose()?;
        self.closed = Some((now.duration_since(self.begin), broker));
        Ok(())
    }

    fn report(self) -> Option<LoadReport> {
        let (length, broker) = self.closed?;
        Some(LoadReport {
            requests: self.requests,
            records: self.records,
            bytes: self.bytes,
            seconds: length.as_secs_f64(),
            latency: Some((&self.latency).into()),
            broker,
            own_cpu_seconds: None,
        })
    }
}
