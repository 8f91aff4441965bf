// Produce requests that no producer sends: stale epochs, sequences out of order, wrong fields.

package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/IBM/sarama"
	"klamm.test/compat/steps"
)

func rawProduceSteps(p *program) {
	p.Step("producer-sequences", func() (string, error) {
		if _, err := p.create("sequences", 1, keep()); err != nil {
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
			// In order, doubled, ahead, behind; a new epoch begins at 0, and the former one is fenced.
			{0, 0, 2}, {0, 2, 3}, {0, 2, 3}, {0, 9, 1}, {0, 1, 1}, {0, 5, 1}, {1, 4, 1}, {1, 0, 2}, {0, 6, 1}, {1, 2, 1},
		}
		answers := []string{}
		for _, one := range played {
			batch := standardBatch(one.records)
			batch.ProducerID, batch.ProducerEpoch, batch.FirstSequence = producer, one.epoch, one.sequence
			answer, err := p.produceRaw("sequences", 0, sarama.WaitForAll, batch)
			if err != nil {
				return "", err
			}
			answers = append(answers, fmt.Sprintf("e%d s%d+%d %s", one.epoch, one.sequence, one.records, answer))
		}
		state, err := p.producers("sequences")
		return strings.Join(answers, ", ") + ", " + state, err
	})
	p.Step("wire-produce-unknown-partition", func() (string, error) {
		return p.produceRaw("sequences", 7, sarama.WaitForAll, standardBatch(1))
	})
	p.Step("wire-produce-unknown-topic", func() (string, error) {
		return p.produceRaw("missing", 0, sarama.WaitForAll, standardBatch(1))
	})
	p.Step("wire-produce-bad-acks", func() (string, error) { return p.produceRaw("sequences", 0, 2, standardBatch(1)) })
	p.Step("wire-produce-control-batch", func() (string, error) {
		batch := standardBatch(1)
		batch.Control = true
		return p.produceRaw("sequences", 0, sarama.WaitForAll, batch)
	})
	p.Step("wire-produce-last-offset-delta", func() (string, error) {
		batch := standardBatch(2)
		batch.LastOffsetDelta = 40
		return p.produceRaw("sequences", 0, sarama.WaitForAll, batch)
	})
}

func standardBatch(count int) *sarama.RecordBatch {
	batch := &sarama.RecordBatch{
		Version: 2, ProducerID: -1, ProducerEpoch: -1, FirstSequence: -1, LastOffsetDelta: int32(count - 1),
		FirstTimestamp: time.UnixMilli(steps.BaseTimestamp),
		MaxTimestamp:   time.UnixMilli(steps.BaseTimestamp + int64(count-1)*1000),
	}
	for i, one := range steps.Standard(0, count) {
		batch.Records = append(batch.Records, &sarama.Record{
			OffsetDelta: int64(i), TimestampDelta: time.Duration(i) * time.Second, Key: one.Key, Value: one.Value})
	}
	return batch
}

func (p *program) producerID() (int64, error) {
	answer, err := p.broker.InitProducerID(&sarama.InitProducerIDRequest{Version: 4, ProducerID: -1, ProducerEpoch: -1})
	if err != nil {
		return 0, err
	}
	return answer.ProducerID, firstOf(refusal(answer.Err), steps.Expect(answer.ProducerEpoch == 0, "a fresh id has epoch 0"))
}

func (p *program) produceRaw(topic string, partition int32, acks sarama.RequiredAcks, batch *sarama.RecordBatch) (string, error) {
	request := &sarama.ProduceRequest{Version: 8, RequiredAcks: acks, Timeout: 5000}
	request.AddBatch(p.Topic(topic), partition, batch)
	answer, err := p.broker.Produce(request)
	if err != nil {
		return "", err
	}
	block := answer.GetBlock(p.Topic(topic), partition)
	return fmt.Sprintf("%s@%d start=%d", named(block.Err), block.Offset, block.StartOffset), nil
}
