// Members that come, share, commit and go.

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"klamm.test/compat/steps"
)

func groupSteps(p *program) {
	commitSteps(p)
	p.Step("group-rebalance", func() (string, error) { return p.rebalance("rebalanced", kgo.RangeBalancer()) })
	p.Step("group-cooperative", func() (string, error) {
		told, err := p.rebalance("cooperative", kgo.CooperativeStickyBalancer())
		return steps.Sizes(told), err
	})
	p.Step("group-static", func() (string, error) { return p.staticMembers("static") })
	p.Step("group-static-fenced", func() (string, error) { return p.fencedTwin("fenced") })
}

func (p *program) sendToEach(count int) error {
	for partition := range int32(3) {
		if _, err := p.send(p.Topic("group"), steps.Standard(partition, count)); err != nil {
			return err
		}
	}
	return nil
}

func commitSteps(p *program) {
	p.Step("group-consume", func() (string, error) {
		if _, err := p.create("group", 3, keep()); err != nil {
			return "", err
		}
		if err := p.sendToEach(10); err != nil {
			return "", err
		}
		return p.joined("readers", func(m *member) (string, error) {
			read, err := m.take(30)
			if err != nil {
				return "", err
			}
			if err := m.client.CommitUncommittedOffsets(context.Background()); err != nil {
				return "", err
			}
			committed, err := p.committed("readers")
			return read + " committed=" + committed, err
		})
	})
	p.Step("group-resume", func() (string, error) {
		if err := p.sendToEach(1); err != nil {
			return "", err
		}
		return p.joined("readers", func(m *member) (string, error) { return m.take(3) })
	})
	p.Step("group-commit-metadata", func() (string, error) {
		return p.joined("readers", func(m *member) (string, error) {
			noted := kgo.PreCommitFnContext(context.Background(), func(request *kmsg.OffsetCommitRequest) error {
				for _, topic := range request.Topics {
					for i := range topic.Partitions {
						topic.Partitions[i].Metadata = new("a note")
					}
				}
				return nil
			})
			record := &kgo.Record{Topic: p.Topic("group"), Partition: 0, Offset: 4}
			if err := m.client.CommitRecords(noted, record); err != nil {
				return "", err
			}
			return p.committed("readers")
		})
	})
	p.Step("group-commit-records", func() (string, error) {
		return p.joined("readers", func(m *member) (string, error) {
			if _, err := m.take(3); err != nil {
				return "", err
			}
			record := &kgo.Record{Topic: p.Topic("group"), Partition: 1, Offset: 3}
			if err := m.client.CommitRecords(context.Background(), record); err != nil {
				return "", err
			}
			return p.committed("readers")
		})
	})
	p.Step("group-auto-commit", func() (string, error) {
		m, err := p.member("auto-committed", "a", kgo.AutoCommitInterval(time.Second))
		if err != nil {
			return "", err
		}
		_, err = m.take(33)
		m.client.Close()
		if err != nil {
			return "", err
		}
		return p.committed("auto-committed")
	})
	p.Step("group-commit-removed-member", func() (string, error) {
		return p.joined("removed", func(m *member) (string, error) {
			if _, err := m.take(33); err != nil {
				return "", err
			}
			id, generation := m.client.GroupMetadata()
			if answer, err := p.leave("removed", id, nil); err != nil || answer != "NONE NONE" {
				return "", fmt.Errorf("%s %v", answer, err)
			}
			return p.commitRaw("removed", id, generation, nil)
		}, kgo.HeartbeatInterval(3e9))
	})
}

// rebalance lets a second member come and go.
func (p *program) rebalance(group string, balancer kgo.GroupBalancer) (string, error) {
	a, err := p.join(group, "a", kgo.Balancers(balancer))
	if err != nil {
		return "", err
	}
	defer a.client.Close()
	if err := settle([]int{3}, a); err != nil {
		return "", err
	}
	b, err := p.join(group, "b", kgo.Balancers(balancer))
	if err != nil {
		return "", err
	}
	err = settle([]int{2, 1}, a, b)
	both, failed := p.describeGroup(group)
	b.client.Close()
	if err := firstOf(err, failed); err != nil {
		return "", err
	}
	if err := settle([]int{3}, a); err != nil {
		return "", err
	}
	alone, err := p.describeGroup(group)
	return both + ", then " + alone, err
}

// staticMembers lets one of two go for a while without a rebalance, then for good.
func (p *program) staticMembers(group string) (string, error) {
	b, err := p.join(group, "b", kgo.InstanceID("i2"))
	if err != nil {
		return "", err
	}
	defer b.client.Close()
	a, err := p.join(group, "a", kgo.InstanceID("i1"))
	if err != nil {
		return "", err
	}
	if err := settle([]int{2, 1}, a, b); err != nil {
		a.client.Close()
		return "", err
	}
	before, err := p.describeGroup(group)
	// A static member does not leave when it closes.
	a.client.Close()
	away, failed := p.describeGroup(group)
	if err := firstOf(err, failed); err != nil {
		return "", err
	}
	revoked := b.revoked
	a, err = p.join(group, "a", kgo.InstanceID("i1"))
	if err != nil {
		return "", err
	}
	err = settle([]int{2, 1}, a, b)
	back, failed := p.describeGroup(group)
	text := fmt.Sprintf("%s, away: %s, back: %s, revoked=%d", before, away, back, b.revoked-revoked)
	// Removed while it ran, it would join again at once.
	a.client.Close()
	if err := firstOf(err, failed); err != nil {
		return "", err
	}
	left, err := p.leave(group, "", new("i1"))
	if err != nil {
		return "", err
	}
	if err := settle([]int{3}, b); err != nil {
		return "", err
	}
	alone, err := p.describeGroup(group)
	return text + ", removed " + left + ": " + alone, err
}

// fencedTwin lets a second member take over the instance id of the first.
func (p *program) fencedTwin(group string) (string, error) {
	a, err := p.join(group, "a", kgo.InstanceID("i3"))
	if err != nil {
		return "", err
	}
	defer a.client.Close()
	if err := settle([]int{3}, a); err != nil {
		return "", err
	}
	id, generation := a.client.GroupMetadata()
	twin, err := p.join(group, "twin", kgo.InstanceID("i3"))
	if err != nil {
		return "", err
	}
	defer twin.client.Close()
	if err := settle([]int{3}, twin); err != nil {
		return "", err
	}
	beat, err := p.heartbeatRaw(group, id, generation, new("i3"))
	if err != nil {
		return "", err
	}
	commit, err := p.commitRaw(group, id, generation, new("i3"))
	return "heartbeat " + beat + ", commit " + commit, err
}
