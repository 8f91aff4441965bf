//! `cargo xtask compat starting`: starts that both systems must refuse, with the same exit code.

use std::fs;
use std::net::TcpListener;

use anyhow::{Context, Result, ensure};

use crate::oracle::broker::{Broker, Site, System};

/// Compares how both refuse to start.
#[derive(clap::Args)]
pub struct Args {}

/// What a situation needs as long as the start is tried.
#[derive(Default)]
struct Held {
    _port: Option<TcpListener>,
    _first: Option<Broker>,
    overrides: Vec<String>,
}

impl Held {
    fn setting(setting: impl Into<String>) -> Held {
        Held { overrides: vec![setting.into()], ..Held::default() }
    }
}

/// A situation: its name, what Klamm's last line tells of it, and how a formatted site gets into it.
type Situation = (&'static str, &'static str, fn(&Site, System) -> Result<Held>);

const SITUATIONS: [Situation; 11] = [
    ("a value that is no number", "num.network.threads", |_, _| {
        Ok(Held::setting("num.network.threads=many"))
    }),
    ("a value out of range", "num.io.threads", |_, _| Ok(Held::setting("num.io.threads=0"))),
    ("a listener without a number for its port", "127.0.0.1:port", |_, _| {
        Ok(Held::setting("listeners=PLAINTEXT://127.0.0.1:port,CONTROLLER://127.0.0.1:1"))
    }),
    ("a listener of unknown protocol", "WHAT", |_, _| {
        Ok(Held::setting("listeners=WHAT://127.0.0.1:1,CONTROLLER://127.0.0.1:2"))
    }),
    ("settings for ZooKeeper", "quorum of controllers and not in ZooKeeper", |site, _| {
        fs::write(site.properties(), "broker.id=1\nzookeeper.connect=localhost:2181\nlog.dirs=/nowhere\n")?;
        Ok(Held::default())
    }),
    ("no file", "server.properties", |site, _| {
        fs::remove_file(site.properties())?;
        Ok(Held::default())
    }),
    ("a taken port", "cannot listen", |site, _| {
        Ok(Held { _port: Some(TcpListener::bind(site.bootstrap())?), ..Held::default() })
    }),
    ("a directory never formatted", "not formatted", |site, _| {
        fs::remove_file(site.log_dir().join("meta.properties"))?;
        Ok(Held::default())
    }),
    ("a directory of another node", "belongs to node 2, this is node 1", |site, _| {
        edit(site, "node.id=1", "node.id=2")?;
        Ok(Held::default())
    }),
    ("an identity without cluster", "cluster.id", |site, _| {
        let file = site.log_dir().join("meta.properties");
        let text = fs::read_to_string(&file)?;
        let rest: Vec<&str> = text.lines().filter(|line| !line.starts_with("cluster.id")).collect();
        fs::write(file, rest.join("\n"))?;
        Ok(Held::default())
    }),
    ("a directory in use", "another process", |site, system| {
        let first = site.start(system)?;
        let elsewhere = "listeners=PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0";
        Ok(Held { _first: Some(first), ..Held::setting(elsewhere) })
    }),
];

fn edit(site: &Site, from: &str, to: &str) -> Result<()> {
    let file = site.log_dir().join("meta.properties");
    let text = fs::read_to_string(&file)?;
    ensure!(text.contains(from), "{} has no {from}", file.display());
    fs::write(file, text.replace(from, to)).context("change the identity")
}

/// Tries all situations with both systems.
pub fn run(_: &Args) -> Result<()> {
    let mut differences = 0;
    for (name, told, prepare) in SITUATIONS {
        let [kafka, klamm] = [System::Kafka, System::Klamm].map(|system| refuse(system, prepare));
        let (kafka, klamm) = (kafka.context(name)?, klamm.context(name)?);
        let is_same = kafka.0 == klamm.0 && kafka.0.is_some_and(|code| code != 0) && klamm.1.contains(told);
        println!("{name}: Apache Kafka {:?}, Klamm {:?}: {}", kafka.0, klamm.0, klamm.1);
        differences += u32::from(!is_same);
    }
    println!("{} situations, {differences} differences", SITUATIONS.len());
    ensure!(differences == 0, "the systems differ in {differences} situations");
    Ok(())
}

/// The exit code, and the last line that was printed.
fn refuse(system: System, prepare: fn(&Site, System) -> Result<Held>) -> Result<(Option<i32>, String)> {
    let site = Site::create(&[])?;
    site.format(system)?;
    let held = prepare(&site, system)?;
    let (code, output) = site.run_to_end(system, &held.overrides)?;
    Ok((code, output.lines().last().unwrap_or_default().to_owned()))
}
