// Records of every codec, size and acknowledgement, and those a broker refuses.

package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/IBM/sarama"
	"klamm.test/compat/steps"
)

const (
	// The broker's default limit of one batch.
	batchMax = 1048588
	// Beside its value a batch has a header (61) and one record without key and headers (11).
	largestValue = batchMax - 72
)

func produceSteps(p *program) {
	codecs := []sarama.CompressionCodec{sarama.CompressionNone, sarama.CompressionGZIP, sarama.CompressionSnappy,
		sarama.CompressionLZ4, sarama.CompressionZSTD}
	for _, codec := range codecs {
		topic := "codec-" + codec.String()
		p.Step("produce-"+codec.String(), func() (string, error) {
			if _, err := p.create(topic, 1, keep()); err != nil {
				return "", err
			}
			sent, err := p.send(p.Topic(topic), steps.Standard(0, steps.Count), func(c *sarama.Config) {
				c.Producer.Compression = codec
				c.Producer.Flush.Messages = steps.Count
			})
			if err != nil {
				return "", err
			}
			return steps.Equal("20 records 0..19", sent)
		})
		p.Step("consume-"+codec.String(), func() (string, error) { return p.standard(topic) })
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
		acks sarama.RequiredAcks
	}{{"0", sarama.NoResponse}, {"1", sarama.WaitForLocal}, {"all", sarama.WaitForAll}}
	for i, one := range all {
		p.Step("produce-acks-"+one.name, func() (string, error) {
			if i == 0 {
				if _, err := p.create("acks", 1, keep()); err != nil {
					return "", err
				}
			}
			records := []steps.Record{{Timestamp: steps.BaseTimestamp, Value: []byte("acks " + one.name)}}
			_, err := p.send(p.Topic("acks"), records, func(c *sarama.Config) { c.Producer.RequiredAcks = one.acks })
			if err != nil {
				return "", err
			}
			return p.read(p.Topic("acks"), i+1)
		})
	}
}

func sizes(p *program) {
	large := func(c *sarama.Config) { c.Producer.MaxMessageBytes = 4 << 20 }
	value := []byte(strings.Repeat("abcdefghij", largestValue/10+1))
	p.Step("produce-largest", func() (string, error) {
		if _, err := p.create("large", 1, keep()); err != nil {
			return "", err
		}
		one := []steps.Record{{Timestamp: steps.BaseTimestamp, Value: value[:largestValue]}}
		if _, err := p.send(p.Topic("large"), one, large); err != nil {
			return "", err
		}
		return p.read(p.Topic("large"), 1)
	})
	p.Refuse("produce-too-large", "MESSAGE_TOO_LARGE", func() error {
		_, err := p.send(p.Topic("large"), []steps.Record{{Timestamp: steps.BaseTimestamp, Value: value[:largestValue+1]}}, large)
		return err
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
		// The library's default is its own hash; this one is the Java client's.
		_, err := p.send(p.Topic("keys"), records, func(c *sarama.Config) { c.Producer.Partitioner = sarama.NewHashPartitioner })
		if err != nil {
			return "", err
		}
		return p.counts("keys", 3, 30)
	})
	p.Step("produce-log-append-time", func() (string, error) {
		if _, err := p.create("appended", 1, keep("message.timestamp.type", "LogAppendTime")); err != nil {
			return "", err
		}
		before := time.Now().UnixMilli()
		_, err := p.send(p.Topic("appended"), steps.Standard(0, 3), func(c *sarama.Config) { c.Producer.Compression = sarama.CompressionLZ4 })
		if err != nil {
			return "", err
		}
		read, err := p.readPartition(p.Topic("appended"), 0, 0, 3)
		for _, one := range read {
			if one.Timestamp < before {
				return "", fmt.Errorf("a record of %d is older than its append after %d", one.Timestamp, before)
			}
		}
		return fmt.Sprintf("%d records of the broker's time", len(read)), err
	})
	p.Step("produce-idempotent", func() (string, error) {
		if _, err := p.create("idempotent", 1, keep()); err != nil {
			return "", err
		}
		_, err := p.send(p.Topic("idempotent"), steps.Standard(0, steps.Count), func(c *sarama.Config) {
			c.Producer.Idempotent = true
			c.Producer.RequiredAcks = sarama.WaitForAll
			c.Net.MaxOpenRequests = 1
			c.Producer.Flush.MaxMessages = 3
		})
		if err != nil {
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
		_, err := p.send(p.Topic("recompressed"), steps.Standard(0, steps.Count),
			func(c *sarama.Config) { c.Producer.Compression = sarama.CompressionGZIP })
		if err != nil {
			return "", err
		}
		return p.standard("recompressed")
	})
}

// transact commits one record in a transaction of its own.
func (p *program) transact(topic string) error {
	producer, err := sarama.NewSyncProducer([]string{p.Bootstrap}, p.settings(func(c *sarama.Config) {
		c.Producer.Idempotent = true
		c.Producer.RequiredAcks = sarama.WaitForAll
		c.Net.MaxOpenRequests = 1
		c.Producer.Transaction.ID = p.Topic("transaction")
		c.Producer.Transaction.Retry.Max = 100
		// A broker's first transaction makes the topic of transactions.
		c.Metadata.Retry.Max = 100
	}))
	if err != nil {
		return err
	}
	defer func() { _ = producer.Close() }()
	if err := producer.BeginTxn(); err != nil {
		return err
	}
	if _, _, err := producer.SendMessage(outgoing(topic, steps.Standard(0, 1)[0])); err != nil {
		return err
	}
	return producer.CommitTxn()
}

func transactional(p *program) {
	p.Step("produce-transactional", func() (string, error) {
		if _, err := p.create("transactional", 1, keep()); err != nil {
			return "", err
		}
		if err := p.transact(p.Topic("transactional")); err != nil {
			return "refused: " + p.Code(err), nil
		}
		read, err := p.readPartition(p.Topic("transactional"), 0, 0, 1)
		return "committed: " + steps.ByPartition(read), err
	})
}

// counts tells what each partition holds once there are `count` records in all.
func (p *program) counts(topic string, partitions int32, count int) (string, error) {
	ends := make([]int64, partitions)
	err := steps.Await(fmt.Sprintf("%d records are there", count), func() (bool, error) {
		sum := int64(0)
		for partition := range partitions {
			end, err := p.client.GetOffset(p.Topic(topic), partition, sarama.OffsetNewest)
			if err != nil {
				return false, err
			}
			ends[partition] = end
			sum += end
		}
		return sum == int64(count), nil
	})
	if err != nil {
		return "", err
	}
	records := []steps.Record{}
	for partition, end := range ends {
		read, err := p.readPartition(p.Topic(topic), int32(partition), 0, int(end))
		if err != nil {
			return "", err
		}
		records = append(records, read...)
	}
	return steps.ByPartition(records), nil
}

// producers tells what the broker knows of those who wrote to partition 0.
func (p *program) producers(topic string) (string, error) {
	answer, err := p.broker.DescribeProducers(&sarama.DescribeProducersRequest{
		Topics: []sarama.DescribeProducersRequestTopic{{Name: p.Topic(topic), PartitionIndexes: []int32{0}}}})
	if err != nil {
		return "", err
	}
	text := "producers:"
	partition := answer.Topics[0].Partitions[0]
	for _, one := range partition.ActiveProducers {
		text += fmt.Sprintf(" epoch=%d sequence=%d", one.ProducerEpoch, one.LastSequence)
	}
	return text, refusal(partition.ErrorCode)
}
