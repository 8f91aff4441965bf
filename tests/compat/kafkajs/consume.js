// Reading from every kind of position. Reads what `produce-none` stored.
'use strict'

const { refused, until } = require('./steps')
const records = require('./records')

class Consume {
  constructor(steps, clients, topics) {
    this.steps = steps
    this.clients = clients
    this.topics = topics
    this.source = steps.topic('codec-none')
  }

  async run() {
    const { steps, clients, source } = this
    await steps.step('consume-earliest', () => clients.read(source, 20))
    await steps.step('consume-latest', () => this.latest())
    await steps.step('consume-offset', () => clients.read(source, 15, { offset: 5, fromBeginning: false }))
    await steps.step('consume-timestamp', async () => {
      const at = await clients.admin.fetchTopicOffsetsByTimestamp(source, records.BASE_TIMESTAMP + 6500)
      const read = await clients.read(source, 13, { offset: Number(at[0].offset), fromBeginning: false })
      return `offset=${at[0].offset} ${read}`
    })
    await steps.step('consume-one-byte', () =>
      clients.read(source, 20, { settings: { maxBytesPerPartition: 1, maxBytes: 1 } }))
    await steps.step('consume-read-committed', () => clients.read(source, 20, { settings: { readUncommitted: false } }))
    // The library starts over from the beginning where its position is out of range.
    await steps.step('consume-out-of-range', () => clients.read(source, 20, { seek: 9999 }))
    await steps.refuse('consume-unknown-topic', 'UNKNOWN_TOPIC_OR_PARTITION', () => clients.read(steps.topic('missing'), 1))
    await steps.step('list-offsets', async () => {
      const offsets = await clients.admin.fetchTopicOffsets(source)
      const at = async (after) =>
        (await clients.admin.fetchTopicOffsetsByTimestamp(source, records.BASE_TIMESTAMP + after))[0].offset
      return `${JSON.stringify(offsets)} exact=${await at(7000)} between=${await at(7001)} beyond=${await at(70000)}`
    })
    await steps.refuse('list-offsets-unknown-topic', 'UNKNOWN_TOPIC_OR_PARTITION', () =>
      clients.admin.fetchTopicOffsets(steps.topic('missing')))
    await this.deletedRecords()
  }

  async latest() {
    const { steps, clients } = this
    const topic = steps.topic('latest')
    await this.topics.keep('latest')
    await clients.send(topic, records.standard(0, 3))
    const consumer = clients.consumer(steps.topic('latest'))
    const read = []
    await consumer.connect()
    try {
      let fetched = false
      consumer.on(consumer.events.FETCH, () => {
        fetched = true
      })
      await consumer.subscribe({ topic, fromBeginning: false })
      await consumer.run({ eachMessage: async ({ message }) => read.push(message) })
      await until('the position is taken', () => fetched)
      await clients.send(topic, records.standard(0, 2))
      await until('2 records were read', () => read.length >= 2)
    } finally {
      await consumer.disconnect()
    }
    return records.summary(read)
  }

  async deletedRecords() {
    const { steps, clients } = this
    const topic = steps.topic('trimmed')
    const remove = async (offset) => {
      await clients.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] })
      const [{ low, high }] = await clients.admin.fetchTopicOffsets(topic)
      return `low=${low} high=${high}`
    }
    await steps.step('delete-records', async () => {
      await this.topics.keep('trimmed')
      await clients.send(topic, records.standard(0, records.COUNT))
      return `${await remove(7)} ${await clients.read(topic, 13)}`
    })
    await steps.step('delete-records-beyond', () => refused('OFFSET_OUT_OF_RANGE', () => remove(21)))
    await steps.step('delete-records-all', () => remove(-1))
  }
}

module.exports = { Consume }
