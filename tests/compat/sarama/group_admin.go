// Groups seen and changed from outside. Uses the topic and the group that `groupSteps` made.

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/IBM/sarama"
)

func groupAdminSteps(p *program) {
	p.Step("group-describe", func() (string, error) {
		return p.joined("readers", func(*member) (string, error) { return p.describeGroup("readers") })
	})
	p.Step("group-describe-empty", func() (string, error) { return p.describeGroup("readers") })
	p.Step("group-describe-unknown", func() (string, error) {
		described, err := p.describeGroup("nobody")
		return p.Code(err) + " " + described, nil
	})
	p.Step("group-list", func() (string, error) { return p.listGroups() })
	p.Step("group-list-empty", func() (string, error) { return p.listGroups("Empty") })
	p.Step("group-list-stable", func() (string, error) { return p.listGroups("Stable") })
	resetSteps(p)
	p.Step("group-delete-active", func() (string, error) {
		return p.joined("readers", func(*member) (string, error) {
			return p.Refused("NON_EMPTY_GROUP", p.admin.DeleteConsumerGroup(p.Topic("readers")))
		})
	})
	p.Step("group-delete", func() (string, error) {
		if err := p.admin.DeleteConsumerGroup(p.Topic("readers")); err != nil {
			return "", err
		}
		described, err := p.describeGroup("readers")
		return "ok, then " + p.Code(err) + " " + described, nil
	})
	p.Refuse("group-delete-unknown", "GROUP_ID_NOT_FOUND", func() error { return p.admin.DeleteConsumerGroup(p.Topic("nobody")) })
}

func resetSteps(p *program) {
	p.Step("group-reset-offsets", func() (string, error) {
		for partition := range int32(3) {
			if err := p.reset("readers", partition, 5, ""); err != nil {
				return "", err
			}
		}
		return p.joined("readers", func(m *member) (string, error) { return m.take(18) })
	})
	p.Step("group-reset-active", func() (string, error) {
		return p.joined("readers", func(*member) (string, error) {
			return p.Refused("UNKNOWN_MEMBER_ID", p.reset("readers", 0, 1, ""))
		})
	})
	p.Step("group-commit-large-metadata", func() (string, error) {
		return p.Refused("OFFSET_METADATA_TOO_LARGE", p.reset("readers", 0, 1, strings.Repeat("m", 4097)))
	})
	p.Step("group-commit-unknown-partition", func() (string, error) {
		return p.Refused("UNKNOWN_TOPIC_OR_PARTITION", p.reset("readers", 9, 1, ""))
	})
	p.Step("group-delete-offsets", func() (string, error) {
		if err := p.admin.DeleteConsumerGroupOffset(p.Topic("readers"), p.Topic("group"), 0); err != nil {
			return "", err
		}
		return p.committed("readers")
	})
	p.Step("group-delete-offsets-active", func() (string, error) {
		return p.joined("readers", func(*member) (string, error) {
			return p.Refused("GROUP_SUBSCRIBED_TO_TOPIC",
				p.admin.DeleteConsumerGroupOffset(p.Topic("readers"), p.Topic("group"), 0))
		})
	})
	p.Step("group-offsets-unknown", func() (string, error) { return p.committed("nobody") })
}

func (p *program) reset(group string, partition int32, offset int64, metadata string) error {
	answer, err := p.admin.AlterConsumerGroupOffsets(p.Topic(group), map[string]map[int32]sarama.OffsetAndMetadata{
		p.Topic("group"): {partition: {Offset: offset, LeaderEpoch: -1, Metadata: metadata}}}, nil)
	if err != nil {
		return err
	}
	return refusal(answer.Errors[p.Topic("group")][partition])
}

func (p *program) listGroups(states ...string) (string, error) {
	answer, err := p.broker.ListGroups(&sarama.ListGroupsRequest{Version: 5, StatesFilter: states})
	if err != nil {
		return "", err
	}
	parts := []string{}
	for name, kind := range answer.Groups {
		if own, found := strings.CutPrefix(name, p.Prefix+"-"); found {
			one := answer.GroupsData[name]
			parts = append(parts, fmt.Sprintf("%s %s %s %s", own, kind, one.GroupType, one.GroupState))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ", "), refusal(answer.Err)
}
