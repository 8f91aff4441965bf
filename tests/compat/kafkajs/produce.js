// Records of every codec, size and acknowledgement, and those a broker refuses.
'use strict'

const { CompressionTypes, Partitioners } = require('kafkajs')
const { codeOf, expectEqual } = require('./steps')
const raw = require('./raw_steps')
const records = require('./records')

// The broker's default limit of one batch, less its header (61) and that of a record without key and headers (11).
const LARGEST_VALUE = 1048588 - 72
const CODECS = { none: 'None', gzip: 'GZIP', snappy: 'Snappy', lz4: 'LZ4', zstd: 'ZSTD' }

class Produce {
  constructor(steps, clients, topics) {
    this.steps = steps
    this.clients = clients
    this.topics = topics
  }

  async run() {
    for (const [codec, type] of Object.entries(CODECS)) {
      const topic = `codec-${codec}`
      await this.steps.step(`produce-${codec}`, async () => {
        await this.topics.keep(topic)
        return expectEqual('20 records 0..19', await this.standard(topic, CompressionTypes[type]))
      })
      await this.steps.step(`consume-${codec}`, () => this.readStandard(topic))
    }
    await this.acknowledgements()
    await this.sizes()
    await this.refusals()
    await this.variants()
  }

  standard(name, compression) {
    return this.clients.send(this.steps.topic(name), records.standard(0, records.COUNT), { compression })
  }

  async readStandard(name) {
    const read = await this.clients.read(this.steps.topic(name), records.COUNT)
    return expectEqual(records.standardSummary(records.COUNT), read)
  }

  async acknowledgements() {
    const topic = this.steps.topic('acks')
    const all = [['0', 0], ['1', 1], ['all', -1]]
    for (const [index, [name, acks]] of all.entries()) {
      await this.steps.step(`produce-acks-${name}`, async () => {
        if (index === 0) {
          await this.topics.keep('acks')
        }
        const message = { value: `acks ${name}`, timestamp: String(records.BASE_TIMESTAMP), partition: 0 }
        const sent = await this.clients.send(topic, [message], { acks })
        return `${sent}, ${await this.clients.read(topic, index + 1)}`
      })
    }
  }

  async sizes() {
    const topic = this.steps.topic('large')
    const value = 'abcdefghij'.repeat(LARGEST_VALUE / 10 + 1)
    const send = (length) =>
      this.clients.send(topic, [{ value: value.slice(0, length), timestamp: String(records.BASE_TIMESTAMP) }])
    await this.steps.step('produce-largest', async () => {
      await this.topics.keep('large')
      await send(LARGEST_VALUE)
      return this.clients.read(topic, 1)
    })
    await this.steps.refuse('produce-too-large', 'MESSAGE_TOO_LARGE', () => send(LARGEST_VALUE + 1))
  }

  async refusals() {
    const { steps, clients } = this
    await steps.step('produce-bad-partition', async () => {
      // The library drops such records without a word.
      const topic = steps.topic('acks')
      const before = await clients.admin.fetchTopicOffsets(topic)
      const sent = await clients.send(topic, [{ partition: 99, value: 'x' }])
      const after = await clients.admin.fetchTopicOffsets(topic)
      return `${sent}, ${Number(after[0].high) - Number(before[0].high)} stored`
    })
    await steps.step('producer-sequences', async () => {
      await this.topics.keep('sequences')
      // The client waits until the topic can be written.
      await clients.send(steps.topic('sequences'), records.standard(0, 1))
      return raw.sequences(steps, steps.topic('sequences'))
    })
    await steps.refuse('produce-unknown-topic', 'UNKNOWN_TOPIC_OR_PARTITION', () =>
      clients.send(steps.topic('missing'), [{ value: 'x' }]))
    await steps.refuse('produce-invalid-topic', 'INVALID_TOPIC_EXCEPTION', () =>
      clients.send(steps.topic('bad/name'), [{ value: 'x' }]))
    await steps.refuse('produce-compacted-null-key', 'INVALID_RECORD', async () => {
      await this.topics.keep('compacted', [{ name: 'cleanup.policy', value: 'compact' }])
      return clients.send(steps.topic('compacted'), [{ value: 'no key' }])
    })
    await steps.refuse('produce-timestamp-too-old', 'INVALID_TIMESTAMP', async () => {
      await this.topics.keep('bounded', [{ name: 'message.timestamp.before.max.ms', value: '1000' }])
      return clients.send(steps.topic('bounded'), records.standard(0, 1))
    })
  }

  // Commits one record in a transaction of its own.
  async transact(topic) {
    const producer = this.clients.kafka.producer({
      transactionalId: this.steps.topic('transaction'), maxInFlightRequests: 1, idempotent: true,
      createPartitioner: Partitioners.DefaultPartitioner, retry: { initialRetryTime: 50, maxRetryTime: 300, retries: 50 } })
    await producer.connect()
    try {
      const transaction = await producer.transaction()
      await transaction.send({ topic, messages: records.standard(0, 1) })
      await transaction.commit()
    } finally {
      await producer.disconnect()
    }
  }

  async variants() {
    const { steps, clients } = this
    await steps.step('produce-keys', async () => {
      const topic = steps.topic('keys')
      await this.topics.create({ topic, numPartitions: 3, configEntries: [{ name: 'retention.ms', value: '-1' }] })
      const messages = Array.from({ length: 30 }, (_, i) => ({ key: `key-${i}`, value: `value-${i}` }))
      await clients.send(topic, messages)
      const offsets = await clients.admin.fetchTopicOffsets(topic)
      return offsets.map((one) => `${one.partition}=${one.low}..${one.high}`).sort().join(', ')
    })
    await steps.step('produce-idempotent', async () => {
      await this.topics.keep('idempotent')
      const sent = await clients.send(steps.topic('idempotent'), records.standard(0, records.COUNT), {
        settings: { idempotent: true, maxInFlightRequests: 1 } })
      return `${sent} ${await this.readStandard('idempotent')}`
    })
    await steps.step('produce-log-append-time', async () => {
      await this.topics.keep('appended', [{ name: 'message.timestamp.type', value: 'LogAppendTime' }])
      return clients.send(steps.topic('appended'), records.standard(0, 3), { compression: CompressionTypes.GZIP })
    })
    await steps.step('produce-transactional', async () => {
      await this.topics.keep('transactional')
      try {
        await this.transact(steps.topic('transactional'))
      } catch (failure) {
        return `refused: ${codeOf(failure)}`
      }
      return `committed: ${await clients.read(steps.topic('transactional'), 1, { settings: { readUncommitted: false } })}`
    })
    await steps.step('produce-recompressed', async () => {
      await this.topics.keep('recompressed', [{ name: 'compression.type', value: 'zstd' }])
      await this.standard('recompressed', CompressionTypes.GZIP)
      return this.readStandard('recompressed')
    })
  }
}

module.exports = { Produce }
