// The library's clients with the settings of the suite, and what all steps share.

package main

import (
	"fmt"
	"time"

	"github.com/IBM/sarama"
	"klamm.test/compat/steps"
)

// program is what all steps share: short waits, nothing hidden by long retries.
type program struct {
	*steps.Steps
	client sarama.Client
	admin  sarama.ClusterAdmin
	broker *sarama.Broker
}

func newProgram(s *steps.Steps) *program {
	p := &program{Steps: s}
	client, err := sarama.NewClient([]string{s.Bootstrap}, p.settings())
	if err != nil {
		panic(err)
	}
	admin, err := sarama.NewClusterAdminFromClient(client)
	if err != nil {
		panic(err)
	}
	broker, err := client.Controller()
	if err != nil {
		panic(err)
	}
	p.client, p.admin, p.broker = client, admin, broker
	return p
}

type setting func(*sarama.Config)

func (p *program) settings(more ...setting) *sarama.Config {
	config := sarama.NewConfig()
	config.Version = sarama.MaxVersion
	config.ClientID = "a"
	config.Metadata.AllowAutoTopicCreation = false
	config.Metadata.Retry.Max = 1
	config.Metadata.Retry.Backoff = 50 * time.Millisecond
	config.Admin.Retry.Max = 1
	config.Producer.Return.Successes = true
	config.Producer.Retry.Max = 1
	config.Producer.Partitioner = sarama.NewManualPartitioner
	config.Consumer.MaxWaitTime = 100 * time.Millisecond
	config.Consumer.Return.Errors = true
	config.Consumer.Retry.Backoff = 100 * time.Millisecond
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	config.Consumer.Offsets.AutoCommit.Enable = false
	config.Consumer.Group.Session.Timeout = 6 * time.Second
	config.Consumer.Group.Heartbeat.Interval = 100 * time.Millisecond
	config.Consumer.Group.Rebalance.Retry.Backoff = 100 * time.Millisecond
	config.Consumer.Group.Rebalance.GroupStrategies = []sarama.BalanceStrategy{sarama.NewBalanceStrategyRange()}
	for _, one := range more {
		one(config)
	}
	return config
}

// send stores all records of a topic in their order and says which offsets they got.
func (p *program) send(topic string, records []steps.Record, more ...setting) (string, error) {
	producer, err := sarama.NewSyncProducer([]string{p.Bootstrap}, p.settings(more...))
	if err != nil {
		return "", err
	}
	messages := make([]*sarama.ProducerMessage, len(records))
	for i, record := range records {
		messages[i] = outgoing(topic, record)
	}
	err = producer.SendMessages(messages)
	if closed := producer.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d records %d..%d", len(messages), messages[0].Offset, messages[len(messages)-1].Offset), nil
}

func outgoing(topic string, record steps.Record) *sarama.ProducerMessage {
	message := &sarama.ProducerMessage{Topic: topic, Partition: record.Partition}
	if record.Timestamp != 0 {
		message.Timestamp = time.UnixMilli(record.Timestamp)
	}
	if record.Key != nil {
		message.Key = sarama.ByteEncoder(record.Key)
	}
	if record.Value != nil {
		message.Value = sarama.ByteEncoder(record.Value)
	}
	for _, header := range record.Headers {
		message.Headers = append(message.Headers, sarama.RecordHeader{Key: []byte(header.Key), Value: header.Value})
	}
	return message
}

func incoming(message *sarama.ConsumerMessage) steps.Record {
	record := steps.Record{
		Partition: message.Partition,
		Offset:    message.Offset,
		Timestamp: message.Timestamp.UnixMilli(),
		Key:       message.Key,
		Value:     message.Value,
	}
	for _, header := range message.Headers {
		record.Headers = append(record.Headers, steps.Header{Key: string(header.Key), Value: header.Value})
	}
	return record
}

// readPartition takes `count` records of one partition from an offset on, without a group.
func (p *program) readPartition(topic string, partition int32, offset int64, count int, more ...setting) ([]steps.Record, error) {
	consumer, err := sarama.NewConsumer([]string{p.Bootstrap}, p.settings(more...))
	if err != nil {
		return nil, err
	}
	defer consumer.Close()
	reader, err := consumer.ConsumePartition(topic, partition, offset)
	if err != nil {
		return nil, err
	}
	defer reader.AsyncClose()
	return take(reader, count)
}

func take(reader sarama.PartitionConsumer, count int) ([]steps.Record, error) {
	records := []steps.Record{}
	late := time.After(20 * time.Second)
	for len(records) < count {
		select {
		case message, open := <-reader.Messages():
			if !open {
				return records, fmt.Errorf("the partition was closed after %d records", len(records))
			}
			records = append(records, incoming(message))
		case failed := <-reader.Errors():
			if failed != nil {
				return records, failed
			}
		case <-late:
			return records, fmt.Errorf("waited too long until %d records were read", count)
		}
	}
	return records, nil
}

// read summarises `count` records of partition 0 from its beginning.
func (p *program) read(topic string, count int, more ...setting) (string, error) {
	return p.readFrom(topic, sarama.OffsetOldest, count, more...)
}

func (p *program) readFrom(topic string, offset int64, count int, more ...setting) (string, error) {
	records, err := p.readPartition(topic, 0, offset, count, more...)
	if err != nil {
		return "", err
	}
	return steps.Summary(records), nil
}
