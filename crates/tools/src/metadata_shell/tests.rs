//! Commands on the metadata of a small cluster.
#![allow(clippy::unwrap_used)]

use klamm_metadata::{CommittedBatch, ImageLoader};
use klamm_model::{LeaderEpoch, Offset, Timestamp, Uuid};
use klamm_protocol::messages::{
    ConfigRecord, FeatureLevelRecord, MetadataRecord, PartitionRecord, TopicRecord,
};

use super::*;

const TOPIC: Uuid = Uuid::from_u128(0x1234_5678_9abc_def0_1234_5678_9abc_def0);

fn image() -> MetadataImage {
    let records = [
        MetadataRecord::FeatureLevel(FeatureLevelRecord {
            name: "metadata.version".into(),
            feature_level: 33,
            ..FeatureLevelRecord::default()
        }),
        MetadataRecord::Topic(TopicRecord { name: "t".into(), topic_id: TOPIC, ..TopicRecord::default() }),
        MetadataRecord::Partition(PartitionRecord {
            partition_id: 0,
            topic_id: TOPIC,
            replicas: vec![1, 2],
            isr: vec![1],
            leader: 1,
            leader_epoch: 3,
            partition_epoch: 4,
            ..PartitionRecord::default()
        }),
        MetadataRecord::Config(ConfigRecord {
            resource_type: 4,
            resource_name: "".into(),
            name: "log.retention.ms".into(),
            value: Some("5".into()),
            ..ConfigRecord::default()
        }),
    ];
    let mut loader = ImageLoader::new(MetadataImage::new());
    let batch = CommittedBatch {
        base_offset: Offset::at(7),
        epoch: LeaderEpoch::at(2),
        timestamp: Timestamp::from_millis(1_700_000_000_340),
        records: &records,
    };
    loader.load(batch).unwrap();
    loader.take_delta().unwrap().after().clone()
}

fn told(lines: &'static str) -> String {
    let (image, mut out) = (image(), Vec::new());
    Shell::new(&image).run_lines(&mut Lines::of_text(lines), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    text.strip_prefix("[ Kafka Metadata Shell ]\n>> ").unwrap().replace(">> ", "")
}

#[test]
fn the_tree_holds_what_the_image_holds() {
    let partition = "PartitionRegistration(replicas=[1, 2], directories=[AAAAAAAAAAAAAAAAAAAAAA, \
                     AAAAAAAAAAAAAAAAAAAAAA], isr=[1], removingReplicas=[], addingReplicas=[], elr=[], lastKnownElr=[], \
                     leader=1, leaderRecoveryState=RECOVERED, leaderEpoch=3, partitionEpoch=4)";
    assert_eq!(
        told("tree /image/topics/byName\n"),
        format!("t:\n  0:\n    {partition}\n  id:\n    {TOPIC}\n  name:\n    t\n")
    );
    assert_eq!(told("cat /image/configs/BROKER/log.retention.ms\n"), "5\n");
    assert_eq!(told("cat /image/features/*\n"), "Optional[4.4-IV2]\n");
    assert_eq!(told("cat /image/provenance\n"), "offset 10, epoch 2, time 2023-11-14T22:13:20.34Z[UTC]\n");
}

#[test]
fn one_walks_through_the_tree() {
    assert_eq!(
        told("cd image/topics\npwd\nls\ncd ../nowhere\ncd byName/t/name\nls byName/*\nexit\npwd\n"),
        "/image/topics\nbyId\nbyName\ncd: ../nowhere: no such directory.\ncd: byName/t/name: not a directory.\n0\nid\n\
         name\n"
    );
    assert_eq!(
        told("cat / /nothing\n"),
        "cat: /: Is a directory\ncat: /nothing: No such file or directory.\n"
    );
    assert_eq!(
        told("find /local /image/producerIds\n"),
        "/local\n/local/commitId\n/local/version\n/image/producerIds\n/image/producerIds/nextProducerId\n"
    );
}

#[test]
fn what_was_typed_is_told_with_its_number() {
    assert_eq!(
        told("pwd\npwd\n\n secret\nhistory 2\n"),
        "/\n/\ninvalid choice: 'secret' (choose from 'cat', 'cd', 'exit', 'find', 'help', 'history', 'ls', 'man', 'pwd', 'tree')\n    0  pwd\n    1  history 2\n"
    );
}
