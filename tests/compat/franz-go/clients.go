// The library's clients with the settings of the suite, and what all steps share.

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"klamm.test/compat/steps"
)

// The longest any call may take; it only bounds a failing run.
const limit = 20 * time.Second

// program is what all steps share: short waits, nothing hidden by long retries.
type program struct {
	*steps.Steps
	client *kgo.Client
	admin  *kadm.Client
	// broker takes raw requests as they are, without the client's routing and retries.
	broker *kgo.Broker
}

func newProgram(s *steps.Steps) *program {
	p := &program{Steps: s}
	client, err := p.connect()
	if err != nil {
		panic(err)
	}
	p.client, p.admin, p.broker = client, kadm.NewClient(client), client.Broker(1)
	return p
}

// codeOf tells an error by the protocol's name, or the client's own sentence.
func codeOf(err error) string {
	var known *kerr.Error
	switch {
	case errors.As(err, &known):
		return known.Message
	case errors.Is(err, context.DeadlineExceeded):
		return "client: no answer in time"
	default:
		return "client: " + err.Error()
	}
}

func coded(code int16) string {
	if err := kerr.ErrorForCode(code); err != nil {
		return codeOf(err)
	}
	return "NONE"
}

func within() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), limit)
}

// connect makes a client with the settings of the suite and `more`.
func (p *program) connect(more ...kgo.Opt) (*kgo.Client, error) {
	options := []kgo.Opt{
		kgo.SeedBrokers(p.Bootstrap),
		kgo.RetryTimeout(10 * time.Second),
		kgo.MetadataMinAge(10 * time.Millisecond),
		kgo.FetchMaxWait(100 * time.Millisecond),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		// All records of a flush are one batch.
		kgo.ProducerLinger(time.Minute),
		kgo.UnknownTopicRetries(1),
		kgo.DisableClientMetrics(),
	}
	return kgo.NewClient(append(options, more...)...)
}

func (p *program) connected(body func(*kgo.Client) (string, error), more ...kgo.Opt) (string, error) {
	client, err := p.connect(more...)
	if err != nil {
		return "", err
	}
	defer client.Close()
	return body(client)
}

// send stores all records of one partition and says which offsets they got.
func (p *program) send(topic string, records []steps.Record, more ...kgo.Opt) (string, error) {
	return p.connected(func(client *kgo.Client) (string, error) {
		results := make([]kgo.ProduceResult, len(records))
		for i, record := range records {
			client.Produce(context.Background(), outgoing(topic, record), func(sent *kgo.Record, err error) {
				results[i] = kgo.ProduceResult{Record: sent, Err: err}
			})
		}
		ctx, done := within()
		defer done()
		if err := client.Flush(ctx); err != nil {
			return "", err
		}
		for _, result := range results {
			if result.Err != nil {
				return "", result.Err
			}
		}
		first, last := results[0].Record.Offset, results[len(results)-1].Record.Offset
		return fmt.Sprintf("%d records %d..%d", len(results), first, last), nil
	}, more...)
}

func outgoing(topic string, record steps.Record) *kgo.Record {
	sent := &kgo.Record{Topic: topic, Partition: record.Partition, Key: record.Key, Value: record.Value}
	if record.Timestamp != 0 {
		sent.Timestamp = time.UnixMilli(record.Timestamp)
	}
	for _, header := range record.Headers {
		sent.Headers = append(sent.Headers, kgo.RecordHeader{Key: header.Key, Value: header.Value})
	}
	return sent
}

// incoming keeps nulls apart from empty values, which the library does too.
func incoming(record *kgo.Record) steps.Record {
	read := steps.Record{
		Partition: record.Partition,
		Offset:    record.Offset,
		Timestamp: record.Timestamp.UnixMilli(),
		Key:       record.Key,
		Value:     record.Value,
	}
	for _, header := range record.Headers {
		read.Headers = append(read.Headers, steps.Header{Key: header.Key, Value: header.Value})
	}
	return read
}

// take polls until `count` records have come; an error of a partition ends it.
func take(client *kgo.Client, count int) ([]steps.Record, error) {
	records := []steps.Record{}
	err := steps.Await(fmt.Sprintf("%d records were read", count), func() (bool, error) {
		ctx, done := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer done()
		fetches := client.PollFetches(ctx)
		for _, failed := range fetches.Errors() {
			if !errors.Is(failed.Err, context.DeadlineExceeded) {
				return false, failed.Err
			}
		}
		fetches.EachRecord(func(record *kgo.Record) { records = append(records, incoming(record)) })
		return len(records) >= count, nil
	})
	return records, err
}

// from consumes partition 0 of a topic, without a group.
func from(topic string, offset kgo.Offset) kgo.Opt {
	return kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic: {0: offset}})
}

// read takes `count` records of partition 0 from its beginning.
func (p *program) read(topic string, count int, more ...kgo.Opt) (string, error) {
	return p.readFrom(topic, kgo.NewOffset().AtStart(), count, more...)
}

func (p *program) readFrom(topic string, offset kgo.Offset, count int, more ...kgo.Opt) (string, error) {
	return p.connected(func(client *kgo.Client) (string, error) {
		records, err := take(client, count)
		if err != nil {
			return "", err
		}
		return steps.Summary(records), nil
	}, append(more, from(topic, offset))...)
}
