// Configs read and changed.

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
	"klamm.test/compat/steps"
)

// A broker config that no other family changes while this one runs.
const brokerConfig = "num.recovery.threads.per.data.dir"

func configSteps(p *program) {
	p.Step("describe-topic-configs", func() (string, error) { return p.topicConfigs("main") })
	p.Step("describe-config-synonyms", func() (string, error) { return p.synonyms("main") })
	p.Step("describe-configs-unknown-topic", func() (string, error) {
		_, err := p.topicConfigs("missing")
		return p.Refused("UNKNOWN_TOPIC_OR_PARTITION", err)
	})
	p.Step("alter-configs-incremental", func() (string, error) {
		for _, change := range []kadm.AlterConfig{
			{Op: kadm.SetConfig, Name: "retention.ms", Value: new("7200000")},
			{Op: kadm.AppendConfig, Name: "cleanup.policy", Value: new("compact")},
		} {
			if err := p.alter("main", change); err != nil {
				return "", err
			}
		}
		set, err := p.awaitConfigs("main", "cleanup.policy=delete,compact", "retention.ms=7200000")
		if err != nil {
			return "", err
		}
		for _, change := range []kadm.AlterConfig{
			{Op: kadm.SubtractConfig, Name: "cleanup.policy", Value: new("compact")},
			{Op: kadm.DeleteConfig, Name: "retention.ms"},
		} {
			if err := p.alter("main", change); err != nil {
				return "", err
			}
		}
		back, err := p.awaitConfigs("main", "cleanup.policy=delete", "retention.ms=604800000")
		return set + ", then " + back, err
	})
	p.Step("alter-configs-legacy", func() (string, error) {
		ctx, done := within()
		defer done()
		answers, err := p.admin.AlterTopicConfigsState(ctx, []kadm.AlterConfig{
			{Name: "retention.bytes", Value: new("1048576")}, {Name: "retention.ms", Value: new("-1")}}, p.Topic("main"))
		if err != nil {
			return "", err
		}
		if answers[0].Err != nil {
			return "", answers[0].Err
		}
		return p.awaitConfigs("main", "retention.bytes=1048576", "retention.ms=-1", "segment.bytes=1073741824")
	})
	p.Step("alter-configs-validate-only", func() (string, error) {
		ctx, done := within()
		defer done()
		answers, err := p.admin.ValidateAlterTopicConfigs(ctx,
			[]kadm.AlterConfig{{Op: kadm.SetConfig, Name: "retention.ms", Value: new("5")}}, p.Topic("main"))
		if err != nil {
			return "", err
		}
		after, err := p.awaitConfigs("main", "retention.ms=-1")
		return p.Code(answers[0].Err) + ", then " + after, err
	})
	alterRefusals(p)
	p.Step("alter-broker-configs", func() (string, error) {
		if err := p.alterBroker(kadm.SetConfig, brokerConfig, new("3")); err != nil {
			return "", err
		}
		set, err := p.awaitBrokerConfig(brokerConfig, "3")
		if err != nil {
			return "", err
		}
		if err := p.alterBroker(kadm.DeleteConfig, brokerConfig, nil); err != nil {
			return "", err
		}
		back, err := p.awaitBrokerConfig(brokerConfig, "2")
		return set + ", then " + back, err
	})
	p.Refuse("alter-broker-configs-read-only", "INVALID_REQUEST",
		func() error { return p.alterBroker(kadm.SetConfig, "node.id", new("7")) })
	p.Step("list-config-resources", func() (string, error) {
		ctx, done := within()
		defer done()
		resources, err := p.admin.ListConfigResources(ctx, kadm.ConfigResourceTopic)
		names := []string{}
		for _, one := range resources.Resources {
			if own, found := strings.CutPrefix(one.Name, p.Prefix+"-"); found {
				names = append(names, fmt.Sprintf("%v %s", one.Type, own))
			}
		}
		slices.Sort(names)
		return strings.Join(names, ", "), err
	})
}

func alterRefusals(p *program) {
	set := func(topic, name string, value *string) func() error {
		return func() error { return p.alter(topic, kadm.AlterConfig{Op: kadm.SetConfig, Name: name, Value: value}) }
	}
	p.Refuse("alter-configs-bad-value", "INVALID_CONFIG", set("main", "max.message.bytes", new("-5")))
	p.Refuse("alter-configs-unknown-key", "INVALID_CONFIG", set("main", "no.such.config", new("1")))
	p.Refuse("alter-configs-null-value", "INVALID_REQUEST", set("main", "retention.ms", nil))
	p.Refuse("alter-configs-unknown-topic", "UNKNOWN_TOPIC_OR_PARTITION", set("missing", "retention.ms", new("1")))
	p.Refuse("alter-configs-append-to-no-list", "INVALID_CONFIG", func() error {
		return p.alter("main", kadm.AlterConfig{Op: kadm.AppendConfig, Name: "retention.ms", Value: new("1")})
	})
	p.Refuse("alter-configs-twice", "INVALID_REQUEST", func() error {
		one := kadm.AlterConfig{Op: kadm.SetConfig, Name: "retention.ms", Value: new("1000")}
		return p.alter("main", one, one)
	})
	p.Step("wire-configs-unknown-type", func() (string, error) {
		ctx, done := within()
		defer done()
		request := kmsg.NewPtrIncrementalAlterConfigsRequest()
		resource := kmsg.NewIncrementalAlterConfigsRequestResource()
		resource.ResourceType, resource.ResourceName = 3, "x"
		request.Resources = append(request.Resources, resource)
		answer, err := request.RequestWith(ctx, p.broker)
		if err != nil {
			return "", err
		}
		return coded(answer.Resources[0].ErrorCode), nil
	})
}

func (p *program) alter(topic string, changes ...kadm.AlterConfig) error {
	ctx, done := within()
	defer done()
	answers, err := p.admin.AlterTopicConfigs(ctx, changes, p.Topic(topic))
	if err != nil {
		return err
	}
	return answers[0].Err
}

func (p *program) alterBroker(op kadm.IncrementalOp, name string, value *string) error {
	ctx, done := within()
	defer done()
	answers, err := p.admin.AlterBrokerConfigs(ctx, []kadm.AlterConfig{{Op: op, Name: name, Value: value}}, 1)
	if err != nil {
		return err
	}
	return answers[0].Err
}

func (p *program) entries(topic string) ([]kadm.Config, error) {
	ctx, done := within()
	defer done()
	resources, err := p.admin.DescribeTopicConfigs(ctx, p.Topic(topic))
	if err != nil {
		return nil, err
	}
	configs := resources[0].Configs
	slices.SortFunc(configs, func(a, b kadm.Config) int { return strings.Compare(a.Key, b.Key) })
	return configs, resources[0].Err
}

func (p *program) topicConfigs(topic string) (string, error) {
	configs, err := p.entries(topic)
	parts := []string{}
	for _, one := range configs {
		parts = append(parts, shown(one))
	}
	return strings.Join(parts, ", "), err
}

func (p *program) synonyms(topic string) (string, error) {
	configs, err := p.entries(topic)
	parts := []string{}
	for _, one := range configs {
		chain := []string{}
		for _, synonym := range one.Synonyms {
			value := "null"
			if synonym.Value != nil {
				value = *synonym.Value
			}
			chain = append(chain, fmt.Sprintf("%s=%s %v", synonym.Key, value, synonym.Source))
		}
		parts = append(parts, one.Key+"<"+strings.Join(chain, " < "))
	}
	return strings.Join(parts, ", "), err
}

func shown(config kadm.Config) string {
	text := fmt.Sprintf("%s=%s %v", config.Key, config.MaybeValue(), config.Source)
	if config.Sensitive {
		text += " sensitive"
	}
	return text
}

// awaitConfigs waits until all these `name=value` hold: a broker learns them a moment after the controller.
func (p *program) awaitConfigs(topic string, wanted ...string) (string, error) {
	found := []string{}
	err := steps.Await(strings.Join(wanted, ", "), func() (bool, error) {
		configs, err := p.entries(topic)
		found = found[:0]
		for _, one := range configs {
			if slices.Contains(wanted, one.Key+"="+one.MaybeValue()) {
				found = append(found, shown(one))
			}
		}
		return len(found) == len(wanted), err
	})
	return strings.Join(found, ", "), err
}

func (p *program) awaitBrokerConfig(name, value string) (string, error) {
	found := ""
	err := steps.Await(name+"="+value, func() (bool, error) {
		ctx, done := within()
		defer done()
		resources, err := p.admin.DescribeBrokerConfigs(ctx, 1)
		if err != nil {
			return false, err
		}
		for _, one := range resources[0].Configs {
			if one.Key == name && one.MaybeValue() == value {
				found = shown(one)
				return true, nil
			}
		}
		return false, resources[0].Err
	})
	return found, err
}

// What the cluster says of itself.
func clusterSteps(p *program) {
	p.Step("describe-cluster", func() (string, error) {
		ctx, done := within()
		defer done()
		metadata, err := p.admin.BrokerMetadata(ctx)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("brokers=%v controller=%d cluster-id=%s", metadata.Brokers.NodeIDs(), metadata.Controller,
			metadata.Cluster), nil
	})
	p.Step("describe-quorum", func() (string, error) {
		ctx, done := within()
		defer done()
		request := kmsg.NewPtrDescribeQuorumRequest()
		topic := kmsg.NewDescribeQuorumRequestTopic()
		topic.Topic = "__cluster_metadata"
		topic.Partitions = append(topic.Partitions, kmsg.NewDescribeQuorumRequestTopicPartition())
		request.Topics = append(request.Topics, topic)
		answer, err := request.RequestWith(ctx, p.broker)
		if err != nil {
			return "", err
		}
		quorum := answer.Topics[0].Partitions[0]
		return fmt.Sprintf("%s %s leader=%d epoch>0=%v voters=%d observers=%d nodes=%d", coded(answer.ErrorCode),
			coded(quorum.ErrorCode), quorum.LeaderID, quorum.LeaderEpoch > 0, len(quorum.CurrentVoters),
			len(quorum.Observers), len(answer.Nodes)), nil
	})
	p.Step("describe-log-dirs", func() (string, error) {
		ctx, done := within()
		defer done()
		topics := kadm.TopicsSet{}
		topics.Add(p.Topic("main"), 0, 1, 2)
		dirs, err := p.admin.DescribeBrokerLogDirs(ctx, 1, topics)
		if err != nil {
			return "", err
		}
		parts := []string{}
		for _, dir := range dirs.Sorted() {
			measured := dir.TotalBytes >= dir.UsableBytes && dir.UsableBytes > 0
			parts = append(parts, fmt.Sprintf("%s measured=%v cordoned=%v", p.Code(dir.Err), measured, dir.IsCordoned))
			for _, partition := range dir.Topics.Sorted() {
				parts = append(parts, fmt.Sprintf("%d: size=%d lag=%d future=%v", partition.Partition, partition.Size,
					partition.OffsetLag, partition.IsFuture))
			}
		}
		return strings.Join(parts, ", "), nil
	})
	p.Step("update-features-unknown", func() (string, error) {
		ctx, done := within()
		defer done()
		request := kmsg.NewPtrUpdateFeaturesRequest()
		feature := kmsg.NewUpdateFeaturesRequestFeatureUpdate()
		feature.Feature, feature.MaxVersionLevel, feature.UpgradeType = "no.such.feature", 1, 1
		request.FeatureUpdates = append(request.FeatureUpdates, feature)
		answer, err := request.RequestWith(ctx, p.broker)
		if err != nil {
			return "", err
		}
		return p.Refused("INVALID_UPDATE_VERSION", kerr.ErrorForCode(answer.ErrorCode))
	})
}
