//! `klamm-testkit`: loads on a broker and the bare loop, by hand and for `cargo xtask bench`. Prints one
//! line of JSON.

use std::io::BufReader;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Parser, Subcommand};
use klamm_protocol::records::Codec;
use klamm_testkit::bare_loop;
use klamm_testkit::load::batches::Shape;
use klamm_testkit::load::consume::ConsumeLoad;
use klamm_testkit::load::failover::{Failover, Victim};
use klamm_testkit::load::many_topics::ManyTopics;
use klamm_testkit::load::pace::{Pace, Span};
use klamm_testkit::load::produce::ProduceLoad;
use klamm_testkit::load::steady::Steady;
use klamm_testkit::load::topic::{Layout, Topic};
use klamm_testkit::process::Watched;

#[derive(Parser)]
#[command(name = "klamm-testkit", about = "Loads on a broker of any system")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a topic and wait for its leaders
    Topic(TopicOptions),
    /// Remove a topic
    DeleteTopic(TopicName),
    /// Send precomputed batches, check every answer
    Produce(ProduceOptions),
    /// Read a topic over and over, check every batch
    Consume(ConsumeOptions),
    /// Read, checksum, append, answer: what a produce request costs at least
    BareLoop {
        /// The file to append to; it must not exist
        file: PathBuf,
        /// Serve many connections at a time, not one after the other
        #[arg(long)]
        many: bool,
    },
    /// Write, or change metadata, while the node that it depends on is killed
    Failover(FailoverOptions),
    /// Make many topics and wait for their leaders
    ManyTopics {
        /// Addresses of brokers, separated by commas
        #[arg(long)]
        bootstrap: String,
        #[arg(long, default_value_t = 1000)]
        topics: usize,
        #[arg(long, default_value_t = 10)]
        partitions: i32,
        #[arg(long, default_value_t = 3)]
        replication_factor: i16,
    },
    /// Write at a steady rate; each line of the standard input ends a span, its end the load
    Steady {
        /// Addresses of brokers, separated by commas
        #[arg(long)]
        bootstrap: String,
        /// An existing topic
        #[arg(long)]
        topic: String,
        /// Its partitions
        #[arg(long)]
        partitions: i32,
        /// Records a second
        #[arg(long)]
        rate: f64,
        #[arg(long, default_value_t = 1024)]
        record_bytes: usize,
    },
    /// Processor time and memory of a process that is left alone for a while
    Rest {
        #[arg(long)]
        pid: u32,
        #[arg(long, default_value_t = 5.0)]
        seconds: f64,
    },
}

#[derive(Args)]
struct TopicName {
    /// Address of the broker
    #[arg(long)]
    broker: SocketAddr,
    #[arg(long)]
    topic: String,
}

#[derive(Args)]
struct TopicOptions {
    #[command(flatten)]
    topic: TopicName,
    #[arg(long, default_value_t = 1)]
    partitions: i32,
    /// One partition on these brokers, the first of which leads
    #[arg(long, value_delimiter = ',', conflicts_with = "partitions")]
    on: Vec<i32>,
    /// A config of the topic, `key=value`
    #[arg(long)]
    config: Vec<String>,
}

#[derive(Args)]
struct FailoverOptions {
    /// Addresses of the brokers, separated by commas
    #[arg(long)]
    bootstrap: String,
    /// A node and its process, as id=pid; all of them
    #[arg(long, required = true, value_parser = node)]
    node: Vec<(i32, u32)>,
    #[arg(long, value_enum)]
    victim: Victim,
    /// Records a second
    #[arg(long, default_value_t = 20_000.0)]
    rate: f64,
    #[arg(long, default_value_t = 1024)]
    record_bytes: usize,
    /// Seconds before the kill
    #[arg(long, default_value_t = 10.0)]
    before: f64,
    /// Seconds after it
    #[arg(long, default_value_t = 20.0)]
    after: f64,
}

fn node(text: &str) -> Result<(i32, u32)> {
    let (id, process) = text.split_once('=').context("a node is id=pid")?;
    Ok((id.parse()?, process.parse()?))
}

#[derive(Args)]
struct SpanOptions {
    /// Seconds before measuring begins
    #[arg(long, default_value_t = 1.0)]
    warm_up: f64,
    /// Measured seconds
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Measured bytes after which the load ends before its time
    #[arg(long, default_value_t = u64::MAX)]
    most_bytes: u64,
    /// Process of the broker, to measure what it uses
    #[arg(long)]
    pid: Option<u32>,
}

#[derive(Args)]
struct ProduceOptions {
    /// Address of the broker
    #[arg(long)]
    broker: SocketAddr,
    /// An existing topic; left out for the bare loop
    #[arg(long)]
    topic: Option<String>,
    #[arg(long, default_value_t = 1024)]
    batch_bytes: usize,
    #[arg(long, default_value_t = 1024)]
    record_bytes: usize,
    /// none, gzip, snappy, lz4, zstd
    #[arg(long, default_value = "none")]
    codec: String,
    #[arg(long, default_value_t = 1)]
    connections: usize,
    /// Unanswered requests of a connection
    #[arg(long, default_value_t = 5)]
    in_flight: usize,
    /// Requests a second (open loop) instead of one for each answer
    #[arg(long)]
    rate: Option<f64>,
    /// A producer id for each connection
    #[arg(long)]
    idempotent: bool,
    #[command(flatten)]
    span: SpanOptions,
}

#[derive(Args)]
struct ConsumeOptions {
    /// Address of the broker
    #[arg(long)]
    broker: SocketAddr,
    #[arg(long)]
    topic: String,
    #[arg(long, default_value_t = 50 << 20)]
    max_bytes: i32,
    #[arg(long, default_value_t = 1 << 20)]
    partition_max_bytes: i32,
    /// Consumers that share the partitions
    #[arg(long, default_value_t = 1)]
    consumers: i32,
    #[command(flatten)]
    span: SpanOptions,
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Topic(options) => create_topic(&options),
        Command::DeleteTopic(topic) => {
            Topic::delete(topic.broker, &topic.topic)?;
            println!("{}", serde_json::json!({ "deleted": topic.topic }));
            Ok(())
        }
        Command::Produce(options) => produce(&options),
        Command::Consume(options) => consume(&options),
        Command::BareLoop { file, many } => {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            println!("{}", listener.local_addr()?);
            let served = if many {
                bare_loop::serve_many(&listener, &file)
            } else {
                bare_loop::serve(&listener, &file)
            };
            Ok(served?)
        }
        Command::Failover(options) => {
            println!("{}", serde_json::to_string(&options.story().run()?)?);
            Ok(())
        }
        Command::ManyTopics { bootstrap, topics, partitions, replication_factor } => {
            let took = ManyTopics { bootstrap, topics, partitions, replication_factor }.make()?;
            println!("{}", serde_json::json!({ "seconds": took.as_secs_f64() }));
            Ok(())
        }
        Command::Steady { bootstrap, topic, partitions, rate, record_bytes } => {
            let steady = Steady { bootstrap, topic, partitions, rate, record_bytes };
            let spans = steady.run(BufReader::new(std::io::stdin()))?;
            println!("{}", serde_json::json!({ "spans": spans }));
            Ok(())
        }
        Command::Rest { pid, seconds } => rest(Watched { pid }, seconds),
    }
}

fn create_topic(options: &TopicOptions) -> Result<()> {
    let pair = |config: &String| {
        let (key, value) = config.split_once('=').context("a config is key=value")?;
        Ok((key.to_owned(), value.to_owned()))
    };
    let configs = options.config.iter().map(pair).collect::<Result<Vec<_>>>()?;
    let layout = match options.on.as_slice() {
        [] => Layout::Partitions(options.partitions),
        brokers => Layout::On(brokers.to_vec()),
    };
    let topic = Topic::create(options.topic.broker, &options.topic.topic, &layout, &configs)?;
    println!("{}", serde_json::json!({ "id": topic.id.to_string(), "partitions": topic.partitions }));
    Ok(())
}

fn produce(options: &ProduceOptions) -> Result<()> {
    let topic = match &options.topic {
        Some(name) => Topic::find(options.broker, name)?,
        None => Topic::of_bare_loop(options.broker),
    };
    let shape = Shape {
        batch_bytes: options.batch_bytes,
        record_bytes: options.record_bytes,
        codec: codec(&options.codec)?,
    };
    let load = ProduceLoad {
        topic,
        templates: shape.templates()?,
        connections: options.connections,
        in_flight: options.in_flight,
        pace: options.rate.map_or(Pace::Closed, Pace::Open),
        span: options.span.span(),
        idempotent: options.idempotent,
        watched: options.span.watched(),
    };
    println!("{}", serde_json::to_string(&load.run()?)?);
    Ok(())
}

fn consume(options: &ConsumeOptions) -> Result<()> {
    let load = ConsumeLoad {
        topic: Topic::find(options.broker, &options.topic)?,
        max_bytes: options.max_bytes,
        partition_max_bytes: options.partition_max_bytes,
        consumers: options.consumers,
        span: options.span.span(),
        watched: options.span.watched(),
    };
    println!("{}", serde_json::to_string(&load.run()?)?);
    Ok(())
}

fn rest(process: Watched, seconds: f64) -> Result<()> {
    let begin = process.precise_cpu()?;
    std::thread::sleep(Duration::from_secs_f64(seconds));
    let used = process.precise_cpu()?.saturating_sub(begin);
    let memory = process.memory()?;
    let share = used.as_secs_f64() / seconds;
    println!("{}", serde_json::json!({ "cpu_share": share, "memory": memory }));
    Ok(())
}

fn codec(name: &str) -> Result<Codec> {
    Ok(match name {
        "none" => Codec::None,
        "gzip" => Codec::Gzip,
        "snappy" => Codec::Snappy,
        "lz4" => Codec::Lz4,
        "zstd" => Codec::Zstd,
        other => bail!("no codec is called {other}"),
    })
}

impl FailoverOptions {
    fn story(self) -> Failover {
        Failover {
            bootstrap: self.bootstrap,
            nodes: self.node.into_iter().collect(),
            victim: self.victim,
            rate: self.rate,
            record_bytes: self.record_bytes,
            before: Duration::from_secs_f64(self.before),
            after: Duration::from_secs_f64(self.after),
        }
    }
}

impl SpanOptions {
    fn span(&self) -> Span {
        Span {
            warm_up: Duration::from_secs_f64(self.warm_up),
            measured: Duration::from_secs_f64(self.seconds),
            most_bytes: self.most_bytes,
        }
    }

    fn watched(&self) -> Option<Watched> {
        self.pid.map(|pid| Watched { pid })
    }
}
