// The records that every family sends, and their one canonical rendering (see ../README.md).

package steps

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"
)

const (
	// BaseTimestamp is the first standard record's; each next is a second later.
	BaseTimestamp int64 = 1_700_000_000_000
	// Count of records in a whole standard set.
	Count = 20
)

// Header is one of a record's; a nil value is a null.
type Header struct {
	Key   string
	Value []byte
}

// Record is what a client sent or read, free of its library's types; nil is a null.
type Record struct {
	Partition  int32
	Offset     int64
	Timestamp  int64
	Key, Value []byte
	Headers    []Header
}

// Standard are the first records of the set that every family sends.
func Standard(partition int32, count int) []Record {
	records := make([]Record, 0, count)
	for i := range count {
		record := Record{
			Partition: partition,
			Timestamp: BaseTimestamp + int64(i)*1000,
			Key:       key(i),
			Value:     value(i),
		}
		if i%3 == 0 {
			record.Headers = []Header{{"trace", fmt.Appendf(nil, "t%d", i)}, {"trace", []byte("again")}, {"none", nil}}
		}
		records = append(records, record)
	}
	return records
}

func key(i int) []byte {
	if i%5 == 4 {
		return nil
	}
	return fmt.Appendf(nil, "key-%d", i%7)
}

func value(i int) []byte {
	switch i % 10 {
	case 7:
		return nil
	case 3:
		return []byte{}
	default:
		return fmt.Appendf(nil, "value-%d-%s", i, strings.Repeat("abcdefghij", i%20))
	}
}

// Summary is `N records FIRST..LAST sha256=...` of what was read from one partition.
func Summary(records []Record) string {
	if len(records) == 0 {
		return "0 records"
	}
	var text strings.Builder
	for _, record := range records {
		fmt.Fprintf(&text, "%d|%d|%s|%s", record.Offset, record.Timestamp, shown(record.Key), shown(record.Value))
		for _, header := range record.Headers {
			fmt.Fprintf(&text, "|%s=%s", header.Key, shown(header.Value))
		}
		text.WriteByte('\n')
	}
	hash := sha256.Sum256([]byte(text.String()))
	return fmt.Sprintf("%d records %d..%d sha256=%s",
		len(records), records[0].Offset, records[len(records)-1].Offset, hex.EncodeToString(hash[:6]))
}

// ByPartition summarises what was read from several partitions.
func ByPartition(records []Record) string {
	partitions := map[int32][]Record{}
	for _, record := range records {
		partitions[record.Partition] = append(partitions[record.Partition], record)
	}
	parts := make([]string, 0, len(partitions))
	for partition, some := range partitions {
		parts = append(parts, fmt.Sprintf("%d: %s", partition, Summary(some)))
	}
	sort.Strings(parts)
	return strings.Join(parts, ", ")
}

// StandardSummary is what Summary must give for the standard records stored from offset 0.
func StandardSummary(count int) string {
	records := Standard(0, count)
	for i := range records {
		records[i].Offset = int64(i)
	}
	return Summary(records)
}

func shown(bytes []byte) string {
	if bytes == nil {
		return "~"
	}
	return string(bytes)
}
