//! APIs of features that this version does not serve yet. They are not advertised; a client that asks all the same gets
//! the answer of Apache Kafka 4.4 with the feature off, in the version it asked for, and keeps its connection. Where Kafka
//! serves an API always, the answer is UNSUPPORTED_VERSION in the place of Kafka's `AbstractRequest.getErrorResponse`:
//! at the top where the response has an error there, else once for each thing that was asked for.
//! `cargo xtask compat unserved` compares all of them.
//!
//! Nothing here reads or changes state. This file is the table, without logic.

mod groups;
mod security;
mod share_state;
mod transactions;

use klamm_protocol::{ApiKey, Reader, Str};

use super::call::{Call, now};
use super::errors::UNSERVED;
use super::session::close;
use crate::net::reply::Started;

/// [`UNSERVED`] on the wire.
const CODE: i16 = UNSERVED.code();

/// The text beside [`CODE`], in the responses whose class in Kafka fills it.
fn text() -> Option<Str> {
    Some(Str::from(UNSERVED.message()))
}

/// Answers a request that decodes; closes the connection after any other, as a handler does.
pub fn answer(call: Call, body: Reader) -> Started {
    match call.key {
        ApiKey::SaslHandshake => now(call, body, security::sasl_handshake),
        ApiKey::SaslAuthenticate => now(call, body, security::sasl_authenticate),
        ApiKey::DescribeAcls => now(call, body, security::describe_acls),
        ApiKey::CreateAcls => now(call, body, security::create_acls),
        ApiKey::DeleteAcls => now(call, body, security::delete_acls),
        ApiKey::CreateDelegationToken => now(call, body, security::create_token),
        ApiKey::RenewDelegationToken => now(call, body, security::renew_token),
        ApiKey::ExpireDelegationToken => now(call, body, security::expire_token),
        ApiKey::DescribeDelegationToken => now(call, body, security::describe_tokens),
        ApiKey::DescribeClientQuotas => now(call, body, security::describe_quotas),
        ApiKey::AlterClientQuotas => now(call, body, security::alter_quotas),
        ApiKey::DescribeUserScramCredentials => now(call, body, security::describe_scram),
        ApiKey::AlterUserScramCredentials => now(call, body, security::alter_scram),
        ApiKey::AddPartitionsToTxn => now(call, body, transactions::add_partitions),
        ApiKey::AddOffsetsToTxn => now(call, body, transactions::add_offsets),
        ApiKey::EndTxn => now(call, body, transactions::end),
        ApiKey::WriteTxnMarkers => now(call, body, transactions::write_markers),
        ApiKey::TxnOffsetCommit => now(call, body, transactions::commit_offsets),
        ApiKey::DescribeTransactions => now(call, body, transactions::describe),
        ApiKey::ListTransactions => now(call, body, transactions::list),
        ApiKey::ConsumerGroupHeartbeat => now(call, body, groups::consumer_heartbeat),
        ApiKey::ConsumerGroupDescribe => now(call, body, groups::consumer_describe),
        ApiKey::GetTelemetrySubscriptions => now(call, body, groups::telemetry_subscriptions),
        ApiKey::PushTelemetry => now(call, body, groups::push_telemetry),
        ApiKey::ShareGroupHeartbeat => now(call, body, groups::share_heartbeat),
        ApiKey::ShareGroupDescribe => now(call, body, groups::share_describe),
        ApiKey::ShareFetch => now(call, body, groups::share_fetch),
        ApiKey::ShareAcknowledge => now(call, body, groups::share_acknowledge),
        ApiKey::DescribeShareGroupOffsets => now(call, body, groups::describe_share_offsets),
        ApiKey::AlterShareGroupOffsets => now(call, body, groups::alter_share_offsets),
        ApiKey::DeleteShareGroupOffsets => now(call, body, groups::delete_share_offsets),
        ApiKey::StreamsGroupHeartbeat => now(call, body, groups::streams_heartbeat),
        ApiKey::StreamsGroupDescribe => now(call, body, groups::streams_describe),
        ApiKey::StreamsGroupTopologyDescriptionUpdate => now(call, body, groups::streams_topology),
        ApiKey::InitializeShareGroupState => now(call, body, share_state::initialize),
        ApiKey::ReadShareGroupState => now(call, body, share_state::read),
        ApiKey::WriteShareGroupState => now(call, body, share_state::write),
        ApiKey::DeleteShareGroupState => now(call, body, share_state::delete),
        ApiKey::ReadShareGroupStateSummary => now(call, body, share_state::read_summary),
        other => close(format!("{} has no handler", other.name())),
    }
}
