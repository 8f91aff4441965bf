// Topics made, listed, described, grown, refused and, at the very end, deleted.

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"klamm.test/compat/steps"
)

func topicSteps(p *program) {
	p.Step("create-topic", func() (string, error) {
		configs := map[string]*string{
			"retention.ms": new("-1"), "cleanup.policy": new("delete"), "segment.bytes": new("2097152")}
		return p.create("main", 3, configs)
	})
	p.Step("create-topic-defaults", func() (string, error) { return p.create("defaults", -1, nil) })
	p.Step("create-topic-assignment", func() (string, error) {
		if err := p.createAssigned("assigned", 1); err != nil {
			return "", err
		}
		return p.awaitTopic("assigned")
	})
	p.Step("create-topic-validate-only", func() (string, error) {
		ctx, done := within()
		defer done()
		answer, err := p.admin.ValidateCreateTopics(ctx, 2, 1, nil, p.Topic("validated"))
		if err != nil || answer.Error() != nil {
			return "", fmt.Errorf("%v %v", err, answer.Error())
		}
		_, err = p.describe("validated")
		code, err := p.Refused("UNKNOWN_TOPIC_OR_PARTITION", err)
		return "ok, then " + code, err
	})
	p.Step("auto-create-topic", func() (string, error) {
		sent, err := p.send(p.Topic("auto"), []steps.Record{{Value: []byte("made by a producer")}},
			kgo.AllowAutoTopicCreation(), kgo.UnknownTopicRetries(-1))
		if err != nil {
			return "", err
		}
		described, err := p.describe("auto")
		return sent + " " + described, err
	})
	createRefusals(p)
	describeSteps(p)
	partitionSteps(p)
}

func createRefusals(p *program) {
	p.Refuse("create-topic-exists", "TOPIC_ALREADY_EXISTS", func() error { return p.tryCreate("main", 1, 1, nil) })
	p.Refuse("create-topic-invalid-name", "INVALID_TOPIC_EXCEPTION", func() error { return p.tryCreate("bad/name", 1, 1, nil) })
	p.Refuse("create-topic-long-name", "INVALID_TOPIC_EXCEPTION",
		func() error { return p.tryCreate(strings.Repeat("n", 250), 1, 1, nil) })
	p.Refuse("create-topic-bad-config", "INVALID_CONFIG",
		func() error { return p.tryCreate("refused", 1, 1, map[string]*string{"retention.ms": new("soon")}) })
	p.Refuse("create-topic-unknown-config", "INVALID_CONFIG",
		func() error { return p.tryCreate("refused", 1, 1, map[string]*string{"no.such.config": new("1")}) })
	p.Refuse("create-topic-bad-partitions", "INVALID_PARTITIONS", func() error { return p.tryCreate("refused", 0, 1, nil) })
	p.Refuse("create-topic-bad-replication", "INVALID_REPLICATION_FACTOR",
		func() error { return p.tryCreate("refused", 1, 3, nil) })
	p.Refuse("create-topic-bad-assignment", "INVALID_REPLICA_ASSIGNMENT",
		func() error { return p.createAssigned("refused", 99) })
}

func describeSteps(p *program) {
	p.Step("list-topics", func() (string, error) {
		ctx, done := within()
		defer done()
		topics, err := p.admin.ListTopics(ctx)
		names := []string{}
		for _, name := range topics.Names() {
			if own, found := strings.CutPrefix(name, p.Prefix+"-"); found {
				names = append(names, own)
			}
		}
		slices.Sort(names)
		return strings.Join(names, ", "), err
	})
	p.Step("describe-topic", func() (string, error) { return p.describe("main") })
	p.Step("describe-topic-unknown", func() (string, error) {
		_, err := p.describe("missing")
		return p.Refused("UNKNOWN_TOPIC_OR_PARTITION", err)
	})
	p.Step("wire-topics-by-id", func() (string, error) {
		ctx, done := within()
		defer done()
		id, err := p.topicID("main")
		if err != nil {
			return "", err
		}
		request := kmsg.NewPtrMetadataRequest()
		request.Topics = []kmsg.MetadataRequestTopic{{TopicID: id}, {TopicID: [16]byte{15: 7}}}
		answer, err := request.RequestWith(ctx, p.broker)
		if err != nil {
			return "", err
		}
		lines := []string{}
		for _, topic := range answer.Topics {
			name := "no name"
			if topic.Topic != nil {
				name = *topic.Topic
			}
			lines = append(lines, fmt.Sprintf("%s %s partitions=%d", name, coded(topic.ErrorCode), len(topic.Partitions)))
		}
		slices.Sort(lines)
		return strings.Join(lines, ", "), nil
	})
	p.Step("wire-topics-paged", func() (string, error) {
		ctx, done := within()
		defer done()
		request := kmsg.NewPtrDescribeTopicPartitionsRequest()
		request.ResponsePartitionLimit = 2
		request.Topics = []kmsg.DescribeTopicPartitionsRequestTopic{{Topic: p.Topic("main")}, {Topic: p.Topic("missing")}}
		answer, err := request.RequestWith(ctx, p.broker)
		if err != nil {
			return "", err
		}
		lines := []string{}
		for _, topic := range answer.Topics {
			lines = append(lines, fmt.Sprintf("%s %s partitions=%d", *topic.Topic, coded(topic.ErrorCode), len(topic.Partitions)))
		}
		if answer.NextCursor != nil {
			lines = append(lines, fmt.Sprintf("next %s %d", answer.NextCursor.Topic, answer.NextCursor.Partition))
		}
		return strings.Join(lines, ", "), nil
	})
}

func partitionSteps(p *program) {
	p.Step("create-partitions", func() (string, error) {
		if err := p.grow("assigned", 5); err != nil {
			return "", err
		}
		err := steps.Await("the topic has 5 partitions", func() (bool, error) {
			detail, err := p.detail("assigned")
			return len(detail.Partitions) == 5, err
		})
		return "partitions=5", err
	})
	p.Refuse("create-partitions-fewer", "INVALID_PARTITIONS", func() error { return p.grow("assigned", 1) })
	p.Refuse("create-partitions-same", "INVALID_PARTITIONS", func() error { return p.grow("assigned", 5) })
	p.Refuse("create-partitions-unknown-topic", "UNKNOWN_TOPIC_OR_PARTITION", func() error { return p.grow("missing", 5) })
}

// The last steps of all: topics go, and a name can be used again.
func deleteSteps(p *program) {
	p.Step("delete-topic", func() (string, error) {
		if err := p.deleteTopic("main"); err != nil {
			return "", err
		}
		err := steps.Await("the topic is gone", func() (bool, error) {
			_, err := p.detail("main")
			return err == kerr.UnknownTopicOrPartition, nil
		})
		return "ok", err
	})
	p.Refuse("delete-topic-unknown", "UNKNOWN_TOPIC_OR_PARTITION", func() error { return p.deleteTopic("missing") })
	p.Step("wire-topics-delete-unknown-id", func() (string, error) {
		ctx, done := within()
		defer done()
		request := kmsg.NewPtrDeleteTopicsRequest()
		topic := kmsg.NewDeleteTopicsRequestTopic()
		topic.TopicID = [16]byte{15: 7}
		request.Topics = append(request.Topics, topic)
		answer, err := request.RequestWith(ctx, p.broker)
		if err != nil {
			return "", err
		}
		return steps.Equal("UNKNOWN_TOPIC_ID", coded(answer.Topics[0].ErrorCode))
	})
	p.Step("delete-topic-recreate", func() (string, error) {
		made, err := p.create("main", 2, keep())
		if err != nil {
			return "", err
		}
		sent, err := p.send(p.Topic("main"), steps.Standard(0, 1))
		return made + " " + sent, err
	})
}

// keep are the configs of a topic that keeps records of any age, with `more` names and values.
func keep(more ...string) map[string]*string {
	configs := map[string]*string{"retention.ms": new("-1")}
	for i := 0; i+1 < len(more); i += 2 {
		configs[more[i]] = new(more[i+1])
	}
	return configs
}

func (p *program) tryCreate(name string, partitions int32, replicas int16, configs map[string]*string) error {
	ctx, done := within()
	defer done()
	topic := name
	if len(name) < 250 {
		topic = p.Topic(name)
	}
	_, err := p.admin.CreateTopic(ctx, partitions, replicas, configs, topic)
	return err
}

// create makes a topic, waits until the broker knows it, and says what it has become.
func (p *program) create(name string, partitions int32, configs map[string]*string) (string, error) {
	replicas := int16(1)
	if partitions < 0 {
		replicas = -1
	}
	if err := p.tryCreate(name, partitions, replicas, configs); err != nil {
		return "", err
	}
	return p.awaitTopic(name)
}

func (p *program) awaitTopic(name string) (string, error) {
	err := steps.Await("the new topic is known", func() (bool, error) {
		_, err := p.detail(name)
		return err == nil, nil
	})
	if err != nil {
		return "", err
	}
	return p.describe(name)
}

func (p *program) createAssigned(name string, broker int32) error {
	ctx, done := within()
	defer done()
	request := kmsg.NewPtrCreateTopicsRequest()
	topic := kmsg.NewCreateTopicsRequestTopic()
	topic.Topic, topic.NumPartitions, topic.ReplicationFactor = p.Topic(name), -1, -1
	for partition := range int32(2) {
		assignment := kmsg.NewCreateTopicsRequestTopicReplicaAssignment()
		assignment.Partition, assignment.Replicas = partition, []int32{broker}
		topic.ReplicaAssignment = append(topic.ReplicaAssignment, assignment)
	}
	request.Topics = append(request.Topics, topic)
	answer, err := request.RequestWith(ctx, p.broker)
	if err != nil {
		return err
	}
	return kerr.ErrorForCode(answer.Topics[0].ErrorCode)
}

func (p *program) grow(name string, partitions int) error {
	ctx, done := within()
	defer done()
	// kadm asks for the present count first; the broker's own judgement is what counts here.
	request := kmsg.NewPtrCreatePartitionsRequest()
	topic := kmsg.NewCreatePartitionsRequestTopic()
	topic.Topic, topic.Count = p.Topic(name), int32(partitions)
	request.Topics = append(request.Topics, topic)
	answer, err := request.RequestWith(ctx, p.broker)
	if err != nil {
		return err
	}
	return kerr.ErrorForCode(answer.Topics[0].ErrorCode)
}

func (p *program) deleteTopic(name string) error {
	ctx, done := within()
	defer done()
	_, err := p.admin.DeleteTopic(ctx, p.Topic(name))
	return err
}

func (p *program) detail(name string) (kadm.TopicDetail, error) {
	ctx, done := within()
	defer done()
	topics, err := p.admin.ListTopics(ctx, p.Topic(name))
	if err != nil {
		return kadm.TopicDetail{}, err
	}
	detail := topics[p.Topic(name)]
	return detail, detail.Err
}

func (p *program) topicID(name string) (kadm.TopicID, error) {
	detail, err := p.detail(name)
	return detail.ID, err
}

func (p *program) describe(name string) (string, error) {
	detail, err := p.detail(name)
	parts := []string{}
	for _, partition := range detail.Partitions.Sorted() {
		parts = append(parts, fmt.Sprintf("%d: leader=%d epoch=%d replicas=%v isr=%v", partition.Partition,
			partition.Leader, partition.LeaderEpoch, partition.Replicas, partition.ISR))
	}
	return fmt.Sprintf("internal=%v partitions=%d %s", detail.IsInternal, len(parts), strings.Join(parts, ", ")), err
}
