// Reading from every kind of position and with every kind of limit. Reads what `produce-none` stored.

package main

import (
	"fmt"
	"strings"

	"github.com/IBM/sarama"
	"klamm.test/compat/steps"
)

func consumeSteps(p *program) {
	source := p.Topic("codec-none")
	p.Step("consume-earliest", func() (string, error) { return p.standard("codec-none") })
	p.Step("consume-latest", func() (string, error) { return p.consumeLatest("latest") })
	p.Step("consume-offset", func() (string, error) { return p.readFrom(source, 5, 15) })
	p.Step("consume-timestamp", func() (string, error) {
		offset, err := p.client.GetOffset(source, 0, steps.BaseTimestamp+6500)
		if err != nil {
			return "", err
		}
		return p.readFrom(source, offset, 13)
	})
	p.Step("consume-one-byte", func() (string, error) {
		return p.read(source, steps.Count, func(c *sarama.Config) { c.Consumer.Fetch.Default = 1 })
	})
	p.Step("consume-read-committed", func() (string, error) {
		return p.read(source, steps.Count, func(c *sarama.Config) { c.Consumer.IsolationLevel = sarama.ReadCommitted })
	})
	p.Step("consume-out-of-range", func() (string, error) {
		_, err := p.readFrom(source, 9999, 1)
		return p.Refused("OFFSET_OUT_OF_RANGE", err)
	})
	p.Step("consume-unknown-topic", func() (string, error) {
		_, err := p.read(p.Topic("missing"), 1)
		return p.Refused("UNKNOWN_TOPIC_OR_PARTITION", err)
	})
	p.Step("consume-unknown-partition", func() (string, error) {
		_, err := p.readPartition(source, 9, 0, 1)
		return p.Code(err), steps.Expect(err != nil, "a partition that does not exist is refused")
	})
	p.Step("list-offsets", func() (string, error) { return p.listOffsets(source) })
	p.Step("list-offsets-unknown-topic", func() (string, error) {
		_, err := p.client.GetOffset(p.Topic("missing"), 0, sarama.OffsetNewest)
		return p.Refused("UNKNOWN_TOPIC_OR_PARTITION", err)
	})
	deleteRecordsSteps(p)
}

func (p *program) consumeLatest(name string) (string, error) {
	if _, err := p.create(name, 1, keep()); err != nil {
		return "", err
	}
	topic := p.Topic(name)
	if _, err := p.send(topic, steps.Standard(0, 3)); err != nil {
		return "", err
	}
	consumer, err := sarama.NewConsumer([]string{p.Bootstrap}, p.settings())
	if err != nil {
		return "", err
	}
	defer consumer.Close()
	// The position is taken before this returns.
	reader, err := consumer.ConsumePartition(topic, 0, sarama.OffsetNewest)
	if err != nil {
		return "", err
	}
	defer reader.AsyncClose()
	if _, err := p.send(topic, steps.Standard(0, 2)); err != nil {
		return "", err
	}
	read, err := take(reader, 2)
	return steps.Summary(read), err
}

func (p *program) listOffsets(topic string) (string, error) {
	asked := []struct {
		name string
		at   int64
	}{
		{"earliest", sarama.OffsetOldest}, {"latest", sarama.OffsetNewest}, {"exact", steps.BaseTimestamp + 7000},
		{"between", steps.BaseTimestamp + 7001}, {"beyond", steps.BaseTimestamp + 70000},
	}
	parts := []string{}
	for _, one := range asked {
		found, err := p.admin.ListOffsets(map[string]map[int32]int64{topic: {0: one.at}}, nil)
		if err != nil {
			return "", err
		}
		result := found[topic][0]
		code := "NONE"
		if result.Err != nil {
			code = codeOf(result.Err)
		}
		parts = append(parts, fmt.Sprintf("%s=%s %d@%d epoch=%d", one.name, code, result.Offset, result.Timestamp, result.LeaderEpoch))
	}
	return strings.Join(parts, ", "), nil
}

func deleteRecordsSteps(p *program) {
	p.Step("delete-records", func() (string, error) {
		if _, err := p.create("trimmed", 1, keep()); err != nil {
			return "", err
		}
		if _, err := p.send(p.Topic("trimmed"), steps.Standard(0, steps.Count)); err != nil {
			return "", err
		}
		earliest, err := p.deleteRecords("trimmed", 7)
		if err != nil {
			return "", err
		}
		read, err := p.read(p.Topic("trimmed"), 13)
		return earliest + " " + read, err
	})
	p.Step("delete-records-beyond", func() (string, error) {
		_, err := p.deleteRecords("trimmed", 21)
		return p.Refused("OFFSET_OUT_OF_RANGE", err)
	})
	p.Step("delete-records-all", func() (string, error) { return p.deleteRecords("trimmed", -1) })
	p.Step("consume-deleted", func() (string, error) {
		_, err := p.readFrom(p.Topic("trimmed"), 2, 1)
		return p.Refused("OFFSET_OUT_OF_RANGE", err)
	})
}

func (p *program) deleteRecords(topic string, before int64) (string, error) {
	if err := p.admin.DeleteRecords(p.Topic(topic), map[int32]int64{0: before}); err != nil {
		return "", err
	}
	earliest, err := p.client.GetOffset(p.Topic(topic), 0, sarama.OffsetOldest)
	return fmt.Sprintf("earliest=%d", earliest), err
}
