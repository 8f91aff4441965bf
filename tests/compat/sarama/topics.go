// Topics made, listed, described, grown, refused and, at the very end, deleted.

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/IBM/sarama"
	"klamm.test/compat/steps"
)

func topicSteps(p *program) {
	p.Step("create-topic", func() (string, error) {
		return p.create("main", 3, map[string]*string{
			"retention.ms": new("-1"), "cleanup.policy": new("delete"), "segment.bytes": new("2097152")})
	})
	p.Step("create-topic-defaults", func() (string, error) { return p.create("defaults", -1, nil) })
	p.Step("create-topic-assignment", func() (string, error) {
		if err := p.tryCreate("assigned", assigned(1)); err != nil {
			return "", err
		}
		return p.awaitTopic("assigned")
	})
	p.Step("create-topic-validate-only", func() (string, error) {
		err := p.admin.CreateTopic(p.Topic("validated"), &sarama.TopicDetail{NumPartitions: 2, ReplicationFactor: 1}, true)
		if err != nil {
			return "", err
		}
		_, err = p.describe("validated")
		code, err := p.Refused("UNKNOWN_TOPIC_OR_PARTITION", err)
		return "ok, then " + code, err
	})
	p.Step("auto-create-topic", func() (string, error) {
		sent, err := p.send(p.Topic("auto"), []steps.Record{{Value: []byte("made by a producer")}}, func(c *sarama.Config) {
			c.Metadata.AllowAutoTopicCreation = true
			c.Metadata.Retry.Max = 20
		})
		if err != nil {
			return "", err
		}
		described, err := p.describe("auto")
		return sent + " " + described, err
	})
	createRefusals(p)
	p.Step("list-topics", func() (string, error) {
		topics, err := p.admin.ListTopics()
		names := []string{}
		for name, detail := range topics {
			if own, found := strings.CutPrefix(name, p.Prefix+"-"); found {
				names = append(names, fmt.Sprintf("%s %d/%d %d configs", own, detail.NumPartitions, detail.ReplicationFactor,
					len(detail.ConfigEntries)))
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
	partitionSteps(p)
}

func createRefusals(p *program) {
	refuse := func(step, expected, topic string, detail sarama.TopicDetail) {
		p.Refuse("create-topic-"+step, expected, func() error { return p.tryCreate(topic, detail) })
	}
	one := sarama.TopicDetail{NumPartitions: 1, ReplicationFactor: 1}
	with := func(name, value string) sarama.TopicDetail {
		return sarama.TopicDetail{NumPartitions: 1, ReplicationFactor: 1, ConfigEntries: map[string]*string{name: &value}}
	}
	refuse("exists", "TOPIC_ALREADY_EXISTS", "main", one)
	refuse("invalid-name", "INVALID_TOPIC_EXCEPTION", "bad/name", one)
	refuse("bad-config", "INVALID_CONFIG", "refused", with("retention.ms", "soon"))
	refuse("unknown-config", "INVALID_CONFIG", "refused", with("no.such.config", "1"))
	refuse("bad-partitions", "INVALID_PARTITIONS", "refused", sarama.TopicDetail{NumPartitions: 0, ReplicationFactor: 1})
	refuse("bad-replication", "INVALID_REPLICATION_FACTOR", "refused", sarama.TopicDetail{NumPartitions: 1, ReplicationFactor: 3})
	refuse("bad-assignment", "INVALID_REPLICA_ASSIGNMENT", "refused", assigned(99))
}

func partitionSteps(p *program) {
	grow := func(topic string, count int32, validateOnly bool) error {
		return p.admin.CreatePartitions(p.Topic(topic), count, nil, validateOnly)
	}
	p.Step("create-partitions", func() (string, error) {
		if err := firstOf(grow("assigned", 9, true), grow("assigned", 5, false)); err != nil {
			return "", err
		}
		described := ""
		err := steps.Await("the topic has 5 partitions", func() (bool, error) {
			var err error
			described, err = p.describe("assigned")
			return strings.Contains(described, "partitions=5"), err
		})
		return described, err
	})
	p.Refuse("create-partitions-fewer", "INVALID_PARTITIONS", func() error { return grow("assigned", 1, false) })
	p.Refuse("create-partitions-unknown-topic", "UNKNOWN_TOPIC_OR_PARTITION", func() error { return grow("missing", 5, false) })
}

// The last steps of all: topics go, and a name can be used again.
func deleteSteps(p *program) {
	p.Step("delete-topic", func() (string, error) {
		if err := p.admin.DeleteTopic(p.Topic("main")); err != nil {
			return "", err
		}
		return "ok", steps.Await("the topic is gone", func() (bool, error) {
			_, err := p.describe("main")
			return codeOfMaybe(err) == "UNKNOWN_TOPIC_OR_PARTITION", nil
		})
	})
	p.Refuse("delete-topic-unknown", "UNKNOWN_TOPIC_OR_PARTITION", func() error { return p.admin.DeleteTopic(p.Topic("missing")) })
	p.Step("delete-topic-recreate", func() (string, error) {
		made, err := p.create("main", 2, keep())
		if err != nil {
			return "", err
		}
		sent, err := p.send(p.Topic("main"), steps.Standard(0, 1))
		return made + " " + sent, err
	})
}

func codeOfMaybe(err error) string {
	if err == nil {
		return ""
	}
	return codeOf(err)
}

func assigned(broker int32) sarama.TopicDetail {
	return sarama.TopicDetail{
		NumPartitions: -1, ReplicationFactor: -1, ReplicaAssignment: map[int32][]int32{0: {broker}, 1: {broker}}}
}

// keep are the configs of a topic that keeps records of any age, with `more` names and values.
func keep(more ...string) map[string]*string {
	configs := map[string]*string{"retention.ms": new("-1")}
	for i := 0; i+1 < len(more); i += 2 {
		configs[more[i]] = new(more[i+1])
	}
	return configs
}

func (p *program) tryCreate(name string, detail sarama.TopicDetail) error {
	return p.admin.CreateTopic(p.Topic(name), &detail, false)
}

// create makes a topic, waits until the broker knows it, and says what it has become.
func (p *program) create(name string, partitions int32, configs map[string]*string) (string, error) {
	detail := sarama.TopicDetail{NumPartitions: partitions, ReplicationFactor: 1, ConfigEntries: configs}
	if partitions < 0 {
		detail.ReplicationFactor = -1
	}
	if err := p.tryCreate(name, detail); err != nil {
		return "", err
	}
	return p.awaitTopic(name)
}

func (p *program) awaitTopic(name string) (string, error) {
	described := ""
	err := steps.Await("the new topic is known", func() (bool, error) {
		var err error
		described, err = p.describe(name)
		return err == nil, nil
	})
	return described, err
}

func (p *program) describe(name string) (string, error) {
	topics, err := p.admin.DescribeTopics([]string{p.Topic(name)})
	if err != nil {
		return "", err
	}
	topic := topics[0]
	slices.SortFunc(topic.Partitions, func(a, b *sarama.PartitionMetadata) int { return int(a.ID - b.ID) })
	parts := []string{}
	for _, one := range topic.Partitions {
		parts = append(parts, fmt.Sprintf("%d: leader=%d epoch=%d replicas=%v isr=%v", one.ID, one.Leader, one.LeaderEpoch,
			one.Replicas, one.Isr))
	}
	return fmt.Sprintf("internal=%v partitions=%d %s", topic.IsInternal, len(parts), strings.Join(parts, ", ")),
		refusal(topic.Err)
}
