// Group requests that no consumer sends: members that are unknown, stale or of another instance.

package main

import (
	"fmt"
	"strings"

	"github.com/IBM/sarama"
)

func rawGroupSteps(p *program) {
	p.Step("stale-member", func() (string, error) {
		return p.joined("stale", func(m *member) (string, error) {
			id, generation := m.current().MemberID(), m.current().GenerationID()
			cases := []struct {
				name       string
				member     string
				generation int32
				instance   *string
			}{
				{"right", id, generation, nil}, {"older generation", id, generation - 1, nil},
				{"newer generation", id, generation + 1, nil}, {"unknown member", "nobody", generation, nil},
				{"unknown instance", id, generation, new("i9")},
			}
			parts := []string{}
			for _, one := range cases {
				beat, err := p.broker.Heartbeat(&sarama.HeartbeatRequest{Version: 3, GroupId: p.Topic("stale"),
					GenerationId: one.generation, MemberId: one.member, GroupInstanceId: one.instance})
				if err != nil {
					return "", err
				}
				request := &sarama.OffsetCommitRequest{Version: 7, ConsumerGroup: p.Topic("stale"),
					ConsumerGroupGeneration: one.generation, ConsumerID: one.member, GroupInstanceId: one.instance}
				request.AddBlock(p.Topic("group"), 0, 2, 0, "")
				commit, err := p.broker.CommitOffset(request)
				if err != nil {
					return "", err
				}
				parts = append(parts, fmt.Sprintf("%s: heartbeat %s commit %s", one.name, named(beat.Err),
					named(commit.Errors[p.Topic("group")][0])))
			}
			return strings.Join(parts, ", "), nil
		})
	})
	p.Step("wire-group-join-short-session", func() (string, error) { return p.joinRaw("joins", 1, "") })
	p.Step("wire-group-join-unknown-member", func() (string, error) { return p.joinRaw("joins", 6000, "nobody") })
	p.Step("wire-group-join-without-id", func() (string, error) { return p.joinRaw("joins", 6000, "") })
	p.Step("wire-group-leave-unknown", func() (string, error) {
		answer, err := p.broker.LeaveGroup(&sarama.LeaveGroupRequest{Version: 3, GroupId: p.Topic("nobody"),
			Members: []sarama.MemberIdentity{{MemberId: "nobody"}}})
		if err != nil {
			return "", err
		}
		return named(answer.Err) + " " + named(answer.Members[0].Err), nil
	})
}

func (p *program) joinRaw(group string, session int32, member string) (string, error) {
	request := &sarama.JoinGroupRequest{Version: 5, GroupId: p.Topic(group), SessionTimeout: session, RebalanceTimeout: 5000,
		MemberId: member, ProtocolType: "consumer"}
	request.AddGroupProtocol("of-its-own", []byte("any"))
	answer, err := p.broker.JoinGroup(request)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s generation=%d given an id=%v", named(answer.Err), answer.GenerationId,
		answer.MemberId != "" && answer.MemberId != member), nil
}
