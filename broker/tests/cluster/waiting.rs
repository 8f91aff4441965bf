//! What a producer is told whose records are in the leader's log and not acknowledged by all.

use klamm_protocol::messages::ProduceRequest;
use klamm_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use klamm_protocol::records::Codec;
use klamm_protocol::{ErrorCode, Records, Str};
use klamm_testkit::poison::{Craft, Record};
use klamm_testkit::wire::RawConnection;

use crate::field::{create, three};

/// As Apache Kafka, whose `DelayedProduce` changes nothing of the answer but its error.
#[tokio::test]
async fn an_append_that_is_not_acknowledged_in_time_is_answered_with_its_place_in_the_log() {
    let site = three("replica.lag.time.max.ms=60000\nbroker.session.timeout.ms=60000\n").await;
    create(&site, "waits", &[1, 2], &[]).await;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let batch = Craft::sound(Codec::None, &Record::three(), i64::try_from(now.as_millis()).unwrap()).bytes();
    let data = PartitionProduceData { records: Some(Records::Bytes(batch.into())), ..Default::default() };
    let topic = TopicProduceData {
        name: Str::from("waits"),
        partition_data: vec![data],
        ..TopicProduceData::default()
    };
    let mut request =
        ProduceRequest { acks: -1, timeout_ms: 20_000, topic_data: vec![topic], ..Default::default() };
    let leader = site.nodes.iter().find(|node| node.id == 1).unwrap();
    let mut connection = RawConnection::open(([127, 0, 0, 1], leader.port).into()).unwrap();
    let mut send = |request: &ProduceRequest| {
        let mut response = connection.ask(request, 9).unwrap();
        response.responses.remove(0).partition_responses.remove(0)
    };
    assert_eq!(send(&request).error_code, 0, "{}", site.logs());
    let follower = site.nodes.iter().find(|node| node.id == 2).unwrap();
    follower.pause();
    request.timeout_ms = 300;
    for base_offset in [3, 6] {
        let answer = send(&request);
        assert_eq!(answer.error_code, ErrorCode::RequestTimedOut.code(), "{answer:?}");
        assert_eq!((answer.base_offset, answer.log_start_offset), (base_offset, 0), "{answer:?}");
    }
    follower.resume();
    request.timeout_ms = 60_000;
    let answer = send(&request);
    assert_eq!((answer.error_code, answer.base_offset), (0, 9), "{}", site.logs());
}
