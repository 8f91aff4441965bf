// Configs read and changed, and what the cluster says of itself.

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/IBM/sarama"
	"klamm.test/compat/steps"
)

// A broker config that no other family changes while this one runs.
const brokerConfig = "log.cleaner.backoff.ms"

func configSteps(p *program) {
	p.Step("describe-topic-configs", func() (string, error) { return p.topicConfigs("main", func(string) bool { return true }) })
	p.Step("describe-config-synonyms", func() (string, error) { return p.synonyms("main") })
	p.Step("describe-configs-unknown-topic", func() (string, error) {
		_, err := p.topicConfigs("missing", func(string) bool { return true })
		return p.Refused("UNKNOWN_TOPIC_OR_PARTITION", err)
	})
	p.Step("alter-configs-incremental", func() (string, error) {
		change := map[string]sarama.IncrementalAlterConfigsEntry{
			"retention.ms":   {Operation: sarama.IncrementalAlterConfigsOperationSet, Value: new("7200000")},
			"cleanup.policy": {Operation: sarama.IncrementalAlterConfigsOperationAppend, Value: new("compact")},
		}
		if err := p.alter("main", change); err != nil {
			return "", err
		}
		set, err := p.awaitConfigs("main", "cleanup.policy=delete,compact", "retention.ms=7200000")
		if err != nil {
			return "", err
		}
		change = map[string]sarama.IncrementalAlterConfigsEntry{
			"retention.ms":   {Operation: sarama.IncrementalAlterConfigsOperationDelete},
			"cleanup.policy": {Operation: sarama.IncrementalAlterConfigsOperationSubtract, Value: new("compact")},
		}
		if err := p.alter("main", change); err != nil {
			return "", err
		}
		back, err := p.awaitConfigs("main", "cleanup.policy=delete", "retention.ms=604800000")
		return set + ", then " + back, err
	})
	p.Step("alter-configs-legacy", func() (string, error) {
		err := p.admin.AlterConfig(sarama.TopicResource, p.Topic("main"),
			map[string]*string{"retention.bytes": new("1048576"), "retention.ms": new("-1")}, false)
		if err != nil {
			return "", err
		}
		return p.awaitConfigs("main", "retention.bytes=1048576", "retention.ms=-1", "segment.bytes=1073741824")
	})
	p.Refuse("alter-configs-bad-value", "INVALID_CONFIG", func() error { return p.alter("main", set("max.message.bytes", "-5")) })
	p.Refuse("alter-configs-unknown-key", "INVALID_CONFIG", func() error { return p.alter("main", set("no.such.config", "1")) })
	p.Refuse("alter-configs-unknown-topic", "UNKNOWN_TOPIC_OR_PARTITION",
		func() error { return p.alter("missing", set("retention.ms", "1")) })
	p.Step("alter-broker-configs", func() (string, error) {
		if err := p.alterBroker(set(brokerConfig, "12345")); err != nil {
			return "", err
		}
		changed, err := p.awaitBrokerConfig("12345")
		if err != nil {
			return "", err
		}
		unset := map[string]sarama.IncrementalAlterConfigsEntry{
			brokerConfig: {Operation: sarama.IncrementalAlterConfigsOperationDelete}}
		if err := p.alterBroker(unset); err != nil {
			return "", err
		}
		back, err := p.awaitBrokerConfig("15000")
		return changed + ", then " + back, err
	})
	p.Refuse("alter-broker-configs-read-only", "INVALID_REQUEST", func() error { return p.alterBroker(set("node.id", "7")) })
	clusterSteps(p)
}

func clusterSteps(p *program) {
	p.Step("describe-cluster", func() (string, error) {
		brokers, controller, err := p.admin.DescribeCluster()
		ids := []int32{}
		for _, one := range brokers {
			ids = append(ids, one.ID())
		}
		return fmt.Sprintf("brokers=%v controller=%d", ids, controller), err
	})
	p.Step("describe-log-dirs", func() (string, error) {
		dirs, err := p.admin.DescribeLogDirs([]int32{1})
		parts := []string{}
		for _, dir := range dirs[1] {
			parts = append(parts, fmt.Sprintf("%s measured=%v", named(dir.ErrorCode),
				dir.TotalBytes >= dir.UsableBytes && dir.UsableBytes > 0))
			for _, topic := range dir.Topics {
				if topic.Topic != p.Topic("main") {
					continue
				}
				slices.SortFunc(topic.Partitions, func(a, b sarama.DescribeLogDirsResponsePartition) int {
					return int(a.PartitionID - b.PartitionID)
				})
				for _, one := range topic.Partitions {
					parts = append(parts, fmt.Sprintf("%d: size=%d lag=%d temporary=%v", one.PartitionID, one.Size, one.OffsetLag,
						one.IsTemporary))
				}
			}
		}
		return strings.Join(parts, ", "), err
	})
}

func set(name, value string) map[string]sarama.IncrementalAlterConfigsEntry {
	return map[string]sarama.IncrementalAlterConfigsEntry{
		name: {Operation: sarama.IncrementalAlterConfigsOperationSet, Value: &value}}
}

func (p *program) alter(topic string, change map[string]sarama.IncrementalAlterConfigsEntry) error {
	return p.admin.IncrementalAlterConfig(sarama.TopicResource, p.Topic(topic), change, false)
}

func (p *program) alterBroker(change map[string]sarama.IncrementalAlterConfigsEntry) error {
	return p.admin.IncrementalAlterConfig(sarama.BrokerResource, "1", change, false)
}

func (p *program) topicConfigs(topic string, wanted func(nameAndValue string) bool) (string, error) {
	entries, err := p.admin.DescribeConfig(sarama.ConfigResource{Type: sarama.TopicResource, Name: p.Topic(topic)})
	return render(entries, wanted), err
}

func render(entries []sarama.ConfigEntry, wanted func(nameAndValue string) bool) string {
	parts := []string{}
	for _, one := range entries {
		text := one.Name + "=" + one.Value
		if wanted(text) {
			parts = append(parts, fmt.Sprintf("%s %v read-only=%v sensitive=%v", text, one.Source, one.ReadOnly, one.Sensitive))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

func (p *program) synonyms(topic string) (string, error) {
	resource := &sarama.ConfigResource{Type: sarama.TopicResource, Name: p.Topic(topic)}
	results, err := p.admin.DescribeConfigs([]*sarama.ConfigResource{resource},
		sarama.DescribeConfigsOptions{IncludeSynonyms: true})
	if err != nil {
		return "", err
	}
	parts := []string{}
	for _, one := range results[0].Configs {
		chain := []string{}
		for _, synonym := range one.Synonyms {
			chain = append(chain, fmt.Sprintf("%s=%s %v", synonym.ConfigName, synonym.ConfigValue, synonym.Source))
		}
		parts = append(parts, fmt.Sprintf("%s:%v<%s", one.Name, one.Type, strings.Join(chain, " < ")))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", "), nil
}

// awaitConfigs waits until all these `name=value` hold: a broker learns them a moment after the controller.
func (p *program) awaitConfigs(topic string, wanted ...string) (string, error) {
	found := ""
	err := steps.Await(strings.Join(wanted, ", "), func() (bool, error) {
		var err error
		found, err = p.topicConfigs(topic, func(text string) bool { return slices.Contains(wanted, text) })
		return strings.Count(found, "read-only") == len(wanted), err
	})
	return found, err
}

func (p *program) awaitBrokerConfig(value string) (string, error) {
	found := ""
	err := steps.Await(brokerConfig+"="+value, func() (bool, error) {
		entries, err := p.admin.DescribeConfig(sarama.ConfigResource{Type: sarama.BrokerResource, Name: "1"})
		found = render(entries, func(text string) bool { return text == brokerConfig+"="+value })
		return found != "", err
	})
	return found, err
}
