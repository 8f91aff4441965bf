//! Transactions (KIP-98, KIP-890), which Apache Kafka serves at every level of transaction.version: UNSUPPORTED_VERSION.
//! No client of Kafka's protocol comes here: each asks for its coordinator first, and is refused there
//! (`docs/decisions/0022-transactional-ids.md`).

use klamm_protocol::messages::add_partitions_to_txn_response::{
    AddPartitionsToTxnPartitionResult, AddPartitionsToTxnTopicResult,
};
use klamm_protocol::messages::describe_transactions_response::TransactionState;
use klamm_protocol::messages::txn_offset_commit_response::{
    TxnOffsetCommitResponsePartition, TxnOffsetCommitResponseTopic,
};
use klamm_protocol::messages::write_txn_markers_response::{
    WritableTxnMarkerPartitionResult, WritableTxnMarkerResult, WritableTxnMarkerTopicResult,
};
use klamm_protocol::messages::{
    AddOffsetsToTxnRequest, AddOffsetsToTxnResponse, AddPartitionsToTxnRequest, AddPartitionsToTxnResponse,
    DescribeTransactionsRequest, DescribeTransactionsResponse, EndTxnRequest, EndTxnResponse,
    ListTransactionsRequest, ListTransactionsResponse, TxnOffsetCommitRequest, TxnOffsetCommitResponse,
    WriteTxnMarkersRequest, WriteTxnMarkersResponse,
};

use super::CODE;
use crate::handlers::call::Call;

/// AddPartitionsToTxn (key 24), versions 0-5: of one transaction up to version 3, with an error for each partition.
pub fn add_partitions(_: &Call, request: AddPartitionsToTxnRequest) -> AddPartitionsToTxnResponse {
    let partition = |partition_index| AddPartitionsToTxnPartitionResult {
        partition_index,
        partition_error_code: CODE,
        ..Default::default()
    };
    let topics = request.v3_and_below_topics.into_iter().map(|topic| AddPartitionsToTxnTopicResult {
        name: topic.name,
        results_by_partition: topic.partitions.into_iter().map(partition).collect(),
        ..Default::default()
    });
    AddPartitionsToTxnResponse {
        // Left out of the versions that have none.
        error_code: CODE,
        results_by_topic_v3_and_below: topics.collect(),
        ..Default::default()
    }
}

/// AddOffsetsToTxn (key 25), versions 0-4.
pub fn add_offsets(_: &Call, _: AddOffsetsToTxnRequest) -> AddOffsetsToTxnResponse {
    AddOffsetsToTxnResponse { error_code: CODE, ..Default::default() }
}

/// EndTxn (key 26), versions 0-5.
pub fn end(_: &Call, _: EndTxnRequest) -> EndTxnResponse {
    EndTxnResponse { error_code: CODE, ..Default::default() }
}

/// WriteTxnMarkers (key 27), versions 1-2: an error for each partition.
pub fn write_markers(_: &Call, request: WriteTxnMarkersRequest) -> WriteTxnMarkersResponse {
    let partition = |partition_index| WritableTxnMarkerPartitionResult {
        partition_index,
        error_code: CODE,
        ..Default::default()
    };
    let markers = request.markers.into_iter().map(|marker| WritableTxnMarkerResult {
        producer_id: marker.producer_id,
        topics: marker
            .topics
            .into_iter()
            .map(|topic| WritableTxnMarkerTopicResult {
                name: topic.name,
                partitions: topic.partition_indexes.into_iter().map(partition).collect(),
                ..Default::default()
            })
            .collect(),
        ..Default::default()
    });
    WriteTxnMarkersResponse { markers: markers.collect(), ..Default::default() }
}

/// TxnOffsetCommit (key 28), versions 0-6: topics by id since version 6; an error for each partition.
pub fn commit_offsets(_: &Call, request: TxnOffsetCommitRequest) -> TxnOffsetCommitResponse {
    let topics = request.topics.into_iter().map(|topic| TxnOffsetCommitResponseTopic {
        name: topic.name,
        topic_id: topic.topic_id,
        partitions: topic
            .partitions
            .iter()
            .map(|partition| TxnOffsetCommitResponsePartition {
                partition_index: partition.partition_index,
                error_code: CODE,
                ..Default::default()
            })
            .collect(),
        ..Default::default()
    });
    TxnOffsetCommitResponse { topics: topics.collect(), ..Default::default() }
}

/// DescribeTransactions (key 65), version 0: an error for each id.
pub fn describe(_: &Call, request: DescribeTransactionsRequest) -> DescribeTransactionsResponse {
    let states = request.transactional_ids.into_iter().map(|transactional_id| TransactionState {
        error_code: CODE,
        transactional_id,
        ..Default::default()
    });
    DescribeTransactionsResponse { transaction_states: states.collect(), ..Default::default() }
}

/// ListTransactions (key 66), versions 0-2.
pub fn list(_: &Call, _: ListTransactionsRequest) -> ListTransactionsResponse {
    ListTransactionsResponse { error_code: CODE, ..Default::default() }
}
