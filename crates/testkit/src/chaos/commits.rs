//! A group that commits ever larger offsets and looks at what is committed.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Result, bail};
use klamm_client::Admin;
use klamm_client::admin::GroupOffset;
use klamm_model::{Offset, TopicPartition};
use klamm_protocol::Str;

use super::workload::Progress;
use crate::history::{Event, Recorder};

const GROUP: &str = "chaos";
const PAUSE: Duration = Duration::from_millis(25);
/// Commits between two looks.
const LOOK: i64 = 8;

/// Commits until the load ends; what fails counts as sent, no more.
pub(super) async fn run(
    admin: Admin,
    partitions: Vec<TopicPartition>,
    recorder: Recorder,
    progress: Progress,
) -> Result<()> {
    let mut round = 0;
    while !progress.is_stopping() {
        round += 1;
        let offset = Offset::at(round);
        let commits = partitions.iter().map(|at| {
            recorder.note(Event::Committing { group: GROUP.to_owned(), at: at.clone(), offset });
            (at.clone(), GroupOffset { offset, leader_epoch: None, metadata: String::new() })
        });
        let commits: BTreeMap<TopicPartition, GroupOffset> = commits.collect();
        match admin.alter_group_offsets(GROUP, &commits).await {
            Ok(rows) => {
                for (at, _) in rows.into_iter().filter(|(_, row)| row.is_ok()) {
                    recorder.note(Event::Committed { group: GROUP.to_owned(), at, offset });
                }
            }
            Err(error) if error.is_retriable() => {}
            Err(error) => bail!("commit of offset {offset}: {error}"),
        }
        if round % LOOK == 0 {
            look(&admin, &recorder).await?;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

/// One look; an error that passes is no observation.
async fn look(admin: &Admin, recorder: &Recorder) -> Result<()> {
    match read(admin, recorder).await {
        Ok(()) => Ok(()),
        Err(error) => match error.downcast_ref::<klamm_client::ClientError>() {
            Some(client) if client.is_retriable() => Ok(()),
            Some(_) | None => Err(error),
        },
    }
}

/// Notes what is committed.
pub(super) async fn read(admin: &Admin, recorder: &Recorder) -> Result<()> {
    let groups = admin.group_offsets(&[Str::from(GROUP)]).await?;
    for (_, offsets) in groups {
        for (at, row) in offsets? {
            let offset = Some(row?.offset);
            recorder.note(Event::CommittedRead { group: GROUP.to_owned(), at, offset });
        }
    }
    Ok(())
}
