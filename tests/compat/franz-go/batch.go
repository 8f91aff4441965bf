// Record batches as bytes, right and wrong: what no producer of the library sends.

package main

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/twmb/franz-go/pkg/kmsg"
	"klamm.test/compat/steps"
)

// The checksum of a batch covers what follows this place.
const checked = 21

// batch is a record batch of format 2 as bytes, with the fields that a test gets wrong on purpose.
type batch struct {
	producer   int64
	epoch      int16
	sequence   int32
	attributes int16
	records    []steps.Record
	// damage changes the finished bytes, after which the checksum is right only where it is sealed again.
	damage func([]byte)
	sealed bool
}

func plain(count int) batch {
	return batch{producer: -1, epoch: -1, sequence: -1, records: steps.Standard(0, count)}
}

func (b batch) bytes() []byte {
	var body []byte
	for i, one := range b.records {
		record := kmsg.NewRecord()
		record.TimestampDelta64, record.OffsetDelta = one.Timestamp-steps.BaseTimestamp, int32(i)
		record.Key, record.Value = one.Key, one.Value
		for _, header := range one.Headers {
			record.Headers = append(record.Headers, kmsg.Header{Key: header.Key, Value: header.Value})
		}
		// The length is that of all that follows it; without it the record begins with a zero of one byte.
		record.Length = int32(len(record.AppendTo(nil)) - 1)
		body = record.AppendTo(body)
	}
	frame := kmsg.NewRecordBatch()
	frame.PartitionLeaderEpoch = -1
	frame.Magic = 2
	frame.Attributes = b.attributes
	frame.LastOffsetDelta = int32(len(b.records) - 1)
	frame.FirstTimestamp = steps.BaseTimestamp
	frame.MaxTimestamp = steps.BaseTimestamp + int64(len(b.records)-1)*1000
	frame.ProducerID, frame.ProducerEpoch, frame.FirstSequence = b.producer, b.epoch, b.sequence
	frame.NumRecords = int32(len(b.records))
	frame.Records = body
	bytes := frame.AppendTo(nil)
	binary.BigEndian.PutUint32(bytes[8:], uint32(len(bytes)-12))
	seal(bytes)
	if b.damage != nil {
		b.damage(bytes)
		if b.sealed {
			seal(bytes)
		}
	}
	return bytes
}

func seal(batch []byte) {
	sum := crc32.Checksum(batch[checked:], crc32.MakeTable(crc32.Castagnoli))
	binary.BigEndian.PutUint32(batch[17:], sum)
}
