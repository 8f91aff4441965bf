//! A group that commits ever larger offsets and looks at what is committed.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Result, bail};
use klamm_client::Admin;
use klamm_client::admin::GroupOffset;
use klamm_model::{Offset, TopicPartition};
use klamm_protocol::Str;

use super::progress::Progress;
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
            look(&admin, &partitions, &recorder).await?;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

/// One look; an error that passes is no observation.
async fn look(admin: &Admin, partitions: &[TopicPartition], recorder: &Recorder) -> Result<()> {
    match read(admin, partitions, recorder).await {
        Ok(()) => Ok(()),
        Err(error) => match error.downcast_ref::<klamm_client::ClientError>() {
            Some(client) if client.is_retriable() => Ok(()),
            Some(_) | None => Err(error),
        },
    }
}

/// Notes what is committed.
pub(super) async fn read(admin: &Admin, partitions: &[TopicPartition], recorder: &Recorder) -> Result<()> {
    let mut groups = admin.group_offsets(&[Str::from(GROUP)]).await?;
    let offsets = groups.remove(GROUP).transpose()?.unwrap_or_default();
    let mut found = BTreeMap::new();
    for (at, row) in offsets {
        found.insert(at, row?.offset);
    }
    observations(partitions, &found).for_each(|event| recorder.note(event));
    Ok(())
}

/// One observation of each partition: an answer that leaves a partition out says that nothing is committed for it.
fn observations<'a>(
    partitions: &'a [TopicPartition],
    found: &'a BTreeMap<TopicPartition, Offset>,
) -> impl Iterator<Item = Event> + 'a {
    partitions.iter().map(|at| Event::CommittedRead {
        group: GROUP.to_owned(),
        at: at.clone(),
        offset: found.get(at).copied(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Rules, Violation, check};

    #[test]
    fn a_commit_that_is_gone_from_the_answer_is_a_broken_promise() {
        let partitions = [TopicPartition::new("t", 0), TopicPartition::new("t", 1)];
        let offset = Offset::at(5);
        let mut history = Vec::new();
        for at in &partitions {
            let (group, at) = (GROUP.to_owned(), at.clone());
            history.push(Event::Committing { group: group.clone(), at: at.clone(), offset });
            history.push(Event::Committed { group, at, offset });
        }
        let found = BTreeMap::from([(partitions[0].clone(), offset)]);
        history.extend(observations(&partitions, &found));
        let (group, at) = (GROUP.to_owned(), partitions[1].clone());
        let lost = Violation::CommitLost { group, at, told: offset, found: None };
        assert_eq!(check(&history, Rules::Idempotent), [lost]);
    }
}
