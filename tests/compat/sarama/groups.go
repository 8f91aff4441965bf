// Members that come, share, commit and go.

package main

import (
	"fmt"

	"github.com/IBM/sarama"
	"klamm.test/compat/steps"
)

func groupSteps(p *program) {
	p.Skip("group-commit-removed-member", "the client removes only members that have an instance id")
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
			m.current().Commit()
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
			if _, err := m.take(3); err != nil {
				return "", err
			}
			m.current().ResetOffset(p.Topic("group"), 0, 5, "a note")
			m.current().Commit()
			return p.committed("readers")
		})
	})
	p.Step("group-auto-commit", func() (string, error) {
		m, err := p.join("auto-committed", "a", func(c *sarama.Config) { c.Consumer.Offsets.AutoCommit.Enable = true })
		if err != nil {
			return "", err
		}
		_, err = m.take(33)
		m.close()
		if err != nil {
			return "", err
		}
		return p.committed("auto-committed")
	})
	p.Step("group-rebalance", func() (string, error) { return p.rebalance("rebalanced", sarama.NewBalanceStrategyRange()) })
	p.Step("group-cooperative", func() (string, error) {
		told, err := p.rebalance("cooperative", sarama.NewBalanceStrategyCooperativeSticky())
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

// rebalance lets a second member come and go.
func (p *program) rebalance(group string, strategy sarama.BalanceStrategy) (string, error) {
	chosen := func(c *sarama.Config) {
		c.Consumer.Group.Rebalance.GroupStrategies = []sarama.BalanceStrategy{strategy}
	}
	a, err := p.join(group, "a", chosen)
	if err != nil {
		return "", err
	}
	defer a.close()
	if err := settle([]int{3}, a); err != nil {
		return "", err
	}
	b, err := p.join(group, "b", chosen)
	if err != nil {
		return "", err
	}
	err = settle([]int{2, 1}, a, b)
	both, failed := p.describeGroup(group)
	b.close()
	if err := firstOf(err, failed); err != nil {
		return "", err
	}
	if err := settle([]int{3}, a); err != nil {
		return "", err
	}
	alone, err := p.describeGroup(group)
	return both + ", then " + alone, err
}

func instance(id string) setting {
	return func(c *sarama.Config) { c.Consumer.Group.InstanceId = id }
}

// staticMembers lets one of two go for a while without a rebalance, then for good.
func (p *program) staticMembers(group string) (string, error) {
	b, err := p.join(group, "b", instance("i2"))
	if err != nil {
		return "", err
	}
	defer b.close()
	if err := settle([]int{3}, b); err != nil {
		return "", err
	}
	a, err := p.join(group, "a", instance("i1"))
	if err != nil {
		return "", err
	}
	err = settle([]int{2, 1}, a, b)
	before, failed := p.describeGroup(group)
	sessions := b.sessions
	// A static member does not leave when it closes.
	a.close()
	away, gone := p.describeGroup(group)
	if err := firstOf(err, failed, gone); err != nil {
		return "", err
	}
	a, err = p.join(group, "a", instance("i1"))
	if err != nil {
		return "", err
	}
	err = settle([]int{2, 1}, a, b)
	text := fmt.Sprintf("%s, away: %s, rebalances of the other: %d", before, away, b.sessions-sessions)
	// Removed while it ran, it would join again at once.
	a.close()
	if err != nil {
		return "", err
	}
	answer, err := p.admin.RemoveMemberFromConsumerGroup(p.Topic(group), []string{"i1"})
	if err != nil {
		return "", err
	}
	if err := settle([]int{3}, b); err != nil {
		return "", err
	}
	alone, err := p.describeGroup(group)
	return fmt.Sprintf("%s, removed %s %s: %s", text, named(answer.Err), named(answer.Members[0].Err), alone), err
}

// fencedTwin lets a second member take over the instance id of the first.
func (p *program) fencedTwin(group string) (string, error) {
	a, err := p.join(group, "a", instance("i3"))
	if err != nil {
		return "", err
	}
	defer a.close()
	if err := settle([]int{3}, a); err != nil {
		return "", err
	}
	twin, err := p.join(group, "twin", instance("i3"))
	if err != nil {
		return "", err
	}
	defer twin.close()
	if err := settle([]int{3}, twin); err != nil {
		return "", err
	}
	err = steps.Await("the first is fenced", func() (bool, error) { return a.failure() != nil, nil })
	if err != nil {
		return "", err
	}
	return p.Refused("FENCED_INSTANCE_ID", a.failure())
}
