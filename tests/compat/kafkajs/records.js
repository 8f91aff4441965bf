// The records every family sends, and their one canonical rendering.
'use strict'

const { createHash } = require('node:crypto')

const BASE_TIMESTAMP = 1700000000000
const COUNT = 20

function standard(partition, count) {
  return Array.from({ length: count }, (_, i) => ({
    partition,
    timestamp: String(BASE_TIMESTAMP + i * 1000),
    key: i % 5 === 4 ? null : `key-${i % 7}`,
    value: value(i),
    // Other families send null where this library can only send an empty value.
    headers: i % 3 === 0 ? { trace: [`t${i}`, 'again'], none: '' } : {},
  }))
}

function value(i) {
  if (i % 10 === 7) {
    return null
  }
  return i % 10 === 3 ? '' : `value-${i}-${'abcdefghij'.repeat(i % 20)}`
}

// `N records FIRST..LAST sha256=...` of what was read from one partition.
function summary(records) {
  if (records.length === 0) {
    return '0 records'
  }
  const text = records.map(line).join('')
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12)
  return `${records.length} records ${records[0].offset}..${records.at(-1).offset} sha256=${hash}`
}

// What `summary` must give for the standard records stored from offset 0.
function standardSummary(count) {
  return summary(standard(0, count).map((record, offset) => ({ ...record, offset })))
}

// Per partition what was read.
function byPartition(records) {
  const partitions = [...new Set(records.map((record) => record.partition))].sort()
  const part = (partition) => records.filter((record) => record.partition === partition)
  return partitions.map((partition) => `${partition}: ${summary(part(partition))}`).join(', ')
}

function line(record) {
  let text = `${record.offset}|${record.timestamp}|${shown(record.key)}|${shown(record.value)}`
  for (const [key, values] of Object.entries(record.headers ?? {})) {
    for (const one of [values].flat()) {
      text += `|${key}=${shown(one)}`
    }
  }
  return `${text}\n`
}

function shown(bytes) {
  return bytes === null || bytes === undefined ? '~' : bytes.toString()
}

module.exports = { BASE_TIMESTAMP, COUNT, byPartition, standard, standardSummary, summary }
