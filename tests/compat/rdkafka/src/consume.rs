//! Reading from every kind of position. Reads what `produce-none` stored.

use futures_executor::block_on;
use rdkafka::consumer::Consumer;
use rdkafka::{Offset, TopicPartitionList};

use crate::clients::{Clients, LIMIT, take};
use crate::records::{self, BASE_TIMESTAMP, COUNT};
use crate::steps::{Failure, Outcome};

pub fn run(clients: &Clients) {
    let steps = clients.steps;
    let source = steps.topic("codec-none");
    steps.step("consume-earliest", || crate::produce::read_standard(clients, "codec-none"));
    steps.step("consume-latest", || latest(clients));
    steps.step("consume-offset", || clients.read_from(&source, Offset::Offset(5), 15, &[]));
    steps.step("consume-relative", || clients.read_from(&source, Offset::OffsetTail(4), 4, &[]));
    steps.step("consume-timestamp", || {
        let offset = offset_for(clients, &source, BASE_TIMESTAMP + 6500)?;
        Ok(format!("{offset:?} {}", clients.read_from(&source, offset, 13, &[])?))
    });
    steps.step("consume-one-byte", || {
        clients.read(&source, COUNT, &[("max.partition.fetch.bytes", "1"), ("fetch.message.max.bytes", "1")])
    });
    steps.step("consume-read-committed", || {
        clients.read(&source, COUNT, &[("isolation.level", "read_committed")])
    });
    steps.step("consume-read-uncommitted", || {
        clients.read(&source, COUNT, &[("isolation.level", "read_uncommitted")])
    });
    steps.refuse("consume-out-of-range", "client: AutoOffsetReset", || {
        clients.read_from(&source, Offset::Offset(9999), 1, &[("auto.offset.reset", "error")])
    });
    steps.step("consume-out-of-range-reset", || clients.read_from(&source, Offset::Offset(9999), COUNT, &[]));
    steps.refuse("consume-unknown-topic", "UNKNOWN_TOPIC_OR_PARTITION", || {
        clients.read(&steps.topic("missing"), 1, &[])
    });
    offsets(clients, &source);
    deleted_records(clients);
}

fn latest(clients: &Clients) -> Outcome {
    let topic = clients.steps.topic("latest");
    clients.keep("latest", &[])?;
    clients.send(&topic, &records::standard(0, 3), &[])?;
    let consumer = clients.consumer(&[])?;
    let mut assignment = TopicPartitionList::new();
    // The end as the broker tells it now: the library itself would look it up at an unknown time.
    let (_, end) = consumer.fetch_watermarks(&topic, 0, LIMIT)?;
    assignment.add_partition_offset(&topic, 0, Offset::Offset(end))?;
    consumer.assign(&assignment)?;
    clients.send(&topic, &records::standard(0, 2), &[])?;
    Ok(records::summary(&take(&consumer, 2)?))
}

fn offset_for(clients: &Clients, topic: &str, timestamp: i64) -> Result<Offset, Failure> {
    let mut asked = TopicPartitionList::new();
    asked.add_partition_offset(topic, 0, Offset::Offset(timestamp))?;
    let found = clients.observer.offsets_for_times(asked, LIMIT)?;
    let elements = found.elements();
    let Some(one) = elements.first() else {
        return Err(Failure::of_rule("the answer tells of the partition".to_owned()));
    };
    one.error()?;
    Ok(one.offset())
}

fn offsets(clients: &Clients, source: &str) {
    let steps = clients.steps;
    steps.step("list-offsets", || {
        let marks = clients.observer.fetch_watermarks(source, 0, LIMIT)?;
        let at = |after| offset_for(clients, source, BASE_TIMESTAMP + after);
        Ok(format!("{marks:?} exact={:?} between={:?} beyond={:?}", at(7000)?, at(7001)?, at(70000)?))
    });
    steps.step("list-offsets-unknown-topic", || {
        let marks = clients.observer.fetch_watermarks(&steps.topic("missing"), 0, LIMIT);
        Ok(crate::steps::code_of(marks.map(|marks| format!("{marks:?}")).map_err(Failure::from)))
    });
}

fn deleted_records(clients: &Clients) {
    let steps = clients.steps;
    let topic = steps.topic("trimmed");
    let remove = |before: Offset| -> Outcome {
        let mut asked = TopicPartitionList::new();
        asked.add_partition_offset(&topic, 0, before)?;
        let answer = block_on(clients.admin.delete_records(&asked, &Clients::options()))?;
        for one in answer.elements() {
            one.error()?;
        }
        let low: Vec<Offset> = answer.elements().iter().map(|one| one.offset()).collect();
        Ok(format!("low={low:?} marks={:?}", clients.observer.fetch_watermarks(&topic, 0, LIMIT)?))
    };
    steps.step("delete-records", || {
        clients.keep("trimmed", &[])?;
        clients.send(&topic, &records::standard(0, COUNT), &[])?;
        Ok(format!("{} {}", remove(Offset::Offset(7))?, clients.read(&topic, 13, &[])?))
    });
    steps.refuse("delete-records-beyond", "OFFSET_OUT_OF_RANGE", || remove(Offset::Offset(21)));
    steps.step("delete-records-all", || remove(Offset::End));
}
