// Members of groups, and what they are assigned.

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/IBM/sarama"
	"klamm.test/compat/steps"
)

// member is one of a group; its name, as the client id, decides its place in the assignor's order.
type member struct {
	group   sarama.ConsumerGroup
	end     context.CancelFunc
	ended   sync.WaitGroup
	mutex   sync.Mutex
	session sarama.ConsumerGroupSession
	// Partitions whose claims run.
	owned   int
	records []steps.Record
	// Sessions that ended while the member lived: rebalances it took part in.
	sessions int
	failed   error
}

func (p *program) join(group, name string, more ...setting) (*member, error) {
	naming := func(c *sarama.Config) { c.ClientID = name }
	joined, err := sarama.NewConsumerGroup([]string{p.Bootstrap}, p.Topic(group), p.settings(append(more, naming)...))
	if err != nil {
		return nil, err
	}
	ctx, end := context.WithCancel(context.Background())
	m := &member{group: joined, end: end}
	m.ended.Go(func() {
		for ctx.Err() == nil {
			if err := joined.Consume(ctx, []string{p.Topic("group")}, m); err != nil {
				m.fail(err)
				if errors.Is(err, sarama.ErrFencedInstancedId) {
					return
				}
			}
		}
	})
	m.ended.Go(func() {
		for err := range joined.Errors() {
			m.fail(err)
		}
	})
	return m, nil
}

// joined runs `body` with a member that leaves at its end, as soon as it owns all three partitions.
func (p *program) joined(group string, body func(*member) (string, error), more ...setting) (string, error) {
	m, err := p.join(group, "a", more...)
	if err != nil {
		return "", err
	}
	defer m.close()
	if err := settle([]int{3}, m); err != nil {
		return "", err
	}
	return body(m)
}

func (m *member) close() {
	m.end()
	if err := m.group.Close(); err != nil {
		m.fail(err)
	}
	m.ended.Wait()
}

func (m *member) fail(err error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.failed = err
}

func (m *member) failure() error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.failed
}

// Setup, Cleanup and ConsumeClaim are the library's calls of a session.
func (m *member) Setup(session sarama.ConsumerGroupSession) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.session = session
	return nil
}

func (m *member) Cleanup(sarama.ConsumerGroupSession) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.session = nil
	m.sessions++
	return nil
}

func (m *member) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	m.count(1)
	defer m.count(-1)
	for {
		select {
		case message, open := <-claim.Messages():
			if !open {
				return nil
			}
			m.mutex.Lock()
			m.records = append(m.records, incoming(message))
			m.mutex.Unlock()
			session.MarkMessage(message, "read")
		case <-session.Context().Done():
			return nil
		}
	}
}

func (m *member) count(claims int) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.owned += claims
}

func (m *member) assigned() int {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.owned
}

func (m *member) current() sarama.ConsumerGroupSession {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.session
}

// settle waits until all members own partitions in these numbers.
func settle(sizes []int, members ...*member) error {
	return steps.Await(fmt.Sprintf("assignments have the sizes %v", sizes), func() (bool, error) {
		for i, m := range members {
			if m.assigned() != sizes[i] {
				return false, nil
			}
		}
		return true, nil
	})
}

func (m *member) take(count int) (string, error) {
	text := ""
	err := steps.Await(fmt.Sprintf("%d records came", count), func() (bool, error) {
		m.mutex.Lock()
		defer m.mutex.Unlock()
		text = steps.ByPartition(m.records)
		return len(m.records) >= count, nil
	})
	return text, err
}

// committed are the offsets of a group, by partition.
func (p *program) committed(group string) (string, error) {
	answer, err := p.admin.ListConsumerGroupOffsets(p.Topic(group), map[string][]int32{p.Topic("group"): {0, 1, 2}})
	if err != nil {
		return "", err
	}
	parts := []string{}
	for partition := range int32(3) {
		block := answer.GetBlock(p.Topic("group"), partition)
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%d=%d %s", partition, block.Offset, block.Metadata)))
	}
	return "{" + strings.Join(parts, ", ") + "}", refusal(answer.Err)
}

// describeGroup tells state, assignor and members, without the ids that differ in each run.
func (p *program) describeGroup(group string) (string, error) {
	described, err := p.admin.DescribeConsumerGroups([]string{p.Topic(group)})
	if err != nil {
		return "", err
	}
	one := described[0]
	members := []string{}
	for _, each := range one.Members {
		name := each.ClientId
		if each.GroupInstanceId != nil {
			name += "/" + *each.GroupInstanceId
		}
		assignment, err := each.GetMemberAssignment()
		if err != nil {
			return "", err
		}
		partitions := []int32{}
		if assignment != nil {
			partitions = append(partitions, assignment.Topics[p.Topic("group")]...)
		}
		slices.Sort(partitions)
		members = append(members, fmt.Sprintf("%s@%s=%v", name, each.ClientHost, partitions))
	}
	slices.Sort(members)
	return fmt.Sprintf("%s %s %s members={%s}", one.State, one.ProtocolType, one.Protocol, strings.Join(members, " ")),
		refusal(one.Err)
}
