//! Requests that nodes send to the active controller in their own name. The same code serves those
//! that come over the controller listener and those of the controller's own node.

use klamm_metadata::ApiError;
use klamm_metadata::controller::{Command, PreviousEpoch, RegisterBroker, Reply};
use klamm_model::{BrokerEpoch, BrokerId, NodeId};
use klamm_protocol::messages::alter_partition_request::BrokerState;
use klamm_protocol::messages::{
    AllocateProducerIdsRequest, AllocateProducerIdsResponse, AlterPartitionRequest, AlterPartitionResponse,
    AssignReplicasToDirsRequest, AssignReplicasToDirsResponse, BrokerHeartbeatRequest,
    BrokerHeartbeatResponse, BrokerRegistrationRequest, BrokerRegistrationResponse,
    ControllerRegistrationRequest, ControllerRegistrationResponse, UnregisterBrokerRequest,
    UnregisterBrokerResponse, UnregisterControllerRequest, UnregisterControllerResponse,
};
use klamm_protocol::{ErrorCode, Request};

/// The first BrokerRegistration that tells the epoch of the last clean stop.
const REGISTRATION_WITH_PREVIOUS_EPOCH: i16 = 3;
/// The first AlterPartition that tells the epoch of each member of the ISR.
const ALTER_PARTITION_WITH_EPOCHS: i16 = 3;

/// In what circumstances a request is decided on.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// The request's version.
    pub version: i16,
    /// `kraft.version` of the quorum.
    pub kraft_version: i16,
}

/// A request to the active controller.
pub trait NodeRequest: Request + Clone + 'static {
    /// The decision asked for; an error for ids that nobody has.
    fn command(self, at: Circumstances) -> Result<Command, ApiError>;
    /// The response in a reply of its kind.
    fn pick(reply: Reply) -> Option<Self::Response>;
    /// The response that says `error` of the whole request.
    fn refused(error: &ApiError) -> Self::Response;
    /// The code of the whole request in a response.
    fn code(response: &Self::Response) -> i16;
    /// The request in the fields that `version` has.
    fn in_version(self, version: i16) -> Self {
        let _ = version;
        self
    }

    /// Turns the controller's answer into the response.
    fn answer(answer: Result<Reply, ApiError>) -> Self::Response {
        match answer {
            Ok(reply) => Self::pick(reply).expect("the controller answers each command in kind"),
            Err(error) => Self::refused(&error),
        }
    }
}

macro_rules! node_request {
    ($request:ident, $response:ident, $reply:ident, $command:expr
        $(, message: $message:ident)? $(, in_version: $in_version:ident)?) => {
        impl NodeRequest for $request {
            fn command(self, at: Circumstances) -> Result<Command, ApiError> {
                let command: fn($request, Circumstances) -> Result<Command, ApiError> = $command;
                command(self, at)
            }

            fn pick(reply: Reply) -> Option<$response> {
                if let Reply::$reply(response) = reply { Some(response) } else { None }
            }

            fn refused(error: &ApiError) -> $response {
                $response {
                    error_code: error.code.code(),
                    $($message: error.text(),)?
                    ..$response::default()
                }
            }

            fn code(response: &$response) -> i16 {
                response.error_code
            }

            $(fn in_version(self, version: i16) -> $request {
                $in_version(self, version)
            })?
        }
    };
}

node_request!(BrokerRegistrationRequest, BrokerRegistrationResponse, BrokerRegistration, |request, at| {
    let previous_epoch = if at.version >= REGISTRATION_WITH_PREVIOUS_EPOCH {
        PreviousEpoch::Told
    } else {
        PreviousEpoch::Unknown
    };
    let kraft_version = at.kraft_version;
    Ok(Command::RegisterBroker(RegisterBroker { request, previous_epoch, kraft_version }))
});

node_request!(BrokerHeartbeatRequest, BrokerHeartbeatResponse, BrokerHeartbeat, |request, _| {
    Ok(Command::BrokerHeartbeat(request))
});

node_request!(
    ControllerRegistrationRequest,
    ControllerRegistrationResponse,
    ControllerRegistration,
    |request, _| Ok(Command::RegisterController(request)),
    message: error_message
);

node_request!(AlterPartitionRequest, AlterPartitionResponse, AlterPartition, |mut request, at| {
    if at.version < ALTER_PARTITION_WITH_EPOCHS {
        for partition in request.topics.iter_mut().flat_map(|topic| &mut topic.partitions) {
            let members = std::mem::take(&mut partition.new_isr).into_iter();
            partition.new_isr_with_epochs = members
                .map(|broker_id| BrokerState { broker_id, broker_epoch: -1, ..BrokerState::default() })
                .collect();
        }
    }
    Ok(Command::AlterPartition(request))
}, in_version: alter_partition_in);

/// Before epochs the members of an ISR are ids (Kafka: `AlterPartitionRequest.Builder.build`).
fn alter_partition_in(mut request: AlterPartitionRequest, version: i16) -> AlterPartitionRequest {
    if version < ALTER_PARTITION_WITH_EPOCHS {
        for partition in request.topics.iter_mut().flat_map(|topic| &mut topic.partitions) {
            let members = std::mem::take(&mut partition.new_isr_with_epochs);
            partition.new_isr = members.into_iter().map(|member| member.broker_id).collect();
        }
    }
    request
}

node_request!(
    AssignReplicasToDirsRequest,
    AssignReplicasToDirsResponse,
    AssignReplicasToDirs,
    |request, _| Ok(Command::AssignReplicasToDirs(request))
);

node_request!(AllocateProducerIdsRequest, AllocateProducerIdsResponse, AllocateProducerIds, |request, _| {
    let broker = BrokerId::new(request.broker_id).zip(BrokerEpoch::new(request.broker_epoch));
    let (id, epoch) = broker.ok_or_else(|| ApiError::plain(ErrorCode::StaleBrokerEpoch))?;
    Ok(Command::AllocateProducerIds(id, epoch))
});

node_request!(
    UnregisterBrokerRequest,
    UnregisterBrokerResponse,
    UnregisterBroker,
    |request, _| {
        let unknown = || {
            let text = format!("Broker ID {} is not currently registered", request.broker_id);
            ApiError::new(ErrorCode::BrokerIdNotRegistered, text)
        };
        BrokerId::new(request.broker_id).map(Command::UnregisterBroker).ok_or_else(unknown)
    },
    message: error_message
);

node_request!(
    UnregisterControllerRequest,
    UnregisterControllerResponse,
    UnregisterController,
    |request, _| {
        let unknown = || {
            let text = format!("Controller ID {} is not currently registered.", request.controller_id);
            ApiError::new(ErrorCode::ControllerIdNotRegistered, text)
        };
        NodeId::new(request.controller_id).map(Command::UnregisterController).ok_or_else(unknown)
    },
    message: error_message
);

#[cfg(test)]
mod tests {
    use klamm_protocol::messages::alter_partition_request::{PartitionData, TopicData};

    use super::*;

    #[test]
    fn members_of_an_isr_are_told_in_the_fields_that_the_controllers_version_has() {
        let member = |broker_id| BrokerState { broker_id, broker_epoch: 70, ..BrokerState::default() };
        let partition =
            PartitionData { new_isr_with_epochs: vec![member(1), member(2)], ..PartitionData::default() };
        let topics = vec![TopicData { partitions: vec![partition], ..TopicData::default() }];
        let request = AlterPartitionRequest { topics, ..AlterPartitionRequest::default() };
        assert_eq!(request.clone().in_version(3), request);
        let older = request.in_version(2);
        let told = &older.topics[0].partitions[0];
        assert_eq!((told.new_isr.as_slice(), told.new_isr_with_epochs.len()), ([1, 2].as_slice(), 0));
    }
}
