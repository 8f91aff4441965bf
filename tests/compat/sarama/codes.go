// The protocol's names of the library's errors.

package main

import (
	"errors"
	"fmt"

	"github.com/IBM/sarama"
)

// The protocol's names of the codes that the steps meet; the library has only sentences.
var names = map[sarama.KError]string{
	sarama.ErrNoError:                            "NONE",
	sarama.ErrUnknown:                            "UNKNOWN_SERVER_ERROR",
	sarama.ErrOffsetOutOfRange:                   "OFFSET_OUT_OF_RANGE",
	sarama.ErrInvalidMessage:                     "CORRUPT_MESSAGE",
	sarama.ErrUnknownTopicOrPartition:            "UNKNOWN_TOPIC_OR_PARTITION",
	sarama.ErrLeaderNotAvailable:                 "LEADER_NOT_AVAILABLE",
	sarama.ErrMessageSizeTooLarge:                "MESSAGE_TOO_LARGE",
	sarama.ErrOffsetMetadataTooLarge:             "OFFSET_METADATA_TOO_LARGE",
	sarama.ErrInvalidTopic:                       "INVALID_TOPIC_EXCEPTION",
	sarama.ErrInvalidRequiredAcks:                "INVALID_REQUIRED_ACKS",
	sarama.ErrIllegalGeneration:                  "ILLEGAL_GENERATION",
	sarama.ErrInconsistentGroupProtocol:          "INCONSISTENT_GROUP_PROTOCOL",
	sarama.ErrInvalidGroupId:                     "INVALID_GROUP_ID",
	sarama.ErrUnknownMemberId:                    "UNKNOWN_MEMBER_ID",
	sarama.ErrInvalidSessionTimeout:              "INVALID_SESSION_TIMEOUT",
	sarama.ErrRebalanceInProgress:                "REBALANCE_IN_PROGRESS",
	sarama.ErrInvalidTimestamp:                   "INVALID_TIMESTAMP",
	sarama.ErrUnsupportedVersion:                 "UNSUPPORTED_VERSION",
	sarama.ErrTopicAlreadyExists:                 "TOPIC_ALREADY_EXISTS",
	sarama.ErrInvalidPartitions:                  "INVALID_PARTITIONS",
	sarama.ErrInvalidReplicationFactor:           "INVALID_REPLICATION_FACTOR",
	sarama.ErrInvalidReplicaAssignment:           "INVALID_REPLICA_ASSIGNMENT",
	sarama.ErrInvalidConfig:                      "INVALID_CONFIG",
	sarama.ErrInvalidRequest:                     "INVALID_REQUEST",
	sarama.ErrOutOfOrderSequenceNumber:           "OUT_OF_ORDER_SEQUENCE_NUMBER",
	sarama.ErrDuplicateSequenceNumber:            "DUPLICATE_SEQUENCE_NUMBER",
	sarama.ErrInvalidProducerEpoch:               "INVALID_PRODUCER_EPOCH",
	sarama.ErrTransactionalIDAuthorizationFailed: "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
	sarama.ErrUnknownProducerID:                  "UNKNOWN_PRODUCER_ID",
	sarama.ErrNonEmptyGroup:                      "NON_EMPTY_GROUP",
	sarama.ErrGroupIDNotFound:                    "GROUP_ID_NOT_FOUND",
	sarama.ErrMemberIdRequired:                   "MEMBER_ID_REQUIRED",
	sarama.ErrFencedInstancedId:                  "FENCED_INSTANCE_ID",
	sarama.ErrGroupSubscribedToTopic:             "GROUP_SUBSCRIBED_TO_TOPIC",
	sarama.ErrInvalidRecord:                      "INVALID_RECORD",
	sarama.ErrInvalidUpdateVersion:               "INVALID_UPDATE_VERSION",
}

func named(code sarama.KError) string {
	if name, found := names[code]; found {
		return name
	}
	return fmt.Sprintf("code %d", int16(code))
}

// codeOf tells an error by the protocol's name, or by the client's own sentence.
func codeOf(err error) string {
	var many sarama.ProducerErrors
	if errors.As(err, &many) && len(many) > 0 {
		return codeOf(many[0].Err)
	}
	var code sarama.KError
	if errors.As(err, &code) {
		return named(code)
	}
	return "client: " + err.Error()
}

// refusal is no error where the broker answered NONE.
func refusal(code sarama.KError) error {
	if code == sarama.ErrNoError {
		return nil
	}
	return code
}

func firstOf(errors ...error) error {
	for _, err := range errors {
		if err != nil {
			return err
		}
	}
	return nil
}
