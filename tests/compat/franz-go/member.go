// Members of groups, and what they are assigned.

package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"klamm.test/compat/steps"
)

// The library commits its member id as the metadata of an offset.
var memberID = regexp.MustCompile(`^[ab]-[0-9a-f-]{36}$`)

// member is one of a group; its name, as the client id, decides its place in the assignor's order.
type member struct {
	client  *kgo.Client
	records []steps.Record
	mutex   sync.Mutex
	owned   []int32
	// Partitions taken away while the member lived.
	revoked int
}

// join makes a member that commits only what it is told to.
func (p *program) join(group, name string, more ...kgo.Opt) (*member, error) {
	return p.member(group, name, append(more, kgo.DisableAutoCommit())...)
}

func (p *program) member(group, name string, more ...kgo.Opt) (*member, error) {
	m := &member{}
	gain := func(_ context.Context, _ *kgo.Client, partitions map[string][]int32) { m.gain(partitions) }
	lose := func(_ context.Context, _ *kgo.Client, partitions map[string][]int32) { m.lose(partitions) }
	options := []kgo.Opt{
		kgo.ConsumerGroup(p.Topic(group)),
		kgo.ConsumeTopics(p.Topic("group")),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.ClientID(name),
		kgo.Balancers(kgo.RangeBalancer()),
		kgo.HeartbeatInterval(100 * time.Millisecond),
		kgo.SessionTimeout(6 * time.Second),
		kgo.OnPartitionsAssigned(gain), kgo.OnPartitionsRevoked(lose), kgo.OnPartitionsLost(lose),
	}
	client, err := p.connect(append(options, more...)...)
	m.client = client
	return m, err
}

// joined runs `body` with a member that leaves at its end, as soon as it owns all three partitions.
func (p *program) joined(group string, body func(*member) (string, error), more ...kgo.Opt) (string, error) {
	m, err := p.join(group, "a", more...)
	if err != nil {
		return "", err
	}
	defer m.client.Close()
	if err := settle([]int{3}, m); err != nil {
		return "", err
	}
	return body(m)
}

func (m *member) gain(partitions map[string][]int32) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	for _, some := range partitions {
		m.owned = append(m.owned, some...)
	}
}

func (m *member) lose(partitions map[string][]int32) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	for _, some := range partitions {
		m.revoked += len(some)
		m.owned = slices.DeleteFunc(m.owned, func(one int32) bool { return slices.Contains(some, one) })
	}
}

func (m *member) assigned() []int32 {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return slices.Sorted(slices.Values(m.owned))
}

// settle polls all members until they own partitions in these numbers.
func settle(sizes []int, members ...*member) error {
	return steps.Await(fmt.Sprintf("assignments have the sizes %v", sizes), func() (bool, error) {
		holds := true
		for i, m := range members {
			m.poll()
			holds = holds && len(m.assigned()) == sizes[i]
		}
		return holds, nil
	})
}

func (m *member) poll() {
	ctx, done := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer done()
	m.client.PollFetches(ctx).EachRecord(func(record *kgo.Record) { m.records = append(m.records, incoming(record)) })
}

func (m *member) take(count int) (string, error) {
	err := steps.Await(fmt.Sprintf("%d records came", count), func() (bool, error) {
		m.poll()
		return len(m.records) >= count, nil
	})
	return steps.ByPartition(m.records), err
}

// committed are the offsets of a group, by partition.
func (p *program) committed(group string) (string, error) {
	ctx, done := within()
	defer done()
	offsets, err := p.admin.FetchOffsets(ctx, p.Topic(group))
	parts := []string{}
	for _, one := range offsets.Sorted() {
		metadata := memberID.ReplaceAllString(one.Metadata, "by a member")
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%d=%d %s", one.Partition, one.At, metadata)))
	}
	return "{" + strings.Join(parts, ", ") + "}", err
}

// describeGroup tells state, assignor and members, without the ids that differ in each run.
func (p *program) describeGroup(group string) (string, error) {
	ctx, done := within()
	defer done()
	groups, err := p.admin.DescribeGroups(ctx, p.Topic(group))
	if err != nil {
		return "", err
	}
	described := groups[p.Topic(group)]
	members := []string{}
	for _, one := range described.Members {
		name := one.ClientID
		if one.InstanceID != nil {
			name += "/" + *one.InstanceID
		}
		partitions := []int32{}
		if assignment, found := one.Assigned.AsConsumer(); found {
			for _, topic := range assignment.Topics {
				partitions = append(partitions, topic.Partitions...)
			}
		}
		members = append(members, fmt.Sprintf("%s@%s=%v", name, one.ClientHost, partitions))
	}
	slices.Sort(members)
	return fmt.Sprintf("%s %s %s coordinator=%d members={%s}", described.State, described.ProtocolType, described.Protocol,
		described.Coordinator.NodeID, strings.Join(members, " ")), described.Err
}
