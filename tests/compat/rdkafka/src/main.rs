//! rdkafka (librdkafka) through every step; arguments: bootstrap address, prefix of topics and groups.

use std::env;
use std::process::ExitCode;

use crate::clients::Clients;
use crate::steps::{Failure, Steps};

mod clients;
mod configs;
mod consume;
mod groups;
mod member;
mod produce;
mod raw;
mod records;
mod steps;
mod topics;
mod wire;

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let (Some(bootstrap), Some(prefix)) = (arguments.next(), arguments.next()) else {
        eprintln!("arguments: bootstrap address, prefix of topics and groups");
        return ExitCode::from(2);
    };
    let steps = Steps::new(bootstrap, prefix);
    match run(&steps) {
        Ok(()) if !steps.have_failed() => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("{failure:?}");
            ExitCode::FAILURE
        }
    }
}

/// The crate's version as it was locked.
fn version() -> &'static str {
    let mut lines = include_str!("../Cargo.lock").lines().skip_while(|line| *line != "name = \"rdkafka\"");
    let version = lines.nth(1).and_then(|line| line.split('"').nth(1));
    version.unwrap_or("of an unknown version")
}

fn run(steps: &Steps) -> Result<(), Failure> {
    let (_, librdkafka) = rdkafka::util::get_rdkafka_version();
    println!("client\trdkafka {} (librdkafka {librdkafka})", version());
    let clients = Clients::new(steps)?;
    topics::run(&clients);
    configs::run(&clients);
    produce::run(&clients);
    consume::run(&clients);
    groups::run(&clients);
    topics::delete(&clients);
    Ok(())
}
