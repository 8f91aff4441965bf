// Group requests that no consumer sends: members that are unknown, stale or of another instance.

package main

import (
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

func rawGroupSteps(p *program) {
	p.Step("stale-member", func() (string, error) {
		return p.joined("stale", func(m *member) (string, error) {
			id, generation := m.client.GroupMetadata()
			cases := []struct {
				name       string
				member     string
				generation int32
				instance   *string
			}{
				{"right", id, generation, nil},
				{"older generation", id, generation - 1, nil},
				{"newer generation", id, generation + 1, nil},
				{"unknown member", "nobody", generation, nil},
				{"no member", "", generation, nil},
				{"unknown instance", id, generation, new("i9")},
			}
			parts := []string{}
			for _, one := range cases {
				beat, err := p.heartbeatRaw("stale", one.member, one.generation, one.instance)
				if err != nil {
					return "", err
				}
				commit, err := p.commitRaw("stale", one.member, one.generation, one.instance)
				if err != nil {
					return "", err
				}
				sync, err := p.syncRaw("stale", one.member, one.generation, one.instance)
				if err != nil {
					return "", err
				}
				parts = append(parts, fmt.Sprintf("%s: heartbeat %s commit %s sync %s", one.name, beat, commit, sync))
			}
			return strings.Join(parts, ", "), nil
		})
	})
	joins := []struct {
		name    string
		group   string
		session int32
		kind    string
		member  string
	}{
		{"wire-group-join-empty-group", "", 6000, "consumer", ""}, {"wire-group-join-short-session", "joins", 1, "consumer", ""},
		{"wire-group-join-long-session", "joins", 1 << 30, "consumer", ""}, {"wire-group-join-unknown-member", "joins", 6000, "consumer", "nobody"},
		{"wire-group-join-without-type", "joins", 6000, "", ""},
	}
	for _, one := range joins {
		p.Step(one.name, func() (string, error) {
			group := one.group
			if group != "" {
				group = p.Topic(group)
			}
			return p.joinRaw(group, one.session, one.kind, one.member, nil)
		})
	}
	p.Step("wire-group-join-other-type", func() (string, error) {
		return p.joined("typed", func(*member) (string, error) {
			return p.joinRaw(p.Topic("typed"), 6000, "connect", "", nil)
		})
	})
	p.Step("wire-group-join-other-protocol", func() (string, error) {
		return p.joined("spoken", func(*member) (string, error) {
			return p.joinRaw(p.Topic("spoken"), 6000, "consumer", "", new("i5"))
		})
	})
	p.Step("wire-group-leave-unknown", func() (string, error) { return p.leave("nobody", "nobody", nil) })
	p.Step("wire-group-leave-unknown-instance", func() (string, error) { return p.leave("static", "", new("i9")) })
	p.Step("wire-group-commit-simple", func() (string, error) { return p.commitRaw("simple", "", -1, nil) })
	p.Step("wire-group-commit-unknown", func() (string, error) { return p.commitRaw("nobody", "someone", 4, nil) })
	p.Step("wire-group-heartbeat-unknown", func() (string, error) { return p.heartbeatRaw("nobody", "someone", 4, nil) })
}

func (p *program) joinRaw(group string, session int32, kind, member string, instance *string) (string, error) {
	ctx, done := within()
	defer done()
	request := kmsg.NewPtrJoinGroupRequest()
	request.Group, request.SessionTimeoutMillis, request.RebalanceTimeoutMillis = group, session, 5000
	request.ProtocolType, request.MemberID, request.InstanceID = kind, member, instance
	protocol := kmsg.NewJoinGroupRequestProtocol()
	protocol.Name, protocol.Metadata = "of-its-own", []byte("any")
	request.Protocols = append(request.Protocols, protocol)
	answer, err := request.RequestWith(ctx, p.broker)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s generation=%d given an id=%v", coded(answer.ErrorCode), answer.Generation,
		answer.MemberID != "" && answer.MemberID != member), nil
}

func (p *program) heartbeatRaw(group, member string, generation int32, instance *string) (string, error) {
	ctx, done := within()
	defer done()
	request := kmsg.NewPtrHeartbeatRequest()
	request.Group, request.MemberID, request.Generation, request.InstanceID = p.Topic(group), member, generation, instance
	answer, err := request.RequestWith(ctx, p.broker)
	if err != nil {
		return "", err
	}
	return coded(answer.ErrorCode), nil
}

func (p *program) syncRaw(group, member string, generation int32, instance *string) (string, error) {
	ctx, done := within()
	defer done()
	request := kmsg.NewPtrSyncGroupRequest()
	request.Group, request.MemberID, request.Generation, request.InstanceID = p.Topic(group), member, generation, instance
	request.ProtocolType, request.Protocol = new("consumer"), new("range")
	answer, err := request.RequestWith(ctx, p.broker)
	if err != nil {
		return "", err
	}
	return coded(answer.ErrorCode), nil
}

func (p *program) commitRaw(group, member string, generation int32, instance *string) (string, error) {
	id, err := p.topicID("group")
	if err != nil {
		return "", err
	}
	ctx, done := within()
	defer done()
	request := kmsg.NewPtrOffsetCommitRequest()
	request.Group, request.MemberID, request.Generation, request.InstanceID = p.Topic(group), member, generation, instance
	part := kmsg.NewOffsetCommitRequestTopicPartition()
	part.Offset = 2
	topic := kmsg.NewOffsetCommitRequestTopic()
	topic.Topic, topic.TopicID = p.Topic("group"), id
	topic.Partitions = append(topic.Partitions, part)
	request.Topics = append(request.Topics, topic)
	answer, err := request.RequestWith(ctx, p.broker)
	if err != nil {
		return "", err
	}
	return coded(answer.Topics[0].Partitions[0].ErrorCode), nil
}

// leave takes one member out, by its id or its instance id: the code of the request and of the member.
func (p *program) leave(group, member string, instance *string) (string, error) {
	ctx, done := within()
	defer done()
	request := kmsg.NewPtrLeaveGroupRequest()
	request.Group = p.Topic(group)
	one := kmsg.NewLeaveGroupRequestMember()
	one.MemberID, one.InstanceID = member, instance
	request.Members = append(request.Members, one)
	answer, err := request.RequestWith(ctx, p.broker)
	if err != nil {
		return "", err
	}
	text := coded(answer.ErrorCode)
	for _, one := range answer.Members {
		text += " " + coded(one.ErrorCode)
	}
	return text, nil
}
