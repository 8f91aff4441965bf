// Groups seen and changed from outside. Uses the topic and the group that `groupSteps` made.

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"klamm.test/compat/steps"
)

func groupAdminSteps(p *program) {
	p.Step("group-describe", func() (string, error) {
		return p.joined("readers", func(*member) (string, error) { return p.describeGroup("readers") })
	})
	p.Step("group-describe-empty", func() (string, error) { return p.describeGroup("readers") })
	p.Step("group-describe-unknown", func() (string, error) {
		_, err := p.describeGroup("nobody")
		return p.Refused("GROUP_ID_NOT_FOUND", err)
	})
	p.Step("group-list", func() (string, error) { return p.listGroups() })
	p.Step("group-list-empty", func() (string, error) { return p.listGroups("Empty") })
	p.Step("group-list-stable", func() (string, error) { return p.listGroups("Stable") })
	p.Step("group-lag", func() (string, error) {
		ctx, done := within()
		defer done()
		lags, err := p.admin.Lag(ctx, p.Topic("readers"))
		parts := []string{}
		for _, one := range lags[p.Topic("readers")].Lag.Sorted() {
			parts = append(parts, fmt.Sprintf("%d=%d-%d", one.Partition, one.End.Offset, one.Commit.At))
		}
		return strings.Join(parts, ", "), err
	})
	p.Step("group-coordinators", func() (string, error) {
		ctx, done := within()
		defer done()
		found := p.admin.FindGroupCoordinators(ctx, p.Topic("readers"), p.Topic("nobody"))
		parts := []string{}
		for _, one := range found.Sorted() {
			parts = append(parts, fmt.Sprintf("%s %d %s", one.Name, one.NodeID, p.Code(one.Err)))
		}
		return strings.Join(parts, ", "), nil
	})
	resetSteps(p)
	groupDeletion(p)
}

func resetSteps(p *program) {
	p.Step("group-reset-offsets", func() (string, error) {
		if err := p.reset("readers", 5, "a note"); err != nil {
			return "", err
		}
		committed, err := p.committed("readers")
		if err != nil {
			return "", err
		}
		return p.joined("readers", func(m *member) (string, error) {
			read, err := m.take(13)
			return committed + " " + read, err
		})
	})
	p.Step("group-reset-active", func() (string, error) {
		return p.joined("readers", func(*member) (string, error) {
			return p.Refused("UNKNOWN_MEMBER_ID", p.reset("readers", 1, ""))
		})
	})
	p.Step("group-commit-large-metadata", func() (string, error) {
		return p.Refused("OFFSET_METADATA_TOO_LARGE", p.reset("readers", 1, strings.Repeat("m", 4097)))
	})
	p.Step("group-commit-unknown-topic", func() (string, error) {
		return p.Refused("UNKNOWN_TOPIC_OR_PARTITION", p.resetTopic("readers", "missing", 0, 1, ""))
	})
	p.Step("group-commit-unknown-partition", func() (string, error) {
		return p.Refused("UNKNOWN_TOPIC_OR_PARTITION", p.resetTopic("readers", "group", 9, 1, ""))
	})
	p.Step("group-delete-offsets", func() (string, error) {
		if err := p.deleteOffsets("readers"); err != nil {
			return "", err
		}
		return p.committed("readers")
	})
	p.Step("group-delete-offsets-active", func() (string, error) {
		return p.joined("readers", func(*member) (string, error) {
			return p.Refused("GROUP_SUBSCRIBED_TO_TOPIC", p.deleteOffsets("readers"))
		})
	})
	p.Step("group-delete-offsets-unknown", func() (string, error) {
		return p.Refused("GROUP_ID_NOT_FOUND", p.deleteOffsets("nobody"))
	})
	p.Step("group-offsets-unknown", func() (string, error) { return p.committed("nobody") })
}

func groupDeletion(p *program) {
	p.Step("group-delete-active", func() (string, error) {
		return p.joined("readers", func(*member) (string, error) {
			return p.Refused("NON_EMPTY_GROUP", p.deleteGroup("readers"))
		})
	})
	p.Step("group-delete", func() (string, error) {
		if err := p.deleteGroup("readers"); err != nil {
			return "", err
		}
		_, err := p.describeGroup("readers")
		code, err := p.Refused("GROUP_ID_NOT_FOUND", err)
		return "ok, then " + code, err
	})
	p.Refuse("group-delete-unknown", "GROUP_ID_NOT_FOUND", func() error { return p.deleteGroup("nobody") })
	p.Step("group-topic-deleted", func() (string, error) {
		// Offsets go with their topic.
		if _, err := p.create("passing", 1, nil); err != nil {
			return "", err
		}
		if err := p.resetTopic("passengers", "passing", 0, 4, ""); err != nil {
			return "", err
		}
		before, err := p.committed("passengers")
		if err != nil {
			return "", err
		}
		if err := p.deleteTopic("passing"); err != nil {
			return "", err
		}
		err = steps.Await("the offsets are gone", func() (bool, error) {
			now, err := p.committed("passengers")
			return now != before, err
		})
		if err != nil {
			return "", err
		}
		after, err := p.committed("passengers")
		return before + ", then " + after, err
	})
}

func (p *program) listGroups(states ...string) (string, error) {
	ctx, done := within()
	defer done()
	listed, err := p.admin.ListGroups(ctx, states...)
	parts := []string{}
	for _, one := range listed.Sorted() {
		if own, found := strings.CutPrefix(one.Group, p.Prefix+"-"); found {
			parts = append(parts, fmt.Sprintf("%s %s %s %s", own, one.ProtocolType, one.GroupType, one.State))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ", "), err
}

func (p *program) reset(group string, offset int64, metadata string) error {
	return p.resetTopic(group, "group", 0, offset, metadata)
}

func (p *program) resetTopic(group, topic string, partition int32, offset int64, metadata string) error {
	ctx, done := within()
	defer done()
	offsets := kadm.Offsets{}
	offsets.Add(kadm.Offset{Topic: p.Topic(topic), Partition: partition, At: offset, LeaderEpoch: -1, Metadata: metadata})
	return p.admin.CommitAllOffsets(ctx, p.Topic(group), offsets)
}

func (p *program) deleteOffsets(group string) error {
	ctx, done := within()
	defer done()
	partitions := kadm.TopicsSet{}
	partitions.Add(p.Topic("group"), 0)
	answers, err := p.admin.DeleteOffsets(ctx, p.Topic(group), partitions)
	return firstOf(err, answers.Error())
}

func (p *program) deleteGroup(group string) error {
	ctx, done := within()
	defer done()
	_, err := p.admin.DeleteGroup(ctx, p.Topic(group))
	return err
}
