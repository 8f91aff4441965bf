// Produce requests that no producer sends: stale epochs, sequences out of order, broken batches, wrong fields.

package main

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
	"klamm.test/compat/steps"
)

func rawProduceSteps(p *program) {
	var topic [16]byte
	p.Step("wire-produce-set-up", func() (string, error) {
		made, err := p.create("raw", 1, keep())
		if err != nil {
			return "", err
		}
		topic, err = p.topicID("raw")
		return made, err
	})
	one := func(sent batch) (string, error) { return p.produceRaw(topic, 0, sent.bytes()) }
	p.Step("producer-sequences", func() (string, error) { return p.sequences("sequences") })
	p.Step("wire-produce-fresh-id", func() (string, error) {
		first, err := p.producerID()
		if err != nil {
			return "", err
		}
		second, err := p.producerID()
		return fmt.Sprintf("another id=%v", second != first), err
	})
	p.Step("wire-produce-unknown-producer", func() (string, error) {
		sent := plain(1)
		sent.producer, sent.epoch, sent.sequence = 999_999, 0, 5
		return one(sent)
	})
	wrongFields(p, &topic)
	damages := []struct {
		name   string
		sealed bool
		damage func([]byte)
	}{
		{"bad-crc", false, func(b []byte) { b[len(b)-1] ^= 1 }},
		{"bad-magic", false, func(b []byte) { b[16] = 5 }},
		{"old-magic", false, func(b []byte) { b[16] = 1 }},
		{"bad-codec", true, func(b []byte) { b[22] = 6 }},
		{"false-codec", true, func(b []byte) { b[22] = 2 }},
		{"control-batch", true, func(b []byte) { b[22] = 32 }},
		{"transactional-without-id", true, func(b []byte) { b[22] = 16 }},
		{"too-many-records", true, func(b []byte) { binary.BigEndian.PutUint32(b[57:], 1<<30) }},
		{"no-records", true, func(b []byte) { binary.BigEndian.PutUint32(b[57:], 0) }},
		{"last-offset-delta", true, func(b []byte) { binary.BigEndian.PutUint32(b[23:], 40) }},
		{"length-beyond", false, func(b []byte) { binary.BigEndian.PutUint32(b[8:], uint32(len(b))) }},
		{"length-of-nothing", false, func(b []byte) { binary.BigEndian.PutUint32(b[8:], 0) }},
		{"record-length-beyond", true, func(b []byte) { b[61] = 0x7e }},
		{"base-offset", false, func(b []byte) { binary.BigEndian.PutUint64(b, 77) }},
	}
	for _, broken := range damages {
		p.Step("wire-produce-"+broken.name, func() (string, error) {
			sent := plain(3)
			sent.damage, sent.sealed = broken.damage, broken.sealed
			return one(sent)
		})
	}
	p.Step("wire-produce-stored", func() (string, error) {
		// Whatever was accepted is there, and nothing else.
		ctx, done := within()
		defer done()
		ends, err := p.admin.ListEndOffsets(ctx, p.Topic("raw"))
		end, _ := ends.Lookup(p.Topic("raw"), 0)
		return fmt.Sprintf("end=%d", end.Offset), err
	})
}

func wrongFields(p *program, topic *[16]byte) {
	bytes := plain(1).bytes()
	p.Step("wire-produce-unknown-partition", func() (string, error) { return p.produceRaw(*topic, 7, bytes) })
	p.Step("wire-produce-negative-partition", func() (string, error) { return p.produceRaw(*topic, -1, bytes) })
	p.Step("wire-produce-unknown-topic-id", func() (string, error) { return p.produceRaw([16]byte{15: 9}, 0, bytes) })
	p.Step("wire-produce-no-batch", func() (string, error) { return p.produceRaw(*topic, 0, []byte{}) })
	p.Step("wire-produce-two-batches", func() (string, error) {
		return p.produceRaw(*topic, 0, append(plain(1).bytes(), plain(2).bytes()...))
	})
	p.Step("wire-produce-trailing-bytes", func() (string, error) {
		return p.produceRaw(*topic, 0, append(plain(1).bytes(), 1, 2, 3))
	})
}

// sequences plays one producer through epochs and sequences, right and wrong.
func (p *program) sequences(name string) (string, error) {
	if _, err := p.create(name, 1, keep()); err != nil {
		return "", err
	}
	topic, err := p.topicID(name)
	if err != nil {
		return "", err
	}
	producer, err := p.producerID()
	if err != nil {
		return "", err
	}
	played := []struct {
		epoch    int16
		sequence int32
		records  int
	}{
		// In order, doubled, ahead, behind, overlapping.
		{0, 0, 2}, {0, 2, 3}, {0, 2, 3}, {0, 0, 2}, {0, 9, 1}, {0, 3, 1}, {0, 5, 1},
		// A new epoch begins at 0; the former one is fenced from then on.
		{1, 4, 1}, {1, 0, 2}, {0, 6, 1}, {1, 2, 1},
	}
	answers := []string{}
	for _, one := range played {
		sent := batch{producer: producer, epoch: one.epoch, sequence: one.sequence, records: steps.Standard(0, one.records)}
		answer, err := p.produceRaw(topic, 0, sent.bytes())
		if err != nil {
			return "", err
		}
		answers = append(answers, fmt.Sprintf("e%d s%d+%d %s", one.epoch, one.sequence, one.records, answer))
	}
	state, err := p.producers(name)
	return strings.Join(answers, ", ") + ", " + state, err
}

func (p *program) producerID() (int64, error) {
	ctx, done := within()
	defer done()
	answer, err := kmsg.NewPtrInitProducerIDRequest().RequestWith(ctx, p.broker)
	if err != nil {
		return 0, err
	}
	return answer.ProducerID, steps.Expect(answer.ErrorCode == 0 && answer.ProducerEpoch == 0, "a fresh id has epoch 0")
}

// produceRaw sends these bytes as the records of one partition and shows the answer.
func (p *program) produceRaw(topic [16]byte, partition int32, records []byte) (string, error) {
	ctx, done := within()
	defer done()
	request := kmsg.NewPtrProduceRequest()
	// The library sets the acknowledgements of its own settings: all replicas.
	request.TimeoutMillis = 5000
	part := kmsg.NewProduceRequestTopicPartition()
	part.Partition, part.Records = partition, records
	named := kmsg.NewProduceRequestTopic()
	named.TopicID = topic
	named.Partitions = append(named.Partitions, part)
	request.Topics = append(request.Topics, named)
	answer, err := request.RequestWith(ctx, p.broker)
	if err != nil {
		return "", err
	}
	got := answer.Topics[0].Partitions[0]
	text := fmt.Sprintf("%s@%d start=%d", coded(got.ErrorCode), got.BaseOffset, got.LogStartOffset)
	for _, record := range got.ErrorRecords {
		text += fmt.Sprintf(" record=%d", record.RelativeOffset)
	}
	return text, nil
}
