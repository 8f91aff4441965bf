// Records of every codec, size and acknowledgement, and those a client can be refused with.

package main

import (
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"klamm.test/compat/steps"
)

const (
	// The broker's default limit of one batch.
	batchMax = 1048588
	// Beside its value a batch has a header (61) and one record without key and headers (11).
	largestValue = batchMax - 72
)

func produceSteps(p *program) {
	codecs := []struct {
		name  string
		codec kgo.CompressionCodec
	}{
		{"none", kgo.NoCompression()}, {"gzip", kgo.GzipCompression()}, {"snappy", kgo.SnappyCompression()},
		{"lz4", kgo.Lz4Compression()}, {"zstd", kgo.ZstdCompression()},
	}
	for _, one := range codecs {
		topic := "codec-" + one.name
		p.Step("produce-"+one.name, func() (string, error) {
			if _, err := p.create(topic, 1, keep()); err != nil {
				return "", err
			}
			sent, err := p.send(p.Topic(topic), steps.Standard(0, steps.Count), kgo.ProducerBatchCompression(one.codec))
			if err != nil {
				return "", err
			}
			return steps.Equal("20 records 0..19", sent)
		})
		p.Step("consume-"+one.name, func() (string, error) { return p.standard(topic) })
	}
	acknowledgements(p)
	sizes(p)
	produceRefusals(p)
	variants(p)
	transactional(p)
}

func (p *program) standard(topic string) (string, error) {
	read, err := p.read(p.Topic(topic), steps.Count)
	if err != nil {
		return "", err
	}
	return steps.Equal(steps.StandardSummary(steps.Count), read)
}

func acknowledgements(p *program) {
	all := []struct {
		name string
		acks kgo.Acks
	}{{"0", kgo.NoAck()}, {"1", kgo.LeaderAck()}, {"all", kgo.AllISRAcks()}}
	for i, one := range all {
		p.Step("produce-acks-"+one.name, func() (string, error) {
			if i == 0 {
				if _, err := p.create("acks", 1, keep()); err != nil {
					return "", err
				}
			}
			records := []steps.Record{{Timestamp: steps.BaseTimestamp, Value: []byte("acks " + one.name)}}
			if _, err := p.send(p.Topic("acks"), records, kgo.DisableIdempotentWrite(), kgo.RequiredAcks(one.acks)); err != nil {
				return "", err
			}
			return p.read(p.Topic("acks"), i+1)
		})
	}
}

func sizes(p *program) {
	large := []kgo.Opt{kgo.ProducerBatchMaxBytes(4 << 20), kgo.BrokerMaxWriteBytes(8 << 20),
		kgo.ProducerBatchCompression(kgo.NoCompression())}
	value := make([]byte, largestValue+1)
	for i := range value {
		value[i] = byte('a' + i%26)
	}
	p.Step("produce-largest", func() (string, error) {
		if _, err := p.create("large", 1, keep()); err != nil {
			return "", err
		}
		record := steps.Record{Timestamp: steps.BaseTimestamp, Value: value[:largestValue]}
		if _, err := p.send(p.Topic("large"), []steps.Record{record}, large...); err != nil {
			return "", err
		}
		return p.read(p.Topic("large"), 1)
	})
	p.Refuse("produce-too-large", "MESSAGE_TOO_LARGE", func() error {
		_, err := p.send(p.Topic("large"), []steps.Record{{Timestamp: steps.BaseTimestamp, Value: value}}, large...)
		return err
	})
	p.Step("produce-topic-limit", func() (string, error) {
		if _, err := p.create("narrow", 1, keep("max.message.bytes", "200")); err != nil {
			return "", err
		}
		_, err := p.send(p.Topic("narrow"), []steps.Record{{Value: value[:200]}}, large...)
		code, err := p.Refused("MESSAGE_TOO_LARGE", err)
		if err != nil {
			return "", err
		}
		sent, err := p.send(p.Topic("narrow"), []steps.Record{{Value: value[:100]}}, large...)
		return code + ", smaller: " + sent, err
	})
}

func produceRefusals(p *program) {
	one := []steps.Record{{Value: []byte("x")}}
	p.Step("produce-bad-partition", func() (string, error) {
		_, err := p.send(p.Topic("acks"), []steps.Record{{Partition: 99, Value: []byte("x")}})
		return p.Code(err), steps.Expect(err != nil, "a partition that does not exist is refused")
	})
	p.Refuse("produce-unknown-topic", "UNKNOWN_TOPIC_OR_PARTITION", func() error {
		_, err := p.send(p.Topic("missing"), one)
		return err
	})
	p.Refuse("produce-invalid-topic", "INVALID_TOPIC_EXCEPTION", func() error {
		_, err := p.send(p.Topic("bad/name"), one)
		return err
	})
	p.Step("produce-compacted-null-key", func() (string, error) {
		if _, err := p.create("compacted", 1, keep("cleanup.policy", "compact")); err != nil {
			return "", err
		}
		_, err := p.send(p.Topic("compacted"), one)
		return p.Refused("INVALID_RECORD", err)
	})
	p.Step("produce-timestamp-too-old", func() (string, error) {
		if _, err := p.create("bounded", 1, keep("message.timestamp.before.max.ms", "1000")); err != nil {
			return "", err
		}
		_, err := p.send(p.Topic("bounded"), steps.Standard(0, 1))
		return p.Refused("INVALID_TIMESTAMP", err)
	})
}

func variants(p *program) {
	p.Step("produce-keys", func() (string, error) {
		if _, err := p.create("keys", 3, keep()); err != nil {
			return "", err
		}
		records := []steps.Record{}
		for i := range 30 {
			records = append(records, steps.Record{
				Timestamp: steps.BaseTimestamp, Key: fmt.Appendf(nil, "key-%d", i), Value: fmt.Appendf(nil, "value-%d", i)})
		}
		if _, err := p.send(p.Topic("keys"), records, kgo.RecordPartitioner(kgo.StickyKeyPartitioner(nil))); err != nil {
			return "", err
		}
		return p.connected(func(client *kgo.Client) (string, error) {
			read, err := take(client, 30)
			return steps.ByPartition(read), err
		}, kgo.ConsumeTopics(p.Topic("keys")), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	})
	p.Step("produce-log-append-time", func() (string, error) {
		if _, err := p.create("appended", 1, keep("message.timestamp.type", "LogAppendTime")); err != nil {
			return "", err
		}
		before := time.Now().UnixMilli()
		if _, err := p.send(p.Topic("appended"), steps.Standard(0, 3), kgo.ProducerBatchCompression(kgo.Lz4Compression())); err != nil {
			return "", err
		}
		return p.connected(func(client *kgo.Client) (string, error) {
			read, err := take(client, 3)
			for _, record := range read {
				if record.Timestamp < before {
					return "", fmt.Errorf("a record of %d is older than its append after %d", record.Timestamp, before)
				}
			}
			return fmt.Sprintf("%d records of the broker's time", len(read)), err
		}, from(p.Topic("appended"), kgo.NewOffset().AtStart()))
	})
	p.Step("produce-idempotent", func() (string, error) {
		if _, err := p.create("idempotent", 1, keep()); err != nil {
			return "", err
		}
		if _, err := p.send(p.Topic("idempotent"), steps.Standard(0, steps.Count), kgo.ProducerBatchMaxBytes(512),
			kgo.ProducerBatchCompression(kgo.NoCompression())); err != nil {
			return "", err
		}
		read, err := p.standard("idempotent")
		if err != nil {
			return "", err
		}
		state, err := p.producers("idempotent")
		return read + " " + state, err
	})
	p.Step("produce-recompressed", func() (string, error) {
		if _, err := p.create("recompressed", 1, keep("compression.type", "zstd")); err != nil {
			return "", err
		}
		if _, err := p.send(p.Topic("recompressed"), steps.Standard(0, steps.Count),
			kgo.ProducerBatchCompression(kgo.GzipCompression())); err != nil {
			return "", err
		}
		return p.standard("recompressed")
	})
}

// transact commits one record in a transaction of its own.
func (p *program) transact(topic string) (string, error) {
	return p.connected(func(client *kgo.Client) (string, error) {
		ctx, done := within()
		defer done()
		if err := client.BeginTransaction(); err != nil {
			return "", err
		}
		record := &kgo.Record{Topic: topic, Timestamp: time.UnixMilli(steps.BaseTimestamp), Value: []byte("in a transaction")}
		sent := client.ProduceSync(ctx, record)
		if err := sent.FirstErr(); err != nil {
			return "", err
		}
		return "committed", client.EndTransaction(ctx, kgo.TryCommit)
	}, kgo.TransactionalID(p.Topic("transaction")), kgo.ProducerLinger(0))
}

func transactional(p *program) {
	p.Step("produce-transactional", func() (string, error) {
		if _, err := p.create("transactional", 1, keep()); err != nil {
			return "", err
		}
		told, err := p.transact(p.Topic("transactional"))
		if err != nil {
			return "refused: " + p.Code(err), nil
		}
		return p.connected(func(client *kgo.Client) (string, error) {
			read, err := take(client, 1)
			return told + ": " + steps.ByPartition(read), err
		}, from(p.Topic("transactional"), kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	})
}

// producers tells what the broker knows of those who wrote to partition 0.
func (p *program) producers(topic string) (string, error) {
	ctx, done := within()
	defer done()
	partitions := kadm.TopicsSet{}
	partitions.Add(p.Topic(topic), 0)
	described, err := p.admin.DescribeProducers(ctx, partitions)
	if err != nil {
		return "", err
	}
	text := "producers:"
	for _, one := range described.SortedProducers() {
		text += fmt.Sprintf(" epoch=%d sequence=%d transaction=%d", one.ProducerEpoch, one.LastSequence, one.CurrentTxnStartOffset)
	}
	return text, nil
}
