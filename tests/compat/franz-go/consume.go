// Reading from every kind of position and with every kind of limit. Reads what `produce-none` stored.

package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"klamm.test/compat/steps"
)

func consumeSteps(p *program) {
	source := p.Topic("codec-none")
	p.Step("consume-earliest", func() (string, error) { return p.standard("codec-none") })
	p.Step("consume-latest", func() (string, error) { return p.consumeLatest("latest") })
	p.Step("consume-offset", func() (string, error) { return p.readFrom(source, kgo.NewOffset().At(5), 15) })
	p.Step("consume-relative", func() (string, error) { return p.readFrom(source, kgo.NewOffset().AtEnd().Relative(-4), 4) })
	p.Step("consume-timestamp", func() (string, error) {
		return p.readFrom(source, kgo.NewOffset().AfterMilli(steps.BaseTimestamp+6500), 13)
	})
	p.Step("consume-one-byte", func() (string, error) {
		return p.read(source, steps.Count, kgo.FetchMaxPartitionBytes(1), kgo.FetchMaxBytes(1))
	})
	p.Step("consume-min-bytes", func() (string, error) {
		start := time.Now()
		read, err := p.read(source, steps.Count, kgo.FetchMinBytes(1<<20), kgo.FetchMaxWait(300*time.Millisecond))
		if err != nil {
			return "", err
		}
		return read, steps.Expect(time.Since(start) >= 290*time.Millisecond, "the broker waits for more bytes")
	})
	p.Step("consume-read-committed", func() (string, error) {
		return p.read(source, steps.Count, kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	})
	p.Step("consume-without-session", func() (string, error) {
		return p.read(source, steps.Count, kgo.DisableFetchSessions())
	})
	p.Step("consume-out-of-range", func() (string, error) {
		_, err := p.readFrom(source, kgo.NewOffset().At(9999), 1, kgo.ConsumeResetOffset(kgo.NoResetOffset()))
		return p.Refused("OFFSET_OUT_OF_RANGE", err)
	})
	p.Step("consume-out-of-range-reset", func() (string, error) {
		return p.readFrom(source, kgo.NewOffset().At(9999), steps.Count, kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	})
	p.Step("consume-unknown-topic", func() (string, error) {
		_, err := p.read(p.Topic("missing"), 1, kgo.KeepRetryableFetchErrors())
		return p.Refused("UNKNOWN_TOPIC_OR_PARTITION", err)
	})
	p.Step("consume-growing", func() (string, error) { return p.consumeGrowing("growing") })
	rawFetchSteps(p)
}

func (p *program) consumeLatest(name string) (string, error) {
	if _, err := p.create(name, 1, keep()); err != nil {
		return "", err
	}
	topic := p.Topic(name)
	if _, err := p.send(topic, steps.Standard(0, 3)); err != nil {
		return "", err
	}
	return p.connected(func(client *kgo.Client) (string, error) {
		// The first answer, though empty, shows that the position is taken.
		ctx, done := context.WithTimeout(context.Background(), 2*time.Second)
		defer done()
		early := client.PollFetches(ctx)
		if early.NumRecords() > 0 {
			return "", fmt.Errorf("%d records that were there before", early.NumRecords())
		}
		if _, err := p.send(topic, steps.Standard(0, 2)); err != nil {
			return "", err
		}
		read, err := take(client, 2)
		return steps.Summary(read), err
	}, from(topic, kgo.NewOffset().At(3)))
}

// consumeGrowing reads one batch after the other as they come.
func (p *program) consumeGrowing(name string) (string, error) {
	if _, err := p.create(name, 1, keep()); err != nil {
		return "", err
	}
	topic := p.Topic(name)
	return p.connected(func(client *kgo.Client) (string, error) {
		parts := []string{}
		for i := range 3 {
			if _, err := p.send(topic, steps.Standard(0, i+1)); err != nil {
				return "", err
			}
			read, err := take(client, i+1)
			if err != nil {
				return "", err
			}
			parts = append(parts, steps.Summary(read))
		}
		return strings.Join(parts, ", "), nil
	}, from(topic, kgo.NewOffset().AtStart()))
}

func rawFetchSteps(p *program) {
	fetches := []struct {
		name      string
		partition int32
		offset    int64
		epoch     int32
	}{
		{"wire-fetch-at-end", 0, 20, -1}, {"wire-fetch-beyond-end", 0, 21, -1}, {"wire-fetch-negative", 0, -7, -1},
		{"wire-fetch-unknown-partition", 9, 0, -1}, {"wire-fetch-old-epoch", 0, 0, -2}, {"wire-fetch-new-epoch", 0, 0, 77},
	}
	for _, one := range fetches {
		p.Step(one.name, func() (string, error) {
			topic, err := p.topicID("codec-none")
			if err != nil {
				return "", err
			}
			return p.fetchRaw(topic, one.partition, one.offset, one.epoch)
		})
	}
	p.Step("wire-fetch-unknown-topic-id", func() (string, error) { return p.fetchRaw([16]byte{15: 9}, 0, 0, -1) })
	p.Step("wire-fetch-unknown-session", func() (string, error) {
		ctx, done := within()
		defer done()
		request := kmsg.NewPtrFetchRequest()
		request.SessionID, request.SessionEpoch = 777, 3
		answer, err := request.RequestWith(ctx, p.broker)
		if err != nil {
			return "", err
		}
		return coded(answer.ErrorCode), nil
	})
}

func (p *program) fetchRaw(topic [16]byte, partition int32, offset int64, epoch int32) (string, error) {
	ctx, done := within()
	defer done()
	request := kmsg.NewPtrFetchRequest()
	request.MaxWaitMillis, request.MinBytes, request.MaxBytes = 10, 1, 1<<20
	request.SessionEpoch = -1
	part := kmsg.NewFetchRequestTopicPartition()
	part.Partition, part.FetchOffset, part.PartitionMaxBytes, part.CurrentLeaderEpoch = partition, offset, 1<<20, epoch
	named := kmsg.NewFetchRequestTopic()
	named.TopicID = topic
	named.Partitions = append(named.Partitions, part)
	request.Topics = append(request.Topics, named)
	answer, err := request.RequestWith(ctx, p.broker)
	if err != nil {
		return "", err
	}
	got := answer.Topics[0].Partitions[0]
	return fmt.Sprintf("%s %s high=%d stable=%d start=%d bytes=%d", coded(answer.ErrorCode), coded(got.ErrorCode),
		got.HighWatermark, got.LastStableOffset, got.LogStartOffset, len(got.RecordBatches)), nil
}

// Offsets found and records deleted.
func offsetSteps(p *program) {
	source := p.Topic("codec-none")
	p.Step("list-offsets", func() (string, error) {
		ctx, done := within()
		defer done()
		asked := []struct {
			name string
			call func() (kadm.ListedOffsets, error)
		}{
			{"earliest", func() (kadm.ListedOffsets, error) { return p.admin.ListStartOffsets(ctx, source) }},
			{"latest", func() (kadm.ListedOffsets, error) { return p.admin.ListEndOffsets(ctx, source) }},
			{"committed", func() (kadm.ListedOffsets, error) { return p.admin.ListCommittedOffsets(ctx, source) }},
			{"max-timestamp", func() (kadm.ListedOffsets, error) { return p.admin.ListMaxTimestampOffsets(ctx, source) }},
			{"local", func() (kadm.ListedOffsets, error) { return p.admin.ListLocalLogStartOffsets(ctx, source) }},
			{"remote", func() (kadm.ListedOffsets, error) { return p.admin.ListLatestRemoteOffsets(ctx, source) }},
		}
		parts := []string{}
		for _, one := range asked {
			found, err := one.call()
			at, _ := found.Lookup(source, 0)
			parts = append(parts, fmt.Sprintf("%s=%s %d@%d epoch=%d", one.name, p.Code(firstOf(err, at.Err)), at.Offset,
				at.Timestamp, at.LeaderEpoch))
		}
		for _, timestamp := range []int64{7000, 7001, 70000} {
			found, err := p.admin.ListOffsetsAfterMilli(ctx, steps.BaseTimestamp+timestamp, source)
			at, _ := found.Lookup(source, 0)
			parts = append(parts, fmt.Sprintf("+%d=%s %d", timestamp, p.Code(firstOf(err, at.Err)), at.Offset))
		}
		return strings.Join(parts, ", "), nil
	})
	p.Step("list-offsets-unknown-topic", func() (string, error) {
		ctx, done := within()
		defer done()
		found, err := p.admin.ListEndOffsets(ctx, p.Topic("missing"))
		return p.Refused("UNKNOWN_TOPIC_OR_PARTITION", firstOf(err, found.Error()))
	})
	p.Step("wire-fetch-end-of-epoch", func() (string, error) {
		ctx, done := within()
		defer done()
		parts := []string{}
		for _, epoch := range []int32{0, 1, 5} {
			request := kmsg.NewPtrOffsetForLeaderEpochRequest()
			request.ReplicaID = -1
			part := kmsg.NewOffsetForLeaderEpochRequestTopicPartition()
			part.CurrentLeaderEpoch, part.LeaderEpoch = -1, epoch
			topic := kmsg.NewOffsetForLeaderEpochRequestTopic()
			topic.Topic = source
			topic.Partitions = append(topic.Partitions, part)
			request.Topics = append(request.Topics, topic)
			answer, err := request.RequestWith(ctx, p.broker)
			if err != nil {
				return "", err
			}
			got := answer.Topics[0].Partitions[0]
			parts = append(parts, fmt.Sprintf("%d: %s epoch=%d end=%d", epoch, coded(got.ErrorCode), got.LeaderEpoch, got.EndOffset))
		}
		return strings.Join(parts, ", "), nil
	})
	deleteRecordsSteps(p)
}

func deleteRecordsSteps(p *program) {
	p.Step("delete-records", func() (string, error) {
		if _, err := p.create("trimmed", 1, keep()); err != nil {
			return "", err
		}
		if _, err := p.send(p.Topic("trimmed"), steps.Standard(0, steps.Count)); err != nil {
			return "", err
		}
		deleted, err := p.deleteRecords("trimmed", 7)
		if err != nil {
			return "", err
		}
		read, err := p.read(p.Topic("trimmed"), 13)
		return deleted + " " + read, err
	})
	p.Step("delete-records-again", func() (string, error) { return p.deleteRecords("trimmed", 3) })
	p.Step("delete-records-beyond", func() (string, error) {
		_, err := p.deleteRecords("trimmed", 21)
		return p.Refused("OFFSET_OUT_OF_RANGE", err)
	})
	p.Step("delete-records-all", func() (string, error) { return p.deleteRecords("trimmed", -1) })
	p.Step("consume-deleted", func() (string, error) {
		_, err := p.readFrom(p.Topic("trimmed"), kgo.NewOffset().At(2), 1, kgo.ConsumeResetOffset(kgo.NoResetOffset()))
		return p.Refused("OFFSET_OUT_OF_RANGE", err)
	})
}

func (p *program) deleteRecords(topic string, before int64) (string, error) {
	ctx, done := within()
	defer done()
	offsets := kadm.Offsets{}
	offsets.AddOffset(p.Topic(topic), 0, before, -1)
	answers, err := p.admin.DeleteRecords(ctx, offsets)
	if err = firstOf(err, answers.Error()); err != nil {
		return "", err
	}
	low, _ := answers.Lookup(p.Topic(topic), 0)
	starts, err := p.admin.ListStartOffsets(ctx, p.Topic(topic))
	start, _ := starts.Lookup(p.Topic(topic), 0)
	return fmt.Sprintf("low=%d earliest=%d", low.LowWatermark, start.Offset), err
}

func firstOf(errors ...error) error {
	for _, err := range errors {
		if err != nil {
			return err
		}
	}
	return nil
}
