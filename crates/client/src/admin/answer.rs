//! Where the answers of the administrator's requests say that the whole request should be tried again.

use klamm_protocol::ErrorCode;
use klamm_protocol::messages::*;

/// An answer with errors in it.
pub(super) trait Answer {
    /// The error that made the broker refuse the whole request, if it may pass by itself.
    fn passing_error(&self) -> Option<ErrorCode>;
}

/// The first of `codes` where all of them are errors that may pass. With one success among them the request
/// is not tried again: what succeeded would then fail.
fn all_passing(codes: impl IntoIterator<Item = i16>) -> Option<ErrorCode> {
    let mut first = None;
    for code in codes {
        let error = ErrorCode::from_i16(code).filter(|error| is_of_whole(*error))?;
        first.get_or_insert(error);
    }
    first
}

/// Whether the error says that the request came to the wrong node or too early. Others, such as a topic that
/// does not exist, may pass too, but are what the caller asked to know.
fn is_of_whole(error: ErrorCode) -> bool {
    use ErrorCode::*;
    matches!(
        error,
        NotController
            | NotCoordinator
            | CoordinatorNotAvailable
            | CoordinatorLoadInProgress
            | LeaderNotAvailable
            | NotLeaderOrFollower
            | BrokerNotAvailable
            | NetworkException
            | ConcurrentTransactions
    )
}

/// Answers with one error for the whole.
macro_rules! one_code {
    ($($response:ident),* $(,)?) => {$(
        impl Answer for $response {
            fn passing_error(&self) -> Option<ErrorCode> {
                all_passing([self.error_code])
            }
        }
    )*};
}

/// Answers with an error per item: the list, and the path to the code.
macro_rules! code_per_item {
    ($($response:ident: $list:ident),* $(,)?) => {$(
        impl Answer for $response {
            fn passing_error(&self) -> Option<ErrorCode> {
                all_passing(self.$list.iter().map(|item| item.error_code))
            }
        }
    )*};
}

/// Answers with an error per partition, by topic.
macro_rules! code_per_partition {
    ($($response:ident),* $(,)?) => {$(
        impl Answer for $response {
            fn passing_error(&self) -> Option<ErrorCode> {
                let partitions = self.topics.iter().flat_map(|topic| &topic.partitions);
                all_passing(partitions.map(|partition| partition.error_code))
            }
        }
    )*};
}

one_code!(
    AddRaftVoterResponse,
    AlterPartitionReassignmentsResponse,
    ApiVersionsResponse,
    CreateDelegationTokenResponse,
    DescribeAclsResponse,
    DescribeClientQuotasResponse,
    DescribeClusterResponse,
    DescribeDelegationTokenResponse,
    DescribeLogDirsResponse,
    DescribeUserScramCredentialsResponse,
    ElectLeadersResponse,
    ExpireDelegationTokenResponse,
    LeaveGroupResponse,
    ListConfigResourcesResponse,
    ListGroupsResponse,
    ListPartitionReassignmentsResponse,
    ListTransactionsResponse,
    OffsetDeleteResponse,
    RemoveRaftVoterResponse,
    RenewDelegationTokenResponse,
    UnregisterBrokerResponse,
    UnregisterControllerResponse,
    UpdateFeaturesResponse,
);

code_per_item!(
    AlterClientQuotasResponse: entries,
    AlterConfigsResponse: responses,
    AlterUserScramCredentialsResponse: results,
    CreateAclsResponse: results,
    CreatePartitionsResponse: results,
    CreateTopicsResponse: topics,
    DeleteAclsResponse: filter_results,
    DeleteTopicsResponse: responses,
    DescribeConfigsResponse: results,
    DescribeTransactionsResponse: transaction_states,
    IncrementalAlterConfigsResponse: responses,
);

code_per_partition!(OffsetCommitResponse);

impl Answer for DescribeQuorumResponse {
    fn passing_error(&self) -> Option<ErrorCode> {
        let partitions = self.topics.iter().flat_map(|topic| &topic.partitions);
        let codes = partitions.map(|partition| partition.error_code);
        all_passing([self.error_code]).or_else(|| all_passing(codes))
    }
}

/// Its errors are per topic, and none of them concerns the request.
impl Answer for DescribeTopicPartitionsResponse {
    fn passing_error(&self) -> Option<ErrorCode> {
        None
    }
}

/// As above: each partition is told for itself.
impl Answer for AlterReplicaLogDirsResponse {
    fn passing_error(&self) -> Option<ErrorCode> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_answer_that_failed_as_a_whole_and_may_pass_is_tried_again() {
        let (later, exists, done) = (41, 36, 0);
        assert_eq!(all_passing([later, later]), Some(ErrorCode::NotController));
        assert_eq!(all_passing([later, done]), None);
        assert_eq!(all_passing([exists, exists]), None);
        assert_eq!(all_passing([]), None);
    }
}
